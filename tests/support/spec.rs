//! The specification as PaySsam published it, by operation and place: the names of its classes do not
//! matter.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{collections::BTreeMap, fs, path::Path};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// Whose body it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Body {
    Request,
    Response,
}

pub fn upstream() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/upstream.json");
    let text = fs::read_to_string(path).expect("openapi/upstream.json");
    serde_json::from_str(&text).expect("JSON")
}

/// The schema of a body of `POST path`; `null` if the specification has none.
fn schema<'s>(specification: &'s Value, path: &str, body: Body) -> &'s Value {
    let operation = &specification["paths"][path]["post"];
    let described = match body {
        Body::Request => resolved(specification, &operation["requestBody"]),
        Body::Response => resolved(specification, success(&operation["responses"])),
    };
    let content = described["content"].as_object().into_iter().flatten();
    let json = content
        .filter(|(media_type, _)| media_type.contains("json") || *media_type == "*/*")
        .map(|(_, media_type)| &media_type["schema"])
        .next();
    json.unwrap_or(&Value::Null)
}

/// The response of a success.
fn success(responses: &Value) -> &Value {
    let codes = responses.as_object().into_iter().flatten();
    let mut codes: Vec<&String> = codes.map(|(code, _)| code).collect();
    codes.sort();
    let is_success = |code: &&String| code.starts_with('2');
    let first = codes.into_iter().find(is_success);
    first.map_or(&responses["default"], |code| &responses[code])
}

/// Every property of a body with its schema, by its names joined by `/`, such as `bill/billId`.
pub fn properties(specification: &Value, path: &str, body: Body) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    collect(
        specification,
        schema(specification, path, body),
        "",
        0,
        &mut found,
    );
    found
}

fn collect(
    specification: &Value,
    schema: &Value,
    below: &str,
    depth: usize,
    found: &mut BTreeMap<String, Value>,
) {
    // A class may hold itself.
    if depth > 6 {
        return;
    }
    let schema = resolved(specification, schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = match below {
            "" => name.clone(),
            _ => format!("{below}/{name}"),
        };
        collect(specification, property, &place, depth + 1, found);
        found
            .entry(place)
            .or_insert_with(|| described(specification, property, 0));
    }
    collect_parts(specification, schema, below, depth, found);
}

fn collect_parts(
    specification: &Value,
    schema: &Value,
    below: &str,
    depth: usize,
    found: &mut BTreeMap<String, Value>,
) {
    for part in parts(schema) {
        collect(specification, part, below, depth + 1, found);
    }
    if schema["items"].is_object() {
        collect(
            specification,
            &schema["items"],
            &format!("{below}/items"),
            depth + 1,
            found,
        );
    }
}

/// The parts of a schema: all of them, any or one.
fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|keyword| schema[keyword].as_array())
        .flatten()
}

/// A schema with the keywords of its parts, the first of each.
fn described(specification: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(specification, schema);
    let mut whole = schema.clone();
    if depth > 6 {
        return whole;
    }
    for part in parts(schema) {
        let part = described(specification, part, depth + 1);
        if part["type"] == "null" {
            continue;
        }
        for (keyword, value) in part.as_object().into_iter().flatten() {
            if let Some(whole) = whole.as_object_mut() {
                whole.entry(keyword).or_insert_with(|| value.clone());
            }
        }
    }
    whole
}

fn resolved<'s>(specification: &'s Value, value: &'s Value) -> &'s Value {
    let mut value = value;
    for _ in 0..16 {
        let Some(pointer) = value["$ref"].as_str().and_then(|at| at.strip_prefix('#')) else {
            break;
        };
        value = specification.pointer(pointer).unwrap_or(&Value::Null);
    }
    value
}

/// The lengths that a schema allows: at least, at most.
pub fn lengths(schema: &Value) -> (usize, Option<usize>) {
    let limit = |keyword: &str| {
        let limit = schema[keyword].as_u64()?;
        usize::try_from(limit).ok()
    };
    (limit("minLength").unwrap_or(0), limit("maxLength"))
}

/// The limits and types that the library was written for, by operation, body and place.
pub fn decided() -> BTreeMap<String, Map<String, Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decided.json");
    let text = fs::read_to_string(path).expect("tests/decided.json");
    serde_json::from_str(&text).expect("JSON")
}

/// Validates a request of `POST path`, by the rules of OpenAPI 3.1 but for patterns; `None` if there is no such request.
pub fn request_validator(specification: &Value, path: &str) -> Option<Validator> {
    let schema = schema(specification, path, Body::Request);
    if schema.is_null() {
        return None;
    }
    let classes = specification["components"]["schemas"].as_object();
    let names: Vec<&String> = classes
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    // Class names may hold what a URI may not.
    let numbered: Map<String, Value> = classes
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(number, (_, class))| (format!("c{number}"), renamed(class, &names)))
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [renamed(schema, &names)],
        "components": {"schemas": numbered},
    });
    Some(jsonschema::draft202012::new(&schema).expect("a schema"))
}

/// The schema without patterns, with its references to classes by their number in `names`.
fn renamed(schema: &Value, names: &[&String]) -> Value {
    match schema {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let value = match class(value).filter(|_| key == "$ref") {
                    Some(class) => {
                        let number = names.iter().position(|name| **name == class);
                        json!(format!(
                            "#/components/schemas/c{}",
                            number.expect("a class")
                        ))
                    }
                    None => renamed(value, names),
                };
                (key.clone(), value)
            };
            // A pattern may not be a valid one; values are checked elsewhere.
            let members = members.iter();
            let members = members.filter(|(key, value)| *key != "pattern" || !value.is_string());
            members.map(member).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| renamed(item, names)).collect(),
        other => other.clone(),
    }
}

fn class(reference: &Value) -> Option<String> {
    let escaped = reference.as_str()?.strip_prefix("#/components/schemas/")?;
    Some(escaped.replace("~1", "/").replace("~0", "~"))
}
