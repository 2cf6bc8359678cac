//! The identifier of a bill.

use std::{fmt, str::FromStr};
#[cfg(feature = "preview")]
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use crate::{Error, Operation, raw::rules, redact};

/// The identifier that the sender gave to a bill (청구서 ID), unique for good.
///
/// One to 20 characters (Unicode scalar values; the limit is the specification's). Letters of any
/// script, digits, signs and spaces inside are sent exactly as given. Refused are commas, which
/// would make the hash ambiguous, white space at either end, and control, zero-width and
/// bidirectional characters, which nobody can see.
///
/// ```
/// use payssam::BillId;
///
/// assert!(BillId::new("2024-0001").is_ok());
/// assert!(BillId::new("3월 수강료/김").is_ok());
/// assert!(BillId::new("2024,0001").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("minLength" = 1, "maxLength" = 20)))]
#[serde(try_from = "String", into = "String")]
pub struct BillId(Box<str>);

impl BillId {
    /// Takes an identifier as it is; nothing is trimmed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken.
    pub fn new(id: impl AsRef<str>) -> Result<Self, Error> {
        let id = id.as_ref();
        let invalid = |problem: String| Err(Error::invalid_input("bill id", problem));
        if id.is_empty() {
            return invalid("it is empty".into());
        }
        if id.trim() != id {
            return invalid("white space stands at its beginning or end".into());
        }
        if id.contains(',') {
            return invalid("a comma would make the hash ambiguous".into());
        }
        if let Some(hidden) = id.chars().find(|&c| redact::is_invisible(c)) {
            return invalid(format!(
                "the invisible character U+{:04X} is not allowed",
                hidden as u32
            ));
        }
        rules::check_length(Operation::BillRead.path(), &["bill", "billId"], id)
            .map_err(|limit| Error::invalid_input("bill id", limit))?;
        Ok(BillId(id.into()))
    }

    /// Makes an identifier that nobody has used: 20 characters of `[0-9a-z]`, of which the first eight
    /// are the milliseconds since 2020 and the rest 62 random bits of the operating system.
    ///
    /// They sort by the time at which they were made. A time alone would collide within a
    /// millisecond, and PaySsam refuses an identifier that was used for good.
    ///
    /// # Panics
    ///
    /// When the operating system has no random bits to give, which it always has on systems that can
    /// run a server.
    #[cfg(feature = "preview")]
    pub fn generate() -> Self {
        /// The beginning of 2020 in milliseconds since 1970. Eight characters last until 2109.
        const BEGINNING: u128 = 1_577_836_800_000;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = now
            .unwrap_or_default()
            .as_millis()
            .saturating_sub(BEGINNING);
        let random = random();
        let mut id = String::with_capacity(20);
        write_base36(&mut id, millis as u64, 8);
        write_base36(&mut id, random, 12);
        BillId(id.into())
    }

    /// The identifier as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 64 random bits. Where the operating system gives none, the standard library's maps have no seed
/// either, and panic.
#[cfg(feature = "preview")]
fn random() -> u64 {
    getrandom::u64().unwrap_or_else(|_| RandomState::new().build_hasher().finish())
}

/// The last `width` digits of a number to the base 36.
#[cfg(feature = "preview")]
fn write_base36(to: &mut String, number: u64, width: u32) {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    for place in (0..width).rev() {
        let digit = number / 36_u64.pow(place) % 36;
        to.push(DIGITS[digit as usize].into());
    }
}

impl fmt::Display for BillId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for BillId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for BillId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self, Error> {
        BillId::new(id)
    }
}

impl TryFrom<String> for BillId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        BillId::new(id)
    }
}

impl From<BillId> for String {
    fn from(id: BillId) -> String {
        id.0.into()
    }
}
