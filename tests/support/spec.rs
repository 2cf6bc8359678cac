//! The specification as PaySsam published it.

use std::{fs, path::Path};

use jsonschema::Validator;
use serde_json::{Value, json};

pub fn upstream() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/upstream.json");
    let text = fs::read_to_string(path).expect("openapi/upstream.json");
    serde_json::from_str(&text).expect("JSON")
}

/// Validates against one component of a specification, by the rules of OpenAPI 3.1.
pub fn validator(specification: &Value, component: &str) -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{component}"),
        "components": specification["components"],
    });
    jsonschema::draft202012::new(&schema).expect("a schema")
}
