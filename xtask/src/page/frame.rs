//! What is put around a page and is no part of it: data for the editor on top, GitBook's banner, and its section for
//! agents at the end.

use std::collections::BTreeSet;

use super::blocks;
use super::document;
use super::elements::heading_level;
use super::fencing::Fencing;
use super::tag;
use super::untold::last_untold;
use super::words::is_unseen;
use crate::invisible::is_invisible;

const BANNER: &str = "for the complete documentation index";
const AGENTS: [&str; 2] = ["agent", "instructions"];

/// The longest heading that is looked at, in bytes.
const LONGEST: usize = 1024;

/// How often something may be around a page.
const FRAMES: usize = 16;

/// The page itself. What is in a footer may make the text above it look like a part of the page, which it no longer does
/// once the footer is gone.
pub(super) fn body(page: &str) -> &str {
    let mut body = page;
    for _ in 0..FRAMES {
        let rest = without_footer(without_top(body));
        if rest.len() == body.len() {
            break;
        }
        body = rest;
    }
    body
}

fn without_top(page: &str) -> &str {
    let mut rest = page.trim_start_matches('\u{feff}');
    loop {
        let Some(behind) = behind_front_matter(rest).or_else(|| behind_banner(rest)) else {
            return rest;
        };
        let is_empty = |line: &str| is_unseen(line);
        rest = skip_lines(behind, is_empty).trim_start_matches('\u{feff}');
    }
}

fn skip_lines(text: &str, skip: impl Fn(&str) -> bool) -> &str {
    let skipped: usize = text
        .split_inclusive('\n')
        .take_while(|line| skip(line))
        .map(str::len)
        .sum();
    &text[skipped..]
}

/// Data for the editor: YAML or TOML between marks, at the very beginning.
fn behind_front_matter(page: &str) -> Option<&str> {
    let (first, rest) = page.split_once('\n')?;
    let first = first.trim_end();
    if !matches!(first, "---" | "+++") {
        return None;
    }
    let is_end = |line: &str| line == first || first == "---" && line == "...";
    if rest.starts_with('\n') {
        return None;
    }
    let mut at = 0;
    let mut has_key = false;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        let line = line.trim_end();
        if is_end(line) {
            let (data, behind) = rest.split_at(at);
            return document::mark(data).is_none().then_some(behind);
        }
        match line.chars().next() {
            None | Some(' ' | '\t' | '#') => {}
            Some('-') if has_key && line.starts_with("- ") => {}
            Some(']' | '}') if has_key => {}
            Some(_) if is_key(line) => has_key = true,
            Some(_) => return None,
        }
    }
    None
}

fn is_key(line: &str) -> bool {
    let line = line.trim_start_matches(['"', '\'', '[']);
    let length = line
        .find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)))
        .unwrap_or(line.len());
    let rest = line[length..].trim_start_matches(['"', '\'']).trim_start();
    let is_value = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    length > 0
        && (rest.strip_prefix(':').is_some_and(is_value)
            || rest.starts_with('=')
            || line.len() > length && rest.starts_with(']'))
}

/// A quote, a hint or a paragraph that tells of the list of all pages, behind empty lines.
fn behind_banner(page: &str) -> Option<&str> {
    let start = skip_lines(page, is_unseen);
    let (first, _) = start.split_once('\n').unwrap_or((start, ""));
    let is_hint = first.trim_start().starts_with("{% hint");
    let text = match is_hint {
        true => skip_lines(&start[first.len()..], is_unseen),
        false => start,
    };
    if !begins_with(text, BANNER) {
        return None;
    }
    let behind = match (is_hint, text.trim_start().starts_with('>')) {
        (true, _) => {
            let end = text.find("{% endhint %}")? + "{% endhint %}".len();
            &text[end..]
        }
        (false, true) => skip_lines(text, |line| line.trim_start().starts_with('>')),
        (false, false) => skip_lines(text, |line| !is_unseen(line)),
    };
    let banner = &page[..page.len() - behind.len()];
    document::mark(banner).is_none().then_some(behind)
}

/// Whether the words of a line begin so, whatever the marks before them.
fn begins_with(text: &str, words: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || is_invisible(c) || "#>*_`".contains(c);
    let mut text = text.trim_start_matches(is_mark);
    while tag::name(text).is_some() {
        let Some(end) = text.find('>') else { break };
        text = text[end + 1..].trim_start_matches(is_mark);
    }
    let mut letters = text.chars().filter(|c| !is_invisible(*c));
    let is_same = words.chars().all(|word| match letters.next() {
        Some(c) if c.is_whitespace() => word == ' ',
        Some(c) => c.to_ascii_lowercase() == word,
        None => false,
    });
    is_same && !letters.next().is_some_and(char::is_alphanumeric)
}

/// A footer begins with a heading, and a rule above it belongs to it. It ends with the page. It begins behind every
/// spec that has an operation which is described nowhere before: that is part of the page, whatever is above it.
fn without_footer(page: &str) -> &str {
    let footers = footers(page);
    if footers.is_empty() {
        return page;
    }
    let spec = last_untold(page, BTreeSet::new());
    let mut footers = footers.into_iter();
    match footers.find(|footer| spec.is_none_or(|spec| footer.heading > spec)) {
        Some(footer) => without_blank_end(&page[..footer.start]),
        None => page,
    }
}

struct Footer {
    /// Where its rule or its heading begins.
    start: usize,
    heading: usize,
}

/// Where footers may begin.
fn footers(page: &str) -> Vec<Footer> {
    let mut found = Vec::new();
    let mut fencing = Fencing::default();
    let (mut rule, mut at) = (None, 0);
    for line in page.split_inclusive('\n') {
        let text = line.trim();
        let is_code = fencing.follow(line.trim_end_matches('\n'));
        if !is_code && is_heading(text, &page[at + line.len()..]) {
            let start = rule.unwrap_or(at);
            found.push(Footer { start, heading: at });
        }
        rule = match is_rule(text) && !is_code {
            true => Some(at),
            false => rule.filter(|_| is_unseen(text)),
        };
        at += line.len();
    }
    found
}

/// Whether a line is the heading of a footer: in any of the ways to write one, bold alone included.
fn is_heading(line: &str, behind: &str) -> bool {
    let next = behind.lines().next().unwrap_or_default().trim();
    let tag = tag::name(line);
    let is_html = tag.is_some_and(|name| heading_level(&name).is_some());
    if is_html && line.ends_with('>') && !line.contains("</") {
        return is_about_agents(next);
    }
    let is_underlined = !next.is_empty()
        && (next.bytes().all(|it| it == b'=') || next.bytes().all(|it| it == b'-'));
    let bold = line.strip_prefix("**").or_else(|| line.strip_prefix("__"));
    let is_bold = bold.is_some_and(|rest| rest.ends_with("**") || rest.ends_with("__"));
    (line.starts_with('#') || is_html || is_underlined || is_bold) && is_about_agents(line)
}

fn is_about_agents(line: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let seen = line.chars().filter(|c| !is_invisible(*c));
    let plain = seen.collect::<String>().to_lowercase();
    if AGENTS.iter().any(|word| !plain.contains(word)) {
        return false;
    }
    let read = blocks::words(&plain);
    let mut words = read.split(|c: char| !c.is_alphanumeric());
    let mut words = words.by_ref().filter(|word| !word.is_empty());
    AGENTS.iter().all(|word| words.next() == Some(word))
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first @ ('-' | '*' | '_')) = marks.next() else {
        return matches!(line, "<hr>" | "<hr/>" | "<hr />");
    };
    let mut more = 0;
    marks.all(|mark| {
        more += 1;
        mark == first
    }) && more >= 2
}

fn without_blank_end(text: &str) -> &str {
    let Some(last) = text.rfind(|character: char| !character.is_whitespace()) else {
        return "";
    };
    let line_end = text[last..].find('\n').map_or(text.len(), |end| last + end);
    &text[..line_end]
}
