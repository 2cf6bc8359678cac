//! The limits of requests, read from the specification ([`payssam::OPENAPI`]).
//!
//! The mock server reads the document on its own: it does not call the checks that the library makes
//! before it sends a request.

use std::collections::BTreeMap;

use payssam::Error;
use serde_json::Value;

/// How deep objects of a request may have objects inside.
const DEEPEST: u32 = 8;

/// What the specification requires of the request of each operation, by its path.
pub(crate) struct Limits(BTreeMap<String, Object>);

/// The fields of an object, in the order of the specification.
#[derive(Debug)]
struct Object(Vec<Field>);

#[derive(Debug)]
struct Field {
    name: String,
    is_required: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Object(Object),
    /// The least and the most characters.
    Text(u64, u64),
}

/// The first limit that a request breaks, with the name of the field.
#[derive(Debug, PartialEq)]
pub(crate) enum Violation {
    Missing(String),
    TooLong(String, u64),
    NotText(String),
    NotAnObject(String),
}

impl Limits {
    pub(crate) fn new() -> Result<Self, Error> {
        let broken = |problem: String| Error::config("specification", problem);
        let document: Value =
            serde_json::from_str(payssam::OPENAPI).map_err(|error| broken(error.to_string()))?;
        let paths = document["paths"].as_object().into_iter().flatten();
        let all = paths.map(|(path, item)| {
            let schema = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
            let object = Object::read(&document, schema, DEEPEST);
            let object = object.ok_or_else(|| broken(format!("{path} nests too deep")))?;
            Ok((path.clone(), object))
        });
        all.collect::<Result<_, _>>().map(Limits)
    }

    /// Checks a request against the schema of its operation.
    pub(crate) fn check(&self, path: &str, request: &Value) -> Result<(), Violation> {
        match self.0.get(path) {
            Some(object) => object.check(request, ""),
            None => Ok(()),
        }
    }

    /// Whether the specification has an operation at this path.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }
}

impl Object {
    /// Reads a schema; `None` if objects nest too deep.
    fn read(document: &Value, schema: &Value, deepest: u32) -> Option<Self> {
        let deepest = deepest.checked_sub(1)?;
        let schema = resolved(document, schema);
        let required = |name: &str| {
            let names = schema["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields = fields.map(|(name, property)| {
            let property = resolved(document, property);
            let kind = match property["type"] == "object" {
                true => Kind::Object(Object::read(document, property, deepest)?),
                false => Kind::Text(
                    property["minLength"].as_u64().unwrap_or(0),
                    property["maxLength"].as_u64().unwrap_or(u64::MAX),
                ),
            };
            Some(Field {
                name: name.clone(),
                is_required: required(name),
                kind,
            })
        });
        fields.collect::<Option<_>>().map(Object)
    }

    fn check(&self, value: &Value, name: &str) -> Result<(), Violation> {
        let Some(given) = value.as_object() else {
            return Err(Violation::NotAnObject(name.to_owned()));
        };
        for Field {
            name,
            is_required,
            kind,
        } in &self.0
        {
            match (kind, given.get(name)) {
                // The published schemas do not require the inner object, but every operation needs it.
                (Kind::Object(_), None | Some(Value::Null)) => {
                    return Err(Violation::Missing(name.clone()));
                }
                (Kind::Text(..), None | Some(Value::Null)) if *is_required => {
                    return Err(Violation::Missing(name.clone()));
                }
                (Kind::Text(..), None | Some(Value::Null)) => {}
                (Kind::Object(object), Some(inner)) => object.check(inner, name)?,
                (Kind::Text(least, most), Some(inner)) => text(*least, *most, inner, name)?,
            }
        }
        Ok(())
    }
}

fn resolved<'s>(document: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(&Value::Null),
        None => schema,
    }
}

fn text(least: u64, most: u64, value: &Value, name: &str) -> Result<(), Violation> {
    let Some(text) = value.as_str() else {
        return Err(Violation::NotText(name.to_owned()));
    };
    let length = text.chars().count() as u64;
    if length < least {
        return Err(Violation::Missing(name.to_owned()));
    }
    if length > most {
        return Err(Violation::TooLong(name.to_owned(), most));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(bill: Value) -> Result<(), Violation> {
        let request = json!({"apiKey": "k", "member": "m", "merchant": "s", "bill": bill});
        Limits::new().unwrap().check("/bill/read", &request)
    }

    #[test]
    fn a_length_is_counted_in_characters() {
        assert_eq!(check(json!({"billId": "가".repeat(20)})), Ok(()));
        assert_eq!(
            check(json!({"billId": "가".repeat(21)})),
            Err(Violation::TooLong("billId".into(), 20))
        );
    }

    #[test]
    fn a_field_that_is_absent_null_or_empty_is_missing() {
        for bill in [json!({}), json!({"billId": null}), json!({"billId": ""})] {
            assert_eq!(check(bill), Err(Violation::Missing("billId".into())));
        }
        assert_eq!(check(Value::Null), Err(Violation::Missing("bill".into())));
    }

    #[test]
    fn a_field_of_another_type_is_named() {
        assert_eq!(
            check(json!({"billId": 7})),
            Err(Violation::NotText("billId".into()))
        );
        assert_eq!(
            check(json!("7")),
            Err(Violation::NotAnObject("bill".into()))
        );
        let limits = Limits::new().unwrap();
        assert_eq!(
            limits.check("/bill/read", &json!([])),
            Err(Violation::NotAnObject(String::new()))
        );
    }

    #[test]
    fn fields_that_the_specification_does_not_have_are_ignored() {
        assert_eq!(check(json!({"billId": "1", "other": [1]})), Ok(()));
    }
}
