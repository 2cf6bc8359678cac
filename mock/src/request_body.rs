//! The JSON body of a request.

use serde_json::Value;

use crate::{key::Key, partner::Partners};

/// The JSON body of a request. Fields that it does not have are `null`.
pub(crate) struct RequestBody(Value);

impl RequestBody {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(body).map(RequestBody)
    }

    pub(crate) fn json(&self) -> &Value {
        &self.0
    }

    pub(crate) fn api_key(&self) -> &Value {
        &self.0["apiKey"]
    }

    pub(crate) fn member(&self) -> &Value {
        &self.0["member"]
    }

    pub(crate) fn merchant(&self) -> &Value {
        &self.0["merchant"]
    }

    pub(crate) fn bill(&self) -> &Value {
        &self.0["bill"]
    }

    pub(crate) fn receipt(&self) -> &Value {
        &self.0["cashReceipt"]
    }

    /// The key of the bill.
    pub(crate) fn bill_key(&self, partners: &Partners) -> Key {
        self.key(partners, self.bill())
    }

    /// The key of the cash receipt.
    pub(crate) fn receipt_key(&self, partners: &Partners) -> Key {
        self.key(partners, self.receipt())
    }

    fn key(&self, partners: &Partners, inner: &Value) -> Key {
        Key::new(
            &partners.name_of(text(self.api_key())),
            text(self.member()),
            text(self.merchant()),
            text(&inner["billId"]),
        )
    }
}

/// A JSON string; empty for anything else.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
