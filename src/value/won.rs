//! Korean won.

use std::{fmt, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Serialize};

use super::invalid_value::InvalidValue;

/// An amount of money in whole won, from 1 to 9,999,999,999.
///
/// The upper limit is the ten digits that PaySsam allows for a price (published).
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
///
/// It converts from and to `u64` and `i64`, the type of databases; serde writes a number.
#[doc(alias = "원")]
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
    /// [`InvalidValue`] when the amount is 0 or more than [`Won::MAX`].
    pub fn new(won: u64) -> Result<Self, InvalidValue> {
        match NonZeroU64::new(won) {
            Some(amount) if won <= Self::MAX => Ok(Won(amount)),
            _ => Err(InvalidValue::new(
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
    /// Digits only, as PaySsam requires: no separator, no unit.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Won {
    type Err = InvalidValue;

    /// Reads digits without sign, separator or leading zero.
    fn from_str(digits: &str) -> Result<Self, InvalidValue> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidValue::new(
                "price",
                "it must be digits only, without sign, separator, decimals or unit",
            ));
        }
        if digits.starts_with('0') {
            return Err(InvalidValue::new("price", "it must not begin with 0"));
        }
        let won = digits.parse().map_err(|_| {
            InvalidValue::new("price", format!("it is more than {} won", Self::MAX))
        })?;
        Won::new(won)
    }
}

impl TryFrom<u64> for Won {
    type Error = InvalidValue;

    fn try_from(won: u64) -> Result<Self, InvalidValue> {
        Won::new(won)
    }
}

impl From<Won> for u64 {
    fn from(won: Won) -> u64 {
        won.get()
    }
}

impl TryFrom<i64> for Won {
    type Error = InvalidValue;

    fn try_from(won: i64) -> Result<Self, InvalidValue> {
        u64::try_from(won)
            .map_err(|_| InvalidValue::new("price", format!("{won} won is not positive")))?
            .try_into()
    }
}

impl From<Won> for i64 {
    fn from(won: Won) -> i64 {
        // The largest amount is far below the largest `i64`.
        won.get() as i64
    }
}
