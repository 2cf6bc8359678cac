//! The limits of requests, read from the specification ([`payssam::OPENAPI`]).
//!
//! The mock server reads the document on its own: it does not call the checks that the library makes
//! before it sends a request.

use std::{collections::BTreeMap, ptr};

use payssam::Error;
use serde_json::Value;

/// What the specification requires of the request of each operation.
pub(crate) struct Limits {
    /// The object of each path.
    paths: BTreeMap<String, Index>,
    objects: Vec<Object>,
}

/// The place of an object in [`Limits`]: a schema may contain itself.
type Index = usize;

/// The fields of an object.
#[derive(Default)]
struct Object(Vec<Field>);

struct Field {
    name: String,
    is_required: bool,
    kind: Kind,
}

enum Kind {
    Object(Index),
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
        serde_json::from_str(payssam::OPENAPI)
            .map(|document| Limits::of(&document))
            .map_err(|error| Error::config("specification", error))
    }

    fn of(document: &Value) -> Self {
        let mut reader = Reader {
            document,
            known: BTreeMap::new(),
            objects: Vec::new(),
        };
        let paths = document["paths"].as_object().into_iter().flatten();
        let paths = paths.map(|(path, item)| {
            let body = &item["post"]["requestBody"]["content"]["application/json"]["schema"];
            (path.clone(), reader.object(body))
        });
        Limits {
            paths: paths.collect(),
            objects: reader.objects,
        }
    }

    /// Checks a request against the schema of its operation.
    pub(crate) fn check(&self, path: &str, request: &Value) -> Result<(), Violation> {
        match self.paths.get(path) {
            Some(object) => self.object(*object, request, ""),
            None => Ok(()),
        }
    }

    /// Whether the specification has an operation at this path.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    fn object(&self, object: Index, value: &Value, name: &str) -> Result<(), Violation> {
        let Some(given) = value.as_object() else {
            return Err(Violation::NotAnObject(name.to_owned()));
        };
        for field in &self.objects[object].0 {
            let Field { name, kind, .. } = field;
            match (kind, given.get(name).unwrap_or(&Value::Null)) {
                // The published schemas do not require the inner object, but every operation needs it.
                (Kind::Object(_), Value::Null) => return Err(Violation::Missing(name.clone())),
                (Kind::Text(..), Value::Null) if field.is_required => {
                    return Err(Violation::Missing(name.clone()));
                }
                (Kind::Text(..), Value::Null) => {}
                (Kind::Object(object), inner) => self.object(*object, inner, name)?,
                (Kind::Text(least, most), inner) => text(*least, *most, inner, name)?,
            }
        }
        Ok(())
    }
}

/// Reads the schemas of a document, each once.
struct Reader<'d> {
    document: &'d Value,
    known: BTreeMap<*const Value, Index>,
    objects: Vec<Object>,
}

impl<'d> Reader<'d> {
    fn object(&mut self, schema: &'d Value) -> Index {
        let schema = resolved(self.document, schema);
        if let Some(known) = self.known.get(&ptr::from_ref(schema)) {
            return *known;
        }
        let index = self.objects.len();
        self.objects.push(Object::default());
        self.known.insert(ptr::from_ref(schema), index);
        let required = |name: &str| {
            let names = schema["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields = fields.map(|(name, property)| {
            let property = resolved(self.document, property);
            let kind = match property["type"] == "object" {
                true => Kind::Object(self.object(property)),
                false => Kind::Text(
                    property["minLength"].as_u64().unwrap_or(0),
                    property["maxLength"].as_u64().unwrap_or(u64::MAX),
                ),
            };
            Field {
                name: name.clone(),
                is_required: required(name),
                kind,
            }
        });
        self.objects[index] = Object(fields.collect());
        index
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

    #[test]
    fn a_schema_may_contain_itself() {
        let document = json!({
            "paths": {"/tree": {"post": {"requestBody": {"content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Tree",
            }}}}}}},
            "components": {"schemas": {"Tree": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "inner": {"$ref": "#/components/schemas/Tree"}},
            }}},
        });
        let limits = Limits::of(&document);
        let missing = |name: &str| Err(Violation::Missing(name.into()));
        let tree = json!({"name": "a", "inner": {"name": "b"}});
        assert_eq!(limits.check("/tree", &tree), missing("inner"));
        let tree = json!({"name": "a", "inner": {"name": "b", "inner": 7}});
        assert_eq!(
            limits.check("/tree", &tree),
            Err(Violation::NotAnObject("inner".into()))
        );
    }
}
