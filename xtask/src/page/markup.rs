//! GitBook's and HTML's blocks, taken out of a page before it is read as CommonMark: in HTML, CommonMark
//! reads nothing up to the next empty line, so a fence right after `<details>` would be none.
//!
//! What is taken out is overwritten, byte for byte, so that every place keeps its offset. A tag that only
//! stands in code is overwritten too, which does no harm: code is taken from the page itself.

use std::ops::Range;

use super::elements::{self, Shows, heading_level, is_block};
use super::fencing::{Fencing, is_fence, prefix};
use super::tag::{self, Ends, LONGEST};
use super::words::is_unseen;

/// Overwrites a tag before text of the same line, where blanks would make the text code, if there is no room for a
/// line end. Nobody sees it, and words do not hold it.
const FILLER: char = '\u{1}';

/// How many marks the shortest tag of a heading has room for.
const HEADING: usize = "<h1>".len() - 1;

/// A page whose blocks are taken out.
#[derive(Debug, Default)]
pub(super) struct Masked {
    /// The page, as long as before.
    pub text: String,
    /// GitBook's tags, `{% … %}`, from top to bottom.
    pub tags: Vec<Range<usize>>,
    /// What is not read as Markdown, from top to bottom.
    pub regions: Vec<Region>,
    /// The beginnings of HTML tags that show a spec of elsewhere.
    pub embedded: Vec<Range<usize>>,
}

/// A block of HTML with all between its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub kind: Kind,
    pub all: Range<usize>,
    /// Without the outer tags.
    pub inside: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Preformatted,
    /// What nobody sees.
    Hidden,
    Heading,
    /// A tag of which a reader sees something.
    Tag,
}

/// What begins a region, and what ends it.
const REGIONS: [(Kind, &str, &str); 9] = [
    (Kind::Table, "<table", "</table"),
    (Kind::Preformatted, "<pre", "</pre"),
    (Kind::Hidden, "<script", "</script"),
    (Kind::Hidden, "<style", "</style"),
    (Kind::Hidden, "<template", "</template"),
    (Kind::Hidden, "<!--", "-->"),
    (Kind::Hidden, "<?", "?>"),
    (Kind::Hidden, "<!", ">"),
    (Kind::Hidden, "{#", "#}"),
];

/// Takes the blocks out.
pub(super) fn mask(page: &str) -> Masked {
    let mut masking = Masking {
        page,
        bytes: page.as_bytes().to_vec(),
        masked: Masked::default(),
        line: None,
        fencing: Fencing::default(),
        is_html: false,
        ends: Ends::of(page),
        without_end: [[0; REGIONS.len()]; 2],
        closes: [None; 2],
        barrier: None,
    };
    let mut at = 0;
    while at < page.len() {
        at = masking.line(at);
    }
    masking.masked.tags.sort_by_key(|tag| tag.start);
    masking
        .masked
        .regions
        .sort_by_key(|region| region.all.start);
    Masked {
        text: String::from_utf8(masking.bytes).expect("ASCII was written over whole characters"),
        ..masking.masked
    }
}

struct Masking<'a> {
    page: &'a str,
    bytes: Vec<u8>,
    masked: Masked,
    /// The line that was looked at last; each is searched for its end once.
    line: Option<Range<usize>>,
    fencing: Fencing,
    /// Whether a block of HTML began and no empty line was since, so that blanks in front mean nothing.
    is_html: bool,
    ends: Ends,
    /// For each kind of region, in code and not, up to where its end was searched for in vain.
    without_end: [[usize; REGIONS.len()]; 2],
    /// Where each of [`CLOSES`] was found last, and where that search began.
    closes: [Option<(usize, usize)>; 2],
    /// The same for a line that no tag holds.
    barrier: Option<(usize, usize)>,
}

/// What ends a tag.
const CLOSES: [&str; 2] = [">", "%}"];

impl<'a> Masking<'a> {
    /// The rest of the line, without its end.
    fn rest(&mut self, at: usize) -> &'a str {
        let known = self.line.clone();
        let known = known.filter(|line| (line.start..=line.end).contains(&at));
        let line = known.unwrap_or_else(|| at..at + line_at(self.page, at).len());
        let end = line.end;
        self.line = Some(line);
        &self.page[at..end]
    }

    /// Masks what begins a line, and returns where the next line begins that is not masked yet.
    fn line(&mut self, start: usize) -> usize {
        let whole = self.rest(start);
        let first = start + prefix(whole);
        let before = &self.page[start..first];
        if whole.trim().is_empty() {
            self.is_html = false;
        }
        if shows_nothing(self.rest(first)) {
            self.fencing.follow(before);
            self.blank(&(first..start + whole.len()), b' ');
            return next_line(self.page, start + whole.len());
        }
        let is_code = self.fencing.follow(without_end_tags(whole));
        let mut at = first;
        let mut masked = Vec::new();
        let mut heading = None;
        loop {
            let line = self.rest(at);
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let tag = at + blanks;
            let rest = &line[blanks..];
            if let Some(region) = self.region(tag, is_code) {
                at = region.all.end;
                masked.push(region.all.clone());
                self.masked.regions.push(region);
                continue;
            }
            let found = match () {
                () if rest.starts_with("{%") => self.gitbook(tag),
                () if rest.starts_with('<') => self.html(tag, rest),
                () if !is_code => before_fence(rest).map(|length| tag..tag + length),
                () => None,
            };
            let Some(range) = found else { break };
            at = range.end;
            heading = heading.or_else(|| heading_tag(&self.page[range.clone()]));
            masked.push(range);
        }
        let rest = self.rest(at);
        if let Some(begin) = masked.first().map(|range| range.start) {
            self.blank(&(begin..at), b' ');
            // `<h2>` without an end is written as `##`. The level counts for nothing, so the marks of a deeper one are
            // as many as the tag has room for. An indented line is no heading, so they are where the line begins.
            match heading {
                Some(level) => self.bytes[begin..begin + level.min(HEADING)].fill(b'#'),
                None if rest.trim().is_empty() => {}
                None => {
                    let is_apart = !is_code && self.apart(begin..at, before);
                    if !is_apart {
                        self.blank(&(begin..at), FILLER as u8);
                    } else if is_fence(rest) {
                        let line = format!("{before}{}", without_end_tags(rest));
                        self.fencing.follow(&line);
                    }
                }
            }
        }
        let end = at + rest.len();
        self.closing(at, end);
        if !is_code {
            self.remarks(at, end);
        }
        // pulldown-cmark takes a tab at the end of a heading for text.
        let trailing = rest.len() - rest.trim_end_matches([' ', '\t']).len();
        self.blank(&(end - trailing..end), b' ');
        next_line(self.page, end)
    }

    fn blank(&mut self, range: &Range<usize>, with: u8) {
        for byte in &mut self.bytes[range.clone()] {
            if *byte != b'\n' {
                *byte = with;
            }
        }
    }

    /// Has what follows begin a line of its own, in the same quotes and items, if there is room for that.
    fn apart(&mut self, range: Range<usize>, before: &str) -> bool {
        let is_mark = |c: char| !matches!(c, ' ' | '\t' | '>');
        let before = match self.is_html && before.trim().is_empty() {
            true => String::new(),
            false => before.replace(is_mark, " "),
        };
        let line = self.page[range.clone()].rfind('\n');
        let from = line.map_or(range.start, |end| range.start + end + 1);
        let Some(at) = range.end.checked_sub(before.len() + 1) else {
            return false;
        };
        if at < from {
            return false;
        }
        self.bytes[at] = b'\n';
        self.bytes[at + 1..range.end].copy_from_slice(before.as_bytes());
        true
    }

    /// A GitBook tag that begins here.
    fn gitbook(&mut self, at: usize) -> Option<Range<usize>> {
        let end = self.end_of_tag(at + 2, "%}")?;
        self.masked.tags.push(at..end);
        Some(at..end)
    }

    /// The end of a tag, which may span lines, but none that is empty or begins a fence.
    fn end_of_tag(&mut self, at: usize, close: &str) -> Option<usize> {
        let page = self.page;
        let index = CLOSES.iter().position(|known| *known == close)?;
        let end = found_from(&mut self.closes[index], at, || {
            let found = page[at..].find(close);
            found.map_or(usize::MAX, |found| at + found)
        });
        let end = end.checked_add(close.len())?;
        if end - at > LONGEST {
            return None;
        }
        let end = match close {
            ">" => self.ends.end(page, at, end),
            _ => end,
        };
        let barrier = found_from(&mut self.barrier, at, || barrier_after(page, at));
        (end <= barrier).then_some(end)
    }

    /// Tags at the end of a line: GitBook's behind any text, those of HTML behind the marks of a fence.
    fn closing(&mut self, from: usize, to: usize) {
        let line = &self.page[from..to];
        let mut end = line.len();
        if is_fence(line) {
            end = seen_end(line);
            self.blank(&(from + end..to), b' ');
        }
        while let Some(start) = end_tag(&line[..end], is_fence(line)) {
            let range = from + start..from + line[..end].trim_end().len();
            self.blank(&range, b' ');
            if line[start..].starts_with('{') {
                self.masked.tags.push(range);
            }
            end = start;
        }
    }

    /// Remarks `{# … #}` within a line, but for those in code of it.
    fn remarks(&mut self, from: usize, to: usize) {
        let line = &self.page[from..to];
        let mut at = 0;
        while let Some(start) = line[at..].find("{#").map(|found| at + found) {
            if line[at..start].matches('`').count() % 2 == 1 {
                // Behind the code.
                let Some(close) = line[start..].find('`') else {
                    break;
                };
                at = start + close + 1;
                continue;
            }
            if !may_be_remark(&line[start..]) {
                at = start + 2;
                continue;
            }
            let Some(end) = line[start + 2..].find("#}") else {
                break;
            };
            let end = start + 2 + end + 2;
            self.blank(&(from + start..from + end), FILLER as u8);
            at = end;
        }
    }

    /// An HTML tag that begins here, if it is a block or alone on its line.
    fn html(&mut self, at: usize, rest: &str) -> Option<Range<usize>> {
        let name = tag::name(rest)?;
        let plain = name.trim_start_matches('/');
        let end = self.end_of_tag(at, ">")?;
        let range = at..end;
        let tag = &self.page[range.clone()];
        if elements::shows_a_spec(plain) || elements::shows_one_of_elsewhere(plain, tag) {
            self.masked.embedded.push(range.clone());
        }
        let is_block = is_block(plain);
        let rest = self.rest(end).trim_start();
        if !is_block && !rest.is_empty() && !leads_to_block(rest) {
            return None;
        }
        self.is_html |= is_block;
        if is_seen(&name, tag) {
            self.masked.regions.push(Region {
                kind: Kind::Tag,
                all: range.clone(),
                inside: range.clone(),
            });
        }
        Some(range)
    }

    /// A region that begins here.
    fn region(&mut self, at: usize, is_code: bool) -> Option<Region> {
        let rest = &self.page[at..];
        if !rest.starts_with(['<', '{']) {
            return None;
        }
        if let Some(region) = self.heading_region(at) {
            return Some(region);
        }
        let index = REGIONS.iter().position(|(_, open, _)| {
            let after = rest
                .get(open.len()..)
                .and_then(|after| after.chars().next());
            starts_with(rest, open)
                && match *open {
                    "<!--" | "<?" => true,
                    "{#" => may_be_remark(rest),
                    "<!" => after.is_some_and(|next| next.is_ascii_alphabetic() || next == '['),
                    _ => after.is_some_and(|next| !next.is_ascii_alphanumeric() && next != '-'),
                }
        })?;
        let (kind, open, close) = REGIONS[index];
        if at < self.without_end[usize::from(is_code)][index] {
            return None;
        }
        let is_element = open.as_bytes()[1].is_ascii_alphabetic();
        let start = match is_element {
            true => self.end_of_tag(at, ">")?,
            false => at + open.len(),
        };
        let line = start + self.rest(start).len();
        let may_hold_fence = kind == Kind::Hidden && !is_code;
        match end_of_region(self.page, start, line, close, may_hold_fence) {
            Ok(inside) => {
                let end = match is_element {
                    true => inside + self.page[inside..].find('>')? + 1,
                    false => inside + close.len(),
                };
                Some(Region {
                    kind,
                    all: at..end,
                    inside: start..inside,
                })
            }
            Err(searched) => {
                self.without_end[usize::from(is_code)][index] = searched;
                // A table without its end tag ends where HTML does in Markdown.
                let end = barrier_after(self.page, at).min(self.page.len());
                let inside = &self.page[start.min(end)..end];
                let has_cell = inside.contains("<td") || inside.contains("<th");
                (kind == Kind::Table && !is_code && has_cell).then_some(Region {
                    kind,
                    all: at..end,
                    inside: start..end,
                })
            }
        }
    }

    /// A heading that begins here, with its end tag on the same line or a later one. It holds no other block.
    fn heading_region(&mut self, at: usize) -> Option<Region> {
        heading_tag(&self.page[at..])?;
        let start = self.end_of_tag(at, ">")?;
        let rest = &self.page[start..];
        let mut most = LONGEST.min(rest.len());
        while !rest.is_char_boundary(most) {
            most -= 1;
        }
        let inside = &rest[..most];
        let mut tags = inside.match_indices('<');
        let (end, _) = tags.find(|(at, _)| {
            let name = tag::name(&inside[*at..]).unwrap_or_default();
            let plain = name.trim_start_matches('/');
            heading_level(plain).is_some() || matches!(plain, "table" | "pre")
        })?;
        let is_end = inside[end..].starts_with("</h") || inside[end..].starts_with("</H");
        let close = inside[end..].find('>').filter(|_| is_end)?;
        let is_block = |line: &str| is_fence(line) || line.trim_start().starts_with(['#', '|']);
        if inside[..end].split('\n').skip(1).any(is_block) {
            return None;
        }
        Some(Region {
            kind: Kind::Heading,
            all: at..start + end + close + 1,
            inside: start..start + end,
        })
    }
}

/// Whether a text begins with tags, and the first of a block is among them.
fn leads_to_block(mut text: &str) -> bool {
    for _ in 0..8 {
        let Some(name) = tag::name(text) else {
            return text.starts_with("<!--") || text.starts_with("{%");
        };
        let plain = name.trim_start_matches('/');
        if is_block(plain) || plain == "pre" {
            return true;
        }
        let Some(end) = text.find('>') else {
            return false;
        };
        text = text[end + 1..].trim_start();
    }
    false
}

/// The level of the heading that a tag opens.
fn heading_tag(tag: &str) -> Option<usize> {
    let start = tag.get(..2)?;
    match start.eq_ignore_ascii_case("<h") {
        true => heading_level(&tag::name(tag)?),
        false => None,
    }
}

/// Whether a reader sees something of a tag that begins a line.
fn is_seen(name: &str, tag: &str) -> bool {
    let plain = name.trim_start_matches('/');
    match elements::shows(name) {
        Shows::Mark(_) => true,
        // One that has attributes, or a name in capitals or with a hyphen, is a component.
        Shows::Itself => tag.trim_matches(['<', '/', '>']) == plain && !plain.contains('-'),
        Shows::Nothing | Shows::End => matches!(plain, "ol" | "ul" | "menu" | "dir" | "li"),
    }
}

/// Where the tag begins that ends a line.
fn end_tag(line: &str, may_be_html: bool) -> Option<usize> {
    let line = line.trim_end();
    if let Some(rest) = line.strip_suffix("%}") {
        return rest.rfind("{%");
    }
    if !may_be_html {
        return None;
    }
    for (open, close) in [("<!--", "-->"), ("{#", "#}")] {
        if let Some(rest) = line.strip_suffix(close) {
            return rest.rfind(open);
        }
    }
    let rest = line.strip_suffix('>')?;
    let start = rest.rfind('<')?;
    tag::name(&line[start..]).map(|_| start)
}

/// The line without the tags that end it, if it has the marks of a fence.
fn without_end_tags(line: &str) -> &str {
    let mut line = line;
    if is_fence(line) {
        line = &line[..seen_end(line)];
        while let Some(start) = end_tag(line, true) {
            line = &line[..start];
        }
    }
    line
}

/// Where the last character of a line ends that a reader sees.
fn seen_end(line: &str) -> usize {
    let is_unseen = |c: char| is_unseen(c.encode_utf8(&mut [0; 4]));
    line.trim_end_matches(is_unseen).len()
}

/// How much that nobody sees is before the marks of a fence.
fn before_fence(line: &str) -> Option<usize> {
    let seen = line.find(|c: char| !is_unseen(c.encode_utf8(&mut [0; 4])))?;
    (seen > 0 && is_fence(&line[seen..])).then_some(seen)
}

/// Whether a line has something, and nothing that a reader sees.
fn shows_nothing(line: &str) -> bool {
    match line.is_ascii() {
        true => {
            let entities = line.trim();
            entities.starts_with('&')
                && entities.ends_with(';')
                && entities.len() < 256
                && is_unseen(&html_escape::decode_html_entities(entities))
        }
        false => is_unseen(line),
    }
}

/// Whether `{#` begins a remark, and not the name `{#name}` of a heading.
fn may_be_remark(text: &str) -> bool {
    let inside = &text[2..];
    let is_name = |c: char| !(c.is_whitespace() || "{}#".contains(c));
    let rest = inside.trim_start_matches(is_name);
    !(rest.starts_with('}') && rest.len() < inside.len())
}

/// Where the region that begins here ends; else up to where that was searched for. Unless it may, a region holds no
/// fence: its beginning may stand in code, and its end behind that.
fn end_of_region(
    page: &str,
    start: usize,
    mut end: usize,
    close: &str,
    may_hold_fence: bool,
) -> Result<usize, usize> {
    let mut at = start;
    while at < page.len() {
        let line = &page[at..end];
        if at > start && !may_hold_fence && is_fence(line) {
            return Err(at);
        }
        let found = line
            .match_indices(&close[..1])
            .find(|(offset, _)| starts_with(&line[*offset..], close));
        if let Some((offset, _)) = found {
            return Ok(at + offset);
        }
        at = next_line(page, end);
        end = at + line_at(page, at).len();
    }
    Err(page.len())
}

/// What a search from here finds. A search that began before and found something behind is not repeated,
/// so that all searches together pass over the page once.
fn found_from(
    last: &mut Option<(usize, usize)>,
    at: usize,
    search: impl FnOnce() -> usize,
) -> usize {
    let known = last.filter(|(from, found)| (*from..*found).contains(&at));
    let (_, found) = *last.insert(known.unwrap_or_else(|| (at, search())));
    found
}

/// Where the first line behind this place begins that is empty or begins a fence.
fn barrier_after(page: &str, at: usize) -> usize {
    let mut end = at + line_at(page, at).len();
    while end < page.len() {
        let start = end + 1;
        let line = line_at(page, start);
        if is_fence(line) || line.trim().is_empty() {
            return start;
        }
        end = start + line.len();
    }
    usize::MAX
}

fn starts_with(text: &str, start: &str) -> bool {
    let bytes = text.as_bytes().get(..start.len());
    bytes.is_some_and(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()))
}

/// The rest of the line, without its end.
fn line_at(page: &str, at: usize) -> &str {
    let rest = &page[at..];
    rest.find('\n').map_or(rest, |end| &rest[..end])
}

fn next_line(page: &str, end: usize) -> usize {
    (end + 1).min(page.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_keeps_every_offset() {
        for page in [
            "> {% hint %}\n> 글\n> {% endhint %}\n",
            "<details>\n<summary>글</summary>\n```\na\n```\n</details>\n",
            "- <table><tr><td>글</td></tr></table> 끝\n",
            "{% a\nb %} c {% d %}\n<!-- 글\n-->\n",
        ] {
            let masked = mask(page);
            assert_eq!(masked.text.len(), page.len());
            for (at, _) in page.match_indices('\n') {
                assert_eq!(masked.text.as_bytes()[at], b'\n', "{}", masked.text);
            }
            assert!(
                !masked.text.contains(['{', '<']) || page.contains("summary"),
                "{}",
                masked.text
            );
        }
    }

    #[test]
    fn a_region_ends_before_a_fence() {
        let page = "```html\n<table>\n```\n\n</table>\n";
        assert!(mask(page).regions.is_empty());
    }
}
