//! The document around the schemas: which keys may stand where, the version,
//! the servers.

use serde_json::{Map, Value};

use super::walk::{items, members, object, path_items};
use super::{Error, shape};
use crate::page::is_method;
use crate::pointer::Pointer;

const DOCUMENT: &[&str] = &[
    "openapi",
    "info",
    "servers",
    "tags",
    "paths",
    "components",
    "externalDocs",
];
const INFO: &[&str] = &[
    "title",
    "description",
    "termsOfService",
    "contact",
    "license",
    "version",
];
const LICENSE: &[&str] = &["name", "url"];
const SERVER: &[&str] = &["url", "description", "variables"];
const TAG: &[&str] = &["name", "description", "externalDocs"];
const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "operationId",
    "requestBody",
    "responses",
    "deprecated",
    "externalDocs",
];
const BODY: &[&str] = &["description", "content", "required"];
const RESPONSE: &[&str] = &["description", "content"];
const MEDIA_TYPE: &[&str] = &["schema", "example", "examples"];
const COMPONENTS: &[&str] = &["schemas"];

/// Refuses every key outside of schemas that means nothing to the other steps:
/// 3.1's own (`webhooks`, `jsonSchemaDialect`, a licence's `identifier`), and
/// what no page has had so far (parameters, security, headers), because
/// somebody has to think about those first.
pub(super) fn refuse_unknown_keys(mut document: Value) -> Result<Value, Error> {
    let root = Pointer::root();
    let top = known(&mut document, DOCUMENT, &root)?;
    if let Some(info) = top.get_mut("info") {
        let at = root.child("info");
        let info = known(info, INFO, &at)?;
        if let Some(license) = info.get_mut("license") {
            known(license, LICENSE, &at.child("license"))?;
        }
    }
    for (at, server) in items(top, "servers", &root)? {
        known(server, SERVER, &at)?;
    }
    for (at, tag) in items(top, "tags", &root)? {
        known(tag, TAG, &at)?;
    }
    if let Some(components) = top.get_mut("components") {
        known(components, COMPONENTS, &root.child("components"))?;
    }
    for (at, item) in path_items(&mut document)? {
        for (key, operation) in item.iter_mut() {
            let at = at.child(key);
            match key.as_str() {
                "summary" | "description" => {}
                method if is_method(method) => refuse_unknown_in_operation(operation, &at)?,
                _ => return Err(Error::Unknown { pointer: at }),
            }
        }
    }
    Ok(document)
}

fn refuse_unknown_in_operation(operation: &mut Value, at: &Pointer) -> Result<(), Error> {
    let operation = known(operation, OPERATION, at)?;
    if !operation.get("operationId").is_some_and(Value::is_string) {
        let found = operation.get("operationId").unwrap_or(&Value::Null);
        let expected = "a name for the generated function";
        return Err(shape(&at.child("operationId"), expected, found));
    }
    if let Some(body) = operation.get_mut("requestBody") {
        let at = at.child("requestBody");
        let body = known(body, BODY, &at)?;
        refuse_unknown_in_content(body, &at)?;
    }
    for (at, response) in members(operation, "responses", at)? {
        let response = known(response, RESPONSE, &at)?;
        refuse_unknown_in_content(response, &at)?;
    }
    Ok(())
}

fn refuse_unknown_in_content(parent: &mut Map<String, Value>, at: &Pointer) -> Result<(), Error> {
    for (at, media_type) in members(parent, "content", at)? {
        known(media_type, MEDIA_TYPE, &at)?;
    }
    Ok(())
}

fn known<'a>(
    value: &'a mut Value,
    keys: &[&str],
    at: &Pointer,
) -> Result<&'a mut Map<String, Value>, Error> {
    let object = object(value, at)?;
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(Error::Unknown {
            pointer: at.child(key),
        }),
        None => Ok(object),
    }
}

/// 3.1.x becomes 3.0.3.
pub(super) fn lower_version(mut document: Value) -> Result<Value, Error> {
    let root = Pointer::root();
    let version = object(&mut document, &root)?
        .entry("openapi")
        .or_insert(Value::Null);
    match version {
        Value::String(text) if text.starts_with("3.1.") => *text = "3.0.3".to_owned(),
        other => return Err(shape(&root.child("openapi"), "a version 3.1.x", other)),
    }
    Ok(document)
}

/// PaySsam publishes `"servers":[{"url":null}]`, which says nothing and which
/// the generator's parser refuses.
pub(super) fn drop_servers_without_url(mut document: Value) -> Result<Value, Error> {
    let top = object(&mut document, &Pointer::root())?;
    if let Some(Value::Array(servers)) = top.get_mut("servers") {
        servers.retain(|server| !server["url"].is_null());
        if servers.is_empty() {
            top.shift_remove("servers");
        }
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_key_that_the_steps_know_passes() {
        let spec = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "v0", "license": {"name": "MIT"}},
            "servers": [{"url": null, "description": "d"}],
            "tags": [{"name": "t", "description": "d"}],
            "paths": {"/a": {"summary": "s", "post": {
                "tags": ["t"],
                "summary": "s",
                "description": "d",
                "operationId": "a",
                "deprecated": true,
                "requestBody": {
                    "required": true,
                    "content": {"application/json": {"schema": {}, "example": {}}},
                },
                "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {}}}}},
            }}},
            "components": {"schemas": {"A": {"unknown to this step": 1}}},
        });
        assert_eq!(refuse_unknown_keys(spec.clone()).unwrap(), spec);
    }

    #[test]
    fn an_unknown_key_is_refused_by_its_pointer_at_every_level() {
        let operation = |member: &str, value: Value| json!({"paths": {"/a": {"post": {"operationId": "a", member: value}}}});
        for (spec, pointer) in [
            (json!({"webhooks": {}}), "/webhooks"),
            (json!({"jsonSchemaDialect": ""}), "/jsonSchemaDialect"),
            (json!({"security": []}), "/security"),
            (json!({"info": {"summary": ""}}), "/info/summary"),
            (
                json!({"info": {"license": {"identifier": "MIT"}}}),
                "/info/license/identifier",
            ),
            (json!({"servers": [{"x": 1}]}), "/servers/0/x"),
            (json!({"tags": [{"x": 1}]}), "/tags/0/x"),
            (
                json!({"components": {"securitySchemes": {}}}),
                "/components/securitySchemes",
            ),
            (
                json!({"paths": {"/a": {"parameters": []}}}),
                "/paths/~1a/parameters",
            ),
            (operation("security", json!([])), "/paths/~1a/post/security"),
            (
                operation("requestBody", json!({"$ref": "#/x"})),
                "/paths/~1a/post/requestBody/$ref",
            ),
            (
                operation("requestBody", json!({"content": {"a/b": {"encoding": {}}}})),
                "/paths/~1a/post/requestBody/content/a~1b/encoding",
            ),
            (
                operation("responses", json!({"200": {"headers": {}}})),
                "/paths/~1a/post/responses/200/headers",
            ),
        ] {
            let message = refuse_unknown_keys(spec).unwrap_err().to_string();
            assert!(
                message.contains(&format!(", {pointer}: no lowering step knows")),
                "{message}"
            );
        }
    }

    #[test]
    fn an_operation_without_a_name_is_refused() {
        let spec = json!({"paths": {"/a": {"post": {}}}});
        let message = refuse_unknown_keys(spec).unwrap_err().to_string();
        assert!(
            message.contains(", /paths/~1a/post/operationId: "),
            "{message}"
        );
    }

    #[test]
    fn version_3_1_becomes_3_0_3() {
        for version in ["3.1.0", "3.1.1"] {
            let lowered = lower_version(json!({"openapi": version})).unwrap();
            assert_eq!(lowered, json!({"openapi": "3.0.3"}));
        }
    }

    #[test]
    fn another_version_is_refused() {
        for spec in [
            json!({"openapi": "3.0.3"}),
            json!({"openapi": "3.2.0"}),
            json!({"openapi": 3.1}),
            json!({}),
        ] {
            let message = lower_version(spec).unwrap_err().to_string();
            assert!(
                message.contains(", /openapi: expected a version 3.1.x"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_server_without_an_address_is_dropped_and_with_the_last_one_the_list() {
        let nameless = json!({"url": null, "description": "Generated server url"});
        let named = json!({"url": "https://example.com"});
        let only_nameless = json!({"servers": [nameless]});
        assert_eq!(drop_servers_without_url(only_nameless).unwrap(), json!({}));
        let both = json!({"servers": [nameless, named]});
        let expected = json!({"servers": [named]});
        assert_eq!(drop_servers_without_url(both).unwrap(), expected);
    }
}
