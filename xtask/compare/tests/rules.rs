//! Every rule is reached by documents that differ in exactly that way.

use openapi_compare::finding::{
    Bound, Composition, Direction, Finding, Keyword, Kind, Level, Scope, Shift, Step,
};
use openapi_compare::rules::{ONE_SIDED, RULES, Rule, opposite, rule};
use openapi_compare::{Options, compare_with, models};
use serde_json::{Map, Value, json};

/// A schema without a keyword and with it; or with it before and after.
fn limited(keyword: Keyword, shift: Shift) -> (Value, Value) {
    let text = |rest: Value| merged(json!({"type": "string"}), rest);
    let list = |rest: Value| merged(json!({"type": "array"}), rest);
    let object = |rest: Value| {
        let base = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        merged(base, rest)
    };
    let [one, two, three] = ["x", "y", "z"].map(|it| json!({"type": "object", "required": [it]}));
    let is_narrowed = shift != Shift::Widened;
    let (wide, narrow) = match (keyword, shift) {
        (Keyword::Choice, Shift::Changed) => (
            object(json!({"oneOf": [one, two], "anyOf": [one, three]})),
            object(json!({"oneOf": [two, three]})),
        ),
        (Keyword::Choice, _) => (
            object(json!({})),
            object(json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})),
        ),
        (Keyword::Composition, _) => (json!({"anyOf": [one, two]}), json!({"oneOf": [one, two]})),
        (Keyword::Not, _) => (
            text(json!({"not": {"maxLength": 2}})),
            text(json!({"not": {"maxLength": 3}})),
        ),
        (Keyword::If, Shift::Changed) => (
            text(json!({"if": {"minLength": 3}, "then": {"maxLength": 5}})),
            text(json!({"if": {"minLength": 2}, "then": {"maxLength": 5}})),
        ),
        (Keyword::If, _) => (
            text(json!({})),
            text(json!({"if": {"minLength": 3}, "then": {"maxLength": 5}})),
        ),
        (Keyword::Then, _) => (
            text(json!({"if": {"minLength": 3}, "else": {"minLength": 1}})),
            text(json!({"if": {"minLength": 3}, "else": {"minLength": 1}, "then": false})),
        ),
        (Keyword::Else, _) => (
            text(json!({"if": {"minLength": 3}, "then": {"maxLength": 5}})),
            text(json!({"if": {"minLength": 3}, "then": {"maxLength": 5}, "else": false})),
        ),
        (Keyword::Contains, Shift::Changed) => (
            list(json!({"contains": {"type": "integer"}, "maxContains": 3})),
            list(json!({"contains": {"type": "string"}, "maxContains": 3})),
        ),
        (Keyword::Contains, _) => (
            list(json!({})),
            list(json!({"contains": {"type": "integer"}})),
        ),
        (Keyword::MinContains, _) => (
            list(json!({"contains": {"type": "integer"}})),
            list(json!({"contains": {"type": "integer"}, "minContains": 2})),
        ),
        (Keyword::MaxContains, _) => (
            list(json!({"contains": {"type": "integer"}})),
            list(json!({"contains": {"type": "integer"}, "maxContains": 2})),
        ),
        (Keyword::PropertyNames, _) => (
            object(json!({})),
            object(json!({"propertyNames": {"maxLength": 3}})),
        ),
        (Keyword::PatternProperties, _) => (
            object(json!({})),
            object(json!({"patternProperties": {"^b": {"type": "string"}}})),
        ),
        (Keyword::PrefixItems, _) => (
            list(json!({})),
            list(json!({"prefixItems": [{"type": "string"}]})),
        ),
        (Keyword::DependentRequired, _) => (
            object(json!({})),
            object(json!({"dependentRequired": {"a": ["b"]}})),
        ),
        (Keyword::DependentSchemas, _) => (
            object(json!({})),
            object(json!({"dependentSchemas": {"a": {"required": ["b"]}}})),
        ),
        (Keyword::UnevaluatedItems, _) => {
            let condition = json!({"if": {"minItems": 1}, "then": {"maxItems": 5}});
            let closed = merged(condition.clone(), json!({"unevaluatedItems": false}));
            (list(condition), list(closed))
        }
        (Keyword::UnevaluatedProperties, _) => {
            let condition = json!({"if": {"minProperties": 1}, "then": {"maxProperties": 5}});
            let closed = merged(condition.clone(), json!({"unevaluatedProperties": false}));
            (object(condition), object(closed))
        }
        (Keyword::ContentSchema, _) => (
            text(json!({"contentMediaType": "application/json"})),
            text(json!({"contentMediaType": "application/json", "contentSchema": one})),
        ),
        (Keyword::ContentMediaType, Shift::Changed) => (
            text(json!({"contentMediaType": "application/json"})),
            text(json!({"contentMediaType": "application/xml"})),
        ),
        (Keyword::ContentMediaType, _) => (
            text(json!({})),
            text(json!({"contentMediaType": "application/json"})),
        ),
        (Keyword::ContentEncoding, Shift::Changed) => (
            text(json!({"contentEncoding": "base16"})),
            text(json!({"contentEncoding": "base32"})),
        ),
        (Keyword::ContentEncoding, _) => {
            (text(json!({})), text(json!({"contentEncoding": "base16"})))
        }
    };
    match is_narrowed {
        true => (wide, narrow),
        false => (narrow, wide),
    }
}

/// A schema before and after.
fn schemas(kind: Kind) -> Option<(Value, Value)> {
    let text = || json!({"type": "string"});
    let with = |keyword: &str, value: Value| {
        let mut schema = text();
        schema[keyword] = value;
        schema
    };
    let pair = |keyword: &str, before: Value, after: Value| {
        let of = |value: Value| {
            if value.is_null() {
                text()
            } else {
                with(keyword, value)
            }
        };
        (of(before), of(after))
    };
    let object = || json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let number = || json!({"type": "integer"});
    let choice = |discriminator: Value| {
        let mut schema = json!({"oneOf": [object(), number()]});
        if !discriminator.is_null() {
            schema["discriminator"] = discriminator;
        }
        schema
    };
    let composed =
        |composition: Composition, members: Value| json!({composition.keyword(): members});
    let [one, two, three] = ["x", "y", "z"].map(|it| json!({"type": "object", "required": [it]}));
    let dictionary = |rest: Value| json!({"type": "object", "additionalProperties": rest});
    Some(match kind {
        Kind::TypeChanged => (text(), number()),
        Kind::TypeGeneralized => (number(), json!({"type": "number"})),
        Kind::TypeSpecialized => (json!({"type": "number"}), number()),
        Kind::ListOfTypesWidened => (text(), json!({"oneOf": [text(), number()]})),
        Kind::ListOfTypesNarrowed => (json!({"oneOf": [text(), number()]}), text()),
        Kind::FormatAdded => pair("format", Value::Null, json!("date")),
        Kind::FormatRemoved => pair("format", json!("date"), Value::Null),
        Kind::FormatChanged => pair("format", json!("date"), json!("date-time")),
        Kind::BecameNullable => (text(), json!({"type": ["string", "null"]})),
        Kind::BecameNotNullable => (json!({"type": "string", "nullable": true}), text()),
        Kind::BecameEnum => pair("enum", Value::Null, json!(["a", "b"])),
        Kind::BecameNotEnum => pair("enum", json!(["a", "b"]), Value::Null),
        Kind::EnumValueAdded => pair("enum", json!(["a", "b"]), json!(["c", "b", "a"])),
        Kind::EnumValueRemoved => pair("enum", json!(["c", "b", "a"]), json!(["a", "b"])),
        Kind::ConstAdded => pair("const", Value::Null, json!("a")),
        Kind::ConstRemoved => pair("const", json!("a"), Value::Null),
        Kind::ConstChanged => pair("const", json!("a"), json!("b")),
        Kind::DefaultAdded => pair("default", Value::Null, json!("a")),
        Kind::DefaultRemoved => pair("default", json!("a"), Value::Null),
        Kind::DefaultChanged => pair("default", json!("a"), json!("b")),
        Kind::PatternAdded => pair("pattern", Value::Null, json!("^a$")),
        Kind::PatternRemoved => pair("pattern", json!("^a$"), Value::Null),
        Kind::PatternChanged => pair("pattern", json!("^a$"), json!("^b$")),
        Kind::PatternGeneralized => pair("pattern", json!("^a$"), json!(".*")),
        Kind::Bound(bound, step) => {
            let (before, after) = match step {
                Step::Set => (Value::Null, json!(7)),
                Step::Unset => (json!(7), Value::Null),
                Step::Increased => (json!(7), json!(8)),
                Step::Decreased => (json!(7), json!(6)),
            };
            pair(bound.keyword(), before, after)
        }
        Kind::MultipleOfSet => pair("multipleOf", Value::Null, json!(10)),
        Kind::MultipleOfUnset => pair("multipleOf", json!(10), Value::Null),
        Kind::MultipleOfChanged => pair("multipleOf", json!(10), json!(7)),
        Kind::MultipleOfGeneralized => pair("multipleOf", json!(10), json!(5)),
        Kind::MultipleOfSpecialized => pair("multipleOf", json!(5), json!(10)),
        Kind::UniqueItemsSet => pair("uniqueItems", Value::Null, json!(true)),
        Kind::UniqueItemsUnset => pair("uniqueItems", json!(true), json!(false)),
        Kind::MemberAdded(composition) => (
            composed(composition, json!([one, two])),
            composed(composition, json!([three, two, one])),
        ),
        Kind::MemberRemoved(composition) => (
            composed(composition, json!([three, two, one])),
            composed(composition, json!([one, two])),
        ),
        Kind::HarmlessMemberAdded(Composition::AllOf)
        | Kind::HarmlessMemberRemoved(Composition::AllOf) => {
            let member = json!({"properties": {"b": {"type": "string"}}});
            let both = json!({"type": "object", "allOf": [{"minProperties": 1}, member]});
            let one = json!({"type": "object", "allOf": [{"minProperties": 1}]});
            match kind {
                Kind::HarmlessMemberAdded(_) => (one, both),
                _ => (both, one),
            }
        }
        Kind::AnnotationMemberAdded => (
            composed(Composition::AllOf, json!([one, two])),
            composed(Composition::AllOf, json!([one, two, {"title": "t"}])),
        ),
        Kind::AnnotationMemberRemoved => (
            composed(Composition::AllOf, json!([one, two, {"title": "t"}])),
            composed(Composition::AllOf, json!([one, two])),
        ),
        Kind::WrappedInChoice => (text(), json!({"oneOf": [one, number()]})),
        Kind::WrappedInChoiceKeepingOriginal => (text(), json!({"anyOf": [one, text()]})),
        Kind::UnwrappedFromChoice => (json!({"oneOf": [one, number()]}), text()),
        Kind::UnwrappedFromChoiceKeepingMember => (json!({"oneOf": [text(), one]}), text()),
        Kind::NotAdded => pair("not", Value::Null, json!({"enum": ["a"]})),
        Kind::NotRemoved => pair("not", json!({"enum": ["a"]}), Value::Null),
        Kind::NotChanged => pair("not", json!({"pattern": "a"}), json!({"pattern": "b"})),
        Kind::Keyword(keyword, shift) => limited(keyword, shift),
        Kind::FormatGeneralized => pair("format", json!("int32"), json!("int64")),
        Kind::FormatSpecialized => pair("format", json!("double"), json!("float")),
        Kind::FormatHintChanged => pair("format", Value::Null, json!("password")),
        Kind::AdditionalPropertiesBecameAny => (dictionary(text()), dictionary(json!(true))),
        Kind::ItemsAdded => (
            json!({"type": "array"}),
            json!({"type": "array", "items": text()}),
        ),
        Kind::ItemsRemoved => (
            json!({"type": "array", "items": text()}),
            json!({"type": "array"}),
        ),
        Kind::AdditionalPropertiesNarrowed => (dictionary(json!(true)), dictionary(text())),
        Kind::AdditionalPropertiesWidened => (dictionary(json!(false)), dictionary(json!({}))),
        Kind::SchemaBecameFalse => (text(), json!(false)),
        Kind::SchemaBecameNotFalse => (json!(false), text()),
        Kind::DiscriminatorAdded => (choice(Value::Null), choice(json!({"propertyName": "a"}))),
        Kind::DiscriminatorRemoved => (choice(json!({"propertyName": "a"})), choice(Value::Null)),
        Kind::DiscriminatorPropertyNameChanged => (
            choice(json!({"propertyName": "a"})),
            choice(json!({"propertyName": "b"})),
        ),
        Kind::DiscriminatorMappingAdded => (
            choice(json!({"propertyName": "a"})),
            choice(json!({"propertyName": "a", "mapping": {"x": "X"}})),
        ),
        Kind::DiscriminatorMappingDeleted => (
            choice(json!({"propertyName": "a", "mapping": {"x": "X"}})),
            choice(json!({"propertyName": "a", "mapping": {}})),
        ),
        Kind::DiscriminatorMappingChanged => (
            choice(json!({"propertyName": "a", "mapping": {"x": "X"}})),
            choice(json!({"propertyName": "a", "mapping": {"x": "Y"}})),
        ),
        // Nothing is limited by either of these.
        Kind::DiscriminatorMappingRenamed => (
            choice(json!({"propertyName": "a", "mapping": {"x": "#/paths"}})),
            choice(json!({"propertyName": "a", "mapping": {"x": "#/paths/~1pay"}})),
        ),
        Kind::DescriptionChanged => pair("description", json!("a"), json!("b")),
        Kind::TitleChanged => pair("title", Value::Null, json!("b")),
        Kind::ExampleChanged => pair("examples", json!(["a"]), json!(["b"])),
        Kind::ExternalDocsChanged => pair("externalDocs", json!({"url": "a"}), json!({"url": "b"})),
        Kind::Unhandled => pair("x-anything", json!(1), json!(2)),
        Kind::Deprecated => pair("deprecated", Value::Null, json!(true)),
        Kind::Reactivated => pair("deprecated", json!(true), Value::Null),
        Kind::DeprecatedWithSunset => (
            with("x-sunset", json!("2030-01-01")),
            json!({"type": "string", "deprecated": true, "x-sunset": "2030-01-01"}),
        ),
        Kind::SunsetInvalid => pair("x-sunset", Value::Null, json!("some day")),
        Kind::SunsetUnreadable => {
            let deprecated =
                |sunset| json!({"type": "string", "deprecated": true, "x-sunset": sunset});
            (deprecated("some day"), deprecated("2030-01-01"))
        }
        Kind::SunsetSet => pair("x-sunset", Value::Null, json!("2030-01-01")),
        Kind::SunsetDeleted => pair("x-sunset", json!("2030-01-01"), Value::Null),
        Kind::SunsetEarlier => pair("x-sunset", json!("2030-01-01"), json!("2029-12-31")),
        Kind::SunsetLater => pair("x-sunset", json!("2030-01-01"), json!("2030-01-02")),
        _ => return None,
    })
}

/// The schema of an object whose property `p` changes, before and after.
fn objects(kind: Kind) -> Option<(Value, Value)> {
    let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let (none, p) = (json!({}), json!({"p": {"type": "string"}}));
    let default = json!({"p": {"type": "string", "default": "a"}});
    let marked = |word: &str| json!({"p": {"type": "string", word: true}});
    let (optional, required) = (json!([]), json!(["p"]));
    let (before, after, was_required, is_required) = match kind {
        Kind::RequiredPropertyAdded => (none, p, false, true),
        Kind::RequiredPropertyWithDefaultAdded => (none, default, false, true),
        Kind::OptionalPropertyAdded => (none, p, false, false),
        Kind::RequiredPropertyRemoved => (p, none, true, false),
        Kind::OptionalPropertyRemoved => (p, none, false, false),
        Kind::BecameRequired => (p.clone(), p, false, true),
        Kind::BecameRequiredWithDefault => (default.clone(), default, false, true),
        Kind::BecameOptional => (p.clone(), p, true, false),
        Kind::RequiredBecameReadOnly => (p, marked("readOnly"), true, true),
        Kind::RequiredBecameNotReadOnly => (marked("readOnly"), p, true, true),
        Kind::OptionalBecameReadOnly => (p, marked("readOnly"), false, false),
        Kind::OptionalBecameNotReadOnly => (marked("readOnly"), p, false, false),
        Kind::RequiredBecameWriteOnly => (p, marked("writeOnly"), true, true),
        Kind::RequiredBecameNotWriteOnly => (marked("writeOnly"), p, true, true),
        Kind::OptionalBecameWriteOnly => (p, marked("writeOnly"), false, false),
        Kind::OptionalBecameNotWriteOnly => (marked("writeOnly"), p, false, false),
        _ => return None,
    };
    let names = |is_required| {
        if is_required {
            required.clone()
        } else {
            optional.clone()
        }
    };
    Some((
        object(before, names(was_required)),
        object(after, names(is_required)),
    ))
}

fn document(operation: Value) -> Value {
    json!({"openapi": "3.1.0", "paths": {"/pay": {"post": operation}}})
}

fn sends(schema: Value) -> Value {
    document(json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}))
}

fn response(response: Value) -> Value {
    document(json!({"responses": {"200": response}}))
}

fn responses(schema: Value) -> Value {
    response(json!({"content": {"application/json": {"schema": schema}}}))
}

fn parameter(rest: Value) -> Value {
    document(json!({"parameters": [merged(json!({"name": "p", "in": "query"}), rest)]}))
}

fn header(rest: Value) -> Value {
    response(json!({"headers": {"p": rest}}))
}

fn merged(mut into: Value, from: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut into, from) {
        into.extend(from);
    }
    into
}

fn marked(mut schema: Value, word: &str) -> Value {
    if let Some(property) = schema.pointer_mut("/properties/p") {
        property[word] = json!(true);
    }
    schema
}

/// A schema in a place of the scope, and the path to it.
fn placed(schema: Value, scope: Scope) -> Option<(Value, Option<&'static str>)> {
    let property = |schema: Value| json!({"type": "object", "properties": {"p": schema}});
    Some(match scope {
        Scope::RequestBody => (sends(schema), None),
        Scope::RequestProperty => (sends(property(schema)), Some("p")),
        Scope::RequestReadOnlyProperty => (sends(marked(property(schema), "readOnly")), Some("p")),
        Scope::RequestParameter => (parameter(json!({"schema": schema})), Some("p")),
        Scope::ResponseBody => (responses(schema), None),
        Scope::ResponseProperty => (responses(property(schema)), Some("p")),
        Scope::ResponseWriteOnlyProperty => {
            (responses(marked(property(schema), "writeOnly")), Some("p"))
        }
        Scope::ResponseHeader => (header(json!({"schema": schema})), Some("p")),
        Scope::Api | Scope::Operation | Scope::Response => return None,
    })
}

type Documents = (Value, Value, Option<&'static str>);

/// Documents that differ as the rule says, and the path it is told at.
fn documents(rule: &Rule) -> Documents {
    if rule.kind == Kind::TypeChangedToText {
        let of = |kind: &str| {
            let is_read_only = rule.scope == Scope::RequestReadOnlyProperty;
            let property = json!({"type": kind, "readOnly": is_read_only});
            let schema = json!({"type": "object", "properties": {"a": property}});
            let parameter = json!({"name": "p", "in": "query", "schema": schema});
            document(json!({"parameters": [parameter]}))
        };
        return (of("number"), of("string"), Some("p/a"));
    }
    if let Kind::HarmlessMemberAdded(Composition::AnyOf)
    | Kind::HarmlessMemberRemoved(Composition::AnyOf) = rule.kind
    {
        let of = |names: &[&str]| {
            let members: Vec<_> = names
                .iter()
                .map(|it| json!({"$ref": format!("#/components/schemas/{it}")}))
                .collect();
            let (mut document, path) = placed(json!({"anyOf": members}), rule.scope).unwrap();
            document["components"] = json!({"schemas": {
                "A": {"type": "object", "required": ["x"]},
                "B": {"type": "object", "required": ["y"]},
                "C": {"type": "object", "required": ["x", "y"]},
            }});
            (document, path)
        };
        let ((few, path), (many, _)) = (of(&["A", "B"]), of(&["A", "B", "C"]));
        return match rule.kind {
            Kind::HarmlessMemberAdded(_) => (few, many, path),
            _ => (many, few, path),
        };
    }
    if let Some((old, new)) = special(rule) {
        let path = match rule.scope {
            Scope::RequestParameter
            | Scope::ResponseHeader
            | Scope::RequestProperty
            | Scope::ResponseProperty => Some("p"),
            Scope::Api => path_in_api(rule.kind),
            _ => None,
        };
        return (old, new, path);
    }
    if let Some((old, new)) = objects(rule.kind) {
        let place = |schema: Value| match rule.scope {
            Scope::RequestProperty => sends(schema),
            Scope::RequestReadOnlyProperty => sends(marked(schema, "readOnly")),
            Scope::ResponseProperty => responses(schema),
            Scope::ResponseWriteOnlyProperty => responses(marked(schema, "writeOnly")),
            other => panic!("no property in {other:?}"),
        };
        return (place(old), place(new), Some("p"));
    }
    let (old, new) = schemas(rule.kind).unwrap_or_else(|| panic!("no case for {rule:?}"));
    let (old, path) = placed(old, rule.scope).unwrap_or_else(|| panic!("no case for {rule:?}"));
    let (new, _) = placed(new, rule.scope).unwrap_or_else(|| panic!("no case for {rule:?}"));
    (old, new, path)
}

fn path_in_api(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::VersionChanged => Some("version"),
        Kind::InfoChanged => Some("title"),
        Kind::SecuritySchemeAdded
        | Kind::SecuritySchemeRemoved
        | Kind::SecuritySchemeTypeChanged
        | Kind::SecuritySchemeChanged
        | Kind::SecuritySchemeDescriptionChanged
        | Kind::OauthUrlChanged
        | Kind::OauthTokenUrlChanged
        | Kind::OauthScopeAdded
        | Kind::OauthScopeRemoved
        | Kind::OauthScopeChanged => Some("s"),
        Kind::ModelAdded | Kind::ModelRemoved => Some("m"),
        _ => None,
    }
}

/// A number and a text where both are text on the wire.
fn written_alike(scope: Scope) -> (Value, Value) {
    let [number, text] = ["number", "string"].map(|it| json!({"type": it}));
    let of = |schema: Value| match scope {
        Scope::RequestBody => {
            document(json!({"requestBody": {"content": {"text/plain": {"schema": schema}}}}))
        }
        Scope::ResponseBody => {
            document(json!({"responses": {"200": {"content": {"text/plain": {"schema": schema}}}}}))
        }
        _ => {
            let form = "application/x-www-form-urlencoded";
            let object = json!({"type": "object", "properties": {"p": schema}});
            let content = json!({form: {"schema": object}});
            match scope {
                Scope::RequestProperty => document(json!({"requestBody": {"content": content}})),
                _ => document(json!({"responses": {"200": {"content": content}}})),
            }
        }
    };
    match scope {
        Scope::RequestBody | Scope::RequestProperty => (of(number), of(text)),
        _ => (of(text), of(number)),
    }
}

/// Changes outside of schemas.
fn special(rule: &Rule) -> Option<(Value, Value)> {
    if rule.kind == Kind::TypeCompatible {
        return Some(written_alike(rule.scope));
    }
    match rule.scope {
        Scope::Api => of_api(rule.kind),
        Scope::Operation => of_operation(rule.kind),
        Scope::RequestBody => of_request_body(rule.kind),
        Scope::RequestParameter => of_parameter(rule.kind),
        Scope::Response => of_response(rule.kind),
        Scope::ResponseBody => {
            let (old, new) = media_type(rule.kind)?;
            Some((
                response(json!({"content": old})),
                response(json!({"content": new})),
            ))
        }
        Scope::ResponseHeader => of_header(rule.kind),
        Scope::RequestProperty => {
            let (old, new) = form(rule.kind)?;
            let body = |content: Value| document(json!({"requestBody": {"content": content}}));
            Some((body(old), body(new)))
        }
        Scope::ResponseProperty => {
            let (old, new) = form(rule.kind)?;
            Some((
                response(json!({"content": old})),
                response(json!({"content": new})),
            ))
        }
        _ => None,
    }
}

/// A form in which a property is written in another way.
fn form(kind: Kind) -> Option<(Value, Value)> {
    let of =
        |types: &str| json!({"multipart/form-data": {"encoding": {"p": {"contentType": types}}}});
    let (few, many) = (of("image/png"), of("image/jpeg, image/png"));
    match kind {
        Kind::Encoding(Shift::Narrowed) => Some((many, few)),
        Kind::Encoding(Shift::Widened) => Some((few, many)),
        Kind::Encoding(Shift::Changed) => Some((few, of("image/jpeg"))),
        _ => None,
    }
}

fn around(kind: Kind, key: &str, wrap: impl Fn(Value) -> Value) -> Option<(Value, Value)> {
    let server = |url: &str| json!([{"url": url}]);
    let (a, b) = (server("a"), server("b"));
    let both = json!([{"url": "a"}, {"url": "b"}]);
    let variable = |rest: Value| json!([{"url": "{v}", "variables": {"v": rest}}]);
    let (before, after) = match (key, kind) {
        ("servers", Kind::ServerSet) => (json!([{"url": null}]), a),
        ("servers", Kind::ServerUnset) => (a, json!([])),
        ("servers", Kind::ServerAdded) => (a, both),
        ("servers", Kind::ServerRemoved) => (both, b),
        ("servers", Kind::ServerChanged) => (a, b),
        ("servers", Kind::ServerDescriptionChanged) => {
            (a, json!([{"url": "a", "description": "d"}]))
        }
        ("servers", Kind::ServerVariableDefaultChanged) => (
            variable(json!({"default": "a"})),
            variable(json!({"default": "b"})),
        ),
        ("servers", Kind::ServerVariable(Shift::Narrowed)) => (
            variable(json!({"default": "a", "enum": ["a", "b"]})),
            variable(json!({"default": "a", "enum": ["a"]})),
        ),
        ("servers", Kind::ServerVariable(Shift::Widened)) => (
            variable(json!({"default": "a", "enum": ["a"]})),
            variable(json!({"default": "a"})),
        ),
        ("security", Kind::SecurityAdded) => (json!([{"k": []}]), json!([{"l": []}, {"k": []}])),
        ("security", Kind::SecurityRemoved) => (json!([{"l": []}, {"k": []}]), json!([{"k": []}])),
        ("security", Kind::SecurityScopeAdded) => (json!([{"k": []}]), json!([{"k": ["x"]}])),
        ("security", Kind::SecurityScopeRemoved) => (json!([{"k": ["x"]}]), json!([{"k": []}])),
        ("security", Kind::SecurityBecameRequired) => (json!([]), json!([{"k": []}])),
        ("security", Kind::SecurityBecameOptional) => (json!([{"k": []}]), json!([{"k": []}, {}])),
        _ => return None,
    };
    Some((wrap(json!({key: before})), wrap(json!({key: after}))))
}

fn of_api(kind: Kind) -> Option<(Value, Value)> {
    let api = |rest: Value| merged(json!({"openapi": "3.0.3", "paths": {}}), rest);
    for key in ["servers", "security"] {
        if let Some(found) = around(kind, key, api) {
            return Some(found);
        }
    }
    let scheme = |scheme: Value| api(json!({"components": {"securitySchemes": {"s": scheme}}}));
    let flow = |flow: Value| scheme(json!({"type": "oauth2", "flows": {"password": flow}}));
    let no_scheme = api(json!({"components": {"securitySchemes": {}}}));
    let key = |rest: Value| scheme(merged(json!({"type": "apiKey"}), rest));
    let model = api(json!({"components": {"schemas": {"m": {"type": "string"}}}}));
    Some(match kind {
        Kind::VersionChanged => (
            api(json!({"info": {"version": "1"}})),
            api(json!({"info": {"version": "2"}})),
        ),
        Kind::InfoChanged => (
            api(json!({"info": {"title": "a"}})),
            api(json!({"info": {"title": "b"}})),
        ),
        Kind::TagListChanged => (
            api(json!({"tags": []})),
            api(json!({"tags": [{"name": "t"}]})),
        ),
        Kind::ExternalDocsChanged => (
            api(json!({"externalDocs": {"url": "a"}})),
            api(json!({"externalDocs": {"url": "b"}})),
        ),
        Kind::SecuritySchemeAdded => (no_scheme, key(json!({}))),
        Kind::SecuritySchemeRemoved => (key(json!({})), no_scheme),
        Kind::SecuritySchemeTypeChanged => (key(json!({})), scheme(json!({"type": "http"}))),
        Kind::SecuritySchemeChanged => (key(json!({"name": "a"})), key(json!({"name": "b"}))),
        Kind::SecuritySchemeDescriptionChanged => {
            (key(json!({})), key(json!({"description": "d"})))
        }
        Kind::OauthUrlChanged => (
            flow(json!({"authorizationUrl": "a"})),
            flow(json!({"authorizationUrl": "b"})),
        ),
        Kind::OauthTokenUrlChanged => (
            flow(json!({"tokenUrl": "a"})),
            flow(json!({"tokenUrl": "b"})),
        ),
        Kind::OauthScopeAdded => (
            flow(json!({"scopes": {}})),
            flow(json!({"scopes": {"x": "d"}})),
        ),
        Kind::OauthScopeRemoved => (
            flow(json!({"scopes": {"x": "d"}})),
            flow(json!({"scopes": {}})),
        ),
        Kind::OauthScopeChanged => (
            flow(json!({"scopes": {"x": "d"}})),
            flow(json!({"scopes": {"x": "e"}})),
        ),
        Kind::ModelAdded => (api(json!({})), model),
        Kind::ModelRemoved => (model, api(json!({}))),
        Kind::Unhandled => (api(json!({"x-anything": 1})), api(json!({"x-anything": 2}))),
        _ => return None,
    })
}

fn of_operation(kind: Kind) -> Option<(Value, Value)> {
    for key in ["servers", "security"] {
        if let Some(found) = around(kind, key, document) {
            return Some(found);
        }
    }
    let paths = |paths: Value| json!({"openapi": "3.1.0", "paths": paths});
    let hooks = |hooks: Value| json!({"openapi": "3.1.0", "webhooks": hooks});
    let key = |key: &str, before: Value, after: Value| {
        let of = |value: Value| {
            let mut operation = Map::new();
            if !value.is_null() {
                operation.insert(key.to_owned(), value);
            }
            document(Value::Object(operation))
        };
        (of(before), of(after))
    };
    let old = json!({"deprecated": true});
    Some(match kind {
        Kind::EndpointAdded => (paths(json!({})), document(json!({}))),
        Kind::EndpointRemoved => (document(json!({})), paths(json!({"/pay": {"get": {}}}))),
        Kind::EndpointRemovedAfterDeprecation => (document(old), paths(json!({"/pay": {}}))),
        Kind::PathRemoved => (document(json!({})), paths(json!({}))),
        Kind::PathRemovedAfterDeprecation => (document(old), paths(json!({}))),
        Kind::EndpointRemovedBeforeSunset => (
            document(json!({"deprecated": true, "x-sunset": "2026-01-02"})),
            paths(json!({"/pay": {}})),
        ),
        Kind::PathRemovedBeforeSunset => (
            document(json!({"deprecated": true, "x-sunset": "2026-01-02"})),
            paths(json!({})),
        ),
        Kind::RemovedWithInvalidSunset => (
            document(json!({"deprecated": true, "x-sunset": "some day"})),
            paths(json!({})),
        ),
        Kind::WebhookAdded => (hooks(json!({})), hooks(json!({"paid": {"post": {}}}))),
        Kind::WebhookRemoved => (hooks(json!({"paid": {"post": {}}})), hooks(json!({}))),
        Kind::CallbackAdded => key(
            "callbacks",
            json!({}),
            json!({"c": {"{$url}": {"post": {}}}}),
        ),
        Kind::CallbackRemoved => key(
            "callbacks",
            json!({"c": {"{$url}": {"post": {}}}}),
            json!({}),
        ),
        Kind::CallbackAddressChanged => key(
            "callbacks",
            json!({"c": {"{$url}": {"post": {}}}}),
            json!({"c": {"{$request.body#/to}": {"post": {}}}}),
        ),
        Kind::PathParametersSwapped => (
            paths(json!({"/{a}/{b}": {"get": {}}})),
            paths(json!({"/{b}/{a}": {"get": {}}})),
        ),
        Kind::OperationIdAdded => key("operationId", Value::Null, json!("a")),
        Kind::OperationIdRemoved => key("operationId", json!("a"), Value::Null),
        Kind::TagAdded => key("tags", json!(["a"]), json!(["b", "a"])),
        Kind::TagRemoved => key("tags", json!(["b", "a"]), json!(["a"])),
        Kind::SummaryChanged => key("summary", json!("a"), json!("b")),
        Kind::DescriptionChanged => key("description", json!("a"), Value::Null),
        Kind::ExternalDocsChanged => key("externalDocs", json!({"url": "a"}), json!({"url": "b"})),
        _ => {
            let (old, new) = schemas(kind)?;
            let bare = |mut schema: Value| {
                schema.as_object_mut().map(|schema| schema.remove("type"));
                document(schema)
            };
            (bare(old), bare(new))
        }
    })
}

fn media_type(kind: Kind) -> Option<(Value, Value)> {
    let (json, xml) = ("application/json", "application/xml");
    Some(match kind {
        Kind::MediaTypeAdded => (json!({json: {}}), json!({json: {}, xml: {}})),
        Kind::MediaTypeRemoved => (json!({json: {}, xml: {}}), json!({json: {}})),
        Kind::MediaTypeGeneralized => (json!({json: {}}), json!({"application/*": {}})),
        Kind::MediaTypeSpecialized => (json!({"application/*": {}}), json!({json: {}})),
        Kind::MediaTypeParametersChanged => (
            json!({"text/csv": {}}),
            json!({"text/csv; header=present": {}}),
        ),
        Kind::MediaTypeSchemaAdded => (json!({json: {}}), json!({json: {"schema": {}}})),
        Kind::MediaTypeSchemaRemoved => (json!({json: {"schema": {}}}), json!({json: {}})),
        _ => return None,
    })
}

fn required(kind: Kind) -> Option<(Value, Value)> {
    let is = |required: bool| json!({"required": required});
    match kind {
        Kind::BodyBecameRequired | Kind::ParameterBecameRequired | Kind::HeaderBecameRequired => {
            Some((json!({}), is(true)))
        }
        Kind::BodyBecameOptional | Kind::ParameterBecameOptional | Kind::HeaderBecameOptional => {
            Some((is(true), is(false)))
        }
        _ => None,
    }
}

fn of_request_body(kind: Kind) -> Option<(Value, Value)> {
    let body = |body: Value| document(json!({"requestBody": body}));
    let none = || document(json!({}));
    if let Some((old, new)) = media_type(kind) {
        return Some((body(json!({"content": old})), body(json!({"content": new}))));
    }
    if let Some((old, new)) = required(kind) {
        return Some((body(old), body(new)));
    }
    Some(match kind {
        Kind::BodyAddedRequired => (none(), body(json!({"required": true}))),
        Kind::BodyAddedOptional => (none(), body(json!({}))),
        Kind::BodyRemoved => (body(json!({})), none()),
        _ => return answer(kind),
    })
}

fn hook(operation: Value) -> Value {
    json!({"openapi": "3.1.0", "webhooks": {"paid": {"post": operation}}})
}

/// Where the API calls, its request is what comes, and the responses are what is sent.
fn of_webhook(kind: Kind) -> Option<(Value, Value)> {
    let body = |body: Value| hook(json!({"requestBody": body}));
    let none = || hook(json!({}));
    if let Some((old, new)) = required(kind) {
        return Some((body(old), body(new)));
    }
    Some(match kind {
        Kind::BodyAddedRequired => (none(), body(json!({"required": true}))),
        Kind::BodyAddedOptional => (none(), body(json!({}))),
        Kind::BodyRemoved => (body(json!({})), none()),
        _ => return None,
    })
}

fn answer(kind: Kind) -> Option<(Value, Value)> {
    let statuses = |statuses: Value| hook(json!({"responses": statuses}));
    Some(match kind {
        Kind::SuccessStatusAdded => (statuses(json!({})), statuses(json!({"200": {}}))),
        Kind::SuccessStatusRemoved => (statuses(json!({"2XX": {}})), statuses(json!({}))),
        Kind::OtherStatusAdded => (statuses(json!({})), statuses(json!({"400": {}}))),
        Kind::OtherStatusRemoved => (statuses(json!({"400": {}})), statuses(json!({}))),
        _ => return None,
    })
}

fn of_parameter(kind: Kind) -> Option<(Value, Value)> {
    if let Some((old, new)) = media_type(kind) {
        return Some((
            parameter(json!({"content": old})),
            parameter(json!({"content": new})),
        ));
    }
    if let Some((old, new)) = required(kind) {
        return Some((parameter(old), parameter(new)));
    }
    let none = document(json!({}));
    let old = || parameter(json!({"deprecated": true}));
    let in_path = json!([{"name": "p", "in": "path", "required": true}]);
    Some(match kind {
        Kind::ParameterAddedRequired => (none, parameter(json!({"required": true}))),
        Kind::ParameterAddedOptional => (none, parameter(json!({}))),
        Kind::PathParameterAdded => (none, document(json!({"parameters": in_path}))),
        Kind::ParameterRemoved => (parameter(json!({})), none),
        Kind::ParameterRemovedAfterDeprecation => (old(), none),
        Kind::ParameterRemovedBeforeSunset => (
            parameter(json!({"deprecated": true, "x-sunset": "2026-01-02"})),
            none,
        ),
        Kind::RemovedWithInvalidSunset => (
            parameter(json!({"deprecated": true, "x-sunset": "some day"})),
            none,
        ),
        Kind::SharedParameterAddedRequired => (none, shared(json!({"required": true}))),
        Kind::SharedParameterAddedOptional => (none, shared(json!({}))),
        Kind::Serialization(shift) => {
            let (old, new) = written(shift);
            (parameter(old), parameter(new))
        }
        _ => return None,
    })
}

fn shared(rest: Value) -> Value {
    let parameter = merged(json!({"name": "p", "in": "query"}), rest);
    let item = json!({"post": {}, "parameters": [parameter]});
    json!({"openapi": "3.1.0", "paths": {"/pay": item}})
}

/// A parameter or a header that is written in another way.
fn written(shift: Shift) -> (Value, Value) {
    let of = |rest: Value| merged(json!({"schema": {"type": "array"}}), rest);
    match shift {
        Shift::Narrowed => (of(json!({"allowReserved": true})), of(json!({}))),
        Shift::Widened => (of(json!({})), of(json!({"allowReserved": true}))),
        Shift::Changed => (of(json!({"explode": true})), of(json!({"explode": false}))),
    }
}

fn of_response(kind: Kind) -> Option<(Value, Value)> {
    if let Some((old, new)) = media_type(kind) {
        return Some((
            response(json!({"content": old})),
            response(json!({"content": new})),
        ));
    }
    let statuses = |statuses: Value| document(json!({"responses": statuses}));
    Some(match kind {
        Kind::SuccessStatusAdded => (statuses(json!({})), statuses(json!({"200": {}}))),
        Kind::SuccessStatusRemoved => (statuses(json!({"2XX": {}})), statuses(json!({}))),
        Kind::OtherStatusAdded => (statuses(json!({})), statuses(json!({"default": {}}))),
        Kind::OtherStatusRemoved => (statuses(json!({"400": {}})), statuses(json!({}))),
        Kind::DescriptionChanged => (
            response(json!({"description": "a"})),
            response(json!({"description": "b"})),
        ),
        Kind::Unhandled => (
            response(json!({"x-anything": 1})),
            response(json!({"x-anything": 2})),
        ),
        Kind::LinkAdded => (
            response(json!({"links": {}})),
            response(json!({"links": {"a": {}}})),
        ),
        Kind::LinkRemoved => (
            response(json!({"links": {"a": {}}})),
            response(json!({"links": {}})),
        ),
        Kind::LinkChanged => (
            response(json!({"links": {"a": {"operationId": "b"}}})),
            response(json!({"links": {"a": {"operationId": "c"}}})),
        ),
        _ => return of_webhook(kind),
    })
}

fn of_header(kind: Kind) -> Option<(Value, Value)> {
    if let Some((old, new)) = media_type(kind) {
        return Some((
            header(json!({"content": old})),
            header(json!({"content": new})),
        ));
    }
    if let Some((old, new)) = required(kind) {
        return Some((header(old), header(new)));
    }
    let none = response(json!({}));
    Some(match kind {
        Kind::HeaderAdded => (none, header(json!({}))),
        Kind::RequiredHeaderRemoved => (header(json!({"required": true})), none),
        Kind::OptionalHeaderRemoved => (header(json!({})), none),
        Kind::Serialization(shift) => {
            let (old, new) = written(shift);
            (header(old), header(new))
        }
        _ => return None,
    })
}

fn found(old: &Value, new: &Value) -> Vec<Finding> {
    let options = Options {
        today: Some("2026-01-01".parse().unwrap()),
        ..Options::default()
    };
    compare_with(old, new, &options)
        .unwrap_or_else(|error| panic!("{error}\n{old:#}\n{new:#}"))
        .findings
}

/// What a member of `allOf` says is told too.
fn is_detail(kind: Kind, finding: &Finding) -> bool {
    let is_of_all = matches!(
        kind,
        Kind::MemberAdded(Composition::AllOf) | Kind::MemberRemoved(Composition::AllOf)
    );
    let is_words = matches!(
        kind,
        Kind::AnnotationMemberAdded | Kind::AnnotationMemberRemoved
    );
    let comes_along = matches!(
        (kind, finding.kind),
        (Kind::HarmlessMemberAdded(_), Kind::OptionalPropertyAdded)
            | (
                Kind::HarmlessMemberRemoved(_),
                Kind::OptionalPropertyRemoved
            )
    );
    let is_needed = finding.kind.is_now_required() || finding.kind.is_now_optional();
    comes_along || is_of_all && is_needed || is_words && finding.kind == Kind::TitleChanged
}

#[test]
fn every_rule_is_reached_by_the_change_that_it_names() {
    let mut failures = Vec::new();
    for rule in RULES.iter() {
        let (old, new, path) = documents(rule);
        let findings = match rule.kind {
            Kind::ModelAdded | Kind::ModelRemoved => {
                let found = models::compare(&old, &new, &Options::default());
                found.unwrap().findings
            }
            _ => found(&old, &new),
        };
        let fits = |it: &&Finding| {
            it.id == rule.id
                && it.level == rule.level
                && it.direction == rule.scope.direction()
                && it.path.as_deref() == path
                && it.operation.is_none() == (rule.scope == Scope::Api)
        };
        let fitting = findings.iter().filter(fits).count();
        let may_come_along = |it: &Finding| {
            matches!(rule.kind, Kind::DeprecatedWithSunset) && it.id.contains("sunset")
                || matches!(rule.kind, Kind::EndpointRemoved) && it.id == "endpoint-added"
                || is_detail(rule.kind, it)
        };
        let others = findings
            .iter()
            .filter(|it| !fits(it) && !may_come_along(it))
            .count();
        if fitting != 1 || others != 0 {
            let ids: Vec<_> = findings
                .iter()
                .map(|it| (&it.id, it.level, &it.path))
                .collect();
            failures.push(format!("{rule:?} gave {ids:?}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} rules:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn no_kind_is_judged_twice_in_one_scope() {
    for (index, one) in RULES.iter().enumerate() {
        let twice = RULES[..index]
            .iter()
            .any(|it| (it.kind, it.scope) == (one.kind, one.scope));
        assert!(!twice, "{one:?}");
    }
}

fn mirror(scope: Scope) -> Option<Scope> {
    Some(match scope {
        Scope::RequestBody => Scope::ResponseBody,
        Scope::RequestProperty => Scope::ResponseProperty,
        Scope::RequestReadOnlyProperty => Scope::ResponseWriteOnlyProperty,
        Scope::RequestParameter => Scope::ResponseHeader,
        Scope::ResponseBody => Scope::RequestBody,
        Scope::ResponseProperty => Scope::RequestProperty,
        Scope::ResponseWriteOnlyProperty => Scope::RequestReadOnlyProperty,
        Scope::ResponseHeader => Scope::RequestParameter,
        Scope::Api | Scope::Operation | Scope::Response => return None,
    })
}

/// Whether the table or a wider scope has a rule, so that the change is not unhandled.
fn is_judged(kind: Kind, scope: Scope) -> bool {
    kind == Kind::Unhandled || rule(kind, scope).kind == kind
}

#[test]
fn every_rule_has_its_mirror_or_a_reason() {
    for row in RULES.iter() {
        if ONE_SIDED
            .iter()
            .any(|(kind, reason)| *kind == row.kind && !reason.is_empty())
        {
            continue;
        }
        let back = opposite(row.kind).unwrap_or_else(|| panic!("{row:?} has no opposite"));
        assert!(is_judged(back, row.scope), "{row:?}: nothing says {back:?}");
        if let Some(other) = mirror(row.scope) {
            // The media types and statuses of a body are reported for the whole response.
            let whole = other == Scope::ResponseBody && is_judged(row.kind, Scope::Response);
            assert!(
                whole || is_judged(row.kind, other),
                "{row:?}: nothing in {other:?}"
            );
        }
    }
}

#[test]
fn opposites_are_opposite() {
    for row in RULES.iter() {
        let Some(back) = opposite(row.kind) else {
            continue;
        };
        let forth = opposite(back);
        assert!(
            forth.is_some(),
            "{row:?} leads to {back:?}, which leads nowhere"
        );
    }
}

#[test]
fn bounds_get_looser_and_stricter_in_opposite_directions() {
    for bound in Bound::ALL {
        for scope in [
            Scope::RequestBody,
            Scope::RequestProperty,
            Scope::RequestParameter,
        ] {
            let level = |step, scope| rule(Kind::Bound(bound, step), scope).level;
            let other = mirror(scope).unwrap();
            assert_eq!(level(Step::Set, scope), Level::Breaking);
            assert_eq!(level(Step::Unset, scope), Level::Info);
            assert_eq!(level(Step::Set, other), Level::Info);
            assert_eq!(level(Step::Unset, other), Level::Breaking);
            assert_ne!(level(Step::Increased, scope), level(Step::Decreased, scope));
            assert_ne!(level(Step::Increased, scope), level(Step::Increased, other));
        }
    }
}

/// Levels that people and other programs rely on.
#[test]
fn levels_are_those_of_the_caller() {
    use Level::{Breaking, Doc, Info, Warn};
    for (id, level, direction) in [
        (
            "request-property-removed",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "request-property-became-required",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "new-required-request-property",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "new-optional-request-property",
            Info,
            Some(Direction::Request),
        ),
        (
            "request-property-max-length-decreased",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "request-property-min-length-increased",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "request-property-pattern-changed",
            Warn,
            Some(Direction::Request),
        ),
        (
            "request-property-enum-value-removed",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "request-property-type-changed",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "request-body-became-required",
            Breaking,
            Some(Direction::Request),
        ),
        (
            "new-required-request-parameter",
            Breaking,
            Some(Direction::Request),
        ),
        ("request-parameter-removed", Warn, Some(Direction::Request)),
        (
            "response-property-enum-value-added",
            Warn,
            Some(Direction::Response),
        ),
        (
            "response-property-became-enum",
            Warn,
            Some(Direction::Response),
        ),
        (
            "response-required-property-removed",
            Breaking,
            Some(Direction::Response),
        ),
        (
            "response-optional-property-removed",
            Info,
            Some(Direction::Response),
        ),
        (
            "response-property-became-optional",
            Breaking,
            Some(Direction::Response),
        ),
        (
            "response-property-became-nullable",
            Breaking,
            Some(Direction::Response),
        ),
        (
            "response-success-status-removed",
            Breaking,
            Some(Direction::Response),
        ),
        (
            "response-media-type-removed",
            Breaking,
            Some(Direction::Response),
        ),
        (
            "response-property-description-changed",
            Doc,
            Some(Direction::Response),
        ),
        (
            "request-property-example-changed",
            Doc,
            Some(Direction::Request),
        ),
        ("api-path-removed-without-deprecation", Breaking, None),
        ("api-path-removed-with-deprecation", Breaking, None),
        ("api-removed-without-deprecation", Breaking, None),
        ("endpoint-added", Info, None),
        ("endpoint-deprecated", Info, None),
        ("endpoint-summary-changed", Doc, None),
        ("api-operation-id-removed", Info, None),
        ("sunset-deleted", Breaking, None),
        ("api-security-removed", Breaking, None),
        ("api-global-security-added", Info, None),
        ("api-server-changed", Breaking, None),
        ("api-server-set", Warn, None),
        ("unhandled", Warn, None),
    ] {
        let rule = RULES
            .iter()
            .find(|rule| rule.id == id)
            .unwrap_or_else(|| panic!("no {id}"));
        assert_eq!(
            (rule.level, rule.scope.direction()),
            (level, direction),
            "{id}"
        );
    }
    let format = rule(Kind::FormatAdded, Scope::ResponseProperty);
    assert_eq!(
        (&*format.id, format.level),
        ("response-property-type-specialized", Warn)
    );
}

/// One line per rule: its id, level, kind, scope and origin.
fn listed() -> String {
    let mut lines: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let origin = if rule.is_ours { "ours" } else { "oasdiff" };
            format!(
                "{} {} {:?} {:?} {origin}\n",
                rule.id, rule.level, rule.kind, rule.scope
            )
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}

/// Ids and levels are a contract, because reports, fingerprints and scripts use them.
/// `UPDATE_GOLDEN=1` updates the list.
#[test]
fn ids_and_levels_of_all_rules_stay() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/rules.txt");
    let found = listed();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    let (golden, found): (Vec<&str>, Vec<&str>) =
        (golden.lines().collect(), found.lines().collect());
    let gone: Vec<_> = golden.iter().filter(|it| !found.contains(it)).collect();
    let new: Vec<_> = found.iter().filter(|it| !golden.contains(it)).collect();
    assert!(golden == found, "gone: {gone:#?}\nnew: {new:#?}");
}

#[test]
fn a_rule_that_stands_for_several_is_as_bad_as_the_worst_of_them() {
    for level in Level::WORST_FIRST {
        let rule = rule(Kind::FurtherPlaces(level, 7), Scope::ResponseBody);
        assert_eq!((&*rule.id, rule.level), ("further-places", level));
    }
}
