//! The last day on which a bill can be paid.

use jiff::civil::Date;

use super::{invalid_value::InvalidValue, text::text_type};

text_type! {
    /// The last day on which a bill can be paid, until midnight in Korea (`expireDt`, reported), as
    /// `YYYY-MM-DD`.
    ///
    /// Whether it has passed is decided by PaySsam's clock.
    ///
    /// ```
    /// use payssam::ExpiryDate;
    ///
    /// let last = ExpiryDate::new("2026-12-31")?;
    /// assert_eq!(last.as_str(), "2026-12-31");
    /// assert!(ExpiryDate::new("2026-02-29").is_err());
    /// assert!(ExpiryDate::new("20261231").is_err());
    /// # Ok::<(), payssam::Error>(())
    /// ```
    #[doc(alias = "expireDt")]
    pub struct ExpiryDate: shown, checked by check;
}

fn check(text: &str) -> Result<Box<str>, InvalidValue> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    // A year below 1000 would be written with fewer digits.
    match has_form && !text.starts_with('0') && text.parse::<Date>().is_ok() {
        true => Ok(text.into()),
        false => Err(InvalidValue::new(
            "expiry date",
            "it is not a day such as 2026-12-31",
        )),
    }
}

impl ExpiryDate {
    /// The day.
    pub fn day(&self) -> Date {
        self.0.parse().unwrap_or_default()
    }
}

impl TryFrom<Date> for ExpiryDate {
    type Error = InvalidValue;

    fn try_from(day: Date) -> Result<Self, InvalidValue> {
        ExpiryDate::new(day.to_string())
    }
}
