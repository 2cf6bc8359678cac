//! Schemas: the keywords, and those that differ in 3.0.

use std::collections::HashSet;

use serde_json::{Map, Number, Value, json};

use super::error::{Error, shape};
use crate::openapi::spec::Part;
use openapi_compare::pointer::Pointer;

pub(super) type Schema = Map<String, Value>;
type Step = fn(Schema, &Pointer) -> Result<Schema, Error>;

/// What a keyword holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Text,
    Flag,
    Count,
    Number,
    NumberOrFlag,
    Types,
    Names,
    Values,
    Schema,
    SchemaOrFlag,
    Schemas,
    SchemaOrSchemas,
    SchemasByName,
    Anything,
}

/// How a keyword is lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It describes, and is kept.
    Annotation,
    /// It constrains, and is kept or converted.
    Constraint,
    /// 3.0 can't express it, and it can't forbid anything.
    Dropped,
    /// 3.0 can't express it, and it may forbid a request.
    DroppedRule,
}

/// The keywords of OpenAPI 3.0, 3.1 and JSON Schema, in the order in which a schema is written.
const KEYWORDS: &[(&str, Holds, Fate)] = {
    use Fate::{Annotation, Constraint, Dropped, DroppedRule};
    &[
        ("$ref", Holds::Text, Constraint),
        ("type", Holds::Types, Constraint),
        ("nullable", Holds::Flag, Constraint),
        ("format", Holds::Text, Constraint),
        ("title", Holds::Text, Dropped),
        ("description", Holds::Text, Annotation),
        ("default", Holds::Anything, Annotation),
        ("example", Holds::Anything, Annotation),
        ("examples", Holds::Anything, Annotation),
        ("deprecated", Holds::Flag, Annotation),
        ("readOnly", Holds::Flag, Annotation),
        ("writeOnly", Holds::Flag, Annotation),
        ("enum", Holds::Values, Constraint),
        ("const", Holds::Anything, Constraint),
        ("pattern", Holds::Text, Constraint),
        ("minLength", Holds::Count, Constraint),
        ("maxLength", Holds::Count, Constraint),
        ("minimum", Holds::Number, Constraint),
        ("exclusiveMinimum", Holds::NumberOrFlag, Constraint),
        ("maximum", Holds::Number, Constraint),
        ("exclusiveMaximum", Holds::NumberOrFlag, Constraint),
        ("multipleOf", Holds::Number, Constraint),
        ("minItems", Holds::Count, Constraint),
        ("maxItems", Holds::Count, Constraint),
        ("uniqueItems", Holds::Flag, Constraint),
        ("minProperties", Holds::Count, Constraint),
        ("maxProperties", Holds::Count, Constraint),
        ("properties", Holds::SchemasByName, Constraint),
        ("required", Holds::Names, Constraint),
        ("additionalProperties", Holds::SchemaOrFlag, Constraint),
        ("items", Holds::SchemaOrSchemas, Constraint),
        ("allOf", Holds::Schemas, Constraint),
        ("anyOf", Holds::Schemas, Constraint),
        ("oneOf", Holds::Schemas, Constraint),
        ("not", Holds::Schema, Constraint),
        ("additionalItems", Holds::SchemaOrFlag, DroppedRule),
        ("contains", Holds::Schema, DroppedRule),
        ("dependencies", Holds::Anything, DroppedRule),
        ("dependentRequired", Holds::Anything, DroppedRule),
        ("dependentSchemas", Holds::SchemasByName, DroppedRule),
        ("if", Holds::Schema, DroppedRule),
        ("patternProperties", Holds::SchemasByName, DroppedRule),
        ("prefixItems", Holds::Schemas, DroppedRule),
        ("propertyNames", Holds::Schema, DroppedRule),
        ("unevaluatedItems", Holds::SchemaOrFlag, DroppedRule),
        ("$dynamicRef", Holds::Text, DroppedRule),
        ("$recursiveRef", Holds::Text, DroppedRule),
        // Requests have only the properties of the schema.
        ("unevaluatedProperties", Holds::SchemaOrFlag, Dropped),
        ("then", Holds::Schema, Dropped),
        ("else", Holds::Schema, Dropped),
        ("minContains", Holds::Count, Dropped),
        ("maxContains", Holds::Count, Dropped),
        ("contentEncoding", Holds::Anything, Dropped),
        ("contentMediaType", Holds::Anything, Dropped),
        ("contentSchema", Holds::Schema, Dropped),
        ("discriminator", Holds::Anything, Dropped),
        ("externalDocs", Holds::Anything, Dropped),
        ("xml", Holds::Anything, Dropped),
        ("summary", Holds::Anything, Dropped),
        ("$defs", Holds::SchemasByName, Dropped),
        ("definitions", Holds::SchemasByName, Dropped),
        ("$comment", Holds::Anything, Dropped),
        ("$schema", Holds::Anything, Dropped),
        ("$id", Holds::Anything, Dropped),
        ("$anchor", Holds::Anything, Dropped),
        ("$dynamicAnchor", Holds::Anything, Dropped),
        ("$recursiveAnchor", Holds::Anything, Dropped),
        ("$vocabulary", Holds::Anything, Dropped),
    ]
};

/// Keywords that apply to values of some types only.
const OF_TYPES: &[(&[&str], &[&str])] = &[
    (&["string"], &["pattern", "minLength", "maxLength"]),
    (
        &["integer", "number"],
        &[
            "minimum",
            "exclusiveMinimum",
            "maximum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    (
        &["array"],
        &["items", "minItems", "maxItems", "uniqueItems"],
    ),
    (
        &["object"],
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
];

const FORMATS_OF_NUMBERS: [&str; 4] = ["int32", "int64", "float", "double"];

fn fate(keyword: &str) -> Option<Fate> {
    let mut known = KEYWORDS.iter().filter(|(name, ..)| *name == keyword);
    known.next().map(|(_, _, fate)| *fate)
}

/// Whether a keyword only describes.
pub(super) fn is_annotation(keyword: &str) -> bool {
    fate(keyword) == Some(Fate::Annotation)
}

/// Whether 3.0 can't express a keyword that may forbid a request.
pub(super) fn is_dropped_rule(schema: &Schema, keyword: &str) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Bool(allows) => *allows,
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    fate(keyword) == Some(Fate::DroppedRule)
        && schema.get(keyword).is_some_and(|value| !is_empty(value))
        && (keyword != "if" || schema.contains_key("then") || schema.contains_key("else"))
}

/// The keywords that are kept or converted.
pub(super) fn is_kept(keyword: &str) -> bool {
    matches!(fate(keyword), Some(Fate::Annotation | Fate::Constraint))
}

/// Which keywords do not apply to values of `kind`. `format` belongs to numbers or to strings,
/// by its name.
pub(super) fn is_about(keyword: &str, value: &Value, kind: &str) -> bool {
    if keyword == "format" {
        let of_numbers = value
            .as_str()
            .is_some_and(|name| FORMATS_OF_NUMBERS.contains(&name));
        return match of_numbers {
            true => matches!(kind, "integer" | "number"),
            false => kind == "string",
        };
    }
    let mut about = OF_TYPES
        .iter()
        .filter(|(_, keywords)| keywords.contains(&keyword));
    about.next().is_some_and(|(kinds, _)| kinds.contains(&kind))
}

/// Whether a keyword is about values of some types only.
pub(super) fn is_of_a_type(keyword: &str) -> bool {
    keyword == "format"
        || OF_TYPES
            .iter()
            .any(|(_, keywords)| keywords.contains(&keyword))
}

/// The keywords without extensions and without those that are `null`, which count as
/// missing.
pub(super) fn significant(schema: &Schema) -> Schema {
    let counts = |(keyword, value): &(&String, &Value)| {
        !keyword.starts_with("x-") && (!value.is_null() || *keyword == "const")
    };
    let members = schema.iter().filter(counts);
    members
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect()
}

/// How long a schema is without the schemas inside it.
pub(super) fn own_text(schema: &Schema) -> usize {
    let is_own = |holds: Holds| {
        matches!(
            holds,
            Holds::Text | Holds::Names | Holds::Values | Holds::Anything
        )
    };
    let own = KEYWORDS.iter().filter(|(_, holds, _)| is_own(*holds));
    let own = own.filter_map(|(keyword, ..)| schema.get(*keyword));
    own.map(|value| value.to_string().len()).sum()
}

/// Refuses invalid schemas: unknown keywords, values of the wrong type, references without a
/// target, here and in every schema inside.
pub(super) fn check(part: &Part<'_>) -> Result<(), Error> {
    let schema = match part.value {
        Value::Bool(_) => return Ok(()),
        Value::Object(schema) => significant(schema),
        other => return Err(shape(&part.at, "a schema", other)),
    };
    for (keyword, value) in &schema {
        let at = part.at.child(keyword);
        let Some((_, holds, _)) = KEYWORDS.iter().find(|(name, ..)| name == keyword) else {
            return Err(Error::Unknown { pointer: at });
        };
        check_value(*holds, value, &at)?;
        check_inside(part, keyword, *holds)?;
    }
    if let Some(Value::String(reference)) = schema.get("$ref") {
        refers(part, reference)?;
    }
    Ok(())
}

/// The schema that a reference in `part` leads to.
pub(super) fn refers<'a>(part: &Part<'a>, reference: &str) -> Result<Part<'a>, Error> {
    let target = part.referred(reference).filter(|target| {
        let at = target.at.to_string();
        let is_schema = at.starts_with("/components/schemas/") || at.contains("/$defs/");
        is_schema && (target.value.is_object() || target.value.is_boolean())
    });
    target.ok_or_else(|| {
        let expected = "a reference to a schema of this document's components";
        shape(&part.at.child("$ref"), expected, &reference.into())
    })
}

fn check_value(holds: Holds, value: &Value, at: &Pointer) -> Result<(), Error> {
    let all = |is: fn(&Value) -> bool| value.as_array().is_some_and(|all| all.iter().all(is));
    let (fits, expected) = match holds {
        Holds::Text => (value.is_string(), "a string"),
        Holds::Flag => (value.is_boolean(), "a boolean"),
        Holds::Count => (count(value).is_some(), "a number from 0"),
        Holds::Number => (value.is_number(), "a number"),
        Holds::NumberOrFlag => (value.is_number() || value.is_boolean(), "a number"),
        Holds::Types => {
            let is_list = all(is_type) && value.as_array().is_some_and(|all| !all.is_empty());
            (
                is_type(value) || is_list,
                "the name of a JSON type, or some",
            )
        }
        Holds::Names => (all(Value::is_string), "an array of names"),
        Holds::Values => (all(|_| true) && value != &json!([]), "an array of values"),
        Holds::Schemas => (value.is_array(), "an array"),
        Holds::SchemasByName => (value.is_object(), "an object"),
        // These are checked as schemas.
        Holds::Schema | Holds::SchemaOrFlag | Holds::SchemaOrSchemas | Holds::Anything => {
            (true, "")
        }
    };
    match fits {
        true => Ok(()),
        false => Err(shape(at, expected, value)),
    }
}

/// A count, also where it is written as `20.0`.
fn count(value: &Value) -> Option<u64> {
    let number = value.as_number()?;
    let whole = number
        .as_f64()
        .filter(|it| it.fract() == 0.0 && (0.0..1e15).contains(it));
    number.as_u64().or(whole.map(|whole| whole as u64))
}

fn check_inside(part: &Part<'_>, keyword: &str, holds: Holds) -> Result<(), Error> {
    let Some(inner) = part.child(keyword) else {
        return Ok(());
    };
    match holds {
        Holds::Schema | Holds::SchemaOrFlag => check(&inner),
        Holds::SchemaOrSchemas if !inner.value.is_array() => check(&inner),
        Holds::Schemas | Holds::SchemaOrSchemas => inner.items().try_for_each(|it| check(&it)),
        Holds::SchemasByName => inner.children().try_for_each(|(_, it)| check(&it)),
        _ => Ok(()),
    }
}

fn is_type(name: &Value) -> bool {
    let types = [
        "string", "number", "integer", "boolean", "array", "object", "null",
    ];
    name.as_str().is_some_and(|name| types.contains(&name))
}

/// Whether a schema allows `null` and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    let Value::Object(schema) = schema else {
        return false;
    };
    let schema = significant(schema);
    let says = |keyword: &str, value: Value| schema.get(keyword) == Some(&value);
    let is_only_null = says("type", json!("null"))
        || says("type", json!(["null"]))
        || says("const", Value::Null)
        || says("enum", json!([null]));
    let says_no_more =
        |keyword: &String| ["type", "const", "enum", "nullable"].contains(&keyword.as_str());
    is_only_null
        && schema
            .keys()
            .all(|keyword| !is_kept(keyword) || is_annotation(keyword) || says_no_more(keyword))
}

/// The keywords that differ in 3.0.
pub(super) fn respell(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    const STEPS: [Step; 5] = [
        lower_exclusive_bounds,
        lower_const,
        lower_examples,
        lower_counts,
        drop_repetitions,
    ];
    for step in STEPS {
        schema = step(schema, at)?;
    }
    Ok(schema)
}

/// The schema with its keywords in the order of [`KEYWORDS`].
pub(super) fn in_order(mut schema: Schema) -> Schema {
    let known = KEYWORDS
        .iter()
        .filter_map(|(keyword, ..)| schema.remove_entry(*keyword));
    known.collect()
}

/// 3.1 has exclusive bounds, 3.0 a flag beside the bound. Of two bounds on one side the
/// stricter one is kept.
fn lower_exclusive_bounds(mut schema: Schema, at: &Pointer) -> Result<Schema, Error> {
    for (inclusive, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        let bound = number(&schema, inclusive, at)?;
        let limit = match schema.get(exclusive) {
            Some(Value::Bool(true)) if bound.is_some() => continue,
            Some(Value::Bool(_)) => None,
            _ => number(&schema, exclusive, at)?,
        };
        let Some(limit) = limit else {
            schema.shift_remove(exclusive);
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

/// 3.0 allows one example; an existing `example` wins.
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

/// `20.0` becomes `20`.
fn lower_counts(mut schema: Schema, _: &Pointer) -> Result<Schema, Error> {
    for (keyword, _, _) in KEYWORDS
        .iter()
        .filter(|(_, holds, _)| *holds == Holds::Count)
    {
        if let Some(value) = schema.get_mut(*keyword)
            && let Some(count) = count(value)
        {
            *value = count.into();
        }
    }
    Ok(schema)
}

/// The names of what is required are a set, and so are the values of an `enum`.
fn drop_repetitions(mut schema: Schema, _: &Pointer) -> Result<Schema, Error> {
    if let Some(Value::Array(names)) = schema.get_mut("required") {
        names.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
        names.dedup();
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    }
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Pointer {
        Pointer::root().child("S")
    }

    fn respelled(schema: Value) -> Value {
        let schema = schema.as_object().cloned().unwrap();
        Value::Object(respell(schema, &at()).unwrap())
    }

    fn refusal(schema: Value) -> String {
        let schema = schema.as_object().cloned().unwrap();
        respell(schema, &at()).unwrap_err().to_string()
    }

    #[test]
    fn what_both_versions_have_is_left_alone() {
        let plain = json!({
            "type": "object",
            "description": "d",
            "required": ["a"],
            "properties": {"a": {"type": "string", "maxLength": 20, "enum": ["x"]}},
            "additionalProperties": false,
            "minimum": 1,
            "oneOf": [{"type": "string"}],
            "example": {},
        });
        assert_eq!(respelled(plain.clone()), plain);
    }

    #[test]
    fn values_are_not_taken_for_schemas() {
        let schema = json!({
            "default": {"const": 1},
            "example": {"$ref": "elsewhere"},
            "enum": [{"type": ["a", "b"]}],
        });
        assert_eq!(respelled(schema.clone()), schema);
        check(&Part::whole(&schema)).unwrap();
    }

    #[test]
    fn an_exclusive_bound_becomes_a_bound_and_a_flag() {
        let schema = json!({"exclusiveMinimum": 0, "exclusiveMaximum": 9.5});
        let expected = json!({
            "exclusiveMinimum": true, "exclusiveMaximum": true, "minimum": 0, "maximum": 9.5,
        });
        assert_eq!(respelled(schema), expected);
    }

    #[test]
    fn a_flag_beside_a_bound_is_taken_as_3_0_means_it() {
        let schema = json!({"minimum": 1, "exclusiveMinimum": true, "exclusiveMaximum": true});
        let expected = json!({"minimum": 1, "exclusiveMinimum": true});
        assert_eq!(respelled(schema), expected);
        let schema = json!({"minimum": 1, "exclusiveMinimum": false});
        assert_eq!(respelled(schema), json!({"minimum": 1}));
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
            assert_eq!(respelled(schema), expected);
        }
    }

    #[test]
    fn a_constant_becomes_an_enum_of_one() {
        let expected = json!({"enum": ["F"]});
        assert_eq!(respelled(json!({"const": "F"})), expected);
        let among = json!({"enum": ["W", "F"], "const": "F"});
        assert_eq!(respelled(among), expected);
    }

    #[test]
    fn a_constant_outside_the_enum_beside_it_is_refused() {
        let message = refusal(json!({"enum": ["W"], "const": "F"}));
        assert!(message.contains(", /S/const: "), "{message}");
    }

    #[test]
    fn the_first_of_several_examples_stays() {
        let schema = json!({"examples": ["1", "2"]});
        assert_eq!(respelled(schema), json!({"example": "1"}));
        let both = json!({"examples": ["1"], "example": "0"});
        assert_eq!(respelled(both), json!({"example": "0"}));
        assert_eq!(respelled(json!({"examples": []})), json!({}));
    }

    #[test]
    fn examples_that_are_not_a_list_are_refused() {
        let message = refusal(json!({"examples": {"a": 1}}));
        assert!(
            message.contains(", /S/examples: expected an array"),
            "{message}"
        );
    }

    #[test]
    fn repetitions_and_the_order_of_what_is_required_say_nothing() {
        let schema =
            json!({"required": ["b", "a", "b"], "enum": ["b", "a", "b"], "maxLength": 2.0});
        let expected = json!({"required": ["a", "b"], "enum": ["b", "a"], "maxLength": 2});
        assert_eq!(respelled(schema), expected);
    }

    fn checked(schema: Value) -> Result<(), String> {
        let document = json!({"components": {"schemas": {"S": schema, "T": {}}}});
        let schemas = Part::whole(&document).child("components").unwrap();
        let schema = schemas.child("schemas").unwrap().child("S").unwrap();
        check(&schema).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_keyword_is_refused_with_its_pointer_in_every_schema() {
        let inner = json!({"minLenght": 1});
        for (schema, pointer) in [
            (inner.clone(), "/S"),
            (json!({"properties": {"a": inner}}), "/S/properties/a"),
            (json!({"items": inner}), "/S/items"),
            (
                json!({"additionalProperties": inner}),
                "/S/additionalProperties",
            ),
            (json!({"not": inner}), "/S/not"),
            (json!({"allOf": [true, inner]}), "/S/allOf/1"),
            (json!({"anyOf": [inner]}), "/S/anyOf/0"),
            (json!({"oneOf": [inner]}), "/S/oneOf/0"),
            (json!({"prefixItems": [inner]}), "/S/prefixItems/0"),
            (
                json!({"patternProperties": {"a": inner}}),
                "/S/patternProperties/a",
            ),
            (json!({"$defs": {"a": inner}}), "/S/$defs/a"),
        ] {
            let message = checked(schema).unwrap_err();
            let expected = format!(
                "assembled spec, /components/schemas{pointer}/minLenght: no lowering step knows"
            );
            assert!(message.starts_with(&expected), "{message}");
        }
    }

    #[test]
    fn every_word_of_openapi_and_json_schema_and_every_extension_is_known() {
        for (keyword, ..) in KEYWORDS {
            checked(json!({*keyword: null})).unwrap();
        }
        checked(json!({"x-anything": 1, "properties": {"minLenght": {"x-order": 2}}})).unwrap();
    }

    #[test]
    fn a_keyword_of_the_wrong_type_is_refused_with_its_pointer() {
        for (schema, expected) in [
            (
                json!({"maxLength": "20"}),
                "/maxLength: expected a number from 0, found \"20\"",
            ),
            (
                json!({"maxLength": -1}),
                "/maxLength: expected a number from 0, found -1",
            ),
            (
                json!({"minimum": "1"}),
                "/minimum: expected a number, found \"1\"",
            ),
            (
                json!({"exclusiveMinimum": "1"}),
                "/exclusiveMinimum: expected a number, found",
            ),
            (
                json!({"pattern": 1}),
                "/pattern: expected a string, found 1",
            ),
            (
                json!({"required": true}),
                "/required: expected an array of names, found true",
            ),
            (
                json!({"enum": []}),
                "/enum: expected an array of values, found []",
            ),
            (
                json!({"enum": {}}),
                "/enum: expected an array of values, found {}",
            ),
            (
                json!({"nullable": "no"}),
                "/nullable: expected a boolean, found \"no\"",
            ),
            (
                json!({"type": "text"}),
                "/type: expected the name of a JSON type",
            ),
            (
                json!({"type": []}),
                "/type: expected the name of a JSON type",
            ),
            (
                json!({"type": 1}),
                "/type: expected the name of a JSON type",
            ),
            (
                json!({"properties": []}),
                "/properties: expected an object, found []",
            ),
            (
                json!({"properties": {"a": "b"}}),
                "/properties/a: expected a schema, found \"b\"",
            ),
            (json!({"allOf": {}}), "/allOf: expected an array, found {}"),
            (json!({"items": 1}), "/items: expected a schema, found 1"),
        ] {
            let message = checked(schema).unwrap_err();
            assert!(message.contains(&format!("/S{expected}")), "{message}");
        }
    }

    #[test]
    fn a_reference_must_lead_to_a_schema_of_this_document() {
        for good in [
            "#/components/schemas/T",
            "#/components/schemas/S",
            "#/components/schemas/%54",
        ] {
            checked(json!({"items": {"$ref": good}})).unwrap();
        }
        for bad in [
            "other.json#/components/schemas/A",
            "https://example.com/a.json",
            "#/components/schemas/Missing",
            "#/components",
            "#",
        ] {
            let message = checked(json!({"items": {"$ref": bad}})).unwrap_err();
            assert!(
                message.contains("/components/schemas/S/items/$ref: ") && message.contains(bad),
                "{message}"
            );
        }
    }
}
