//! Business registration numbers of Korea.

use std::{fmt, str::FromStr};

use crate::{Error, mask::MASKED};

/// A business registration number of Korea (사업자등록번호): ten digits, of which the last checks the
/// others. Hyphens and spaces are taken out.
///
/// ```
/// use payssam::BusinessNumber;
///
/// assert_eq!(BusinessNumber::new("220-81-62517")?.reveal(), "2208162517");
/// assert!(BusinessNumber::new("220-81-62518").is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BusinessNumber(Box<str>);

impl BusinessNumber {
    /// Takes a number with or without hyphens and spaces.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken, and does not repeat the number.
    pub fn new(number: impl AsRef<str>) -> Result<Self, Error> {
        let digits = digits("business number", number.as_ref(), 10)?;
        if check_digit(&digits) != digits[9] {
            return Err(Error::invalid_input(
                "business number",
                "its last digit does not fit the others; is there a slip?",
            ));
        }
        Ok(BusinessNumber(text(&digits)))
    }

    /// The digits. Keep them out of logs: that of one person's business is personal data.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn check_digit(digits: &[u8]) -> u8 {
    const WEIGHTS: [u8; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];
    let weighted = digits.iter().zip(WEIGHTS);
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(digit * weight))
        .sum();
    // The ninth digit counts once more with the tens of its product.
    let sum = sum + u32::from(digits[8] * 5 / 10);
    ((10 - sum % 10) % 10) as u8
}

/// The digits of a number of this length, without hyphens and spaces.
pub(crate) fn digits(field: &'static str, number: &str, length: usize) -> Result<Vec<u8>, Error> {
    let is_separator = |c: &char| matches!(c, '-' | ' ');
    let digits: Option<Vec<u8>> = number
        .chars()
        .filter(|c| !is_separator(c))
        .map(|c| c.to_digit(10).map(|digit| digit as u8))
        .collect();
    match digits {
        Some(digits) if digits.len() == length => Ok(digits),
        _ => Err(Error::invalid_input(
            field,
            format!("it must be {length} digits, with or without hyphens"),
        )),
    }
}

pub(crate) fn text(digits: &[u8]) -> Box<str> {
    let text: String = digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    text.into()
}

impl fmt::Debug for BusinessNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BusinessNumber({MASKED})")
    }
}

impl FromStr for BusinessNumber {
    type Err = Error;

    fn from_str(number: &str) -> Result<Self, Error> {
        BusinessNumber::new(number)
    }
}
