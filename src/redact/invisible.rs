//! The one table of characters that nobody can see but that change what a text is or how it is shown.

/// Whether a character is a control, a line or paragraph separator, or one that fonts draw nothing for:
/// zero-width and bidirectional characters, joiners, fillers of Hangul, variation selectors, tags.
///
/// These are Unicode's `Cc`, `Zl`, `Zp`, `Default_Ignorable_Code_Point`, and the marks of interlinear
/// annotations.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
