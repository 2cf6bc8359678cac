//! Makes invisible characters visible.

use super::invisible::is_invisible;

/// Writes each [invisible](is_invisible) character as `\u{…}`, so that a text from outside cannot forge
/// a line of a terminal or a log.
///
/// ```
/// assert_eq!(payssam::redact::escape("a\u{1b}[2Jb"), r"a\u{1b}[2Jb");
/// ```
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}
