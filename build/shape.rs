//! The input of the generator: the requests, with their fields and nothing else.
//!
//! Limits, formats, enums and defaults are rules ([`crate::rules`]), which the library checks itself. So
//! they need no further crate, change no generated type, and cannot make the generator fail.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::operation::{Operation, component};

/// The name under which the generator knows the type of numbers.
pub(crate) const NUMBER: &str = "Number";

/// How deep objects may nest; anything deeper is any value. Types as deep as the objects of a page may be
/// would reach the recursion limit of the compiler.
const DEEPEST: usize = 8;

/// The document for the generator.
pub(crate) fn of(spec: &Value, operations: &[Operation<'_>]) -> Value {
    let schemas = &spec["components"]["schemas"];
    let mut shapes = Shapes {
        schemas,
        made: Map::new(),
        open: Vec::new(),
    };
    shapes
        .made
        .insert(NUMBER.to_owned(), json!({"type": "string"}));
    for request in operations.iter().filter_map(|operation| operation.request) {
        shapes.root(request);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {},
        "components": {"schemas": shapes.made},
    })
}

struct Shapes<'s> {
    schemas: &'s Value,
    /// The components that are used, each built once.
    made: Map<String, Value>,
    /// The components that are being built.
    open: Vec<String>,
}

impl Shapes<'_> {
    /// Makes a request, which keeps its name whatever it is.
    fn root(&mut self, name: &str) {
        let shape = self.reference(name);
        if shape.get("$ref").is_none() {
            self.made.insert(name.to_owned(), shape);
        }
    }

    /// A reference to an object of a name; any value where the component is something else.
    fn reference(&mut self, name: &str) -> Value {
        let Some(schema) = self.schemas.get(name) else {
            return json!({});
        };
        let holds_itself = self.open.iter().any(|open| open == name);
        // A struct that contains itself would be sent with a null for a missing value.
        if holds_itself || self.open.len() >= DEEPEST {
            return json!({});
        }
        self.open.push(name.to_owned());
        let shape = match schema["properties"].as_object() {
            Some(properties) => {
                if !self.made.contains_key(name) {
                    let object = self.object(schema, properties);
                    self.made.insert(name.to_owned(), object);
                }
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
            None => self.plain(schema),
        };
        self.open.pop();
        shape
    }

    fn object(&mut self, schema: &Value, properties: &Map<String, Value>) -> Value {
        let mut kept = Map::new();
        for name in fields(properties) {
            let property = &properties[name];
            kept.insert(name.to_owned(), self.field(property));
        }
        let is_kept = |name: &&Value| name.as_str().is_some_and(|name| kept.contains_key(name));
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<&Value> = required.filter(is_kept).collect();
        json!({"type": "object", "properties": kept, "required": required})
    }

    fn field(&mut self, schema: &Value) -> Value {
        match schema.get("$ref") {
            Some(reference) => self.reference(component(reference)),
            None => self.plain(schema),
        }
    }

    /// A schema that is not a reference.
    fn plain(&mut self, schema: &Value) -> Value {
        let is_choice = ["allOf", "anyOf", "oneOf", "not"]
            .iter()
            .any(|keyword| schema.get(keyword).is_some());
        let mut shape = match schema["type"].as_str() {
            _ if is_choice => return json!({}),
            Some("string") => json!({"type": "string"}),
            Some("boolean") => json!({"type": "boolean"}),
            Some("integer" | "number") => {
                json!({"allOf": [{"$ref": format!("#/components/schemas/{NUMBER}")}]})
            }
            Some("array") => json!({"type": "array", "items": self.field(&schema["items"])}),
            _ => return json!({}),
        };
        if schema["nullable"] == true {
            shape["nullable"] = json!(true);
        }
        shape
    }
}

/// The names of the fields that a struct can have: only names in ASCII, because a call gives no others,
/// and of names that would get the same identifier, the one in lower camel case.
pub(crate) fn fields(properties: &Map<String, Value>) -> Vec<&str> {
    let names = || {
        properties
            .keys()
            .map(String::as_str)
            .filter(|name| name.is_ascii())
    };
    let mut by_identifier: HashMap<String, &str> = HashMap::new();
    for name in names() {
        let kept = by_identifier.entry(identifier(name)).or_insert(name);
        if !is_camel_case(kept) && is_camel_case(name) {
            *kept = name;
        }
    }
    let is_kept = |name: &&str| by_identifier.get(&identifier(name)) == Some(name);
    names().filter(is_kept).collect()
}

/// Equal for all names that the generator could give the same identifier.
fn identifier(name: &str) -> String {
    let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match folded.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => folded.to_ascii_lowercase(),
        _ => format!("x{}", folded.to_ascii_lowercase()),
    }
}

fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
