//! Filling a generated request with texts, whatever types the specification gives its fields.
//!
//! A generated struct changes with the specification: a field is added, a text becomes a number. So no code
//! names its fields: serde asks for them one by one, and gets each text as the type that it asks for.

use std::{fmt, slice};

use serde::{
    Deserialize, Serialize,
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer,
        MapAccess, Visitor, value::BorrowedStrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;

/// What a call gives for a field, under PaySsam's name for it.
#[derive(Clone, Copy)]
pub(crate) enum Given<'g> {
    /// Nothing: the field is left out.
    Absent,
    Text(&'g str),
    Fields(&'g [(&'static str, Given<'g>)]),
}

impl<'g> From<&'g str> for Given<'g> {
    fn from(text: &'g str) -> Self {
        Given::Text(text)
    }
}

impl<'g> From<Option<&'g str>> for Given<'g> {
    fn from(text: Option<&'g str>) -> Self {
        text.map_or(Given::Absent, Given::Text)
    }
}

/// A request with these fields, as JSON.
pub(super) fn write<T: DeserializeOwned + Serialize>(fields: Given<'_>) -> Result<Vec<u8>, Misfit> {
    let request = T::deserialize(fields)?;
    let mut json = Vec::with_capacity(512);
    serde_json::to_writer(&mut json, &request).map_err(Misfit::custom)?;
    Ok(json)
}

/// A number with the digits that it was given, because the hash is made over them.
#[derive(Clone, Debug, Serialize)]
#[allow(dead_code, reason = "the generated requests may have no number")]
pub(crate) struct Number(Box<RawValue>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = <&str>::deserialize(from)?;
        match serde_json::from_str(digits) {
            Ok(serde_json::Value::Number(_)) => {}
            _ => return Err(D::Error::custom("not a number")),
        }
        let digits = RawValue::from_string(digits.to_owned());
        digits.map(Number).map_err(D::Error::custom)
    }
}

/// Why a request could not be filled. It keeps no value, which may be a secret.
#[derive(Debug)]
pub(crate) enum Misfit {
    Missing(&'static str),
    OtherType,
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::Missing(field) => write!(formatter, "the specification requires {field}"),
            Misfit::OtherType => {
                formatter.write_str("the specification describes a field as another type")
            }
        }
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Misfit::OtherType
    }

    fn missing_field(field: &'static str) -> Self {
        Misfit::Missing(field)
    }
}

impl<'de> Deserializer<'de> for Given<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Given::Absent => visitor.visit_unit(),
            Given::Text(text) => visitor.visit_borrowed_str(text),
            Given::Fields(fields) => visitor.visit_map(Fields {
                left: fields.iter(),
                next: Given::Absent,
            }),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Given::Text("true") => visitor.visit_bool(true),
            Given::Text("false") => visitor.visit_bool(false),
            _ => Err(Misfit::OtherType),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Given::Absent => visitor.visit_none(),
            given => visitor.visit_some(given),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Given<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Fields<'de> {
    left: slice::Iter<'de, (&'static str, Given<'de>)>,
    next: Given<'de>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let mut present = self
            .left
            .by_ref()
            .filter(|(_, given)| !matches!(given, Given::Absent));
        let Some((name, given)) = present.next() else {
            return Ok(None);
        };
        self.next = *given;
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        seed.deserialize(self.next)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn filled<'d, T: Deserialize<'d>>(given: &'d [(&'static str, Given<'d>)]) -> Result<T, Misfit> {
        T::deserialize(Given::Fields(given))
    }

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Texts {
        id: String,
        note: Option<String>,
    }

    #[test]
    fn a_text_is_given_as_the_type_that_is_asked_for() {
        #[derive(Debug, Deserialize, Serialize)]
        struct Bill {
            id: String,
            price: Number,
            talk: bool,
            quiet: bool,
            any: serde_json::Value,
            note: Option<String>,
            kept: Option<Number>,
        }
        let bill: Bill = filled(&[
            ("id", "00012".into()),
            ("price", "45000".into()),
            ("talk", "true".into()),
            ("quiet", "false".into()),
            ("any", Given::Fields(&[("a", "b".into())])),
            ("note", Given::Absent),
            ("kept", "1.50".into()),
        ])
        .unwrap();
        assert_eq!(
            serde_json::to_string(&bill).unwrap(),
            r#"{"id":"00012","price":45000,"talk":true,"quiet":false,"any":{"a":"b"},"note":null,"kept":1.50}"#
        );
    }

    #[test]
    fn what_is_absent_is_left_out_and_what_is_not_known_is_passed_over() {
        let texts: Texts = filled(&[
            ("other", "x".into()),
            ("id", "1".into()),
            ("note", None.into()),
        ])
        .unwrap();
        let expected = Texts {
            id: "1".to_owned(),
            note: None,
        };
        assert_eq!(texts, expected);
        let map: HashMap<String, String> = filled(&[("a", Given::Absent)]).unwrap();
        assert!(map.is_empty());
    }

    #[test]
    fn a_missing_field_is_named() {
        match filled::<Texts>(&[("note", "x".into())]) {
            Err(misfit @ Misfit::Missing("id")) => {
                assert_eq!(misfit.to_string(), "the specification requires id");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_misfit_does_not_repeat_the_value() {
        #[derive(Debug, Deserialize)]
        struct Bill {
            #[expect(dead_code)]
            price: Number,
        }
        for secret in ["a secret", "NaN", "1 2", ""] {
            let misfit = filled::<Bill>(&[("price", secret.into())]).unwrap_err();
            let shown = format!("{misfit} {misfit:?}");
            assert_eq!(
                shown,
                "the specification describes a field as another type OtherType"
            );
        }
    }
}
