//! The id of a bill.

#[cfg(feature = "preview")]
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::SystemTime,
};

use super::{
    invalid_value::InvalidValue,
    nfc::{NOT_COMPOSED, is_composed},
    text::text_type,
};
use crate::{operation::Operation, raw::rules, redact::is_invisible};

text_type! {
    /// The id that the sender gives to a bill (청구서 ID). It can be used only once.
    ///
    /// One to 20 characters (Unicode scalar values; the limit is published in the specification). Letters of
    /// any script, digits, signs and spaces inside are sent exactly as given. Not allowed are commas, which
    /// would make the hash ambiguous, white space at either end, control, zero-width and
    /// bidirectional characters, which nobody can see, and text that is not in composed form (NFC): it would
    /// look like another id.
    ///
    /// An id of digits alone should not begin with 0: PaySsam may write it as a JSON number, which has no
    /// leading zeros. In a response that still agrees with the id that was asked for. A callback with a number
    /// cannot say which zeros are missing, so it is about another bill: the read that verifies it finds none.
    ///
    /// ```
    /// use payssam::BillId;
    ///
    /// assert!(BillId::new("2024-0001").is_ok());
    /// assert!(BillId::new("3월 수강료/김").is_ok());
    /// assert!(BillId::new("2024,0001").is_err());
    /// ```
    #[doc(alias = "청구서")]
    #[doc(alias = "idempotency key")]
    #[cfg_attr(feature = "schemars", schemars(extend("minLength" = 1, "maxLength" = 20)))]
    pub struct BillId: shown, checked by check;
}

fn check(id: &str) -> Result<Box<str>, InvalidValue> {
    let invalid = |problem: String| Err(InvalidValue::new("bill id", problem));
    if id.is_empty() {
        return invalid("it is empty".into());
    }
    if id.trim() != id {
        return invalid("it has white space at its beginning or end".into());
    }
    if id.contains(',') {
        return invalid("a comma would make the hash ambiguous".into());
    }
    if let Some(hidden) = id.chars().find(|&c| is_invisible(c)) {
        return invalid(format!(
            "the invisible character U+{:04X} is not allowed",
            hidden as u32
        ));
    }
    if !is_composed(id) {
        return invalid(NOT_COMPOSED.into());
    }
    rules::check_length(Operation::BillRead.path(), &["bill", "billId"], id)
        .map_err(|limit| InvalidValue::new("bill id", limit))?;
    Ok(id.into())
}

#[cfg(feature = "preview")]
impl BillId {
    /// Makes a new id: 20 characters of `[0-9a-z]`, of which the first eight are the milliseconds since 2020
    /// and the rest 62 random bits of the operating system.
    ///
    /// Ids sort by the time at which they were made. Without the random bits they would collide within a
    /// millisecond, and PaySsam permanently rejects an id that was used before.
    ///
    /// # Panics
    ///
    /// When the operating system provides no random bits.
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
}

/// 64 random bits. If the operating system provides none, the standard library's maps have no seed
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
