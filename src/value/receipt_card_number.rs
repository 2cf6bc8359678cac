//! Numbers of cards for cash receipts.

use super::{digits::without_separators, invalid_value::InvalidValue, text::text_type};

text_type! {
    /// The number of a card for cash receipts (현금영수증카드), 13 to 19 digits. Hyphens and spaces are removed.
    ///
    /// The length is general knowledge; no page of PaySsam's says it, and no check digit is verified. `Debug`
    /// masks it, and there is no `Display`; [`reveal`](ReceiptCardNumber::reveal) returns the digits. serde
    /// writes them whole.
    #[doc(alias = "현금영수증카드")]
    pub struct ReceiptCardNumber: secret, checked by check;
}

fn check(number: &str) -> Result<Box<str>, InvalidValue> {
    let digits = without_separators(number);
    let is_card = (13..=19).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    match is_card {
        true => Ok(digits.into()),
        false => Err(InvalidValue::new(
            "receipt card",
            "it must be 13 to 19 digits, with or without hyphens",
        )),
    }
}
