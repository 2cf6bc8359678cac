//! The names of types, which are lower case in JSON Schema, and are written in other letters by those who think of
//! Java.

use serde_json::Value;

use openapi_compare::pointer::Pointer;

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// What a value of these keys holds is nobody's schema.
const DATA: [&str; 8] = [
    "const", "default", "enum", "example", "examples", "mapping", "scopes", "value",
];

/// Deeper values are left to those who refuse them.
const DEEPEST: usize = 512;

/// Corrects the names of all types, and says which was the first and how many there were.
pub fn correct(document: &mut Value) -> Option<String> {
    let mut found = Found::default();
    search(document, &mut Vec::new(), &mut found);
    let at = found.first?;
    let more = match found.count {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    Some(format!(
        "the name of a type in other letters than JSON Schema's, read as what it means, at {}{more}",
        at.shown()
    ))
}

#[derive(Default)]
struct Found {
    first: Option<Pointer>,
    count: usize,
}

fn search(value: &mut Value, path: &mut Vec<String>, found: &mut Found) {
    if path.len() > DEEPEST {
        return;
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                search(item, path, found);
                path.pop();
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                if DATA.contains(&key.as_str()) || key.starts_with("x-") {
                    continue;
                }
                path.push(key.clone());
                let names = match (key.as_str(), &mut *member) {
                    ("type", Value::Array(names)) => names.iter_mut().collect(),
                    ("type", name @ Value::String(_)) => vec![name],
                    _ => Vec::new(),
                };
                for name in names {
                    let lower = name.as_str().unwrap_or_default().to_ascii_lowercase();
                    if TYPES.contains(&lower.as_str()) && name.as_str() != Some(&lower) {
                        *name = Value::from(lower);
                        found.count += 1;
                        found.first.get_or_insert_with(|| {
                            path.iter().fold(Pointer::root(), |at, name| at.child(name))
                        });
                    }
                }
                search(member, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_corrected_where_schemas_are_and_nowhere_else() {
        let mut document = json!({"components": {"schemas": {"A": {
            "type": "Object",
            "properties": {"type": {"type": ["String", "null"], "enum": ["String"]}},
            "example": {"type": "String"},
            "x-a": {"type": "String"},
        }}, "securitySchemes": {"a": {"type": "apiKey"}}}});
        let remark = correct(&mut document).unwrap();
        assert!(
            remark.ends_with("at /components/schemas/A/type, and 1 more"),
            "{remark}"
        );
        assert_eq!(
            document,
            json!({"components": {"schemas": {"A": {
            "type": "object",
            "properties": {"type": {"type": ["string", "null"], "enum": ["String"]}},
            "example": {"type": "String"},
            "x-a": {"type": "String"},
        }}, "securitySchemes": {"a": {"type": "apiKey"}}}})
        );
        assert_eq!(correct(&mut document), None);
    }
}
