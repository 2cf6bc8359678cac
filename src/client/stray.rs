//! Characters at the ends of a setting that belong to the file or the shell in which it was written.

use crate::redact::is_invisible;

/// Refuses a value that begins or ends with white space, an invisible character or a quote, and names it.
pub(super) fn check_ends(value: &str) -> Result<(), String> {
    let first = value.chars().next().filter(|c| is_stray(*c));
    let last = value.chars().next_back().filter(|c| is_stray(*c));
    let (c, place) = match (first, last) {
        (Some(c), _) => (c, "begins"),
        (None, Some(c)) => (c, "ends"),
        (None, None) => return Ok(()),
    };
    Err(format!(
        "it {place} with {}, which is no part of it",
        name(c)
    ))
}

fn is_stray(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || QUOTES.contains(c)
}

/// Straight and typographic quotes, and backquotes.
const QUOTES: &str = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇";

/// What a character is called.
fn name(c: char) -> String {
    let name = match c {
        ' ' => "a space",
        '\t' => "a tab",
        '\n' | '\r' => "a line end",
        '\u{a0}' | '\u{2007}' | '\u{202f}' => "a no-break space",
        '\u{feff}' => "a byte order mark",
        _ if c.is_whitespace() => "white space",
        _ if QUOTES.contains(c) => "a quote",
        _ => "an invisible character",
    };
    format!("{name} (U+{:04X})", c as u32)
}
