//! Invalid spellings that are common and can mean one thing only: they are understood, with a remark.
//! The document that was published keeps them.
//!
//! ```
//! use openapi_compare::spelling::{corrected, misspellings};
//! use serde_json::json;
//!
//! let document = json!({"components": {"schemas": {"Bill": {"maxLength": "20"}}}});
//! assert_eq!(misspellings(&document).len(), 1);
//! assert_eq!(corrected(&document)["components"]["schemas"]["Bill"]["maxLength"], 20);
//! ```

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::exact::is_rounded;
use crate::pointer::{Pointer, Trail};

/// How deep arrays and objects may nest. Parsers of JSON text allow much less.
pub(crate) const DEEPEST: usize = 512;

const NULL: &str = "null, read as nothing,";
const REQUIRED: &str = "a property that says itself whether it is required";
const EXAMPLES: &str = "examples in another shape than OpenAPI's";
const NUMBER: &str = "a number in quotes";
const FLAG: &str = "true or false in quotes";

/// Whether a keyword of a schema holds a number.
fn holds_number(keyword: &str) -> bool {
    matches!(
        keyword,
        "maxLength"
            | "minLength"
            | "maximum"
            | "minimum"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "multipleOf"
            | "maxItems"
            | "minItems"
            | "maxProperties"
            | "minProperties"
    )
}

/// Whether a keyword holds true or false.
fn holds_flag(keyword: &str) -> bool {
    matches!(
        keyword,
        "required"
            | "nullable"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "uniqueItems"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "allowEmptyValue"
            | "explode"
    )
}

/// Keywords for which null is a value, or which the published pages have always had so.
const MAY_BE_NULL: [&str; 5] = ["default", "example", "const", "value", "url"];

/// A spelling that is understood although it is invalid.
#[derive(Clone, Debug, PartialEq)]
pub struct Misspelling {
    /// Where.
    pub at: Pointer,
    /// What it is.
    pub says: &'static str,
    mend: Mend,
}

impl fmt::Display for Misspelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, says, .. } = self;
        write!(f, "{says} at {}", at.shown())
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Mend {
    Remove {
        from: Pointer,
        key: String,
    },
    Replace(Value),
    /// Removes it from the property, and has the object around require the property.
    Require {
        property: Pointer,
        object: Pointer,
        name: String,
    },
}

/// What the members of a value are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Keywords of OpenAPI.
    Keywords,
    /// Keywords of a schema.
    Schema,
    /// Names that somebody chose, of schemas or of other things.
    Schemas,
    Names,
    /// Anything.
    Data,
}

impl Inside {
    fn under(self, key: &str) -> Self {
        match (self, key) {
            (Inside::Data, _) => Inside::Data,
            (Inside::Schemas, _) => Inside::Schema,
            (Inside::Names, _) => Inside::Keywords,
            (_, "example" | "examples" | "default" | "enum" | "const" | "value") => Inside::Data,
            (Inside::Keywords, "x-webhooks") => Inside::Names,
            (_, extension) if extension.starts_with("x-") => Inside::Data,
            (
                Inside::Schema,
                "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions",
            )
            | (Inside::Keywords, "schemas") => Inside::Schemas,
            (
                Inside::Schema,
                "items"
                | "additionalProperties"
                | "not"
                | "contains"
                | "if"
                | "then"
                | "else"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "allOf"
                | "oneOf"
                | "anyOf"
                | "prefixItems",
            )
            | (Inside::Keywords, "schema") => Inside::Schema,
            (
                Inside::Keywords,
                "responses" | "parameters" | "headers" | "requestBodies" | "callbacks" | "links"
                | "pathItems" | "paths" | "webhooks" | "content" | "encoding" | "securitySchemes"
                | "variables" | "scopes" | "mapping",
            ) => Inside::Names,
            _ => Inside::Keywords,
        }
    }
}

/// The object whose property a schema is, and the property's name.
type Property<'a> = Option<(&'a Trail<'a>, &'a str)>;

/// All misspellings of a document.
pub fn misspellings(document: &Value) -> Vec<Misspelling> {
    Survey::of(document).misspellings
}

/// The document as it is understood.
pub fn corrected(document: &Value) -> Cow<'_, Value> {
    Survey::of(document).corrected(document)
}

/// What one walk through a whole document tells, whether all of it is referred to or not.
#[derive(Default)]
pub(crate) struct Survey<'a> {
    misspellings: Vec<Misspelling>,
    /// Whether values nest too deep.
    pub is_too_deep: bool,
    /// The first reference out of the document.
    pub external: Option<&'a Value>,
    /// Schemas that have a name of their own to refer to.
    pub anchors: Vec<(&'a str, &'a Value)>,
    /// The size of the whole.
    pub size: usize,
}

impl<'a> Survey<'a> {
    pub fn of(document: &'a Value) -> Self {
        let mut survey = Survey::default();
        survey.visit(document, Inside::Keywords, &Trail::Root, None, 0);
        survey
    }

    /// The document that was surveyed, as it is understood.
    pub fn corrected(self, document: &Value) -> Cow<'_, Value> {
        if self.misspellings.is_empty() {
            return Cow::Borrowed(document);
        }
        let mut document = document.clone();
        for Misspelling { at, mend, .. } in self.misspellings {
            match mend {
                Mend::Remove { from, key } => remove(&mut document, &from, &key),
                Mend::Replace(value) => {
                    if let Some(here) = at.find_mut(&mut document) {
                        *here = value;
                    }
                }
                Mend::Require {
                    property,
                    object,
                    name,
                } => {
                    remove(&mut document, &property, "required");
                    require(&mut document, &object, name);
                }
            }
        }
        Cow::Owned(document)
    }

    fn visit(
        &mut self,
        value: &'a Value,
        inside: Inside,
        at: &Trail<'_>,
        property: Property<'_>,
        depth: usize,
    ) {
        if inside == Inside::Data {
            return self.data(value, depth);
        }
        if !self.enter(value, depth) {
            return;
        }
        match value {
            Value::Array(items) => {
                let inside = match inside {
                    Inside::Names => Inside::Keywords,
                    Inside::Schemas => Inside::Schema,
                    other => other,
                };
                for (index, item) in items.iter().enumerate() {
                    self.visit(item, inside, &Trail::Item(at, index), None, depth + 1);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.size += key.len();
                    if matches!(key.as_str(), "$anchor" | "$dynamicAnchor") {
                        self.anchors.extend(member.as_str().map(|it| (it, value)));
                    }
                    self.member(members, (key, member), inside, at, property, depth);
                }
            }
            _ => {}
        }
    }

    /// Counts a value. Whether it is not too deep.
    #[inline]
    fn enter(&mut self, value: &Value, depth: usize) -> bool {
        self.size += std::mem::size_of::<Value>();
        self.size += value.as_str().map_or(0, str::len);
        self.is_too_deep |= depth > DEEPEST;
        depth <= DEEPEST
    }

    /// Values in which nothing is misspelled and nothing refers to anything.
    fn data(&mut self, value: &Value, depth: usize) {
        if !self.enter(value, depth) {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.data(item, depth + 1)),
            Value::Object(members) => members.iter().for_each(|(key, member)| {
                self.size += key.len();
                self.data(member, depth + 1);
            }),
            _ => {}
        }
    }

    fn member(
        &mut self,
        members: &'a Map<String, Value>,
        (key, member): (&'a str, &'a Value),
        inside: Inside,
        at: &Trail<'_>,
        property: Property<'_>,
        depth: usize,
    ) {
        let here = Trail::Member(at, key);
        if key == "$ref" && member.as_str().is_some_and(|it| !it.starts_with('#')) {
            self.external.get_or_insert(member);
        }
        let misspelled = match inside {
            Inside::Keywords | Inside::Schema => {
                misspelled(members, key, member, inside, at, property)
            }
            _ => None,
        };
        // Inside of what is put right nothing else is.
        let is_right = misspelled.is_none();
        if let Some((says, mend)) = misspelled {
            let at = here.pointer();
            self.misspellings.push(Misspelling { at, says, mend });
        }
        if !matches!(member, Value::Object(_) | Value::Array(_)) {
            self.enter(member, depth + 1);
            return;
        }
        let below = if is_right {
            inside.under(key)
        } else {
            Inside::Data
        };
        let property = property_of(inside, key, at, property);
        self.visit(member, below, &here, property, depth + 1);
    }
}

fn remove(document: &mut Value, from: &Pointer, key: &str) {
    let object = from.find_mut(document).and_then(Value::as_object_mut);
    object.and_then(|object| object.shift_remove(key));
}

fn require(document: &mut Value, object: &Pointer, name: String) {
    let Some(object) = object.find_mut(document).and_then(Value::as_object_mut) else {
        return;
    };
    let required = object.entry("required").or_insert_with(|| json!([]));
    match required {
        Value::Array(names) if !names.contains(&Value::from(name.as_str())) => {
            names.push(name.into());
        }
        Value::Array(_) => {}
        other => *other = json!([name]),
    }
}

/// `properties` of an object hand the object on to each property.
fn property_of<'a>(
    inside: Inside,
    key: &'a str,
    at: &'a Trail<'a>,
    property: Property<'a>,
) -> Property<'a> {
    match (inside, key) {
        (Inside::Schema, "properties") => Some((at, "")),
        (Inside::Schemas, name) => property.map(|(object, _)| (object, name)),
        _ => None,
    }
}

fn misspelled(
    members: &Map<String, Value>,
    key: &str,
    value: &Value,
    inside: Inside,
    at: &Trail<'_>,
    property: Property<'_>,
) -> Option<(&'static str, Mend)> {
    let is_schema = inside == Inside::Schema;
    let remove = || Mend::Remove {
        from: at.pointer(),
        key: key.to_owned(),
    };
    match (key, value) {
        (key, Value::Null) if !MAY_BE_NULL.contains(&key) && !key.starts_with("x-") => {
            Some((NULL, remove()))
        }
        ("required", required) if is_schema && flag(required).is_some() => {
            let mend = match (flag(required), property) {
                (Some(true), Some((object, name))) => Mend::Require {
                    property: at.pointer(),
                    object: object.pointer(),
                    name: name.to_owned(),
                },
                _ => remove(),
            };
            Some((REQUIRED, mend))
        }
        ("examples", examples) => {
            let mended = match is_schema {
                true => examples_of_schema(examples)?,
                false => examples_of_content(examples, members)?,
            };
            Some((EXAMPLES, Mend::Replace(mended)))
        }
        (key, Value::String(text)) if is_schema && holds_number(key) && number(text).is_some() => {
            Some((NUMBER, Mend::Replace(number(text)?)))
        }
        (key, Value::String(_)) if holds_flag(key) => {
            Some((FLAG, Mend::Replace(flag(value)?.into())))
        }
        _ => None,
    }
}

/// A number that would lose digits stays in its quotes.
fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_number() && !is_rounded(text)).then_some(value)
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// A list of values is right.
fn examples_of_schema(examples: &Value) -> Option<Value> {
    match examples {
        Value::Array(_) => None,
        Value::Object(named) => Some(named.values().map(example).collect()),
        one => Some(json!([one])),
    }
}

fn example(named: &Value) -> Value {
    named.get("value").unwrap_or(named).clone()
}

/// Names with an object each are right.
fn examples_of_content(examples: &Value, members: &Map<String, Value>) -> Option<Value> {
    // A component named so, or something else that is no content.
    let is_content = ["schema", "example", "encoding", "in"]
        .iter()
        .any(|it| members.contains_key(*it));
    let one = |(index, value): (usize, &Value)| {
        (format!("{}", index + 1), json!({"value": example(value)}))
    };
    match examples {
        Value::Object(named) if is_content && named.values().any(|it| !it.is_object()) => {
            let named = named.iter().map(|(name, it)| match it.is_object() {
                true => (name.clone(), it.clone()),
                false => (name.clone(), json!({"value": it})),
            });
            Some(named.collect())
        }
        Value::Object(_) => None,
        Value::Array(items) => Some(items.iter().enumerate().map(one).collect()),
        text => Some(std::iter::once(one((0, text))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(schema: Value) -> Value {
        json!({"components": {"schemas": {"A": schema}}})
    }

    #[track_caller]
    fn assert_read_as(published: Value, understood: Value) {
        assert!(!misspellings(&published).is_empty(), "{published}");
        assert_eq!(*corrected(&published), understood);
        assert_eq!(misspellings(&understood), []);
    }

    #[test]
    fn common_misspellings_are_read_as_what_they_mean() {
        for (published, understood) in [
            (
                json!({"type": "string", "description": null}),
                json!({"type": "string"}),
            ),
            (
                json!({"properties": {"a": {"type": "string", "required": true}, "b": {"required": false}}}),
                json!({"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]}),
            ),
            (
                json!({"required": ["b"], "properties": {"a": {"required": "true"}}}),
                json!({"required": ["b", "a"], "properties": {"a": {}}}),
            ),
            (
                json!({"examples": {"one": {"value": 1}, "two": 2}}),
                json!({"examples": [1, 2]}),
            ),
            (json!({"examples": "a"}), json!({"examples": ["a"]})),
            (
                json!({"maxLength": "20", "minimum": "-1.5"}),
                json!({"maxLength": 20, "minimum": -1.5}),
            ),
            (json!({"nullable": "true"}), json!({"nullable": true})),
            (
                json!({"items": {"properties": {"items": {"maxLength": "1"}}}}),
                json!({"items": {"properties": {"items": {"maxLength": 1}}}}),
            ),
        ] {
            assert_read_as(schema(published), schema(understood));
        }
        let operation = |parameters| json!({"paths": {"/a": {"post": parameters}}});
        assert_read_as(operation(json!({"parameters": null})), operation(json!({})));
    }

    #[test]
    fn what_is_valid_or_data_is_left_alone() {
        for valid in [
            json!({"default": null, "const": null, "enum": [null, "20"], "example": {"maxLength": "1"}}),
            json!({"properties": {"required": {"type": "boolean"}, "maxLength": {"type": "string"}}}),
            json!({"maxLength": "many", "x-maxLength": "20", "x-a": null}),
            json!({"examples": ["a"], "required": ["a"]}),
        ] {
            let document = schema(valid);
            assert_eq!(misspellings(&document), [], "{document}");
        }
        let parameter = json!({"paths": {"/a": {"post": {
            "parameters": [{"name": "a", "in": "query", "required": true, "schema": {}}],
            "requestBody": {"required": true, "content": {"a/b": {"examples": {"a": {"value": null}}}}},
        }}}, "servers": [{"url": null}]});
        assert_eq!(misspellings(&parameter), []);
    }
}
