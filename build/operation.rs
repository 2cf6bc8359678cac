//! The operations of `client.json`.

use serde_json::Value;

/// An operation that can be called: a POST of a JSON object to a path without parameters.
pub(crate) struct Operation<'s> {
    pub(crate) path: &'s str,
    /// The name of the component that describes its request, if it has one.
    pub(crate) request: Option<&'s str>,
    pub(crate) definition: &'s Value,
}

/// The operations whose requests are generated.
pub(crate) fn operations(spec: &Value, reconstructed: bool) -> Result<Vec<Operation<'_>>, String> {
    let mut operations = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        let definition = &item["post"];
        if definition.is_null() || path.contains('{') {
            continue;
        }
        if !reconstructed && definition["x-reconstructed"] == true {
            continue;
        }
        let reference = &definition["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        operations.push(Operation {
            path,
            request: match reference {
                Value::Null => None,
                reference => Some(name(component(reference))?),
            },
            definition,
        });
    }
    Ok(operations)
}

/// The name of the component that a reference names.
pub(crate) fn component(reference: &Value) -> &str {
    let reference = reference.as_str().unwrap_or_default();
    reference
        .strip_prefix("#/components/schemas/")
        .unwrap_or_default()
}

/// A name that becomes an identifier.
pub(crate) fn name(text: &str) -> Result<&str, String> {
    let is_name = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match is_name {
        true => Ok(text),
        false => Err(format!(
            "{text:?} is not a name of the lowering; renew the file with `cargo xtask spec build`"
        )),
    }
}
