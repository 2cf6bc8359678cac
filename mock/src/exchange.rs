//! A request and the response to it, as they may be shown.

use payssam::Operation;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// The most bytes of a body that are kept.
const LONGEST: usize = 8 * 1024;

/// The objects of a request over whose fields its hash may be.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Objects<'r> {
    #[serde(borrow)]
    bill: Option<&'r RawValue>,
    #[serde(borrow, rename = "cashReceipt")]
    receipt: Option<&'r RawValue>,
}

/// The fields of such an object.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct HashFields {
    bill_id: Value,
    phone: Value,
    price: Value,
}

/// The fields of a JSON object. Anything else has none of them.
fn fields_of<'j, T: Default + Deserialize<'j>>(json: &'j str) -> T {
    let object = json
        .starts_with('{')
        .then(|| serde_json::from_str(json).ok());
    object.flatten().unwrap_or_default()
}

/// A request and its response, with secrets and personal data masked.
#[derive(Debug, PartialEq)]
pub(crate) struct Exchange {
    /// JSON; empty if the body was none, or too long to be kept.
    pub(crate) request: Box<str>,
    /// JSON, as it was before a fault changed it on its way.
    pub(crate) response: Box<str>,
    pub(crate) http_status: u16,
    /// Which rule it broke, if it was refused.
    pub(crate) reason: Option<Box<str>>,
}

impl Exchange {
    /// The bodies are JSON, masked.
    pub(crate) fn new(
        request: Option<String>,
        response: String,
        http_status: u16,
        reason: Option<String>,
    ) -> Self {
        let short = |text: String| match text.len() > LONGEST {
            true => Box::default(),
            false => text.into_boxed_str(),
        };
        Exchange {
            request: short(request.unwrap_or_default()),
            response: short(response),
            http_status,
            reason: reason.map(String::into_boxed_str),
        }
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, |reason| reason.len());
        size_of_val(self) + self.request.len() + self.response.len() + reason
    }

    /// How the hash of the request is made, with the parts as they may be shown; `None` where it takes none.
    pub(crate) fn hash_formula(&self, operation: Operation) -> Option<String> {
        let parts = self.hash_parts(operation)?;
        let values: Vec<String> = parts.into_iter().map(|(_, value)| value).collect();
        Some(format!("sha256({})", Value::String(values.join(","))))
    }

    /// The fields over which the hash of the request is made, with their values as they may be shown.
    pub(crate) fn hash_parts(&self, operation: Operation) -> Option<Vec<(&'static str, String)>> {
        let (object, fields): (_, &[&'static str]) = match operation {
            Operation::BillSend => ("bill", &["billId", "phone", "price"]),
            Operation::BillCancel | Operation::BillDestroy => ("bill", &["billId", "price"]),
            Operation::ReceiptIssue | Operation::ReceiptCancel | Operation::ReceiptRead => {
                ("cashReceipt", &["billId", "price"])
            }
            _ => return None,
        };
        if self.request.is_empty() {
            return None;
        }
        let objects: Objects<'_> = fields_of(&self.request);
        let object = match object {
            "bill" => objects.bill,
            _ => objects.receipt,
        };
        let object: HashFields = fields_of(object.map_or("", RawValue::get));
        let value = |field: &str| {
            let value = match field {
                "billId" => &object.bill_id,
                "phone" => &object.phone,
                _ => &object.price,
            };
            value.as_str().unwrap_or_default().to_owned()
        };
        Some(fields.iter().map(|field| (*field, value(field))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(request: &str) -> Option<String> {
        let exchange = Exchange::new(Some(request.to_owned()), String::new(), 200, None);
        exchange.hash_formula(Operation::BillSend)
    }

    #[test]
    fn what_is_no_object_has_none_of_the_fields_of_a_hash() {
        let fields = r#"{"billId":"a","phone":"[masked]","price":"1000"}"#;
        let whole = format!(r#"{{"bill":{fields},"cashReceipt":{{"billId":"b"}}}}"#);
        assert_eq!(
            formula(&whole).as_deref(),
            Some(r#"sha256("a,[masked],1000")"#)
        );
        for other in [
            format!("[{fields}]"),
            format!(r#"{{"bill":[{fields}]}}"#),
            r#"{"bill":["a","b","c"]}"#.to_owned(),
            r#"{"bill":{"billId":1}}"#.to_owned(),
            r#"{"bill":null}"#.to_owned(),
            "null".to_owned(),
            "7".to_owned(),
        ] {
            assert_eq!(
                formula(&other).as_deref(),
                Some(r#"sha256(",,")"#),
                "{other}"
            );
        }
        assert_eq!(formula(""), None);
    }
}
