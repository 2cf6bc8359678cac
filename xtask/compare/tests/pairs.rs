//! Pairs of schemas in every place where one can stand, in both directions and both versions, and pairs
//! of documents, each with the level of its worst change.

use openapi_compare::compare;
use serde_json::{Value, json};

const SCHEMAS: &str = "#/components/schemas";

fn worst(old: &Value, new: &Value) -> String {
    let report = compare(old, new).unwrap_or_else(|error| panic!("{error}\n{old}\n{new}"));
    let worst = report.worst();
    worst.map_or("none".to_owned(), |level| level.to_string())
}

/// The places of a schema in a body.
fn places(schema: &Value) -> [Value; 5] {
    [
        schema.clone(),
        json!({"type": "object", "properties": {"a": schema}}),
        json!({"type": "array", "items": schema}),
        json!({"$ref": format!("{SCHEMAS}/Named")}),
        json!({"type": "object", "properties": {"a": {"$ref": format!("{SCHEMAS}/Named")}}}),
    ]
}

fn document(version: &str, schema: &Value, named: &Value, is_request: bool) -> Value {
    let content = json!({"content": {"application/json": {"schema": schema}}});
    let operation = match is_request {
        true => json!({"requestBody": content, "responses": {}}),
        false => json!({"responses": {"200": content}}),
    };
    json!({
        "openapi": version,
        "paths": {"/pay": {"post": operation}},
        "components": {"schemas": {
            "Named": named,
            "Cat": {"type": "object", "required": ["kind", "lives"],
                "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
            "Tom": {"type": "object", "required": ["kind", "lives"],
                "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
            "Dog": {"type": "object", "required": ["kind", "bark"],
                "properties": {"kind": {"type": "string"}, "bark": {"type": "string"}}},
            "Secret": {"type": "string", "readOnly": true},
        }},
    })
}

/// Two schemas with the levels of the change: in a request and back, in a response and back.
type Pair = (&'static str, Value, Value, [&'static str; 4]);

const WIDER: [&str; 4] = ["info", "breaking", "breaking", "info"];
const NARROWER: [&str; 4] = ["breaking", "info", "info", "breaking"];
const NOTHING: [&str; 4] = ["none"; 4];
const WORDS: [&str; 4] = ["doc"; 4];
const OTHER: [&str; 4] = ["breaking"; 4];
const REMARK: [&str; 4] = ["doc|info|warn"; 4];

fn reference(name: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}/{name}")})
}

fn hold(versions: &[&str], pairs: Vec<Pair>) {
    let mut wrong = Vec::new();
    let mut judged = 0;
    for (name, old, new, levels) in &pairs {
        for version in versions {
            for (place, (was, is)) in places(old).iter().zip(places(new)).enumerate() {
                for (index, right) in levels.iter().enumerate() {
                    let is_request = index < 2;
                    let one = document(version, was, old, is_request);
                    let other = document(version, &is, new, is_request);
                    let found = match index % 2 {
                        0 => worst(&one, &other),
                        _ => worst(&other, &one),
                    };
                    judged += 1;
                    if !right.split('|').any(|it| it == found) {
                        let way = ["request", "request back", "response", "response back"][index];
                        wrong.push(format!(
                            "{name} ({version}, place {place}, {way}): {found}, right is {right}"
                        ));
                    }
                }
            }
        }
    }
    assert!(judged >= pairs.len() * 20, "{judged}");
    assert!(
        wrong.is_empty(),
        "{} of {judged}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn pairs_of_both_versions_have_the_level_that_they_have_for_callers() {
    let text = |rest: Value| merged(json!({"type": "string"}), rest);
    let number = |rest: Value| merged(json!({"type": "number"}), rest);
    let object = |rest: Value| merged(json!({"type": "object"}), rest);
    let list = |rest: Value| merged(json!({"type": "array", "items": {"type": "string"}}), rest);
    let (cat, dog, tom) = (reference("Cat"), reference("Dog"), reference("Tom"));
    let named = |mapping: Value| json!({"oneOf": [cat, dog], "discriminator": {"propertyName": "kind", "mapping": mapping}});
    let address = |name: &str| format!("{SCHEMAS}/{name}");
    hold(
        &["3.0.3", "3.1.0"],
        vec![
            (
                "a shorter text",
                text(json!({"maxLength": 20})),
                text(json!({"maxLength": 10})),
                NARROWER,
            ),
            (
                "a first limit",
                text(json!({})),
                text(json!({"minLength": 1})),
                NARROWER,
            ),
            (
                "a limit of nothing",
                text(json!({})),
                text(json!({"minLength": 0})),
                NOTHING,
            ),
            (
                "a lower minimum",
                number(json!({"minimum": 1})),
                number(json!({"minimum": 0.5})),
                WIDER,
            ),
            (
                "the same number",
                number(json!({"maximum": 1e2})),
                number(json!({"maximum": 100})),
                NOTHING,
            ),
            (
                "1.0 in an enumeration",
                number(json!({"enum": [1.0, 2]})),
                number(json!({"enum": [2, 1]})),
                NOTHING,
            ),
            (
                "finer decimals",
                number(json!({"multipleOf": 0.1})),
                number(json!({"multipleOf": 0.01})),
                WIDER,
            ),
            (
                "other decimals",
                number(json!({"multipleOf": 0.3})),
                number(json!({"multipleOf": 0.2})),
                OTHER,
            ),
            (
                "beyond 64 bits",
                number(json!({"maximum": "18446744073709551616"})),
                number(json!({"maximum": "18446744073709551617"})),
                WIDER,
            ),
            (
                "an integer as a number",
                json!({"type": "integer"}),
                number(json!({})),
                WIDER,
            ),
            (
                "a number as a text",
                number(json!({})),
                text(json!({})),
                OTHER,
            ),
            (
                "an untyped object as a text",
                json!({"properties": {"a": {"type": "string"}}}),
                text(json!({})),
                OTHER,
            ),
            (
                "one of several",
                text(json!({})),
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                WIDER,
            ),
            (
                "any of several",
                text(json!({})),
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
                WIDER,
            ),
            (
                "three of two",
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
                WIDER,
            ),
            (
                "alternatives in another order",
                json!({"anyOf": [cat, dog]}),
                json!({"anyOf": [dog, cat]}),
                NOTHING,
            ),
            (
                "alternatives that exclude each other",
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
                NOTHING,
            ),
            (
                "an object in a choice",
                cat.clone(),
                json!({"oneOf": [cat, dog]}),
                WIDER,
            ),
            (
                "an object in any of several",
                cat.clone(),
                json!({"anyOf": [dog, cat]}),
                WIDER,
            ),
            (
                "an inline object in a choice",
                object(json!({"required": ["a"], "properties": {"a": {"type": "string"}}})),
                json!({"oneOf": [dog, object(json!({"required": ["a"], "properties": {"a": {"type": "string"}}}))]}),
                WIDER,
            ),
            (
                "a choice of one",
                cat.clone(),
                json!({"oneOf": [cat]}),
                NOTHING,
            ),
            ("a renamed component", cat.clone(), tom.clone(), NOTHING),
            (
                "a renamed alternative",
                json!({"oneOf": [cat, dog]}),
                json!({"oneOf": [tom, dog]}),
                NOTHING,
            ),
            (
                "words in an alternative",
                json!({"anyOf": [{"type": "string", "description": "a"}, {"type": "integer"}]}),
                json!({"anyOf": [{"type": "string", "description": "b"}, {"type": "integer"}]}),
                WORDS,
            ),
            (
                "a title in allOf",
                json!({"allOf": [{"title": "a", "type": "string"}]}),
                json!({"allOf": [{"title": "b", "type": "string"}]}),
                ["doc|info"; 4],
            ),
            (
                "flattened",
                json!({"allOf": [{"allOf": [text(json!({"maxLength": 5}))]}, {"minLength": 1}]}),
                text(json!({"maxLength": 5, "minLength": 1})),
                NOTHING,
            ),
            (
                "the tightest limit",
                json!({"allOf": [text(json!({"maxLength": 9})), {"maxLength": 5}]}),
                text(json!({"maxLength": 5})),
                NOTHING,
            ),
            (
                "a looser limit of two",
                json!({"allOf": [text(json!({"maxLength": 9})), {"maxLength": 5}]}),
                json!({"allOf": [text(json!({"maxLength": 9})), {"maxLength": 7}]}),
                WIDER,
            ),
            (
                "an extracted base",
                object(
                    json!({"required": ["kind", "lives"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}, "b": {"type": "boolean"}}}),
                ),
                json!({"allOf": [cat, object(json!({"properties": {"b": {"type": "boolean"}}}))]}),
                NOTHING,
            ),
            (
                "a further value",
                text(json!({"enum": ["a"]})),
                text(json!({"enum": ["b", "a"]})),
                ["info", "breaking", "warn", "info"],
            ),
            (
                "values in another order",
                text(json!({"enum": ["a", "b"]})),
                text(json!({"enum": ["b", "a"]})),
                NOTHING,
            ),
            (
                "a pattern",
                text(json!({})),
                text(json!({"pattern": "^a"})),
                NARROWER,
            ),
            (
                "another pattern",
                text(json!({"pattern": "^b"})),
                text(json!({"pattern": "^a"})),
                ["warn"; 4],
            ),
            (
                "unique items",
                list(json!({})),
                list(json!({"uniqueItems": true})),
                NARROWER,
            ),
            (
                "fewer items",
                list(json!({"maxItems": 3})),
                list(json!({"maxItems": 2})),
                NARROWER,
            ),
            (
                "typed items",
                json!({"type": "array", "items": {}}),
                list(json!({})),
                NARROWER,
            ),
            (
                "closed",
                object(json!({"properties": {"a": {"type": "string"}}})),
                object(
                    json!({"properties": {"a": {"type": "string"}}, "additionalProperties": false}),
                ),
                ["breaking", "info", "info", "warn|breaking"],
            ),
            (
                "typed rest",
                object(json!({})),
                object(json!({"additionalProperties": {"type": "string"}})),
                NARROWER,
            ),
            (
                "a required property",
                object(json!({"properties": {"a": {"type": "string"}}})),
                object(json!({"required": ["a"], "properties": {"a": {"type": "string"}}})),
                NARROWER,
            ),
            (
                "an optional property",
                object(json!({})),
                object(json!({"properties": {"a": {"type": "string"}}})),
                ["info", "breaking", "info", "info"],
            ),
            (
                "what is never sent",
                object(json!({})),
                object(
                    json!({"required": ["a"], "properties": {"a": {"type": "string", "readOnly": true}}}),
                ),
                ["info", "info", "info", "breaking"],
            ),
            (
                "what is never sent, by reference",
                object(json!({})),
                object(
                    json!({"required": ["a"], "properties": {"a": {"allOf": [reference("Secret")]}}}),
                ),
                ["info", "info", "info", "breaking"],
            ),
            (
                "what is never returned",
                object(json!({})),
                object(
                    json!({"required": ["a"], "properties": {"a": {"type": "string", "writeOnly": true}}}),
                ),
                ["breaking", "breaking", "info", "info"],
            ),
            (
                "a default",
                text(json!({"default": "a"})),
                text(json!({"default": "b"})),
                ["info"; 4],
            ),
            (
                "an example",
                text(json!({"example": "a"})),
                text(json!({"example": "b"})),
                WORDS,
            ),
            (
                "an extension",
                text(json!({})),
                text(json!({"x-nullable": true})),
                REMARK,
            ),
            (
                "a reference in an extension",
                text(json!({"x-a": cat})),
                text(json!({"x-a": dog})),
                REMARK,
            ),
            (
                "a prefix in XML",
                text(json!({"xml": {"name": "a"}})),
                text(json!({"xml": {"name": "b"}})),
                REMARK,
            ),
            (
                "a denial",
                text(json!({})),
                text(json!({"not": {"maxLength": 2}})),
                NARROWER,
            ),
            (
                "a name that stands for a schema",
                named(json!({"c": address("Cat"), "d": address("Dog")})),
                named(json!({"d": address("Dog")})),
                ["breaking", "info", "info", "warn"],
            ),
            (
                "a name that stands for another schema",
                named(json!({"c": address("Cat")})),
                named(json!({"c": address("Dog")})),
                OTHER,
            ),
            (
                "a name that stands for the same schema under another name",
                named(json!({"c": address("Cat")})),
                named(json!({"c": address("Tom")})),
                ["info"; 4],
            ),
            (
                "a name with and without its address",
                named(json!({"c": address("Cat")})),
                named(json!({"c": "Cat"})),
                NOTHING,
            ),
            (
                "a minimum of properties",
                object(json!({})),
                object(json!({"minProperties": 1})),
                NARROWER,
            ),
        ],
    );
}

#[test]
fn pairs_of_version_3_0_have_the_level_that_they_have_for_callers() {
    let integer = |rest: Value| merged(json!({"type": "integer"}), rest);
    hold(
        &["3.0.3"],
        vec![
            (
                "nullable",
                json!({"type": "string"}),
                json!({"type": "string", "nullable": true}),
                WIDER,
            ),
            (
                "an exclusive bound of integers",
                integer(json!({"minimum": 4, "exclusiveMinimum": true})),
                integer(json!({"minimum": 5})),
                NOTHING,
            ),
            (
                "no longer exclusive",
                integer(json!({"maximum": 4, "exclusiveMaximum": true})),
                integer(json!({"maximum": 4})),
                WIDER,
            ),
            (
                "nullable around a reference",
                json!({"nullable": true, "allOf": [reference("Cat")]}),
                reference("Cat"),
                NARROWER,
            ),
        ],
    );
}

#[test]
fn pairs_of_version_3_1_have_the_level_that_they_have_for_callers() {
    let text = json!({"type": "string"});
    let object = |rest: Value| merged(json!({"type": "object"}), rest);
    let list = |rest: Value| merged(json!({"type": "array"}), rest);
    let string = |rest: Value| merged(json!({"type": "string"}), rest);
    let open = json!({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}});
    let object_of = |rest: Value| object(merged(open.clone(), rest));
    hold(
        &["3.1.0"],
        vec![
            (
                "null in a list",
                text.clone(),
                json!({"type": ["string", "null"]}),
                WIDER,
            ),
            (
                "null as an alternative",
                reference("Cat"),
                json!({"anyOf": [reference("Cat"), {"type": "null"}]}),
                WIDER,
            ),
            (
                "null in two spellings",
                json!({"oneOf": [reference("Cat"), {"type": "null"}]}),
                json!({"anyOf": [{"type": "null"}, reference("Cat")]}),
                NOTHING,
            ),
            (
                "a list of types as alternatives",
                json!({"type": ["string", "integer"]}),
                json!({"anyOf": [{"type": "integer"}, text]}),
                NOTHING,
            ),
            (
                "a longer list of types",
                json!({"type": ["string", "integer"]}),
                json!({"type": ["string", "integer", "boolean"]}),
                WIDER,
            ),
            (
                "object or null as anything",
                json!({"type": ["object", "null"]}),
                json!({}),
                WIDER,
            ),
            (
                "a constant as the one value",
                json!({"const": "a"}),
                json!({"enum": ["a"]}),
                NOTHING,
            ),
            (
                "another constant",
                json!({"const": "a"}),
                json!({"const": "b"}),
                OTHER,
            ),
            (
                "an exclusive bound of integers",
                json!({"type": "integer", "exclusiveMaximum": 5}),
                json!({"type": "integer", "maximum": 4}),
                NOTHING,
            ),
            (
                "an exclusive bound of numbers",
                json!({"type": "number", "exclusiveMaximum": 5}),
                json!({"type": "number", "maximum": 5}),
                WIDER,
            ),
            (
                "a further place of a tuple",
                list(json!({"prefixItems": [text]})),
                list(json!({"prefixItems": [text, {"type": "integer"}]})),
                NARROWER,
            ),
            (
                "a closed tuple",
                list(json!({"prefixItems": [text]})),
                list(json!({"prefixItems": [text], "items": false})),
                ["breaking", "info", "info", "warn|breaking"],
            ),
            (
                "a property that needs another",
                object_of(json!({})),
                object_of(json!({"dependentRequired": {"a": ["b"]}})),
                NARROWER,
            ),
            (
                "a property that needs a schema",
                object_of(json!({})),
                object_of(json!({"dependentSchemas": {"a": {"required": ["b"]}}})),
                NARROWER,
            ),
            (
                "a condition",
                object_of(json!({})),
                object_of(json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}})),
                NARROWER,
            ),
            (
                "a condition without consequences",
                object_of(json!({})),
                object_of(json!({"if": {"required": ["a"]}})),
                NOTHING,
            ),
            (
                "another condition without consequences",
                object_of(json!({"if": {"required": ["b"]}})),
                object_of(json!({"if": {"required": ["a"]}, "then": true})),
                NOTHING,
            ),
            (
                "a consequence without a condition",
                object_of(json!({})),
                object_of(json!({"then": {"required": ["a"]}, "else": false})),
                NOTHING,
            ),
            (
                "an item that must be there",
                list(json!({})),
                list(json!({"contains": {"const": 1}})),
                NARROWER,
            ),
            (
                "two items that must be there",
                list(json!({"contains": {"const": 1}})),
                list(json!({"contains": {"const": 1}, "minContains": 2})),
                NARROWER,
            ),
            (
                "at most two of them",
                list(json!({"contains": {"const": 1}, "maxContains": 2})),
                list(json!({"contains": {"const": 1}})),
                WIDER,
            ),
            (
                "names of properties",
                object(json!({})),
                object(json!({"propertyNames": {"maxLength": 3}})),
                NARROWER,
            ),
            (
                "properties by pattern",
                object(json!({})),
                object(json!({"patternProperties": {"^n": {"type": "number"}}})),
                NARROWER,
            ),
            (
                "nothing that is not evaluated",
                object_of(json!({})),
                object_of(json!({"unevaluatedProperties": false})),
                ["breaking", "info", "info", "warn|breaking"],
            ),
            (
                "no items that are not evaluated",
                list(json!({"prefixItems": [text]})),
                list(json!({"prefixItems": [text], "unevaluatedItems": false})),
                ["breaking", "info", "info", "warn|breaking"],
            ),
            (
                "content of another type",
                string(json!({"contentMediaType": "application/json"})),
                string(json!({"contentMediaType": "application/xml"})),
                OTHER,
            ),
            (
                "content in another encoding",
                string(json!({"contentEncoding": "base32"})),
                string(json!({"contentEncoding": "base16"})),
                OTHER,
            ),
            (
                "words beside a reference",
                reference("Cat"),
                merged(reference("Cat"), json!({"description": "d"})),
                WORDS,
            ),
            (
                "an unknown keyword beside a reference",
                reference("Cat"),
                merged(reference("Cat"), json!({"x-a": 1, "unknown": 2})),
                REMARK,
            ),
            (
                "no value at all",
                text.clone(),
                json!(false),
                ["breaking", "info", "breaking", "breaking"],
            ),
        ],
    );
}

fn api(operation: Value, components: Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}, "components": components})
}

#[track_caller]
fn judged(old: &Value, new: &Value, forth: &str, back: &str) {
    let found = (worst(old, new), worst(new, old));
    let is_right = |found: &str, right: &str| right.split('|').any(|it| it == found);
    assert!(
        is_right(&found.0, forth) && is_right(&found.1, back),
        "{found:?}, right is {forth}, {back}\n{old}\n{new}"
    );
}

#[test]
fn calls_by_the_api_are_judged_with_swapped_roles_behind_references_too() {
    let body = |required: Value| {
        let schema = json!({"type": "object", "required": required, "properties": {"a": {"type": "string"}}});
        json!({"requestBody": {"content": {"application/json": {"schema": schema}}}})
    };
    let callback = |required: Value| {
        api(
            json!({"callbacks": {"paid": {"$ref": "#/components/callbacks/Paid"}}}),
            json!({
                "callbacks": {"Paid": {"{$request.body#/url}": {"$ref": "#/components/pathItems/Call"}}},
                "pathItems": {"Call": {"post": body(required)}},
            }),
        )
    };
    judged(
        &callback(json!(["a"])),
        &callback(json!([])),
        "breaking",
        "info",
    );
    for key in ["webhooks", "x-webhooks"] {
        let hook = |required: Value| json!({"openapi": "3.1.0", "paths": {}, key: {"paid": {"post": body(required)}}});
        judged(&hook(json!(["a"])), &hook(json!([])), "breaking", "info");
    }
    let answer = |required: Value| {
        let header = json!({"X-A": {"$ref": "#/components/headers/A"}});
        json!({
            "openapi": "3.1.0",
            "paths": {},
            "webhooks": {"paid": {"post": {"responses": {"200": {"headers": header}}}}},
            "components": {"headers": {"A": {"required": required, "schema": {"type": "string"}}}},
        })
    };
    judged(
        &answer(json!(false)),
        &answer(json!(true)),
        "breaking",
        "info",
    );
}

#[test]
fn what_stands_behind_a_reference_is_never_silent() {
    let with = |rest: Value| {
        api(
            json!({
                "parameters": [{"$ref": "#/components/parameters/P"}],
                "requestBody": {"$ref": "#/components/requestBodies/B"},
                "responses": {"200": {"$ref": "#/components/responses/R"}},
            }),
            rest,
        )
    };
    let parts = |kind: &str, is_required: bool, to: &str, header: &str| {
        let form = json!({"schema": {"type": "object", "properties": {"f": {"type": "string"}}},
            "encoding": {"f": {"contentType": header}}});
        json!({
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": kind}}},
            "requestBodies": {"B": {"required": is_required, "content": {"multipart/form-data": form}}},
            "responses": {"R": {
                "description": "d",
                "headers": {"H": {"$ref": "#/components/headers/H"}},
                "links": {"L": {"$ref": "#/components/links/L"}},
            }},
            "headers": {"H": {"schema": {"type": kind}}},
            "links": {"L": {"operationId": to}},
        })
    };
    let plain = with(parts("string", false, "a", "image/png"));
    let is = |part: Value| with(part);
    judged(
        &plain,
        &is(parts("boolean", false, "a", "image/png")),
        "breaking",
        "breaking",
    );
    judged(
        &plain,
        &is(parts("string", true, "a", "image/png")),
        "breaking",
        "info",
    );
    judged(
        &plain,
        &is(parts("string", false, "b", "image/png")),
        "warn",
        "warn",
    );
    judged(
        &plain,
        &is(parts("string", false, "a", "image/gif")),
        "breaking",
        "breaking",
    );
    judged(
        &plain,
        &is(parts("string", false, "a", "image/png, image/gif")),
        "info",
        "breaking",
    );
}

#[test]
fn statuses_media_types_and_headers_match_as_in_http() {
    let responds = |responses: Value| api(json!({"responses": responses}), json!({}));
    let json_of = |name: &str, kind: &str| json!({"description": "d", "content": {name: {"schema": {"type": kind}}}});
    let plain = |kind: &str| json_of("application/json", kind);
    judged(
        &responds(json!({"2xx": plain("string")})),
        &responds(json!({"2XX": plain("string")})),
        "none",
        "none",
    );
    judged(
        &responds(json!({"200": plain("string")})),
        &responds(json!({"2XX": plain("string")})),
        "none|info",
        "info",
    );
    judged(
        &responds(json!({"200": plain("string")})),
        &responds(json!({"2XX": plain("integer")})),
        "breaking",
        "breaking",
    );
    judged(
        &responds(json!({"404": plain("string")})),
        &responds(json!({"default": plain("integer")})),
        "breaking",
        "breaking",
    );
    judged(
        &responds(json!({"200": json_of("Application/JSON; Charset=UTF-8", "string")})),
        &responds(json!({"200": plain("string")})),
        "none",
        "none",
    );
    let takes = |parameters: Value| api(json!({"parameters": parameters}), json!({}));
    let header =
        |name: &str, kind: &str| json!({"name": name, "in": "header", "schema": {"type": kind}});
    judged(
        &takes(json!([header("X-Id", "string")])),
        &takes(json!([header("x-id", "string")])),
        "none",
        "none",
    );
    for ignored in ["Accept", "content-type", "AUTHORIZATION"] {
        judged(
            &takes(json!([])),
            &takes(json!([header(ignored, "string")])),
            "none",
            "none",
        );
        judged(
            &takes(json!([header(ignored, "string")])),
            &takes(json!([header(ignored, "object")])),
            "none",
            "none",
        );
    }
}

#[test]
fn parameters_are_judged_as_they_are_written() {
    let takes = |parameter: Value| api(json!({"parameters": [parameter]}), json!({}));
    let list = |rest: Value| {
        let schema = json!({"type": "array", "items": {"type": "string"}});
        takes(merged(
            json!({"name": "p", "in": "query", "schema": schema}),
            rest,
        ))
    };
    judged(
        &list(json!({})),
        &list(json!({"style": "form", "explode": true})),
        "none",
        "none",
    );
    judged(
        &list(json!({})),
        &list(json!({"explode": false})),
        "breaking",
        "breaking",
    );
    judged(
        &list(json!({})),
        &list(json!({"style": "spaceDelimited"})),
        "breaking",
        "breaking",
    );
    let text = |rest: Value| {
        takes(merged(
            json!({"name": "p", "in": "query", "schema": {"type": "string"}}),
            rest,
        ))
    };
    judged(
        &text(json!({})),
        &text(json!({"explode": false})),
        "none",
        "none",
    );
    let content = takes(
        json!({"name": "p", "in": "query", "content": {"application/json": {"schema": {"type": "string"}}}}),
    );
    judged(&text(json!({})), &content, "breaking", "breaking");
    judged(
        &text(json!({})),
        &takes(json!({"name": "p", "in": "header", "schema": {"type": "string"}})),
        "warn|breaking",
        "warn|breaking",
    );
    let shared = |at_path: bool| {
        let parameter = json!([{"name": "p", "in": "query", "schema": {"type": "string"}}]);
        let item = match at_path {
            true => json!({"parameters": parameter, "post": {}}),
            false => json!({"post": {"parameters": parameter}}),
        };
        json!({"openapi": "3.0.3", "paths": {"/pay": item}})
    };
    judged(&shared(true), &shared(false), "none", "none");
    let path = |template: &str| {
        let parameter = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
        json!({"openapi": "3.1.0", "paths": {template: {"get": {"parameters": [parameter("a"), parameter("b")]}}}})
    };
    judged(&path("/{a}/to/{b}"), &path("/{b}/to/{a}"), "warn", "warn");
}

#[test]
fn credentials_and_addresses_are_alternatives() {
    let secured = |security: Value, names: [&str; 2]| {
        let [one, two] = names;
        api(
            json!({"security": security}),
            json!({"securitySchemes": {
                one: {"type": "http", "scheme": "bearer"},
                two: {"type": "apiKey", "in": "header", "name": "K"},
            }}),
        )
    };
    let plain = |security: Value| secured(security, ["a", "b"]);
    let either = plain(json!([{"a": []}, {"b": []}]));
    judged(&either, &either.clone(), "none", "none");
    judged(
        &either,
        &plain(json!([{"b": []}, {"a": []}])),
        "none",
        "none",
    );
    judged(
        &either,
        &secured(json!([{"c": []}, {"b": []}]), ["c", "b"]),
        "none",
        "none",
    );
    judged(&either, &plain(json!([{"a": []}])), "breaking", "info");
    judged(
        &either,
        &plain(json!([{"a": [], "b": []}])),
        "breaking",
        "info",
    );
    judged(
        &either,
        &plain(json!([{"a": []}, {"b": []}, {}])),
        "info",
        "breaking",
    );
    let serves = |variable: Value| {
        let server =
            json!({"url": "https://{region}.example.com", "variables": {"region": variable}});
        json!({"openapi": "3.0.3", "paths": {}, "servers": [server]})
    };
    let variable =
        |values: Value, default: &str| serves(json!({"default": default, "enum": values}));
    judged(
        &variable(json!(["a", "b"]), "a"),
        &variable(json!(["b", "a"]), "a"),
        "none",
        "none",
    );
    judged(
        &variable(json!(["a", "b"]), "a"),
        &variable(json!(["a"]), "a"),
        "breaking",
        "info",
    );
    judged(
        &variable(json!(["a", "b"]), "a"),
        &variable(json!(["a", "b"]), "b"),
        "breaking",
        "breaking",
    );
}

#[test]
fn an_operation_that_did_not_change_is_still_judged_by_what_it_refers_to() {
    let document = |kind: &str, scheme: &str, url: &str| {
        json!({
            "openapi": "3.1.0",
            "servers": [{"url": url}],
            "paths": {"/pay": {
                "parameters": [{"$ref": "#/components/parameters/P"}],
                "post": {"security": [{"k": []}]},
            }},
            "components": {
                "parameters": {"P": {"name": "p", "in": "query", "schema": {"$ref": "#/components/schemas/S"}}},
                "schemas": {"S": {"anyOf": [{"$ref": "#/components/schemas/T"}, {"type": "boolean"}]}, "T": {"type": kind}},
                "securitySchemes": {"k": {"type": "http", "scheme": scheme}},
            },
        })
    };
    let plain = document("string", "basic", "https://a");
    judged(
        &plain,
        &document("object", "basic", "https://a"),
        "breaking",
        "breaking",
    );
    judged(
        &plain,
        &document("string", "bearer", "https://a"),
        "breaking",
        "breaking",
    );
    judged(
        &plain,
        &document("string", "basic", "https://b"),
        "breaking",
        "breaking",
    );
}

fn merged(mut into: Value, from: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut into, from) {
        into.extend(from);
    }
    into
}
