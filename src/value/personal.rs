//! Numbers and texts of a response that belong to a person.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::redact::{MASKED, shown};

/// With fewer, the sender has masked nothing.
const FEWEST_STARS: usize = 2;

/// A card or account number, shown as PaySsam masked it.
///
/// If PaySsam sent it without `*` in one place, only its last four digits are shown. Nine digits in a row are
/// masked in any case, and what nobody can see is escaped. `Debug`, `Display` and serde all show the same;
/// [`reveal`](AccountNumber::reveal) returns the number as received.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct AccountNumber<'a>(&'a str);

impl<'a> AccountNumber<'a> {
    pub(crate) fn new(number: &'a str) -> Self {
        AccountNumber(number)
    }

    /// The number as received. It is personal data: keep it out of logs.
    pub fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Display for AccountNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One part is masked, and no digit stands in it.
        let masked = self.0.find('*').zip(self.0.rfind('*'));
        let masked = masked.map_or("", |(first, last)| &self.0[first..=last]);
        let has_digit = masked.contains(|c: char| c.is_numeric());
        if masked.len() >= FEWEST_STARS && !has_digit {
            return formatter.write_str(&shown(self.0));
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

/// A text that is personal as a whole: the approval number of a cash receipt, or the number that it was
/// issued for.
///
/// `Debug`, `Display` and serde show `[masked]`; [`reveal`](Personal::reveal) returns the text as received.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Personal<'a>(&'a str);

impl<'a> Personal<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Personal(text)
    }

    /// The text as received. Keep it out of logs.
    pub fn reveal(self) -> &'a str {
        self.0
    }
}

impl fmt::Display for Personal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

/// `Debug` and serde show what `Display` shows.
macro_rules! shown_as_displayed {
    ($($Name:ident),+) => {$(
        impl fmt::Debug for $Name<'_> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl Serialize for $Name<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )+};
}

shown_as_displayed!(AccountNumber, Personal);
