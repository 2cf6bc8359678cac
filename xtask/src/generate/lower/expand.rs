//! Replaces classes by places: each schema of the lowered document belongs to one place in one
//! body, and the classes of the pages are gone.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::combinations::Combinations;
use super::error::{Error, shape};
use super::place::{self, Place};
use super::schema::{self, Schema};
use super::{names, prose};
use crate::openapi::spec::Part;
use openapi_compare::pointer::Pointer;

/// No real API has more components than this.
const MOST_COMPONENTS: usize = 2_000;
/// The same for all schemas, with or without a name.
const MOST_SCHEMAS: usize = 50_000;
/// How many bytes all of them may take: a long text is copied to every place of its class.
const MOST_TEXT: usize = 10_000_000;
/// How deep schemas may nest.
const DEEPEST: usize = 100;

/// The schemas of the lowered document, by their places.
#[derive(Default)]
pub(super) struct Expansion {
    components: BTreeMap<Place, Schema>,
    /// The references that are being followed.
    open: Vec<Open>,
    seen: usize,
    text: usize,
    depth: usize,
    /// Rules of the body being expanded that 3.0 can't express and that may forbid a request.
    rules: Vec<String>,
    combinations: Combinations,
    checked: HashSet<Pointer>,
}

struct Open {
    target: Pointer,
    place: Place,
    is_used: bool,
}

impl Expansion {
    /// Expands a body and everything in it. Returns its rules that 3.0 can't express.
    pub(super) fn body(&mut self, part: &Part<'_>, place: &Place) -> Result<Vec<String>, Error> {
        self.combinations.check(part)?;
        let lowered = self.schema(part, place, Schema::new())?;
        if !self.components.contains_key(place)
            && let Value::Object(schema) = lowered
        {
            self.register(part, place, schema)?;
        }
        Ok(std::mem::take(&mut self.rules))
    }

    /// The components by their names, which their references use.
    pub(super) fn into_components(self) -> BTreeMap<String, Value> {
        let named = place::names(self.components.keys());
        let by_text: BTreeMap<String, &String> = named
            .iter()
            .map(|(place, name)| (place.to_string(), name))
            .collect();
        let mut components = BTreeMap::new();
        for (place, schema) in self.components {
            let mut schema = Value::Object(schema);
            for_each(&mut schema, &mut |schema| {
                if let Some(Value::String(reference)) = schema.get_mut("$ref")
                    && let Some(name) = by_text.get(reference)
                {
                    *reference = format!("#/components/schemas/{name}");
                }
            });
            components.insert(named[&place].clone(), schema);
        }
        components
    }

    /// The lowered schema, or a reference to it where it is a component. `outer` has the
    /// keywords beside a reference, which override those of the class.
    fn schema(&mut self, part: &Part<'_>, place: &Place, outer: Schema) -> Result<Value, Error> {
        self.seen += 1;
        self.depth += 1;
        if let Value::Object(own) = part.value {
            self.text += schema::own_text(own);
        }
        let limits = [
            (self.seen, MOST_SCHEMAS, "schemas"),
            (self.text, MOST_TEXT, "bytes in all places together"),
            (self.depth, DEEPEST, "schemas inside each other"),
        ];
        for (count, most, what) in limits {
            if count > most {
                return Err(too_large(part, place, most, what));
            }
        }
        let lowered = match part.value {
            Value::Bool(true) => Ok(Value::Object(outer)),
            Value::Bool(false) => Ok(json!({"not": {}})),
            Value::Object(own) => self.object(part, schema::significant(own), place, outer),
            other => Err(shape(&part.at, "a schema", other)),
        };
        self.depth -= 1;
        lowered
    }

    fn object(
        &mut self,
        part: &Part<'_>,
        mut own: Schema,
        place: &Place,
        outer: Schema,
    ) -> Result<Value, Error> {
        for keyword in own.keys() {
            if schema::is_dropped_rule(&own, keyword)
                || keyword == "items" && own[keyword].is_array()
            {
                self.rules.push(format!(
                    "the rule {keyword} of {}",
                    names::shown(&place.in_the_data())
                ));
            }
        }
        own.retain(|keyword, value| {
            schema::is_kept(keyword) && !(keyword == "items" && value.is_array())
        });
        let mut annotations = Schema::new();
        own.retain(|keyword, value| {
            let describes = schema::is_annotation(keyword);
            if describes {
                annotations.insert(keyword.clone(), value.take());
            }
            !describes
        });
        if let Some(Value::String(words)) = annotations.get_mut("description") {
            *words = prose::plain(words);
        }
        annotations.extend(outer);
        let mut nullable = own.shift_remove("nullable") == Some(json!(true));
        nullable |= without_null_types(&mut own);
        nullable |= self.null_is_a_choice(part, &mut own);
        if let Some(alone) = only_member(part, &own) {
            let lowered = match alone {
                Alone::Reference(reference) => {
                    self.referenced(part, &reference, place, annotations)
                }
                Alone::Member(member) => self.schema(&member, place, annotations),
            };
            return Ok(or_null(lowered?, nullable));
        }
        let mut lowered = self.constraints(part, own, place)?;
        lowered.extend(annotations);
        let lowered = schema::respell(lowered, &part.at)?;
        self.finish(part, place, lowered, nullable)
    }

    /// The constraints of a schema, with the schemas inside them lowered.
    fn constraints(
        &mut self,
        part: &Part<'_>,
        own: Schema,
        place: &Place,
    ) -> Result<Schema, Error> {
        if let Some(Value::String(reference)) = own.get("$ref") {
            let reference = reference.clone();
            let mut rest = own;
            rest.shift_remove("$ref");
            let inherited =
                self.referenced(part, &reference, &place.member("allOf", 0), Schema::new())?;
            let rest = self.object(part, rest, &place.member("allOf", 1), Schema::new())?;
            return Ok(Schema::from_iter([(
                "allOf".to_owned(),
                json!([inherited, rest]),
            )]));
        }
        if let Some(Value::Array(kinds)) = own.get("type").filter(|_| !own.contains_key("enum")) {
            let kinds = kinds.clone();
            return self.choice_of_types(part, own, &kinds, place);
        }
        let mut lowered = Schema::new();
        for (keyword, value) in own {
            let value = self.keyword(part, &keyword, value, place)?;
            lowered.extend(value.map(|value| (keyword, value)));
        }
        Ok(lowered)
    }

    fn keyword(
        &mut self,
        part: &Part<'_>,
        keyword: &str,
        value: Value,
        place: &Place,
    ) -> Result<Option<Value>, Error> {
        let none = Schema::new();
        let Some(inner) = part.child(keyword) else {
            return Ok(Some(value));
        };
        Ok(Some(match keyword {
            // The values of an enum imply its types.
            "type" if value.is_array() => return Ok(None),
            "properties" => {
                let mut properties = BTreeMap::new();
                for (name, property) in inner.children() {
                    let lowered = self.schema(&property, &place.property(name), none.clone())?;
                    properties.insert(name.to_owned(), lowered);
                }
                properties.into_iter().collect()
            }
            "items" => self.schema(&inner, &place.item(), none)?,
            "not" => self.schema(&inner, &place.not(), none)?,
            "additionalProperties" if !value.is_boolean() => {
                self.schema(&inner, &place.value(), none)?
            }
            "allOf" | "anyOf" | "oneOf" => {
                let mut members = Vec::new();
                for (index, member) in inner.items().enumerate() {
                    if is_choice(keyword) && schema::is_null(member.value) {
                        continue;
                    }
                    members.push(self.schema(
                        &member,
                        &place.member(keyword, index),
                        none.clone(),
                    )?);
                }
                // Without members it has no effect.
                return Ok(Some(Value::Array(members)).filter(|members| *members != json!([])));
            }
            _ => value,
        }))
    }

    /// A value of one of several types: 3.0 has one type for each schema.
    fn choice_of_types(
        &mut self,
        part: &Part<'_>,
        own: Schema,
        kinds: &[Value],
        place: &Place,
    ) -> Result<Schema, Error> {
        let mut members = Vec::new();
        for (index, kind) in kinds.iter().enumerate() {
            let name = kind.as_str().unwrap_or_default();
            let mut of_kind = own.clone();
            of_kind.retain(|keyword, value| schema::is_about(keyword, value, name));
            of_kind.insert("type".to_owned(), kind.clone());
            let at = place.member("anyOf", index);
            members.push(self.object(part, of_kind, &at, Schema::new())?);
        }
        let mut rest = own;
        rest.retain(|keyword, _| keyword != "type" && !schema::is_of_a_type(keyword));
        let choice = Schema::from_iter([("anyOf".to_owned(), Value::Array(members))]);
        if rest.is_empty() {
            return Ok(choice);
        }
        let rest = self.object(part, rest, &place.member("allOf", 1), Schema::new())?;
        Ok(Schema::from_iter([(
            "allOf".to_owned(),
            json!([choice, rest]),
        )]))
    }

    /// Whether a choice includes null and no other keyword forbids that. A choice of only null
    /// becomes the value null.
    fn null_is_a_choice(&mut self, part: &Part<'_>, own: &mut Schema) -> bool {
        let mut nullable = false;
        for keyword in ["oneOf", "anyOf"] {
            let members: Vec<Part<'_>> = part
                .child(keyword)
                .filter(|_| own.contains_key(keyword))
                .iter()
                .flat_map(Part::items)
                .collect();
            let nulls = members
                .iter()
                .filter(|member| schema::is_null(member.value))
                .count();
            if nulls == 0 {
                continue;
            }
            nullable |= !own.contains_key("type")
                && own
                    .get("enum")
                    .and_then(Value::as_array)
                    .is_none_or(|all| all.contains(&Value::Null))
                && own.get("const").is_none_or(Value::is_null);
            if nulls == members.len() {
                own.shift_remove(keyword);
                own.insert("enum".to_owned(), json!([null]));
            }
        }
        nullable
    }

    fn referenced(
        &mut self,
        part: &Part<'_>,
        reference: &str,
        place: &Place,
        outer: Schema,
    ) -> Result<Value, Error> {
        let target = schema::refers(part, reference)?;
        if let Some(open) = self.open.iter_mut().find(|open| open.target == target.at) {
            if open.place.depth() == place.depth() {
                let expected = "a schema that does not consist of itself";
                return Err(shape(&part.at.child("$ref"), expected, &reference.into()));
            }
            open.is_used = true;
            return Ok(json!({"$ref": open.place.to_string()}));
        }
        // The components were checked as such; a reference may lead to any part of one.
        if self.checked.insert(target.at.clone()) {
            schema::check(&target)?;
        }
        self.open.push(Open {
            target: target.at.clone(),
            place: place.clone(),
            is_used: false,
        });
        let lowered = self.schema(&target, place, outer)?;
        let is_used = self.open.pop().is_some_and(|open| open.is_used);
        match lowered {
            Value::Object(schema) if is_used && !self.components.contains_key(place) => {
                self.register(&target, place, schema)
            }
            lowered => Ok(lowered),
        }
    }

    fn finish(
        &mut self,
        part: &Part<'_>,
        place: &Place,
        mut lowered: Schema,
        nullable: bool,
    ) -> Result<Value, Error> {
        if is_component(&lowered) {
            if nullable && let Some(Value::Array(values)) = lowered.get_mut("enum") {
                values.retain(|value| !value.is_null());
            }
            let reference = self.register(part, place, lowered)?;
            return Ok(or_null(reference, nullable));
        }
        Ok(or_null(Value::Object(schema::in_order(lowered)), nullable))
    }

    fn register(&mut self, part: &Part<'_>, place: &Place, schema: Schema) -> Result<Value, Error> {
        if self.components.len() == MOST_COMPONENTS {
            return Err(too_large(
                part,
                place,
                MOST_COMPONENTS,
                "classes, one for each place",
            ));
        }
        let reference = place.to_string();
        self.text += reference.len();
        let reference = json!({"$ref": reference});
        self.components
            .insert(place.clone(), schema::in_order(schema));
        Ok(reference)
    }
}

fn too_large(part: &Part<'_>, place: &Place, most: usize, what: &'static str) -> Error {
    Error::TooLarge {
        pointer: part.at.clone(),
        place: place.to_string(),
        most,
        what,
    }
}

fn is_choice(keyword: &str) -> bool {
    matches!(keyword, "anyOf" | "oneOf")
}

/// Whether the generator would have to invent a name for a schema.
fn is_component(schema: &Schema) -> bool {
    let has_names = ["properties", "allOf", "anyOf", "oneOf", "not"];
    has_names
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
        || schema
            .get("enum")
            .is_some_and(|values| *values != json!([null]))
}

/// The schema, or null. A reference stays in an `allOf`, because 3.0 ignores what is beside it.
fn or_null(lowered: Value, nullable: bool) -> Value {
    match lowered {
        Value::Object(mut schema) if nullable => {
            if schema.contains_key("$ref") {
                return json!({"allOf": [schema], "nullable": true});
            }
            schema.insert("nullable".to_owned(), true.into());
            Value::Object(schema::in_order(schema))
        }
        lowered => lowered,
    }
}

/// Removes `null` from the types; returns whether it was there. A value that is always null
/// becomes an `enum`.
fn without_null_types(own: &mut Schema) -> bool {
    let Some(value) = own.shift_remove("type") else {
        return false;
    };
    let kinds = match value {
        Value::Array(kinds) => kinds,
        kind => vec![kind],
    };
    let mut others: Vec<Value> = Vec::new();
    for kind in &kinds {
        if kind != "null" && !others.contains(kind) {
            others.push(kind.clone());
        }
    }
    let nullable = kinds.iter().any(|kind| kind == "null");
    match others.len() {
        0 => own.insert("enum".to_owned(), json!([null])),
        1 => own.insert("type".to_owned(), others.remove(0)),
        _ => {
            others.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
            own.insert("type".to_owned(), Value::Array(others))
        }
    };
    nullable
}

/// The other schema that a schema is equal to, if it has only that one.
enum Alone<'a> {
    Reference(String),
    Member(Part<'a>),
}

fn only_member<'a>(part: &Part<'a>, own: &Schema) -> Option<Alone<'a>> {
    let mut keywords = own.iter();
    let (Some((keyword, value)), None) = (keywords.next(), keywords.next()) else {
        return None;
    };
    match keyword.as_str() {
        "$ref" => Some(Alone::Reference(value.as_str()?.to_owned())),
        "allOf" | "anyOf" | "oneOf" => {
            let is_left = |it: &Part<'_>| !(is_choice(keyword) && schema::is_null(it.value));
            let mut members = part.child(keyword)?.items().filter(is_left);
            let only = members.next()?;
            members.next().is_none().then_some(Alone::Member(only))
        }
        _ => None,
    }
}

/// Visits a lowered schema and all inside it.
pub(super) fn for_each(value: &mut Value, visit: &mut dyn FnMut(&mut Schema)) {
    let Value::Object(schema) = value else {
        return;
    };
    visit(schema);
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties
            .values_mut()
            .for_each(|inner| for_each(inner, visit));
    }
    for keyword in ["items", "not", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(keyword) {
            for_each(inner, visit);
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        if let Some(Value::Array(members)) = schema.get_mut(keyword) {
            members.iter_mut().for_each(|inner| for_each(inner, visit));
        }
    }
}
