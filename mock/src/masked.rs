//! Bodies of requests, responses and callbacks as they may be shown.

use std::borrow::Cow;

use payssam::redact::{MASKED, shown};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::{log, partner};

/// What is personal or secret in any of them, however it is written: letters and digits of the name alone count.
const SECRET: [&str; 11] = [
    "phone",
    "membername",
    "hash",
    "issuancenumber",
    "apprissuernum",
    "apprcashissuancenumber",
    "apprsign",
    "shorturl",
    "chargeurl",
    "url",
    "apikey",
];

/// What is shown whole, although it may have nine digits.
const WHOLE: [&str; 15] = [
    "billId",
    "member",
    "merchant",
    "memberId",
    "merchantId",
    "sendType",
    "expireDt",
    "trader",
    "apprDt",
    "apprOriginDt",
    "apprCancelDt",
    "apprNum",
    "apprOriginNum",
    "apprCashNum",
    "code",
];

/// What is shown whole if it is written as an amount is, which a phone number is not unless it lost its zero.
const AMOUNT: [&str; 6] = [
    "price",
    "supplyPrice",
    "tax",
    "apprPrice",
    "apprSupplyPrice",
    "apprTax",
];

/// The addresses of which the server is shown.
const ADDRESS: [&str; 3] = ["callbackurl", "redirecturl", "pageredirecturl"];

/// A name without case and separators: `API-Key` is `apikey`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().filter(|c| c.is_alphanumeric()) {
        match c.is_ascii() {
            true => plain.push(c.to_ascii_lowercase()),
            false => plain.extend(c.to_lowercase()),
        }
    }
    plain
}

/// Whether a [plain] name is that of a secret.
fn is_secret(plain: &str) -> bool {
    let is_a_key = plain.ends_with("key") || plain.contains("apikey");
    let is_a_password = ["token", "secret", "password"]
        .iter()
        .any(|it| plain.contains(it));
    SECRET.contains(&plain) || is_a_key || is_a_password
}

/// Whether the field with this name is shown whole with this text in it.
fn is_whole(name: &str, text: &str) -> bool {
    let behind_zero = text.strip_prefix('0').unwrap_or_default();
    let has_zero = behind_zero.starts_with(|c: char| c.is_ascii_digit());
    let is_amount = text.len() <= 10 && !has_zero;
    WHOLE.contains(&name) || (is_amount && AMOUNT.contains(&name))
}

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

    fn without_keys<'t>(self, text: &'t str) -> Cow<'t, str> {
        match self.keys.iter().any(|key| text.contains(key)) {
            true => partner::without(text, self.keys.iter().copied()).into(),
            false => text.into(),
        }
    }

    /// The value of the field with this name.
    fn field<S: SerializeMap>(
        self,
        map: &mut S,
        name: &str,
        value: &'b Value,
    ) -> Result<(), S::Error> {
        let shown_name = shown_name(self.without_keys(name));
        let plain = plain(name);
        let is_address = ADDRESS.contains(&&*plain);
        let mut one = |text: &str| map.serialize_entry(&shown_name, text);
        match value {
            Value::Null | Value::Bool(_) => map.serialize_entry(&shown_name, value),
            Value::String(text) if text.is_empty() => one(""),
            // The name decides, whatever the value is.
            _ if is_secret(&plain) => one(MASKED),
            Value::String(text) if is_address => one(&self.without_keys(&log::shown_address(text))),
            _ if is_address => one(MASKED),
            Value::Object(_) | Value::Array(_) => map.serialize_entry(&shown_name, &self.of(value)),
            Value::String(text) if is_whole(name, text) => one(&self.without_keys(text)),
            Value::Number(_) if name == "balance" => map.serialize_entry(&shown_name, value),
            Value::Number(number) => match number.to_string() {
                text if is_whole(name, &text) => map.serialize_entry(&shown_name, value),
                text => one(&shown(&text)),
            },
            Value::String(text) => one(&shown(&self.without_keys(text))),
        }
    }
}

impl Serialize for Masked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.body {
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    self.field(&mut map, name, value)?;
                }
                map.end()
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(|item| self.of(item))),
            Value::String(text) => serializer.serialize_str(&shown(&self.without_keys(text))),
            Value::Number(number) => serializer.serialize_str(&shown(&number.to_string())),
            other => other.serialize(serializer),
        }
    }
}

/// A text of a person, such as the name of a product, as it may be shown.
pub(crate) fn text<'k>(text: &str, keys: impl IntoIterator<Item = &'k str>) -> Box<str> {
    shown(&partner::without(text, keys)).into()
}

/// A number by which somebody is known: its last two digits, and none of a short one.
pub(crate) fn number(number: &str) -> String {
    let hidden = match number.chars().count() {
        short @ 0..=4 => short,
        long => long - 2,
    };
    let shown = number.chars().skip(hidden);
    "*".repeat(hidden).chars().chain(shown).collect()
}

fn shown_name(name: Cow<'_, str>) -> Cow<'_, str> {
    match name.chars().all(|c| c.is_ascii_alphanumeric()) && name.len() < 40 {
        true => name,
        false => shown(&name).into(),
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
    fn an_amount_is_shown_whole_and_a_phone_number_in_its_place_is_not() {
        for name in AMOUNT {
            for amount in [
                json!("1234567890"),
                json!("0"),
                json!(4_500_000_000_u64),
                json!(0),
                json!(0.5),
            ] {
                assert_eq!(masked(&json!({name: amount}), &[])[name], amount);
            }
            for other in [
                json!("01012345678"),
                json!("010-1234-5678"),
                json!(821012345678_u64),
            ] {
                let shown = masked(&json!({name: other}), &[]).to_string();
                assert!(!shown.contains("1234"), "{name}: {shown}");
            }
        }
    }

    #[test]
    fn the_name_decides_what_is_secret_whatever_the_value_is_and_however_it_is_written() {
        let body = json!({
            "API_KEY": "s1", "api-key": ["s2"], "Api Key": {"a": "s3"}, "x-api-key": 4.5, "apiKey": ["s5", {"b": "s6"}],
            "phone": {"number": "s7"}, "Member_Name": "s8", "call": [{"issuance-number": ["s9"]}],
            "key": "s12", "partnerKey": "s13", "access_token": "s14", "clientSecret": "s15", "Password": "s16",
            "callback_url": "http://127.0.0.1:8080/s10", "callbackUrl": ["http://127.0.0.1/s11"], "hash": null,
        });
        let shown = masked(&body, &[]);
        let text = shown.to_string();
        assert!(!text.contains("s1") && !text.contains("4.5"), "{text}");
        for secret in 2..=16 {
            assert!(!text.contains(&format!("s{secret}")), "{secret}: {text}");
        }
        assert_eq!(shown["hash"], Value::Null);
    }

    #[test]
    fn a_number_is_shown_by_its_last_two_digits() {
        for (given, expected) in [("01012345678", "*********78"), ("1234", "****"), ("", "")] {
            assert_eq!(number(given), expected);
        }
        assert_eq!(number(&number("01012345678")), "*********78");
    }

    #[test]
    fn a_person_is_shown_by_the_first_character() {
        assert_eq!(&*person("김하나"), "김**");
        assert_eq!(&*person(""), "");
    }
}
