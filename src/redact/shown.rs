//! A text from outside as it may be shown.

use std::borrow::Cow;

use super::{
    escape::escape,
    mask::{MASKED, mask},
};

/// A text from outside as logs, errors and output show it: numbers and keys [masked](mask), invisible
/// characters [escaped](escape).
///
/// ```
/// assert_eq!(payssam::redact::shown("KB\n010-1234-5678"), r"KB\u{a}[masked]");
/// ```
pub fn shown(text: &str) -> String {
    escape(&mask(text))
}

/// As [`shown`], but with at most `limit` characters. A cut text ends with `…`.
pub(crate) fn shown_within(text: &str, limit: usize) -> String {
    let masked = mask(text);
    let mut shown = String::new();
    let mut count = 0;
    let mut cut = 0;
    for c in masked.chars() {
        let piece = escape(c.encode_utf8(&mut [0; 4]));
        count += piece.chars().count();
        if count > limit {
            shown.truncate(cut);
            shown.push('…');
            break;
        }
        shown.push_str(&piece);
        // The last place where the mark still fits.
        if count < limit {
            cut = shown.len();
        }
    }
    shown
}

/// The text with the key replaced.
pub(crate) fn without_key<'t>(text: &'t str, key: &str) -> Cow<'t, str> {
    match text.len() >= key.len() && text.contains(key) {
        true => Cow::Owned(text.replace(key, MASKED)),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_behind_a_whole_escape_and_never_within_a_number() {
        assert_eq!(shown_within("12345", 5), "12345");
        assert_eq!(shown_within("123456", 5), "1234…");
        assert_eq!(shown_within("ab\u{1b}\u{1b}", 9), r"ab\u{1b}…");
        assert_eq!(shown_within("ab\u{1b}", 4), "ab…");
        assert_eq!(shown_within(&"1".repeat(1_000_000), 20), MASKED);
        assert_eq!(shown_within("", 0), "");
    }
}
