//! JSON on one line of a terminal.

use std::fmt::Write as _;

use payssam::redact;
use serde::Serialize;

/// One line of JSON without invisible characters.
pub(crate) fn line(value: &impl Serialize) -> serde_json::Result<String> {
    let written = serde_json::to_string(value)?;
    let mut line = String::with_capacity(written.len());
    for c in written.chars() {
        match c {
            // White space between the tokens of raw JSON; within strings serde has escaped it.
            '\n' | '\r' | '\t' => line.push(' '),
            c if redact::is_invisible(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(line, "\\u{unit:04x}");
                }
            }
            c => line.push(c),
        }
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_one_line_without_invisible_characters_and_has_the_same_value() {
        let item: Box<serde_json::value::RawValue> =
            serde_json::from_str("{\n\t\"a\": \"\u{9b}31m\u{202e}\u{e0041}\"\r\n}").unwrap();
        let line = line(&item).unwrap();
        assert_eq!(line, r#"{  "a": "\u009b31m\u202e\udb40\udc41"  }"#);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["a"], "\u{9b}31m\u{202e}\u{e0041}");
    }
}
