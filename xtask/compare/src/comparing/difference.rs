//! Two schemas side by side: what changed in them, and which schemas inside them are to be
//! compared next.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::comparison::{Carrier, Comparison, Found, Inside, Step};
use super::document::{Document, Read, is_same_data};
use super::fact::{At, Change, Content};
use super::inclusion::{Inclusion, are_apart};
use super::lifecycle::{self, Lifecycle};
use super::members::{Match, Matched, look_alike, matched};
use super::number::{Number, are_multiples, canonical, is_same};
use super::parts::{ANYTHING, Parts};
use super::schema::{Choice, Condition, Inner, Null, Plain, Shape, Words, same_values};
use super::unchanged::Unchanged;
use crate::finding::{self, Bound, Composition, Keyword, Kind, Level, Scope, Shift};
use crate::rules::rule;

/// Compares two schemas, but not those inside them.
pub(super) fn compare_schemas<'a>(
    old: Document<'a>,
    new: Document<'a>,
    unchanged: &Unchanged,
    before: &Parts<'a>,
    after: &Parts<'a>,
) -> Read<'a, Comparison<'a>> {
    let mut pair = Pair {
        old,
        new,
        unchanged,
        before: Shape::read(old, before)?,
        after: Shape::read(new, after)?,
        were_alternatives: false,
        result: Comparison::default(),
    };
    pair.list_types();
    pair.annotations();
    if pair.falsehood() || pair.wrapping()? {
        return Ok(pair.result);
    }
    pair.types()?;
    pair.nullable()?;
    pair.format();
    pair.content();
    pair.values();
    pair.default();
    pair.patterns();
    pair.bounds();
    pair.multiples();
    pair.unique_items();
    pair.properties()?;
    pair.choices()?;
    pair.denials()?;
    pair.items();
    pair.contains();
    pair.conditions();
    pair.additional_properties()?;
    pair.property_names();
    pair.dependencies();
    pair.unevaluated()?;
    pair.discriminator()?;
    pair.unknown();
    pair.all_of()?;
    Ok(pair.result)
}

struct Pair<'a, 'u> {
    old: Document<'a>,
    new: Document<'a>,
    unchanged: &'u Unchanged,
    before: Shape<'a>,
    after: Shape<'a>,
    /// Whether types were written as alternatives, each with nothing but its type.
    were_alternatives: bool,
    result: Comparison<'a>,
}

impl<'a> Pair<'a, '_> {
    fn here(&self) -> At<'a> {
        At::new(self.after.home)
    }

    fn find(&mut self, change: Change<'a>) {
        self.result.found.push(Found {
            property: None,
            change,
        });
    }

    /// A change of one keyword, with both values.
    fn keyword(&mut self, kind: Kind, before: Option<&'a Value>, after: Option<&'a Value>) {
        let at = At::newest(before, after, self.here());
        self.find(Change::new(kind, at).before(before).after(after));
    }

    /// A keyword that limits: more of it allows less.
    fn limit(&mut self, keyword: Keyword, before: Option<&'a Value>, after: Option<&'a Value>) {
        let shift = match (before, after) {
            (None, None) => return,
            (None, Some(_)) => Shift::Narrowed,
            (Some(_), None) => Shift::Widened,
            (Some(was), Some(is)) if is_same(was, is) => return,
            (Some(_), Some(_)) => Shift::Changed,
        };
        self.keyword(Kind::Keyword(keyword, shift), before, after);
    }

    fn both(&self, keyword: Plain) -> (Option<&'a Value>, Option<&'a Value>) {
        (self.before.plain(keyword), self.after.plain(keyword))
    }

    fn enter(&mut self, step: Step<'a>, old: Parts<'a>, new: Parts<'a>) {
        let carrier = Carrier::Both;
        self.result.inside.push(Inside {
            step,
            carrier,
            old,
            new,
        });
    }

    /// A keyword with one schema inside.
    fn inner(&mut self, inner: Inner, keyword: Keyword) {
        let (before, after) = (self.before.inner(inner), self.after.inner(inner));
        match (before.cloned(), after.cloned()) {
            (Some(old), Some(new)) => self.enter(Step::Part(inner.keyword().into()), old, new),
            (before, after) => self.limit(
                keyword,
                before.map(|it| it.home()),
                after.map(|it| it.home()),
            ),
        }
    }

    fn annotations(&mut self) {
        for (keyword, kind) in [
            (Words::Title, Kind::TitleChanged),
            (Words::Description, Kind::DescriptionChanged),
            (Words::ExternalDocs, Kind::ExternalDocsChanged),
        ] {
            let only = |of: &[&'a Value], without: &[&'a Value]| {
                let mut without = without.to_vec();
                let mut rest = of.iter().copied().filter(|it| {
                    let known = without.iter().position(|known| known == it);
                    known.map(|index| without.swap_remove(index)).is_none()
                });
                rest.next()
            };
            let (old, new) = (self.before.words(keyword), self.after.words(keyword));
            let (before, after) = (only(old, new), only(new, old));
            let is_prose = matches!(keyword, Words::Description);
            let differ = before.is_some() || after.is_some();
            if differ && !(is_prose && self.old.reads_alike(before, after)) {
                self.keyword(kind, before, after);
            }
        }
        if !same_values(&self.before.examples, &self.after.examples) {
            let one = |examples: &[&'a Value]| examples.first().copied();
            let (before, after) = (one(&self.before.examples), one(&self.after.examples));
            let at = At::newest(before, after, self.here());
            let mut change = Change::new(Kind::ExampleChanged, at);
            change.before = all(&self.before.examples);
            change.after = all(&self.after.examples);
            self.find(change);
        }
        let lifecycle = |shape: &Shape<'a>| Lifecycle {
            is_deprecated: shape.flag(Plain::Deprecated),
            sunset: shape.plain(Plain::Sunset),
        };
        let (was, is) = (lifecycle(&self.before), lifecycle(&self.after));
        for change in lifecycle::changes(was, is, self.here()) {
            self.find(change);
        }
    }

    fn falsehood(&mut self) -> bool {
        let refuses_all = |shape: &Shape<'a>| shape.is_false || shape.is_contradictory;
        let (was, is) = (refuses_all(&self.before), refuses_all(&self.after));
        if was != is {
            let kind = if is {
                Kind::SchemaBecameFalse
            } else {
                Kind::SchemaBecameNotFalse
            };
            let (before, after) = (Some(self.before.home), Some(self.after.home));
            self.keyword(kind, before, after);
        }
        was != is || self.before.is_false || self.after.is_false
    }

    /// Whether the new schema surely allows all that the old one does, and the other way round.
    fn inclusions(&self) -> Read<'a, (bool, bool)> {
        let wider =
            Inclusion::new(self.old, self.new, self.unchanged).holds(&self.before, &self.after)?;
        let narrower =
            Inclusion::new(self.new, self.old, self.unchanged).holds(&self.after, &self.before)?;
        Ok((wider, narrower))
    }

    /// A schema that becomes one of several, or stops being so.
    fn wrapping(&mut self) -> Read<'a, bool> {
        let wrapped = !self.before.is_choice() && self.after.is_choice();
        let unwrapped = self.before.is_choice() && !self.after.is_choice();
        if !wrapped && !unwrapped || !self.before.constrains() || !self.after.constrains() {
            return Ok(false);
        }
        let (before, after) = (self.before.home, self.after.home);
        let (wider, narrower) = self.inclusions()?;
        if wider && narrower {
            self.unknown();
            return Ok(true);
        }
        let kept = if wrapped {
            find_in_choice((self.old, &self.before), (self.new, &self.after))?
        } else {
            find_in_choice((self.new, &self.after), (self.old, &self.before))?
        };
        let (one, choice) = match wrapped {
            true => (&self.before, &self.after),
            false => (&self.after, &self.before),
        };
        let is_list =
            choice.choice_of_types().is_some() && one.types.len() == 1 && one.properties.is_empty();
        let kind = match (wrapped, kept.is_some()) {
            (true, true) => Kind::WrappedInChoiceKeepingOriginal,
            (false, true) => Kind::UnwrappedFromChoiceKeepingMember,
            _ if wider && is_list => Kind::ListOfTypesWidened,
            _ if narrower && is_list => Kind::ListOfTypesNarrowed,
            _ if wider => Kind::Keyword(Keyword::Choice, Shift::Widened),
            _ if narrower => Kind::Keyword(Keyword::Choice, Shift::Narrowed),
            (true, false) => Kind::WrappedInChoice,
            (false, false) => Kind::UnwrappedFromChoice,
        };
        self.keyword(kind, Some(before), Some(after));
        self.nullable()?;
        if let Some(member) = &kept
            && !wider
            && !narrower
        {
            let choice = match wrapped {
                true => (self.new, self.after.choices[0].clone(), Shift::Narrowed),
                false => (self.old, self.before.choices[0].clone(), Shift::Widened),
            };
            self.overlap(member, choice)?;
        }
        let Some(member) = kept else {
            self.unknown();
            return Ok(true);
        };
        // What else changed is what changed in the alternative that stayed. Null stands beside it.
        self.before.all_of.clear();
        self.after.all_of.clear();
        if wrapped {
            self.after = member;
            self.after.null = self.before.null;
        } else {
            self.before = member;
            self.before.null = self.after.null;
        }
        self.annotations();
        Ok(false)
    }

    /// With `oneOf`, what fits the alternative that is the schema and another one too is refused.
    fn overlap(
        &mut self,
        member: &Shape<'a>,
        (document, choice, shift): (Document<'a>, Choice<'a>, Shift),
    ) -> Read<'a, ()> {
        if choice.composition != Composition::OneOf {
            return Ok(());
        }
        for other in choice.members {
            let shape = Shape::of(document, other)?;
            if std::ptr::eq(other, member.home) {
                continue;
            }
            let holds = |one: &Shape<'a>, other: &Shape<'a>| {
                Inclusion::new(document, document, self.unchanged).holds(one, other)
            };
            if holds(&shape, member)? || holds(member, &shape)? {
                let kind = Kind::Keyword(Keyword::Composition, shift);
                self.keyword(kind, None, Some(other));
                return Ok(());
            }
        }
        Ok(())
    }

    /// A choice between types equals a list of types, and `oneOf` equals `anyOf` here.
    fn list_types(&mut self) {
        let choice = |shape: &Shape<'a>| shape.choice_of_types().map(|(_, types)| types);
        let lists = |shape: &Shape<'a>| match shape.types.len() {
            0 => false,
            1 => shape.is_only_typed(),
            _ => shape.choices.is_empty(),
        };
        let (was, is) = (choice(&self.before), choice(&self.after));
        self.were_alternatives = match (&was, &is) {
            (Some(was), Some(is)) => was != is,
            (Some(_), None) => lists(&self.after),
            (None, Some(_)) => lists(&self.before),
            (None, None) => false,
        };
        if self.were_alternatives {
            self.before.list_types();
            self.after.list_types();
        }
    }

    /// Members of `allOf` are merged. Where what came with a member narrows a request, or what went
    /// with one widens a response, the member is named too, and where properties came or went with it.
    fn all_of(&mut self) -> Read<'a, ()> {
        if self.before.all_of.is_empty() && self.after.all_of.is_empty() {
            return Ok(());
        }
        let matched = matched(self.old, self.new, &self.before.all_of, &self.after.all_of)?;
        let breaks = |scope| {
            let mut found = self.result.found.iter();
            found.any(|it| rule(it.change.kind, scope).level == Level::Breaking)
        };
        let (narrows, widens) = (
            breaks(Scope::RequestProperty),
            breaks(Scope::ResponseProperty),
        );
        let is_plainly = self.plainly(&matched)?;
        for member in matched.removed {
            let shape = Shape::of(self.old, member)?;
            let kind = match shape.constrains() {
                true if widens => Kind::MemberRemoved(Composition::AllOf),
                true if self.names_one_of(&shape) || is_plainly.removed(&shape) => {
                    Kind::HarmlessMemberRemoved(Composition::AllOf)
                }
                false if describes(&shape) => Kind::AnnotationMemberRemoved,
                _ => continue,
            };
            self.keyword(kind, Some(member), None);
        }
        for member in matched.added {
            let shape = Shape::of(self.new, member)?;
            let kind = match shape.constrains() {
                true if narrows => Kind::MemberAdded(Composition::AllOf),
                true if self.names_one_of(&shape) || is_plainly.added(&shape) => {
                    Kind::HarmlessMemberAdded(Composition::AllOf)
                }
                false if describes(&shape) => Kind::AnnotationMemberAdded,
                _ => continue,
            };
            self.keyword(kind, None, Some(member));
        }
        Ok(())
    }

    /// Whether members came or went while the others stayed as they are, apart from what is inside.
    fn plainly(&self, matched: &Matched<'a>) -> Read<'a, Plainly<'a>> {
        let has_others = !matched.pairs.is_empty();
        let mut plainly = Plainly {
            are_added: has_others && matched.removed.is_empty(),
            are_removed: has_others && matched.added.is_empty(),
            names: Vec::new(),
        };
        for pair in &matched.pairs {
            let (was, is) = (
                Shape::of(self.old, pair.old)?,
                Shape::of(self.new, pair.new)?,
            );
            let names = |shape: &Shape<'a>| {
                let names = shape.properties.iter().map(|(name, _)| *name);
                names.collect::<Vec<_>>()
            };
            let is_kept = !pair.is_guess && was.types == is.types && names(&was) == names(&is);
            plainly.are_added &= is_kept;
            plainly.are_removed &= is_kept;
            plainly.names.extend(was.name);
        }
        Ok(plainly)
    }

    /// Alternatives that came or went without a change of what is allowed.
    fn needless(
        &mut self,
        composition: Composition,
        plainly: Plainly<'a>,
        (removed, added): (&[&'a Value], &[&'a Value]),
    ) -> Read<'a, ()> {
        if composition != Composition::AnyOf {
            return Ok(());
        }
        for member in removed {
            if plainly.removed(&Shape::of(self.old, member)?) {
                let kind = Kind::HarmlessMemberRemoved(composition);
                self.keyword(kind, Some(member), None);
            }
        }
        for member in added {
            if plainly.added(&Shape::of(self.new, member)?) {
                let kind = Kind::HarmlessMemberAdded(composition);
                self.keyword(kind, None, Some(member));
            }
        }
        Ok(())
    }

    /// Whether something is told of a property that the member names.
    fn names_one_of(&self, member: &Shape<'a>) -> bool {
        let mut told = self.result.found.iter().filter_map(|it| it.property);
        told.any(|(name, _)| member.property(name).is_some())
    }

    fn types(&mut self) -> Read<'a, ()> {
        let (was, is) = (&self.before.types, &self.after.types);
        if was == is {
            return Ok(());
        }
        let covers = |wide: &[&str], narrow: &[&str]| {
            narrow
                .iter()
                .all(|it| wide.contains(it) || *it == "integer" && wide.contains(&"number"))
        };
        let stated = |shape: &Shape<'a>| match shape.types.is_empty() {
            true => shape.implied_types(),
            false => shape.types.clone(),
        };
        let (stated_was, stated_is) = (stated(&self.before), stated(&self.after));
        let is_explicit = |types: &[&str]| !types.is_empty();
        let kind = match (is_explicit(was), is_explicit(is)) {
            (false, false) => return Ok(()),
            (true, true) => match (covers(is, was), covers(was, is)) {
                (true, _) if self.were_alternatives => Kind::ListOfTypesWidened,
                (_, true) if self.were_alternatives => Kind::ListOfTypesNarrowed,
                (true, _) => Kind::TypeGeneralized,
                (_, true) => Kind::TypeSpecialized,
                (false, false) => Kind::TypeChanged,
            },
            // The alternatives say the types. Where they came or went, that is what is told.
            (true, false) if !self.after.choices.is_empty() => {
                let typed = only_types(self.old, &self.before)?;
                let is_told = self.before.choices.len() != self.after.choices.len()
                    || Inclusion::new(self.new, self.old, self.unchanged)
                        .holds(&self.after, &typed)?;
                match is_told {
                    true => return Ok(()),
                    false => Kind::TypeGeneralized,
                }
            }
            (false, true) if !self.before.choices.is_empty() => {
                let typed = only_types(self.new, &self.after)?;
                let is_told = self.before.choices.len() != self.after.choices.len()
                    || Inclusion::new(self.old, self.new, self.unchanged)
                        .holds(&self.before, &typed)?;
                match is_told {
                    true => return Ok(()),
                    false => Kind::TypeSpecialized,
                }
            }
            (true, false) if stated_is.is_empty() => Kind::TypeGeneralized,
            (false, true) if stated_was.is_empty() => Kind::TypeSpecialized,
            // Many documents describe an object without saying that it is one.
            (true, false) if covers(&stated_is, was) && self.before.is_nullable() => {
                Kind::TypeGeneralized
            }
            (false, true) if covers(&stated_was, is) && self.after.is_nullable() => {
                Kind::TypeSpecialized
            }
            _ if covers(&stated_is, &stated_was) && covers(&stated_was, &stated_is) => {
                return Ok(());
            }
            _ => Kind::TypeChanged,
        };
        let at = At::newest(self.before.types_at, self.after.types_at, self.here());
        let mut change = Change::new(kind, at);
        change.before = type_names(&stated_was);
        change.after = type_names(&stated_is);
        self.find(change);
        Ok(())
    }

    fn nullable(&mut self) -> Read<'a, ()> {
        let was = null_of(self.old, &self.before, 0)?;
        let is = null_of(self.new, &self.after, 0)?;
        let nulls = ["null"];
        let only_null = self.before.types == nulls || self.after.types == nulls;
        let kind = match (was, is) {
            (Null::Refused, Null::Allowed) if !only_null => Kind::BecameNullable,
            (Null::Allowed, Null::Refused) if !only_null => Kind::BecameNotNullable,
            _ => return Ok(()),
        };
        let (was, is) = (was == Null::Allowed, is == Null::Allowed);
        self.find(Change::new(kind, self.here()).became(was, is));
        Ok(())
    }

    fn format(&mut self) {
        let (before, after) = self.both(Plain::Format);
        if before == after {
            return;
        }
        // It only tells a form to hide what is typed.
        let is_hint = |format: Option<&Value>| format.is_none_or(|it| it == "password");
        let kind = match (before, after) {
            _ if is_hint(before) && is_hint(after) => Kind::FormatHintChanged,
            (Some(was), Some(is)) if fits_into(was, is) => Kind::FormatGeneralized,
            (Some(was), Some(is)) if fits_into(is, was) => Kind::FormatSpecialized,
            (None, Some(_)) => Kind::FormatAdded,
            (Some(_), None) => Kind::FormatRemoved,
            _ => Kind::FormatChanged,
        };
        let at = At::newest(self.before.format_at, self.after.format_at, self.here());
        self.find(Change::new(kind, at).before(before).after(after));
    }

    fn content(&mut self) {
        for (plain, keyword) in [
            (Plain::ContentMediaType, Keyword::ContentMediaType),
            (Plain::ContentEncoding, Keyword::ContentEncoding),
        ] {
            let (before, after) = self.both(plain);
            self.limit(keyword, before, after);
        }
        self.inner(Inner::ContentSchema, Keyword::ContentSchema);
    }
    fn values(&mut self) {
        let (was, is) = (self.before.values.clone(), self.after.values.clone());
        let (was, is) = match (was, is) {
            (None, None) => return,
            (None, Some(is)) => {
                let kind = if is.is_constant {
                    Kind::ConstAdded
                } else {
                    Kind::BecameEnum
                };
                return self.keyword(kind, None, Some(is.at));
            }
            (Some(was), None) => {
                let kind = if was.is_constant {
                    Kind::ConstRemoved
                } else {
                    Kind::BecameNotEnum
                };
                return self.keyword(kind, Some(was.at), None);
            }
            (Some(was), Some(is)) => (was, is),
        };
        if let ([before], [after]) = (&was.allowed[..], &is.allowed[..])
            && (was.is_constant || is.is_constant)
        {
            if !is_same(before, after) {
                let change = Change::new(Kind::ConstChanged, At::new(is.at));
                self.find(change.before(Some(before)).after(Some(after)));
            }
            return;
        }
        let texts = |of: &[&Value]| of.iter().map(|it| canonical(it)).collect::<HashSet<_>>();
        let (old_values, new_values) = (texts(&was.allowed), texts(&is.allowed));
        let is_new = |it: &&&Value| !old_values.contains(&canonical(it));
        let is_gone = |it: &&&Value| !new_values.contains(&canonical(it));
        for value in was.allowed.iter().filter(is_gone) {
            let change = Change::new(Kind::EnumValueRemoved, At::new(is.at));
            self.find(change.before(Some(value)));
        }
        for value in is.allowed.iter().filter(is_new) {
            self.find(Change::new(Kind::EnumValueAdded, At::new(value)).after(Some(value)));
        }
    }

    fn default(&mut self) {
        let (before, after) = self.both(Plain::Default);
        match (before, after) {
            (None, Some(_)) => self.keyword(Kind::DefaultAdded, before, after),
            (Some(_), None) => self.keyword(Kind::DefaultRemoved, before, after),
            (Some(was), Some(is)) if !is_same(was, is) => {
                self.keyword(Kind::DefaultChanged, before, after);
            }
            _ => {}
        }
    }

    fn patterns(&mut self) {
        let only = |of: &[&'a Value], without: &[&'a Value]| {
            of.iter().find(|it| !without.contains(it)).copied()
        };
        let (old, new) = (&self.before.patterns, &self.after.patterns);
        let lets_all_pass = |pattern: &Value| matches!(pattern.as_str(), Some("" | ".*" | "^.*$"));
        match (only(old, new), only(new, old)) {
            (None, None) => {}
            (before @ None, after) => self.keyword(Kind::PatternAdded, before, after),
            (before, after @ None) => self.keyword(Kind::PatternRemoved, before, after),
            (before, after @ Some(is)) if lets_all_pass(is) => {
                self.keyword(Kind::PatternGeneralized, before, after);
            }
            (before, after) => self.keyword(Kind::PatternChanged, before, after),
        }
    }

    fn bounds(&mut self) {
        for bound in Bound::ALL {
            let other = match bound {
                Bound::Minimum => Some(Bound::ExclusiveMinimum),
                Bound::Maximum => Some(Bound::ExclusiveMaximum),
                Bound::ExclusiveMinimum => Some(Bound::Minimum),
                Bound::ExclusiveMaximum => Some(Bound::Maximum),
                _ => None,
            };
            let (before, after) = (self.before.bound(bound), self.after.bound(bound));
            let step = match (before, after) {
                (None, None) => continue,
                (Some(was), Some(is)) => match was.number.cmp(&is.number) {
                    Ordering::Less => finding::Step::Increased,
                    Ordering::Greater => finding::Step::Decreased,
                    Ordering::Equal => continue,
                },
                // Where a limit and its exclusive form replace each other, one of them is told:
                // the new one if it is tighter, the old one if it was.
                (None, Some(is)) => match other.and_then(|it| self.before.bound(it)) {
                    Some(was) if !is_tighter(bound, &is.number, &was.number) => continue,
                    _ => finding::Step::Set,
                },
                (Some(was), None) => match other.and_then(|it| self.after.bound(it)) {
                    Some(is) if !is_tighter(bound, &was.number, &is.number) => continue,
                    _ => finding::Step::Unset,
                },
            };
            let (before, after) = (before.map(|it| it.at), after.map(|it| it.at));
            self.keyword(Kind::Bound(bound, step), before, after);
        }
    }

    fn multiples(&mut self) {
        let (was, is) = (&self.before.multiples, &self.after.multiples);
        let kind = match (was.is_empty(), is.is_empty()) {
            (true, true) => return,
            (true, false) => Kind::MultipleOfSet,
            (false, true) => Kind::MultipleOfUnset,
            _ => match (are_multiples(was, is), are_multiples(is, was)) {
                (true, true) => return,
                (true, false) => Kind::MultipleOfGeneralized,
                (false, true) => Kind::MultipleOfSpecialized,
                (false, false) => Kind::MultipleOfChanged,
            },
        };
        let (before, after) = (was.first().copied(), is.first().copied());
        self.keyword(kind, before, after);
    }

    fn unique_items(&mut self) {
        let flag = |shape: &Shape<'_>| shape.flag(Plain::UniqueItems);
        let (before, after) = self.both(Plain::UniqueItems);
        match (flag(&self.before), flag(&self.after)) {
            (false, true) => self.keyword(Kind::UniqueItemsSet, before, after),
            (true, false) => self.keyword(Kind::UniqueItemsUnset, before, after),
            _ => {}
        }
    }

    fn properties(&mut self) -> Read<'a, ()> {
        let before = std::mem::take(&mut self.before.properties);
        let after = std::mem::take(&mut self.after.properties);
        let mut old_ones = before.iter().peekable();
        let mut new_ones = after.iter().peekable();
        loop {
            let side = match (old_ones.peek(), new_ones.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
            };
            let old = old_ones.next_if(|_| side != Ordering::Greater);
            let new = new_ones.next_if(|_| side != Ordering::Less);
            match (old, new) {
                (Some((name, old)), None) => self.removed_property(name, old),
                (None, Some((name, new))) => self.added_property(name, new)?,
                (Some((name, old)), Some((_, new))) => self.property(name, old, new)?,
                (None, None) => break,
            }
        }
        self.before.properties = before;
        self.after.properties = after;
        self.required_elsewhere();
        Ok(())
    }

    fn removed_property(&mut self, name: &'a str, schema: &Parts<'a>) {
        let is_required = self.before.requires(name);
        let kind = if is_required {
            Kind::RequiredPropertyRemoved
        } else {
            Kind::OptionalPropertyRemoved
        };
        let property = Some((name, carrier(self.old, schema)));
        let schema = schema.home();
        let change = Change::new(kind, At::old(schema)).before(Some(schema));
        self.result.found.push(Found { property, change });
    }

    fn added_property(&mut self, name: &'a str, schema: &Parts<'a>) -> Read<'a, ()> {
        let shape = Shape::read(self.new, schema)?;
        let kind = match (self.after.requires(name), shape.plain(Plain::Default)) {
            (true, None) => Kind::RequiredPropertyAdded,
            (true, Some(_)) => Kind::RequiredPropertyWithDefaultAdded,
            // Nothing may be sent there any longer.
            (false, _) if shape.is_false => Kind::SchemaBecameFalse,
            (false, _) => Kind::OptionalPropertyAdded,
        };
        let property = Some((name, carrier(self.new, schema)));
        let schema = schema.home();
        let change = Change::new(kind, At::new(schema)).after(Some(schema));
        self.result.found.push(Found { property, change });
        Ok(())
    }

    fn property(&mut self, name: &'a str, old: &Parts<'a>, new: &Parts<'a>) -> Read<'a, ()> {
        let (was, is) = (self.before.requires(name), self.after.requires(name));
        let carriers = (carrier(self.old, old), carrier(self.new, new));
        let common = if carriers.0 == carriers.1 {
            carriers.1
        } else {
            Carrier::Both
        };
        // What may no longer be sent, or is no longer returned, is not judged inside either.
        let inside = match carriers {
            (Carrier::Both, is) => is,
            _ => common,
        };
        if was != is {
            let has_default = Shape::read(self.new, new)?.plain(Plain::Default).is_some();
            let kind = match (is, has_default) {
                (true, false) => Kind::BecameRequired,
                (true, true) => Kind::BecameRequiredWithDefault,
                (false, _) => Kind::BecameOptional,
            };
            let change = Change::new(kind, At::new(new.home())).became(was, is);
            self.result.found.push(Found {
                property: Some((name, inside)),
                change,
            });
        }
        if carriers.0 != carriers.1 {
            for kind in carrier_kinds(carriers, is) {
                let change = Change::new(kind, At::new(new.home()));
                let change = change.became(carriers.0.word(), carriers.1.word());
                self.result.found.push(Found {
                    property: Some((name, Carrier::Both)),
                    change,
                });
            }
        }
        let step = Step::Property(name);
        self.result.inside.push(Inside {
            step,
            carrier: inside,
            old: old.clone(),
            new: new.clone(),
        });
        Ok(())
    }

    /// Names that are required but not described in the same schema.
    fn required_elsewhere(&mut self) {
        let mut found = Vec::new();
        let sides = [
            (&self.before, (&self.after, self.new), Kind::BecameOptional),
            (&self.after, (&self.before, self.old), Kind::BecameRequired),
        ];
        for (with, (without, document), kind) in sides {
            for name in with.required.iter().filter(|name| !without.requires(name)) {
                if with.property(name).is_none() {
                    let declared = without.property(name);
                    let carrier = declared.map_or(Carrier::Both, |it| carrier(document, it));
                    let is_required = kind == Kind::BecameRequired;
                    let change = Change::new(kind, At::new(self.after.home));
                    let change = change.became(!is_required, is_required);
                    found.push(Found {
                        property: Some((*name, carrier)),
                        change,
                    });
                }
            }
        }
        self.result.found.extend(found);
    }

    fn choices(&mut self) -> Read<'a, ()> {
        let (before, after) = (self.before.choices.clone(), self.after.choices.clone());
        let says_types = |shape: &Shape<'a>| !shape.types.is_empty();
        match (&before[..], &after[..]) {
            ([], []) => {}
            (all_before, all_after) if all_before.len() == all_after.len() => {
                for (was, is) in before.iter().zip(&after) {
                    self.choice(was, is)?;
                }
            }
            _ => {
                let (wider, narrower) = self.inclusions()?;
                let shift = match (wider, narrower) {
                    (true, true) => return Ok(()),
                    (true, false) => Shift::Widened,
                    (false, true) => Shift::Narrowed,
                    // The alternatives of the one say the types that the other says itself.
                    (false, false) if says_types(&self.before) != says_types(&self.after) => {
                        Shift::Changed
                    }
                    (false, false) if before.is_empty() => Shift::Narrowed,
                    (false, false) if after.is_empty() => Shift::Widened,
                    (false, false) => Shift::Changed,
                };
                let is_known = |one: &Choice<'a>, all: &[Choice<'a>]| {
                    let mut all = all.iter();
                    all.any(|it| same_values(&it.members, &one.members))
                };
                let only = |of: &[Choice<'a>], without: &[Choice<'a>]| {
                    let one = of.iter().find(|it| !is_known(it, without));
                    one.and_then(|it| it.members.first().copied())
                };
                let (gone, added) = (only(&before, &after), only(&after, &before));
                self.keyword(Kind::Keyword(Keyword::Choice, shift), gone, added);
                for (was, is) in before.iter().zip(&after) {
                    self.alternatives(was, is)?;
                }
            }
        }
        Ok(())
    }

    /// Compares what is inside of the alternatives that surely belong together.
    fn alternatives(&mut self, was: &Choice<'a>, is: &Choice<'a>) -> Read<'a, ()> {
        let matched = matched(self.old, self.new, &was.members, &is.members)?;
        for Match {
            old, new, label, ..
        } in matched.pairs.into_iter().filter(|it| !it.is_guess)
        {
            self.enter_alternative(is, old, new, &label);
        }
        Ok(())
    }

    fn enter_alternative(
        &mut self,
        choice: &Choice<'a>,
        old: &'a Value,
        new: &'a Value,
        label: &str,
    ) {
        let step = format!("{}[{label}]", choice.composition.keyword());
        self.enter(Step::Part(step.into()), Parts::of(old), Parts::of(new));
    }

    fn choice(&mut self, was: &Choice<'a>, is: &Choice<'a>) -> Read<'a, ()> {
        let matched = matched(self.old, self.new, &was.members, &is.members)?;
        let is_settled = matched.removed.is_empty()
            && matched.added.is_empty()
            && matched.pairs.iter().all(|it| !it.is_guess);
        let (wider, narrower) = match is_settled && was.composition == is.composition {
            true => (false, false),
            false => self.inclusions()?,
        };
        let plainly = self.plainly(&matched)?;
        let kept: Vec<_> = matched.pairs.iter().map(|it| (it.old, it.new)).collect();
        for Match {
            old,
            new,
            label,
            is_guess,
        } in matched.pairs
        {
            let is_told_inside = !is_guess
                || !(wider || narrower)
                || wider != narrower && self.goes_the_same_way(old, new, wider)?;
            if is_told_inside {
                self.enter_alternative(is, old, new, &label);
            } else if !(wider && narrower) {
                let shift = if wider {
                    Shift::Widened
                } else {
                    Shift::Narrowed
                };
                let kind = Kind::Keyword(Keyword::Choice, shift);
                self.keyword(kind, Some(old), Some(new));
            }
        }
        if wider && narrower {
            return self.needless(is.composition, plainly, (&matched.removed, &matched.added));
        }
        let (mut overlapped, mut overlaps) = (false, false);
        for member in matched.removed {
            let shape = Shape::of(self.old, member)?;
            let is_covered =
                Inclusion::new(self.old, self.new, self.unchanged).holds(&shape, &self.after)?;
            if !wider && !is_covered {
                self.keyword(Kind::MemberRemoved(was.composition), Some(member), None);
            }
            for (known, _) in &kept {
                let known = Shape::of(self.old, known)?;
                overlapped |=
                    Inclusion::new(self.old, self.old, self.unchanged).holds(&known, &shape)?;
            }
        }
        for member in matched.added {
            let shape = Shape::of(self.new, member)?;
            let is_covered =
                Inclusion::new(self.new, self.old, self.unchanged).holds(&shape, &self.before)?;
            if !narrower && !is_covered {
                self.keyword(Kind::MemberAdded(is.composition), None, Some(member));
            }
            for (_, known) in &kept {
                let known = Shape::of(self.new, known)?;
                overlaps |=
                    Inclusion::new(self.new, self.new, self.unchanged).holds(&known, &shape)?;
            }
        }
        overlapped &= was.composition == Composition::OneOf && !narrower;
        overlaps &= is.composition == Composition::OneOf && !wider;
        self.composition(was, is, overlapped, overlaps)
    }

    /// Whether the alternative itself surely became wider, or narrower.
    fn goes_the_same_way(&self, old: &'a Value, new: &'a Value, wider: bool) -> Read<'a, bool> {
        let (before, after) = (Shape::of(self.old, old)?, Shape::of(self.new, new)?);
        match wider {
            true => Inclusion::new(self.old, self.new, self.unchanged).holds(&before, &after),
            false => Inclusion::new(self.new, self.old, self.unchanged).holds(&after, &before),
        }
    }

    /// With `oneOf`, what fits two alternatives is refused.
    fn composition(
        &mut self,
        was: &Choice<'a>,
        is: &Choice<'a>,
        overlapped: bool,
        overlaps: bool,
    ) -> Read<'a, ()> {
        let (before, after) = (was.members.first().copied(), is.members.first().copied());
        let shift = match (was.composition, is.composition) {
            (Composition::AnyOf, Composition::OneOf) if !are_apart(self.new, is)? => {
                Shift::Narrowed
            }
            (Composition::OneOf, Composition::AnyOf) if !are_apart(self.old, was)? => {
                Shift::Widened
            }
            _ if overlaps && !overlapped => Shift::Narrowed,
            _ if overlapped && !overlaps => Shift::Widened,
            _ => return Ok(()),
        };
        self.keyword(Kind::Keyword(Keyword::Composition, shift), before, after);
        Ok(())
    }

    fn denials(&mut self) -> Read<'a, ()> {
        let (before, after) = (self.before.denials.clone(), self.after.denials.clone());
        match (&before[..], &after[..]) {
            ([], []) => {}
            ([], [is, ..]) => self.keyword(Kind::NotAdded, None, Some(is)),
            ([was, ..], []) => self.keyword(Kind::NotRemoved, Some(was), None),
            ([was], [is]) if is_same_data((self.old, was), (self.new, is)) => {}
            ([was], [is]) => {
                let (old, new) = (Shape::of(self.old, was)?, Shape::of(self.new, is)?);
                let more = Inclusion::new(self.old, self.new, self.unchanged).holds(&old, &new)?;
                let less = Inclusion::new(self.new, self.old, self.unchanged).holds(&new, &old)?;
                let kind = match (more, less) {
                    (true, true) => Kind::DescriptionChanged,
                    (true, false) => Kind::Keyword(Keyword::Not, Shift::Narrowed),
                    (false, true) => Kind::Keyword(Keyword::Not, Shift::Widened),
                    (false, false) => Kind::NotChanged,
                };
                self.keyword(kind, Some(was), Some(is));
            }
            (was, is) => {
                let is_known = |one: (Document<'a>, &'a Value),
                                all: (Document<'a>, &[&'a Value])| {
                    all.1.iter().any(|it| is_same_data(one, (all.0, it)))
                };
                let gone = was
                    .iter()
                    .find(|it| !is_known((self.old, it), (self.new, is)));
                let added = is
                    .iter()
                    .find(|it| !is_known((self.new, it), (self.old, was)));
                match (gone.copied(), added.copied()) {
                    (None, None) => {}
                    (None, added) => self.keyword(Kind::NotAdded, None, added),
                    (gone, None) => self.keyword(Kind::NotRemoved, gone, None),
                    (gone, added) => self.keyword(Kind::NotChanged, gone, added),
                }
            }
        }
        Ok(())
    }

    /// The items by position, then the others.
    fn items(&mut self) {
        let (was, is) = (self.before.prefix.clone(), self.after.prefix.clone());
        let rest = |shape: &Shape<'a>| shape.inner(Inner::Items).cloned();
        let (before, after) = (rest(&self.before), rest(&self.after));
        for index in 0..was.len().max(is.len()) {
            let old = was.get(index).or(before.as_ref()).cloned();
            let new = is.get(index).or(after.as_ref()).cloned();
            match (old, new) {
                (Some(old), Some(new)) => {
                    self.enter(Step::Part(format!("prefixItems[{index}]").into()), old, new);
                }
                (old, new) => self.limit(
                    Keyword::PrefixItems,
                    old.map(|it| it.home()),
                    new.map(|it| it.home()),
                ),
            }
        }
        let kind = match (before, after) {
            (None, None) => return,
            (Some(old), Some(new)) => return self.enter(Step::Part("items".into()), old, new),
            (None, Some(after)) => (Kind::ItemsAdded, None, Some(after.home())),
            (Some(before), None) => (Kind::ItemsRemoved, Some(before.home()), None),
        };
        self.keyword(kind.0, kind.1, kind.2);
    }

    fn contains(&mut self) {
        let has_most = |shape: &Shape<'a>| shape.plain(Plain::MaxContains).is_some();
        let (before, after) = (
            self.before.inner(Inner::Contains).map(Parts::home),
            self.after.inner(Inner::Contains).map(Parts::home),
        );
        if let (Some(was), Some(is)) = (before, after)
            && (has_most(&self.before) || has_most(&self.after))
        {
            // More items that match are too many.
            if !is_same_data((self.old, was), (self.new, is)) {
                let kind = Kind::Keyword(Keyword::Contains, Shift::Changed);
                self.keyword(kind, before, after);
            }
        } else {
            self.inner(Inner::Contains, Keyword::Contains);
        }
        if before.is_none() || after.is_none() {
            return;
        }
        let number = |value: Option<&Value>| value.and_then(Number::of);
        let (was, is) = self.both(Plain::MinContains);
        let one = || Number::of(&Value::from(1));
        let least = (number(was).or_else(one), number(is).or_else(one));
        let shift = match least.0.cmp(&least.1) {
            Ordering::Less => Some(Shift::Narrowed),
            Ordering::Greater => Some(Shift::Widened),
            Ordering::Equal => None,
        };
        if let Some(shift) = shift {
            self.keyword(Kind::Keyword(Keyword::MinContains, shift), was, is);
        }
        let (was, is) = self.both(Plain::MaxContains);
        let shift = match (number(was), number(is)) {
            (None, None) => return,
            (None, Some(_)) => Shift::Narrowed,
            (Some(_), None) => Shift::Widened,
            (Some(before), Some(after)) => match before.cmp(&after) {
                Ordering::Less => Shift::Widened,
                Ordering::Greater => Shift::Narrowed,
                Ordering::Equal => return,
            },
        };
        self.keyword(Kind::Keyword(Keyword::MaxContains, shift), was, is);
    }

    fn conditions(&mut self) {
        let (before, after) = (
            self.before.conditions.clone(),
            self.after.conditions.clone(),
        );
        let is_same_part = |one: Option<&'a Value>, other: Option<&'a Value>| match (one, other) {
            (Some(one), Some(other)) => is_same_data((self.old, one), (self.new, other)),
            (one, other) => one.is_none() && other.is_none(),
        };
        let is_same_when =
            |was: &Condition<'a>, is: &Condition<'a>| is_same_part(Some(was.when), Some(is.when));
        let is_same = |was: &Condition<'a>, is: &Condition<'a>| {
            is_same_when(was, is)
                && is_same_part(was.then, is.then)
                && is_same_part(was.otherwise, is.otherwise)
        };
        let mut gone = before;
        let mut added = after;
        let mut pairs = Vec::new();
        type Likeness<'c, 'a> = &'c dyn Fn(&Condition<'a>, &Condition<'a>) -> bool;
        let likenesses: [Likeness<'_, 'a>; 3] = [&is_same, &is_same_when, &|_, _| true];
        for alike in likenesses {
            added.retain(|is| match gone.iter().position(|was| alike(was, is)) {
                Some(index) => {
                    pairs.push((gone.remove(index), is.clone()));
                    false
                }
                None => true,
            });
        }
        for (was, is) in &pairs {
            self.condition(was, is);
        }
        for is in added {
            self.limit(Keyword::If, None, Some(is.when));
        }
        for was in gone {
            self.limit(Keyword::If, Some(was.when), None);
        }
    }

    fn condition(&mut self, was: &Condition<'a>, is: &Condition<'a>) {
        if !is_same_data((self.old, was.when), (self.new, is.when)) {
            let kind = Kind::Keyword(Keyword::If, Shift::Changed);
            return self.keyword(kind, Some(was.when), Some(is.when));
        }
        for (name, keyword, before, after) in [
            ("then", Keyword::Then, was.then, is.then),
            ("else", Keyword::Else, was.otherwise, is.otherwise),
        ] {
            match (before, after) {
                (Some(old), Some(new)) => {
                    self.enter(Step::Part(name.into()), Parts::of(old), Parts::of(new));
                }
                (before, after) => self.limit(keyword, before, after),
            }
        }
    }

    fn additional_properties(&mut self) -> Read<'a, ()> {
        let inner = |shape: &Shape<'a>| shape.inner(Inner::AdditionalProperties).cloned();
        let (before, after) = (inner(&self.before), inner(&self.after));
        let (was, is) = (
            Room::of(self.old, before.as_ref())?,
            Room::of(self.new, after.as_ref())?,
        );
        let kind = match (was, is) {
            (Room::Typed, Room::Typed) => {
                if let (Some(old), Some(new)) = (before, after) {
                    self.enter(Step::Part("additionalProperties".into()), old, new);
                }
                return Ok(());
            }
            (Room::Typed, Room::Any) => Kind::AdditionalPropertiesBecameAny,
            _ if was < is => Kind::AdditionalPropertiesWidened,
            _ if was > is => Kind::AdditionalPropertiesNarrowed,
            _ => return Ok(()),
        };
        self.keyword(kind, before.map(|it| it.home()), after.map(|it| it.home()));
        Ok(())
    }

    fn property_names(&mut self) {
        self.inner(Inner::PropertyNames, Keyword::PropertyNames);
        let is_closed = |shape: &Shape<'a>| {
            let rest = shape.inner(Inner::AdditionalProperties);
            rest.is_some_and(Parts::refuses_all)
        };
        let (was_closed, is_closed) = (is_closed(&self.before), is_closed(&self.after));
        for (name, before, after) in side_by_name(
            &self.before.pattern_properties,
            &self.after.pattern_properties,
        ) {
            let shift = match (&before, &after) {
                (Some(_), None) if is_closed => Shift::Narrowed,
                (Some(_), None) => Shift::Widened,
                (None, Some(_)) if was_closed => Shift::Widened,
                (None, Some(_)) => Shift::Narrowed,
                _ => {
                    if let (Some(old), Some(new)) = (before, after) {
                        let step = format!("patternProperties[{name}]");
                        self.enter(Step::Part(step.into()), old, new);
                    }
                    continue;
                }
            };
            let kind = Kind::Keyword(Keyword::PatternProperties, shift);
            let (before, after) = (before.map(|it| it.home()), after.map(|it| it.home()));
            self.keyword(kind, before, after);
        }
    }

    fn dependencies(&mut self) {
        for (name, before, after) in side_by_name(
            &self.before.dependent_schemas,
            &self.after.dependent_schemas,
        ) {
            match (before, after) {
                (Some(old), Some(new)) => {
                    let step = format!("dependentSchemas[{name}]");
                    self.enter(Step::Part(step.into()), old, new);
                }
                (before, after) => self.limit(
                    Keyword::DependentSchemas,
                    before.map(|it| it.home()),
                    after.map(|it| it.home()),
                ),
            }
        }
        let pairs = |shape: &Shape<'a>| {
            let all = shape.dependent_required.iter();
            let all = all.flat_map(|(name, names)| names.iter().map(|it| (*name, *it)));
            all.collect::<BTreeSet<_>>()
        };
        let (was, is) = (pairs(&self.before), pairs(&self.after));
        let say = |(name, needed): &(&str, &str)| Some(Content::made(format!("{name}: {needed}")));
        for one in was.difference(&is) {
            let kind = Kind::Keyword(Keyword::DependentRequired, Shift::Widened);
            let mut change = Change::new(kind, self.here());
            change.before = say(one);
            self.find(change);
        }
        for one in is.difference(&was) {
            let kind = Kind::Keyword(Keyword::DependentRequired, Shift::Narrowed);
            let mut change = Change::new(kind, self.here());
            change.after = say(one);
            self.find(change);
        }
    }

    fn unevaluated(&mut self) -> Read<'a, ()> {
        for (inner, keyword) in [
            (Inner::UnevaluatedItems, Keyword::UnevaluatedItems),
            (Inner::UnevaluatedProperties, Keyword::UnevaluatedProperties),
        ] {
            let (before, after) = (
                self.before.inner(inner).cloned(),
                self.after.inner(inner).cloned(),
            );
            let was = Room::of(self.old, before.as_ref())?;
            let is = Room::of(self.new, after.as_ref())?;
            let shift = match (was, is) {
                (Room::Typed, Room::Typed) => {
                    if let (Some(old), Some(new)) = (before, after) {
                        self.enter(Step::Part(inner.keyword().into()), old, new);
                    }
                    continue;
                }
                _ if was < is => Shift::Widened,
                _ if was > is => Shift::Narrowed,
                _ => continue,
            };
            let (before, after) = (before.map(|it| it.home()), after.map(|it| it.home()));
            self.keyword(Kind::Keyword(keyword, shift), before, after);
        }
        Ok(())
    }

    fn discriminator(&mut self) -> Read<'a, ()> {
        let (before, after) = self.both(Plain::Discriminator);
        match (before, after) {
            (None, None) => {}
            (None, Some(_)) => self.keyword(Kind::DiscriminatorAdded, before, after),
            (Some(_), None) => self.keyword(Kind::DiscriminatorRemoved, before, after),
            (Some(was), Some(is)) => self.discriminators(was, is)?,
        }
        Ok(())
    }

    fn discriminators(&mut self, was: &'a Value, is: &'a Value) -> Read<'a, ()> {
        let (before, after) = (was.get("propertyName"), is.get("propertyName"));
        if before != after {
            self.keyword(Kind::DiscriminatorPropertyNameChanged, before, after);
        }
        let (old, new) = (mapping(self.old, was)?, mapping(self.new, is)?);
        let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for name in names {
            let (before, after) = (old.get(name), new.get(name));
            let kind = match (before, after) {
                (None, _) => Kind::DiscriminatorMappingAdded,
                (_, None) => Kind::DiscriminatorMappingDeleted,
                (Some((_, was)), Some((_, is))) if was != is => {
                    match self.name_the_same(was, is)? {
                        true => Kind::DiscriminatorMappingRenamed,
                        false => Kind::DiscriminatorMappingChanged,
                    }
                }
                _ => continue,
            };
            let at = At::newest(before.map(|it| it.0), after.map(|it| it.0), self.here());
            let said = |target: Option<&(&Value, String)>| {
                let target = target.and_then(|(it, _)| it.as_str());
                target.map(|target| Content::made(format!("{name} → {target}")))
            };
            let mut change = Change::new(kind, at);
            change.before = said(before);
            change.after = said(after);
            self.find(change);
        }
        Ok(())
    }

    /// Whether two addresses lead to schemas that allow the same values.
    fn name_the_same(&self, was: &str, is: &str) -> Read<'a, bool> {
        let target = |document: Document<'a>, address: &str| {
            let pointer = address.strip_prefix('#')?;
            document.root.pointer(pointer)
        };
        let (Some(was), Some(is)) = (target(self.old, was), target(self.new, is)) else {
            return Ok(false);
        };
        let (was, is) = (Shape::of(self.old, was)?, Shape::of(self.new, is)?);
        Ok(
            Inclusion::new(self.old, self.new, self.unchanged).holds(&was, &is)?
                && Inclusion::new(self.new, self.old, self.unchanged).holds(&is, &was)?,
        )
    }

    /// Extensions and `xml` are data; a change in them, or behind a reference in them, is one
    /// remark.
    fn unknown(&mut self) {
        let (old, new) = (
            std::mem::take(&mut self.before.unknown),
            std::mem::take(&mut self.after.unknown),
        );
        let keywords: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for keyword in keywords {
            let none = Vec::new();
            let was = old.get(keyword).unwrap_or(&none);
            let is = new.get(keyword).unwrap_or(&none);
            let only = |of: &[&'a Value], document, without: &[&'a Value], other| {
                let is_known = |it: &&Value| {
                    let mut all = without.iter();
                    all.any(|known| is_same_data((document, *it), (other, *known)))
                };
                of.iter().copied().find(|it| !is_known(it))
            };
            let gone = only(was, self.old, is, self.new);
            let added = only(is, self.new, was, self.old);
            if gone.is_some() || added.is_some() {
                self.keyword(Kind::Unhandled, gone, added);
            }
        }
    }
}

/// A schema that says nothing but these types.
fn only_types<'a>(document: Document<'a>, shape: &Shape<'a>) -> Read<'a, Shape<'a>> {
    let mut typed = Shape::of(document, &ANYTHING)?;
    typed.types.clone_from(&shape.types);
    typed.null = shape.null;
    Ok(typed)
}

/// Whether a reference to another schema was put beside others, or taken away.
struct Plainly<'a> {
    are_added: bool,
    are_removed: bool,
    /// The names of the others.
    names: Vec<&'a str>,
}

impl Plainly<'_> {
    fn added(&self, member: &Shape<'_>) -> bool {
        self.are_added && self.is_another(member)
    }

    fn removed(&self, member: &Shape<'_>) -> bool {
        self.are_removed && self.is_another(member)
    }

    fn is_another(&self, member: &Shape<'_>) -> bool {
        member.name.is_some_and(|it| !self.names.contains(&it))
    }
}

/// Whether the schema has anything to read.
fn describes(shape: &Shape<'_>) -> bool {
    let words = [Words::Title, Words::Description, Words::ExternalDocs];
    words.into_iter().any(|it| !shape.words(it).is_empty()) || !shape.examples.is_empty()
}

/// What a schema says about null, with its alternatives.
fn null_of<'a>(document: Document<'a>, shape: &Shape<'a>, depth: usize) -> Read<'a, Null> {
    const DEEPEST: usize = 8;
    match shape.null {
        Null::Allowed | Null::AllowedAround => return Ok(Null::Allowed),
        Null::Refused => return Ok(Null::Refused),
        Null::Unsaid if shape.choices.is_empty() => return Ok(Null::Unsaid),
        Null::Unsaid => {}
    }
    let mut null = Null::Allowed;
    for choice in &shape.choices {
        let mut inside = Null::Refused;
        for member in &choice.members {
            let member = Shape::of(document, member)?;
            if depth < DEEPEST && null_of(document, &member, depth + 1)? == Null::Allowed {
                inside = Null::Allowed;
            }
        }
        if inside == Null::Refused {
            null = Null::Refused;
        }
    }
    Ok(null)
}

/// Whether each value of the one format is one of the other too.
fn fits_into(one: &Value, other: &Value) -> bool {
    matches!(
        (one.as_str(), other.as_str()),
        (Some("int32"), Some("int64")) | (Some("float"), Some("double"))
    )
}

/// Whether the bound, with one number, allows less than its counterpart, the exclusive bound for
/// a plain one and the other way round, with the other number.
fn is_tighter(bound: Bound, one: &Number, other: &Number) -> bool {
    let is_exclusive = matches!(bound, Bound::ExclusiveMaximum | Bound::ExclusiveMinimum);
    match one.cmp(other) {
        Ordering::Equal => is_exclusive,
        Ordering::Less => bound.is_upper(),
        Ordering::Greater => !bound.is_upper(),
    }
}

/// The schemas that a discriminator names. A name alone stands for the component of that name,
/// and so do the names of components without a mapping.
fn mapping<'a>(
    document: Document<'a>,
    discriminator: &'a Value,
) -> Read<'a, BTreeMap<&'a str, (&'a Value, String)>> {
    let members = document.members(document.object(discriminator)?, "mapping")?;
    let mut mapping = BTreeMap::new();
    for (name, target) in members {
        let text = document.text(target)?;
        let address = match text.contains(['/', '#', '.']) {
            true => text.to_owned(),
            false => format!("#/components/schemas/{text}"),
        };
        if address != format!("#/components/schemas/{name}") {
            mapping.insert(name, (target, address));
        }
    }
    Ok(mapping)
}

type ByName<'a> = BTreeMap<&'a str, Parts<'a>>;

fn side_by_name<'a>(
    old: &ByName<'a>,
    new: &ByName<'a>,
) -> Vec<(&'a str, Option<Parts<'a>>, Option<Parts<'a>>)> {
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let rows = names.into_iter();
    rows.map(|name| (name, old.get(name).cloned(), new.get(name).cloned()))
        .collect()
}

impl Carrier {
    fn word(self) -> &'static str {
        match self {
            Carrier::Both => "read and write",
            Carrier::ResponsesOnly => "read only",
            Carrier::RequestsOnly => "write only",
        }
    }
}

/// Whether a property is only sent or only returned: as it says itself, or what it refers to.
fn carrier<'a>(document: Document<'a>, schema: &Parts<'a>) -> Carrier {
    let (mut read_only, mut write_only) = (false, false);
    let mut seen: Vec<*const Value> = Vec::new();
    let mut open: Vec<&Value> = schema.iter().collect();
    while let Some(schema) = open.pop() {
        let here = std::ptr::from_ref(schema);
        if seen.contains(&here) {
            continue;
        }
        seen.push(here);
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            let most = match keyword.as_str() {
                "readOnly" => {
                    read_only |= *value == Value::Bool(true);
                    continue;
                }
                "writeOnly" => {
                    write_only |= *value == Value::Bool(true);
                    continue;
                }
                "$ref" => {
                    open.extend(document.target(value));
                    continue;
                }
                "allOf" => usize::MAX,
                "oneOf" | "anyOf" => 1,
                _ => continue,
            };
            let members = value.as_array().into_iter().flatten();
            let members: Vec<_> = members.filter(|it| !is_nothing_but_null(it)).collect();
            if members.len() <= most {
                open.extend(members);
            }
        }
    }
    match (read_only, write_only) {
        (true, false) => Carrier::ResponsesOnly,
        (false, true) => Carrier::RequestsOnly,
        _ => Carrier::Both,
    }
}

fn is_nothing_but_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|it| it == "null")
}

fn carrier_kinds((was, is): (Carrier, Carrier), is_required: bool) -> Vec<Kind> {
    let left = match (was, is_required) {
        (Carrier::Both, _) => None,
        (Carrier::ResponsesOnly, true) => Some(Kind::RequiredBecameNotReadOnly),
        (Carrier::ResponsesOnly, false) => Some(Kind::OptionalBecameNotReadOnly),
        (Carrier::RequestsOnly, true) => Some(Kind::RequiredBecameNotWriteOnly),
        (Carrier::RequestsOnly, false) => Some(Kind::OptionalBecameNotWriteOnly),
    };
    let entered = match (is, is_required) {
        (Carrier::Both, _) => None,
        (Carrier::ResponsesOnly, true) => Some(Kind::RequiredBecameReadOnly),
        (Carrier::ResponsesOnly, false) => Some(Kind::OptionalBecameReadOnly),
        (Carrier::RequestsOnly, true) => Some(Kind::RequiredBecameWriteOnly),
        (Carrier::RequestsOnly, false) => Some(Kind::OptionalBecameWriteOnly),
    };
    left.into_iter().chain(entered).collect()
}

/// Which additional properties are allowed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    None,
    Typed,
    Any,
}

impl Room {
    fn of<'a>(document: Document<'a>, keyword: Option<&Parts<'a>>) -> Read<'a, Room> {
        Ok(match keyword {
            None => Room::Any,
            Some(schema) if schema.refuses_all() => Room::None,
            Some(schema) if Shape::read(document, schema)?.constrains() => Room::Typed,
            Some(_) => Room::Any,
        })
    }
}

/// The member of the choice that is the schema: by name, or because it means the same.
fn find_in_choice<'a>(
    schema: (Document<'a>, &Shape<'a>),
    choice: (Document<'a>, &Shape<'a>),
) -> Read<'a, Option<Shape<'a>>> {
    let mut around = only_types(choice.0, choice.1)?;
    around.null = Null::Unsaid;
    let members = choice.1.choices.iter().flat_map(|it| &it.members);
    for member in members {
        let mut shape = Shape::of(choice.0, member)?;
        let same_name = shape.name.is_some() && shape.name == schema.1.name;
        shape.join(around.clone());
        let is_same = same_name || look_alike(schema, (choice.0, &shape))?;
        if is_same && !shape.is_contradictory {
            return Ok(Some(shape));
        }
    }
    Ok(None)
}

fn type_names<'a>(types: &[&str]) -> Option<Content<'a>> {
    let names = match types {
        [] => return None,
        [only] => Value::from(*only),
        several => Value::from(several.to_vec()),
    };
    Some(Content::made(names))
}

/// Several values as one; a single value stays as it is.
pub(super) fn all<'a>(values: &[&'a Value]) -> Option<Content<'a>> {
    match values {
        [] => None,
        [only] => Some(Content::Part(only)),
        several => Some(Content::made(
            several.iter().map(|it| (*it).clone()).collect::<Vec<_>>(),
        )),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Added,
    Removed,
    Both,
}

type SideBySide<'a> = (&'a str, Presence, Option<&'a Value>, Option<&'a Value>);

/// The members of both sides by name, in alphabetical order.
pub(super) fn side_by_side<'a>(
    old: Vec<(&'a str, &'a Value)>,
    new: Vec<(&'a str, &'a Value)>,
) -> Vec<SideBySide<'a>> {
    let mut names: std::collections::BTreeMap<&str, (Option<&Value>, Option<&Value>)> =
        Default::default();
    for (name, value) in old {
        names.entry(name).or_default().0 = Some(value);
    }
    for (name, value) in new {
        names.entry(name).or_default().1 = Some(value);
    }
    let rows = names.into_iter().map(|(name, (old, new))| {
        let presence = match (old, new) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Both,
        };
        (name, presence, old, new)
    });
    rows.collect()
}
