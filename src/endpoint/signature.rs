//! The hash that PaySsam calls 통신 암호 키: a proof that the amount belongs to the bill.
//!
//! It is the SHA-256, in lower-case hex, of the UTF-8 text `{billId},{price}`, or of
//! `{billId},{phone},{price}` if the very request that carries it has a field `phone`. Of all
//! operations only sending a bill has one; everywhere else a hash of three parts is refused with
//! `VALIDATION_002`. The rule is published in the description of the field `hash`; algorithm and
//! encoding were measured.
//!
//! [`Client`](crate::Client) signs by itself. These functions are for those who need the hash
//! alone.
//!
//! ```
//! use payssam::{BillId, Won, signature};
//!
//! let hash = signature::sign(&BillId::new("1024")?, Won::new(45_000)?);
//! assert_eq!(
//!     hash.as_str(),
//!     "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0"
//! );
//! # Ok::<(), payssam::Error>(())
//! ```

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{BillId, Error, Won};

/// Signs a request that carries no phone number: a cancellation, a destruction, a cash receipt.
pub fn sign(bill_id: &BillId, price: Won) -> Signature {
    Signature::of(&[bill_id.as_str(), &price.to_string()])
}

/// Signs a request that carries a phone number: the sending of a bill.
///
/// `phone` must be the digits that stand in the request, and nothing else.
///
/// # Errors
///
/// [`Error::InvalidInput`] when `phone` is empty or holds something else than digits: PaySsam
/// refuses hyphens, and a hash over other digits than those sent.
pub fn sign_with_phone(bill_id: &BillId, phone: &str, price: Won) -> Result<Signature, Error> {
    if phone.is_empty() || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid_input(
            "phone",
            "it must be digits alone, without hyphens or spaces",
        ));
    }
    Ok(Signature::of(&[
        bill_id.as_str(),
        phone,
        &price.to_string(),
    ]))
}

/// A hash in lower-case hex. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(String);

impl Signature {
    /// Hashes the very strings that stand in a request, in their order.
    pub(crate) fn of(parts: &[&str]) -> Self {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut hasher = Sha256::new();
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                hasher.update(b",");
            }
            hasher.update(part.as_bytes());
        }
        let mut hex = String::with_capacity(64);
        for byte in hasher.finalize() {
            hex.push(HEX[usize::from(byte >> 4)].into());
            hex.push(HEX[usize::from(byte & 15)].into());
        }
        Signature(hex)
    }

    /// The 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is the same hash, whatever the case of its letters.
    pub fn matches(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signature([masked])")
    }
}
