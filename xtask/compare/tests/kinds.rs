//! Kinds of change that a comparison must judge as a caller sees them: each in both directions.

use openapi_compare::compare;
use openapi_compare::finding::{Finding, Level};
use serde_json::{Value, json};

fn api(operation: Value, components: Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}, "components": components})
}

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    compare(old, new)
        .unwrap_or_else(|error| panic!("{error}\n{old:#}\n{new:#}"))
        .findings
}

fn worst(findings: &[Finding]) -> &'static str {
    let level = findings.iter().map(|it| it.level).max();
    level.map_or("none", Level::as_str)
}

/// A schema as the body of a request, and as that of a response.
fn both(schema: &Value, components: &Value) -> [Value; 2] {
    let content = json!({"application/json": {"schema": schema}});
    let components = json!({"schemas": components});
    [
        api(
            json!({"requestBody": {"content": content}}),
            components.clone(),
        ),
        api(
            json!({"responses": {"200": {"content": content}}}),
            components,
        ),
    ]
}

/// Asserts the worst level of a change of a schema in a request and in a response.
#[track_caller]
fn judged(old: Value, new: Value, request: &str, response: &str) {
    judged_among(json!({}), (old, new), request, response);
}

#[track_caller]
fn judged_among(components: Value, (old, new): (Value, Value), request: &str, response: &str) {
    let (before, after) = (both(&old, &components), both(&new, &components));
    let levels: [&str; 2] = [0, 1].map(|it| worst(&found(&before[it], &after[it])));
    assert_eq!(levels, [request, response], "{old}\n{new}");
}

/// Asserts that two schemas are equal in both directions.
#[track_caller]
fn equal(components: Value, one: Value, other: Value) {
    judged_among(
        components.clone(),
        (one.clone(), other.clone()),
        "none",
        "none",
    );
    judged_among(components, (other, one), "none", "none");
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn beside_a_reference_a_key_is_one_remark_and_the_rest_is_compared() {
    let components = json!({"A": object(json!({"a": {"type": "string"}}))});
    let reference = json!({"$ref": "#/components/schemas/A"});
    for key in ["x-nullable", "xml", "frobnicate"] {
        let mut beside = reference.clone();
        beside[key] = json!({"y": true});
        judged_among(
            components.clone(),
            (reference.clone(), beside.clone()),
            "warn",
            "warn",
        );
        let old = both(&reference, &components);
        let new = both(
            &beside,
            &json!({"A": object(json!({"a": {"type": "integer"}}))}),
        );
        let findings = found(&old[0], &new[0]);
        let ids: Vec<&str> = findings.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["request-property-type-changed", "unhandled"], "{key}");
    }
}

#[test]
fn an_extension_is_data_and_a_change_behind_its_reference_is_a_remark() {
    let schema = json!({"type": "string", "x-from": {"$ref": "#/components/schemas/A"}});
    let old = both(&schema, &json!({"A": {"type": "string"}}));
    let new = both(&schema, &json!({"A": {"type": "integer"}}));
    assert_eq!(worst(&found(&old[0], &new[0])), "warn");
    let outside = json!({"type": "string", "x-from": {"$ref": "https://other.example/a.json"}});
    judged(outside.clone(), outside, "none", "none");
}

#[test]
fn a_response_that_may_be_something_else_is_breaking_however_it_is_spelled() {
    let text = json!({"type": "string"});
    let cat = json!({"type": "object", "required": ["cat"]});
    let dog = json!({"type": "object", "required": ["dog"]});
    for (narrow, wide) in [
        (text.clone(), json!({"type": ["string", "integer"]})),
        (text.clone(), json!({"oneOf": [text, {"type": "integer"}]})),
        (cat.clone(), json!({"anyOf": [dog, cat]})),
        (
            json!({"oneOf": [cat, text]}),
            json!({"oneOf": [cat, text, {"type": "integer"}]}),
        ),
        (
            json!({"anyOf": [text, {"type": "null"}]}),
            json!({"anyOf": [text, cat, {"type": "null"}]}),
        ),
        (text.clone(), json!({"anyOf": [text, {"type": "null"}]})),
    ] {
        let levels = ["info", "warn"].map(|level| {
            let [old, new] = [both(&narrow, &json!({})), both(&wide, &json!({}))];
            worst(&found(&old[0], &new[0])) == level
        });
        assert!(
            levels.contains(&true),
            "a request only got wider: {narrow} {wide}"
        );
        let [old, new] = [both(&narrow, &json!({})), both(&wide, &json!({}))];
        assert_eq!(
            worst(&found(&old[1], &new[1])),
            "breaking",
            "{narrow} {wide}"
        );
        judged(wide, narrow, "breaking", "info");
    }
}

#[test]
fn what_fits_two_alternatives_is_refused_by_one_of() {
    let [a, b] = ["a", "b"].map(|it| object(json!({it: {"type": "string"}})));
    judged(
        json!({"anyOf": [a, b]}),
        json!({"oneOf": [a, b]}),
        "breaking",
        "info",
    );
    judged(
        json!({"oneOf": [a, b]}),
        json!({"anyOf": [a, b]}),
        "info",
        "breaking",
    );
    let apart = json!([{"type": "string", "maxLength": 3}, {"type": "integer"}]);
    judged(
        json!({"anyOf": apart}),
        json!({"oneOf": apart}),
        "none",
        "none",
    );
}

#[test]
fn a_description_inside_an_alternative_is_doc() {
    let with = |words: &str| {
        let cat = json!({"type": "object", "required": ["cat"], "description": words});
        json!({"anyOf": [cat, {"type": "string"}]})
    };
    judged(with("a"), with("b"), "doc", "doc");
}

#[test]
fn all_of_is_merged() {
    let [a, b] = ["a", "b"].map(|it| object(json!({it: {"type": "string", "maxLength": 5}})));
    let flat = object(json!({
        "a": {"type": "string", "maxLength": 5}, "b": {"type": "string", "maxLength": 5},
    }));
    let components = json!({"Base": a});
    let base = json!({"$ref": "#/components/schemas/Base"});
    equal(components.clone(), flat.clone(), json!({"allOf": [a, b]}));
    equal(
        components.clone(),
        flat.clone(),
        json!({"allOf": [base, b]}),
    );
    equal(
        components.clone(),
        flat.clone(),
        json!({"allOf": [{"allOf": [b]}, {"allOf": [base]}]}),
    );
    equal(
        components,
        flat,
        json!({"allOf": [base], "properties": b["properties"]}),
    );
    judged(
        json!({"allOf": [{"type": "string", "maxLength": 5}, {"maxLength": 9}]}),
        json!({"type": "string", "maxLength": 5}),
        "none",
        "none",
    );
    judged(
        json!({"allOf": [{"type": "string", "maxLength": 5}, {"maxLength": 9}]}),
        json!({"allOf": [{"type": "string", "maxLength": 5}, {"maxLength": 4}]}),
        "breaking",
        "info",
    );
}

#[test]
fn what_is_never_sent_or_never_returned_breaks_nobody() {
    let components = |kind: &str| {
        json!({
            "Id": {"type": kind, "readOnly": true, "writeOnly": false},
            "Alias": {"allOf": [{"$ref": "#/components/schemas/Id"}]},
            "Secret": {"type": kind, "writeOnly": true},
        })
    };
    for (property, request, response) in [
        (
            json!({"$ref": "#/components/schemas/Id"}),
            "info",
            "breaking",
        ),
        (
            json!({"$ref": "#/components/schemas/Alias"}),
            "info",
            "breaking",
        ),
        (
            json!({"$ref": "#/components/schemas/Secret"}),
            "breaking",
            "info",
        ),
        (
            json!({"readOnly": true, "type": "object", "properties": {
                "inner": {"$ref": "#/components/schemas/Id"},
            }}),
            "info",
            "breaking",
        ),
    ] {
        let schema = object(json!({"p": property}));
        let old = both(&schema, &components("string"));
        let new = both(&schema, &components("integer"));
        let levels = [0, 1].map(|it| worst(&found(&old[it], &new[it])));
        assert_eq!(levels, [request, response], "{property}");
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    let number = |keyword: &str, value: Value| json!({"type": "number", keyword: value});
    judged(
        number("maximum", json!(1)),
        number("maximum", json!(1.0)),
        "none",
        "none",
    );
    judged(
        json!({"enum": [1, 2]}),
        json!({"enum": [2.0, 1.0]}),
        "none",
        "none",
    );
    judged(
        json!({"const": {"a": 1}}),
        json!({"const": {"a": 1.0}}),
        "none",
        "none",
    );
    judged(
        number("multipleOf", json!(0.3)),
        number("multipleOf", json!(0.1)),
        "info",
        "breaking",
    );
    judged(
        number("maximum", json!("5")),
        number("maximum", json!(4)),
        "breaking",
        "info",
    );
    // 64 bits do not tell these apart.
    let huge = |digits: &str| number("maximum", json!(digits));
    judged(
        huge("18446744073709551618"),
        huge("18446744073709551617"),
        "breaking",
        "info",
    );
    let integer = |rest: Value| {
        let mut schema = json!({"type": "integer"});
        schema
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        schema
    };
    judged(
        integer(json!({"exclusiveMinimum": 4})),
        integer(json!({"minimum": 5})),
        "none",
        "none",
    );
    judged(
        number("minimum", json!(5)),
        number("exclusiveMinimum", json!(5)),
        "breaking",
        "info",
    );
}

#[test]
fn keywords_of_3_1_are_judged() {
    let list = |rest: Value| {
        let mut schema = json!({"type": "array"});
        schema
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        schema
    };
    let entity = |rest: Value| {
        let mut schema = object(json!({"a": {"type": "string"}, "b": {"type": "string"}}));
        schema
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        schema
    };
    for (wide, narrow) in [
        (
            list(json!({})),
            list(json!({"prefixItems": [{"type": "string"}]})),
        ),
        (
            list(json!({})),
            list(json!({"contains": {"type": "string"}})),
        ),
        (
            entity(json!({})),
            entity(json!({"dependentRequired": {"a": ["b"]}})),
        ),
        (
            entity(json!({})),
            entity(json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}})),
        ),
        (
            entity(json!({})),
            entity(json!({"propertyNames": {"maxLength": 3}})),
        ),
        (
            entity(json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})),
            entity(json!({
                "oneOf": [{"required": ["a"]}, {"required": ["b"]}], "unevaluatedProperties": false,
            })),
        ),
    ] {
        judged(wide.clone(), narrow.clone(), "breaking", "info");
        let [old, new] = [both(&narrow, &json!({})), both(&wide, &json!({}))];
        assert_eq!(worst(&found(&old[0], &new[0])), "info", "{narrow} {wide}");
        assert_ne!(worst(&found(&old[1], &new[1])), "none", "{narrow} {wide}");
    }
}

#[test]
fn an_untyped_schema_is_judged_by_what_it_says() {
    judged(
        json!({"type": ["object", "null"]}),
        json!({}),
        "info",
        "breaking",
    );
    let untyped = json!({"properties": {"a": {"type": "string"}}});
    judged(untyped, json!({"type": "string"}), "breaking", "breaking");
}

#[test]
fn a_discriminator_names_a_component_with_or_without_its_address() {
    let with = |mapping: Value| {
        json!({
            "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        })
    };
    let part = json!({"type": "object", "required": ["kind"]});
    let components = json!({"A": part, "B": part});
    equal(
        components.clone(),
        with(json!({"x": "A"})),
        with(json!({"x": "#/components/schemas/A"})),
    );
    equal(
        components.clone(),
        with(json!({})),
        with(json!({"A": "#/components/schemas/A"})),
    );
    let changed = (with(json!({"x": "A"})), with(json!({"x": "B"})));
    judged_among(components, changed, "info", "info");
}

#[test]
fn responses_match_as_in_http() {
    let body = |kind: &str| json!({"content": {"application/json": {"schema": {"type": kind}}}});
    let with = |responses: Value| api(json!({"responses": responses}), json!({}));
    for (old, new, level) in [
        (
            json!({"2XX": body("string")}),
            json!({"2xx": body("string")}),
            "none",
        ),
        (
            json!({"200": body("string")}),
            json!({"2XX": body("string")}),
            "info",
        ),
        (
            json!({"200": body("string")}),
            json!({"2XX": body("integer")}),
            "breaking",
        ),
        (
            json!({"default": body("string")}),
            json!({"200": body("integer")}),
            "breaking",
        ),
        (
            json!({"200": {}, "default": body("string")}),
            json!({"200": {}, "400": body("integer"), "default": body("string")}),
            "breaking",
        ),
        (json!({"200": {}}), json!({"202": {}}), "breaking"),
    ] {
        assert_eq!(
            worst(&found(&with(old.clone()), &with(new.clone()))),
            level,
            "{old} {new}"
        );
    }
}

#[test]
fn media_types_are_read_as_http_does() {
    let with = |name: &str, way: &str| {
        let content = json!({name: {"schema": {"type": "string"}}});
        match way {
            "request" => api(json!({"requestBody": {"content": content}}), json!({})),
            _ => api(
                json!({"responses": {"200": {"content": content}}}),
                json!({}),
            ),
        }
    };
    for (old, new, request, response) in [
        (
            "application/json",
            "Application/JSON; charset=UTF-8",
            "none",
            "none",
        ),
        ("text/csv; a=1; b=2", "text/csv;B=2;a=1", "none", "none"),
        ("application/json", "application/*", "info", "breaking"),
        ("application/*", "application/json", "breaking", "info"),
        (
            "application/json",
            "application/xml",
            "breaking",
            "breaking",
        ),
    ] {
        for (way, level) in [("request", request), ("response", response)] {
            let findings = found(&with(old, way), &with(new, way));
            assert_eq!(worst(&findings), level, "{way}: {old} {new}");
        }
    }
}

#[test]
fn headers_that_openapi_ignores_are_ignored_and_names_ignore_case() {
    let parameter = |name: &str| {
        let parameter = json!({"name": name, "in": "header", "required": true});
        api(json!({"parameters": [parameter]}), json!({}))
    };
    let none = api(json!({}), json!({}));
    for name in ["Accept", "content-type", "Authorization"] {
        assert_eq!(worst(&found(&none, &parameter(name))), "none");
    }
    assert_eq!(
        worst(&found(&parameter("X-Key"), &parameter("x-key"))),
        "none"
    );
    let header = |name: &str| {
        let responses = json!({"200": {"headers": {name: {"required": true}}}});
        api(json!({"responses": responses}), json!({}))
    };
    assert_eq!(worst(&found(&header("X-Key"), &header("x-key"))), "none");
    assert_eq!(
        worst(&found(&header("X-Key"), &header("x-other"))),
        "breaking"
    );
    let bare = api(json!({"responses": {"200": {}}}), json!({}));
    assert_eq!(worst(&found(&header("Content-Type"), &bare)), "none");
}

#[test]
fn security_requirements_are_sets_of_alternatives() {
    let schemes = json!({"securitySchemes": {
        "k": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "o": {"type": "oauth2", "flows": {}},
    }});
    let with = |security: Value| api(json!({"security": security}), schemes.clone());
    for (old, new, level) in [
        (
            json!([{"o": ["a"]}, {"o": ["b"]}]),
            json!([{"o": ["b"]}, {"o": ["a"]}]),
            "none",
        ),
        (json!([{"k": []}]), json!([{"o": ["a"]}, {"k": []}]), "info"),
        (
            json!([{"k": []}, {"o": ["a"]}]),
            json!([{"k": []}]),
            "breaking",
        ),
        (
            json!([{"o": ["a"]}]),
            json!([{"o": ["a", "b"]}]),
            "breaking",
        ),
        (json!([{"o": ["a", "b"]}]), json!([{"o": ["a"]}]), "info"),
    ] {
        assert_eq!(
            worst(&found(&with(old.clone()), &with(new.clone()))),
            level,
            "{old} {new}"
        );
    }
    let named = |name: &str, header: &str| {
        let scheme = json!({"type": "apiKey", "in": "header", "name": header});
        api(
            json!({"security": [{name: []}]}),
            json!({"securitySchemes": {name: scheme}}),
        )
    };
    assert_eq!(
        worst(&found(&named("k", "X-Key"), &named("key", "X-Key"))),
        "none"
    );
    assert_eq!(
        worst(&found(&named("k", "X-Key"), &named("k", "x-key"))),
        "none"
    );
    assert_eq!(
        worst(&found(&named("k", "X-Key"), &named("key", "X-Other"))),
        "breaking"
    );
}

#[test]
fn callbacks_and_webhooks_swap_the_roles() {
    let called = |sent: Value, answered: Value| {
        json!({
            "parameters": [{"$ref": "#/components/parameters/Signature"}],
            "requestBody": {"$ref": "#/components/requestBodies/Paid"},
            "responses": {"200": {"content": {"application/json": {"schema": answered}}}},
            "x-sent": sent["type"],
        })
    };
    let components = |sent: Value, header: &str| {
        json!({
            "parameters": {"Signature": {"name": header, "in": "header", "required": true}},
            "requestBodies": {"Paid": {"content": {"application/json": {"schema": sent}}}},
            "callbacks": {"Paid": {"{$request.body#/url}": {"post": called(json!({}), json!({}))}}},
            "pathItems": {"Paid": {"post": called(json!({}), json!({}))}},
        })
    };
    let text = json!({"type": "string"});
    let either = json!({"type": ["string", "integer"]});
    let callback = |sent: &Value, header: &str| {
        let operation = json!({"callbacks": {"paid": {"$ref": "#/components/callbacks/Paid"}}});
        api(operation, components(sent.clone(), header))
    };
    let webhook = |key: &str, sent: &Value, header: &str| {
        json!({
            "openapi": "3.1.0",
            key: {"paid": {"$ref": "#/components/pathItems/Paid"}},
            "components": components(sent.clone(), header),
        })
    };
    for make in [
        &callback as &dyn Fn(&Value, &str) -> Value,
        &|sent, header| webhook("webhooks", sent, header),
        &|sent, header| webhook("x-webhooks", sent, header),
    ] {
        let old = make(&text, "X-Signature");
        assert_eq!(worst(&found(&old, &make(&text, "x-signature"))), "none");
        assert_eq!(worst(&found(&old, &make(&text, "X-Other"))), "breaking");
        assert_eq!(
            worst(&found(&old, &make(&either, "X-Signature"))),
            "breaking"
        );
        let back = found(&make(&either, "X-Signature"), &old);
        assert_eq!(
            worst(&back),
            "info",
            "what comes only got narrower: {back:#?}"
        );
    }
    let answers = |schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        let operation = json!({"responses": {"200": {"content": content}}});
        json!({"openapi": "3.1.0", "webhooks": {"paid": {"post": operation}}})
    };
    assert_eq!(
        worst(&found(&answers(&either), &answers(&text))),
        "breaking"
    );
    assert_eq!(worst(&found(&answers(&text), &answers(&either))), "info");
}

#[test]
fn a_callback_that_asks_for_itself_ends() {
    let with = |words: &str| {
        let operation = json!({
            "description": words, "callbacks": {"again": {"$ref": "#/components/callbacks/C"}},
        });
        let components = json!({"callbacks": {"C": {"{$url}": {"post": operation}}}});
        api(
            json!({"callbacks": {"again": {"$ref": "#/components/callbacks/C"}}}),
            components,
        )
    };
    assert_eq!(worst(&found(&with("a"), &with("b"))), "doc");
}

#[test]
fn links_and_encodings_are_followed_through_references() {
    let link = |id: &str| {
        let responses = json!({"200": {"links": {"next": {"$ref": "#/components/links/L"}}}});
        api(
            json!({"responses": responses}),
            json!({"links": {"L": {"operationId": id}}}),
        )
    };
    assert_eq!(worst(&found(&link("a"), &link("b"))), "warn");
    let form = |types: &str, header: &str| {
        let encoding = json!({"file": {
            "contentType": types, "headers": {"X-Id": {"$ref": "#/components/headers/Id"}},
        }});
        api(
            json!({"requestBody": {"content": {"multipart/form-data": {"encoding": encoding}}}}),
            json!({"headers": {"Id": {"required": true, "schema": {"type": header}}}}),
        )
    };
    let old = form("image/png, image/jpeg", "string");
    assert_eq!(
        worst(&found(&old, &form("image/jpeg,image/png", "string"))),
        "none"
    );
    assert_eq!(
        worst(&found(&old, &form("image/png", "string"))),
        "breaking"
    );
    assert_eq!(
        worst(&found(&old, &form("image/png, image/jpeg", "integer"))),
        "breaking"
    );
}

#[test]
fn the_way_a_parameter_is_written_is_judged_with_its_defaults() {
    let with = |schema: &str, rest: Value| {
        let mut parameter = json!({"name": "p", "in": "query", "schema": {"type": schema}});
        parameter
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        api(json!({"parameters": [parameter]}), json!({}))
    };
    let defaults = json!({"style": "form", "explode": true, "allowReserved": false});
    for (kind, old, new, level) in [
        ("array", json!({}), defaults, "none"),
        ("array", json!({}), json!({"explode": false}), "breaking"),
        ("string", json!({}), json!({"explode": false}), "none"),
        (
            "array",
            json!({}),
            json!({"style": "spaceDelimited"}),
            "breaking",
        ),
    ] {
        let findings = found(&with(kind, old.clone()), &with(kind, new.clone()));
        assert_eq!(worst(&findings), level, "{kind} {old} {new}");
    }
    let spoken = api(
        json!({"parameters": [{
            "name": "p", "in": "query", "content": {"application/json": {"schema": {"type": "array"}}},
        }]}),
        json!({}),
    );
    assert_eq!(
        worst(&found(&with("array", json!({})), &spoken)),
        "breaking"
    );
}

#[test]
fn the_names_in_a_path_may_not_swap_places_silently() {
    let with = |path: &str| json!({"openapi": "3.1.0", "paths": {path: {"get": {}}}});
    assert_eq!(worst(&found(&with("/{a}/{b}"), &with("/{b}/{a}"))), "warn");
    assert_eq!(worst(&found(&with("/{a}/{b}"), &with("/{c}/{d}"))), "none");
}

#[test]
fn variables_of_servers_are_judged() {
    let with = |variable: Value| {
        let servers = json!([{"url": "https://{v}.example", "variables": {"v": variable}}]);
        json!({"openapi": "3.1.0", "paths": {}, "servers": servers})
    };
    let old = with(json!({"default": "a", "enum": ["a", "b"]}));
    assert_eq!(
        worst(&found(
            &old,
            &with(json!({"default": "a", "enum": ["b", "a"]}))
        )),
        "none"
    );
    assert_eq!(
        worst(&found(
            &old,
            &with(json!({"default": "b", "enum": ["a", "b"]}))
        )),
        "breaking"
    );
    assert_eq!(
        worst(&found(&old, &with(json!({"default": "a", "enum": ["a"]})))),
        "breaking"
    );
    assert_eq!(worst(&found(&old, &with(json!({"default": "a"})))), "info");
    let none = json!({"openapi": "3.1.0", "paths": {}});
    let root = json!({"openapi": "3.1.0", "paths": {}, "servers": [{"url": "/"}]});
    assert_eq!(worst(&found(&none, &root)), "none");
}

#[test]
fn two_changes_never_share_a_fingerprint() {
    let with = |kind: &str, words: &str| {
        let schema = json!({"type": kind, "description": words, "x-a": words, "x-b": words});
        let parameters = ["query", "header", "cookie"].map(
            |place| json!({"name": "id", "in": place, "description": words, "schema": schema}),
        );
        let content = json!({
            "application/json": {"schema": schema},
            "application/xml": {"schema": schema},
            "text/plain": {"schema": schema},
        });
        let tuple = json!({"type": "array", "prefixItems": [schema, schema]});
        let flow = |url: &str| json!({"authorizationUrl": url, "tokenUrl": url, "scopes": {}});
        let mut document = api(
            json!({
                "parameters": parameters,
                "requestBody": {"description": words, "content": content},
                "responses": {"200": {"headers": {"A": {"schema": tuple}}}},
                "description": words,
            }),
            json!({"securitySchemes": {"o": {"type": "oauth2", "flows": {
                "implicit": flow(words), "authorizationCode": flow(words),
            }}}}),
        );
        document["paths"]["/pay"]["description"] = json!(words);
        document
    };
    let findings = found(&with("string", "old"), &with("integer", "new"));
    let mut fingerprints: Vec<&str> = findings.iter().map(|it| it.fingerprint.as_str()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), findings.len());
    // Of each parameter: two descriptions, the type, two extensions. Of each media type: four. The
    // body, the operation, the path and two flows with two addresses: seven. Of the tuple: eight.
    assert_eq!(findings.len(), 3 * 5 + 3 * 4 + 7 + 8, "{findings:#?}");
}

#[test]
fn a_parameter_is_text_on_the_wire() {
    let with = |place: &str, schema: Value| {
        let parameter = json!({"name": "p", "in": place, "schema": schema});
        api(json!({"parameters": [parameter]}), json!({}))
    };
    let text = json!({"type": "string"});
    let list = json!({"type": "array", "items": text});
    for (place, old, new, level) in [
        ("query", json!({"type": "integer"}), text.clone(), "info"),
        (
            "query",
            text.clone(),
            json!({"type": "integer"}),
            "breaking",
        ),
        ("query", text.clone(), list.clone(), "info"),
        ("query", list.clone(), text.clone(), "breaking"),
        ("header", text.clone(), list, "breaking"),
    ] {
        let findings = found(&with(place, old.clone()), &with(place, new.clone()));
        assert_eq!(worst(&findings), level, "{place}: {old} {new}");
    }
}

#[test]
fn a_property_inside_a_parameter_says_so_in_its_id() {
    let with = |place: &str, kind: &str| {
        let schema = object(json!({"a": {"type": kind}}));
        let parameter = json!({"name": "p", "in": place, "schema": schema});
        api(json!({"parameters": [parameter]}), json!({}))
    };
    for (place, id) in [
        ("query", "request-parameter-property-type-specialized"),
        ("header", "request-parameter-property-type-specialized"),
    ] {
        let findings = found(&with(place, "string"), &with(place, "integer"));
        assert_eq!(findings[0].id, id);
    }
}

#[test]
fn who_has_all_credentials_is_let_in_by_one_of_them() {
    let with = |security: Value| api(json!({"security": security}), json!({}));
    let both = with(json!([{"k": [], "o": ["a", "b"]}]));
    let either = with(json!([{"o": ["a"]}, {"k": []}]));
    assert_eq!(worst(&found(&both, &either)), "info");
    assert_eq!(worst(&found(&either, &both)), "breaking");
}

#[test]
fn a_callback_that_now_wants_a_body_in_its_answer_is_breaking() {
    let with = |response: Value| {
        let operation = json!({"responses": {"200": response}});
        json!({"openapi": "3.1.0", "webhooks": {"paid": {"post": operation}}})
    };
    let body = json!({"content": {"application/json": {"schema": {"type": "object"}}}});
    assert_eq!(worst(&found(&with(json!({})), &with(body))), "breaking");
}

#[test]
fn a_list_of_types_with_null_allows_it_only_if_the_values_have_it() {
    let of = |values: Value| json!({"type": ["string", "null"], "enum": values});
    judged(of(json!(["a", null])), of(json!(["a"])), "breaking", "info");
    equal(
        json!({}),
        of(json!(["a"])),
        json!({"type": "string", "enum": ["a"]}),
    );
}

#[test]
fn several_multiples_are_one_common_multiple() {
    let all = |units: &[Value]| {
        let units = units.iter().map(|it| json!({"multipleOf": it}));
        json!({"type": "number", "allOf": units.collect::<Vec<_>>()})
    };
    let one = |unit: Value| json!({"type": "number", "multipleOf": unit});
    equal(json!({}), all(&[json!(2), json!(3)]), one(json!(6)));
    equal(json!({}), all(&[json!(0.4), json!(0.6)]), one(json!(1.2)));
    judged(
        all(&[json!(2), json!(3)]),
        one(json!(3)),
        "info",
        "breaking",
    );
    judged(
        one(json!(4)),
        all(&[json!(2), json!(3)]),
        "breaking",
        "breaking",
    );
}

#[test]
fn what_was_required_without_a_schema_and_is_optional_with_one_became_optional() {
    let required = json!({"type": "object", "required": ["a"]});
    let optional = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
    judged(required.clone(), optional.clone(), "info", "breaking");
    judged(optional, required, "breaking", "info");
}
