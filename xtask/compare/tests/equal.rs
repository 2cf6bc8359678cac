//! Documents that mean the same are equal, broken ones are refused with a place, and nothing panics.

use openapi_compare::finding::{Finding, Level};
use openapi_compare::{Error, Side, compare};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document(schema: Value, components: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "paths": {"/pay": {"post": {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
        }}},
        "components": {"schemas": components},
    })
}

fn inline(schema: Value) -> Value {
    document(schema, json!({}))
}

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    compare(old, new).unwrap().findings
}

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn assert_equal(spellings: &[Value]) {
    for one in spellings {
        for other in spellings {
            let findings = found(one, other);
            assert!(findings.is_empty(), "{one:#}\n{other:#}\n{findings:#?}");
        }
    }
}

#[test]
fn a_schema_inline_and_by_reference_is_the_same() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let components = json!({"A": object, "B": {"$ref": "#/components/schemas/A"}, "C d": object});
    assert_equal(&[
        document(object.clone(), components.clone()),
        document(
            json!({"$ref": "#/components/schemas/A"}),
            components.clone(),
        ),
        document(
            json!({"$ref": "#/components/schemas/B"}),
            components.clone(),
        ),
        document(
            json!({"$ref": "#/components/schemas/C%20d"}),
            components.clone(),
        ),
        document(
            json!({"allOf": [{"$ref": "#/components/schemas/A"}]}),
            components.clone(),
        ),
        document(json!({"oneOf": [object]}), components),
    ]);
}

#[test]
fn the_notations_of_nullable_are_equal() {
    let components = json!({"A": {"type": "string"}});
    let reference = json!({"$ref": "#/components/schemas/A"});
    assert_equal(
        &[
            json!({"type": "string", "nullable": true}),
            json!({"type": ["string", "null"]}),
            json!({"type": ["null", "string"]}),
            json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"anyOf": [{"type": "null"}, reference]}),
            json!({"nullable": true, "allOf": [reference]}),
        ]
        .map(|schema| document(schema, components.clone())),
    );
}

#[test]
fn a_value_that_may_be_null_is_the_same_with_null_among_its_values() {
    assert_equal(
        &[
            json!({"type": "string", "nullable": true, "enum": ["a", "b"]}),
            json!({"type": ["string", "null"], "enum": ["b", null, "a"]}),
        ]
        .map(inline),
    );
}

#[test]
fn the_notations_of_3_0_and_3_1_are_equal() {
    for spellings in [
        [
            json!({"type": "integer", "minimum": 5, "exclusiveMinimum": true}),
            json!({"type": ["integer"], "exclusiveMinimum": 5.0}),
        ],
        [
            json!({"type": "integer", "maximum": 5, "exclusiveMaximum": false}),
            json!({"type": "integer", "maximum": 5}),
        ],
        [json!({"const": "a"}), json!({"enum": ["a"]})],
        [
            json!({"type": "string", "example": "a"}),
            json!({"type": "string", "examples": ["a"]}),
        ],
        [
            json!({"type": "string", "minLength": 0}),
            json!({"type": "string"}),
        ],
        [json!(true), json!({})],
        [
            json!({"type": "string", "format": "byte"}),
            json!({"type": "string", "contentEncoding": "base64"}),
        ],
        [
            json!({"type": "string", "format": "binary"}),
            json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        ],
        [
            json!({"type": "array", "items": {}}),
            json!({"type": "array"}),
        ],
        [
            json!({"additionalProperties": true}),
            json!({"additionalProperties": {}}),
        ],
    ] {
        assert_equal(&spellings.map(inline));
    }
}

#[test]
fn a_choice_between_types_is_the_list_of_them() {
    let types = json!([{"type": "string"}, {"type": "integer"}]);
    assert_equal(
        &[
            json!({"anyOf": types}),
            json!({"oneOf": types}),
            json!({"type": ["integer", "string"]}),
        ]
        .map(inline),
    );
    let list = inline(json!({"type": ["integer", "number"]}));
    let one = inline(json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}));
    assert!(!found(&list, &one).is_empty(), "3 is not one of these");
}

#[test]
fn the_notations_of_only_null_are_equal() {
    assert_equal(
        &[
            json!({"nullable": true, "enum": [null]}),
            json!({"const": null}),
            json!({"type": "null"}),
        ]
        .map(inline),
    );
}

#[test]
fn other_content_is_reported() {
    let with = |keyword: &str, value: &str| inline(json!({"type": "string", keyword: value}));
    for (keyword, value, other) in [
        ("contentEncoding", "base64", "base32"),
        ("contentMediaType", "application/octet-stream", "image/png"),
    ] {
        for (old, new) in [(value, other), (other, value)] {
            let findings = found(&with(keyword, old), &with(keyword, new));
            assert_eq!(findings[0].level, Level::Breaking, "{findings:#?}");
        }
        let added = found(&inline(json!({"type": "string"})), &with(keyword, value));
        assert!(added[0].pointer.ends_with(keyword), "{added:#?}");
    }
}

/// A body of so many properties that refer to one schema.
fn uses(count: usize, kind: &str) -> Value {
    let reference = json!({"$ref": "#/components/schemas/A"});
    let properties: serde_json::Map<_, _> = (0..count)
        .map(|index| (format!("p{index}"), reference.clone()))
        .collect();
    document(
        json!({"properties": properties}),
        json!({"A": {"properties": {"v": {"type": kind}}}}),
    )
}

#[test]
fn a_change_is_reported_at_every_place_or_counted() {
    let findings = found(&uses(12, "string"), &uses(12, "integer"));
    assert_eq!(findings.len(), 2 * 12);
    let findings = found(&uses(1_003, "string"), &uses(1_003, "integer"));
    let further: Vec<_> = findings
        .iter()
        .filter(|it| it.id == "further-places")
        .collect();
    assert_eq!((findings.len(), further.len()), (2 * 1_001, 2));
    for finding in further {
        assert_eq!(finding.level, Level::Breaking);
        assert_eq!(finding.pointer, "/components/schemas/A/properties/v");
        assert!(
            finding.message.contains(" apply at 3 more places"),
            "{}",
            finding.message
        );
    }
}

#[test]
fn a_reference_out_of_the_document_is_refused_wherever_it_stands() {
    let good = inline(json!({}));
    let mut bad = good.clone();
    bad["components"]["schemas"]["Unused"] =
        json!({"properties": {"default": {"items": {"$ref": "other.json#/A"}}}});
    for (old, new, is) in [(&bad, &good, Side::Old), (&good, &bad, Side::New)] {
        let error = compare(old, new).unwrap_err();
        let at = "/components/schemas/Unused/properties/default/items/$ref";
        assert!(
            matches!(&error, Error::External { side, pointer, .. } if pointer == at && *side == is),
            "{error}"
        );
    }
    let mut data = good.clone();
    let says = json!({"$ref": "other.json"});
    data["components"]["schemas"]["Unused"] = json!({
        "properties": {"$ref": {"type": "string"}}, "example": says, "examples": [says],
        "default": says, "enum": [says], "const": says,
    });
    assert!(found(&data, &good).is_empty());
}

#[test]
fn order_does_not_matter() {
    let members = [
        json!({"type": "string"}),
        json!({"type": "integer", "minimum": 1}),
    ];
    let [one, two] = &members;
    let schema = |required: Value, values: Value, choice: Value| {
        json!({
            "required": required,
            "properties": {"a": {"enum": values}, "b": {"oneOf": choice}},
        })
    };
    assert_equal(&[
        inline(schema(json!(["a", "b"]), json!([1, 2]), json!([one, two]))),
        inline(schema(json!(["b", "a"]), json!([2, 1]), json!([two, one]))),
    ]);
}

#[test]
fn the_name_of_a_parameter_in_a_path_does_not_show_on_the_wire() {
    let api = |path: &str, name: &str| {
        let parameter = json!({"name": name, "in": "path", "schema": {"type": "string"}});
        json!({"openapi": "3.0.0", "paths": {path: {"get": {"parameters": [parameter]}}}})
    };
    assert_equal(&[
        api("/bills/{id}/state", "id"),
        api("/bills/{bill}/state", "bill"),
    ]);
}

#[test]
fn schemas_that_contain_each_other_are_compared() {
    let tree = |name: Value| {
        let reference = json!({"$ref": "#/components/schemas/Tree"});
        let children = json!({"type": "array", "items": reference});
        let twig = json!({"properties": {"tree": reference, "twigs": children}});
        let tree = json!({"properties": {"name": name, "children": children,
            "twig": {"$ref": "#/components/schemas/Twig"}}});
        document(reference, json!({"Tree": tree, "Twig": twig}))
    };
    let old = tree(json!({"type": "string"}));
    assert!(found(&old, &old.clone()).is_empty());
    let findings = found(&old, &tree(json!({"type": "integer"})));
    let paths: Vec<_> = findings
        .iter()
        .map(|it| it.path.as_deref().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["name", "name"],
        "once in the request, once in the response"
    );
}

#[test]
fn a_shared_schema_is_reported_at_every_property_that_uses_it() {
    let api = |name: Value| {
        let reference = json!({"$ref": "#/components/schemas/User"});
        let both = json!({"properties": {"owner": reference, "payer": reference}});
        document(both, json!({"User": {"properties": {"name": name}}}))
    };
    let old = api(json!({"type": "string", "maxLength": 9}));
    let findings = found(&old, &api(json!({"type": "string", "maxLength": 8})));
    let told: Vec<_> = findings
        .iter()
        .map(|it| (it.id.as_str(), it.path.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("request-property-max-length-decreased", Some("owner/name")),
            ("request-property-max-length-decreased", Some("payer/name")),
            ("response-property-max-length-decreased", Some("owner/name")),
            ("response-property-max-length-decreased", Some("payer/name")),
        ]
    );
    let pointer = "/components/schemas/User/properties/name/maxLength";
    assert!(
        findings.iter().all(|it| it.pointer == pointer),
        "{findings:#?}"
    );
}

#[test]
fn a_change_in_several_responses_is_reported_once() {
    let api = |kind: &str| {
        let response = json!({"content": {"application/json": {"schema": {"type": kind}}}});
        let responses = json!({"400": response, "404": response});
        json!({"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": responses}}}})
    };
    let findings = found(&api("string"), &api("object"));
    assert_eq!(ids(&findings), ["response-body-type-changed"]);
    assert!(
        findings[0].message.ends_with("(responses 400, 404)"),
        "{}",
        findings[0].message
    );
}

#[test]
fn fingerprints_stay_when_other_things_move() {
    let old = inline(json!({"properties": {"a": {"maxLength": 9, "type": "string"}}}));
    let new = inline(json!({"properties": {"a": {"type": "string", "maxLength": 8}}}));
    let mut moved = document(
        json!({"$ref": "#/components/schemas/Moved"}),
        json!({"Moved": {"properties": {"z": {}, "a": {"maxLength": 8, "type": "string"}}}}),
    );
    moved["paths"]["/other"] = json!({"get": {}});
    let of = |new: &Value| {
        let findings = found(&old, new);
        let it = findings
            .iter()
            .find(|it| it.id == "request-property-max-length-decreased");
        it.unwrap().fingerprint.clone()
    };
    assert_eq!(of(&new), of(&moved));
}

#[test]
fn the_worst_comes_first_within_an_operation() {
    let old = json!({"type": "object", "properties": {"a": {"type": "string", "title": "t"}}});
    let new = json!({"type": "object", "required": ["b"], "properties": {
        "a": {"type": "string", "title": "u"}, "b": {}}});
    let findings = found(&inline(old), &inline(new));
    let levels: Vec<_> = findings.iter().map(|it| it.level).collect();
    assert!(levels.is_sorted_by(|a, b| a >= b), "{levels:?}");
    assert_eq!(levels[0], Level::Breaking);
}

#[test]
fn an_unknown_keyword_is_reported_when_changed_added_or_removed() {
    let with = |value: Value| inline(json!({"properties": {"a": {"frobnicate": value}}}));
    let without = inline(json!({"properties": {"a": {}}}));
    for (old, new) in [
        (with(json!(1)), with(json!(2))),
        (with(json!(1)), without.clone()),
        (without, with(json!(1))),
    ] {
        let findings = found(&old, &new);
        assert_eq!(ids(&findings), ["unhandled", "unhandled"]);
        assert!(findings[0].pointer.ends_with("/properties/a/frobnicate"));
        assert_eq!(findings[0].level, Level::Warn);
    }
}

#[test]
fn a_change_under_a_keyword_is_reported_with_the_way_to_it() {
    for (keyword, path) in [
        ("contains", "contains/a"),
        ("propertyNames", "propertyNames/a"),
        ("unevaluatedProperties", "additionalProperties/a"),
    ] {
        let with = |kind: &str| inline(json!({keyword: {"properties": {"a": {"type": kind}}}}));
        let findings = found(&with("string"), &with("object"));
        assert_eq!(findings[0].path.as_deref(), Some(path));
    }
    let with =
        |kind: &str| inline(json!({"if": {}, "then": {"properties": {"a": {"type": kind}}}}));
    let findings = found(&with("string"), &with("object"));
    assert_eq!(findings[0].path.as_deref(), Some("then/a"));
}

#[test]
fn a_condition_without_consequences_means_nothing() {
    for keyword in ["if", "then", "else"] {
        let with = |kind: &str| inline(json!({keyword: {"properties": {"a": {"type": kind}}}}));
        assert_equal(&[with("string"), with("object"), inline(json!({}))]);
    }
    // What it looks at counts as evaluated.
    let with = |name: &str| {
        inline(json!({"if": {"properties": {name: true}}, "unevaluatedProperties": false}))
    };
    assert_ne!(found(&with("a"), &with("b")), []);
}

#[test]
fn a_long_value_is_shown_by_its_beginning_and_a_digest() {
    let with = |text: &str| inline(json!({"description": text.repeat(10_000)}));
    let findings = found(&with("a"), &with("b"));
    let after = findings[0].after.as_ref().unwrap().as_str().unwrap();
    assert!(
        after.starts_with("bbb") && after.contains("10000 bytes, sha256 "),
        "{after}"
    );
}

fn refusal(document: &Value) -> Error {
    let good = inline(json!({}));
    let error = compare(document, &good).unwrap_err();
    assert!(error.to_string().starts_with("old document, "), "{error}");
    let other = compare(&good, document).unwrap_err();
    assert!(other.to_string().starts_with("new document, "), "{other}");
    error
}

#[test]
fn anything_but_an_openapi_document_is_refused() {
    for (document, pointer) in [
        (json!(null), "/"),
        (json!([]), "/"),
        (json!({"paths": {}}), "/"),
        (json!({"openapi": "2.0"}), "/openapi"),
        (json!({"openapi": 3.1}), "/openapi"),
        (json!({"openapi": "3.0.0", "paths": []}), "/paths"),
        (json!({"openapi": "3.0.0", "info": 1}), "/info"),
        (json!({"openapi": "3.0.0", "servers": {}}), "/servers"),
    ] {
        match refusal(&document) {
            Error::Shape { pointer: at, .. } => assert_eq!(at, pointer, "{document}"),
            other => panic!("{document}: {other}"),
        }
    }
}

#[test]
fn a_chain_that_names_each_schema_twice_ends_and_is_refused_where_it_would_multiply() {
    type Link = fn(Value) -> Value;
    let twice: [(Link, bool); 5] = [
        (|next| json!({"allOf": [next, next]}), true),
        (
            |next| json!({"allOf": [{"allOf": [next]}, {"allOf": [next]}]}),
            false,
        ),
        (
            |next| json!({"allOf": [{"anyOf": [next]}, {"oneOf": [next]}]}),
            false,
        ),
        (|next| json!({"$ref": next["$ref"], "allOf": [next]}), false),
        (
            |next| json!({"allOf": [{"$ref": next["$ref"], "title": "a"}, next]}),
            false,
        ),
    ];
    for (write, is_compared) in twice {
        let with = |kind: &str| {
            let mut schemas =
                json!({"E16": {"type": "object", "properties": {"a": {"type": kind}}}});
            for level in 0..16 {
                let next = json!({"$ref": format!("#/components/schemas/E{}", level + 1)});
                schemas[format!("E{level}")] = write(next);
            }
            document(json!({"$ref": "#/components/schemas/E0"}), schemas)
        };
        match compare(&with("string"), &with("integer")) {
            Ok(report) => assert!(is_compared && !report.findings.is_empty()),
            Err(error) => {
                assert!(!is_compared, "{error}");
                let Error::TooManyParts { pointer, .. } = &error else {
                    panic!("{error}");
                };
                assert!(pointer.starts_with("/components/schemas/E"), "{error}");
            }
        }
    }
}

#[test]
fn a_reference_must_lead_to_something_in_the_document() {
    let at = "/paths/~1pay/post/requestBody/content/application~1json/schema/$ref";
    let with = |reference: &str| document(json!({"$ref": reference}), json!({}));
    let [external, dangling] = ["other.json#/A", "#/components/schemas/None"].map(|reference| {
        let error = compare(&with(reference), &with(reference)).unwrap_err();
        (error, reference)
    });
    assert!(
        matches!(&external.0, Error::External { side: Side::Old, pointer, .. } if pointer == at),
        "{}",
        external.0
    );
    assert!(
        matches!(&dangling.0, Error::Dangling { pointer, .. } if pointer == at),
        "{}",
        dangling.0
    );
    assert!(dangling.0.to_string().contains(dangling.1));
}

#[test]
fn references_that_lead_to_each_other_are_refused() {
    let components = json!({
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"allOf": [{"$ref": "#/components/schemas/A"}]},
    });
    let it = document(json!({"$ref": "#/components/schemas/A"}), components);
    assert!(matches!(compare(&it, &it), Err(Error::Circular { .. })));
}

#[test]
fn values_that_nest_too_deep_are_refused() {
    let mut schema = json!({"type": "string"});
    for _ in 0..20_000 {
        schema = Value::Object(serde_json::Map::from_iter([("items".to_owned(), schema)]));
    }
    let mut bomb = inline(json!({}));
    bomb["components"]["schemas"]["Bomb"] = schema;
    let error = compare(&bomb, &inline(json!({}))).unwrap_err();
    assert!(
        matches!(&error, Error::TooDeep { pointer, .. } if pointer.starts_with("/components/schemas/Bomb/items")),
        "{error}"
    );
    // Dropping it recursively would overflow the stack.
    let mut inner = bomb["components"]["schemas"]["Bomb"].take();
    while let Some(next) = inner.get_mut("items") {
        inner = next.take();
    }
}

#[test]
fn many_references_do_not_take_long() {
    let level = |index: usize| {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        json!({"properties": {"a": next, "b": next, "c": next}})
    };
    let api = |last: &str| {
        let mut schemas = serde_json::Map::new();
        for index in 0..60 {
            schemas.insert(format!("S{index}"), level(index));
        }
        schemas.insert("S60".to_owned(), json!({"type": last}));
        document(
            json!({"$ref": "#/components/schemas/S0"}),
            Value::Object(schemas),
        )
    };
    let findings = found(&api("string"), &api("object"));
    assert!(
        !findings.is_empty() && findings.len() < 100,
        "{}",
        findings.len()
    );
}

/// Small documents around the shapes that matter, valid and invalid.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string", "maxLength": 5})),
        Just(json!({"type": ["integer", "null"], "minimum": 1, "exclusiveMinimum": true})),
        Just(json!({"enum": ["a", null, 1]})),
        Just(json!({"const": {"b": 1, "a": 2}})),
        Just(json!({"$ref": "#/components/schemas/A"})),
        Just(json!({"$ref": "#/components/schemas/B", "description": "d"})),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({"x-sunset": "2030", "deprecated": true, "default": []})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..4);
        let keyword = || prop::sample::select(vec!["allOf", "anyOf", "oneOf"]);
        let single = prop::sample::select(vec!["items", "not", "if", "additionalProperties"]);
        prop_oneof![
            (list(), any::<bool>()).prop_map(|properties| {
                let (properties, required) = properties;
                let named = properties.into_iter().enumerate();
                let named: serde_json::Map<_, _> =
                    named.map(|(index, it)| (format!("p{index}"), it)).collect();
                let required = if required {
                    json!(["p0", "q"])
                } else {
                    json!([])
                };
                json!({"type": "object", "properties": named, "required": required})
            }),
            (keyword(), list()).prop_map(|(keyword, members)| json!({keyword: members})),
            (single, inner.clone()).prop_map(|(keyword, it)| json!({keyword: it, "title": "t"})),
        ]
    })
}

fn documents() -> impl Strategy<Value = Value> {
    (schemas(), schemas(), schemas())
        .prop_map(|(schema, a, b)| document(schema, json!({"A": a, "B": b})))
}

/// Replaces one value of the document.
fn mutate(document: &mut Value, mut place: usize, with: Value) {
    let mut here = document;
    loop {
        let size = match here {
            Value::Object(members) => members.len(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        if size == 0 || place.is_multiple_of(7) {
            *here = with;
            return;
        }
        let index = place % size;
        place /= size.max(2);
        here = match here {
            Value::Object(members) => members.values_mut().nth(index).unwrap(),
            Value::Array(items) => &mut items[index],
            _ => return,
        };
    }
}

proptest! {
    #[test]
    fn a_document_equals_itself(document in documents()) {
        if let Ok(report) = compare(&document, &document) {
            let findings = report.findings;
            prop_assert!(findings.is_empty(), "{findings:#?}");
        }
    }

    #[test]
    fn nothing_panics(
        old in documents(),
        new in documents(),
        place in any::<usize>(),
        with in prop_oneof![
            Just(json!(null)), Just(json!(1)), Just(json!([])), Just(json!({})), Just(json!("a")),
            Just(json!([1, null])), Just(json!({"$ref": "#"})), Just(json!({"$ref": 1})),
        ],
    ) {
        let _ = compare(&old, &new);
        let mut broken = new.clone();
        mutate(&mut broken, place, with);
        let _ = compare(&old, &broken);
        let _ = compare(&broken, &new);
    }

    #[test]
    fn the_same_documents_give_the_same_findings(old in documents(), new in documents()) {
        if let (Ok(one), Ok(two)) = (compare(&old, &new), compare(&old, &new)) {
            prop_assert_eq!(one, two);
        }
    }
}

#[test]
fn a_key_cannot_end_the_line_of_a_message() {
    let mut broken = inline(json!({"type": "string"}));
    broken["paths"]["\n::error::"] = json!(1);
    let message = compare(&broken, &broken).unwrap_err().to_string();
    assert!(message.contains(r"\u{a}::error::"), "{message}");
}

#[test]
fn alternatives_that_nest_deep_are_compared() {
    for keyword in ["oneOf", "anyOf", "allOf", "not", "if"] {
        let nested = |innermost: Value| {
            let mut schema = innermost;
            for depth in 0..100 {
                let other = json!({"type": "object", "required": [format!("p{depth}")]});
                schema = match keyword {
                    "not" | "if" => json!({keyword: schema, "then": other}),
                    "allOf" => json!({"properties": {"a": {"allOf": [schema, other]}}}),
                    _ => json!({keyword: [other, schema]}),
                };
            }
            inline(schema)
        };
        let findings = found(
            &nested(json!({"type": "string"})),
            &nested(json!({"type": "integer"})),
        );
        assert!(!findings.is_empty(), "{keyword}");
    }
}

#[test]
fn a_change_far_behind_components_that_are_the_same_is_found() {
    let with = |deepest: Value, head: Value| {
        let components = json!({
            "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {"type": "array", "items": {"$ref": "#/components/schemas/C"}},
            "C": deepest,
            "D": {"anyOf": [{"$ref": "#/components/schemas/C/properties/d"}, {"type": "null"}]},
        });
        document(head, components)
    };
    let c = |limit: u32| json!({"type": "object", "properties": {"d": {"type": "string", "maxLength": limit}}});
    for head in [
        json!({"$ref": "#/components/schemas/A"}),
        json!({"$ref": "#/components/schemas/B"}),
        json!({"$ref": "#/components/schemas/D"}),
        json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "boolean"}]}),
    ] {
        let findings = found(&with(c(20), head.clone()), &with(c(10), head.clone()));
        let worst = findings.iter().map(|it| it.level).max();
        assert_eq!(worst, Some(Level::Breaking), "{head}: {findings:#?}");
    }
}

#[test]
fn the_same_text_in_another_version_of_openapi_is_compared() {
    let mut old = document(
        json!({"$ref": "#/components/schemas/A"}),
        json!({"A": {"type": "integer", "maximum": 5, "exclusiveMaximum": true}}),
    );
    let new = old.clone();
    old["openapi"] = json!("3.0.3");
    let mut changed = new.clone();
    changed["components"]["schemas"]["A"] = json!({"type": "integer", "maximum": 4});
    // 3.0 reads it as "less than 5".
    assert_equal(&[old, changed]);
}
