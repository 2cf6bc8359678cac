//! The limits of the specification, read from the very document that the client is made from.

use serde_json::Value;

use payssam::Error;

/// The schemas of the requests.
pub(crate) struct Limits(Value);

/// What is wrong with a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Breach {
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

    /// Holds a request against the schema of its operation.
    pub(crate) fn check(&self, path: &str, request: &Value) -> Result<(), Breach> {
        let operation = &self.0["paths"][path]["post"];
        self.object(
            &operation["requestBody"]["content"]["application/json"]["schema"],
            request,
            "",
        )
    }

    /// Whether the specification has an operation at this path.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.0["paths"].get(path).is_some()
    }

    fn object(&self, schema: &Value, value: &Value, name: &str) -> Result<(), Breach> {
        let schema = self.resolved(schema);
        if !value.is_object() {
            return Err(Breach::NotAnObject(name.to_owned()));
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
                // The inner object is not in the published list, but every call needs it.
                Value::Null if required(name) || is_object => {
                    return Err(Breach::Missing(name.clone()));
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

fn text(schema: &Value, value: &Value, name: &str) -> Result<(), Breach> {
    let Some(text) = value.as_str() else {
        return Err(Breach::NotText(name.to_owned()));
    };
    let length = text.chars().count() as u64;
    if length < schema["minLength"].as_u64().unwrap_or(0) {
        return Err(Breach::Missing(name.to_owned()));
    }
    match schema["maxLength"].as_u64() {
        Some(limit) if length > limit => Err(Breach::TooLong(name.to_owned(), limit)),
        _ => Ok(()),
    }
}
