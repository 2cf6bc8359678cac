//! Korean won.

use std::{fmt, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Error;

/// An amount of money in whole won, from 1 to 9,999,999,999.
///
/// The upper limit is the ten digits that PaySsam's documentation allows for a price.
///
/// ```
/// use payssam::Won;
///
/// let price = Won::new(45_000)?;
/// assert_eq!(price.to_string(), "45000");
/// assert_eq!("45000".parse::<Won>()?, price);
/// assert!("45,000".parse::<Won>().is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(extend("minimum" = 1, "maximum" = 9_999_999_999_u64))
)]
#[serde(try_from = "u64", into = "u64")]
pub struct Won(NonZeroU64);

impl Won {
    /// The largest amount, 9,999,999,999 won.
    pub const MAX: u64 = 9_999_999_999;

    /// Takes an amount in won.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the amount is 0 or more than [`Won::MAX`].
    pub fn new(won: u64) -> Result<Self, Error> {
        match NonZeroU64::new(won) {
            Some(amount) if won <= Self::MAX => Ok(Won(amount)),
            _ => Err(Error::invalid_input(
                "price",
                format!("{won} won is not between 1 and {}", Self::MAX),
            )),
        }
    }

    /// The amount in won.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Won {
    /// The digits alone, as PaySsam wants them: no separator, no unit.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Won {
    type Err = Error;

    /// Reads digits without sign, separator or leading zero.
    fn from_str(digits: &str) -> Result<Self, Error> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::invalid_input(
                "price",
                "it must be digits alone, without sign, separator, decimals or unit",
            ));
        }
        if digits.starts_with('0') {
            return Err(Error::invalid_input("price", "it must not begin with 0"));
        }
        let won = digits.parse().map_err(|_| {
            Error::invalid_input("price", format!("it is more than {} won", Self::MAX))
        })?;
        Won::new(won)
    }
}

impl TryFrom<u64> for Won {
    type Error = Error;

    fn try_from(won: u64) -> Result<Self, Error> {
        Won::new(won)
    }
}

impl From<Won> for u64 {
    fn from(won: Won) -> u64 {
        won.get()
    }
}
