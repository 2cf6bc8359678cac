//! A schema in a normal form for comparing: the same for 3.0 and 3.1, inline and by reference.

use std::sync::LazyLock;

use serde_json::Value;

use super::document::{Document, MAX_HOPS, Object, Problem, Read};
use crate::finding::{Bound, Composition};

/// A keyword whose value is compared verbatim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Format,
    Pattern,
    MultipleOf,
    UniqueItems,
    Default,
    Items,
    Not,
    AdditionalProperties,
    Discriminator,
    ReadOnly,
    WriteOnly,
    Deprecated,
    Sunset,
    Title,
    Description,
    ExternalDocs,
}

impl Plain {
    const COUNT: usize = Plain::ExternalDocs as usize + 1;

    /// Whether it does not limit values: where two are combined, the outer one wins.
    fn annotates(index: usize) -> bool {
        index >= Plain::ReadOnly as usize || index == Plain::Default as usize
    }
}

/// Keywords that hold a schema, schemas by name, or a list of schemas, and for which there are no
/// rules of their own: adding or removing them is `unhandled`, schemas inside are compared.
pub(super) const INNER: &[&str] = &[
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
pub(super) const INNER_BY_NAME: &[&str] = &["patternProperties", "dependentSchemas"];
pub(super) const INNER_LISTS: &[&str] = &["prefixItems"];

/// The values that an enumeration or a constant allows, without `null`.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    pub allowed: Vec<&'a Value>,
    pub at: &'a Value,
    pub is_constant: bool,
}

/// A schema in its normal form.
pub(super) struct Shape<'a> {
    pub home: &'a Value,
    /// The name of the component that it is, by reference.
    pub name: Option<&'a str>,
    /// Whether a reference led to some of it.
    pub is_referred: bool,
    /// No value is valid.
    pub is_false: bool,
    pub is_nullable: bool,
    /// Sorted, and without `null` unless that is all there is.
    pub types: Vec<&'a str>,
    pub types_at: Option<&'a Value>,
    /// The place of the format, whichever keyword it is.
    pub format_at: Option<&'a Value>,
    pub values: Option<Values<'a>>,
    pub properties: Vec<(&'a str, &'a Value)>,
    pub required: Vec<&'a str>,
    members: [Vec<&'a Value>; 3],
    pub examples: Vec<&'a Value>,
    pub unknown: Vec<(&'a str, &'a Value)>,
    plain: [Option<&'a Value>; Plain::COUNT],
    bounds: [Option<&'a Value>; Bound::ALL.len()],
}

impl<'a> Shape<'a> {
    /// Reads the schema at `home`.
    pub fn read(document: Document<'a>, home: &'a Value) -> Read<'a, Self> {
        read(document, home, 0)
    }

    pub fn plain(&self, keyword: Plain) -> Option<&'a Value> {
        self.plain[keyword as usize]
    }

    pub fn flag(&self, keyword: Plain) -> bool {
        self.plain(keyword) == Some(&Value::Bool(true))
    }

    pub fn bound(&self, bound: Bound) -> Option<&'a Value> {
        self.bounds[bound as usize]
    }

    pub fn members(&self, composition: Composition) -> &[&'a Value] {
        &self.members[composition as usize]
    }

    pub fn property(&self, name: &str) -> Option<&'a Value> {
        let found = self
            .properties
            .binary_search_by_key(&name, |(name, _)| name);
        found.ok().map(|index| self.properties[index].1)
    }

    pub fn requires(&self, property: &str) -> bool {
        self.required.binary_search(&property).is_ok()
    }

    /// Whether it limits values.
    pub fn constrains(&self) -> bool {
        self.is_false
            || !self.types.is_empty()
            || self.has_structure()
            || self.values.is_some()
            || !self.required.is_empty()
            || !self.unknown.is_empty()
            || self.bounds.iter().any(Option::is_some)
            || (0..Plain::COUNT).any(|it| self.plain[it].is_some() && !Plain::annotates(it))
    }

    /// Whether it is a choice between other schemas and nothing else.
    pub fn is_choice(&self) -> bool {
        self.has_choice()
            && self.types.len() < 2
            && self.properties.is_empty()
            && self.members(Composition::AllOf).is_empty()
            && self.values.is_none()
            && self.plain(Plain::Items).is_none()
    }

    /// The types, if it is a choice between types and nothing else.
    pub fn choice_of_types(&self) -> Option<(Composition, Vec<&'a str>)> {
        let composition = match (
            self.members(Composition::OneOf),
            self.members(Composition::AnyOf),
        ) {
            ([_, ..], []) => Composition::OneOf,
            ([], [_, ..]) => Composition::AnyOf,
            _ => return None,
        };
        let types = self.members(composition).iter().map(|member| {
            let keywords = member.as_object().filter(|it| it.len() == 1)?;
            keywords.get("type")?.as_str()
        });
        let mut types: Vec<_> = types.collect::<Option<_>>()?;
        let all = types.len();
        types.sort_unstable();
        types.dedup();
        let overlap = types.len() < all || types.contains(&"integer") && types.contains(&"number");
        let is_list = !(composition == Composition::OneOf && overlap);
        (is_list && self.types.is_empty()).then_some((composition, types))
    }

    /// Writes a choice between types as the list of them.
    pub fn list_types(&mut self) {
        if let Some((composition, types)) = self.choice_of_types() {
            self.types = types;
            self.members[composition as usize].clear();
        }
    }

    pub fn has_choice(&self) -> bool {
        !self.members(Composition::OneOf).is_empty() || !self.members(Composition::AnyOf).is_empty()
    }

    /// Whether it limits values enough that a missing `null` means that null is not allowed.
    pub fn rules_null_out(&self) -> bool {
        !self.types.is_empty() || self.has_structure() || self.values.is_some()
    }

    fn has_structure(&self) -> bool {
        !self.properties.is_empty() || self.members.iter().any(|it| !it.is_empty())
    }

    fn empty(home: &'a Value) -> Self {
        Shape {
            home,
            name: None,
            is_referred: false,
            is_false: false,
            is_nullable: false,
            types: Vec::new(),
            types_at: None,
            format_at: None,
            values: None,
            properties: Vec::new(),
            required: Vec::new(),
            members: Default::default(),
            examples: Vec::new(),
            unknown: Vec::new(),
            plain: [None; Plain::COUNT],
            bounds: [None; Bound::ALL.len()],
        }
    }
}

fn read<'a>(document: Document<'a>, home: &'a Value, hops: usize) -> Read<'a, Shape<'a>> {
    if hops > MAX_HOPS {
        return Err(document.refuse(home, Problem::Circular));
    }
    let mut shape = Shape::empty(home);
    match home {
        Value::Bool(allowed) => shape.is_false = !allowed,
        Value::Object(schema) => take(document, schema, &mut shape, hops)?,
        _ => return Err(document.shape(home, "a schema")),
    }
    Ok(shape)
}

fn take<'a>(
    document: Document<'a>,
    schema: Object<'a>,
    shape: &mut Shape<'a>,
    hops: usize,
) -> Read<'a, ()> {
    for (keyword, value) in schema {
        take_keyword(document, keyword, value, shape)?;
    }
    take_exclusive_flags(schema, shape);
    take_null_out_of_values(shape);
    take_nothing_but_null(shape);
    take_content(shape);
    shape.properties.sort_unstable_by_key(|(name, _)| *name);
    shape.required.sort_unstable();
    shape.required.dedup();
    if let Some(reference) = schema.get("$ref") {
        let target = document.target(reference)?;
        let name = reference.as_str().and_then(|it| it.rsplit('/').next());
        absorb(document, target, name, shape, hops)?;
    }
    for composition in [Composition::AllOf, Composition::OneOf, Composition::AnyOf] {
        if let [only] = *shape.members(composition) {
            shape.members[composition as usize].clear();
            absorb(document, only, None, shape, hops)?;
        }
    }
    Ok(())
}

/// Merges a schema that must hold as well: a reference, or the only member of a composition.
/// If the two contradict each other, it is kept apart.
fn absorb<'a>(
    document: Document<'a>,
    schema: &'a Value,
    name: Option<&'a str>,
    into: &mut Shape<'a>,
    hops: usize,
) -> Read<'a, ()> {
    let mut inner = read(document, schema, hops + 1)?;
    inner.is_referred |= name.is_some();
    inner.name = name.or(inner.name).filter(|_| !into.constrains());
    if into.agrees_with(&inner) {
        into.merge(inner);
    } else {
        into.is_referred |= inner.is_referred;
        into.members[Composition::AllOf as usize].push(schema);
    }
    Ok(())
}

impl<'a> Shape<'a> {
    fn agrees_with(&self, inner: &Shape<'a>) -> bool {
        let same = |a: Option<&Value>, b: Option<&Value>| a.is_none() || b.is_none() || a == b;
        (0..Plain::COUNT).all(|it| Plain::annotates(it) || same(self.plain[it], inner.plain[it]))
            && (0..self.bounds.len()).all(|it| same(self.bounds[it], inner.bounds[it]))
            && (self.types.is_empty() || inner.types.is_empty() || self.types == inner.types)
            && (self.values.is_none() || inner.values.is_none())
            && !inner
                .properties
                .iter()
                .any(|(name, _)| self.property(name).is_some())
            && (0..self.members.len())
                .all(|it| self.members[it].is_empty() || inner.members[it].is_empty())
            && self.unknown.is_empty()
    }

    fn merge(&mut self, inner: Shape<'a>) {
        self.name = self.name.or(inner.name);
        self.is_referred |= inner.is_referred;
        self.is_false |= inner.is_false;
        self.is_nullable |= inner.is_nullable;
        if self.types.is_empty() {
            self.types = inner.types;
            self.types_at = inner.types_at;
        }
        self.format_at = self.format_at.or(inner.format_at);
        self.values = self.values.take().or(inner.values);
        if !inner.properties.is_empty() {
            self.properties.extend(inner.properties);
            self.properties.sort_unstable_by_key(|(name, _)| *name);
        }
        if !inner.required.is_empty() {
            self.required.extend(inner.required);
            self.required.sort_unstable();
            self.required.dedup();
        }
        for (outer, inner) in self.members.iter_mut().zip(inner.members) {
            outer.extend(inner);
        }
        if self.examples.is_empty() {
            self.examples = inner.examples;
        }
        self.unknown.extend(inner.unknown);
        for (outer, inner) in self.plain.iter_mut().zip(inner.plain) {
            *outer = outer.or(inner);
        }
        for (outer, inner) in self.bounds.iter_mut().zip(inner.bounds) {
            *outer = outer.or(inner);
        }
    }
}

fn take_keyword<'a>(
    document: Document<'a>,
    keyword: &'a str,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    if let Some(plain) = plain(keyword) {
        if is_no_word(plain, value) {
            return Ok(());
        }
        check_plain(document, plain, value)?;
        if plain == Plain::Items && allows_all(value) {
            return Ok(());
        }
        if plain == Plain::Format {
            shape.format_at = Some(value);
        }
        shape.plain[plain as usize] = Some(value);
        return Ok(());
    }
    if let Some(bound) = bound(keyword) {
        return take_bound(document, bound, value, shape);
    }
    match keyword {
        "$ref" | "$schema" | "$id" | "$anchor" | "$comment" | "$defs" => {}
        "type" => take_types(document, value, shape)?,
        "nullable" => match value {
            Value::Bool(flag) => shape.is_nullable |= flag,
            _ => return Err(document.shape(value, "true or false")),
        },
        "enum" => take_values(value, document.array(value)?.iter().collect(), false, shape),
        "const" => take_values(value, vec![value], true, shape),
        "properties" => {
            let members = document.object(value)?.iter();
            shape.properties = members.map(|(name, it)| (name.as_str(), it)).collect();
        }
        "required" => {
            for name in document.array(value)? {
                shape.required.push(document.text(name)?);
            }
        }
        "allOf" => {
            shape.members[Composition::AllOf as usize] = document.array(value)?.iter().collect();
        }
        "oneOf" => take_choice(document, Composition::OneOf, value, shape)?,
        "anyOf" => take_choice(document, Composition::AnyOf, value, shape)?,
        "example" => shape.examples.push(value),
        "examples" => shape.examples.extend(document.array(value)?),
        _ => shape.unknown.push((keyword, value)),
    }
    Ok(())
}

fn plain(keyword: &str) -> Option<Plain> {
    Some(match keyword {
        "format" => Plain::Format,
        "pattern" => Plain::Pattern,
        "multipleOf" => Plain::MultipleOf,
        "uniqueItems" => Plain::UniqueItems,
        "default" => Plain::Default,
        "items" => Plain::Items,
        "not" => Plain::Not,
        "additionalProperties" => Plain::AdditionalProperties,
        "discriminator" => Plain::Discriminator,
        "readOnly" => Plain::ReadOnly,
        "writeOnly" => Plain::WriteOnly,
        "deprecated" => Plain::Deprecated,
        "x-sunset" => Plain::Sunset,
        "title" => Plain::Title,
        "description" => Plain::Description,
        "externalDocs" => Plain::ExternalDocs,
        _ => return None,
    })
}

/// Some generators write `null` for a missing text.
fn is_no_word(plain: Plain, value: &Value) -> bool {
    matches!(plain, Plain::Title | Plain::Description) && value.is_null()
}

fn check_plain<'a>(document: Document<'a>, plain: Plain, value: &'a Value) -> Read<'a, ()> {
    let (fits, expected) = match plain {
        Plain::Format | Plain::Pattern | Plain::Title | Plain::Description => {
            (value.is_string(), "a string")
        }
        Plain::MultipleOf => (value.is_number(), "a number"),
        Plain::UniqueItems | Plain::ReadOnly | Plain::WriteOnly | Plain::Deprecated => {
            (value.is_boolean(), "true or false")
        }
        Plain::Discriminator | Plain::ExternalDocs => (value.is_object(), "an object"),
        Plain::Items | Plain::Not | Plain::AdditionalProperties => {
            (value.is_object() || value.is_boolean(), "a schema")
        }
        Plain::Default | Plain::Sunset => (true, "anything"),
    };
    if fits {
        Ok(())
    } else {
        Err(document.shape(value, expected))
    }
}

fn bound(keyword: &str) -> Option<Bound> {
    Bound::ALL
        .into_iter()
        .find(|bound| bound.keyword() == keyword)
}

fn take_bound<'a>(
    document: Document<'a>,
    bound: Bound,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    let may_be_flag = matches!(bound, Bound::ExclusiveMaximum | Bound::ExclusiveMinimum);
    match value {
        Value::Number(limit) => {
            if !(bound.is_void_at_zero() && limit.as_f64() == Some(0.0)) {
                shape.bounds[bound as usize] = Some(value);
            }
            Ok(())
        }
        Value::Bool(_) if may_be_flag => Ok(()),
        _ => Err(document.shape(value, "a number")),
    }
}

/// In 3.0 `exclusiveMinimum: true` means that `minimum` itself is not allowed.
fn take_exclusive_flags<'a>(schema: Object<'a>, shape: &mut Shape<'a>) {
    for (flag, plain, exclusive) in [
        ("exclusiveMinimum", Bound::Minimum, Bound::ExclusiveMinimum),
        ("exclusiveMaximum", Bound::Maximum, Bound::ExclusiveMaximum),
    ] {
        if schema.get(flag) == Some(&Value::Bool(true)) {
            shape.bounds[exclusive as usize] = shape.bounds[plain as usize].take();
        }
    }
}

fn take_types<'a>(document: Document<'a>, value: &'a Value, shape: &mut Shape<'a>) -> Read<'a, ()> {
    let mut types = match value {
        Value::String(only) => vec![only.as_str()],
        Value::Array(list) => list
            .iter()
            .map(|it| document.text(it))
            .collect::<Read<'a, Vec<_>>>()?,
        _ => return Err(document.shape(value, "the name of a JSON type, or a list of them")),
    };
    types.sort_unstable();
    types.dedup();
    if types.len() > 1 && types.contains(&"null") {
        types.retain(|it| *it != "null");
        shape.is_nullable = true;
    }
    shape.types = types;
    shape.types_at = Some(value);
    Ok(())
}

fn take_values<'a>(
    at: &'a Value,
    allowed: Vec<&'a Value>,
    is_constant: bool,
    shape: &mut Shape<'a>,
) {
    // A constant among the values of an enumeration leaves only itself.
    if shape
        .values
        .as_ref()
        .is_none_or(|values| !values.is_constant)
    {
        shape.values = Some(Values {
            allowed,
            at,
            is_constant,
        });
    }
}

/// The type says whether `null` is allowed; an enumeration only repeats it.
fn take_null_out_of_values(shape: &mut Shape<'_>) {
    if let Some(values) = &mut shape.values
        && values.allowed.len() > 1
        && values.allowed.contains(&&Value::Null)
    {
        values.allowed.retain(|it| !it.is_null());
        shape.is_nullable |= shape.types.is_empty();
    }
}

/// That null is the one value and that null is the one type is the same.
fn take_nothing_but_null(shape: &mut Shape<'_>) {
    let is_open = shape.types.is_empty() || shape.types == ["null"];
    if is_open
        && let Some(values) = &shape.values
        && values.allowed == [&Value::Null]
    {
        shape.types = vec!["null"];
        shape.types_at = Some(values.at);
        shape.is_nullable = false;
        shape.values = None;
    }
}

/// What 3.0 expresses by `format` and 3.1 by the keywords for content.
fn take_content(shape: &mut Shape<'_>) {
    static BYTE: LazyLock<Value> = LazyLock::new(|| Value::from("byte"));
    static BINARY: LazyLock<Value> = LazyLock::new(|| Value::from("binary"));
    let find = |keyword| shape.unknown.iter().position(|(it, _)| *it == keyword);
    let (index, said, format): (_, _, &'static Value) =
        match (find("contentEncoding"), find("contentMediaType")) {
            (Some(index), _) => (index, "base64", &BYTE),
            (None, Some(index)) => (index, "application/octet-stream", &BINARY),
            (None, None) => return,
        };
    let value = shape.unknown[index].1;
    let has_other = shape.plain(Plain::Format).is_some_and(|it| it != format);
    if value == said && !has_other {
        shape.unknown.remove(index);
        shape.plain[Plain::Format as usize] = Some(format);
        shape.format_at = shape.format_at.or(Some(value));
    }
}

fn allows_all(schema: &Value) -> bool {
    match schema {
        Value::Bool(allowed) => *allowed,
        Value::Object(keywords) => keywords.is_empty(),
        _ => false,
    }
}

/// "One of these, or null" means nullable.
fn take_choice<'a>(
    document: Document<'a>,
    composition: Composition,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    let all = document.array(value)?;
    let members: Vec<_> = all.iter().filter(|it| !is_null(it)).collect();
    if members.len() < all.len() {
        if members.is_empty() {
            shape.types = vec!["null"];
        } else {
            shape.is_nullable = true;
        }
    }
    shape.members[composition as usize] = members;
    Ok(())
}

fn is_null(schema: &Value) -> bool {
    let says_null = |value: &Value| match value {
        Value::String(only) => only == "null",
        Value::Array(list) => list.len() == 1 && list[0] == "null",
        _ => false,
    };
    match schema.get("type") {
        Some(types) => says_null(types),
        None => {
            schema.get("const").is_some_and(Value::is_null)
                || schema.get("enum") == Some(&Value::Array(vec![Value::Null]))
        }
    }
}
