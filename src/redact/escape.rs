//! Characters that nobody can see but that change what a text is or how it is shown.

/// Whether a character is a control, zero-width or bidirectional character.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Writes each invisible character as `\u{…}`, so that a text from outside cannot forge a line of a
/// terminal or a log.
///
/// ```
/// assert_eq!(payssam::redact::escape("a\u{1b}[2Jb"), r"a\u{1b}[2Jb");
/// ```
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}
