//! GitBook's and HTML's blocks, taken out of a page before it is read as CommonMark: in HTML, CommonMark
//! reads nothing up to the next empty line, so a fence right after `<details>` would be none.
//!
//! What is taken out is overwritten, byte for byte, so that every place keeps its offset. A tag that only
//! stands in code is overwritten too, which does no harm: code is taken from the page itself.

use std::ops::Range;

/// Overwrites a tag before text of the same line, where blanks would make the text code. Nobody sees
/// it, and words do not hold it.
pub(super) const FILLER: char = '\u{1}';

/// How many marks the shortest tag of a heading has room for.
const HEADING: usize = "<h1>".len() - 1;

/// The longest tag of several lines, in bytes.
const LONGEST: usize = 4096;

/// A page whose blocks are taken out.
#[derive(Debug, Default)]
pub(super) struct Masked {
    /// The page, as long as before.
    pub text: String,
    /// GitBook's tags, `{% … %}`, from top to bottom.
    pub tags: Vec<Range<usize>>,
    /// HTML's blocks whose content is no Markdown.
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
    Comment,
}

/// Elements that HTML shows as blocks, which GitBook writes around Markdown.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "picture",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];

/// Takes the blocks out.
pub(super) fn mask(page: &str) -> Masked {
    let mut masking = Masking {
        page,
        bytes: page.as_bytes().to_vec(),
        masked: Masked::default(),
        line: None,
        without_end: [0; 3],
        closes: [None; 2],
        barrier: None,
    };
    let mut at = 0;
    while at < page.len() {
        at = masking.line(at);
    }
    masking.masked.tags.sort_by_key(|tag| tag.start);
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
    /// For each kind of region, up to where its end was searched for in vain.
    without_end: [usize; 3],
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
        let mut at = start + prefix(self.rest(start));
        let mut masked = Vec::new();
        loop {
            let line = self.rest(at);
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let tag = at + blanks;
            let rest = &line[blanks..];
            if let Some(region) = self.region(tag) {
                self.blank(&region.all, b' ');
                at = region.all.end;
                self.masked.regions.push(region);
                masked.clear();
                continue;
            }
            let found = match () {
                () if rest.starts_with("{%") => self.gitbook(tag),
                () if rest.starts_with('<') => self.html(tag, rest),
                () => None,
            };
            let Some(range) = found else { break };
            at = range.end;
            masked.push(range);
        }
        let rest = self.rest(at);
        if let Some(first) = masked.first() {
            let is_heading = self.heading(first);
            let filler = match rest.trim().is_empty() {
                true => b' ',
                false => FILLER as u8,
            };
            for range in &masked[usize::from(is_heading)..] {
                self.blank(range, filler);
            }
        }
        let end = at + rest.len();
        self.closing(at, end);
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
        let barrier = found_from(&mut self.barrier, at, || barrier_after(page, at));
        (end <= barrier).then_some(end)
    }

    /// GitBook tags at the end of a line of text.
    fn closing(&mut self, from: usize, to: usize) {
        let mut end = to;
        while let Some(rest) = self.page[from..end].trim_end().strip_suffix("%}") {
            let Some(start) = rest.rfind("{%") else { break };
            let range = from + start..from + rest.len() + 2;
            self.blank(&range, b' ');
            end = range.start;
            self.masked.tags.push(range);
        }
    }

    /// An HTML tag that begins here, if it is a block or alone on its line.
    fn html(&mut self, at: usize, rest: &str) -> Option<Range<usize>> {
        let name = tag_name(rest)?;
        let plain = name.trim_start_matches('/');
        let end = self.end_of_tag(at, ">")?;
        let range = at..end;
        if shows_a_spec(plain) {
            self.masked.embedded.push(range.clone());
        }
        let is_heading = heading_level(&name).is_some();
        let is_block = BLOCKS.contains(&plain) || is_heading;
        (is_block || self.rest(end).trim_start().is_empty()).then_some(range)
    }

    /// Writes `<h2>` as `##`. The level counts for nothing, so the marks of a deeper one are as many as the tag has
    /// room for, with a blank behind them.
    fn heading(&mut self, tag: &Range<usize>) -> bool {
        let name = tag_name(&self.page[tag.clone()]).unwrap_or_default();
        let Some(level) = heading_level(&name) else {
            return false;
        };
        self.blank(tag, b' ');
        self.bytes[tag.start..tag.start + level.min(HEADING)].fill(b'#');
        // An indented line is no heading.
        true
    }

    /// A region that begins here.
    fn region(&mut self, at: usize) -> Option<Region> {
        let rest = &self.page[at..];
        let kinds = [
            (Kind::Table, "<table", "</table"),
            (Kind::Preformatted, "<pre", "</pre"),
            (Kind::Comment, "<!--", "-->"),
        ];
        let index = kinds.iter().position(|(_, open, _)| {
            let after = rest
                .get(open.len()..)
                .and_then(|after| after.chars().next());
            starts_with(rest, open)
                && (*open == "<!--" || after.is_some_and(|next| !next.is_ascii_alphanumeric()))
        })?;
        let (kind, open, close) = kinds[index];
        if at < self.without_end[index] {
            return None;
        }
        let start = match kind {
            Kind::Comment => at + open.len(),
            _ => self.end_of_tag(at, ">")?,
        };
        let line = start + self.rest(start).len();
        match end_of_region(self.page, start, line, close) {
            Ok(inside) => {
                let end = match kind {
                    Kind::Comment => inside + close.len(),
                    _ => inside + self.page[inside..].find('>')? + 1,
                };
                Some(Region {
                    kind,
                    all: at..end,
                    inside: start..inside,
                })
            }
            Err(searched) => {
                self.without_end[index] = searched;
                None
            }
        }
    }
}

/// Where the region that begins here ends; else up to where that was searched for. A region holds no
/// fence: its beginning may stand in code, and its end behind that.
fn end_of_region(page: &str, start: usize, mut end: usize, close: &str) -> Result<usize, usize> {
    let mut at = start;
    while at < page.len() {
        let line = &page[at..end];
        if at > start && is_fence(line) {
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

fn is_fence(line: &str) -> bool {
    let text = &line[prefix(line)..];
    text.starts_with("```") || text.starts_with("~~~")
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

/// How long the marks of quotes and list items are that begin a line.
fn prefix(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if matches!(bytes.get(at + 1), Some(b' ' | b'\t')) => at += 2,
            Some(b'0'..=b'9') => {
                let digits = bytes[at..]
                    .iter()
                    .take_while(|it| it.is_ascii_digit())
                    .count();
                let is_item = matches!(bytes.get(at + digits), Some(b'.' | b')'))
                    && matches!(bytes.get(at + digits + 1), Some(b' ' | b'\t'));
                if !is_item {
                    return at;
                }
                at += digits + 2;
            }
            _ => return at,
        }
    }
}

/// The name of the HTML tag that begins here, in lower case, an end tag's with its slash.
pub(super) fn tag_name(tag: &str) -> Option<String> {
    let inside = tag.strip_prefix('<')?;
    let (slash, name) = match inside.strip_prefix('/') {
        Some(name) => ("/", name),
        None => ("", inside),
    };
    let length = name
        .find(|next: char| !(next.is_ascii_alphanumeric() || next == '-'))
        .unwrap_or(name.len());
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
    is_name.then(|| format!("{slash}{}", name[..length].to_ascii_lowercase()))
}

fn heading_level(name: &str) -> Option<usize> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Whether HTML shows an element as a block, or it has no text.
pub(super) fn is_block(name: &str) -> bool {
    const EMPTY: [&str; 12] = [
        "br", "button", "caption", "col", "colgroup", "details", "form", "img", "input", "pre",
        "source", "svg",
    ];
    BLOCKS.contains(&name) || EMPTY.contains(&name) || heading_level(name).is_some()
}

fn shows_a_spec(name: &str) -> bool {
    ["openapi", "swagger", "redoc", "rapi-doc", "rapidoc"]
        .iter()
        .any(|known| name.starts_with(known))
}

/// The tags of a piece of HTML, and the texts between them: each text with the tag that follows it,
/// the last one with none.
pub(super) fn pieces(
    html: &str,
) -> impl Iterator<Item = (Range<usize>, Option<Range<usize>>)> + '_ {
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let from = at?;
        let mut search = from;
        while let Some(start) = html[search..].find('<').map(|found| search + found) {
            if tag_name(&html[start..]).is_none() {
                search = start + 1;
                continue;
            }
            let Some(length) = html[start..].find('>') else {
                break;
            };
            let end = start + length + 1;
            at = Some(end);
            return Some((from..start, Some(start..end)));
        }
        at = None;
        Some((from..html.len(), None))
    })
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
            let ends = |text: &str| Vec::from_iter(text.match_indices('\n').map(|(at, _)| at));
            assert_eq!(ends(&masked.text), ends(page), "{}", masked.text);
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
