//! Schemas: the keywords that 3.0 spells differently, or does not have.

use serde_json::{Map, Number, Value, json};

use super::walk::{items, members, object, operations};
use super::{Error, shape};
use crate::pointer::Pointer;

type Schema = Map<String, Value>;
type Step = fn(Schema, &Pointer) -> Result<Schema, Error>;

/// Keywords that mean the same in both versions, or that a step lowers.
///
/// `nullable` is not among them: it is no keyword of 3.1, so a document that
/// has it is of two minds about its version.
const KNOWN: &[&str] = &[
    "$ref",
    "title",
    "description",
    "type",
    "format",
    "enum",
    "const",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "discriminator",
];

/// Keywords that describe and do not constrain.
const ANNOTATIONS: &[&str] = &[
    "title",
    "summary",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// The steps, in the order in which they build on each other: a member that
/// only says "null" must be gone before types are looked at.
const STEPS: [Step; 7] = [
    strip_siblings_of_reference,
    refuse_unknown_keywords,
    lower_null_alternative,
    lower_type_list,
    lower_exclusive_bounds,
    lower_const,
    lower_examples,
];

/// Lowers every schema of the document.
pub(super) fn lower_schemas(mut document: Value) -> Result<Value, Error> {
    for_each(&mut document, &lower_boolean)?;
    for step in STEPS {
        for_each(&mut document, &|schema, at| {
            let taken = std::mem::take(object(schema, at)?);
            *schema = Value::Object(step(taken, at)?);
            Ok(())
        })?;
    }
    Ok(document)
}

/// Visits every schema, a schema before those inside it. `additionalProperties`
/// is passed over where it is a boolean: both versions have that.
pub(super) fn for_each(
    document: &mut Value,
    visit: &dyn Fn(&mut Value, &Pointer) -> Result<(), Error>,
) -> Result<(), Error> {
    for (at, operation) in operations(document)? {
        if let Some(body) = operation.get_mut("requestBody") {
            let at = at.child("requestBody");
            descend_content(object(body, &at)?, &at, visit)?;
        }
        for (at, response) in members(operation, "responses", &at)? {
            descend_content(object(response, &at)?, &at, visit)?;
        }
    }
    let root = Pointer::root();
    if let Some(components) = object(document, &root)?.get_mut("components") {
        let at = root.child("components");
        for (at, schema) in members(object(components, &at)?, "schemas", &at)? {
            descend(schema, &at, visit)?;
        }
    }
    Ok(())
}

fn descend_content(
    parent: &mut Map<String, Value>,
    at: &Pointer,
    visit: &dyn Fn(&mut Value, &Pointer) -> Result<(), Error>,
) -> Result<(), Error> {
    for (at, media_type) in members(parent, "content", at)? {
        if let Some(schema) = object(media_type, &at)?.get_mut("schema") {
            descend(schema, &at.child("schema"), visit)?;
        }
    }
    Ok(())
}

fn descend(
    schema: &mut Value,
    at: &Pointer,
    visit: &dyn Fn(&mut Value, &Pointer) -> Result<(), Error>,
) -> Result<(), Error> {
    visit(schema, at)?;
    let Value::Object(schema) = schema else {
        return Ok(());
    };
    for (at, property) in members(schema, "properties", at)? {
        descend(property, &at, visit)?;
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for (at, member) in items(schema, keyword, at)? {
            descend(member, &at, visit)?;
        }
    }
    for keyword in ["items", "not", "additionalProperties"] {
        match schema.get_mut(keyword) {
            None => {}
            Some(Value::Bool(_)) if keyword == "additionalProperties" => {}
            Some(inner) => descend(inner, &at.child(keyword), visit)?,
        }
    }
    Ok(())
}

/// `true` allows everything, as `{}` does. `false` allows nothing, for which
/// 3.0 has no schema.
fn lower_boolean(schema: &mut Value, at: &Pointer) -> Result<(), Error> {
    match schema {
        Value::Bool(true) => {
            *schema = json!({});
            Ok(())
        }
        Value::Bool(false) => Err(inexpressible(at, "a schema that nothing satisfies")),
        Value::Object(_) => Ok(()),
        other => Err(shape(at, "a schema", other)),
    }
}

fn refuse_unknown_keywords(schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    match schema.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        Some(keyword) => Err(Error::Unknown {
            pointer: at.child(keyword),
        }),
        None => Ok(schema),
    }
}

/// 3.0 ignores whatever stands beside `$ref`. Descriptions may go, and are lost
/// to the generated documentation; a constraint may not.
fn strip_siblings_of_reference(schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    let Some(reference) = schema.get("$ref") else {
        return Ok(schema);
    };
    let stripped = Schema::from_iter([("$ref".to_owned(), reference.clone())]);
    let mut siblings = schema.keys().filter(|key| *key != "$ref");
    match siblings.find(|key| !ANNOTATIONS.contains(&key.as_str())) {
        Some(keyword) => Err(inexpressible(
            &at.child(keyword),
            "a constraint beside $ref",
        )),
        None => Ok(stripped),
    }
}

/// The generator follows only references to component schemas, and only those
/// that lead somewhere.
pub(super) fn refuse_dangling_references(mut document: Value) -> Result<Value, Error> {
    let target = document.clone();
    for_each(&mut document, &|schema, at| match schema.get("$ref") {
        Some(reference) if !leads_to_component(reference, &target) => {
            let expected = "a reference to a schema of this document's components";
            Err(shape(&at.child("$ref"), expected, reference))
        }
        _ => Ok(()),
    })?;
    Ok(document)
}

fn leads_to_component(reference: &Value, document: &Value) -> bool {
    reference
        .as_str()
        .filter(|reference| reference.starts_with("#/components/schemas/"))
        .is_some_and(|reference| document.pointer(&reference[1..]).is_some())
}

/// "One of these, or null" becomes `nullable`. A member that is left alone
/// stays in an `allOf`, because `nullable` beside `$ref` would be ignored.
fn lower_null_alternative(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(members)) = schema.get(keyword) else {
            continue;
        };
        let others: Vec<Value> = members.iter().filter(|it| !is_null(it)).cloned().collect();
        if others.len() == members.len() {
            continue;
        }
        if others.is_empty() {
            return Err(inexpressible(
                &at.child(keyword),
                "a value that is always null",
            ));
        }
        let beside = |key: &&String| *key != keyword && !ANNOTATIONS.contains(&key.as_str());
        if let Some(constraint) = schema.keys().find(beside) {
            let what = "a constraint beside a choice that includes null";
            return Err(inexpressible(&at.child(constraint), what));
        }
        schema.shift_remove(keyword);
        let kept = if others.len() == 1 { "allOf" } else { keyword };
        schema.insert(kept.to_owned(), Value::Array(others));
        schema.insert("nullable".to_owned(), true.into());
    }
    Ok(schema)
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
        && schema.as_object().is_some_and(|schema| {
            schema
                .keys()
                .all(|key| key == "type" || ANNOTATIONS.contains(&key.as_str()))
        })
}

/// `[T, "null"]` becomes `T` and `nullable`.
fn lower_type_list(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    let at = at.child("type");
    let Some(value) = schema.get("type") else {
        return Ok(schema);
    };
    let names = match value {
        Value::Array(names) => names.as_slice(),
        name => std::slice::from_ref(name),
    };
    let others: Vec<&Value> = names.iter().filter(|name| *name != "null").collect();
    let only = match others.as_slice() {
        [] => return Err(inexpressible(&at, "a value that is always null")),
        [only] if is_type(only) => (*only).clone(),
        [other] => return Err(shape(&at, "the name of a JSON type", other)),
        _ => return Err(inexpressible(&at, "a choice of types")),
    };
    let nullable = names.len() > 1;
    schema.insert("type".to_owned(), only);
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
    Ok(schema)
}

fn is_type(name: &Value) -> bool {
    let types = ["string", "number", "integer", "boolean", "array", "object"];
    name.as_str().is_some_and(|name| types.contains(&name))
}

/// 3.1 has a bound of its own for "more than", 3.0 a flag beside the bound. Of
/// two bounds on one side the stricter stays.
fn lower_exclusive_bounds(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    for (inclusive, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        let bound = number(&schema, inclusive, at)?;
        let Some(limit) = number(&schema, exclusive, at)? else {
            continue;
        };
        let stricter = match bound {
            None => true,
            Some(bound) if inclusive == "minimum" => !less(&limit, &bound),
            Some(bound) => !less(&bound, &limit),
        };
        if stricter {
            schema.insert(inclusive.to_owned(), limit.into());
            schema.insert(exclusive.to_owned(), true.into());
        } else {
            schema.shift_remove(exclusive);
        }
    }
    Ok(schema)
}

fn number(schema: &Schema, keyword: &str, at: &Pointer) -> Result<Option<Number>, Error> {
    match schema.get(keyword) {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(Some(number.clone())),
        Some(other) => Err(shape(&at.child(keyword), "a number", other)),
    }
}

fn less(left: &Number, right: &Number) -> bool {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left < right,
        _ => left.as_f64() < right.as_f64(),
    }
}

/// `const` becomes an `enum` of one.
fn lower_const(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    let Some(only) = schema.shift_remove("const") else {
        return Ok(schema);
    };
    match schema.get("enum") {
        Some(Value::Array(values)) if !values.contains(&only) => {
            let expected = "one of the values of the enum beside it";
            Err(shape(&at.child("const"), expected, &only))
        }
        _ => {
            schema.insert("enum".to_owned(), json!([only]));
            Ok(schema)
        }
    }
}

/// 3.0 has room for one example; an `example` that is there already wins.
fn lower_examples(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    match schema.shift_remove("examples") {
        None => {}
        Some(Value::Array(examples)) => {
            if let Some(first) = examples.into_iter().next() {
                schema.entry("example").or_insert(first);
            }
        }
        Some(other) => return Err(shape(&at.child("examples"), "an array", &other)),
    }
    Ok(schema)
}

fn inexpressible(at: &Pointer, what: &str) -> Error {
    Error::Inexpressible {
        pointer: at.clone(),
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Pointer {
        Pointer::root().child("S")
    }

    fn lowered(step: Step, schema: Value) -> Value {
        match schema {
            Value::Object(schema) => Value::Object(step(schema, &at()).unwrap()),
            other => other,
        }
    }

    fn refusal(step: Step, schema: Value) -> String {
        let schema = schema.as_object().cloned().unwrap();
        step(schema, &at()).unwrap_err().to_string()
    }

    fn document(schemas: Value) -> Value {
        json!({"paths": {}, "components": {"schemas": schemas}})
    }

    #[test]
    fn every_step_leaves_alone_what_both_versions_have() {
        let plain = json!({
            "type": "object",
            "title": "t",
            "description": "d",
            "required": ["a"],
            "properties": {"a": {"type": "string", "maxLength": 20, "enum": ["x"]}},
            "additionalProperties": false,
            "minimum": 1,
            "oneOf": [{"type": "string"}],
            "example": {},
        });
        for step in STEPS {
            assert_eq!(lowered(step, plain.clone()), plain);
        }
    }

    #[test]
    fn true_becomes_a_schema_that_allows_everything() {
        let spec = document(json!({"A": true, "B": {"properties": {"b": true}}}));
        let expected = document(json!({"A": {}, "B": {"properties": {"b": {}}}}));
        assert_eq!(lower_schemas(spec).unwrap(), expected);
    }

    #[test]
    fn false_is_refused_where_a_schema_stands_but_not_as_additional_properties() {
        let closed = document(json!({"A": {"additionalProperties": false}}));
        assert_eq!(lower_schemas(closed.clone()).unwrap(), closed);
        let nothing = document(json!({"A": {"items": false}}));
        let message = lower_schemas(nothing).unwrap_err().to_string();
        assert!(
            message.contains("/components/schemas/A/items: "),
            "{message}"
        );
    }

    #[test]
    fn what_is_no_schema_is_named() {
        let spec = document(json!({"A": {"properties": {"b": "string"}}}));
        let message = lower_schemas(spec).unwrap_err().to_string();
        assert!(
            message.ends_with(
                "/components/schemas/A/properties/b: expected a schema, found \"string\""
            ),
            "{message}"
        );
    }

    #[test]
    fn schemas_are_lowered_wherever_they_stand() {
        let wide = || json!({"type": ["string", "null"]});
        let narrow = || json!({"type": "string", "nullable": true});
        let spec = |schema: &dyn Fn() -> Value| {
            json!({
                "paths": {"/a": {"post": {
                    "requestBody": {"content": {"application/json": {"schema": schema()}}},
                    "responses": {"200": {"content": {"application/json": {"schema": schema()}}}},
                }}},
                "components": {"schemas": {"A": {
                    "properties": {"p": schema()},
                    "items": schema(),
                    "additionalProperties": schema(),
                    "not": schema(),
                    "allOf": [schema()],
                    "anyOf": [schema()],
                    "oneOf": [{"items": schema()}],
                }}},
            })
        };
        assert_eq!(lower_schemas(spec(&wide)).unwrap(), spec(&narrow));
    }

    #[test]
    fn values_are_not_taken_for_schemas() {
        let spec = document(json!({"A": {
            "default": {"const": 1},
            "example": {"$ref": "elsewhere"},
            "enum": [{"type": ["a", "b"]}],
        }}));
        assert_eq!(lower_schemas(spec.clone()).unwrap(), spec);
    }

    #[test]
    fn an_unknown_keyword_is_refused_by_its_pointer() {
        for keyword in ["patternProperties", "$defs", "if", "nullable", "x-anything"] {
            let message = refusal(
                refuse_unknown_keywords,
                json!({"type": "string", keyword: 1}),
            );
            assert!(
                message.contains(&format!(", /S/{keyword}: no lowering step knows")),
                "{message}"
            );
        }
    }

    #[test]
    fn descriptions_beside_a_reference_are_dropped() {
        let schema = json!({
            "description": "응답 데이터",
            "$ref": "#/components/schemas/A",
            "summary": "s",
            "default": 1,
        });
        let expected = json!({"$ref": "#/components/schemas/A"});
        assert_eq!(lowered(strip_siblings_of_reference, schema), expected);
    }

    #[test]
    fn a_constraint_beside_a_reference_is_refused() {
        let schema = json!({"$ref": "#/components/schemas/A", "maxLength": 20});
        let message = refusal(strip_siblings_of_reference, schema);
        assert!(message.contains(", /S/maxLength: "), "{message}");
    }

    #[test]
    fn a_reference_must_lead_to_a_schema_of_this_document() {
        let spec =
            |reference: &str| document(json!({"A": {"items": {"$ref": reference}}, "B~/": {}}));
        for good in ["#/components/schemas/A", "#/components/schemas/B~0~1"] {
            assert_eq!(refuse_dangling_references(spec(good)).unwrap(), spec(good));
        }
        for bad in [
            "other.json#/components/schemas/A",
            "https://example.com/a.json",
            "#/components/schemas/Missing",
            "#/paths",
        ] {
            let message = refuse_dangling_references(spec(bad))
                .unwrap_err()
                .to_string();
            assert!(
                message.contains("/components/schemas/A/items/$ref: ") && message.contains(bad),
                "{message}"
            );
        }
    }

    #[test]
    fn a_choice_that_includes_null_becomes_nullable() {
        for keyword in ["oneOf", "anyOf"] {
            let schema = json!({
                "description": "d",
                keyword: [{"type": "string"}, {"type": "null", "description": "none"}, {"type": "integer"}],
            });
            let expected = json!({
                "description": "d",
                keyword: [{"type": "string"}, {"type": "integer"}],
                "nullable": true,
            });
            assert_eq!(lowered(lower_null_alternative, schema), expected);
        }
    }

    #[test]
    fn the_only_choice_beside_null_stays_in_an_all_of() {
        let schema = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/A"}]});
        let expected = json!({"allOf": [{"$ref": "#/components/schemas/A"}], "nullable": true});
        assert_eq!(lowered(lower_null_alternative, schema), expected);
    }

    #[test]
    fn a_choice_that_includes_null_is_refused_where_null_would_change_its_meaning() {
        let narrowed = json!({"oneOf": [{"type": "null"}, {"type": "string"}], "maxLength": 1});
        let message = refusal(lower_null_alternative, narrowed);
        assert!(message.contains(", /S/maxLength: "), "{message}");
        let only_null = json!({"anyOf": [{"type": "null"}]});
        let message = refusal(lower_null_alternative, only_null);
        assert!(message.contains(", /S/anyOf: "), "{message}");
    }

    #[test]
    fn a_type_or_null_becomes_nullable() {
        for list in [json!(["string", "null"]), json!(["null", "string"])] {
            let expected = json!({"type": "string", "nullable": true});
            assert_eq!(lowered(lower_type_list, json!({"type": list})), expected);
        }
    }

    #[test]
    fn a_list_of_one_type_becomes_that_type() {
        let schema = json!({"type": ["integer"]});
        assert_eq!(lowered(lower_type_list, schema), json!({"type": "integer"}));
    }

    #[test]
    fn other_types_are_refused() {
        for (list, why) in [
            (json!(["string", "integer"]), "a choice of types"),
            (json!(["string", "integer", "null"]), "a choice of types"),
            (json!(["null"]), "always null"),
            (json!("null"), "always null"),
            (json!([]), "always null"),
            (json!("text"), "the name of a JSON type"),
            (json!(1), "the name of a JSON type"),
        ] {
            let message = refusal(lower_type_list, json!({"type": list}));
            assert!(
                message.contains(", /S/type: ") && message.contains(why),
                "{message}"
            );
        }
    }

    #[test]
    fn an_exclusive_bound_becomes_a_bound_and_a_flag() {
        let schema = json!({"exclusiveMinimum": 0, "exclusiveMaximum": 9.5});
        let expected = json!({
            "exclusiveMinimum": true, "exclusiveMaximum": true, "minimum": 0, "maximum": 9.5,
        });
        assert_eq!(lowered(lower_exclusive_bounds, schema), expected);
    }

    #[test]
    fn of_two_bounds_on_one_side_the_stricter_stays() {
        for (schema, expected) in [
            (
                json!({"minimum": 1, "exclusiveMinimum": 0}),
                json!({"minimum": 1}),
            ),
            (
                json!({"minimum": 1, "exclusiveMinimum": 1}),
                json!({"minimum": 1, "exclusiveMinimum": true}),
            ),
            (
                json!({"minimum": 1, "exclusiveMinimum": 1.5}),
                json!({"minimum": 1.5, "exclusiveMinimum": true}),
            ),
            (
                json!({"maximum": 1, "exclusiveMaximum": 2}),
                json!({"maximum": 1}),
            ),
            (
                json!({"maximum": 1, "exclusiveMaximum": 1}),
                json!({"maximum": 1, "exclusiveMaximum": true}),
            ),
            (
                json!({"maximum": 9007199254740993_u64, "exclusiveMaximum": 9007199254740992_u64}),
                json!({"maximum": 9007199254740992_u64, "exclusiveMaximum": true}),
            ),
        ] {
            assert_eq!(lowered(lower_exclusive_bounds, schema), expected);
        }
    }

    #[test]
    fn a_bound_that_is_no_number_is_refused() {
        let message = refusal(lower_exclusive_bounds, json!({"exclusiveMinimum": true}));
        assert!(
            message.contains(", /S/exclusiveMinimum: expected a number"),
            "{message}"
        );
    }

    #[test]
    fn a_constant_becomes_an_enum_of_one() {
        let expected = json!({"enum": ["F"]});
        assert_eq!(lowered(lower_const, json!({"const": "F"})), expected);
        let among = json!({"enum": ["W", "F"], "const": "F"});
        assert_eq!(lowered(lower_const, among), expected);
    }

    #[test]
    fn a_constant_outside_the_enum_beside_it_is_refused() {
        let message = refusal(lower_const, json!({"enum": ["W"], "const": "F"}));
        assert!(message.contains(", /S/const: "), "{message}");
    }

    #[test]
    fn the_first_of_several_examples_stays() {
        let schema = json!({"examples": ["1", "2"]});
        assert_eq!(lowered(lower_examples, schema), json!({"example": "1"}));
        let both = json!({"examples": ["1"], "example": "0"});
        assert_eq!(lowered(lower_examples, both), json!({"example": "0"}));
        assert_eq!(lowered(lower_examples, json!({"examples": []})), json!({}));
    }

    #[test]
    fn examples_that_are_no_list_are_refused() {
        let message = refusal(lower_examples, json!({"examples": {"a": 1}}));
        assert!(
            message.contains(", /S/examples: expected an array"),
            "{message}"
        );
    }
}
