//! Numbers of JSON that a parser would round.

use std::borrow::Cow;

/// The text with quotes around each number that 64 bits do not hold exactly, so that no digit is
/// lost. A comparison reads a quoted limit as the number that it is.
///
/// ```
/// use openapi_compare::exact::quoted;
///
/// assert_eq!(quoted(r#"{"maximum": 18446744073709551616}"#), r#"{"maximum": "18446744073709551616"}"#);
/// assert_eq!(quoted(r#"{"maximum": 20.5}"#), r#"{"maximum": 20.5}"#);
/// ```
pub fn quoted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut quoted = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = behind_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let end = behind_number(bytes, at);
                let number = &text[at..end];
                if is_rounded(number) {
                    quoted.push_str(&text[copied..at]);
                    quoted.push('"');
                    quoted.push_str(number);
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
            r#"{"a": "18446744073709551616", "b": ["0.12345678901234567"]}"#
        );
    }
}
