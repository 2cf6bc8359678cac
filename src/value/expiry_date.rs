//! The last day on which a bill can be paid.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use serde::{Deserialize, Serialize};

use super::invalid_value::InvalidValue;

/// The last day on which a bill can be paid, until midnight in Korea (`expireDt`, reported).
///
/// ```
/// use payssam::ExpiryDate;
///
/// let last: ExpiryDate = "2026-12-31".parse()?;
/// assert_eq!(last.to_string(), "2026-12-31");
/// assert!("2026-02-29".parse::<ExpiryDate>().is_err());
/// assert!("20261231".parse::<ExpiryDate>().is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(with = "String"))]
#[serde(try_from = "String", into = "String")]
#[doc(alias = "expireDt")]
pub struct ExpiryDate(Date);

impl ExpiryDate {
    /// Takes a day. Whether it has passed is decided by PaySsam's clock.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] when its year does not have four digits.
    pub fn new(day: Date) -> Result<Self, InvalidValue> {
        match day.year() {
            1000..=9999 => Ok(ExpiryDate(day)),
            year => Err(InvalidValue::new(
                "expiry date",
                format!("the year {year} does not have four digits"),
            )),
        }
    }

    /// The day.
    pub fn day(self) -> Date {
        self.0
    }
}

impl fmt::Display for ExpiryDate {
    /// `YYYY-MM-DD`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for ExpiryDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ExpiryDate({self})")
    }
}

impl FromStr for ExpiryDate {
    type Err = InvalidValue;

    /// Reads `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = || InvalidValue::new("expiry date", "it is not a day such as 2026-12-31");
        let has_form = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !has_form {
            return Err(invalid());
        }
        ExpiryDate::new(text.parse().map_err(|_| invalid())?)
    }
}

impl TryFrom<&str> for ExpiryDate {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<String> for ExpiryDate {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl From<ExpiryDate> for String {
    fn from(day: ExpiryDate) -> String {
        day.to_string()
    }
}
