//! The last day on which a bill can be paid.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use crate::Error;

/// The last day on which a bill can be paid, to its midnight in Korea (`expireDt`, relayed).
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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpiryDate(Date);

impl ExpiryDate {
    /// Takes a day. Whether it is over is PaySsam's business: its clock decides.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when its year has not four digits.
    pub fn new(day: Date) -> Result<Self, Error> {
        match day.year() {
            1000..=9999 => Ok(ExpiryDate(day)),
            year => Err(Error::invalid_input(
                "expiry date",
                format!("the year {year} has not four digits"),
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
    type Err = Error;

    /// Reads `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || Error::invalid_input("expiry date", "it is no day such as 2026-12-31");
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
