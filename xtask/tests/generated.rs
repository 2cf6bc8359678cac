//! What a page can bring into the generated client: names of our own, and literals.

#![allow(missing_docs, reason = "the modules of the build script come with it")]

#[path = "../../build/generate.rs"]
mod generate;
#[path = "../../build/operation.rs"]
mod operation;
#[path = "../../build/rules.rs"]
mod rules;
#[path = "../../build/shape.rs"]
mod shape;

use std::{collections::BTreeSet, fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use syn::Item;
use xtask::generate::lower::lower;

/// The tokens that `build.rs` makes of a published document.
fn generated(upstream: &Value) -> TokenStream {
    let client = lower(upstream).unwrap_or_else(|error| panic!("{error}"));
    generate::requests(&client.to_string(), true).unwrap_or_else(|error| panic!("{error}"))
}

fn operation(schema: Value) -> Value {
    json!({
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "ok"}},
    })
}

fn document(schema: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "v0"},
        "paths": {"/bill/read": {"post": operation(schema)}},
    })
}

/// The literals and the identifiers among some tokens.
fn words(tokens: TokenStream, literals: &mut Vec<String>, identifiers: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => words(group.stream(), literals, identifiers),
            TokenTree::Literal(literal) => literals.push(literal.to_string()),
            TokenTree::Ident(identifier) => identifiers.push(identifier.to_string()),
            TokenTree::Punct(_) => {}
        }
    }
}

/// Checks generated code: it is Rust, has no documentation, and no struct has a field twice.
fn check(tokens: &TokenStream) {
    let text = tokens.to_string();
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut identifiers = Vec::new();
    words(tokens.clone(), &mut Vec::new(), &mut identifiers);
    assert!(!identifiers.iter().any(|identifier| identifier == "doc"));
    assert!(!text.contains("///") || text.contains('"'), "a comment");
    check_items(&file.items);
}

fn check_items(items: &[Item]) {
    let mut names = BTreeSet::new();
    for item in items {
        match item {
            Item::Mod(module) => {
                let content = module.content.as_ref().map(|(_, items)| items.as_slice());
                check_items(content.unwrap_or_default());
            }
            Item::Struct(structure) => {
                assert!(names.insert(&structure.ident), "{}", structure.ident);
                let mut fields = BTreeSet::new();
                for field in structure
                    .fields
                    .iter()
                    .filter_map(|field| field.ident.as_ref())
                {
                    assert!(fields.insert(field), "{}.{field}", structure.ident);
                }
            }
            _ => {}
        }
    }
}

/// Text that rustdoc would run, that ends a literal or a comment, and that begins an attribute.
const HOSTILE: &str = "\n```\nevil_code();\n```\n*/ evil_code(); /* \"#; evil_code(); \\\" '} #[evil_code] {evil_code}\r\u{202e}";

/// Puts the hostile text in place of every string of a document in turn.
fn poisoned(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    places(document, String::new(), &mut found);
    let poison = |place: String| {
        let mut poisoned = document.clone();
        *poisoned.pointer_mut(&place)? = HOSTILE.into();
        Some((place, poisoned))
    };
    found.into_iter().filter_map(poison).collect()
}

fn places(value: &Value, at: String, found: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::String(_) => found.push(at),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                places(member, format!("{at}/{}", escaped(key)), found);
            }
        }
        _ => {}
    }
}

/// A document with a text wherever one is allowed.
fn talkative() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "t", "description": "d", "summary": "s", "termsOfService": "https://a.example",
            "version": "v0", "contact": {"name": "n", "url": "https://a.example", "email": "a@a.example"},
            "license": {"name": "MIT", "url": "https://a.example", "identifier": "MIT"},
        },
        "servers": [{"url": "https://a.example", "description": "d"}],
        "tags": [{"name": "t", "description": "d", "externalDocs": {"url": "https://a.example"}}],
        "externalDocs": {"url": "https://a.example", "description": "d"},
        "security": [{}],
        "paths": {"/bill/read": {
            "summary": "s",
            "description": "d",
            "parameters": [
                {"name": "X-Trace", "in": "header", "description": "d", "schema": {"type": "string"}},
            ],
            "post": {
                "operationId": "billRead",
                "tags": ["t"],
                "summary": "s",
                "description": "d",
                "externalDocs": {"url": "https://a.example"},
                "parameters": [
                    {"name": "page", "in": "query", "required": true, "schema": {"type": "string", "pattern": "p"}},
                ],
                "requestBody": {
                    "description": "d",
                    "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Request"},
                        "example": "e",
                    }},
                },
                "responses": {
                    "200": {"description": "d", "content": {"application/json": {"schema": {"type": "string", "description": "d"}}}},
                    "400": {"description": "d"},
                },
            },
        }},
        "components": {
            "schemas": {"Request": {
                "title": "t",
                "description": "d",
                "type": "object",
                "properties": {
                    "billId": {
                        "title": "t", "description": "d", "type": "string", "format": "f", "pattern": "p",
                        "default": "d", "enum": ["e", "f"], "examples": ["x"], "$comment": "c",
                    },
                    "price": {"const": "c", "x-extension": "x"},
                    "either": {"oneOf": [{"type": "string", "description": "d"}, {"type": "integer"}]},
                },
                "required": ["billId"],
            }},
            "securitySchemes": {"key": {
                "type": "apiKey", "name": "X-Key", "in": "header", "description": "d",
            }},
        },
    })
}

#[test]
fn every_text_of_a_page_is_data_or_an_error_with_its_place() {
    let document = talkative();
    check(&generated(&document));
    let poisoned = poisoned(&document);
    assert!(poisoned.len() > 50, "{}", poisoned.len());
    for (place, document) in poisoned {
        let client = match lower(&document) {
            Ok(client) => client,
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains('/'), "{place}: {message}");
                continue;
            }
        };
        let tokens = generate::requests(&client.to_string(), true)
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        check(&tokens);
        let mut identifiers = Vec::new();
        words(tokens, &mut Vec::new(), &mut identifiers);
        let evil = identifiers.iter().find(|name| name.contains("evil"));
        assert_eq!(evil, None, "{place}");
    }
}

#[test]
fn versions_and_paths_of_other_letters_are_refused_with_their_place() {
    for version in [HOSTILE, "v0\n", "v 0", "v0`", "v0\"", "버전", ""] {
        let mut document = document(json!({"type": "object", "properties": {}}));
        document["info"]["version"] = version.into();
        let message = lower(&document).unwrap_err().to_string();
        assert!(message.contains("/info/version"), "{version:?}: {message}");
    }
    for path in [
        HOSTILE,
        "/bill read",
        "/bill`",
        "/bill\"",
        "/청구서",
        "/bill?a=b",
        "/bill#a",
    ] {
        let mut document = document(json!({"type": "object", "properties": {}}));
        let item = document["paths"]["/bill/read"].take();
        document["paths"] = json!({path: item});
        let message = lower(&document).unwrap_err().to_string();
        assert!(message.contains("/paths/"), "{path:?}: {message}");
    }
}

#[test]
fn property_names_of_any_letters_become_fields_of_their_own() {
    let mut properties = Map::new();
    for name in [
        "billId", "bill_id", "bill-id", "BillId", "bill id", "", "1a", "x1a", "type", "self",
        "Self", "crate", "super", "async", "_", "__", "크기", "ﬁ", "é", HOSTILE, "$ref2", "a.b",
        "a~b", "a/b",
    ] {
        properties.insert(name.to_owned(), json!({"type": "string"}));
    }
    let tokens = generated(&document(
        json!({"type": "object", "properties": properties}),
    ));
    check(&tokens);
    let text = tokens.to_string();
    assert!(text.contains("pub bill_id"), "{text}");
    assert!(text.contains("rename = \"billId\""), "{text}");
}

#[test]
fn objects_inside_each_other_do_not_become_types_of_any_depth() {
    let mut schema = json!({"type": "string"});
    for _ in 0..40 {
        schema = json!({"type": "object", "properties": {"next": schema}});
    }
    let tokens = generated(&document(schema)).to_string();
    let file = syn::parse_file(&tokens).unwrap();
    let is_types = |item: &&Item| matches!(item, Item::Mod(module) if module.ident == "types");
    let Some(Item::Mod(types)) = file.items.iter().find(is_types) else {
        panic!("no types: {tokens}");
    };
    let (_, items) = types.content.as_ref().unwrap();
    let structs = items.iter().filter(|item| matches!(item, Item::Struct(_)));
    assert_eq!(structs.count(), 8);
}

#[test]
fn the_checked_in_specification_generates_no_documentation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/client.json");
    let client = fs::read_to_string(path).unwrap();
    for reconstructed in [false, true] {
        check(&generate::requests(&client, reconstructed).unwrap());
    }
}

#[test]
fn without_the_feature_no_reconstructed_operation_is_generated() {
    let mut document = document(json!({"type": "object", "properties": {}}));
    document["paths"]["/bill/read"]["post"]["description"] = "Reconstructed".into();
    document["paths"]["/bill/guess"]["post"] =
        operation(json!({"$ref": "#/components/schemas/ReconstructedGuess"}));
    document["components"] =
        json!({"schemas": {"ReconstructedGuess": {"type": "object", "properties": {}}}});
    let client = lower(&document).unwrap().to_string();
    let named = |reconstructed| {
        let mut identifiers = Vec::new();
        let tokens = generate::requests(&client, reconstructed).unwrap();
        words(tokens, &mut Vec::new(), &mut identifiers);
        let named = |name: &str| identifiers.iter().any(|identifier| identifier == name);
        (named("BillReadRequest"), named("BillGuessRequest"))
    };
    assert_eq!(named(false), (true, false));
    assert_eq!(named(true), (true, true));
}

/// Schemas of requests of many shapes.
fn schema() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        "[a-z][a-zA-Z0-9]{0,6}",
        "\\PC{0,6}",
        Just("billId".to_owned()),
        Just("bill_id".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": ["string", "null"], "maxLength": 3})),
        "\\PC{0,12}".prop_map(|text| json!({"type": "string", "pattern": text})),
        "\\PC{0,12}".prop_map(|text| json!({"enum": [text, "b"], "default": text})),
        Just(json!({"type": "integer", "minimum": 1, "format": "int64"})),
        Just(json!({"type": "number", "exclusiveMinimum": 0})),
        Just(json!({"type": "boolean"})),
        Just(json!({"type": "object", "additionalProperties": {"type": "string"}})),
        Just(json!({})),
        Just(json!({"$ref": "#/components/schemas/Again"})),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let object = prop::collection::vec((name.clone(), inner.clone()), 0..5);
        prop_oneof![
            object.prop_map(|properties| {
                let required: Vec<String> = properties
                    .iter()
                    .take(1)
                    .map(|(name, _)| name.clone())
                    .collect();
                let properties: Map<String, Value> = properties.into_iter().collect();
                json!({"type": "object", "properties": properties, "required": required})
            }),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({"oneOf": parts})),
            prop::collection::vec(inner, 1..3).prop_map(|parts| json!({"allOf": parts})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_schema_of_any_shape_generates_rust(again in schema(), request in schema()) {
        let mut document = document(request);
        document["components"] = json!({"schemas": {"Again": again}});
        if let Ok(client) = lower(&document) {
            let tokens = generate::requests(&client.to_string(), true);
            check(&tokens.unwrap_or_else(|error| panic!("{error}: {client}")));
        }
    }
}

#[test]
fn lists_inside_themselves_become_any_value() {
    let again = json!({"$ref": "#/components/schemas/Again"});
    for schema in [
        json!({"type": "array", "items": again}),
        json!({"type": "array", "items": {"type": "array", "items": again}}),
        json!({"type": ["array", "null"], "items": again}),
        json!({"type": "array", "items": {"type": "object", "properties": {"next": again}}}),
        json!({"type": "array", "items": {"allOf": [again]}}),
        json!({"type": "array", "items": {"allOf": [{"type": "array", "items": again}]}}),
        json!({"allOf": [{"type": "array", "items": again}]}),
        json!({"oneOf": [again, {"type": "array", "items": again}]}),
        json!({"allOf": [again]}),
        again.clone(),
    ] {
        for request in [
            again.clone(),
            json!({"type": "object", "properties": {"again": again}}),
        ] {
            let mut document = document(request);
            document["components"] = json!({"schemas": {"Again": schema}});
            if let Ok(client) = lower(&document) {
                check(&generate::requests(&client.to_string(), true).unwrap());
            }
        }
    }
}
