//! Bodies of requests, responses and callbacks as they may be shown.

use std::borrow::Cow;

use payssam::redact::{MASKED, is_invisible, shown};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{log, partner};

/// What is personal or secret in any of them.
const SECRET: [&str; 12] = [
    "apiKey",
    "apikey",
    "phone",
    "memberName",
    "hash",
    "issuanceNumber",
    "apprIssuerNum",
    "apprCashIssuanceNumber",
    "apprSign",
    "shortUrl",
    "chargeUrl",
    "url",
];

/// What is shown whole, although it may have nine digits.
const WHOLE: [&str; 21] = [
    "billId",
    "price",
    "supplyPrice",
    "tax",
    "member",
    "merchant",
    "memberId",
    "merchantId",
    "sendType",
    "expireDt",
    "trader",
    "apprPrice",
    "apprSupplyPrice",
    "apprTax",
    "apprDt",
    "apprOriginDt",
    "apprCancelDt",
    "apprNum",
    "apprOriginNum",
    "apprCashNum",
    "code",
];

/// The addresses of which the server is shown.
const ADDRESS: [&str; 3] = ["callbackUrl", "redirectUrl", "pageRedirectUrl"];

/// A body as it is written with its secrets masked, and without these keys wherever they stand.
#[derive(Clone, Copy)]
pub(crate) struct Masked<'b> {
    pub(crate) body: &'b Value,
    pub(crate) keys: &'b [&'b str],
}

/// A body with its secrets masked, and without these keys wherever they stand.
pub(crate) fn masked(body: &Value, keys: &[&str]) -> Value {
    serde_json::to_value(Masked { body, keys }).unwrap_or_default()
}

impl<'b> Masked<'b> {
    fn of(self, body: &'b Value) -> Self {
        Masked { body, ..self }
    }

    fn without_keys(self, text: &'b str) -> Cow<'b, str> {
        match self.keys.iter().any(|key| text.contains(key)) {
            true => partner::without(text, self.keys.iter().copied()).into(),
            false => text.into(),
        }
    }

    fn shown(self, text: &'b str) -> Cow<'b, str> {
        match self.without_keys(text) {
            Cow::Borrowed(text) if has_nothing_to_mask(text) => text.into(),
            text => shown(&text).into(),
        }
    }
}

impl Serialize for Masked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.body {
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    let shown_name = match is_plain(name) {
                        true => self.without_keys(name),
                        false => shown(&self.without_keys(name)).into(),
                    };
                    let one = |map: &mut S::SerializeMap, text: &str| {
                        map.serialize_entry(&shown_name, text)
                    };
                    match (&**name, value) {
                        (_, Value::Null | Value::Bool(_)) => {
                            map.serialize_entry(&shown_name, value)
                        }
                        (_, Value::Object(_) | Value::Array(_)) => {
                            map.serialize_entry(&shown_name, &self.of(value))
                        }
                        (_, Value::String(text)) if text.is_empty() => one(&mut map, ""),
                        (secret, _) if SECRET.contains(&secret) => one(&mut map, MASKED),
                        (whole, Value::String(text)) if WHOLE.contains(&whole) => {
                            one(&mut map, &self.without_keys(text))
                        }
                        (address, Value::String(text)) if ADDRESS.contains(&address) => {
                            one(&mut map, &self.without_keys(&log::shown_address(text)))
                        }
                        (whole, Value::Number(_)) if WHOLE.contains(&whole) => {
                            map.serialize_entry(&shown_name, value)
                        }
                        (_, Value::Number(_)) if name == "balance" => {
                            map.serialize_entry(&shown_name, value)
                        }
                        (_, Value::Number(number)) => one(&mut map, &shown(&number.to_string())),
                        (_, Value::String(text)) => one(&mut map, &self.shown(text)),
                    }?;
                }
                map.end()
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(|item| self.of(item))),
            Value::String(text) => serializer.serialize_str(&self.shown(text)),
            Value::Number(number) => serializer.serialize_str(&shown(&number.to_string())),
            other => other.serialize(serializer),
        }
    }
}

/// Whether a name of a field is one that may be shown.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric()) && name.len() < 40
}

/// Whether a text has neither nine digits nor a key, and nothing that nobody sees.
fn has_nothing_to_mask(text: &str) -> bool {
    let has_few = text.len() < 9 || !text.chars().any(char::is_numeric);
    has_few && !text.chars().any(is_invisible)
}

/// A person's name as it may be shown: its first character.
pub(crate) fn person(name: &str) -> Box<str> {
    match name.chars().next() {
        Some(first) if !first.is_control() => format!("{}**", shown(&first.to_string())).into(),
        _ => Box::default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_personal_or_secret_is_masked_wherever_it_stands() {
        let body = json!({
            "apiKey": "the-secret-key", "member": "m",
            "bill": {"billId": "202400000001", "phone": "01012345678", "hash": "ab", "price": "45000",
                "memberName": "김하나", "productName": "수강료 01012345678 the-secret-key",
                "callbackUrl": "http://127.0.0.1:8080/secret/path?key=1", "other": [123456789012_u64]},
        });
        let shown = masked(&body, &["the-secret-key"]).to_string();
        for secret in [
            "the-secret-key",
            "01012345678",
            "\"ab\"",
            "김하나",
            "secret/path",
            "123456789012",
        ] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        for whole in ["202400000001", "45000", "수강료", "http://127.0.0.1:8080/"] {
            assert!(shown.contains(whole), "{whole}: {shown}");
        }
    }

    #[test]
    fn a_person_is_shown_by_the_first_character() {
        assert_eq!(&*person("김하나"), "김**");
        assert_eq!(&*person(""), "");
    }
}
