//! No change is silent.

use openapi_compare::finding::Level;
use openapi_compare::{compare, exact};
use serde_json::{Value, json};

fn worst(old: &Value, new: &Value) -> Option<Level> {
    let report = compare(old, new).unwrap_or_else(|error| panic!("{error}\n{old}\n{new}"));
    report.worst()
}

fn body(kind: &str) -> Value {
    json!({"requestBody": {"content": {"application/json": {"schema": {"type": kind}}}}})
}

#[test]
fn what_stands_beside_the_reference_of_a_path_is_judged_with_what_it_refers_to() {
    let api = |item: Value, more: Value, last: Value| {
        json!({"openapi": "3.1.0", "paths": {"/pay": item},
            "components": {"pathItems": {"More": more, "Last": last}}})
    };
    let reference = "#/components/pathItems/More";
    let get = json!({"get": {}});
    let beside = |kind: &str| {
        let item = json!({"$ref": reference, "put": body(kind)});
        api(item, get.clone(), json!({}))
    };
    let between = |kind: &str| {
        let more = json!({"$ref": "#/components/pathItems/Last", "put": body(kind)});
        api(json!({"$ref": reference}), more, get.clone())
    };
    let behind = |kind: &str| {
        let item = json!({"$ref": reference, "get": {}});
        api(item, json!({"put": body(kind)}), json!({}))
    };
    let hidden = |kind: &str| {
        let item = json!({"$ref": reference, "put": body("string")});
        api(item, json!({"put": body(kind)}), json!({}))
    };
    let parameter = |required: bool| {
        let parameters = json!([{"name": "q", "in": "query", "required": required, "schema": {}}]);
        api(
            json!({"$ref": reference, "parameters": parameters}),
            get.clone(),
            json!({}),
        )
    };
    for api in [&beside as &dyn Fn(&str) -> Value, &between, &behind] {
        let (old, new) = (api("string"), api("integer"));
        assert_eq!(worst(&old, &new), Some(Level::Breaking), "{old}\n{new}");
        assert_eq!(worst(&old, &old), None);
    }
    assert_eq!(
        worst(&hidden("string"), &hidden("integer")),
        Some(Level::Warn)
    );
    assert_eq!(
        worst(&parameter(false), &parameter(true)),
        Some(Level::Breaking)
    );
    let written_out = |kind: &str| {
        let mut item = get.clone();
        item["put"] = body(kind);
        api(item, get.clone(), json!({}))
    };
    assert_eq!(worst(&beside("string"), &written_out("string")), None);
}

#[test]
fn a_dynamic_reference_is_judged_through_its_anchor() {
    let api = |anchors: Value, reference: &str| {
        let schema = json!({"$dynamicRef": reference});
        json!({"openapi": "3.1.0",
            "paths": {"/pay": {"post": {"requestBody": {"content": {
                "application/json": {"schema": {"type": "object", "properties": {"p": schema}}}
            }}}}},
            "components": {"schemas": anchors}})
    };
    let one = |kind: &str| json!({"A": {"$dynamicAnchor": "a", "type": kind}});
    let plain = |kind: &str| json!({"A": {"$anchor": "a", "type": kind}});
    let nested =
        |kind: &str| json!({"A": {"properties": {"b": {"$dynamicAnchor": "a", "type": kind}}}});
    for anchors in [&one as &dyn Fn(&str) -> Value, &plain, &nested] {
        let old = api(anchors("string"), "#a");
        assert_eq!(
            worst(&old, &api(anchors("integer"), "#a")),
            Some(Level::Breaking)
        );
        assert_eq!(worst(&old, &old), None);
    }
    let pointer = "#/components/schemas/A";
    assert_eq!(
        worst(&api(one("string"), pointer), &api(one("integer"), pointer)),
        Some(Level::Breaking)
    );
    // Which of two is meant depends on the way to the reference.
    let two = |kind: &str| {
        json!({
            "A": {"$dynamicAnchor": "a", "type": "string"},
            "B": {"$dynamicAnchor": "a", "type": kind},
        })
    };
    assert_eq!(
        worst(&api(two("string"), "#a"), &api(two("integer"), "#a")),
        Some(Level::Warn)
    );
    assert_eq!(
        worst(&api(two("string"), "#a"), &api(two("string"), "#b")),
        Some(Level::Warn)
    );
}

#[test]
fn a_reference_to_an_anchor_is_followed() {
    let api = |kind: &str| {
        json!({"openapi": "3.1.0",
            "paths": {"/pay": {"post": {"requestBody": {"content": {
                "application/json": {"schema": {"$ref": "#a"}}
            }}}}},
            "components": {"schemas": {"A": {"$anchor": "a", "type": kind}}}})
    };
    assert_eq!(
        worst(&api("string"), &api("integer")),
        Some(Level::Breaking)
    );
}

#[test]
fn a_text_of_digits_is_no_number_however_long_it_is() {
    let api = |value: &str| {
        let text = r#"{"openapi": "3.1.0", "paths": {"/pay": {"post": {"requestBody": {"content": {
            "application/json": {"schema": {"enum": [VALUE]}}}}}}}}"#;
        let text = text.replace("VALUE", value);
        serde_json::from_str::<Value>(&exact::quoted(&text)).unwrap()
    };
    let digits = "18446744073709551617";
    let texts = ["", "+", "++"].map(|sign| format!("\"{sign}{digits}\""));
    for (index, text) in texts.iter().enumerate() {
        for other in [&texts[..index], &[digits.to_owned()]].concat() {
            for (old, new) in [(text, &other), (&other, text)] {
                assert_eq!(
                    worst(&api(old), &api(new)),
                    Some(Level::Breaking),
                    "{old} {new}"
                );
            }
        }
        assert_eq!(worst(&api(text), &api(text)), None);
    }
    assert_eq!(worst(&api(digits), &api("18446744073709551617.0")), None);
}

#[test]
fn what_stands_beside_a_reference_is_remarked_on() {
    let target = json!({
        "parameters": {"T": {"name": "q", "in": "query", "schema": {}}},
        "responses": {"T": {"description": "d"}},
        "requestBodies": {"T": {"content": {}}},
        "headers": {"T": {"schema": {}}},
        "links": {"T": {"operationId": "o"}},
        "callbacks": {"T": {}},
        "schemas": {"T": {"type": "object"}},
        "securitySchemes": {"T": {"type": "http", "scheme": "basic"}},
    });
    type Place = fn(Value) -> Value;
    let places: [(&str, Place); 6] = [
        ("parameters", |it| json!({"parameters": [it]})),
        ("responses", |it| json!({"responses": {"200": it}})),
        ("requestBodies", |it| json!({"requestBody": it})),
        (
            "headers",
            |it| json!({"responses": {"200": {"headers": {"h": it}}}}),
        ),
        (
            "links",
            |it| json!({"responses": {"200": {"links": {"l": it}}}}),
        ),
        ("callbacks", |it| json!({"callbacks": {"c": it}})),
    ];
    for (kind, place) in places {
        let api = |key: &str, text: &str| {
            let operation = place(json!({"$ref": format!("#/components/{kind}/T"), key: text}));
            json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}},
                "components": target})
        };
        for (key, right) in [("x-a", Level::Warn), ("description", Level::Doc)] {
            assert_eq!(
                worst(&api(key, "one"), &api(key, "other")),
                Some(right),
                "{kind} {key}"
            );
            assert_eq!(worst(&api(key, "one"), &api(key, "one")), None);
        }
    }
    let schemes = |text: &str| {
        let mut components = target.clone();
        components["securitySchemes"]["k"] =
            json!({"$ref": "#/components/securitySchemes/T", "x-a": text});
        json!({"openapi": "3.1.0", "paths": {}, "components": components})
    };
    assert_eq!(worst(&schemes("one"), &schemes("other")), Some(Level::Warn));
}

#[test]
fn an_extension_is_remarked_on_where_nothing_else_is_said() {
    let body = |schema: Value| {
        json!({"openapi": "3.1.0", "paths": {"/pay": {"post": {"requestBody": {"content": {
            "application/json": {"schema": schema}
        }}}}}})
    };
    let places: [&dyn Fn(&str) -> Value; 6] = [
        &|it: &str| json!({"openapi": "3.1.0", "paths": {"x-a": it}}),
        &|it: &str| json!({"openapi": "3.1.0", "paths": {}, "components": {"x-a": it}}),
        &|it: &str| json!({"openapi": "3.1.0", "paths": {}, "components": {"x-a": {"b": it}}}),
        &|it: &str| json!({"openapi": "3.1.0", "paths": {"/pay": {"x-a": it}}}),
        &|it: &str| body(json!({"oneOf": [{"type": "string"}, {"type": "null", "x-a": it}]})),
        &|it: &str| {
            body(json!({"oneOf": [{"type": "string"}, {"type": "object"}],
                "discriminator": {"propertyName": "p", "x-a": it}}))
        },
    ];
    for place in places {
        assert_eq!(
            worst(&place("one"), &place("other")),
            Some(Level::Warn),
            "{}",
            place("one")
        );
        assert_eq!(worst(&place("one"), &place("one")), None);
    }
}

#[test]
fn an_extension_of_a_path_is_remarked_on_beside_operations_that_came_and_went() {
    let document = |key: &str, method: &str, it: &str| {
        // Another name of a parameter is no other path.
        let path = format!("/pay/{{of_{method}}}");
        json!({"openapi": "3.1.0", key: {path: {"x-a": it, method: {}}}})
    };
    for key in ["paths", "webhooks"] {
        let found = |it: &str| {
            let report = compare(&document(key, "get", "one"), &document(key, "post", it));
            let findings = report.unwrap().findings.into_iter();
            let of_item = findings.filter(|it| it.pointer.ends_with("/x-a"));
            of_item.map(|it| it.level).collect::<Vec<_>>()
        };
        assert_eq!(found("other"), [Level::Warn], "{key}");
        assert_eq!(found("one"), [], "{key}");
    }
}
