//! Numbers that people write with hyphens or spaces.

use super::invalid_value::InvalidValue;

/// A text without hyphens and spaces.
pub(crate) fn without_separators(number: &str) -> String {
    number.chars().filter(|c| !matches!(c, '-' | ' ')).collect()
}

/// The digits of a number of this length, without hyphens and spaces.
pub(crate) fn digits(
    field: &'static str,
    number: &str,
    length: usize,
) -> Result<Vec<u8>, InvalidValue> {
    let digits: Option<Vec<u8>> = without_separators(number)
        .chars()
        .map(|c| c.to_digit(10).map(|digit| digit as u8))
        .collect();
    match digits {
        Some(digits) if digits.len() == length => Ok(digits),
        _ => Err(InvalidValue::new(
            field,
            format!("it must be {length} digits, with or without hyphens"),
        )),
    }
}

/// The digits as a text.
pub(crate) fn text(digits: &[u8]) -> Box<str> {
    let text: String = digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    text.into()
}

/// The error of a number whose check digit is wrong.
pub(crate) fn wrong_check_digit(field: &'static str) -> InvalidValue {
    InvalidValue::new(
        field,
        "the last digit does not match the others; check for a typo",
    )
}
