//! The hash (통신 암호 키) of a request: it ties the amount to the bill.
//!
//! It is the SHA-256, in lower-case hexadecimal digits, of the UTF-8 text `{billId},{price}`, or of
//! `{billId},{phone},{price}` if the same request has a field `phone`. Only sending a bill has one;
//! everywhere else a hash of three parts is rejected with `VALIDATION_002`. The rule is published in the
//! description of the field `hash`; algorithm and encoding were observed.
//!
//! [`Client`](crate::Client) signs automatically. These functions are for programs that need only the
//! hash.
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

use crate::value::{BillId, InvalidValue, Won};

/// Signs a request without a phone number: to cancel or destroy a bill, or about a cash receipt.
pub fn sign(bill_id: &BillId, price: Won) -> Signature {
    Signature::of(&[bill_id.as_str(), &price.to_string()])
}

/// Signs a request with a phone number: to send a bill.
///
/// `phone` must be the digits of the request, and nothing else.
///
/// # Errors
///
/// [`InvalidValue`] when `phone` is empty or contains anything but digits: PaySsam rejects hyphens, and a
/// hash over other digits than those of the request.
pub fn sign_with_phone(
    bill_id: &BillId,
    phone: &str,
    price: Won,
) -> Result<Signature, InvalidValue> {
    if phone.is_empty() || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidValue::new(
            "phone",
            "it must be digits only, without hyphens or spaces",
        ));
    }
    Ok(Signature::of(&[
        bill_id.as_str(),
        phone,
        &price.to_string(),
    ]))
}

/// A hash in lower-case hexadecimal digits. `Debug` masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(String);

impl Signature {
    /// Hashes the strings of a request, in their order.
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

    /// Whether `other` is the same hash, in upper or lower case.
    pub fn matches(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signature([masked])")
    }
}
