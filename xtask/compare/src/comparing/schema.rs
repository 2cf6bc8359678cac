//! A schema in a normal form for comparing: the same for 3.0 and 3.1, inline and by reference, with
//! `allOf` merged.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::document::{Document, MAX_HOPS, MOST_PARTS, Object, Problem, Read};
use super::number::{Number, canonical, is_same};
use super::parts::Parts;
use crate::finding::{Bound, Composition};

/// A keyword whose value is compared verbatim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Format,
    UniqueItems,
    Default,
    Discriminator,
    ReadOnly,
    WriteOnly,
    Deprecated,
    Sunset,
    MinContains,
    MaxContains,
    ContentMediaType,
    ContentEncoding,
}

impl Plain {
    const COUNT: usize = Plain::ContentEncoding as usize + 1;

    const ALL: [(&'static str, Plain); Plain::COUNT] = [
        ("format", Plain::Format),
        ("uniqueItems", Plain::UniqueItems),
        ("default", Plain::Default),
        ("discriminator", Plain::Discriminator),
        ("readOnly", Plain::ReadOnly),
        ("writeOnly", Plain::WriteOnly),
        ("deprecated", Plain::Deprecated),
        ("x-sunset", Plain::Sunset),
        ("minContains", Plain::MinContains),
        ("maxContains", Plain::MaxContains),
        ("contentMediaType", Plain::ContentMediaType),
        ("contentEncoding", Plain::ContentEncoding),
    ];

    fn limits(self) -> bool {
        matches!(
            self,
            Plain::Format
                | Plain::UniqueItems
                | Plain::MinContains
                | Plain::MaxContains
                | Plain::ContentMediaType
                | Plain::ContentEncoding
        )
    }
}

/// A text that describes. Where schemas are merged, each of them may have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Title,
    Description,
    ExternalDocs,
}

/// A keyword that holds one schema for a part of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inner {
    Items,
    AdditionalProperties,
    Contains,
    PropertyNames,
    UnevaluatedItems,
    UnevaluatedProperties,
    ContentSchema,
}

impl Inner {
    const COUNT: usize = Inner::ContentSchema as usize + 1;

    const ALL: [(&'static str, Inner); Inner::COUNT] = [
        ("items", Inner::Items),
        ("additionalProperties", Inner::AdditionalProperties),
        ("contains", Inner::Contains),
        ("propertyNames", Inner::PropertyNames),
        ("unevaluatedItems", Inner::UnevaluatedItems),
        ("unevaluatedProperties", Inner::UnevaluatedProperties),
        ("contentSchema", Inner::ContentSchema),
    ];

    pub fn keyword(self) -> &'static str {
        Inner::ALL[self as usize].0
    }
}

/// The values that an enumeration or a constant allows, without `null`.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    pub allowed: Vec<&'a Value>,
    pub at: &'a Value,
    pub is_constant: bool,
}

/// A limit that is a number.
#[derive(Clone, Debug)]
pub(super) struct Limit<'a> {
    pub at: &'a Value,
    pub number: Number,
}

/// Alternatives of which a value satisfies one, or at least one.
#[derive(Clone, Debug)]
pub(super) struct Choice<'a> {
    pub composition: Composition,
    pub members: Vec<&'a Value>,
}

/// `if` with `then` and `else`.
#[derive(Clone, Debug)]
pub(super) struct Condition<'a> {
    pub when: &'a Value,
    pub then: Option<&'a Value>,
    pub otherwise: Option<&'a Value>,
}

/// What a schema says about null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Null {
    /// Nothing: it does not say which types are allowed.
    Unsaid,
    Refused,
    Allowed,
    /// By `nullable: true`, which most readers honour beside a reference too.
    AllowedAround,
}

/// A schema in its normal form.
#[derive(Clone)]
pub(super) struct Shape<'a> {
    pub home: &'a Value,
    /// The name of the component that it is, by reference.
    pub name: Option<&'a str>,
    /// Whether a reference led to some of it.
    pub is_referred: bool,
    /// No value is valid.
    pub is_false: bool,
    /// What it merges excludes each other, so that no value is valid. The rest is still compared.
    pub is_contradictory: bool,
    pub null: Null,
    /// Sorted, and without `null` unless that is all there is.
    pub types: Vec<&'a str>,
    pub types_at: Option<&'a Value>,
    /// The place of the format, whichever keyword it is.
    pub format_at: Option<&'a Value>,
    pub values: Option<Values<'a>>,
    pub properties: Vec<(&'a str, Parts<'a>)>,
    pub required: Vec<&'a str>,
    pub choices: Vec<Choice<'a>>,
    /// The members of `allOf`. What they say is merged into the rest.
    pub all_of: Vec<&'a Value>,
    pub examples: Vec<&'a Value>,
    pub patterns: Vec<&'a Value>,
    pub multiples: Vec<&'a Value>,
    pub denials: Vec<&'a Value>,
    pub conditions: Vec<Condition<'a>>,
    pub prefix: Vec<Parts<'a>>,
    pub pattern_properties: BTreeMap<&'a str, Parts<'a>>,
    pub dependent_schemas: BTreeMap<&'a str, Parts<'a>>,
    pub dependent_required: BTreeMap<&'a str, Vec<&'a str>>,
    /// Extensions, `xml` and keywords that nobody knows.
    pub unknown: BTreeMap<&'a str, Vec<&'a Value>>,
    words: [Vec<&'a Value>; 3],
    inner: [Option<Parts<'a>>; Inner::COUNT],
    plain: [Option<&'a Value>; Plain::COUNT],
    bounds: [Option<Limit<'a>>; Bound::ALL.len()],
}

impl<'a> Shape<'a> {
    /// Reads schemas that must all hold.
    pub fn read(document: Document<'a>, parts: &Parts<'a>) -> Read<'a, Self> {
        let mut merging = Merging::default();
        let mut all = parts.iter();
        let mut shape = read(document, all.next().unwrap_or(parts.home()), &mut merging)?;
        for part in all {
            shape.join(read(document, part, &mut merging)?);
        }
        shape.settle();
        Ok(shape)
    }

    /// Reads one schema.
    pub fn of(document: Document<'a>, home: &'a Value) -> Read<'a, Self> {
        let mut shape = read(document, home, &mut Merging::default())?;
        shape.settle();
        Ok(shape)
    }

    pub fn plain(&self, keyword: Plain) -> Option<&'a Value> {
        self.plain[keyword as usize]
    }

    pub fn flag(&self, keyword: Plain) -> bool {
        self.plain(keyword) == Some(&Value::Bool(true))
    }

    pub fn words(&self, keyword: Words) -> &[&'a Value] {
        &self.words[keyword as usize]
    }

    pub fn inner(&self, keyword: Inner) -> Option<&Parts<'a>> {
        self.inner[keyword as usize].as_ref()
    }

    pub fn bound(&self, bound: Bound) -> Option<&Limit<'a>> {
        self.bounds[bound as usize].as_ref()
    }

    pub fn property(&self, name: &str) -> Option<&Parts<'a>> {
        let found = self
            .properties
            .binary_search_by_key(&name, |(name, _)| name);
        found.ok().map(|index| &self.properties[index].1)
    }

    pub fn requires(&self, property: &str) -> bool {
        self.required.binary_search(&property).is_ok()
    }

    pub fn is_nullable(&self) -> bool {
        matches!(self.null, Null::Allowed | Null::AllowedAround)
    }

    /// Whether it limits values.
    pub fn constrains(&self) -> bool {
        self.is_false
            || !self.types.is_empty()
            || !self.properties.is_empty()
            || !self.choices.is_empty()
            || self.constrains_otherwise()
    }

    fn constrains_otherwise(&self) -> bool {
        self.values.is_some()
            || !self.required.is_empty()
            || !self.patterns.is_empty()
            || !self.multiples.is_empty()
            || !self.denials.is_empty()
            || !self.conditions.is_empty()
            || !self.prefix.is_empty()
            || !self.pattern_properties.is_empty()
            || !self.dependent_schemas.is_empty()
            || !self.dependent_required.is_empty()
            || self.inner.iter().any(Option::is_some)
            || self.bounds.iter().any(Option::is_some)
            || Plain::ALL
                .iter()
                .any(|(_, it)| it.limits() && self.plain(*it).is_some())
    }

    /// Whether it says its types and nothing else that limits.
    pub fn is_only_typed(&self) -> bool {
        !self.types.is_empty()
            && self.properties.is_empty()
            && self.choices.is_empty()
            && !self.constrains_otherwise()
    }

    /// Whether it is a choice between other schemas and nothing else.
    pub fn is_choice(&self) -> bool {
        self.choices.len() == 1
            && self.types.len() < 2
            && self.properties.is_empty()
            && !self.constrains_otherwise()
    }

    /// The types, where the schema says them only by keywords that make sense for one.
    pub fn implied_types(&self) -> Vec<&'a str> {
        let has = |bounds: &[Bound]| bounds.iter().any(|it| self.bound(*it).is_some());
        let is_object = !self.properties.is_empty()
            || !self.required.is_empty()
            || !self.pattern_properties.is_empty()
            || self.inner(Inner::AdditionalProperties).is_some()
            || has(&[Bound::MaxProperties, Bound::MinProperties]);
        if is_object {
            return vec!["object"];
        }
        if self.inner(Inner::Items).is_some() || !self.prefix.is_empty() {
            return vec!["array"];
        }
        let mut types: Vec<_> = match &self.values {
            Some(values) => values.allowed.iter().map(|it| type_of(it)).collect(),
            None => Vec::new(),
        };
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The types, if it is a choice between types and nothing else.
    pub fn choice_of_types(&self) -> Option<(Composition, Vec<&'a str>)> {
        let [
            Choice {
                composition,
                members,
            },
        ] = &self.choices[..]
        else {
            return None;
        };
        let types = members.iter().map(|member| {
            let keywords = member.as_object().filter(|it| it.len() == 1)?;
            keywords.get("type")?.as_str()
        });
        let mut types: Vec<_> = types.collect::<Option<_>>()?;
        let all = types.len();
        types.sort_unstable();
        types.dedup();
        let overlap = types.len() < all || types.contains(&"integer") && types.contains(&"number");
        let is_list = !(*composition == Composition::OneOf && overlap);
        (is_list && self.types.is_empty()).then_some((*composition, types))
    }

    /// Writes a choice between types as the list of them.
    pub fn list_types(&mut self) {
        if let Some((_, types)) = self.choice_of_types() {
            self.types = types;
            self.choices.clear();
            if self.null == Null::Unsaid {
                self.null = Null::Refused;
            }
        }
    }

    fn empty(home: &'a Value) -> Self {
        Shape {
            home,
            name: None,
            is_referred: false,
            is_false: false,
            is_contradictory: false,
            null: Null::Unsaid,
            types: Vec::new(),
            types_at: None,
            format_at: None,
            values: None,
            properties: Vec::new(),
            required: Vec::new(),
            choices: Vec::new(),
            all_of: Vec::new(),
            examples: Vec::new(),
            patterns: Vec::new(),
            multiples: Vec::new(),
            denials: Vec::new(),
            conditions: Vec::new(),
            prefix: Vec::new(),
            pattern_properties: BTreeMap::new(),
            dependent_schemas: BTreeMap::new(),
            dependent_required: BTreeMap::new(),
            unknown: BTreeMap::new(),
            words: Default::default(),
            inner: Default::default(),
            plain: [None; Plain::COUNT],
            bounds: Default::default(),
        }
    }

    /// Writes what can be written in several ways in one, once everything is merged.
    fn settle(&mut self) {
        self.properties.sort_unstable_by_key(|(name, _)| *name);
        self.required.sort_unstable();
        self.required.dedup();
        let is_closed = self
            .inner(Inner::AdditionalProperties)
            .is_some_and(Parts::refuses_all);
        if is_closed {
            let required = &self.required;
            self.properties.retain(|(name, parts)| {
                !parts.refuses_all() || required.binary_search(name).is_ok()
            });
        }
        self.settle_bounds();
        if self.inner(Inner::Contains).is_none() {
            self.plain[Plain::MinContains as usize] = None;
            self.plain[Plain::MaxContains as usize] = None;
        }
    }

    /// An integer above 4 is at least 5; of two limits only the tighter one counts.
    fn settle_bounds(&mut self) {
        for (plain, exclusive) in [
            (Bound::Minimum, Bound::ExclusiveMinimum),
            (Bound::Maximum, Bound::ExclusiveMaximum),
        ] {
            let step = if plain.is_upper() { -1 } else { 1 };
            if self.types == ["integer"] {
                let next = self.bounds[exclusive as usize].take().map(|limit| {
                    let number = match plain.is_upper() {
                        true => limit.number.ceiling(),
                        false => limit.number.floor(),
                    };
                    let number = number.plus(step);
                    Limit { number, ..limit }
                });
                self.tighten(plain, next);
                if let Some(limit) = &mut self.bounds[plain as usize] {
                    limit.number = match plain.is_upper() {
                        true => limit.number.floor(),
                        false => limit.number.ceiling(),
                    };
                }
            } else if let (Some(closed), Some(open)) = (self.bound(plain), self.bound(exclusive)) {
                let is_open_tighter = match plain.is_upper() {
                    true => open.number <= closed.number,
                    false => open.number >= closed.number,
                };
                let weaker = if is_open_tighter { plain } else { exclusive };
                self.bounds[weaker as usize] = None;
            }
        }
    }

    fn tighten(&mut self, bound: Bound, limit: Option<Limit<'a>>) {
        let here = &mut self.bounds[bound as usize];
        let is_tighter = match (&*here, &limit) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(one), Some(other)) if bound.is_upper() => other.number < one.number,
            (Some(one), Some(other)) => other.number > one.number,
        };
        if is_tighter {
            *here = limit;
        }
    }

    /// Merges a schema that must hold as well.
    pub fn join(&mut self, inner: Shape<'a>) {
        self.is_referred |= inner.is_referred;
        self.is_false |= inner.is_false;
        self.is_contradictory |= inner.is_contradictory;
        self.join_types(&inner);
        self.null = match (self.null, inner.null) {
            (Null::AllowedAround, _) => Null::AllowedAround,
            (Null::Refused, _) | (_, Null::Refused) => Null::Refused,
            (Null::Unsaid, Null::Unsaid) => Null::Unsaid,
            _ => Null::Allowed,
        };
        self.format_at = self.format_at.or(inner.format_at);
        self.join_values(inner.values);
        self.join_properties(
            inner.properties,
            inner.inner[Inner::AdditionalProperties as usize].as_ref(),
        );
        self.required.extend(inner.required);
        self.choices.extend(inner.choices);
        self.all_of.extend(inner.all_of);
        self.examples.extend(inner.examples);
        for pattern in inner.patterns {
            if !self.patterns.contains(&pattern) {
                self.patterns.push(pattern);
            }
        }
        for multiple in inner.multiples {
            self.add_multiple(multiple);
        }
        for denial in inner.denials {
            if !self.denials.contains(&denial) {
                self.denials.push(denial);
            }
        }
        self.conditions.extend(inner.conditions);
        self.join_prefix(inner.prefix, inner.inner[Inner::Items as usize].as_ref());
        for (of, other) in [
            (&mut self.pattern_properties, inner.pattern_properties),
            (&mut self.dependent_schemas, inner.dependent_schemas),
        ] {
            for (name, parts) in other {
                of.entry(name)
                    .and_modify(|it| it.and(&parts))
                    .or_insert(parts);
            }
        }
        for (name, names) in inner.dependent_required {
            self.dependent_required
                .entry(name)
                .or_default()
                .extend(names);
        }
        for (keyword, values) in inner.unknown {
            self.unknown.entry(keyword).or_default().extend(values);
        }
        for (outer, inner) in self.words.iter_mut().zip(inner.words) {
            outer.extend(inner);
        }
        for (outer, inner) in self.inner.iter_mut().zip(inner.inner) {
            match (outer, inner) {
                (Some(outer), Some(inner)) => outer.and(&inner),
                (outer @ None, inner) => *outer = inner,
                _ => {}
            }
        }
        for (_, plain) in Plain::ALL {
            let (outer, inner) = (&mut self.plain[plain as usize], inner.plain[plain as usize]);
            let is_flag = matches!(
                plain,
                Plain::UniqueItems | Plain::ReadOnly | Plain::WriteOnly
            );
            match inner {
                Some(Value::Bool(true)) if is_flag => *outer = inner,
                _ => *outer = outer.or(inner),
            }
        }
        for (bound, limit) in Bound::ALL.into_iter().zip(inner.bounds) {
            self.tighten(bound, limit);
        }
    }

    fn join_types(&mut self, inner: &Shape<'a>) {
        if self.types.is_empty() {
            self.types.clone_from(&inner.types);
            self.types_at = inner.types_at;
            return;
        }
        if inner.types.is_empty() {
            return;
        }
        let mut common: Vec<&str> = Vec::new();
        for (these, those) in [(&self.types, &inner.types), (&inner.types, &self.types)] {
            let covered = these
                .iter()
                .filter(|it| those.contains(it) || **it == "integer" && those.contains(&"number"));
            common.extend(covered.copied());
        }
        common.sort_unstable();
        common.dedup();
        if common.is_empty() {
            self.is_contradictory |= self.null == Null::Refused || inner.null == Null::Refused;
        } else if common != self.types {
            self.types = common;
            self.types_at = inner.types_at;
        }
    }

    fn join_values(&mut self, inner: Option<Values<'a>>) {
        match (&mut self.values, inner) {
            (here @ None, inner) => *here = inner,
            (Some(_), None) => {}
            (Some(here), Some(inner)) => {
                let allowed: Vec<String> = inner.allowed.iter().map(|it| canonical(it)).collect();
                let common: Vec<_> = here
                    .allowed
                    .iter()
                    .copied()
                    .filter(|it| allowed.contains(&canonical(it)))
                    .collect();
                if common.is_empty() {
                    self.is_contradictory = true;
                } else {
                    here.is_constant |= inner.is_constant;
                    here.allowed = common;
                }
            }
        }
    }

    /// What one of the two allows only as an additional property must fit there too.
    fn join_properties(
        &mut self,
        inner: Vec<(&'a str, Parts<'a>)>,
        inner_additional: Option<&Parts<'a>>,
    ) {
        let additional = self.inner[Inner::AdditionalProperties as usize].clone();
        if let Some(others) = inner_additional {
            for (name, parts) in &mut self.properties {
                if !inner.iter().any(|(it, _)| it == name) {
                    parts.and(others);
                }
            }
        }
        for (name, mut parts) in inner {
            match self.properties.iter_mut().find(|(it, _)| *it == name) {
                Some((_, here)) => here.and(&parts),
                None => {
                    if let Some(others) = &additional {
                        parts.and(others);
                    }
                    self.properties.push((name, parts));
                }
            }
        }
    }

    fn join_prefix(&mut self, inner: Vec<Parts<'a>>, inner_items: Option<&Parts<'a>>) {
        let items = self.inner[Inner::Items as usize].clone();
        for (index, here) in self.prefix.iter_mut().enumerate() {
            if let Some(other) = inner.get(index).or(inner_items) {
                here.and(other);
            }
        }
        for mut parts in inner.into_iter().skip(self.prefix.len()) {
            if let Some(items) = &items {
                parts.and(items);
            }
            self.prefix.push(parts);
        }
    }

    fn add_multiple(&mut self, multiple: &'a Value) {
        let covers = |of: &Value, unit: &Value| match (Number::of(of), Number::of(unit)) {
            (Some(of), Some(unit)) => of.is_multiple_of(&unit),
            _ => false,
        };
        if self.multiples.iter().any(|it| covers(it, multiple)) {
            return;
        }
        self.multiples.retain(|it| !covers(multiple, it));
        self.multiples.push(multiple);
    }
}

/// The JSON type of a value.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if Number::of(value).is_some_and(|it| it.is_integer()) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The schemas that are being merged into one.
#[derive(Default)]
struct Merging {
    /// Those around the one that is being read.
    around: Vec<*const Value>,
    /// How many were read.
    parts: usize,
}

fn read<'a>(document: Document<'a>, home: &'a Value, merging: &mut Merging) -> Read<'a, Shape<'a>> {
    let here = std::ptr::from_ref(home);
    if merging.around.contains(&here) || merging.around.len() > MAX_HOPS {
        return Err(document.refuse(home, Problem::Circular));
    }
    merging.parts += 1;
    if merging.parts > MOST_PARTS {
        return Err(document.refuse(home, Problem::Parts));
    }
    let mut shape = Shape::empty(home);
    match home {
        Value::Bool(allowed) => shape.is_false = !allowed,
        Value::Object(schema) => {
            merging.around.push(here);
            take(document, schema, &mut shape, merging)?;
            merging.around.pop();
        }
        _ => return Err(document.shape(home, "a schema")),
    }
    Ok(shape)
}

fn take<'a>(
    document: Document<'a>,
    schema: Object<'a>,
    shape: &mut Shape<'a>,
    merging: &mut Merging,
) -> Read<'a, ()> {
    let mut alternatives = Vec::new();
    for (keyword, value) in schema {
        match keyword.as_str() {
            "oneOf" => alternatives.push((Composition::OneOf, value)),
            "anyOf" => alternatives.push((Composition::AnyOf, value)),
            _ => take_keyword(document, keyword, value, shape)?,
        }
    }
    take_exclusive_flags(schema, shape);
    take_null_out_of_values(shape);
    take_nothing_but_null(shape);
    take_content(shape);
    take_condition(schema, shape);
    let mut referred = Vec::new();
    if let Some(reference) = schema.get("$ref") {
        let target = document.target(reference)?;
        let mut inner = read(document, target, merging)?;
        let name = reference.as_str().and_then(|it| it.rsplit('/').next());
        shape.name = name.filter(|_| !shape.constrains());
        inner.is_referred = true;
        referred = std::mem::take(&mut inner.all_of);
        shape.join(inner);
    }
    let mut joined = HashSet::new();
    for member in std::mem::take(&mut shape.all_of) {
        // The same once more adds nothing, and would be read twice as often at each level.
        if !joined.insert(named(document, member)?) {
            shape.all_of.push(member);
            continue;
        }
        let mut inner = read(document, member, merging)?;
        if shape.name.is_none() && !shape.constrains() {
            shape.name = inner.name;
        }
        inner.all_of.clear();
        shape.join(inner);
        shape.all_of.push(member);
    }
    if shape.all_of.is_empty() {
        shape.all_of = referred;
    }
    for (composition, value) in alternatives {
        take_choice(document, composition, value, shape, merging)?;
    }
    take_unevaluated(shape);
    Ok(())
}

/// What a schema stands for that is no more than a reference; else itself.
fn named<'a>(document: Document<'a>, schema: &'a Value) -> Read<'a, *const Value> {
    let members = schema.as_object().filter(|members| members.len() == 1);
    let reference = members.and_then(|members| members.get("$ref"));
    let target = reference.map(|it| document.target(it)).transpose()?;
    Ok(std::ptr::from_ref(target.unwrap_or(schema)))
}

/// Without alternatives, what is not evaluated is what is additional.
fn take_unevaluated(shape: &mut Shape<'_>) {
    let may_evaluate_more = !shape.choices.is_empty()
        || !shape.conditions.is_empty()
        || !shape.dependent_schemas.is_empty();
    if may_evaluate_more {
        return;
    }
    for (unevaluated, additional) in [
        (Inner::UnevaluatedProperties, Inner::AdditionalProperties),
        (Inner::UnevaluatedItems, Inner::Items),
    ] {
        if shape.inner[additional as usize].is_none()
            && let Some(parts) = shape.inner[unevaluated as usize].take()
        {
            shape.inner[additional as usize] = Some(parts);
        }
    }
}

fn take_condition<'a>(schema: Object<'a>, shape: &mut Shape<'a>) {
    let part = |keyword: &str| schema.get(keyword).filter(|it| !allows_all(it));
    let (then, otherwise) = (part("then"), part("else"));
    // Without the others it refuses nothing, but what it looks at counts as evaluated.
    let is_asked = ["unevaluatedItems", "unevaluatedProperties"]
        .iter()
        .any(|it| schema.contains_key(*it));
    if let Some(when) = schema.get("if")
        && (then.is_some() || otherwise.is_some() || is_asked)
    {
        shape.conditions.push(Condition {
            when,
            then,
            otherwise,
        });
    }
}

fn take_keyword<'a>(
    document: Document<'a>,
    keyword: &'a str,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    let plain = Plain::ALL.iter().find(|(it, _)| *it == keyword);
    if let Some((_, plain)) = plain {
        check_plain(document, *plain, value)?;
        let is_default = matches!(value, Value::Bool(false)) && *plain != Plain::Default;
        if is_default {
            return Ok(());
        }
        if *plain == Plain::Format {
            shape.format_at = Some(value);
        }
        shape.plain[*plain as usize] = Some(value);
        return Ok(());
    }
    if let Some((_, inner)) = Inner::ALL.iter().find(|(it, _)| *it == keyword) {
        return take_inner(document, *inner, value, shape);
    }
    if let Some(bound) = Bound::ALL.iter().find(|it| it.keyword() == keyword) {
        return take_bound(document, *bound, value, shape);
    }
    match keyword {
        "$ref" | "$schema" | "$id" | "$anchor" | "$comment" | "$defs" | "definitions" => {}
        "if" | "then" | "else" => expect_schema(document, value)?,
        "type" => take_types(document, value, shape)?,
        "nullable" => match value {
            Value::Bool(true) => shape.null = Null::AllowedAround,
            Value::Bool(false) => {}
            _ => return Err(document.shape(value, "true or false")),
        },
        "enum" => take_values(value, document.array(value)?.iter().collect(), false, shape),
        "const" => take_values(value, vec![value], true, shape),
        "properties" => shape.properties = schemas(document, value)?.collect(),
        "patternProperties" => shape.pattern_properties = schemas(document, value)?.collect(),
        "dependentSchemas" => shape.dependent_schemas = schemas(document, value)?.collect(),
        "dependentRequired" => {
            for (name, names) in document.object(value)? {
                let names = document.array(names)?.iter().map(|it| document.text(it));
                let names = names.collect::<Read<'a, Vec<_>>>()?;
                if !names.is_empty() {
                    shape.dependent_required.insert(name, names);
                }
            }
        }
        "required" => take_required(document, value, shape)?,
        "allOf" => shape.all_of = document.array(value)?.iter().collect(),
        "not" => {
            expect_schema(document, value)?;
            if *value != Value::Bool(false) {
                shape.denials.push(value);
            }
        }
        "pattern" => {
            document.text(value)?;
            shape.patterns.push(value);
        }
        "multipleOf" => match Number::of(value) {
            Some(number) if !number.is_zero() => shape.add_multiple(value),
            Some(_) => {}
            None => return Err(document.shape(value, "a number")),
        },
        "prefixItems" => {
            shape.prefix = document.array(value)?.iter().map(Parts::of).collect();
            while shape.prefix.last().is_some_and(|it| allows_all(it.home())) {
                shape.prefix.pop();
            }
        }
        "title" => take_words(document, Words::Title, value, shape)?,
        "description" => take_words(document, Words::Description, value, shape)?,
        "externalDocs" => {
            document.object(value)?;
            shape.words[Words::ExternalDocs as usize].push(value);
        }
        "example" => shape.examples.push(value),
        "examples" => match value {
            Value::Array(all) => shape.examples.extend(all),
            // Taken from a media type by mistake, where they have names.
            Value::Object(_) => shape.examples.push(value),
            _ => return Err(document.shape(value, "an array")),
        },
        _ => shape.unknown.entry(keyword).or_default().push(value),
    }
    Ok(())
}

/// A flag on a property itself is a mistake of old generators that says nothing in JSON Schema.
fn take_required<'a>(
    document: Document<'a>,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    for name in document.array(value)? {
        shape.required.push(document.text(name)?);
    }
    Ok(())
}

fn schemas<'a>(
    document: Document<'a>,
    value: &'a Value,
) -> Read<'a, impl Iterator<Item = (&'a str, Parts<'a>)>> {
    let members = document.object(value)?.iter();
    Ok(members.map(|(name, it)| (name.as_str(), Parts::of(it))))
}

fn expect_schema<'a>(document: Document<'a>, value: &'a Value) -> Read<'a, ()> {
    match value {
        Value::Object(_) | Value::Bool(_) => Ok(()),
        _ => Err(document.shape(value, "a schema")),
    }
}

fn take_inner<'a>(
    document: Document<'a>,
    inner: Inner,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    expect_schema(document, value)?;
    if !allows_all(value) || inner == Inner::Contains {
        shape.inner[inner as usize] = Some(Parts::of(value));
    }
    Ok(())
}

/// Some generators write `null` for a missing text.
fn take_words<'a>(
    document: Document<'a>,
    words: Words,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    if !value.is_null() {
        document.text(value)?;
        shape.words[words as usize].push(value);
    }
    Ok(())
}

fn check_plain<'a>(document: Document<'a>, plain: Plain, value: &'a Value) -> Read<'a, ()> {
    let (fits, expected) = match plain {
        Plain::Format | Plain::ContentMediaType | Plain::ContentEncoding => {
            (value.is_string(), "a string")
        }
        Plain::MinContains | Plain::MaxContains => (Number::of(value).is_some(), "a number"),
        Plain::UniqueItems | Plain::ReadOnly | Plain::WriteOnly | Plain::Deprecated => {
            (value.is_boolean(), "true or false")
        }
        Plain::Discriminator => (value.is_object(), "an object"),
        Plain::Default | Plain::Sunset => (true, "anything"),
    };
    if fits {
        Ok(())
    } else {
        Err(document.shape(value, expected))
    }
}

fn take_bound<'a>(
    document: Document<'a>,
    bound: Bound,
    value: &'a Value,
    shape: &mut Shape<'a>,
) -> Read<'a, ()> {
    let may_be_flag = matches!(bound, Bound::ExclusiveMaximum | Bound::ExclusiveMinimum);
    if may_be_flag && value.is_boolean() {
        return Ok(());
    }
    let Some(number) = Number::of(value) else {
        return Err(document.shape(value, "a number"));
    };
    if !(bound.is_void_at_zero() && number.is_zero()) {
        shape.bounds[bound as usize] = Some(Limit { at: value, number });
    }
    Ok(())
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
    if types.contains(&"number") {
        types.retain(|it| *it != "integer");
    }
    let has_null = types.contains(&"null");
    if types.len() > 1 {
        types.retain(|it| *it != "null");
    }
    if shape.null != Null::AllowedAround {
        shape.null = if has_null {
            Null::Allowed
        } else {
            Null::Refused
        };
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

/// Whether `null` is allowed is told apart from the values.
fn take_null_out_of_values(shape: &mut Shape<'_>) {
    let is_typed = !shape.types.is_empty();
    if let Some(values) = &mut shape.values {
        let has_null = values.allowed.contains(&&Value::Null);
        // Only `nullable: true` allows null beside values without it.
        if !has_null && shape.null == Null::Allowed {
            shape.null = Null::Refused;
        }
        if values.allowed.len() > 1 && has_null {
            values.allowed.retain(|it| !it.is_null());
        }
        if !is_typed && shape.null == Null::Unsaid {
            shape.null = if has_null {
                Null::Allowed
            } else {
                Null::Refused
            };
        }
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
        shape.values = None;
    }
    if shape.types == ["null"] {
        shape.null = Null::Allowed;
    }
}

/// What 3.0 expresses by `format` and 3.1 by the keywords for content.
fn take_content(shape: &mut Shape<'_>) {
    static BYTE: LazyLock<Value> = LazyLock::new(|| Value::from("byte"));
    static BINARY: LazyLock<Value> = LazyLock::new(|| Value::from("binary"));
    let (plain, said, format): (_, _, &'static Value) = match (
        shape.plain(Plain::ContentEncoding),
        shape.plain(Plain::ContentMediaType),
    ) {
        (Some(_), _) => (Plain::ContentEncoding, "base64", &BYTE),
        (None, Some(_)) => (Plain::ContentMediaType, "application/octet-stream", &BINARY),
        (None, None) => return,
    };
    let has_other = shape.plain(Plain::Format).is_some_and(|it| it != format);
    if let Some(value) = shape.plain(plain)
        && value == said
        && !has_other
    {
        shape.plain[plain as usize] = None;
        shape.plain[Plain::Format as usize] = Some(format);
        shape.format_at = shape.format_at.or(Some(value));
    }
}

pub(super) fn allows_all(schema: &Value) -> bool {
    match schema {
        Value::Bool(allowed) => *allowed,
        Value::Object(keywords) => keywords.is_empty(),
        _ => false,
    }
}

/// "One of these, or null" means nullable; a choice of one is that one.
fn take_choice<'a>(
    document: Document<'a>,
    composition: Composition,
    value: &'a Value,
    shape: &mut Shape<'a>,
    merging: &mut Merging,
) -> Read<'a, ()> {
    let all = document.array(value)?;
    let members: Vec<_> = all.iter().filter(|it| !is_null(it)).collect();
    let has_null = members.len() < all.len();
    let mut inner = match members[..] {
        [] if has_null => {
            let mut inner = Shape::empty(&all[0]);
            inner.types = vec!["null"];
            inner
        }
        [] => return Ok(()),
        [only] => {
            let mut inner = read(document, only, merging)?;
            if shape.name.is_none() && !shape.constrains() {
                shape.name = inner.name;
            }
            inner.all_of.clear();
            inner
        }
        _ => {
            let mut inner = Shape::empty(value);
            inner.choices.push(Choice {
                composition,
                members,
            });
            inner
        }
    };
    if has_null {
        inner.null = Null::Allowed;
    }
    shape.join(inner);
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

/// Whether two lists have the same values in any order.
pub(super) fn same_values(one: &[&Value], other: &[&Value]) -> bool {
    let mut open = other.to_vec();
    one.len() == other.len()
        && one.iter().all(|it| {
            let index = open.iter().position(|at| is_same(it, at));
            index.map(|index| open.swap_remove(index)).is_some()
        })
}
