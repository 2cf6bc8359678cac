//! Decodes responses: the envelope `{code, message, data}` and the fields of `data`. Values are kept as they
//! came, and judged only when somebody asks for them.
//!
//! A response as documented holds only text and `null`, and is decoded in one pass that allocates twice. If
//! it holds anything else, it is decoded again with every value kept as its JSON text, so that a number of
//! 400 digits, a lone surrogate or deep nesting in one field cannot change the others.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, MapAccess, Visitor},
};
use serde_json::{de::StrRead, value::RawValue};

use super::malformed::Malformed;
use crate::redact::without_key;

/// The names of the fields of one kind of response.
pub(crate) struct Names {
    all: &'static [&'static str],
    json: AnyJson,
}

/// Where a response may hold any JSON.
enum AnyJson {
    Nowhere,
    InField(&'static str),
    /// `data` itself, which is then the one field.
    InData,
}

/// The name of the field that is a response as a whole.
pub(crate) const DATA: &str = "data";

impl Names {
    /// Keeps `data` as received: nothing is known of its fields.
    pub(crate) const WHOLE: &'static Names = &Names {
        all: &[DATA],
        json: AnyJson::InData,
    };

    pub(crate) const fn new(all: &'static [&'static str]) -> Self {
        assert!(all.len() <= MOST);
        Names {
            all,
            json: AnyJson::Nowhere,
        }
    }

    /// The value of this field may be any JSON.
    pub(crate) const fn with_json(self, field: &'static str) -> Self {
        Names {
            json: AnyJson::InField(field),
            ..self
        }
    }
}

/// The most fields that one kind of response has.
const MOST: usize = 25;

/// The bytes that the values of a response usually need together.
const USUAL_TEXT: usize = 512;

const GIVEN_TWICE: &str = "the response gives it twice, with different values";

/// The fields of one response.
#[derive(Clone)]
pub(crate) struct Fields {
    names: &'static Names,
    /// On the heap, because a response is moved from call to call.
    slots: Box<[Slot; MOST]>,
    text: String,
    holds_something: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Slot {
    /// Missing, `null` or `""`.
    Empty,
    Text(u32, u32),
    Number(u32, u32),
    /// Anything but text or a number, as JSON.
    Json(u32, u32),
    /// Given more than once, with different values.
    Contradictory(u32, u32),
}

impl Fields {
    fn empty(names: &'static Names) -> Self {
        Fields {
            names,
            slots: Box::new([Slot::Empty; MOST]),
            text: String::new(),
            holds_something: false,
        }
    }

    /// Decodes an object that holds the fields themselves; `None` when it is not one whole object.
    pub(crate) fn decode(text: &str, names: &'static Names, spelling: Spelling) -> Option<Self> {
        whole(text, |from, decoding| {
            let mut fields = Fields::empty(names);
            from.deserialize_map(Data {
                fields: &mut fields,
                decoding,
                spelling,
            })?;
            Ok(fields)
        })
    }

    /// Replaces the key wherever a value holds it: PaySsam echoes it. A response that is kept as a whole
    /// stays as it came.
    pub(crate) fn drop_key(&mut self, key: &str) {
        // Almost no response has it: one look at all values tells.
        if matches!(self.names.json, AnyJson::InData) || !self.text.contains(key) {
            return;
        }
        for index in 0..self.names.all.len() {
            let slot = self.slots[index];
            let (Slot::Text(start, end)
            | Slot::Number(start, end)
            | Slot::Json(start, end)
            | Slot::Contradictory(start, end)) = slot
            else {
                continue;
            };
            if let Cow::Owned(clean) = without_key(self.slice(start, end), key) {
                let start = self.text.len() as u32;
                self.text.push_str(&clean);
                let end = self.text.len() as u32;
                self.slots[index] = match slot {
                    Slot::Json(..) => Slot::Json(start, end),
                    Slot::Contradictory(..) => Slot::Contradictory(start, end),
                    _ => Slot::Text(start, end),
                };
            }
        }
    }

    /// Whether any field, known or not, has a value.
    pub(crate) fn holds_something(&self) -> bool {
        self.holds_something
    }

    /// The text of a field; `None` when it has no value, or one that is neither text nor a number.
    pub(crate) fn text(&self, name: &'static str) -> Option<&str> {
        self.read(name).unwrap_or_default()
    }

    /// The text of a field; `None` when it has no value.
    pub(crate) fn read(&self, name: &'static str) -> Result<Option<&str>, Malformed> {
        let problem = match self.slot(name) {
            Slot::Empty => return Ok(None),
            Slot::Text(start, end) | Slot::Number(start, end) => {
                return Ok(Some(self.slice(start, end)));
            }
            Slot::Json(..) => "text was expected, and this is another kind of JSON value",
            Slot::Contradictory(..) => GIVEN_TWICE,
        };
        Err(Malformed::new(name, problem))
    }

    /// Whether a field has a value that `agrees` does not accept.
    pub(crate) fn contradicts(&self, name: &'static str, agrees: impl Fn(&str) -> bool) -> bool {
        match self.read(name) {
            Ok(value) => value.is_some_and(|value| !agrees(value)),
            Err(_) => true,
        }
    }

    /// Whether a field has an id other than this one. An id of digits may come back as a JSON number, which
    /// has no leading zeros; as text it must be the same.
    pub(crate) fn contradicts_id(&self, name: &'static str, id: &str) -> bool {
        let (start, end) = match self.slot(name) {
            Slot::Empty => return false,
            Slot::Text(start, end) => return self.slice(start, end) != id,
            Slot::Number(start, end) => (start, end),
            Slot::Json(..) | Slot::Contradictory(..) => return true,
        };
        let number = |digits: &str| {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.trim_start_matches('0').to_owned())
        };
        let echo = self.slice(start, end);
        echo != id && (number(id).is_none() || number(id) != number(echo))
    }

    /// Whether a field is given more than once, with different values.
    pub(crate) fn contradicts_itself(&self, name: &str) -> bool {
        matches!(self.slot(name), Slot::Contradictory(..))
    }

    /// A field read as `T`; `None` when it has no value.
    pub(crate) fn parsed<T, E: fmt::Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Malformed> {
        self.read(name)?
            .map(|text| parse(text).map_err(|problem| Malformed::new(name, problem)))
            .transpose()
    }

    /// A field as JSON; `None` when it has no value.
    pub(crate) fn json(&self, name: &'static str) -> Result<Option<Cow<'_, str>>, Malformed> {
        match self.slot(name) {
            Slot::Text(start, end) => {
                let json = serde_json::to_string(self.slice(start, end));
                Ok(json.ok().map(Cow::Owned))
            }
            Slot::Contradictory(..) => Err(Malformed::new(name, GIVEN_TWICE)),
            _ => Ok(self.raw(name).map(Cow::Borrowed)),
        }
    }

    /// A field as received: the text of a string, the digits of a number, else JSON.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        match self.slot(name) {
            Slot::Empty => None,
            Slot::Text(start, end)
            | Slot::Number(start, end)
            | Slot::Json(start, end)
            | Slot::Contradictory(start, end) => Some(self.slice(start, end)),
        }
    }

    fn slot(&self, name: &str) -> Slot {
        self.names
            .all
            .iter()
            .position(|known| *known == name)
            .map_or(Slot::Empty, |index| self.slots[index])
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        &self.text[start as usize..end as usize]
    }

    fn keep(&mut self, index: usize, value: &Value<'_>) {
        let text: &str = match value {
            Value::Empty => return,
            Value::Text(text) => text,
            Value::Number(json) | Value::Json(json) => json,
        };
        if self.text.is_empty() {
            self.text.reserve(USUAL_TEXT);
        }
        let start = self.text.len();
        self.text.push_str(text);
        let (from, to) = (start as u32, self.text.len() as u32);
        let slot = match value {
            Value::Empty => return,
            Value::Text(_) => Slot::Text(from, to),
            Value::Number(_) => Slot::Number(from, to),
            Value::Json(_) => Slot::Json(from, to),
        };
        self.slots[index] = match self.slots[index] {
            Slot::Empty => slot,
            before if self.same(before, slot) => before,
            _ => Slot::Contradictory(start as u32, self.text.len() as u32),
        };
    }

    fn same(&self, one: Slot, other: Slot) -> bool {
        match (one, other) {
            (Slot::Text(a, b), Slot::Text(c, d))
            | (Slot::Number(a, b), Slot::Number(c, d))
            | (Slot::Json(a, b), Slot::Json(c, d)) => self.slice(a, b) == self.slice(c, d),
            _ => false,
        }
    }
}

#[derive(PartialEq)]
enum Value<'a> {
    /// `null` or `""`.
    Empty,
    Text(Cow<'a, str>),
    Number(&'a str),
    Json(&'a str),
}

impl<'a> Value<'a> {
    fn of(raw: &'a RawValue) -> Value<'a> {
        let json = raw.get();
        match json.as_bytes() {
            b"null" | b"\"\"" => Value::Empty,
            [b'"', ..] => match serde_json::from_str(json) {
                Ok(text) => Value::Text(Cow::Owned(text)),
                Err(_) => Value::Json(json),
            },
            [b'-' | b'0'..=b'9', ..] => Value::Number(json),
            _ => Value::Json(json),
        }
    }

    /// Without white space around a text.
    fn trimmed(self) -> Self {
        match self {
            Value::Text(text) if text.trim().is_empty() => Value::Empty,
            Value::Text(Cow::Borrowed(text)) => Value::Text(Cow::Borrowed(text.trim())),
            Value::Text(Cow::Owned(text)) if text.trim().len() < text.len() => {
                Value::Text(Cow::Owned(text.trim().to_owned()))
            }
            other => other,
        }
    }

    fn into_prose(self) -> Cow<'a, str> {
        match self {
            Value::Empty => Cow::Borrowed(""),
            Value::Text(text) => text,
            Value::Number(json) | Value::Json(json) => Cow::Borrowed(json),
        }
    }
}

/// How the keys of fields are written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Spelling {
    /// As the names have it: `apprDt`.
    Camel,
    /// As the names have it, or `appr_dt`.
    CamelOrSnake,
}

/// How values are taken.
#[derive(Clone, Copy)]
enum Decoding {
    /// Text and `null` only; anything else is an error.
    Plain,
    /// Whatever is valid JSON.
    AsJson,
}

impl<'de> DeserializeSeed<'de> for Decoding {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value<'de>, D::Error> {
        match self {
            Decoding::Plain => from.deserialize_any(PlainVisitor),
            Decoding::AsJson => <&RawValue>::deserialize(from).map(Value::of),
        }
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text or null")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Empty)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(match text {
            "" => Value::Empty,
            _ => Value::Text(Cow::Borrowed(text)),
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }
}

/// A response in PaySsam's envelope.
pub(crate) struct Envelope<'a> {
    /// The result code without white space around it, `None` when there is no text in `code`, or one that is
    /// not UTF-8.
    pub(crate) code: Option<Cow<'a, str>>,
    /// The response gives two different codes.
    pub(crate) codes_differ: bool,
    /// The code is a JSON number, which is no code.
    pub(crate) code_is_number: bool,
    /// `message`, else `msg`, which one page of the documentation has instead.
    pub(crate) message: Cow<'a, str>,
    /// The fields of `data`; empty when `data` is missing or not an object.
    pub(crate) data: Fields,
}

/// The text of a body. Bytes that are not UTF-8 become replacement characters, so that they affect
/// only the field that contains them.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(body),
    }
}

impl<'a> Envelope<'a> {
    /// Decodes a response; `None` when it is not one whole JSON object.
    pub(crate) fn decode(text: &'a str, names: &'static Names) -> Option<Self> {
        whole(text, |from, decoding| {
            from.deserialize_map(EnvelopeVisitor { names, decoding })
        })
    }
}

/// Decodes the whole of a text, strictly if possible, else leniently.
fn whole<'a, T>(
    text: &'a str,
    decode: impl Fn(&mut serde_json::Deserializer<StrRead<'a>>, Decoding) -> serde_json::Result<T>,
) -> Option<T> {
    let json = text.trim_start_matches('\u{feff}');
    let decodings = [Decoding::Plain, Decoding::AsJson];
    decodings.into_iter().find_map(|decoding| {
        let mut from = serde_json::Deserializer::from_str(json);
        let decoded = decode(&mut from, decoding).ok()?;
        from.end().ok()?;
        Some(decoded)
    })
}

struct EnvelopeVisitor {
    names: &'static Names,
    decoding: Decoding,
}

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let decoding = self.decoding;
        let mut data = Fields::empty(self.names);
        let mut codes_differ = false;
        let (mut code, mut message, mut msg) = (None, Value::Empty, Value::Empty);
        let mut keys = Keys::of(
            &["code", "message", "data", "msg"],
            Spelling::Camel,
            decoding,
        );
        while let Some(key) = map.next_key_seed(&mut keys)? {
            match key {
                Some(0) => {
                    let next = Some(map.next_value_seed(decoding)?.trimmed());
                    codes_differ |= code.is_some() && code != next;
                    code = next;
                }
                Some(1) => message = map.next_value_seed(decoding)?,
                Some(2) if matches!(self.names.json, AnyJson::InData) => {
                    let json: &RawValue = map.next_value()?;
                    if json.get() != "null" {
                        data.keep(0, &Value::Json(json.get()));
                    }
                }
                Some(2) => map.next_value_seed(Data {
                    fields: &mut data,
                    decoding,
                    spelling: Spelling::Camel,
                })?,
                Some(_) => msg = map.next_value_seed(decoding)?,
                None => drop(map.next_value_seed(decoding)?),
            }
        }
        if message == Value::Empty {
            message = msg;
        }
        let code_is_number = matches!(code, Some(Value::Number(_)));
        Ok(Envelope {
            code: match code {
                // It contained bytes that are not UTF-8, so the code is unknown.
                Some(Value::Text(code)) if code.contains(char::REPLACEMENT_CHARACTER) => None,
                Some(Value::Text(code)) => Some(code),
                _ => None,
            },
            codes_differ,
            code_is_number,
            message: message.into_prose(),
            data,
        })
    }
}

/// Recognises keys by their place among the known ones: at once, where they come in that order.
struct Keys<'n> {
    known: &'n [&'static str],
    spelling: Spelling,
    decoding: Decoding,
    expected: usize,
}

impl<'n> Keys<'n> {
    fn of(known: &'n [&'static str], spelling: Spelling, decoding: Decoding) -> Self {
        Keys {
            known,
            spelling,
            decoding,
            expected: 0,
        }
    }
}

/// Whether a key is this name in snake case.
fn is_snake(name: &str, key: &[u8]) -> bool {
    let mut key = key.iter();
    let is_next = |byte: u8| {
        let mut next = || key.next().copied();
        match byte.is_ascii_uppercase() {
            true => next() == Some(b'_') && next() == Some(byte.to_ascii_lowercase()),
            false => next() == Some(byte),
        }
    };
    name.bytes().all(is_next) && key.next().is_none()
}

impl<'de> DeserializeSeed<'de> for &mut Keys<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<usize>, D::Error> {
        match self.decoding {
            Decoding::Plain => from.deserialize_str(self),
            // A key may be no valid text.
            Decoding::AsJson => from.deserialize_bytes(self),
        }
    }
}

impl Visitor<'_> for &mut Keys<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.place(key.as_bytes()))
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<Option<usize>, E> {
        Ok(self.place(key))
    }
}

impl Keys<'_> {
    /// The place of a key among the known ones.
    fn place(&mut self, key: &[u8]) -> Option<usize> {
        let takes_snake = self.spelling == Spelling::CamelOrSnake;
        let is_key = |name: &&str| name.as_bytes() == key || takes_snake && is_snake(name, key);
        let place = match self.known.get(self.expected) {
            Some(expected) if is_key(expected) => Some(self.expected),
            _ => self.known.iter().position(is_key),
        };
        if let Some(place) = place {
            self.expected = place + 1;
        }
        place
    }
}

/// Reads `data` into its fields. Anything but an object leaves them empty.
struct Data<'f> {
    fields: &'f mut Fields,
    decoding: Decoding,
    spelling: Spelling,
}

impl<'de> DeserializeSeed<'de> for Data<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        match self.decoding {
            Decoding::Plain => from.deserialize_any(self),
            Decoding::AsJson => {
                let json = <&RawValue>::deserialize(from)?.get();
                if json.starts_with('{') {
                    serde_json::Deserializer::from_str(json)
                        .deserialize_map(self)
                        .map_err(serde::de::Error::custom)?;
                }
                Ok(())
            }
        }
    }
}

impl<'de> Visitor<'de> for Data<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let names = self.fields.names;
        let mut keys = Keys::of(names.all, self.spelling, self.decoding);
        while let Some(key) = map.next_key_seed(&mut keys)? {
            let takes_json = key.is_some_and(
                |index| matches!(names.json, AnyJson::InField(field) if field == names.all[index]),
            );
            let decoding = if takes_json {
                Decoding::AsJson
            } else {
                self.decoding
            };
            let value = map.next_value_seed(decoding)?;
            self.fields.holds_something |= value != Value::Empty;
            if let Some(index) = key {
                self.fields.keep(index, &value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &Names = &Names::new(&["billId", "apprState", "udItem"]).with_json("udItem");

    fn decode(json: &str) -> Envelope<'_> {
        Envelope::decode(json, NAMES).expect("an envelope")
    }

    #[test]
    fn a_value_that_nobody_reads_changes_nothing() {
        let nested = "[".repeat(200) + &"]".repeat(200);
        let digits = "9".repeat(400);
        for odd in [
            &nested,
            &digits,
            "1e999999",
            r#""\ud800""#,
            r#"{"a":1e999999}"#,
        ] {
            for json in [
                format!(r#"{{"\ud800":{odd},"code":"0000","data":{{"billId":"a"}}}}"#),
                format!(r#"{{"code":"0000","message":{odd},"data":{{"billId":"a"}}}}"#),
                format!(
                    r#"{{"code":"0000","data":{{"udItem":{odd},"billId":"a","\ud800":{odd}}}}}"#
                ),
            ] {
                let envelope = decode(&json);
                assert_eq!(envelope.code.as_deref(), Some("0000"), "{json}");
                assert_eq!(envelope.data.text("billId"), Some("a"), "{json}");
            }
            assert_eq!(
                decode(&format!(r#"{{"code":"0000","data":{odd}}}"#))
                    .code
                    .as_deref(),
                Some("0000")
            );
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_spoil_only_their_own_field() {
        let mut body = br#"{"code":"0000","message":""#.to_vec();
        body.extend([0xff, 0xfe]);
        body.extend(br#"","data":{"billId":"a"}}"#);
        let text = text(&body);
        let envelope = decode(&text);
        assert_eq!(envelope.code.as_deref(), Some("0000"));
        assert_eq!(envelope.data.text("billId"), Some("a"));
    }

    #[test]
    fn numbers_are_text_digit_for_digit() {
        let envelope = decode(r#"{"code":"0000","data":{"billId":9007199254740993.10}}"#);
        assert_eq!(envelope.data.text("billId"), Some("9007199254740993.10"));
    }

    #[test]
    fn empty_null_and_missing_are_no_value() {
        let envelope = decode(r#"{"code":"0000","data":{"billId":"","apprState":null}}"#);
        assert_eq!(envelope.data.text("billId"), None);
        assert_eq!(envelope.data.text("apprState"), None);
        assert_eq!(envelope.data.text("udItem"), None);
        assert!(!envelope.data.holds_something());
    }

    #[test]
    fn a_field_given_twice_with_different_values_has_no_value_to_rely_on() {
        let envelope = decode(r#"{"code":"0000","data":{"billId":"a","billId":"b"}}"#);
        assert_eq!(envelope.data.text("billId"), None);
        assert!(envelope.data.read("billId").is_err());
        let envelope = decode(r#"{"code":"0000","data":{"billId":"a","billId":"a"}}"#);
        assert_eq!(envelope.data.text("billId"), Some("a"));
    }

    #[test]
    fn a_code_that_is_not_text_is_no_code() {
        for code in ["0", "null", "\"\"", "[]", "true"] {
            assert_eq!(
                decode(&format!(r#"{{"code":{code}}}"#)).code,
                None,
                "{code}"
            );
        }
        assert!(decode(r#"{"code":"0000","code":"BILL_003"}"#).codes_differ);
        assert_eq!(
            decode(r#"{"c\u006fde":"0000"}"#).code.as_deref(),
            Some("0000")
        );
    }

    #[test]
    fn message_comes_before_msg() {
        assert_eq!(decode(r#"{"msg":"b","message":"a"}"#).message, "a");
        assert_eq!(decode(r#"{"msg":"b","message":""}"#).message, "b");
        assert_eq!(decode(r#"{"msg":"b"}"#).message, "b");
    }

    #[test]
    fn what_is_not_one_whole_object_is_no_envelope() {
        for body in [
            "",
            "null",
            "[]",
            "<html>",
            r#"{"code":"0000""#,
            r#"{"code":"0000"} x"#,
        ] {
            assert!(Envelope::decode(body, NAMES).is_none(), "{body}");
        }
    }
}
