//! How documents are lowered.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use xtask::generate::lower::lower;

fn class(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn operation(request: &Value, response: &Value) -> Value {
    json!({
        "operationId": "some",
        "requestBody": {"required": true, "content": content(request)},
        "responses": {"200": {"description": "ok", "content": content(response)}},
    })
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "v0"},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// A document with one operation, whose request has a schema.
fn with_request(request: &Value, schemas: Value) -> Value {
    document(
        json!({"/a": {"post": operation(request, &json!({}))}}),
        schemas,
    )
}

/// A document with one operation, with some keys replaced.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut operation = operation(&json!({}), &json!({}));
    for (key, value) in changes {
        operation[key] = value.clone();
    }
    document(json!({"/a": {"post": operation}}), json!({}))
}

#[track_caller]
fn lowered(document: &Value) -> Value {
    lower(document).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refusal(document: &Value) -> String {
    lower(document).unwrap_err().to_string()
}

#[track_caller]
fn assert_refused(document: &Value, expected: &str) {
    let message = refusal(document);
    assert!(message.contains(expected), "{message}");
}

fn names(lowered: &Value) -> Vec<&str> {
    let components = lowered["components"]["schemas"].as_object().unwrap();
    components.keys().map(String::as_str).collect()
}

/// The schema of a property of a request, and the other components that came of it.
#[track_caller]
fn property(schema: &Value) -> (Value, Map<String, Value>) {
    let request = json!({"type": "object", "properties": {"p": schema}});
    let schemas = json!({
        "Text": {"type": "string", "maxLength": 3},
        "Object": {"type": "object", "properties": {"a": {"type": "string"}}},
    });
    let mut client = lowered(&with_request(&request, schemas));
    let mut components = client["components"]["schemas"].take();
    let components = components.as_object_mut().unwrap();
    let property = components["ARequest"]["properties"]["p"].take();
    components.retain(|name, _| !["ARequest", "AResponse"].contains(&name.as_str()));
    (property, std::mem::take(components))
}

/// The schema of a property that needs no component.
#[track_caller]
fn plain(schema: &Value) -> Value {
    let (property, components) = property(schema);
    assert_eq!(components, Map::new());
    property
}

/// The schema of a property that is a component, and of those inside it.
#[track_caller]
fn component(schema: &Value) -> Map<String, Value> {
    let (property, components) = property(schema);
    assert_eq!(property, class("ARequestP"));
    components
}

fn unsupported(document: &Value) -> Value {
    lowered(document)["paths"]["/a"]["post"]["x-unsupported"].clone()
}

// Names

#[test]
fn a_whole_document_is_lowered_to_names_by_method_path_and_place() {
    let upstream = json!({
        "openapi": "3.1.0",
        "info": {"title": "OpenAPI `definition`", "version": "v0", "termsOfService": "https://a.kr", "contact": {"name": "c"}, "license": {"name": "l"}},
        "tags": [{"name": "t"}],
        "externalDocs": {"url": "https://a.kr"},
        "servers": [{"url": null}, {"url": "https://a.kr"}],
        "paths": {"/bill/read": {"summary": "s", "post": {
            "tags": ["t"],
            "operationId": "billRead",
            "summary": "조회",
            "description": "    조회\n",
            "externalDocs": {"url": "https://a.kr"},
            "deprecated": true,
            "requestBody": {"content": content(&class("Request"))},
            "responses": {"200": {"description": "성공", "content": content(&class("Response"))}},
        }}},
        "components": {"schemas": {
            "Request": {"type": "object", "title": "R", "required": ["price", "bill"], "properties": {
                "price": {"type": "integer", "exclusiveMinimum": 0},
                "bill": {"$ref": "#/components/schemas/Bill", "description": "청구서"},
            }},
            "Bill": {"type": "object", "description": "a class", "properties": {"kind": {"type": "string", "enum": ["A"]}}},
            "Response": {"type": "object", "properties": {
                "data": {"type": "array", "items": class("Entry")},
                "memo": {"type": ["string", "null"], "examples": ["가"]},
                "any": true,
                "more": {"type": "object", "additionalProperties": class("Entry")},
            }},
            "Entry": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Unused": {"type": "string"},
        }},
    });
    let entry = json!({"type": "object", "properties": {"id": {"type": "string"}}});
    let client = json!({
        "openapi": "3.0.3",
        "info": {"title": "OpenAPI \\`definition\\`", "version": "v0"},
        "paths": {"/bill/read": {"post": {
            "operationId": "bill_read",
            "summary": "조회",
            "description": "조회",
            "requestBody": {
                "required": true,
                "content": content(&class("BillReadRequest")),
            },
            "responses": {"default": {"description": "성공", "content": {"*/*": {}}}},
            "x-response": "#/components/schemas/BillReadResponse",
        }}},
        "components": {"schemas": {
            "BillReadRequest": {"type": "object", "properties": {
                "bill": class("BillReadRequestBill"),
                "price": {"type": "integer", "minimum": 0, "exclusiveMinimum": true},
            }, "required": ["bill", "price"]},
            "BillReadRequestBill": {"type": "object", "description": "청구서", "properties": {
                "kind": class("BillReadRequestBillKind"),
            }},
            "BillReadRequestBillKind": {"type": "string", "enum": ["A"]},
            "BillReadResponse": {"type": "object", "properties": {
                "any": {},
                "data": {"type": "array", "items": class("BillReadResponseDataItem")},
                "memo": {"type": "string", "nullable": true, "example": "가"},
                "more": {"type": "object", "additionalProperties": class("BillReadResponseMoreValue")},
            }},
            "BillReadResponseDataItem": entry,
            "BillReadResponseMoreValue": entry,
        }},
    });
    let lowered = lowered(&upstream);
    assert_eq!(lowered, client);
    assert_eq!(names(&lowered), names(&client), "sorted by name");
}

/// A document with two operations and classes inside each other and themselves.
fn two_operations(names: [&str; 4], ids: [Value; 2], reversed: bool) -> Value {
    let [request, bill, response, tag] = names;
    let order = |mut members: Vec<(String, Value)>| -> Value {
        if reversed {
            members.reverse();
        }
        Value::Object(members.into_iter().collect())
    };
    let object = |members: Vec<(&str, Value)>| {
        order(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    };
    let operation = |id: &Value| {
        let mut operation = operation(&class(request), &class(response));
        operation["operationId"] = id.clone();
        operation["tags"] = json!([tag]);
        operation
    };
    document(
        object(vec![
            ("/bill/read", json!({"post": operation(&ids[0])})),
            ("/bill/cancel", json!({"post": operation(&ids[1])})),
        ]),
        object(vec![
            (
                request,
                object(vec![
                    ("type", json!("object")),
                    (
                        "properties",
                        object(vec![
                            ("bill", class(bill)),
                            ("kind", json!({"enum": ["b", "a"]})),
                        ]),
                    ),
                    (
                        "required",
                        json!(if reversed {
                            ["kind", "bill"]
                        } else {
                            ["bill", "kind"]
                        }),
                    ),
                ]),
            ),
            (
                bill,
                json!({"type": "object", "properties": object(vec![("next", class(bill)), ("price", json!({"type": "string"}))])}),
            ),
            (
                response,
                json!({"type": "object", "properties": {"bills": {"type": "array", "items": class(bill)}}}),
            ),
        ]),
    )
}

#[test]
fn names_and_order_of_classes_operations_and_tags_change_no_byte() {
    let ids = || [json!("read"), json!("cancel")];
    let before = lowered(&two_operations(
        ["Request", "Bill", "Response", "t"],
        ids(),
        false,
    ))
    .to_string();
    for (names, ids, reversed) in [
        (["Z", "Y", "X", "t"], ids(), false),
        (["청구", "A b", "a.b", "다른"], ids(), false),
        (["Request", "Bill", "Response", "t"], ids(), true),
        (
            ["Request", "Bill", "Response", "t"],
            [json!("renamed"), json!("cancel")],
            false,
        ),
    ] {
        let after = lowered(&two_operations(names, ids, reversed)).to_string();
        assert_eq!(after, before);
    }
}

#[test]
fn a_missing_duplicate_or_odd_operation_id_is_ignored() {
    let of = |ids: [Value; 2]| lowered(&two_operations(["R", "B", "A", "t"], ids, false));
    let before = of([json!("read"), json!("cancel")]);
    for ids in [
        [json!("same"), json!("same")],
        [Value::Null, json!("")],
        [json!("type"), json!("`fn main() {}` \n")],
    ] {
        assert_eq!(of(ids), before);
    }
    let mut without = two_operations(["R", "B", "A", "t"], [json!(""), json!("")], false);
    for path in ["/bill/read", "/bill/cancel"] {
        let operation = without["paths"][path]["post"].as_object_mut().unwrap();
        operation.shift_remove("operationId");
    }
    assert_eq!(lowered(&without), before);
}

#[test]
fn operations_that_share_a_class_have_one_each() {
    let paths = json!({
        "/bill/read": {"post": operation(&class("Shared"), &class("Shared"))},
        "/bill/cancel": {"post": operation(&class("Shared"), &json!({}))},
    });
    let shared = json!({"type": "object", "properties": {"id": {"type": "string"}}});
    let client = lowered(&document(paths, json!({"Shared": shared})));
    for name in ["BillReadRequest", "BillReadResponse", "BillCancelRequest"] {
        assert_eq!(client["components"]["schemas"][name], shared);
    }
    assert_eq!(
        client["components"]["schemas"]["BillCancelResponse"],
        json!({})
    );
}

#[test]
fn a_class_at_two_places_of_one_operation_becomes_two() {
    let address = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    let request = json!({"type": "object", "properties": {
        "from": {"$ref": "#/components/schemas/Address", "description": "from here"},
        "to": class("Address"),
    }});
    let client = lowered(&with_request(&request, json!({"Address": address})));
    let schemas = &client["components"]["schemas"];
    assert_eq!(
        names(&client),
        ["ARequest", "ARequestFrom", "ARequestTo", "AResponse"]
    );
    assert_eq!(schemas["ARequestFrom"]["description"], "from here");
    assert_eq!(schemas["ARequestTo"], address);
}

#[test]
fn a_class_inside_itself_refers_to_the_place_around_it() {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    for (classes, expected) in [
        (
            json!({"Node": object(json!({"next": class("Node")}))}),
            json!({"ARequestNode": object(json!({"next": class("ARequestNode")}))}),
        ),
        (
            json!({"Node": object(json!({"all": {"type": "array", "items": class("Node")}}))}),
            json!({"ARequestNode": object(json!({"all": {"type": "array", "items": class("ARequestNode")}}))}),
        ),
        (
            json!({"Node": object(json!({"other": class("Other")})), "Other": object(json!({"node": class("Node")}))}),
            json!({
                "ARequestNode": object(json!({"other": class("ARequestNodeOther")})),
                "ARequestNodeOther": object(json!({"node": class("ARequestNode")})),
            }),
        ),
        (
            json!({"Node": {"type": "array", "items": class("Node")}}),
            json!({"ARequestNode": {"type": "array", "items": class("ARequestNode")}}),
        ),
        (
            json!({"Node": object(json!({"next": {"oneOf": [{"type": "null"}, class("Node")]}}))}),
            json!({"ARequestNode": object(json!({"next": {"nullable": true, "allOf": [class("ARequestNode")]}}))}),
        ),
    ] {
        let request = object(json!({"node": class("Node")}));
        let mut client = lowered(&with_request(&request, classes));
        let mut schemas = client["components"]["schemas"].take();
        let schemas = schemas.as_object_mut().unwrap();
        assert_eq!(
            schemas.shift_remove("ARequest").unwrap()["properties"]["node"],
            class("ARequestNode")
        );
        schemas.shift_remove("AResponse");
        assert_eq!(Value::Object(std::mem::take(schemas)), expected);
    }
}

#[test]
fn a_request_inside_itself_refers_to_itself() {
    let node = json!({"type": "object", "properties": {"next": class("Node")}});
    let client = lowered(&with_request(&class("Node"), json!({"Node": node})));
    let expected = json!({"type": "object", "properties": {"next": class("ARequest")}});
    assert_eq!(client["components"]["schemas"]["ARequest"], expected);
}

#[test]
fn a_class_that_is_only_itself_is_refused_with_its_pointer() {
    for classes in [
        json!({"A": class("A")}),
        json!({"A": class("B"), "B": {"allOf": [class("A")]}}),
        json!({"A": {"allOf": [class("A"), {"type": "object"}]}}),
        json!({"A": {"oneOf": [class("A"), {"type": "string"}]}}),
    ] {
        assert_refused(
            &with_request(&class("A"), classes),
            "/$ref: expected a schema that does not consist of itself",
        );
    }
}

#[test]
fn colliding_names_are_kept_apart() {
    let some = || json!({"post": operation(&json!({"type": "object"}), &json!({}))});
    let paths = json!({
        "/bill/read": some(), "/bill-read": some(), "/bill_read": some(), "/billRead": some(),
        "/cash/receipt/issue": some(), "/cash-receipt/issue": some(),
        "/bill": {"get": some()["post"], "post": some()["post"]}, "/get/bill": some(),
    });
    let client = lowered(&document(paths, json!({})));
    let mut ids: Vec<&str> = Vec::new();
    for item in client["paths"].as_object().unwrap().values() {
        let operations = item.as_object().unwrap().values();
        ids.extend(operations.map(|operation| operation["operationId"].as_str().unwrap()));
    }
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "bill",
            "bill_dash_read",
            "bill_read",
            "bill_underscore_read",
            "bill_upper_read",
            "cash_dash_receipt_issue",
            "cash_receipt_issue",
            "get_bill",
            "literal_get_bill",
        ]
    );
    assert_eq!(names(&client).len(), 2 * ids.len());
}

#[test]
fn properties_with_colliding_names_are_kept_apart() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let request = json!({"type": "object", "properties": {
        "cash_receipt": object, "cashReceipt": object, "청구": object, "": object,
    }});
    let client = lowered(&with_request(&request, json!({})));
    let properties = &client["components"]["schemas"]["ARequest"]["properties"];
    assert_eq!(properties["cashReceipt"], class("ARequestCashReceipt"));
    assert_eq!(properties["cash_receipt"], class("ARequestCashReceipt2"));
    assert_eq!(properties["청구"], class("ARequestUCCADUAD6C"));
    assert_eq!(properties[""], class("ARequestU"));
}

#[test]
fn a_class_and_the_same_schema_inline_are_lowered_alike() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let expected = property(&object);
    for spelling in [
        class("Object"),
        json!({"allOf": [class("Object")]}),
        json!({"oneOf": [{"allOf": [object]}]}),
        json!({"$ref": "#/components/schemas/Object", "title": "t", "x-order": 1}),
    ] {
        assert_eq!(property(&spelling), expected);
    }
    assert_eq!(
        plain(&class("Text")),
        json!({"type": "string", "maxLength": 3})
    );
}

#[test]
fn definitions_inside_a_schema_are_followed() {
    for reference in ["#/$defs/T", "#/components/schemas/Object/properties/a"] {
        let schema = json!({"type": "array", "items": {"$ref": reference}, "$defs": {"T": {"type": "string"}}});
        assert_eq!(
            plain(&schema),
            json!({"type": "array", "items": {"type": "string"}})
        );
    }
}

// Reconstructed operations

#[test]
fn an_operation_is_reconstructed_if_its_schema_says_so_and_nothing_else() {
    let is_reconstructed = |request: &str, more: &[(&str, Value)]| {
        let mut whole = with_request(&class(request), json!({request: {"type": "object"}}));
        for (key, value) in more {
            whole["paths"]["/a"]["post"][key] = value.clone();
        }
        lowered(&whole)["paths"]["/a"]["post"]["x-reconstructed"] == true
    };
    assert!(is_reconstructed("ReconstructedBillRequest", &[]));
    assert!(!is_reconstructed("BillRequest", &[]));
    assert!(!is_reconstructed(
        "BillRequest",
        &[
            (
                "description",
                json!("Reconstructed #/components/schemas/ReconstructedBill")
            ),
            ("x-reconstructed", json!(true)),
        ]
    ));
    let paths = json!({"/a": {"post": {"responses": {"200": {"description": "", "content": content(&class("ReconstructedResponse"))}}}}});
    let without_request = lowered(&document(paths, json!({"ReconstructedResponse": {}})));
    assert_eq!(
        without_request["paths"]["/a"]["post"]["x-reconstructed"],
        true
    );
}

// Responses

/// The description of the success and its schema's type.
fn success(responses: Value) -> (String, Option<String>) {
    let mut whole = with(&[("responses", responses)]);
    whole["components"]["responses"] = json!({
        "Shared": {"description": "shared", "content": content(&json!({"type": "string", "format": "shared"}))},
    });
    let client = lowered(&whole);
    let operation = &client["paths"]["/a"]["post"];
    assert_eq!(operation["responses"].as_object().unwrap().len(), 1);
    assert_eq!(
        operation["responses"]["default"]["content"],
        json!({"*/*": {}})
    );
    let description = operation["responses"]["default"]["description"]
        .as_str()
        .unwrap();
    let schema = &client["components"]["schemas"]["AResponse"];
    let pointer = operation["x-response"].as_str();
    assert_eq!(pointer.is_some(), !schema.is_null());
    assert!(pointer.is_none_or(|pointer| pointer == "#/components/schemas/AResponse"));
    (
        description.to_owned(),
        schema["format"].as_str().map(str::to_owned),
    )
}

#[test]
fn any_documented_set_of_responses_is_taken() {
    let of = |format: &str| json!({"description": format, "content": content(&json!({"format": format}))});
    let bodyless = json!({"description": "no body"});
    for (responses, description, format) in [
        (
            json!({"200": of("a"), "400": of("b"), "404": of("c"), "default": of("d")}),
            "a",
            Some("a"),
        ),
        (
            json!({"400": of("b"), "202": of("e"), "201": of("f"), "2XX": of("g")}),
            "f",
            Some("f"),
        ),
        (
            json!({"400": of("b"), "2XX": of("g"), "default": of("d")}),
            "g",
            Some("g"),
        ),
        (json!({"400": of("b"), "default": of("d")}), "d", Some("d")),
        (json!({"400": of("b")}), "", None),
        (json!({"200": bodyless, "400": of("b")}), "no body", None),
        (json!({"204": bodyless}), "no body", None),
        (
            json!({"200": {"$ref": "#/components/responses/Shared"}}),
            "shared",
            Some("shared"),
        ),
        (
            json!({"200": {"content": content(&json!({"format": "a"}))}}),
            "",
            Some("a"),
        ),
        (
            json!({"200": {"description": null, "content": {}}}),
            "",
            None,
        ),
        (
            json!({"200": {"description": "`a`", "headers": {"X": {}}, "links": {"l": {}}}}),
            "\\`a\\`",
            None,
        ),
        (json!({}), "", None),
        (json!(null), "", None),
        (json!({"x-anything": 1}), "", None),
    ] {
        let expected = (description.to_owned(), format.map(str::to_owned));
        assert_eq!(success(responses.clone()), expected, "{responses}");
    }
}

#[test]
fn json_is_preferred_among_several_media_types() {
    let of = |types: &[&str]| {
        let content: Map<String, Value> = types
            .iter()
            .map(|name| ((*name).to_owned(), json!({"schema": {"format": name}})))
            .collect();
        success(json!({"200": {"description": "", "content": content}})).1
    };
    for (types, expected) in [
        (
            &["text/html", "*/*", "application/json"] as &[_],
            Some("application/json"),
        ),
        (&["application/hal+json", "*/*"], Some("*/*")),
        (
            &["text/html", "application/hal+json"],
            Some("application/hal+json"),
        ),
        (
            &["Application/JSON; charset=UTF-8", "*/*"],
            Some("Application/JSON; charset=UTF-8"),
        ),
        (&["text/html"], None),
    ] {
        assert_eq!(of(types).as_deref(), expected);
    }
}

#[test]
fn a_response_without_a_status_and_one_without_a_target_are_refused_with_their_pointers() {
    for (responses, expected) in [
        (
            json!({"ok": {}}),
            "/paths/~1a/post/responses/ok: no lowering step",
        ),
        (
            json!({"6XX0": {}}),
            "/paths/~1a/post/responses/6XX0: no lowering step",
        ),
        (
            json!({"200": 1}),
            "/paths/~1a/post/responses/200: expected an object, found 1",
        ),
        (
            json!([]),
            "/paths/~1a/post/responses: expected an object, found []",
        ),
        (
            json!({"200": {"descr": ""}}),
            "/responses/200/descr: no lowering step",
        ),
        (
            json!({"400": {"$ref": "#/components/responses/No"}}),
            "/responses/400/$ref: expected a reference that leads",
        ),
    ] {
        assert_refused(&with(&[("responses", responses)]), expected);
    }
}

// Usual additions to an API

#[test]
fn what_a_call_may_leave_out_is_not_in_the_lowered_document() {
    let before = lowered(&with(&[]));
    let mut grown = with(&[
        (
            "parameters",
            json!([
                {"name": "page", "in": "query", "schema": {"type": "integer"}},
                {"name": "X-Trace", "in": "header", "required": false},
                {"name": "Content-Type", "in": "header", "required": true},
                {"name": "accept", "in": "header", "required": true},
            ]),
        ),
        ("security", json!([{"key": []}, {}])),
        ("servers", json!([{"url": "https://a.kr", "variables": {}}])),
        (
            "callbacks",
            json!({"paid": {"{$request.body#/url}": {"post": {}}}}),
        ),
        ("summary", Value::Null),
        ("description", Value::Null),
        ("deprecated", Value::Null),
        ("tags", Value::Null),
        ("x-order", json!({"any": "thing"})),
    ]);
    grown["servers"] =
        json!([{"url": "https://a.kr"}, {"url": "https://b.kr", "x-a": 1}, {"url": null}]);
    grown["security"] = json!([{"key": []}]);
    grown["webhooks"] = json!({"paid": {"post": {"unknown": 1}}});
    grown["jsonSchemaDialect"] = json!("https://spec.openapis.org/oas/3.1/dialect/base");
    grown["externalDocs"] = json!({"url": "https://a.kr"});
    grown["tags"] = Value::Null;
    grown["x-generator"] = json!("springdoc");
    grown["paths"]["x-paths"] = json!(1);
    grown["paths"]["/a"]["summary"] = json!("words");
    grown["paths"]["/a"]["servers"] = json!([]);
    grown["components"]["securitySchemes"] =
        json!({"key": {"type": "apiKey", "in": "header", "name": "K"}});
    grown["components"]["links"] = json!({"l": {}});
    grown["components"]["examples"] = json!({"e": {"value": 1}});
    grown["components"]["headers"] = json!({"h": {}});
    assert_eq!(lowered(&grown), before);
}

#[test]
fn what_a_call_must_send_and_this_version_cannot_is_listed() {
    let mut whole = with(&[(
        "parameters",
        json!([
            {"name": "page", "in": "query", "required": true},
            {"$ref": "#/components/parameters/Signature"},
            {"name": "session", "in": "cookie", "required": true},
            {"name": "size", "in": "query"},
            {"name": "sort", "in": "query", "required": false},
        ]),
    )]);
    whole["paths"]["/a"]["parameters"] = json!([
        {"name": "X-Path", "in": "header", "required": true},
        {"name": "sort", "in": "query", "required": true},
    ]);
    whole["components"]["parameters"] = json!({"Signature": {"name": "X-Signature", "in": "header", "required": true, "schema": {}}});
    whole["security"] = json!([{"bearerAuth": []}]);
    whole["components"]["securitySchemes"] = json!({
        "bearerAuth": {"type": "http", "scheme": "bearer"},
        "key": {"$ref": "#/components/securitySchemes/apiKey"},
        "apiKey": {"type": "apiKey"},
    });
    let listed = json!([
        "cookie session",
        "header X-Path",
        "header X-Signature",
        "query parameter page",
        "security scheme bearerAuth (http)",
    ]);
    assert_eq!(unsupported(&whole), listed);
    whole["paths"]["/a"]["post"]["parameters"] = Value::Null;
    whole["paths"]["/a"]["parameters"] = Value::Null;
    for (security, expected) in [
        (
            json!([{"key": ["a"]}]),
            json!(["security scheme key (apiKey)"]),
        ),
        (
            json!([{"key": [], "bearerAuth": []}, {"gone": []}]),
            json!([
                "security scheme bearerAuth (http) and security scheme key (apiKey) or security scheme gone (of unknown type)"
            ]),
        ),
        (json!([]), Value::Null),
        (json!([{}]), Value::Null),
        (Value::Null, json!(["security scheme bearerAuth (http)"])),
    ] {
        whole["paths"]["/a"]["post"]["security"] = security;
        assert_eq!(unsupported(&whole), expected);
    }
}

#[test]
fn names_of_what_is_not_supported_are_plain_text() {
    let whole = with(&[(
        "parameters",
        json!([
            {"name": "X-`a`\n::error::\u{202e}가\\", "in": "header", "required": true},
        ]),
    )]);
    let expected = r"header X-`a`\u{a}::error::\u{202e}\u{ac00}\\";
    assert_eq!(unsupported(&whole), json!([expected]));
    let request = json!({"properties": {"\n::error::": {"propertyNames": {"maxLength": 1}}}});
    let expected = r"the rule propertyNames of \u{a}::error::";
    assert_eq!(
        unsupported(&with_request(&request, json!({}))),
        json!([expected])
    );
}

#[test]
fn parameters_of_a_path_are_listed_whether_they_are_declared_or_not() {
    let paths = json!({"/bill/{billId}/of/{merchant}": {"get": {
        "parameters": [{"name": "billId", "in": "path", "required": true}],
        "responses": {},
    }}});
    let client = lowered(&document(paths, json!({})));
    assert_eq!(
        client["paths"]["/bill/{billId}/of/{merchant}"]["get"]["x-unsupported"],
        json!(["path parameter billId", "path parameter merchant"])
    );
}

#[test]
fn invalid_parameters_are_refused_with_their_pointers() {
    for (parameters, expected) in [
        (json!({}), "/parameters: expected an array, found {}"),
        (json!([1]), "/parameters/0: expected an object, found 1"),
        (
            json!([{"name": "a"}]),
            "/parameters/0/in: expected header, query, path or cookie",
        ),
        (
            json!([{"name": "a", "in": "query", "requird": true}]),
            "/parameters/0/requird: no lowering step",
        ),
        (
            json!([{"$ref": "#/components/parameters/No"}]),
            "/parameters/0/$ref: expected a reference",
        ),
    ] {
        assert_refused(&with(&[("parameters", parameters)]), expected);
    }
    assert_refused(
        &with(&[("security", json!({}))]),
        "/security: expected an array",
    );
    assert_refused(
        &with(&[("security", json!(["a"]))]),
        "/security/0: expected an object",
    );
}

#[test]
fn every_method_of_a_path_is_an_operation() {
    let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let item: Map<String, Value> = methods
        .iter()
        .map(|method| ((*method).to_owned(), json!({"responses": {}})))
        .collect();
    let client = lowered(&document(json!({"/a": item}), json!({})));
    for method in methods {
        let expected = if method == "post" {
            "a".to_owned()
        } else {
            format!("{method}_a")
        };
        assert_eq!(client["paths"]["/a"][method]["operationId"], expected);
    }
    let query = document(json!({"/a": {"query": {}}}), json!({}));
    assert_refused(&query, "/paths/~1a/query: no lowering step knows");
}

#[test]
fn a_shared_path_and_a_shared_body_are_followed() {
    let mut whole = document(
        json!({"/a": {"$ref": "#/components/pathItems/P"}}),
        json!({}),
    );
    whole["components"]["pathItems"] =
        json!({"P": {"post": {"requestBody": {"$ref": "#/components/requestBodies/B"}}}});
    whole["components"]["requestBodies"] =
        json!({"B": {"content": content(&json!({"type": "string"}))}});
    let client = lowered(&whole);
    assert_eq!(
        client["paths"]["/a"]["post"]["requestBody"]["content"],
        content(&class("ARequest"))
    );
    assert_eq!(
        client["components"]["schemas"]["ARequest"],
        json!({"type": "string"})
    );
}

#[test]
fn a_request_body_in_another_media_type_than_json_is_listed_if_it_is_required() {
    let body = |required: bool, types: &[&str]| {
        let content: Map<String, Value> = types
            .iter()
            .map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}})))
            .collect();
        with(&[(
            "requestBody",
            json!({"required": required, "content": content}),
        )])
    };
    for (required, types, listed, sent) in [
        (
            true,
            &["application/xml", "application/json"] as &[_],
            Value::Null,
            true,
        ),
        (true, &["*/*"], Value::Null, true),
        (true, &["application/json;charset=UTF-8"], Value::Null, true),
        (
            true,
            &["text/csv", "application/xml"],
            json!(["a request body of application/xml or text/csv"]),
            false,
        ),
        (false, &["application/xml"], Value::Null, false),
        (
            true,
            &["application/hal+json"],
            json!(["a request body of application/hal+json"]),
            true,
        ),
        (
            true,
            &[],
            json!(["a request body without a media type"]),
            false,
        ),
    ] {
        let whole = body(required, types);
        assert_eq!(unsupported(&whole), listed, "{types:?}");
        let operation = &lowered(&whole)["paths"]["/a"]["post"];
        assert_eq!(operation.get("requestBody").is_some(), sent, "{types:?}");
    }
}

// Schemas

#[test]
fn every_notation_of_null_is_nullable() {
    let nullable = json!({"type": "string", "nullable": true});
    for schema in [
        json!({"type": ["string", "null"]}),
        json!({"type": ["null", "string"]}),
        json!({"type": "string", "nullable": true}),
        json!({"oneOf": [{"type": "string"}, {"type": "null", "description": "none"}]}),
        json!({"anyOf": [{"const": null}, {"type": "string"}]}),
        json!({"anyOf": [{"enum": [null]}, {"allOf": [{"type": ["string"]}]}]}),
    ] {
        assert_eq!(plain(&schema), nullable);
    }
    let (schema, components) =
        property(&json!({"oneOf": [{"type": "null"}, class("Object")], "description": "d"}));
    assert_eq!(
        schema,
        json!({"nullable": true, "allOf": [class("ARequestP")]})
    );
    assert_eq!(components["ARequestP"]["description"], "d");
    let several = property(
        &json!({"anyOf": [{"type": "string"}, {"type": "null"}, class("Object")], "minLength": 1}),
    );
    assert_eq!(
        several.0,
        json!({"nullable": true, "allOf": [class("ARequestP")]})
    );
    assert_eq!(
        several.1["ARequestP"],
        json!({"minLength": 1, "anyOf": [{"type": "string"}, class("ARequestPAnyOf2")]})
    );
    let (letters, components) = property(&json!({"type": ["string", "null"], "enum": ["A", null]}));
    assert_eq!(
        letters,
        json!({"nullable": true, "allOf": [class("ARequestP")]})
    );
    assert_eq!(
        components["ARequestP"],
        json!({"type": "string", "enum": ["A"]})
    );
}

#[test]
fn a_choice_of_null_that_another_keyword_forbids_is_not_nullable() {
    let schema =
        json!({"oneOf": [{"type": "null"}, {"minLength": 1}, {"maxLength": 2}], "type": "string"});
    let expected = json!({"type": "string", "oneOf": [{"minLength": 1}, {"maxLength": 2}]});
    assert_eq!(component(&schema)["ARequestP"], expected);
}

#[test]
fn only_null_is_an_enum_of_null() {
    let null = json!({"nullable": true, "enum": [null]});
    for schema in [
        json!({"type": "null"}),
        json!({"type": ["null"]}),
        json!({"oneOf": [{"type": "null"}]}),
    ] {
        assert_eq!(plain(&schema), null);
    }
}

#[test]
fn a_list_of_types_is_a_choice_whose_members_have_what_is_about_them() {
    let schema = json!({
        "type": ["string", "integer", "null", "object"],
        "description": "d",
        "maxLength": 5,
        "minimum": 1,
        "format": "int32",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
    });
    let (property, components) = property(&schema);
    assert_eq!(
        property,
        json!({"nullable": true, "allOf": [class("ARequestP")]})
    );
    assert_eq!(
        components["ARequestP"],
        json!({"description": "d", "anyOf": [
            {"type": "integer", "format": "int32", "minimum": 1},
            class("ARequestPAnyOf1"),
            {"type": "string", "maxLength": 5},
        ]})
    );
    assert_eq!(components["ARequestPAnyOf1"]["required"], json!(["a"]));
}

#[test]
fn a_list_of_types_beside_another_constraint_keeps_both() {
    let schema = json!({"type": ["string", "integer"], "not": {"type": "string", "maxLength": 1}});
    assert_eq!(
        component(&schema)["ARequestP"],
        json!({"allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}, class("ARequestPAllOf1")]})
    );
    let letters = json!({"type": ["string", "integer"], "enum": ["1", 1]});
    assert_eq!(component(&letters)["ARequestP"], json!({"enum": ["1", 1]}));
    assert_eq!(
        plain(&json!({"type": ["integer"]})),
        json!({"type": "integer"})
    );
}

#[test]
fn a_schema_that_is_a_boolean_allows_everything_or_nothing() {
    assert_eq!(plain(&json!(true)), json!({}));
    assert_eq!(plain(&json!(false)), json!({"not": {}}));
    for additional in [true, false] {
        let schema = json!({"type": "object", "additionalProperties": additional});
        assert_eq!(plain(&schema), schema);
    }
}

#[test]
fn a_constraint_beside_a_reference_is_kept_with_it() {
    let text = json!({"$ref": "#/components/schemas/Text", "minLength": 1, "description": "d"});
    assert_eq!(
        component(&text)["ARequestP"],
        json!({"description": "d", "allOf": [{"type": "string", "maxLength": 3}, {"minLength": 1}]})
    );
    let object = component(&json!({"$ref": "#/components/schemas/Object", "required": ["a"]}));
    assert_eq!(
        object["ARequestP"],
        json!({"allOf": [class("ARequestPAllOf0"), {"required": ["a"]}]})
    );
    assert!(object["ARequestPAllOf0"]["properties"]["a"].is_object());
}

#[test]
fn annotations_that_are_null_are_absent() {
    let schema = json!({
        "type": "string", "description": null, "title": null, "default": null, "example": null,
        "format": null, "maxLength": null, "enum": null, "x-a": null,
    });
    assert_eq!(plain(&schema), json!({"type": "string"}));
}

#[test]
fn limits_patterns_formats_and_defaults_stay_as_data() {
    let schema = json!({
        "type": "string", "format": "date", "default": "2026-01-01", "pattern": "^\\d+$",
        "minLength": 1, "maxLength": 10,
    });
    assert_eq!(plain(&schema), schema);
}

#[test]
fn a_description_of_a_schema_is_plain_text() {
    let schema = json!({"type": "string", "description": "    `a` <b>\n```\nfn main() {}\n```"});
    let expected = "\\`a\\` \\<b\\>\n\\`\\`\\`\nfn main() {}\n\\`\\`\\`";
    assert_eq!(plain(&schema)["description"], expected);
}

#[test]
fn rules_that_3_0_cannot_express_are_listed_if_they_can_forbid_a_request() {
    let price = json!({
        "type": "object",
        "if": {"required": ["a"]}, "then": {"required": ["b"]},
        "patternProperties": {"^a": {"maxLength": 1}},
        "propertyNames": {"maxLength": 5},
        "dependentRequired": {"a": ["b"]},
        "unevaluatedProperties": false,
        "$comment": "c",
    });
    let list = json!({
        "type": "array", "prefixItems": [true], "contains": {"type": "string"}, "minContains": 1,
        "unevaluatedItems": false, "contentEncoding": "base64",
    });
    let request = json!({"type": "object", "properties": {
        "bill": {"type": "object", "properties": {"price": price}},
        "list": {"type": "array", "items": list},
        "fine": {"if": {"minLength": 1}, "prefixItems": [], "contains": true, "patternProperties": {}, "$defs": {"a": {}}},
    }, "dependentSchemas": {"bill": {"required": ["list"]}}});
    assert_eq!(
        unsupported(&with_request(&request, json!({}))),
        json!([
            "the rule contains of list[]",
            "the rule dependentRequired of bill.price",
            "the rule dependentSchemas of the body",
            "the rule if of bill.price",
            "the rule patternProperties of bill.price",
            "the rule prefixItems of list[]",
            "the rule propertyNames of bill.price",
            "the rule unevaluatedItems of list[]",
        ])
    );
    let mut response = with(&[]);
    response["paths"]["/a"]["post"]["responses"]["200"]["content"] = content(&request);
    let client = lowered(&response);
    assert_eq!(client["paths"]["/a"]["post"].get("x-unsupported"), None);
    assert_eq!(
        client["components"]["schemas"]["AResponseListItem"],
        Value::Null
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_pointer_at_every_level() {
    let base = || with(&[]);
    let inserted = |pointer: &str, key: &str| {
        let mut document = base();
        document.pointer_mut(pointer).unwrap()[key] = json!({});
        (
            document,
            format!("assembled spec, {pointer}/{key}: no lowering step knows"),
        )
    };
    for pointer in [
        "",
        "/info",
        "/paths/~1a",
        "/paths/~1a/post",
        "/paths/~1a/post/requestBody",
        "/paths/~1a/post/requestBody/content/application~1json",
        "/paths/~1a/post/requestBody/content/application~1json/schema",
        "/paths/~1a/post/responses/200",
        "/paths/~1a/post/responses/200/content/application~1json/schema",
        "/components",
    ] {
        let (document, expected) = inserted(pointer, "unknwon");
        assert_refused(&document, &expected);
    }
    for (key, value) in [
        ("servers", json!([{"unknwon": 1}])),
        ("tags", json!([{"unknwon": 1}])),
    ] {
        let mut document = base();
        document[key] = value;
        assert_refused(
            &document,
            &format!("assembled spec, /{key}/0/unknwon: no lowering step"),
        );
    }
    let unused = document(json!({}), json!({"Unused": {"items": {"unknwon": 1}}}));
    assert_refused(
        &unused,
        "/components/schemas/Unused/items/unknwon: no lowering step",
    );
}

// Text that must not reach code

const HOSTILE: [&str; 12] = [
    "```\nfn main() { panic!() }\n```",
    "a\n",
    "a\r",
    "\"#",
    "\"",
    "*/",
    "/*",
    "{{}}",
    "`",
    "가",
    "a b",
    "#[doc]",
];

#[test]
fn a_version_with_special_characters_is_refused_with_its_place() {
    for version in HOSTILE
        .iter()
        .map(|text| json!(text))
        .chain([json!(""), json!(1), json!({})])
    {
        let mut whole = with(&[]);
        whole["info"]["version"] = version;
        assert_refused(
            &whole,
            "assembled spec, /info/version: expected a version of letters",
        );
    }
    for (info, expected) in [
        (
            json!({"title": "t", "version": "v2.0.1-rc_1"}),
            "v2.0.1-rc_1",
        ),
        (json!({"title": "t"}), "0"),
        (json!({"version": null}), "0"),
        (Value::Null, "0"),
    ] {
        let mut whole = with(&[]);
        whole["info"] = info;
        assert_eq!(lowered(&whole)["info"]["version"], expected);
    }
}

#[test]
fn a_path_with_special_characters_is_refused_with_its_place() {
    let braces = ["/a{", "/a}", "/{}", "/{a/b}", "/{a}}", "/{{a}}", "a", ""];
    for text in HOSTILE
        .iter()
        .map(|text| format!("/{text}"))
        .chain(braces.map(str::to_owned))
    {
        let whole = document(json!({&text: {"post": {}}}), json!({}));
        assert_refused(&whole, ": expected a path that begins with '/'");
        assert!(!refusal(&whole).contains('\n'), "{}", refusal(&whole));
    }
}

#[test]
fn terms_contacts_tags_and_media_types_of_a_page_are_removed() {
    for hostile in HOSTILE.map(|text| format!("{text}HOSTILE")) {
        let mut whole = with(&[
            ("tags", json!([hostile])),
            ("operationId", json!(hostile)),
            (
                "externalDocs",
                json!({"url": hostile, "description": hostile}),
            ),
            (
                "parameters",
                json!([{"name": hostile, "in": "query", "description": hostile}]),
            ),
            (
                "responses",
                json!({
                    "200": {"description": "ok", "content": {"application/json": {"schema": class(&hostile), "example": hostile}, &hostile: {}}},
                    "400": {"description": hostile},
                }),
            ),
        ]);
        whole["info"] = json!({
            "title": "t", "summary": hostile, "description": hostile, "termsOfService": hostile,
            "contact": {"name": hostile, "url": hostile, "email": hostile},
            "license": {"name": hostile, "url": hostile}, "version": "v0",
        });
        whole["servers"] = json!([{"url": hostile, "description": hostile}]);
        whole["tags"] = json!([{"name": hostile, "description": hostile}]);
        whole["externalDocs"] = json!({"url": hostile});
        let name = hostile.replace('~', "~0").replace('/', "~1");
        whole["components"]["schemas"][&hostile] =
            json!({"type": "string", "title": hostile, "x-a": hostile});
        whole["paths"]["/a"]["post"]["responses"]["200"]["content"]["application/json"]["schema"] =
            class(&name);
        let client = lowered(&whole).to_string();
        assert!(!client.contains("HOSTILE"), "{client}");
    }
}

#[test]
fn names_of_classes_and_properties_never_reach_a_name() {
    for hostile in HOSTILE {
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let request = json!({"type": "object", "properties": {hostile: object}});
        let client = lowered(&with_request(&request, json!({})));
        for name in names(&client) {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
        }
    }
}

#[test]
fn an_unknown_version_of_openapi_is_refused() {
    for version in [json!("3.2.0"), json!("2.0"), json!(3.1), Value::Null] {
        let mut whole = with(&[]);
        whole["openapi"] = version;
        assert_refused(
            &whole,
            "assembled spec, /openapi: expected a version 3.0.x or 3.1.x",
        );
    }
    for version in ["3.0.1", "3.1.1"] {
        let mut whole = with(&[]);
        whole["openapi"] = json!(version);
        assert_eq!(lowered(&whole)["openapi"], "3.0.3");
    }
}

#[test]
fn prose_that_is_not_a_string_is_refused_with_its_pointer() {
    let mut whole = with(&[]);
    whole["info"]["title"] = json!(1);
    assert_refused(&whole, "/info/title: expected a string, found 1");
    for key in ["summary", "description"] {
        let whole = with(&[(key, json!(["a"]))]);
        let expected = format!("/paths/~1a/post/{key}: expected a string, found [\"a\"]");
        assert_refused(&whole, &expected);
    }
    let whole = with(&[("responses", json!({"200": {"description": 1}}))]);
    assert_refused(&whole, "/responses/200/description: expected a string");
}

// Too many combinations

fn choices(of: usize) -> Value {
    let member = json!({"oneOf": [{"minLength": 1}, {"maxLength": 2}]});
    json!({"allOf": vec![member; of]})
}

#[test]
fn too_many_combinations_of_choices_are_refused_with_their_place() {
    lowered(&with_request(&choices(8), json!({})));
    let text = "this schema has more than 256 combinations";
    assert_refused(&with_request(&choices(9), json!({})), text);
    assert!(choices(30).to_string().len() < 1_500);
    assert_refused(&with_request(&choices(30), json!({})), text);
    let of_class = with_request(
        &json!({"type": "object", "properties": {"a": class("Big")}}),
        json!({"Big": choices(30)}),
    );
    assert_refused(
        &of_class,
        &format!("assembled spec, /components/schemas/Big: {text}"),
    );
}

#[test]
fn choices_that_multiply_through_references_types_and_properties_are_refused() {
    let two = json!({"anyOf": [{"minLength": 1}, {"maxLength": 2}]});
    let same_property = |schema: &Value| json!({"properties": {"p": schema}});
    for (request, classes) in [
        // Each class doubles the one below it, ten deep.
        (class("C9"), {
            let class_of = |n: usize| match n {
                0 => two.clone(),
                n => json!({"allOf": [class(&format!("C{}", n - 1)), two]}),
            };
            (0..10)
                .map(|n| (format!("C{n}"), class_of(n)))
                .collect::<Map<_, _>>()
        }),
        (
            json!({"allOf": vec![json!({"type": ["string", "integer", "boolean"]}); 6]}),
            Map::new(),
        ),
        (json!({"allOf": vec![same_property(&two); 9]}), Map::new()),
        (
            json!({"allOf": vec![json!({"type": "array", "items": two}); 9]}),
            Map::new(),
        ),
    ] {
        let whole = with_request(&request, Value::Object(classes));
        assert_refused(&whole, "has more than 256 combinations");
    }
}

#[test]
fn many_properties_with_their_own_choices_are_accepted() {
    let two = json!({"anyOf": [{"minLength": 1}, {"maxLength": 2}]});
    let properties: Map<String, Value> = (0..40).map(|n| (format!("p{n}"), two.clone())).collect();
    let object = json!({"type": "object", "properties": properties});
    lowered(&with_request(
        &json!({"allOf": [object, {"required": ["p1"]}]}),
        json!({}),
    ));
}

#[test]
fn classes_at_too_many_places_are_refused_with_their_place() {
    // Each class holds the next one twice.
    let class_of = |n: usize| match n {
        0 => json!({"type": "object", "properties": {"leaf": {"type": "string"}}}),
        n => {
            let next = class(&format!("C{}", n - 1));
            json!({"type": "object", "properties": {"left": next, "right": next}})
        }
    };
    let classes: Map<_, _> = (0..30).map(|n| (format!("C{n}"), class_of(n))).collect();
    let whole = with_request(&class("C29"), Value::Object(classes));
    let message = refusal(&whole);
    assert!(
        message
            .contains("more than 2000 classes, one for each place; the last one is at /A/Request/"),
        "{message}"
    );
    assert!(
        message.starts_with("assembled spec, /components/schemas/C"),
        "{message}"
    );
}

#[test]
fn compositions_with_too_many_schemas_are_refused() {
    let class_of = |n: usize| match n {
        0 => json!({"maxLength": 1}),
        n => {
            let next = class(&format!("C{}", n - 1));
            json!({"type": "array", "items": {"type": "array", "items": next}, "additionalProperties": next})
        }
    };
    let classes: Map<_, _> = (0..20).map(|n| (format!("C{n}"), class_of(n))).collect();
    let whole = with_request(&class("C19"), Value::Object(classes));
    assert_refused(&whole, "more than 50000 schemas");
}

#[test]
fn a_long_text_at_many_places_is_refused() {
    let long = json!({"type": "string", "description": "a".repeat(100_000)});
    let properties: Map<_, _> = (0..200).map(|n| (format!("p{n}"), class("Long"))).collect();
    let request = json!({"type": "object", "properties": properties});
    let whole = with_request(&request, json!({"Long": long}));
    assert_refused(&whole, "more than 10000000 bytes in all places together");
}

#[test]
fn classes_that_nest_too_deep_are_refused() {
    let class_of = |n: usize| json!({"type": "array", "items": class(&format!("C{}", n + 1))});
    let mut classes: Map<_, _> = (0..5000).map(|n| (format!("C{n}"), class_of(n))).collect();
    classes.insert("C5000".to_owned(), json!({}));
    let whole = with_request(&class("C0"), Value::Object(classes));
    assert_refused(&whole, "more than 100 schemas inside each other");
}

// Any document

fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({})),
        Just(class("A")),
        Just(class("B")),
        Just(json!({"type": ["string", "null", "integer"]})),
        Just(json!({"type": "null"})),
        Just(json!({"type": "string", "enum": ["a", null], "nullable": true})),
        Just(json!({"const": 1, "description": null})),
        Just(json!({"$ref": "#/components/schemas/A/properties/a"})),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            (list.clone(), inner.clone()).prop_map(|(all, one)| json!({"allOf": all, "not": one})),
            list.clone()
                .prop_map(|any| json!({"oneOf": any, "type": ["object", "null"]})),
            list.clone().prop_map(|any| json!({"anyOf": any})),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| {
                json!({"type": "object", "properties": {"a": a, "A": b}, "required": ["a"]})
            }),
            inner.clone().prop_map(
                |values| json!({"additionalProperties": values, "$ref": "#/components/schemas/B"})
            ),
        ]
    })
}

/// Every reference leads to a component, and no keyword of 3.1 is left.
fn assert_sound(value: &Value, client: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                assert_eq!(members.len(), 1, "{value}");
                assert!(client.pointer(&reference[1..]).is_some(), "{reference}");
            }
            assert!(!members.get("type").is_some_and(Value::is_array), "{value}");
            members
                .values()
                .for_each(|member| assert_sound(member, client));
        }
        Value::Array(items) => items.iter().for_each(|item| assert_sound(item, client)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn whatever_the_schemas_are_the_lowered_document_is_sound_or_an_error_has_a_place(
        request in any_schema(), a in any_schema(), b in any_schema(),
    ) {
        let classes = json!({"A": a, "B": b});
        let paths = json!({"/a": {"post": operation(&request, &class("A"))}});
        match lower(&document(paths, classes)) {
            Ok(client) => {
                assert_sound(&client["paths"], &client);
                assert_sound(&client["components"], &client);
                prop_assert!(client["components"]["schemas"]["ARequest"].is_object());
            }
            Err(error) => {
                let message = error.to_string();
                prop_assert!(message.starts_with("assembled spec, /"), "{}", message);
            }
        }
    }
}
