//! Whether every value that one schema allows is allowed by another, as far as this can be proven.

use std::collections::HashSet;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::document::{Document, Read, is_same_data};
use super::number::{Number, are_multiples, canonical, is_same};
use super::parts::{ANYTHING, Parts};
use super::schema::{Choice, Inner, Null, Plain, Shape, Values};
use super::unchanged::Unchanged;
use crate::finding::{Bound, Composition};

/// How many pairs of schemas one question may look at.
const STEPS: usize = 4_000;

/// How deep one question may lead into schemas that contain each other.
const DEPTH: usize = 24;

/// How many alternatives are compared with each other.
const ALTERNATIVES: usize = 24;

type Key = (usize, Vec<usize>);

/// A question about schemas of two documents, which may be the same one.
pub(super) struct Inclusion<'a, 'u> {
    narrow: Document<'a>,
    wide: Document<'a>,
    unchanged: &'u Unchanged,
    /// Pairs that are assumed to hold, because the question whether they do led here.
    open: FxHashSet<(Key, Key)>,
    /// Pairs that do not hold even so.
    refuted: FxHashSet<(Key, Key)>,
    steps: usize,
    depth: usize,
}

impl<'a, 'u> Inclusion<'a, 'u> {
    pub fn new(narrow: Document<'a>, wide: Document<'a>, unchanged: &'u Unchanged) -> Self {
        Inclusion {
            narrow,
            wide,
            unchanged,
            open: FxHashSet::default(),
            refuted: FxHashSet::default(),
            steps: 0,
            depth: 0,
        }
    }

    /// Whether `wide` surely allows all that `narrow` allows.
    pub fn holds(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        self.steps += 1;
        if self.steps > STEPS || self.depth > DEPTH {
            return Ok(false);
        }
        self.depth += 1;
        let holds = self.holds_here(narrow, wide);
        self.depth -= 1;
        holds
    }

    fn holds_here(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        if narrow.is_false || narrow.is_contradictory {
            return Ok(true);
        }
        if wide.is_false || wide.is_contradictory {
            return Ok(false);
        }
        if !self.base_holds(narrow, wide)? {
            return self.split_holds(narrow, wide);
        }
        for choice in &wide.choices {
            let is_known = |known: &Choice<'a>| self.is_same_choice(known, choice);
            if !narrow.choices.iter().any(is_known)
                && !self.choice_holds(narrow, choice, wide.is_nullable())?
            {
                return self.split_holds(narrow, wide);
            }
        }
        Ok(true)
    }

    fn is_same_choice(&self, one: &Choice<'a>, other: &Choice<'a>) -> bool {
        let is_alike = one.composition == other.composition
            && one.members.len() == other.members.len()
            && one.members.len() <= ALTERNATIVES;
        let mut open = one.members.clone();
        is_alike
            && other.members.iter().all(|it| {
                let same =
                    |known: &&'a Value| is_same_data((self.narrow, *known), (self.wide, *it));
                let index = open.iter().position(same);
                index.map(|index| open.swap_remove(index)).is_some()
            })
    }

    fn parts_hold(&mut self, narrow: &Parts<'a>, wide: &Parts<'a>) -> Read<'a, bool> {
        let key = (narrow.key(self.narrow), wide.key(self.wide));
        if key.0 == key.1 || self.is_unchanged(narrow, wide) {
            return Ok(true);
        }
        if self.refuted.contains(&key) {
            return Ok(false);
        }
        if !self.open.insert(key.clone()) {
            return Ok(true);
        }
        let narrow = Shape::read(self.narrow, narrow)?;
        let wide = Shape::read(self.wide, wide)?;
        let holds = self.holds(&narrow, &wide)?;
        // What was proven under an assumption that failed is not known.
        self.open.remove(&key);
        if !holds {
            self.refuted.insert(key);
        }
        Ok(holds)
    }

    fn is_unchanged(&self, narrow: &Parts<'a>, wide: &Parts<'a>) -> bool {
        let both = narrow.only().zip(wide.only());
        self.narrow.side != self.wide.side
            && both.is_some_and(|(narrow, wide)| self.unchanged.holds(narrow, wide))
    }

    /// Whether it holds for each alternative, or each type, of the narrower schema.
    fn split_holds(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        if let Some((choice, others)) = narrow.choices.split_first() {
            if choice.members.len() > ALTERNATIVES {
                return Ok(false);
            }
            for member in &choice.members {
                let mut one = narrow.clone();
                one.choices = others.to_vec();
                one.join(Shape::of(self.narrow, member)?);
                if !self.holds(&one, wide)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if narrow.types.len() > 1 && !wide.choices.is_empty() {
            for only in &narrow.types {
                let mut one = narrow.clone();
                one.types = vec![only];
                if !self.holds(&one, wide)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// `has_null` says whether null is allowed beside the alternatives.
    fn choice_holds(
        &mut self,
        narrow: &Shape<'a>,
        choice: &Choice<'a>,
        has_null: bool,
    ) -> Read<'a, bool> {
        if choice.members.len() > ALTERNATIVES {
            return Ok(false);
        }
        let mut members = Vec::new();
        for member in &choice.members {
            let mut wide = Shape::of(self.wide, member)?;
            if has_null && wide.null == Null::Refused {
                wide.null = Null::Unsaid;
            }
            members.push(wide);
        }
        for (index, wide) in members.iter().enumerate() {
            if !self.holds(narrow, wide)? {
                continue;
            }
            if choice.composition != Composition::OneOf {
                return Ok(true);
            }
            // What satisfies two of them is refused.
            for (other, wide) in members.iter().enumerate() {
                if other != index && !self.are_apart(narrow, wide)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn are_apart(&self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        Ok(are_disjoint(narrow, wide) || are_told_apart((self.narrow, narrow), (self.wide, wide))?)
    }

    fn base_holds(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        Ok(types_hold(narrow, wide)
            && null_holds(narrow, wide)
            && values_hold(narrow, wide)
            && bounds_hold(narrow, wide)
            && texts_hold(narrow, wide)
            && self.properties_hold(narrow, wide)?
            && self.items_hold(narrow, wide)?
            && self.rest_holds(narrow, wide)?)
    }

    fn properties_hold(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        if !may_be(narrow, "object") {
            return Ok(true);
        }
        if !wide.required.iter().all(|it| narrow.requires(it)) {
            return Ok(false);
        }
        let anything = Parts::of(&ANYTHING);
        let narrow_rest = narrow
            .inner(Inner::AdditionalProperties)
            .unwrap_or(&anything);
        let wide_rest = wide.inner(Inner::AdditionalProperties);
        for (name, parts) in &wide.properties {
            let here = narrow.property(name).unwrap_or(narrow_rest);
            if !self.parts_hold(here, parts)? {
                return Ok(false);
            }
        }
        let Some(wide_rest) = wide_rest else {
            return Ok(true);
        };
        for (name, parts) in &narrow.properties {
            if wide.property(name).is_none() && !self.parts_hold(parts, wide_rest)? {
                return Ok(false);
            }
        }
        self.parts_hold(narrow_rest, wide_rest)
    }

    fn items_hold(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        if !may_be(narrow, "array") {
            return Ok(true);
        }
        let anything = Parts::of(&ANYTHING);
        let rest = |shape: &Shape<'a>| shape.inner(Inner::Items).cloned();
        let (narrow_rest, wide_rest) = (
            rest(narrow).unwrap_or(anything.clone()),
            rest(wide).unwrap_or(anything),
        );
        for index in 0..narrow.prefix.len().max(wide.prefix.len()) {
            let here = narrow.prefix.get(index).unwrap_or(&narrow_rest);
            let there = wide.prefix.get(index).unwrap_or(&wide_rest);
            if !self.parts_hold(here, there)? {
                return Ok(false);
            }
        }
        self.parts_hold(&narrow_rest, &wide_rest)
    }

    /// The keywords that are only compared as they are written.
    fn rest_holds(&mut self, narrow: &Shape<'a>, wide: &Shape<'a>) -> Read<'a, bool> {
        for denial in &wide.denials {
            let mut is_known = false;
            for known in &narrow.denials {
                is_known |= is_same(known, denial);
            }
            if !is_known {
                let denied = Shape::of(self.wide, denial)?;
                is_known = are_disjoint(narrow, &denied);
            }
            if !is_known {
                return Ok(false);
            }
        }
        let same_inner = |inner: Inner| match (narrow.inner(inner), wide.inner(inner)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(other)) => is_same_by_text(one, other),
        };
        let same_plain = |plain: Plain| match (narrow.plain(plain), wide.plain(plain)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(other)) => is_same(one, other),
        };
        let by_name = [
            (&narrow.pattern_properties, &wide.pattern_properties),
            (&narrow.dependent_schemas, &wide.dependent_schemas),
        ]
        .iter()
        .all(|(narrow, wide)| {
            wide.iter().all(|(name, parts)| {
                let here = narrow.get(name);
                here.is_some_and(|it| is_same_by_text(it, parts))
            })
        });
        let needed = wide.dependent_required.iter().all(|(name, names)| {
            let here = narrow.dependent_required.get(name);
            let has = |it: &&str| narrow.requires(it) || here.is_some_and(|all| all.contains(it));
            names.iter().all(has)
        });
        let conditions = wide.conditions.iter().all(|it| {
            narrow.conditions.iter().any(|known| {
                is_same(known.when, it.when)
                    && known.then == it.then
                    && known.otherwise == it.otherwise
            })
        });
        // Without the property names of the other, nobody knows which are additional.
        let patterns_agree = wide.inner(Inner::AdditionalProperties).is_none()
            || narrow.pattern_properties.len() == wide.pattern_properties.len();
        let inner = [
            Inner::Contains,
            Inner::PropertyNames,
            Inner::UnevaluatedItems,
            Inner::UnevaluatedProperties,
            Inner::ContentSchema,
        ];
        let plain = [
            Plain::MinContains,
            Plain::MaxContains,
            Plain::ContentMediaType,
            Plain::ContentEncoding,
        ];
        Ok(inner.into_iter().all(same_inner)
            && plain.into_iter().all(same_plain)
            && by_name
            && needed
            && conditions
            && patterns_agree)
    }
}

/// References may lead to different schemas in the two documents, so those never look the same.
fn is_same_by_text(one: &Parts<'_>, other: &Parts<'_>) -> bool {
    let (one, other): (Vec<_>, Vec<_>) = (one.iter().collect(), other.iter().collect());
    let texts = |of: &[&Value]| of.iter().map(|it| canonical(it)).collect::<Vec<_>>();
    let (one, other) = (texts(&one), texts(&other));
    one == other && !one.iter().any(|text| text.contains("\"$ref\""))
}

/// Whether a value of this type may be allowed.
fn may_be(shape: &Shape<'_>, name: &str) -> bool {
    shape.types.is_empty() || shape.types.contains(&name)
}

fn covers(wide: &[&str], one: &str) -> bool {
    wide.contains(&one) || one == "integer" && wide.contains(&"number")
}

fn types_hold(narrow: &Shape<'_>, wide: &Shape<'_>) -> bool {
    if wide.types.is_empty() {
        return true;
    }
    let types = match narrow.types.is_empty() {
        false => narrow.types.clone(),
        true => match &narrow.values {
            Some(_) => narrow.implied_types(),
            None => return false,
        },
    };
    let is_null = |it: &str| it == "null" && wide.is_nullable();
    types
        .iter()
        .all(|it| covers(&wide.types, it) || is_null(it))
}

fn null_holds(narrow: &Shape<'_>, wide: &Shape<'_>) -> bool {
    wide.null != Null::Refused || narrow.null == Null::Refused || {
        // Nothing but null is left where nothing else says which types are allowed.
        narrow.null == Null::Unsaid && !narrow.types.is_empty()
    }
}

fn allowed(values: &Values<'_>) -> HashSet<String> {
    values.allowed.iter().map(|it| canonical(it)).collect()
}

fn values_hold(narrow: &Shape<'_>, wide: &Shape<'_>) -> bool {
    match (&narrow.values, &wide.values) {
        (_, None) => true,
        (None, Some(wide)) => {
            let all = allowed(wide);
            narrow.types == ["boolean"] && all.contains("true") && all.contains("false")
        }
        (Some(narrow), Some(wide)) => allowed(narrow).is_subset(&allowed(wide)),
    }
}

/// The type that a bound is about.
fn limited_by(bound: Bound) -> &'static str {
    match bound {
        Bound::Maximum | Bound::Minimum | Bound::ExclusiveMaximum | Bound::ExclusiveMinimum => {
            "number"
        }
        Bound::MaxLength | Bound::MinLength => "string",
        Bound::MaxItems | Bound::MinItems => "array",
        Bound::MaxProperties | Bound::MinProperties => "object",
    }
}

fn bounds_hold(narrow: &Shape<'_>, wide: &Shape<'_>) -> bool {
    Bound::ALL.into_iter().all(|bound| {
        let Some(limit) = wide.bound(bound) else {
            return true;
        };
        let kind = limited_by(bound);
        let is_about = may_be(narrow, kind) || kind == "number" && may_be(narrow, "integer");
        if !is_about {
            return true;
        }
        let is_exclusive = matches!(bound, Bound::ExclusiveMaximum | Bound::ExclusiveMinimum);
        let at_least = |number: &Number, is_strict: bool| match (bound.is_upper(), is_strict) {
            (true, false) => *number <= limit.number,
            (true, true) => *number < limit.number,
            (false, false) => *number >= limit.number,
            (false, true) => *number > limit.number,
        };
        let other = match bound {
            Bound::Maximum => Some(Bound::ExclusiveMaximum),
            Bound::Minimum => Some(Bound::ExclusiveMinimum),
            Bound::ExclusiveMaximum => Some(Bound::Maximum),
            Bound::ExclusiveMinimum => Some(Bound::Minimum),
            _ => None,
        };
        let by_same = narrow
            .bound(bound)
            .is_some_and(|it| at_least(&it.number, false));
        let by_other = other
            .and_then(|it| narrow.bound(it))
            .is_some_and(|it| at_least(&it.number, is_exclusive));
        let by_values = narrow.values.as_ref().is_some_and(|values| {
            kind == "number"
                && values.allowed.iter().all(|it| {
                    !it.is_number() || Number::of(it).is_some_and(|it| at_least(&it, is_exclusive))
                })
        });
        by_same || by_other || by_values
    })
}

/// Formats, patterns, multiples and uniqueness.
fn texts_hold(narrow: &Shape<'_>, wide: &Shape<'_>) -> bool {
    let is_number = may_be(narrow, "number") || may_be(narrow, "integer");
    let format = match wide.plain(Plain::Format) {
        None => true,
        Some(format) => narrow.plain(Plain::Format) == Some(format),
    };
    let patterns =
        !may_be(narrow, "string") || wide.patterns.iter().all(|it| narrow.patterns.contains(it));
    let multiples = !is_number || are_multiples(&narrow.multiples, &wide.multiples);
    let unique = !may_be(narrow, "array")
        || !wide.flag(Plain::UniqueItems)
        || narrow.flag(Plain::UniqueItems);
    format && patterns && multiples && unique
}

/// Whether no value satisfies both, as far as their own keywords show.
pub(super) fn are_disjoint(one: &Shape<'_>, other: &Shape<'_>) -> bool {
    if one.is_false || other.is_false {
        return true;
    }
    // Null is said beside the alternatives.
    let both_nullable = one.is_nullable() && other.is_nullable();
    if let (Some(one), Some(other)) = (&one.values, &other.values)
        && !both_nullable
        && allowed(one).is_disjoint(&allowed(other))
    {
        return true;
    }
    let both_typed = !one.types.is_empty() && !other.types.is_empty();
    let meets = one
        .types
        .iter()
        .any(|it| covers(&other.types, it) || *it == "number" && other.types.contains(&"integer"));
    both_typed && !meets && !both_nullable
}

/// Whether no value satisfies two of the alternatives.
pub(super) fn are_apart<'a>(document: Document<'a>, choice: &Choice<'a>) -> Read<'a, bool> {
    if choice.members.len() > ALTERNATIVES {
        return Ok(false);
    }
    let shapes = choice.members.iter().map(|it| Shape::of(document, it));
    let shapes: Vec<_> = shapes.collect::<Read<'a, _>>()?;
    for (index, one) in shapes.iter().enumerate() {
        for other in &shapes[index + 1..] {
            if !are_disjoint(one, other) && !are_told_apart((document, one), (document, other))? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Whether both are objects that require the same property with values that exclude each other.
fn are_told_apart<'a>(
    (one_document, one): (Document<'a>, &Shape<'a>),
    (other_document, other): (Document<'a>, &Shape<'a>),
) -> Read<'a, bool> {
    if one.types != ["object"] || other.types != ["object"] {
        return Ok(false);
    }
    for name in one.required.iter().filter(|it| other.requires(it)) {
        if let (Some(one), Some(other)) = (one.property(name), other.property(name)) {
            let one = Shape::read(one_document, one)?;
            let other = Shape::read(other_document, other)?;
            if are_disjoint(&one, &other) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
