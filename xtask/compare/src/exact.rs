//! Numbers of JSON that a parser would round.

use std::borrow::Cow;

/// What is before the digits of a number that is kept as text. No number of JSON begins with it.
const MARK: char = '+';

/// The text with each number that 64 bits do not hold exactly as [`kept`], so that no digit is lost.
/// A comparison reads it as the number that it is; a text that looks like it gets one `+` more.
///
/// ```
/// use openapi_compare::exact::quoted;
///
/// assert_eq!(quoted(r#"{"maximum": 18446744073709551616}"#), r#"{"maximum": "+18446744073709551616"}"#);
/// assert_eq!(quoted(r#"{"maximum": 20.5}"#), r#"{"maximum": 20.5}"#);
/// ```
pub fn quoted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut quoted = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let end = behind_string(bytes, at);
                if is_like_kept(text.get(at + 1..end - 1).unwrap_or_default()) {
                    quoted.push_str(&text[copied..=at]);
                    quoted.push(MARK);
                    copied = at + 1;
                }
                at = end;
            }
            b'-' | b'0'..=b'9' => {
                let end = behind_number(bytes, at);
                let number = &text[at..end];
                if is_rounded(number) {
                    quoted.push_str(&text[copied..at]);
                    quoted.push('"');
                    quoted.push_str(&kept(number));
                    quoted.push('"');
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    quoted.push_str(&text[copied..]);
    Cow::Owned(quoted)
}

/// A number as a text that no digit is lost of.
///
/// ```
/// assert_eq!(openapi_compare::exact::kept("18446744073709551616"), "+18446744073709551616");
/// ```
pub fn kept(number: &str) -> String {
    format!("{MARK}{number}")
}

/// A text of a document, in which another meaning than that of [`kept`] must stay visible.
///
/// ```
/// use openapi_compare::exact::text;
///
/// assert_eq!(text("+18446744073709551616"), "++18446744073709551616");
/// assert_eq!(text("18446744073709551616"), "18446744073709551616");
/// ```
pub fn text(text: &str) -> Cow<'_, str> {
    match is_like_kept(text) {
        true => Cow::Owned(kept(text)),
        false => Cow::Borrowed(text),
    }
}

fn is_like_kept(text: &str) -> bool {
    text.starts_with(MARK) && is_rounded(text.trim_start_matches(MARK))
}

/// The number that a text keeps.
pub(crate) fn number(text: &str) -> Option<&str> {
    text.strip_prefix(MARK).filter(|it| is_rounded(it))
}

fn behind_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn behind_number(bytes: &[u8], start: usize) -> usize {
    let is_inside = |it: &u8| matches!(it, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    let length = bytes[start..].iter().take_while(|it| is_inside(it)).count();
    start + length
}

/// Whether a well-formed number is more than a parser keeps.
pub fn is_rounded(number: &str) -> bool {
    let is_integer = !number.contains(['.', 'e', 'E']);
    if is_integer {
        let fits = number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
        return !fits && serde_json::from_str::<serde_json::Number>(number).is_ok();
    }
    // Fifteen digits survive the way through 64 bits and back.
    const EXACT: usize = 15;
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa
        .bytes()
        .filter(u8::is_ascii_digit)
        .collect::<Vec<_>>();
    let first = digits
        .iter()
        .position(|it| *it != b'0')
        .unwrap_or(digits.len());
    let last = digits.iter().rposition(|it| *it != b'0').unwrap_or(0);
    let is_long = first <= last && last - first >= EXACT;
    is_long && serde_json::from_str::<serde_json::Number>(number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_text_that_looks_like_a_number_is_another_value() {
        let texts = ["", "+", "++"].map(|it| format!("\"{it}18446744073709551616\""));
        let mut all: Vec<_> = texts.iter().map(|it| quoted(it)).collect();
        all.push(quoted("18446744073709551616"));
        let before = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), before, "{all:?}");
    }

    #[test]
    fn only_numbers_that_would_be_rounded_are_quoted() {
        for same in [
            r#"{"a": 18446744073709551615, "b": -9223372036854775808, "c": 0.1, "d": 1e300}"#,
            r#"{"a": "18446744073709551616", "b": "\\"}"#,
            "{\"a\": 184467440737095516161844674407370955161618446744073709551616-1}",
        ] {
            assert_eq!(quoted(same), same);
        }
        assert_eq!(
            quoted(r#"{"a": 18446744073709551616, "b": [0.12345678901234567]}"#),
            r#"{"a": "+18446744073709551616", "b": ["+0.12345678901234567"]}"#
        );
    }
}
