//! The limits of requests, read from the specification ([`payssam::OPENAPI`]).
//!
//! The mock server reads the document on its own: it does not call the checks that the library makes
//! before it sends a request.

use payssam::Error;
use serde_json::Value;

/// The specification.
pub(crate) struct Limits(Value);

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
            .map(Limits)
            .map_err(|error| Error::config("specification", error))
    }

    /// Checks a request against the schema of its operation.
    pub(crate) fn check(&self, path: &str, request: &Value) -> Result<(), Violation> {
        let operation = &self.0["paths"][path]["post"];
        self.object(
            &operation["requestBody"]["content"]["application/json"]["schema"],
            request,
            "",
        )
    }

    /// Whether the specification has an operation at this path.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.0["paths"].get(path).is_some()
    }

    fn object(&self, schema: &Value, value: &Value, name: &str) -> Result<(), Violation> {
        let schema = self.resolved(schema);
        if !value.is_object() {
            return Err(Violation::NotAnObject(name.to_owned()));
        }
        let required = |name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|required| required == name))
        };
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let property = self.resolved(property);
            let is_object = property["type"] == "object";
            match &value[name] {
                // The published schemas do not require the inner object, but every operation needs it.
                Value::Null if required(name) || is_object => {
                    return Err(Violation::Missing(name.clone()));
                }
                Value::Null => {}
                inner if is_object => self.object(property, inner, name)?,
                inner => text(property, inner, name)?,
            }
        }
        Ok(())
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
            Some(pointer) => self.0.pointer(pointer).unwrap_or(&Value::Null),
            None => schema,
        }
    }
}

fn text(schema: &Value, value: &Value, name: &str) -> Result<(), Violation> {
    let Some(text) = value.as_str() else {
        return Err(Violation::NotText(name.to_owned()));
    };
    let length = text.chars().count() as u64;
    if length < schema["minLength"].as_u64().unwrap_or(0) {
        return Err(Violation::Missing(name.to_owned()));
    }
    match schema["maxLength"].as_u64() {
        Some(limit) if length > limit => Err(Violation::TooLong(name.to_owned(), limit)),
        _ => Ok(()),
    }
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
