//! The response types of the specification that the library was generated from.

use serde_json::Value;

/// Checks that a response has the fields and types of the specification and no other. The `data` of a
/// rejection is `null`, which was observed and is not published.
pub fn assert_response(path: &str, response: &Value) {
    let specification: Value = serde_json::from_str(payssam::OPENAPI).unwrap();
    let path = match specification["paths"][path].is_object() {
        true => path,
        // Every response has the same envelope.
        false => "/bill/read",
    };
    let request = &specification["paths"][path]["post"]["requestBody"]["content"];
    let request = &request["application/json"]["schema"]["$ref"];
    // The document links no response: it has a schema beside that of the request.
    let (schema, _) = request.as_str().unwrap().rsplit_once("Request").unwrap();
    let schema = serde_json::json!({"$ref": format!("{schema}Response")});
    let is_success = response["code"] == "0000";
    if is_success || !response["data"].is_null() {
        assert_fits(&specification, &schema, response, path);
        return;
    }
    let mut envelope = response.clone();
    envelope.as_object_mut().unwrap().remove("data");
    assert_fits(&specification, &schema, &envelope, path);
}

fn assert_fits(specification: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = match schema["$ref"].as_str().and_then(|at| at.strip_prefix('#')) {
        Some(pointer) => specification.pointer(pointer).unwrap(),
        None => schema,
    };
    match schema["type"].as_str() {
        Some("string") => assert!(value.is_string(), "{place}: {value}"),
        Some("integer") => assert!(value.is_i64(), "{place}: {value}"),
        Some("array") => {
            for item in value.as_array().expect(place) {
                assert_fits(specification, &schema["items"], item, place);
            }
        }
        Some("object") => {
            for (name, value) in value.as_object().expect(place) {
                let place = format!("{place} {name}");
                let property = &schema["properties"][name];
                assert!(!property.is_null(), "{place} is not in the specification");
                assert_fits(specification, property, value, &place);
            }
        }
        other => panic!("{place} has the type {other:?} in the specification"),
    }
}
