//! Reads JSON in which no object has a key twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::room::{self, Room};
use openapi_compare::pointer;

/// Reads a JSON document in which no object may have the same key twice.
///
/// # Errors
///
/// serde_json's error, with line and column.
pub fn json(text: &str) -> Result<Value, serde_json::Error> {
    json_within(text, &Room::endless())
}

/// The same, if there is room for it.
pub(super) fn json_within(text: &str, room: &Room) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = UniqueKeys { room }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The error of [`json`] without its place.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

/// Reads a JSON value in which no object has the same key twice. `serde_json` silently keeps
/// the last one, and a definition would be lost.
#[derive(Clone, Copy)]
struct UniqueKeys<'a> {
    room: &'a Room,
}

impl UniqueKeys<'_> {
    fn held<E: Error>(self, value: Value) -> Result<Value, E> {
        match self.room.take(room::of_one(&value)) {
            true => Ok(value),
            false => Err(E::custom(room::FULL)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for UniqueKeys<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.held(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.held(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.held(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.held(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.held(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.held(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        self.held(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "duplicate key `{}` in one object",
                    pointer::shown(&key)
                )));
            }
            let value = members.next_value_seed(self)?;
            object.insert(key, value);
        }
        self.held(Value::Object(object))
    }
}
