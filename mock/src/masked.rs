//! Bodies of requests, responses and callbacks as they may be shown.

use payssam::redact::{MASKED, shown};
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

/// A body with its secrets masked, and without these keys wherever they stand.
pub(crate) fn masked(body: &Value, keys: &[&str]) -> Value {
    let without_keys = |text: &str| partner::without(text, keys.iter().copied());
    match body {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let shown = match (&**name, value) {
                    (_, Value::Null | Value::Bool(_)) => value.clone(),
                    (_, Value::Object(_) | Value::Array(_)) => masked(value, keys),
                    (_, Value::String(text)) if text.is_empty() => value.clone(),
                    (secret, _) if SECRET.contains(&secret) => MASKED.into(),
                    (whole, Value::String(text)) if WHOLE.contains(&whole) => {
                        without_keys(text).into()
                    }
                    (address, Value::String(text)) if ADDRESS.contains(&address) => {
                        without_keys(&log::shown_address(text)).into()
                    }
                    (whole, Value::Number(_)) if WHOLE.contains(&whole) => value.clone(),
                    (_, Value::Number(number)) if *name == "balance" => number.clone().into(),
                    (_, Value::Number(number)) => shown(&number.to_string()).into(),
                    (_, Value::String(text)) => shown(&without_keys(text)).into(),
                };
                (shown_name(&without_keys(name)), shown)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(|item| masked(item, keys)).collect(),
        Value::String(text) => shown(&without_keys(text)).into(),
        Value::Number(number) => shown(&number.to_string()).into(),
        other => other.clone(),
    }
}

fn shown_name(name: &str) -> String {
    match name.chars().all(|c| c.is_ascii_alphanumeric()) && name.len() < 40 {
        true => name.to_owned(),
        false => shown(name),
    }
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
