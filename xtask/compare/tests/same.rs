//! Documents that ask for the same, however they say it, and what is a remark at most.

use openapi_compare::compare;
use openapi_compare::finding::{Finding, Level};
use serde_json::{Value, json};

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    let report = compare(old, new).unwrap_or_else(|error| panic!("{error}\n{old}\n{new}"));
    report.findings
}

fn worst(old: &Value, new: &Value) -> &'static str {
    let findings = found(old, new);
    let level = findings.iter().map(|it| it.level).max();
    level.map_or("none", Level::as_str)
}

/// Asserts the level of a change and of the change back.
#[track_caller]
fn levels(old: &Value, new: &Value, right: [&str; 2]) {
    assert_eq!([worst(old, new), worst(new, old)], right, "{old}\n{new}");
}

#[track_caller]
fn same(old: &Value, new: &Value) {
    levels(old, new, ["none", "none"]);
}

fn api(operation: Value, more: Value) -> Value {
    let mut api = json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}});
    for (key, value) in more.as_object().unwrap() {
        api[key] = value.clone();
    }
    api
}

fn basic() -> Value {
    json!({"type": "http", "scheme": "basic"})
}

fn key() -> Value {
    json!({"type": "apiKey", "in": "header", "name": "X"})
}

#[test]
fn an_extension_is_data_wherever_it_stands() {
    let body = |more: Value| {
        let mut body = json!({"content": {"application/json": {"schema": {}}}});
        body["content"]["x-a"] = more;
        api(json!({"requestBody": body}), json!({}))
    };
    let flows = |it: Value| {
        let flows = json!({"x-a": it, "implicit": {"authorizationUrl": "u", "scopes": {}}});
        let schemes = json!({"k": {"type": "oauth2", "flows": flows}});
        let components = json!({"securitySchemes": schemes});
        api(json!({}), json!({"components": components}))
    };
    let operation = |key: &'static str| move |it: Value| api(json!({key: {"x-a": it}}), json!({}));
    let response = |key: &'static str| {
        move |it: Value| api(json!({"responses": {"200": {key: {"x-a": it}}}}), json!({}))
    };
    let root = |key: &'static str| move |it: Value| api(json!({}), json!({key: it}));
    let under = |key: &'static str| move |it: Value| api(json!({}), json!({key: {"x-a": it}}));
    let discriminator = |it: Value| {
        let schema = json!({"oneOf": [{"type": "object"}, {"type": "string"}],
            "discriminator": {"propertyName": "p", "mapping": {"x-a": it}}});
        let content = json!({"application/json": {"schema": schema}});
        api(json!({"requestBody": {"content": content}}), json!({}))
    };
    let variables = |it: Value| {
        let servers = json!([{"url": "/{v}", "variables": {"x-a": it, "v": {"default": "1"}}}]);
        api(json!({}), json!({"servers": servers}))
    };
    let places: Vec<Box<dyn Fn(Value) -> Value>> = vec![
        Box::new(body),
        Box::new(flows),
        Box::new(operation("callbacks")),
        Box::new(operation("responses")),
        Box::new(response("headers")),
        Box::new(response("content")),
        Box::new(response("links")),
        Box::new(root("x-webhooks")),
        Box::new(under("x-webhooks")),
        Box::new(under("webhooks")),
        Box::new(discriminator),
        Box::new(variables),
    ];
    for place in places {
        let (old, new) = (place(json!(1)), place(json!([2])));
        assert_eq!(worst(&old, &old), "none");
        assert_eq!(found(&old, &new).len(), 1, "{new}");
        assert_eq!(worst(&old, &new), "warn", "{new}");
    }
    let webhooks = |it: Value| api(json!({}), json!({"x-webhooks": {"paid": it}}));
    let (old, new) = (webhooks(json!({"post": 1})), webhooks(json!("later")));
    assert_eq!(found(&old, &new).len(), 1);
}

#[test]
fn webhooks_are_the_same_under_their_old_name() {
    let api = |key: &str, version: &str, kind: &str| {
        let body = json!({"content": {"application/json": {"schema": {"type": kind}}}});
        json!({"openapi": version, "paths": {}, key: {"paid": {"post": {"requestBody": body}}}})
    };
    let old = api("x-webhooks", "3.0.3", "string");
    same(&old, &api("webhooks", "3.1.0", "string"));
    same(&old, &api("webhooks", "3.0.3", "string"));
    levels(
        &old,
        &api("webhooks", "3.1.0", "integer"),
        ["breaking", "breaking"],
    );
    let mut both = api("webhooks", "3.1.0", "string");
    both["x-webhooks"] = both["webhooks"].clone();
    same(&old, &both);
    let mut hidden = both.clone();
    hidden["x-webhooks"]["paid"]["post"]["description"] = json!("other");
    assert_eq!(found(&both, &hidden).len(), 1);
}

#[test]
fn what_is_open_stays_open() {
    let schemes = json!({"securitySchemes": {"k": basic()}});
    let open = api(json!({}), json!({"components": schemes}));
    let with = |security: Value| {
        api(
            json!({}),
            json!({"components": schemes, "security": security}),
        )
    };
    same(&open, &with(json!([{}])));
    same(&open, &with(json!([])));
    levels(&with(json!([{}, {"k": []}])), &open, ["none", "info"]);
    levels(
        &with(json!([{}, {"k": []}])),
        &with(json!([{}])),
        ["none", "info"],
    );
    levels(&with(json!([{"k": []}])), &open, ["info", "breaking"]);
    levels(
        &with(json!([{"k": []}])),
        &with(json!([{}, {"k": []}])),
        ["info", "breaking"],
    );
}

#[test]
fn a_requirement_that_every_operation_overrides_is_none() {
    let schemes = json!({"securitySchemes": {"k": basic()}});
    let with = |operation: Value, security: Value| {
        api(
            operation,
            json!({"components": schemes, "security": security}),
        )
    };
    let own = json!({"security": [{"k": []}]});
    same(
        &with(own.clone(), json!([])),
        &with(own.clone(), json!([{"k": []}])),
    );
    levels(
        &with(json!({}), json!([])),
        &with(json!({}), json!([{"k": []}])),
        ["breaking", "info"],
    );
}

#[test]
fn a_scheme_is_its_content_and_not_its_name() {
    let with = |schemes: Value, name: &str| {
        let components = json!({"securitySchemes": schemes});
        api(
            json!({}),
            json!({"components": components, "security": [{name: []}]}),
        )
    };
    let old = with(json!({"k": key(), "b": basic()}), "k");
    same(&old, &with(json!({"b": key(), "k": basic()}), "b"));
    levels(
        &old,
        &with(json!({"b": key(), "k": basic()}), "k"),
        ["breaking", "breaking"],
    );
    let mut described = basic();
    described["description"] = json!("words");
    let renamed = with(json!({"other": described}), "other");
    levels(&with(json!({"k": basic()}), "k"), &renamed, ["doc", "doc"]);
}

#[test]
fn a_slash_behind_a_host_changes_nothing() {
    let with = |url: &str| api(json!({}), json!({"servers": [{"url": url}]}));
    same(&with("https://a.example"), &with("https://a.example/"));
    levels(
        &with("https://a.example/v1"),
        &with("https://a.example/v1/"),
        ["breaking", "breaking"],
    );
}

#[test]
fn a_request_must_name_itself_where_the_discriminator_looks() {
    let with = |name: &str, is_request: bool| {
        let schema = json!({"oneOf": [{"type": "object"}, {"type": "string"}],
            "discriminator": {"propertyName": name}});
        let content = json!({"content": {"application/json": {"schema": schema}}});
        let operation = match is_request {
            true => json!({"requestBody": content}),
            false => json!({"responses": {"200": content}}),
        };
        api(operation, json!({}))
    };
    for (is_request, right) in [(true, "breaking"), (false, "warn")] {
        levels(&with("a", is_request), &with("b", is_request), [right; 2]);
    }
}

fn body(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    api(json!({"requestBody": {"content": content}}), json!({}))
}

fn form(media_type: &str, part: Value, encoding: Value) -> Value {
    let schema = json!({"type": "object", "properties": {"f": part}});
    let content = json!({media_type: {"schema": schema, "encoding": encoding}});
    api(json!({"requestBody": {"content": content}}), json!({}))
}

#[test]
fn a_condition_is_what_it_means() {
    let named = json!({"type": "string"});
    let with = |when: Value| {
        let mut api = body(json!({"if": when, "then": {"maxLength": 3}}));
        api["components"] = json!({"schemas": {"A": named}});
        api
    };
    same(
        &with(json!({"$ref": "#/components/schemas/A"})),
        &with(named.clone()),
    );
    same(&with(json!({"enum": ["a"]})), &with(json!({"const": "a"})));
    let titled = with(json!({"type": "string", "title": "t"}));
    levels(&with(named.clone()), &titled, ["doc", "doc"]);
    let extended = with(json!({"type": "string", "x-a": 1}));
    levels(&with(named.clone()), &extended, ["warn", "warn"]);
    let other = with(json!({"type": "integer"}));
    levels(&with(named.clone()), &other, ["breaking", "breaking"]);
}

#[test]
fn an_extension_in_a_denied_schema_is_a_remark() {
    let with = |denied: Value| body(json!({"not": denied}));
    let plain = with(json!({"type": "string"}));
    let extended = with(json!({"type": "string", "x-a": 1}));
    assert_eq!(found(&plain, &extended)[0].id, "unhandled");
    levels(&plain, &extended, ["warn", "warn"]);
    let titled = with(json!({"type": "string", "title": "t"}));
    levels(&plain, &titled, ["doc", "doc"]);
    let two = |more: Value| {
        let mut schema = json!({"type": "string"});
        schema["x-a"] = more;
        body(json!({"not": schema, "allOf": [{"not": {"type": "integer"}}]}))
    };
    levels(&two(json!(1)), &two(json!(2)), ["warn", "warn"]);
}

#[test]
fn the_default_of_an_encoding_is_as_if_written() {
    let multipart = "multipart/form-data";
    for (part, content_type) in [
        (json!({"type": "string"}), "text/plain"),
        (json!({"type": "integer"}), "text/plain"),
        (
            json!({"type": "array", "items": {"type": "boolean"}}),
            "text/plain",
        ),
        (json!({"type": "object"}), "application/json"),
        (
            json!({"type": "array", "items": {"type": "object"}}),
            "application/json",
        ),
        (
            json!({"type": "string", "format": "binary"}),
            "application/octet-stream",
        ),
    ] {
        let plain = form(multipart, part.clone(), json!({}));
        let written = json!({"f": {"contentType": content_type}});
        same(&plain, &form(multipart, part.clone(), written));
        let other = json!({"f": {"contentType": "image/png"}});
        levels(
            &plain,
            &form(multipart, part, other),
            ["breaking", "breaking"],
        );
    }
    let of = |types: &str| form(multipart, json!({}), json!({"f": {"contentType": types}}));
    levels(&of("image/png"), &of("image/*"), ["info", "breaking"]);
    levels(
        &of("image/png, image/jpeg"),
        &of("image/*"),
        ["info", "breaking"],
    );
}

#[test]
fn an_encoding_without_effect_is_nothing() {
    let text = json!({"type": "string"});
    let encoding = json!({"f": {"contentType": "x/y", "style": "pipeDelimited"}});
    same(
        &form("application/json", text.clone(), json!({})),
        &form("application/json", text.clone(), encoding),
    );
    let of = |encoding: Value| form("multipart/form-data", text.clone(), encoding);
    same(
        &of(json!({})),
        &of(json!({"other": {"contentType": "x/y"}})),
    );
    same(&of(json!({})), &of(json!({"f": {"explode": false}})));
    let list = json!({"type": "array", "items": {"type": "string"}});
    let of = |encoding: Value| form("multipart/form-data", list.clone(), encoding);
    levels(
        &of(json!({})),
        &of(json!({"f": {"explode": false}})),
        ["breaking", "breaking"],
    );
}

#[test]
fn there_is_one_way_to_explode_a_deep_object() {
    let with = |more: Value| {
        let mut parameter = json!({"name": "q", "in": "query", "style": "deepObject",
            "schema": {"type": "object"}});
        for (key, value) in more.as_object().unwrap() {
            parameter[key] = value.clone();
        }
        api(json!({"parameters": [parameter]}), json!({}))
    };
    same(&with(json!({})), &with(json!({"explode": true})));
    same(&with(json!({})), &with(json!({"explode": false})));
}

fn media(types: &[(&str, &str)], is_request: bool) -> Value {
    let mut content = json!({});
    for (name, kind) in types {
        content[*name] = json!({"schema": {"type": kind}});
    }
    let content = json!({"content": content});
    match is_request {
        true => api(json!({"requestBody": content}), json!({})),
        false => api(json!({"responses": {"200": content}}), json!({})),
    }
}

#[test]
fn a_wider_media_type_takes_several_in() {
    let several = [("image/png", "string"), ("image/jpeg", "string")];
    let one = [("image/*", "string")];
    let both = [several[0], several[1], one[0]];
    levels(
        &media(&several, true),
        &media(&one, true),
        ["info", "breaking"],
    );
    assert_eq!(found(&media(&several, true), &media(&one, true)).len(), 2);
    same(&media(&both, true), &media(&one, true));
    let other = [("image/*", "integer")];
    levels(
        &media(&both, true),
        &media(&other, true),
        ["breaking", "breaking"],
    );
    // A JSON of its own is no range.
    let json = [("application/json", "string")];
    let problem = [json[0], ("application/problem+json", "string")];
    assert_ne!(worst(&media(&json, false), &media(&problem, false)), "none");
}

#[test]
fn two_spellings_of_a_media_type_are_one() {
    let (plain, with) = ("application/json", "application/json;charset=utf-8");
    for is_request in [true, false] {
        let once = media(&[(plain, "string")], is_request);
        let twice = media(&[(plain, "string"), (with, "string")], is_request);
        same(&once, &twice);
        let other = media(&[(plain, "string"), (with, "integer")], is_request);
        levels(&once, &other, ["breaking", "breaking"]);
        levels(&twice, &other, ["breaking", "breaking"]);
    }
}

/// Asserts that two schemas allow the same: nothing, or a remark that no caller has to act on.
#[track_caller]
fn same_schema(one: Value, other: Value) {
    let answer = |schema: &Value| {
        let content = json!({"application/json": {"schema": schema}});
        api(
            json!({"responses": {"200": {"content": content}}}),
            json!({}),
        )
    };
    for place in [&body as &dyn Fn(Value) -> Value, &|it| answer(&it)] {
        let (old, new) = (place(one.clone()), place(other.clone()));
        for findings in [found(&old, &new), found(&new, &old)] {
            assert!(
                findings.iter().all(|it| it.level <= Level::Info),
                "{one}\n{other}\n{findings:#?}"
            );
        }
    }
}

#[test]
fn a_list_of_values_is_a_choice_between_them() {
    let list = json!({"type": "string", "enum": ["a", "b", "c"]});
    for composition in ["oneOf", "anyOf"] {
        let choice = |typed: bool, members: [Value; 2]| {
            let mut schema = json!({composition: members});
            match typed {
                true => schema["type"] = json!("string"),
                false => {
                    for member in schema[composition].as_array_mut().unwrap() {
                        member["type"] = json!("string");
                    }
                }
            }
            schema
        };
        for typed in [true, false] {
            let members = [
                json!({"const": "a", "title": "A"}),
                json!({"enum": ["c", "b"]}),
            ];
            same_schema(list.clone(), choice(typed, members));
        }
        let untyped = json!({composition: [{"const": "a"}, {"enum": ["b", "c"]}]});
        same_schema(json!({"enum": ["a", "b", "c"]}), untyped);
        let fewer = choice(true, [json!({"const": "a"}), json!({"const": "b"})]);
        levels(&body(list.clone()), &body(fewer), ["breaking", "info"]);
    }
    // What fits both is refused.
    let overlapping =
        json!({"type": "string", "oneOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]});
    assert_eq!(worst(&body(list), &body(overlapping)), "breaking");
}

#[test]
fn a_keyword_without_effect_is_nothing() {
    let array = json!({"type": "array"});
    let text = json!({"type": "string"});
    for (one, other) in [
        (
            array.clone(),
            json!({"type": "array", "contains": text, "minContains": 0}),
        ),
        (
            json!({"type": "array", "items": text}),
            json!({"type": "array", "items": text, "unevaluatedItems": false}),
        ),
        (
            array,
            json!({"type": "array", "items": true, "unevaluatedItems": false}),
        ),
        (
            json!({"type": "object", "additionalProperties": true}),
            json!({"type": "object", "additionalProperties": true, "unevaluatedProperties": false}),
        ),
        (
            json!({"type": "object", "additionalProperties": text}),
            json!({"type": "object", "additionalProperties": text, "unevaluatedProperties": false}),
        ),
        (
            json!({"type": "object", "required": ["b"]}),
            json!({"type": "object", "required": ["b"], "dependentRequired": {"a": ["b"]}}),
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "multipleOf": 0.1}),
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "multipleOf": 1}),
        ),
        (
            json!({"type": "integer", "multipleOf": 1.5}),
            json!({"type": "integer", "multipleOf": 3}),
        ),
        (
            json!({"type": "number", "multipleOf": 1}),
            json!({"type": "integer"}),
        ),
        (
            json!({"type": "number", "multipleOf": 2}),
            json!({"type": "integer", "multipleOf": 2}),
        ),
    ] {
        for (old, new) in [(&one, &other), (&other, &one)] {
            let findings = found(&body(old.clone()), &body(new.clone()));
            assert!(findings.is_empty(), "{old}\n{new}\n{findings:#?}");
        }
        same_schema(one, other);
    }
    for (old, new) in [
        (
            json!({"type": "object"}),
            json!({"type": "object", "unevaluatedProperties": false}),
        ),
        (
            json!({"type": "array"}),
            json!({"type": "array", "contains": text, "minContains": 0, "maxContains": 1}),
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "multipleOf": 1.5}),
        ),
        (
            json!({"type": "object", "required": ["b"]}),
            json!({"type": "object", "dependentRequired": {"b": ["c"]}}),
        ),
    ] {
        assert_eq!(worst(&body(old), &body(new.clone())), "breaking", "{new}");
    }
}

#[test]
fn a_tuple_that_loses_an_item_is_narrower_and_one_that_gains_it_wider() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    let with = |items: Value, is_request: bool| {
        let schema = json!({"type": "array", "prefixItems": items, "items": false});
        match is_request {
            true => body(schema),
            false => {
                let content = json!({"application/json": {"schema": schema}});
                api(
                    json!({"responses": {"200": {"content": content}}}),
                    json!({}),
                )
            }
        }
    };
    for (is_request, right) in [(true, ["breaking", "info"]), (false, ["info", "breaking"])] {
        levels(
            &with(json!([text, number]), is_request),
            &with(json!([text]), is_request),
            right,
        );
    }
}

#[test]
fn who_means_one_place_of_a_cause_means_all_of_them() {
    let with = |title: &str| {
        let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/A"}}});
        let operation = json!({"requestBody": {"content": content}});
        json!({"openapi": "3.1.0",
            "paths": {"/a": {"post": operation}, "/b": {"post": operation}},
            "components": {"schemas": {"A": {"type": "string", "title": title}}}})
    };
    let findings = found(&with("one"), &with("other"));
    assert_eq!(findings.len(), 2);
    for meant in &findings {
        let is_meant = |it: &Finding| it.fingerprint == meant.fingerprint;
        let (these, others) = openapi_compare::causes::divided(findings.clone(), is_meant);
        assert_eq!([these.len(), others.len()], [2, 0]);
    }
    let (these, others) = openapi_compare::causes::divided(findings, |_| false);
    assert_eq!([these.len(), others.len()], [0, 2]);
}
