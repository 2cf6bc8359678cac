//! Mobile phone numbers of Korea.

use std::{fmt, str::FromStr};

use crate::{Error, mask::MASKED};

/// A mobile phone number of Korea, digits alone: what is sent and what is hashed are the same digits.
///
/// Hyphens and spaces are taken out, for PaySsam refuses them. A number begins with 010, and has 11
/// digits, or with 011, 016, 017, 018 or 019, and has 10 or 11.
///
/// `Debug` does not show it, and there is no `Display`; [`reveal`](PhoneNumber::reveal) gives the
/// digits.
///
/// ```
/// use payssam::PhoneNumber;
///
/// let phone = PhoneNumber::new("010-1234-5678")?;
/// assert_eq!(phone.reveal(), "01012345678");
/// assert!(PhoneNumber::new("+82 10-1234-5678").is_err());
/// assert!(PhoneNumber::new("02-123-4567").is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(Box<str>);

impl PhoneNumber {
    /// Takes a number with or without hyphens and spaces.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken, and does not repeat the number.
    pub fn new(number: impl AsRef<str>) -> Result<Self, Error> {
        let invalid = |problem| Err(Error::invalid_input("phone", problem));
        let is_separator = |c: &char| matches!(c, '-' | ' ');
        let digits: String = number
            .as_ref()
            .chars()
            .filter(|c| !is_separator(c))
            .collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return invalid("only digits, hyphens and spaces are allowed");
        }
        let lengths = match digits.get(..3) {
            Some("010") => 11..=11,
            Some("011" | "016" | "017" | "018" | "019") => 10..=11,
            _ => return invalid("it must begin with 010, 011, 016, 017, 018 or 019"),
        };
        if !lengths.contains(&digits.len()) {
            return invalid("it must have 11 digits (or 10, if it does not begin with 010)");
        }
        Ok(PhoneNumber(digits.into()))
    }

    /// The digits. They are personal data: keep them out of logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PhoneNumber({MASKED})")
    }
}

impl FromStr for PhoneNumber {
    type Err = Error;

    fn from_str(number: &str) -> Result<Self, Error> {
        PhoneNumber::new(number)
    }
}
