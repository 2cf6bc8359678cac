//! What is shown of a text that may identify a person or open an account.

use std::fmt;

use serde::{Serialize, Serializer};

/// Stands where something is not shown.
pub const MASKED: &str = "[masked]";

/// A card or account number, shown as PaySsam masked it.
///
/// If it came without any `*`, only its last four digits are shown, and nine digits in a row are
/// hidden in any case. `Debug`, `Display` and serde
/// all show the same; [`reveal`](AccountNumber::reveal) gives what came.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct AccountNumber<'a>(&'a str);

impl<'a> AccountNumber<'a> {
    /// A number that may be shown masked.
    pub fn new(number: &'a str) -> Self {
        AccountNumber(number)
    }

    /// The number as it came. It is personal data: keep it out of logs.
    pub fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Display for AccountNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains('*') {
            return formatter.write_str(&prose(self.0));
        }
        let digits: Vec<char> = self.0.chars().filter(char::is_ascii_digit).collect();
        formatter.write_str("****")?;
        match digits.len() {
            0..=4 => Ok(()),
            count => digits[count - 4..]
                .iter()
                .try_for_each(|digit| write!(formatter, "{digit}")),
        }
    }
}

impl fmt::Debug for AccountNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for AccountNumber<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A text that is personal as a whole: the approval number of a cash receipt, the number that a
/// receipt was asked for. `Debug`, `Display` and serde show `[masked]`;
/// [`reveal`](Personal::reveal) gives what came.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Personal<'a>(&'a str);

impl<'a> Personal<'a> {
    /// A text that is personal.
    pub fn new(text: &'a str) -> Self {
        Personal(text)
    }

    /// The text as it came. Keep it out of logs.
    pub fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Display for Personal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

impl fmt::Debug for Personal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

impl Serialize for Personal<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Masks, in prose that somebody else wrote, what may be a phone, card, account or receipt number
/// (nine or more digits, hyphens between them not counted) and what may be a hash or a key
/// (32 or more letters and digits in a row, with a digit among them).
pub fn prose(text: &str) -> String {
    let without_keys = mask_runs(
        text,
        |c| c.is_ascii_alphanumeric(),
        |word| word.len() >= 32 && word.bytes().any(|byte| byte.is_ascii_digit()),
    );
    mask_runs(
        &without_keys,
        |c| c.is_ascii_digit() || c == '-',
        |number| number.bytes().filter(u8::is_ascii_digit).count() >= 9,
    )
}

fn mask_runs(text: &str, belongs: fn(char) -> bool, is_secret: fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c| !belongs(c)).unwrap_or(rest.len()));
        shown.push_str(if is_secret(run) { MASKED } else { run });
        let (other, next) = after.split_at(after.find(belongs).unwrap_or(after.len()));
        shown.push_str(other);
        rest = next;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_digits_are_masked_with_hyphens_or_without() {
        assert_eq!(prose("번호 010-1234-5678 확인"), "번호 [masked] 확인");
        assert_eq!(prose("a123456789b"), "a[masked]b");
        assert_eq!(
            prose("2024-01-02 45000원 (12345678)"),
            "2024-01-02 45000원 (12345678)"
        );
    }

    #[test]
    fn hashes_and_keys_are_masked() {
        let hash = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
        assert_eq!(prose(&format!("hash={hash}.")), "hash=[masked].");
        assert_eq!(prose(&"a".repeat(40)), "a".repeat(40));
    }
}
