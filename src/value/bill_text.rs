//! The texts that a payer sees on a bill.
//!
//! They are sent in composed form (NFC), whatever form they were given in.
//! Their limits are unknown, so none is checked here; PaySsam rejects a text that is too long.

use super::text::{text_type, visible};

text_type! {
    /// What is paid for (`productName`), in one line without control characters.
    #[doc(alias = "상품명")]
    pub struct ProductName: shown, checked by |text| visible("product name", text, &[]);
}

text_type! {
    /// The payer's name (`memberName`), in one line without control characters. `Debug` masks it.
    #[doc(alias = "납부자")]
    pub struct PayerName: secret, checked by |text| visible("payer name", text, &[]);
}

text_type! {
    /// Who sends a bill (`billIssuer`), in one line without control characters.
    ///
    /// Version 1 of the API took 50 characters (published); the limit of version 2 is unknown.
    pub struct IssuerName: shown, checked by |text| visible("issuer name", text, &[]);
}

text_type! {
    /// A message to the payer (`message`), in one or more lines. `Debug` masks it.
    pub struct BillMessage: secret, checked by |text| visible("message", text, &['\n', '\r']);
}
