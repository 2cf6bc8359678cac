//! What a comparison calls breaking, held against a validator: values that one schema takes and the
//! other refuses.
//!
//! Policies of the comparison that are not about values stay out of the generated schemas: an
//! optional property that is added to an open object, formats, and in responses lists of values
//! and additional properties, which are warnings. Alternatives of `oneOf` are taken to exclude each
//! other unless one surely includes another, so only such that do are generated.

use openapi_compare::compare;
use openapi_compare::finding::{Finding, Kind, Level, Shift};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value, json};

fn operation(operation: Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}})
}

fn request(schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(json!({"requestBody": {"required": true, "content": content}}))
}

fn response(schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(json!({"responses": {"200": {"description": "d", "content": content}}}))
}

fn is_breaking(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.level == Level::Breaking)
}

fn ids(findings: &[Finding]) -> Vec<String> {
    let told = findings.iter();
    told.map(|it| format!("{} {} {:?}", it.level, it.id, it.path))
        .collect()
}

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    compare(old, new)
        .unwrap_or_else(|error| panic!("{error}\n{old}\n{new}"))
        .findings
}

fn takes(schema: &Value, value: &Value) -> bool {
    jsonschema::draft202012::new(schema)
        .unwrap_or_else(|error| panic!("{error}\n{schema:#}"))
        .is_valid(value)
}

/// Schemas of JSON Schema 2020-12 that say their type.
fn schemas(has_policies: bool) -> impl Strategy<Value = Value> {
    let limits = |lower: &'static str, upper: &'static str| {
        (prop::option::of(0..4_u8), prop::option::of(2..6_u8)).prop_map(move |(least, most)| {
            let mut schema = json!({});
            if let Some(least) = least {
                schema[lower] = json!(least);
            }
            if let Some(most) = most {
                schema[upper] = json!(most);
            }
            schema
        })
    };
    let typed = |name: &'static str| move |rest: Value| merged(json!({"type": name}), rest);
    let apart = || {
        (1..5_u8).prop_map(|most| {
            json!({"oneOf": [
                {"type": "string", "maxLength": most}, {"type": "integer", "minimum": most},
            ]})
        })
    };
    let values = prop::sample::subsequence(vec!["a", "bb", "ccc"], 1..=3);
    let leaf = prop_oneof![
        limits("minLength", "maxLength").prop_map(typed("string")),
        limits("minimum", "maximum").prop_map(typed("integer")),
        limits("minimum", "exclusiveMaximum").prop_map(typed("integer")),
        limits("exclusiveMinimum", "maximum").prop_map(typed("number")),
        (1..5_u8).prop_map(|unit| json!({"type": "number", "multipleOf": f64::from(unit) / 2.0})),
        Just(json!({"type": "boolean"})),
        apart(),
        Just(json!({"type": ["string", "null"]})),
        Just(json!({"type": ["integer", "boolean"]})),
        Just(json!({"type": "string", "pattern": "^a"})),
        values.prop_map(move |values| match has_policies {
            true => json!({"type": "string", "enum": values}),
            false => json!({"type": "string"}),
        }),
    ];
    leaf.prop_recursive(3, 16, 3, move |inner| {
        let list = prop::collection::vec(inner.clone(), 2..=3);
        let properties = prop::collection::vec(inner.clone(), 2);
        let required = prop::sample::subsequence(vec!["a", "b"], 0..=2);
        prop_oneof![
            2 => (properties, required, any::<bool>()).prop_map(move |(of, required, is_open)| {
                let mut schema = json!({
                    "type": "object",
                    "properties": {"a": of[0], "b": of[1]},
                    "required": required,
                });
                if !is_open && has_policies {
                    schema["additionalProperties"] = json!(false);
                }
                schema
            }),
            1 => inner.clone().prop_map(|it| json!({"type": "array", "items": it})),
            1 => (inner.clone(), limits("minItems", "maxItems"))
                .prop_map(|(it, rest)| merged(json!({"type": "array", "prefixItems": [it]}), rest)),
            1 => list.clone().prop_map(|all| json!({"anyOf": all})),
            1 => (inner.clone(), inner.clone())
                .prop_map(|(one, other)| json!({"allOf": [one, other]})),
            1 => (inner.clone(), inner.clone())
                .prop_map(|(it, no)| json!({"allOf": [it], "not": no})),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(it, a, b)| json!({"allOf": [it], "if": a, "then": b})),
        ]
    })
}

/// The places of schemas in a schema.
fn places(schema: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    for keyword in ["items", "not", "if", "then"] {
        if let Some(inner) = schema.get(keyword) {
            places(inner, &format!("{here}/{keyword}"), all);
        }
    }
    for keyword in ["properties", "prefixItems", "anyOf", "allOf"] {
        let members: Vec<(String, &Value)> = match schema.get(keyword) {
            Some(Value::Object(members)) => members.iter().map(|(k, v)| (k.clone(), v)).collect(),
            Some(Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(index, it)| (index.to_string(), it)).collect()
            }
            _ => continue,
        };
        for (name, inner) in members {
            places(inner, &format!("{here}/{keyword}/{name}"), all);
        }
    }
}

/// Two schemas that differ in one part.
fn pairs(has_policies: bool) -> impl Strategy<Value = (Value, Value)> {
    let (old, part) = (schemas(has_policies), schemas(has_policies));
    (old, part, any::<prop::sample::Index>(), 0..4_u8).prop_map(|(old, part, index, how)| {
        let mut all = Vec::new();
        places(&old, "", &mut all);
        let mut new = old.clone();
        let here = new.pointer_mut(&all[index.index(all.len())]).unwrap();
        *here = match how {
            0 => json!({"anyOf": [here.take(), part]}),
            1 => json!({"allOf": [here.take(), part]}),
            2 => json!({"prefixItems": [here.take()], "type": "array", "items": part}),
            _ => part,
        };
        match index.index(2) {
            0 => (old, new),
            _ => (new, old),
        }
    })
}

fn merged(mut into: Value, from: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut into, from) {
        into.extend(from);
    }
    into
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-1..7_i8).prop_map(Value::from),
        (-1..7_i8).prop_map(|it| json!(f64::from(it) + 0.5)),
        prop::sample::select(vec!["", "a", "bb", "ccc", "abcd", "abcdefg"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            (prop::option::of(inner.clone()), prop::option::of(inner)).prop_map(|(a, b)| {
                let mut object = json!({});
                if let Some(a) = a {
                    object["a"] = a;
                }
                if let Some(b) = b {
                    object["b"] = b;
                }
                object
            }),
        ]
    })
}

/// A pattern that changed is a warning, because nobody can tell what it lets pass.
fn has_warned_of_a_pattern(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.kind == Kind::PatternChanged)
}

/// How many cases each property looks at; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn a_value_that_a_request_no_longer_takes_means_a_breaking_change(
        (old, new) in pairs(true),
        values in prop::collection::vec(values(), 24),
    ) {
        let refused = values.iter().find(|it| takes(&old, it) && !takes(&new, it));
        if let Some(value) = refused {
            let findings = found(&request(&old), &request(&new));
            let is_told = is_breaking(&findings) || has_warned_of_a_pattern(&findings);
            prop_assert!(is_told, "{value}\n{old}\n{new}\n{:?}", ids(&findings));
        }
    }

    #[test]
    fn a_value_that_a_response_may_now_have_means_a_breaking_change(
        (old, new) in pairs(false),
        values in prop::collection::vec(values(), 24),
    ) {
        let unknown = values.iter().find(|it| takes(&new, it) && !takes(&old, it));
        if let Some(value) = unknown {
            let findings = found(&response(&old), &response(&new));
            let is_told = is_breaking(&findings) || has_warned_of_a_pattern(&findings);
            prop_assert!(is_told, "{value}\n{old}\n{new}\n{:?}", ids(&findings));
        }
    }

    #[test]
    fn what_only_got_wider_breaks_no_request_and_its_mirror_no_response(
        schema in schemas(true),
        how in any::<prop::sample::Index>(),
    ) {
        let wider = widened(&schema);
        let wide = how.get(&wider);
        let findings = found(&request(&schema), &request(wide));
        prop_assert!(!is_breaking(&findings), "{schema}\n{wide}\n{:?}", ids(&findings));
        let mut findings = found(&response(wide), &response(&schema));
        // Nothing can be returned there any longer, which is no narrower response.
        findings.retain(|it| it.kind != Kind::SchemaBecameFalse);
        prop_assert!(!is_breaking(&findings), "{wide}\n{schema}\n{:?}", ids(&findings));
    }

    #[test]
    fn what_is_narrowed_one_way_is_widened_the_other(
        (old, new) in pairs(true),
    ) {
        let forth = found(&request(&old), &request(&new));
        let back = found(&request(&new), &request(&old));
        let is_shifted = |findings: &[Finding], narrowed: bool| {
            findings.iter().filter(|it| shift(it.kind) == Some(narrowed)).count()
        };
        prop_assert_eq!(is_shifted(&forth, true), is_shifted(&back, false), "{}\n{}\n{:?}\n{:?}", old, new, ids(&forth), ids(&back));
        prop_assert_eq!(is_shifted(&forth, false), is_shifted(&back, true), "{}\n{}\n{:?}\n{:?}", old, new, ids(&forth), ids(&back));
    }
}

/// The pairs that the properties look at, always the same ones.
fn sampled<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, many: usize) -> Vec<T> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = |_| strategy.new_tree(&mut runner).unwrap().current();
    (0..many).map(tree).collect()
}

#[test]
fn generated_pairs_have_values_that_only_one_schema_takes_and_changes_with_a_direction() {
    let values = sampled(&values(), 200);
    let told = |has_policies: bool, is_request: bool| {
        let pairs = sampled(&pairs(has_policies), 200);
        let differ = pairs.iter().filter(|(old, new)| {
            let (one, other) = if is_request { (old, new) } else { (new, old) };
            values.iter().any(|it| takes(one, it) && !takes(other, it))
        });
        differ.count()
    };
    let (of_requests, of_responses) = (told(true, true), told(false, false));
    assert!(of_requests > 40, "{of_requests}");
    assert!(of_responses > 40, "{of_responses}");
    let pairs = sampled(&pairs(true), 200);
    let is_shifted = |(old, new): &&(Value, Value)| {
        let findings = found(&request(old), &request(new));
        findings.iter().any(|it| shift(it.kind).is_some())
    };
    let shifted = pairs.iter().filter(is_shifted).count();
    assert!(shifted > 40, "{shifted}");
}

/// Whether a kind of change allows less, if it says so at all.
fn shift(kind: Kind) -> Option<bool> {
    Some(match kind {
        Kind::Bound(bound, step) => bound.is_narrowed_by(step),
        Kind::Keyword(_, Shift::Narrowed) => true,
        Kind::Keyword(_, Shift::Widened) => false,
        Kind::TypeSpecialized
        | Kind::ListOfTypesNarrowed
        | Kind::BecameNotNullable
        | Kind::BecameRequired
        | Kind::BecameEnum
        | Kind::EnumValueRemoved
        | Kind::PatternAdded
        | Kind::MultipleOfSet
        | Kind::MultipleOfSpecialized
        | Kind::NotAdded
        | Kind::ItemsAdded
        | Kind::AdditionalPropertiesNarrowed => true,
        Kind::TypeGeneralized
        | Kind::ListOfTypesWidened
        | Kind::BecameNullable
        | Kind::BecameOptional
        | Kind::BecameNotEnum
        | Kind::EnumValueAdded
        | Kind::PatternRemoved
        | Kind::MultipleOfUnset
        | Kind::MultipleOfGeneralized
        | Kind::NotRemoved
        | Kind::ItemsRemoved
        | Kind::AdditionalPropertiesWidened
        | Kind::AdditionalPropertiesBecameAny => false,
        _ => return None,
    })
}

/// Ways to write a schema that takes at least the same values.
fn widened(schema: &Value) -> Vec<Value> {
    let mut all = vec![
        schema.clone(),
        json!({"allOf": [schema]}),
        json!({"anyOf": [schema, {"type": "null"}]}),
        json!({"anyOf": [schema, {"type": "array", "minItems": 7}]}),
        json!({"anyOf": [{"type": "boolean"}, schema]}),
    ];
    for (keyword, _) in schema.as_object().into_iter().flatten() {
        let limits = [
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "pattern",
            "enum",
            "items",
            "not",
            "if",
            "required",
            "additionalProperties",
        ];
        if limits.contains(&keyword.as_str()) {
            let mut wide = schema.clone();
            wide.as_object_mut().unwrap().remove(keyword);
            all.push(wide);
        }
    }
    if let Some(types) = schema["type"].as_str() {
        all.push(merged(schema.clone(), json!({"type": [types, "null"]})));
        if types == "integer" {
            let wide = merged(schema.clone(), json!({"type": "number"}));
            all.push(wide);
        }
    }
    all
}

/// Small values of every kind.
fn small_values() -> Vec<Value> {
    let all = json!([
        null, true, false, 0, 1, 2, 3, 4, 4.5, 5, 6, 12, -1, "", "a", "ab", "abc", "b", "ba", [],
        [1], [1, 1], [1, 2], ["a"], ["a", 1], [1, 2, 3], {}, {"a": 1}, {"a": "x"}, {"b": 2},
        {"a": 1, "b": 2}, {"a": "x", "b": 2, "c": null}
    ]);
    all.as_array().unwrap().clone()
}

/// Schemas that each use one or two keywords.
fn small_schemas() -> Vec<Value> {
    let mut all = vec![
        json!({"type": "string"}),
        json!({"type": "string", "pattern": "^a"}),
        json!({"type": "string", "pattern": "b$"}),
        json!({"type": ["string", "null"]}),
        json!({"type": ["string", "null"], "enum": ["a"]}),
        json!({"enum": ["a", 1, null]}),
        json!({"enum": ["a", 1]}),
        json!({"const": "a"}),
        json!({"type": "array", "items": {"type": "integer"}}),
        json!({"type": "array", "items": {"type": "number"}}),
        json!({"type": "array", "uniqueItems": true}),
        json!({"type": "array", "prefixItems": [{"type": "integer"}]}),
        json!({"type": "array", "prefixItems": [{"type": "integer"}], "items": false}),
        json!({"type": "array", "contains": {"const": 1}}),
        json!({"type": "array", "contains": {"const": 1}, "minContains": 2}),
        json!({"type": "object"}),
        json!({"type": "object", "required": ["a"]}),
        json!({"type": "object", "properties": {"a": {"type": "integer"}}}),
        json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}),
        json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
        json!({"type": "object", "propertyNames": {"const": "a"}}),
        json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}),
        json!({"type": "number", "multipleOf": 1.5}),
        json!({"type": "integer"}),
        json!({"type": "integer", "multipleOf": 2}),
        json!({"type": "integer", "multipleOf": 3}),
        json!({"type": "integer", "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}),
        json!({"type": "integer", "not": {"const": 1}}),
        json!({"type": "number"}),
        json!({"type": "boolean"}),
    ];
    for (kind, keywords) in [
        (
            "number",
            &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"][..],
        ),
        ("integer", &["minimum", "exclusiveMaximum"]),
        ("string", &["minLength", "maxLength"]),
        ("array", &["minItems", "maxItems"]),
        ("object", &["minProperties", "maxProperties"]),
    ] {
        for keyword in keywords {
            all.extend([1, 2].map(|limit| json!({"type": kind, *keyword: limit})));
        }
    }
    all
}

/// Whether a validator knows a value that one of the schemas takes and the other refuses.
fn refused<'a>(values: &'a [Value], taken: &[bool], by: &[bool]) -> Option<&'a Value> {
    let mut pairs = values.iter().zip(taken.iter().zip(by));
    pairs
        .find(|(_, (one, other))| **one && !**other)
        .map(|(value, _)| value)
}

/// All pairs of small schemas, in a form that is given, held against a validator.
fn hold_all_pairs(form: impl Fn(&Value) -> Value) {
    let values = small_values();
    let plain = small_schemas();
    let formed: Vec<Value> = plain.iter().map(form).collect();
    let table = |schemas: &[Value]| -> Vec<Vec<bool>> {
        let row = |schema: &Value| {
            let validator = jsonschema::draft202012::new(schema).unwrap();
            values
                .iter()
                .map(|value| validator.is_valid(value))
                .collect()
        };
        schemas.iter().map(row).collect()
    };
    let (before, after) = (table(&plain), table(&formed));
    let mut wrong = Vec::new();
    let mut held = 0;
    for (old, taken) in plain.iter().zip(&before) {
        for (new, by) in formed.iter().zip(&after) {
            if let Some(value) = refused(&values, taken, by) {
                held += 1;
                let findings = found(&request(old), &request(new));
                let is_policy = findings
                    .iter()
                    .any(|it| it.kind == Kind::OptionalPropertyAdded);
                if !is_breaking(&findings) && !has_warned_of_a_pattern(&findings) && !is_policy {
                    wrong.push(format!(
                        "request {value}: {old} → {new} {:?}",
                        ids(&findings)
                    ));
                }
                // The mirror: a response that was the second may now be the first.
                let findings = found(&response(new), &response(old));
                let is_told = findings
                    .iter()
                    .any(|it| it.level >= Level::Warn || it.kind == Kind::OptionalPropertyRemoved);
                if !is_told {
                    wrong.push(format!(
                        "response {value}: {new} → {old} {:?}",
                        ids(&findings)
                    ));
                }
            }
        }
    }
    assert!(held > 500, "{held}");
    assert!(
        wrong.is_empty(),
        "{} of {held}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_pair_of_small_schemas_is_judged_as_a_validator_judges_it() {
    hold_all_pairs(Value::clone);
}

#[test]
fn every_pair_of_small_schemas_in_a_choice_is_judged_as_a_validator_judges_it() {
    hold_all_pairs(|schema| json!({"anyOf": [schema, {"type": "boolean"}]}));
    hold_all_pairs(|schema| json!({"oneOf": [schema, {"type": "object", "required": ["z"]}]}));
    hold_all_pairs(|schema| json!({"allOf": [schema, {"description": "d"}]}));
}
