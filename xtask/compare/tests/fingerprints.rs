//! A fingerprint names one change: no other has it, and it stays whatever else changes.

use std::collections::{BTreeMap, BTreeSet};

use openapi_compare::compare;
use openapi_compare::finding::Finding;
use serde_json::{Value, json};

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    let report = compare(old, new).unwrap_or_else(|error| panic!("{error}\n{old}\n{new}"));
    report.findings
}

fn fingerprints(findings: &[Finding]) -> BTreeSet<String> {
    findings.iter().map(|it| it.fingerprint.clone()).collect()
}

/// Schemas that differ in one keyword.
fn keywords() -> Vec<(Value, Value)> {
    let mut pairs = vec![
        (json!({"type": "string"}), json!({"type": "integer"})),
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"enum": [1, 2]}), json!({"enum": [1]})),
        (json!({"required": ["a"]}), json!({"required": ["b"]})),
    ];
    for keyword in [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "multipleOf",
        "const",
        "default",
        "example",
        "x-one",
        "x-other",
        "other",
    ] {
        pairs.push((json!({keyword: 1}), json!({keyword: 2})));
    }
    for keyword in [
        "title",
        "description",
        "format",
        "pattern",
        "contentEncoding",
        "contentMediaType",
    ] {
        pairs.push((json!({keyword: "1"}), json!({keyword: "2"})));
    }
    for keyword in ["deprecated", "uniqueItems", "nullable"] {
        pairs.push((
            json!({keyword: false, "type": "array"}),
            json!({keyword: true, "type": "array"}),
        ));
    }
    for keyword in ["minContains", "maxContains"] {
        let of = |count: u8| json!({"contains": {"type": "string"}, keyword: count});
        pairs.push((of(1), of(2)));
    }
    for keyword in [
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
    ] {
        pairs.push((json!({keyword: true}), json!({keyword: false})));
    }
    for name in ["a", "b"] {
        pairs.push((
            json!({"dependentRequired": {name: ["b"]}}),
            json!({"dependentRequired": {name: ["c"]}}),
        ));
    }
    pairs
}

type Wrap = Box<dyn Fn(&Value) -> Value>;

/// The places inside of a schema, with names that look like keywords and like ways.
fn nestings() -> Vec<(String, Wrap)> {
    let mut all: Vec<(String, Wrap)> = vec![("itself".into(), Box::new(Value::clone))];
    for keyword in [
        "items",
        "additionalProperties",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contains",
        "propertyNames",
        "contentSchema",
    ] {
        all.push((keyword.into(), Box::new(move |it| json!({keyword: it}))));
    }
    for keyword in ["then", "else"] {
        let wrap = move |it: &Value| json!({"if": {"minimum": 7}, keyword: it});
        all.push((keyword.into(), Box::new(wrap)));
    }
    for keyword in ["properties", "patternProperties", "dependentSchemas"] {
        for name in ["p", "q", "p/q", "items", "#1", "~1"] {
            let wrap = move |it: &Value| json!({keyword: {name: it}});
            all.push((format!("{keyword} {name}"), Box::new(wrap)));
        }
    }
    let deeper = |it: &Value| json!({"properties": {"p": {"properties": {"q": it}}}});
    all.push(("p, then q".into(), Box::new(deeper)));
    all.push((
        "prefixItems 0".into(),
        Box::new(|it| json!({"prefixItems": [it]})),
    ));
    let second = |it: &Value| json!({"prefixItems": [{"type": "null"}, it]});
    all.push(("prefixItems 1".into(), Box::new(second)));
    for index in 0..2 {
        // Two alternatives of one title.
        let wrap = move |it: &Value| {
            let mut alternatives = [false, true]
                .map(|other| json!({"title": "one", "properties": {"t": {"const": other}}}));
            alternatives[index]["properties"]["s"] = it.clone();
            json!({"oneOf": alternatives})
        };
        all.push((format!("oneOf {index}"), Box::new(wrap)));
    }
    all
}

/// The places of a schema in a document.
fn places() -> Vec<(String, Wrap)> {
    fn api(operation: Value) -> Value {
        json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}})
    }
    let mut all: Vec<(String, Wrap)> = Vec::new();
    for media_type in ["application/json", "application/xml"] {
        let content = move |it: &Value| json!({"content": {media_type: {"schema": it}}});
        all.push((
            format!("request {media_type}"),
            Box::new(move |it| api(json!({"requestBody": content(it)}))),
        ));
        for status in ["200", "400", "4XX", "default"] {
            let wrap = move |it: &Value| api(json!({"responses": {status: content(it)}}));
            all.push((format!("{status} {media_type}"), Box::new(wrap)));
        }
        for location in ["query", "header", "cookie"] {
            let wrap = move |it: &Value| {
                let mut parameter = content(it);
                parameter["name"] = "q".into();
                parameter["in"] = location.into();
                api(json!({"parameters": [parameter]}))
            };
            all.push((
                format!("content in {location} {media_type}"),
                Box::new(wrap),
            ));
        }
    }
    for location in ["query", "header", "cookie"] {
        for name in ["q", "r"] {
            let wrap = move |it: &Value| {
                api(json!({"parameters": [{"name": name, "in": location, "schema": it}]}))
            };
            all.push((format!("{name} in {location}"), Box::new(wrap)));
        }
    }
    for status in ["200", "400"] {
        for name in ["X-One", "X-Other"] {
            let wrap = move |it: &Value| {
                api(json!({"responses": {status: {"headers": {name: {"schema": it}}}}}))
            };
            all.push((format!("header {name} of {status}"), Box::new(wrap)));
        }
    }
    let body =
        |it: &Value| json!({"requestBody": {"content": {"application/json": {"schema": it}}}});
    for (path, method) in [("/pay", "put"), ("/pay/{id}", "post")] {
        let wrap =
            move |it: &Value| json!({"openapi": "3.1.0", "paths": {path: {method: body(it)}}});
        all.push((format!("{method} {path}"), Box::new(wrap)));
    }
    for (name, address) in [("one", "u"), ("one", "v"), ("other", "u")] {
        let wrap =
            move |it: &Value| api(json!({"callbacks": {name: {address: {"post": body(it)}}}}));
        all.push((format!("callback {name} {address}"), Box::new(wrap)));
    }
    let webhook =
        move |it: &Value| json!({"openapi": "3.1.0", "webhooks": {"/pay": {"post": body(it)}}});
    all.push(("webhook".into(), Box::new(webhook)));
    all
}

/// Puts one document over another.
fn merge(into: &mut Value, other: Value) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (key, value) in other {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, other) => *into = other,
    }
}

#[test]
fn no_two_changes_share_a_fingerprint_and_each_stays_when_something_else_changes() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut shared = Vec::new();
    let (places, nestings, keywords) = (places(), nestings(), keywords());
    let mut judged = 0;
    let more = |title: &str| {
        let mut more = json!({"info": {"title": title}});
        let answer = |it: &str| json!({"description": it, "content": {"text/plain": {}}});
        let operation = json!({
            "summary": title,
            "responses": {"299": answer(title), "499": answer("same")},
        });
        merge(&mut more, json!({"paths": {"/pay": {"post": operation}}}));
        more
    };
    for (place, in_document) in &places {
        let is_first = [
            "request application/json",
            "200 application/json",
            "q in query",
        ]
        .contains(&place.as_str());
        let inside = if is_first { nestings.len() } else { 1 };
        for (nesting, in_schema) in &nestings[..inside] {
            for (index, (was, is)) in keywords.iter().enumerate() {
                let name = format!("{place}, {nesting}, {was} to {is} ({index})");
                let old = in_document(&in_schema(was));
                let new = in_document(&in_schema(is));
                let findings = found(&old, &new);
                let alone = fingerprints(&findings);
                if alone.len() != findings.len() {
                    shared.push(format!("{name}: twice"));
                }
                for fingerprint in &alone {
                    if let Some(owner) = owners.insert(fingerprint.clone(), name.clone()) {
                        shared.push(format!("{owner} and {name}"));
                    }
                }
                judged += 1;
                let (mut old, mut new) = (old, new);
                merge(&mut old, more("one"));
                merge(&mut new, more("other"));
                let together = fingerprints(&found(&old, &new));
                if !alone.is_subset(&together) || together.len() <= alone.len() {
                    shared.push(format!("{name}: moved"));
                }
            }
        }
    }
    assert!(judged > 4_000, "{judged}");
    assert!(
        shared.is_empty(),
        "{}:\n{}",
        shared.len(),
        shared[..shared.len().min(60)].join("\n")
    );
}

#[test]
fn a_name_with_a_slash_is_no_way_through_two_properties() {
    let api = |one: &str, other: &str| {
        json!({"openapi": "3.1.0", "paths": {"/pay": {"post": {"requestBody": {"content": {
            "application/json": {"schema": {"properties": {
                "b/c": {"type": one},
                "b": {"properties": {"c": {"type": other}}},
            }}}
        }}}}}})
    };
    let old = api("string", "string");
    let one = fingerprints(&found(&old, &api("integer", "string")));
    let other = fingerprints(&found(&old, &api("string", "integer")));
    assert_eq!([one.len(), other.len()], [1, 1]);
    assert!(one.is_disjoint(&other));
}
