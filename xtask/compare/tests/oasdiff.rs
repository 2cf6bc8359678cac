//! Changes that oasdiff names: each gets oasdiff's id, with the level that it has for callers.

use openapi_compare::finding::{Finding, Level};
use openapi_compare::{Options, compare_with};
use serde_json::{Value, json};

fn api(operation: Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}})
}

fn parameter(place: &str, rest: Value) -> Value {
    let mut parameter = json!({"name": "p", "in": place});
    let rest = rest.as_object().unwrap().clone();
    parameter.as_object_mut().unwrap().extend(rest);
    api(json!({"parameters": [parameter]}))
}

fn query(schema: Value) -> Value {
    parameter("query", json!({"schema": schema}))
}

fn content(media_type: &str, schema: Value) -> Value {
    json!({"content": {media_type: {"schema": schema}}})
}

fn sends(schema: Value) -> Value {
    api(json!({"requestBody": content("application/json", schema)}))
}

fn returns(schema: Value) -> Value {
    api(json!({"responses": {"200": content("application/json", schema)}}))
}

fn with(property: Value) -> Value {
    json!({"type": "object", "properties": {"a": property}})
}

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    let options = Options {
        today: Some("2026-01-01".parse().unwrap()),
        ..Options::default()
    };
    compare_with(old, new, &options).unwrap().findings
}

/// Asserts that the only change has this id and this level.
#[track_caller]
fn named(id: &str, level: Level, old: Value, new: Value) {
    let findings = found(&old, &new);
    let told: Vec<_> = findings
        .iter()
        .map(|it| (it.id.as_str(), it.level))
        .collect();
    assert_eq!(told, [(id, level)], "{old}\n{new}");
}

use Level::{Breaking, Info, Warn};

#[test]
fn types_of_parameters_and_bodies_have_oasdiffs_ids() {
    let [integer, number, text] = ["integer", "number", "string"].map(|it| json!({"type": it}));
    named(
        "request-parameter-type-generalized",
        Info,
        query(integer.clone()),
        query(number.clone()),
    );
    named(
        "request-body-type-changed",
        Breaking,
        sends(integer.clone()),
        sends(text.clone()),
    );
    named(
        "response-body-type-changed",
        Breaking,
        returns(integer.clone()),
        returns(text.clone()),
    );
    named(
        "response-body-type-generalized",
        Breaking,
        returns(integer.clone()),
        returns(number.clone()),
    );
    named(
        "response-body-type-specialized",
        Info,
        returns(number),
        returns(integer),
    );
}

#[test]
fn types_as_alternatives_are_told_apart_from_types_as_a_list() {
    let list = |types: &[&str]| json!({"type": types});
    let alternatives = |composition: &str, types: &[&str]| {
        let members: Vec<_> = types.iter().map(|it| json!({"type": it})).collect();
        json!({composition: members})
    };
    let text = || json!({"type": "string"});
    let (two, three) = (["string", "integer"], ["string", "integer", "boolean"]);
    let property = |schema: Value| sends(with(schema));
    let returned = |schema: Value| returns(with(schema));
    let in_parameter = |schema: Value| query(with(schema));
    for (noun, is_sent, of) in [
        ("request-body", true, &sends as &dyn Fn(Value) -> Value),
        ("request-property", true, &property),
        ("request-parameter", true, &query),
        ("request-parameter-property", true, &in_parameter),
        ("response-body", false, &returns),
        ("response-property", false, &returned),
    ] {
        let (wider, narrower) = match is_sent {
            true => (Info, Breaking),
            false => (Breaking, Info),
        };
        let generalized = format!("{noun}-type-generalized");
        let specialized = match (is_sent, noun) {
            (true, "request-parameter-property") | (false, _) => format!("{noun}-type-specialized"),
            (true, _) => format!("{noun}-type-changed"),
        };
        named(&generalized, wider, of(text()), of(list(&two)));
        named(&generalized, wider, of(list(&two)), of(list(&three)));
        named(&specialized, narrower, of(list(&two)), of(text()));
        let widened = format!("{noun}-list-of-types-widened");
        let narrowed = format!("{noun}-list-of-types-narrowed");
        for composition in ["oneOf", "anyOf"] {
            let some = |types: &[&str]| of(alternatives(composition, types));
            named(&widened, wider, of(text()), some(&two));
            named(&widened, wider, some(&two), some(&three));
            named(&narrowed, narrower, some(&three), some(&two));
            named(&narrowed, narrower, some(&two), of(text()));
        }
    }
    let one = json!({"type": "string", "format": "uuid"});
    let several = alternatives("oneOf", &two);
    named(
        "request-parameter-list-of-types-widened",
        Info,
        query(one),
        query(several),
    );
}

#[test]
fn a_property_of_a_parameter_that_may_be_text_now_is_a_warning() {
    let of = |kind: &str| with(json!({"type": kind}));
    let changed = "request-parameter-property-type-changed";
    let specialized = "request-parameter-property-type-specialized";
    named(changed, Warn, query(of("number")), query(of("string")));
    named(
        specialized,
        Breaking,
        query(of("string")),
        query(of("number")),
    );
    named(
        specialized,
        Breaking,
        query(of("string")),
        query(of("object")),
    );
    // In JSON a number is no text.
    let in_json = |schema: Value| parameter("query", content("application/json", schema));
    named(
        specialized,
        Breaking,
        in_json(of("number")),
        in_json(of("string")),
    );
    let of = |kind: &str| json!({"type": kind});
    named(
        "request-parameter-type-changed",
        Breaking,
        in_json(of("number")),
        in_json(of("string")),
    );
}

#[test]
fn a_list_of_any_text_takes_what_was_written_as_one_value() {
    let one = || query(json!({"type": ["string", "integer"]}));
    let list = |item: Value| query(json!({"type": "array", "items": item}));
    let text = json!({"type": "string"});
    named(
        "request-parameter-type-generalized",
        Info,
        one(),
        list(text.clone()),
    );
    for item in [
        json!({"type": "integer"}),
        json!({"type": "string", "pattern": "^[a-z]+$"}),
    ] {
        let findings = found(&one(), &list(item));
        let mut told = findings.iter().map(|it| (it.id.as_str(), it.level));
        assert!(told.any(|it| it == ("request-parameter-type-changed", Breaking)));
    }
    let long = json!({"type": "array", "items": text, "minItems": 2});
    let findings = found(&query(text.clone()), &query(long));
    assert!(
        findings.iter().any(|it| it.level == Breaking),
        "{findings:#?}"
    );
}

#[test]
fn what_changed_inside_the_only_alternative_that_changed_is_told_there() {
    let object = |required: Value| json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": required});
    for composition in ["anyOf", "oneOf"] {
        let of = |required: Value| json!({composition: [object(required), {"type": "integer"}]});
        let (loose, strict) = (of(json!([])), of(json!(["a"])));
        named(
            "request-property-became-required",
            Breaking,
            sends(loose.clone()),
            sends(strict.clone()),
        );
        named(
            "request-property-became-optional",
            Info,
            sends(strict.clone()),
            sends(loose.clone()),
        );
        named(
            "response-property-became-required",
            Info,
            returns(loose.clone()),
            returns(strict.clone()),
        );
        named(
            "response-property-became-optional",
            Breaking,
            returns(strict),
            returns(loose),
        );
    }
}

#[test]
fn a_schema_that_was_put_beside_others_is_named_though_it_changes_nothing() {
    let of = |composition: &str, names: &[&str], place: fn(Value) -> Value| {
        let members: Vec<_> = names
            .iter()
            .map(|it| json!({"$ref": format!("#/components/schemas/{it}")}))
            .collect();
        let mut document = place(json!({composition: members}));
        let named = json!({"type": "object", "properties": {"name": {"type": "string"}}});
        document["components"] = json!({"schemas": {"Cat": named, "Dog": named, "Rabbit": named}});
        document
    };
    for (composition, noun) in [("allOf", "all-of"), ("anyOf", "any-of")] {
        for (body, place) in [
            ("request-body", sends as fn(Value) -> Value),
            ("response-body", returns),
        ] {
            let two = || of(composition, &["Cat", "Dog"], place);
            let three = || of(composition, &["Cat", "Dog", "Rabbit"], place);
            named(&format!("{body}-{noun}-added"), Info, two(), three());
            named(&format!("{body}-{noun}-removed"), Info, three(), two());
            // The same once more is nothing.
            let twice = of(composition, &["Cat", "Dog", "Dog"], place);
            assert_eq!(found(&two(), &twice), []);
        }
    }
}

#[test]
fn what_is_no_longer_deprecated_needs_no_sunset() {
    let deprecated = json!({"deprecated": true, "x-sunset": "2026-01-02"});
    named(
        "endpoint-reactivated",
        Info,
        api(deprecated.clone()),
        api(json!({})),
    );
    named(
        "request-parameter-reactivated",
        Info,
        parameter("query", deprecated.clone()),
        parameter("query", json!({})),
    );
    named(
        "request-property-reactivated",
        Info,
        sends(with(deprecated)),
        sends(with(json!({}))),
    );
}

#[test]
fn a_sunset_that_is_no_date_is_told_on_both_sides() {
    let deprecated = |sunset: &str| json!({"deprecated": true, "x-sunset": sunset});
    for (old, new) in [
        ("2026-01-02", "soon"),
        ("soon", "2026-01-02"),
        ("soon", "later"),
    ] {
        let (old, new) = (deprecated(old), deprecated(new));
        named(
            "api-path-sunset-parse",
            Breaking,
            api(old.clone()),
            api(new.clone()),
        );
        named(
            "request-parameter-sunset-parse",
            Breaking,
            parameter("query", old.clone()),
            parameter("query", new.clone()),
        );
        named(
            "response-property-deprecated-sunset-invalid",
            Breaking,
            returns(with(old)),
            returns(with(new)),
        );
    }
    named(
        "request-parameter-sunset-parse",
        Breaking,
        parameter("query", deprecated("soon")),
        api(json!({})),
    );
}

#[test]
fn a_schema_that_allows_all_is_no_schema() {
    let bare =
        |content: Value| api(json!({"requestBody": {"content": {"application/json": content}}}));
    let (none, all) = (bare(json!({})), bare(json!({"schema": true})));
    assert_eq!(found(&none, &all), []);
    assert_eq!(found(&all, &none), []);
    let nothing = bare(json!({"schema": false}));
    named("request-body-schema-became-false", Breaking, none, nothing);
}

#[test]
fn what_becomes_read_only_or_write_only_breaks_nobody_where_it_went_away() {
    let age = json!({"type": "integer"});
    let read_only = json!({"type": "string", "readOnly": true});
    let findings = found(&sends(with(age.clone())), &sends(with(read_only.clone())));
    assert!(findings.iter().all(|it| it.level <= Info), "{findings:#?}");
    let findings = found(&returns(with(age)), &returns(with(read_only)));
    assert!(
        findings.iter().any(|it| it.level == Breaking),
        "{findings:#?}"
    );
    let marked =
        |rest: Value| json!({"type": "object", "properties": {"a": rest}, "required": ["a"]});
    let text = || json!({"type": "string"});
    let mark = |word: &str| json!({"type": "string", word: true});
    for (old, new) in [
        (sends(with(text())), sends(marked(mark("readOnly")))),
        (returns(marked(text())), returns(with(mark("writeOnly")))),
    ] {
        let findings = found(&old, &new);
        assert!(findings.iter().all(|it| it.level <= Info), "{findings:#?}");
    }
}

#[test]
fn a_schema_of_all_of_is_named_with_what_came_along() {
    let base = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let member =
        |required: Value| json!({"properties": {"b": {"type": "string"}}, "required": required});
    let one = json!({"allOf": [base]});
    let several = |required: Value| json!({"allOf": [base, member(required)]});
    let (loose, strict) = (several(json!([])), several(json!(["b"])));
    let referred = |schema: Value| {
        let mut document = sends(json!({"$ref": "#/components/schemas/Whole"}));
        document["components"] = json!({"schemas": {"Whole": schema}});
        document
    };
    for of in [sends as fn(Value) -> Value, referred] {
        let told = |old: &Value, new: &Value| {
            let findings = found(&of(old.clone()), &of(new.clone()));
            let told = findings.into_iter().map(|it| (it.id, it.level));
            told.collect::<Vec<_>>()
        };
        let added = |level| ("request-body-all-of-added".to_owned(), level);
        let removed = ("request-body-all-of-removed".to_owned(), Info);
        assert!(told(&one, &strict).contains(&added(Breaking)));
        assert!(told(&one, &loose).contains(&added(Info)));
        assert!(told(&one, &loose).iter().all(|(_, level)| *level == Info));
        assert!(told(&strict, &one).contains(&removed));
        assert!(told(&loose, &one).contains(&removed));
    }
}

#[test]
fn what_is_text_on_the_wire_may_be_any_text_now() {
    let [number, text] = ["number", "string"].map(|it| json!({"type": it}));
    let form = "application/x-www-form-urlencoded";
    let sends =
        |media_type: &str, schema: Value| api(json!({"requestBody": content(media_type, schema)}));
    let returns = |media_type: &str, schema: Value| {
        api(json!({"responses": {"200": content(media_type, schema)}}))
    };
    named(
        "request-body-type-compatible",
        Info,
        sends("text/plain", number.clone()),
        sends("text/plain", text.clone()),
    );
    named(
        "request-property-type-compatible",
        Info,
        sends(form, with(number.clone())),
        sends(form, with(text.clone())),
    );
    named(
        "response-body-type-compatible",
        Info,
        returns("text/plain", text.clone()),
        returns("text/plain", number.clone()),
    );
    named(
        "response-property-type-compatible",
        Info,
        returns(form, with(text.clone())),
        returns(form, with(number.clone())),
    );
    // The other way, and in JSON, it is another value.
    named(
        "request-body-type-changed",
        Breaking,
        sends("text/plain", text.clone()),
        sends("text/plain", number.clone()),
    );
    named(
        "response-body-type-changed",
        Breaking,
        returns("text/plain", number.clone()),
        returns("text/plain", text.clone()),
    );
    named(
        "request-property-type-changed",
        Breaking,
        sends("application/json", with(number.clone())),
        sends("application/json", with(text.clone())),
    );
    named(
        "response-body-type-changed",
        Breaking,
        returns("application/xml", text),
        returns("application/xml", number),
    );
}

#[test]
fn a_removal_before_the_sunset_date_is_told_so() {
    let nothing = json!({"openapi": "3.1.0", "paths": {}});
    let path_alone = json!({"openapi": "3.1.0", "paths": {"/pay": {}}});
    let deprecated = |sunset: &str| json!({"deprecated": true, "x-sunset": sunset});
    named(
        "api-path-removed-before-sunset",
        Breaking,
        api(deprecated("2026-01-02")),
        nothing.clone(),
    );
    named(
        "api-removed-before-sunset",
        Breaking,
        api(deprecated("2026-01-02")),
        path_alone.clone(),
    );
    named(
        "api-path-removed-with-deprecation",
        Breaking,
        api(deprecated("2026-01-01")),
        nothing.clone(),
    );
    named(
        "api-removed-with-deprecation",
        Breaking,
        api(deprecated("2025-12-31")),
        path_alone,
    );
    named(
        "api-path-sunset-parse",
        Breaking,
        api(deprecated("soon")),
        nothing,
    );
    named(
        "request-parameter-removed-before-sunset",
        Breaking,
        parameter("query", deprecated("2026-01-02")),
        api(json!({})),
    );
    named(
        "request-parameter-removed-with-deprecation",
        Info,
        parameter("query", deprecated("2025-12-31")),
        api(json!({})),
    );
    named(
        "request-parameter-deprecated",
        Info,
        parameter("query", json!({})),
        parameter("query", json!({"deprecated": true})),
    );
}

#[test]
fn security_requirements_have_oasdiffs_ids() {
    let whole = |security: Value, of_operation: Value| {
        let mut document = api(json!({}));
        document["components"] = json!({"securitySchemes": {
            "a": {"type": "http", "scheme": "basic"},
            "b": {"type": "apiKey", "in": "header", "name": "k"},
        }});
        if !security.is_null() {
            document["security"] = security;
        }
        if !of_operation.is_null() {
            document["paths"]["/pay"]["post"]["security"] = of_operation;
        }
        document
    };
    let [one, two] = [json!([{"a": []}]), json!([{"a": []}, {"b": []}])];
    let own = |security: &Value| whole(Value::Null, security.clone());
    let global = |security: &Value| whole(security.clone(), Value::Null);
    named("api-security-added", Info, own(&one), own(&two));
    named("api-security-removed", Breaking, own(&two), own(&one));
    named(
        "api-global-security-added",
        Info,
        global(&one),
        global(&two),
    );
    named(
        "api-global-security-removed",
        Breaking,
        global(&two),
        global(&one),
    );
}

#[test]
fn properties_of_parameters_have_ids_of_their_own() {
    let object = |property: Value| json!({"schema": with(property)});
    let (long, short) = (
        json!({"type": "string", "maxLength": 9}),
        json!({"type": "string", "maxLength": 5}),
    );
    for (place, id) in [
        ("query", "request-parameter-property-max-length-decreased"),
        ("cookie", "request-parameter-property-max-length-decreased"),
        ("header", "request-header-property-max-length-decreased"),
    ] {
        named(
            id,
            Breaking,
            parameter(place, object(long.clone())),
            parameter(place, object(short.clone())),
        );
    }
}

#[test]
fn parameters_added_to_a_path_have_oasdiffs_ids() {
    let path = |parameters: Value| json!({"openapi": "3.1.0", "paths": {"/pay": {"parameters": parameters, "post": {}}}});
    let added = |is_required: bool| json!([{"name": "p", "in": "query", "required": is_required}]);
    named(
        "new-required-request-default-parameter-to-existing-path",
        Breaking,
        path(json!([])),
        path(added(true)),
    );
    named(
        "new-optional-request-default-parameter-to-existing-path",
        Info,
        path(json!([])),
        path(added(false)),
    );
}

#[test]
fn lengths_of_lists_in_parameters_have_oasdiffs_ids() {
    let list = |most: Value| {
        let mut schema = json!({"type": "array", "items": {"type": "string"}});
        if !most.is_null() {
            schema["maxItems"] = most;
        }
        query(schema)
    };
    for (step, level, old, new) in [
        ("decreased", Breaking, json!(5), json!(4)),
        ("increased", Info, json!(4), json!(5)),
        ("set", Breaking, Value::Null, json!(4)),
        ("unset", Info, json!(4), Value::Null),
    ] {
        named(
            &format!("request-parameter-max-items-{step}"),
            level,
            list(old),
            list(new),
        );
    }
}

#[test]
fn an_annotation_in_all_of_has_oasdiffs_ids() {
    let plain = json!({"allOf": [{"type": "string"}]});
    let annotated = json!({"allOf": [{"type": "string"}, {"description": "d"}]});
    for (id, of) in [
        (
            "request-body-all-of-added-annotation-only",
            sends as fn(Value) -> Value,
        ),
        ("response-body-all-of-added-annotation-only", returns),
    ] {
        let findings = found(&of(plain.clone()), &of(annotated.clone()));
        assert!(findings.iter().any(|it| it.id == id), "{findings:#?}");
        assert!(findings.iter().all(|it| it.level <= Info), "{findings:#?}");
    }
}

#[test]
fn what_is_never_sent_or_never_returned_has_oasdiffs_ids() {
    let marked =
        |mark: &str, most: u32| with(json!({"type": "array", mark: true, "maxItems": most}));
    named(
        "request-read-only-property-max-items-decreased",
        Info,
        sends(marked("readOnly", 5)),
        sends(marked("readOnly", 4)),
    );
    let object = json!({"type": "object", "properties": {}});
    named(
        "response-optional-write-only-property-removed",
        Info,
        returns(marked("writeOnly", 5)),
        returns(object.clone()),
    );
    named(
        "response-optional-write-only-property-added",
        Info,
        returns(object),
        returns(marked("writeOnly", 5)),
    );
}

#[test]
fn names_of_media_types_have_oasdiffs_ids() {
    let returns =
        |media_type: &str| api(json!({"responses": {"200": {"content": {media_type: {}}}}}));
    named(
        "response-media-type-name-changed",
        Warn,
        returns("text/csv; header=present"),
        returns("text/csv; header=absent"),
    );
    named(
        "response-media-type-name-generalized",
        Breaking,
        returns("application/problem+json"),
        returns("application/json"),
    );
    named(
        "response-media-type-name-specialized",
        Info,
        returns("application/json"),
        returns("application/problem+json"),
    );
}
