//! Two schemas side by side: what changed in them, and which schemas inside them are to be
//! compared next.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Number, Value};

use super::comparison::{Carrier, Comparison, Found, Inside, Step};
use super::document::{Document, Read};
use super::fact::{At, Change, Content};
use super::lifecycle::{self, Lifecycle};
use super::members::{look_alike, matched};
use super::reading::reads_alike;
use super::schema::{INNER, INNER_BY_NAME, INNER_LISTS, Plain, Shape};
use crate::finding::{self, Bound, Composition, Kind};

/// Compares two schemas, but not those inside them.
pub(super) fn compare_schemas<'a>(
    old: Document<'a>,
    new: Document<'a>,
    before: &'a Value,
    after: &'a Value,
) -> Read<'a, Comparison<'a>> {
    let mut pair = Pair {
        old,
        new,
        before: Shape::read(old, before)?,
        after: Shape::read(new, after)?,
        result: Comparison::default(),
    };
    pair.list_types();
    pair.annotations();
    if pair.falsehood() || pair.wrapping()? {
        return Ok(pair.result);
    }
    pair.types();
    pair.nullable();
    pair.format();
    pair.values();
    pair.default();
    pair.pattern();
    pair.bounds();
    pair.multiple_of();
    pair.unique_items();
    pair.properties()?;
    for composition in [Composition::AllOf, Composition::AnyOf, Composition::OneOf] {
        pair.members(composition)?;
    }
    pair.denial();
    pair.items();
    pair.additional_properties()?;
    pair.discriminator()?;
    pair.unknown()?;
    Ok(pair.result)
}

struct Pair<'a> {
    old: Document<'a>,
    new: Document<'a>,
    before: Shape<'a>,
    after: Shape<'a>,
    result: Comparison<'a>,
}

impl<'a> Pair<'a> {
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

    fn both(&self, keyword: Plain) -> (Option<&'a Value>, Option<&'a Value>) {
        (self.before.plain(keyword), self.after.plain(keyword))
    }

    fn enter(&mut self, step: Step<'a>, old: &'a Value, new: &'a Value) {
        let carrier = Carrier::Both;
        self.result.inside.push(Inside {
            step,
            carrier,
            old,
            new,
        });
    }

    fn annotations(&mut self) {
        for (keyword, kind) in [
            (Plain::Title, Kind::TitleChanged),
            (Plain::Description, Kind::DescriptionChanged),
            (Plain::ExternalDocs, Kind::ExternalDocsChanged),
        ] {
            let (before, after) = self.both(keyword);
            let is_prose = matches!(keyword, Plain::Description);
            if before != after && !(is_prose && reads_alike(before, after)) {
                self.keyword(kind, before, after);
            }
        }
        if self.before.examples != self.after.examples {
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
        let (was, is) = (self.before.is_false, self.after.is_false);
        if was != is {
            let kind = if is {
                Kind::SchemaBecameFalse
            } else {
                Kind::SchemaBecameNotFalse
            };
            let (before, after) = (Some(self.before.home), Some(self.after.home));
            self.keyword(kind, before, after);
        }
        was || is
    }

    /// A schema that becomes one of several, or stops being so.
    fn wrapping(&mut self) -> Read<'a, bool> {
        let wrapped = !self.before.has_choice() && self.after.is_choice();
        let unwrapped = self.before.is_choice() && !self.after.has_choice();
        if !wrapped && !unwrapped || !self.before.constrains() || !self.after.constrains() {
            return Ok(false);
        }
        let (before, after) = (self.before.home, self.after.home);
        let kept = if wrapped {
            find_in_choice((self.old, &self.before), (self.new, &self.after))?
        } else {
            find_in_choice((self.new, &self.after), (self.old, &self.before))?
        };
        let kind = match (wrapped, kept) {
            (true, Some(_)) => Kind::WrappedInChoiceKeepingOriginal,
            (true, None) => Kind::WrappedInChoice,
            (false, Some(_)) => Kind::UnwrappedFromChoiceKeepingMember,
            (false, None) => Kind::UnwrappedFromChoice,
        };
        self.keyword(kind, Some(before), Some(after));
        self.nullable();
        match kept {
            Some(member) if wrapped => self.enter(Step::Stay, before, member),
            Some(member) => self.enter(Step::Stay, member, after),
            None => {}
        }
        Ok(true)
    }

    /// A choice between types equals a list of types, and `oneOf` equals `anyOf` here.
    fn list_types(&mut self) {
        let choice = |shape: &Shape<'a>| shape.choice_of_types().map(|(kind, _)| kind);
        let lists = |shape: &Shape<'a>| shape.types.len() > 1 && !shape.has_choice();
        match (choice(&self.before), choice(&self.after)) {
            (Some(was), Some(is)) if was != is => {
                self.before.list_types();
                self.after.list_types();
            }
            (Some(_), None) if lists(&self.after) => self.before.list_types(),
            (None, Some(_)) if lists(&self.before) => self.after.list_types(),
            _ => {}
        }
    }

    fn types(&mut self) {
        let (was, is) = (&self.before.types, &self.after.types);
        let is_silent = |shape: &Shape<'_>| shape.types.is_empty() && shape.rules_null_out();
        if was == is || is_silent(&self.before) || is_silent(&self.after) {
            return;
        }
        let covers = |wide: &[&str], narrow: &[&str]| {
            narrow
                .iter()
                .all(|it| wide.contains(it) || *it == "integer" && wide.contains(&"number"))
        };
        let are_lists = was.len() > 1 || is.len() > 1;
        let kind = match (covers(is, was), covers(was, is)) {
            _ if is.is_empty() => Kind::TypeGeneralized,
            _ if was.is_empty() => Kind::TypeSpecialized,
            (true, _) if are_lists => Kind::ListOfTypesWidened,
            (_, true) if are_lists => Kind::ListOfTypesNarrowed,
            (true, _) => Kind::TypeGeneralized,
            (_, true) => Kind::TypeSpecialized,
            (false, false) => Kind::TypeChanged,
        };
        let at = At::newest(self.before.types_at, self.after.types_at, self.here());
        let mut change = Change::new(kind, at);
        change.before = type_names(was);
        change.after = type_names(is);
        self.find(change);
    }

    fn nullable(&mut self) {
        if !self.before.rules_null_out() || !self.after.rules_null_out() {
            return;
        }
        let (was, is) = (self.before.is_nullable, self.after.is_nullable);
        let kind = match (was, is) {
            (false, true) => Kind::BecameNullable,
            (true, false) => Kind::BecameNotNullable,
            _ => return,
        };
        self.find(Change::new(kind, self.here()).became(was, is));
    }

    fn format(&mut self) {
        let (before, after) = self.both(Plain::Format);
        let kind = match (before, after) {
            (None, Some(_)) => Kind::FormatAdded,
            (Some(_), None) => Kind::FormatRemoved,
            _ if before != after => Kind::FormatChanged,
            _ => return,
        };
        let at = At::newest(self.before.format_at, self.after.format_at, self.here());
        self.find(Change::new(kind, at).before(before).after(after));
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
            if before != after {
                let change = Change::new(Kind::ConstChanged, At::new(is.at));
                self.find(change.before(Some(before)).after(Some(after)));
            }
            return;
        }
        let old_values: HashSet<_> = was.allowed.iter().copied().collect();
        let new_values: HashSet<_> = is.allowed.iter().copied().collect();
        for value in was.allowed.iter().filter(|it| !new_values.contains(*it)) {
            let change = Change::new(Kind::EnumValueRemoved, At::new(is.at));
            self.find(change.before(Some(value)));
        }
        for value in is.allowed.iter().filter(|it| !old_values.contains(*it)) {
            self.find(Change::new(Kind::EnumValueAdded, At::new(value)).after(Some(value)));
        }
    }

    fn default(&mut self) {
        let (before, after) = self.both(Plain::Default);
        match (before, after) {
            (None, Some(_)) => self.keyword(Kind::DefaultAdded, before, after),
            (Some(_), None) => self.keyword(Kind::DefaultRemoved, before, after),
            _ if before != after => self.keyword(Kind::DefaultChanged, before, after),
            _ => {}
        }
    }

    fn pattern(&mut self) {
        let (before, after) = self.both(Plain::Pattern);
        let lets_all_pass = |pattern: &Value| matches!(pattern.as_str(), Some("" | ".*" | "^.*$"));
        match (before, after) {
            (None, Some(_)) => self.keyword(Kind::PatternAdded, before, after),
            (Some(_), None) => self.keyword(Kind::PatternRemoved, before, after),
            (Some(was), Some(is)) if was != is && lets_all_pass(is) => {
                self.keyword(Kind::PatternGeneralized, before, after);
            }
            _ if before != after => self.keyword(Kind::PatternChanged, before, after),
            _ => {}
        }
    }

    fn bounds(&mut self) {
        for bound in Bound::ALL {
            let (before, after) = (self.before.bound(bound), self.after.bound(bound));
            let step = match (before, after) {
                (None, None) => continue,
                (None, Some(_)) => finding::Step::Set,
                (Some(_), None) => finding::Step::Unset,
                (Some(was), Some(is)) => match order(was, is) {
                    Ordering::Less => finding::Step::Increased,
                    Ordering::Greater => finding::Step::Decreased,
                    Ordering::Equal => continue,
                },
            };
            self.keyword(Kind::Bound(bound, step), before, after);
        }
    }

    fn multiple_of(&mut self) {
        let (before, after) = self.both(Plain::MultipleOf);
        let kind = match (before, after) {
            (None, None) => return,
            (None, Some(_)) => Kind::MultipleOfSet,
            (Some(_), None) => Kind::MultipleOfUnset,
            (Some(was), Some(is)) if order(was, is) == Ordering::Equal => return,
            (Some(was), Some(is)) if is_multiple(was, is) => Kind::MultipleOfGeneralized,
            (Some(was), Some(is)) if is_multiple(is, was) => Kind::MultipleOfSpecialized,
            (Some(_), Some(_)) => Kind::MultipleOfChanged,
        };
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

    fn removed_property(&mut self, name: &'a str, schema: &'a Value) {
        let is_required = self.before.requires(name);
        let kind = if is_required {
            Kind::RequiredPropertyRemoved
        } else {
            Kind::OptionalPropertyRemoved
        };
        let property = Some((name, carrier(self.old, schema)));
        let change = Change::new(kind, At::old(schema)).before(Some(schema));
        self.result.found.push(Found { property, change });
    }

    fn added_property(&mut self, name: &'a str, schema: &'a Value) -> Read<'a, ()> {
        let shape = Shape::read(self.new, schema)?;
        let kind = match (self.after.requires(name), shape.plain(Plain::Default)) {
            (true, None) => Kind::RequiredPropertyAdded,
            (true, Some(_)) => Kind::RequiredPropertyWithDefaultAdded,
            (false, _) => Kind::OptionalPropertyAdded,
        };
        let property = Some((name, carrier(self.new, schema)));
        let change = Change::new(kind, At::new(schema)).after(Some(schema));
        self.result.found.push(Found { property, change });
        Ok(())
    }

    fn property(&mut self, name: &'a str, old: &'a Value, new: &'a Value) -> Read<'a, ()> {
        let (was, is) = (self.before.requires(name), self.after.requires(name));
        let carriers = (carrier(self.old, old), carrier(self.new, new));
        let common = if carriers.0 == carriers.1 {
            carriers.1
        } else {
            Carrier::Both
        };
        if was != is {
            let has_default = Shape::read(self.new, new)?.plain(Plain::Default).is_some();
            let kind = match (is, has_default) {
                (true, false) => Kind::BecameRequired,
                (true, true) => Kind::BecameRequiredWithDefault,
                (false, _) => Kind::BecameOptional,
            };
            let change = Change::new(kind, At::new(new)).became(was, is);
            self.result.found.push(Found {
                property: Some((name, common)),
                change,
            });
        }
        if carriers.0 != carriers.1 {
            for kind in carrier_kinds(carriers, is) {
                let change = Change::new(kind, At::new(new));
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
            carrier: common,
            old,
            new,
        });
        Ok(())
    }

    /// Names that are required but not described in the same schema.
    fn required_elsewhere(&mut self) {
        let mut found = Vec::new();
        let sides = [
            (&self.before, &self.after, Kind::BecameOptional),
            (&self.after, &self.before, Kind::BecameRequired),
        ];
        for (with, without, kind) in sides {
            for name in with.required.iter().filter(|name| !without.requires(name)) {
                if with.property(name).is_none() && without.property(name).is_none() {
                    let is_required = kind == Kind::BecameRequired;
                    let change = Change::new(kind, At::new(self.after.home));
                    let change = change.became(!is_required, is_required);
                    found.push(Found {
                        property: Some((*name, Carrier::Both)),
                        change,
                    });
                }
            }
        }
        self.result.found.extend(found);
    }

    fn members(&mut self, composition: Composition) -> Read<'a, ()> {
        let (before, after) = (
            self.before.members(composition),
            self.after.members(composition),
        );
        if before.is_empty() && after.is_empty() {
            return Ok(());
        }
        let matched = matched(self.old, self.new, before, after)?;
        for (old, new, label) in matched.pairs {
            let step = match composition {
                Composition::AllOf => Step::Stay,
                _ => Step::Part(format!("{}[{label}]", composition.keyword()).into()),
            };
            self.enter(step, old, new);
        }
        for schema in matched.removed {
            let kind = self.member_kind(self.old, schema, composition, false)?;
            self.find(Change::new(kind, At::old(schema)).before(Some(schema)));
        }
        for schema in matched.added {
            let kind = self.member_kind(self.new, schema, composition, true)?;
            self.find(Change::new(kind, At::new(schema)).after(Some(schema)));
        }
        Ok(())
    }

    fn member_kind(
        &self,
        document: Document<'a>,
        schema: &'a Value,
        composition: Composition,
        is_added: bool,
    ) -> Read<'a, Kind> {
        let only_annotates =
            composition == Composition::AllOf && !Shape::read(document, schema)?.constrains();
        Ok(match (only_annotates, is_added) {
            (true, true) => Kind::AnnotationMemberAdded,
            (true, false) => Kind::AnnotationMemberRemoved,
            (false, true) => Kind::MemberAdded(composition),
            (false, false) => Kind::MemberRemoved(composition),
        })
    }

    fn denial(&mut self) {
        match self.both(Plain::Not) {
            (None, None) => {}
            (before @ None, after) => self.keyword(Kind::NotAdded, before, after),
            (before, after @ None) => self.keyword(Kind::NotRemoved, before, after),
            (Some(old), Some(new)) => self.enter(Step::Denial, old, new),
        }
    }

    fn items(&mut self) {
        match self.both(Plain::Items) {
            (None, None) => {}
            (before @ None, after) => self.keyword(Kind::ItemsAdded, before, after),
            (before, after @ None) => self.keyword(Kind::ItemsRemoved, before, after),
            (Some(old), Some(new)) => self.enter(Step::Part("items".into()), old, new),
        }
    }

    fn additional_properties(&mut self) -> Read<'a, ()> {
        let (before, after) = self.both(Plain::AdditionalProperties);
        let (was, is) = (Room::of(self.old, before)?, Room::of(self.new, after)?);
        match (was, is) {
            (Room::Typed, Room::Typed) => {
                if let (Some(old), Some(new)) = (before, after) {
                    self.enter(Step::Part("additionalProperties".into()), old, new);
                }
            }
            _ if was < is => self.keyword(Kind::AdditionalPropertiesWidened, before, after),
            _ if was > is => self.keyword(Kind::AdditionalPropertiesNarrowed, before, after),
            _ => {}
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
        let mapping = |document: Document<'a>, of: &'a Value| {
            document.members(document.object(of)?, "mapping")
        };
        let (old, new) = (mapping(self.old, was)?, mapping(self.new, is)?);
        for (name, kind, before, after) in side_by_side(old, new) {
            let kind = match kind {
                Presence::Added => Kind::DiscriminatorMappingAdded,
                Presence::Removed => Kind::DiscriminatorMappingDeleted,
                Presence::Both if before != after => Kind::DiscriminatorMappingChanged,
                Presence::Both => continue,
            };
            let at = At::newest(before, after, self.here());
            let said = |target: Option<&Value>| {
                let target = target.and_then(Value::as_str);
                target.map(|target| Content::made(format!("{name} → {target}")))
            };
            let mut change = Change::new(kind, at);
            change.before = said(before);
            change.after = said(after);
            self.find(change);
        }
        Ok(())
    }

    fn unknown(&mut self) -> Read<'a, ()> {
        let (old, new) = (
            std::mem::take(&mut self.before.unknown),
            std::mem::take(&mut self.after.unknown),
        );
        for (keyword, _, before, after) in side_by_side(old, new) {
            match (before, after) {
                (Some(old), Some(new)) if self.looks_inside(keyword, old, new) => {}
                _ if before == after => {}
                _ => self.keyword(Kind::Unhandled, before, after),
            }
        }
        Ok(())
    }

    /// Compares the schemas under a keyword that has no rules of its own.
    fn looks_inside(&mut self, keyword: &'a str, old: &'a Value, new: &'a Value) -> bool {
        if INNER.contains(&keyword) {
            self.enter(Step::Part(keyword.into()), old, new);
            return true;
        }
        match (old, new) {
            (Value::Array(was), Value::Array(is))
                if INNER_LISTS.contains(&keyword) && was.len() == is.len() =>
            {
                for (index, (old, new)) in was.iter().zip(is).enumerate() {
                    self.enter(Step::Part(format!("{keyword}[{index}]").into()), old, new);
                }
                true
            }
            (Value::Object(was), Value::Object(is))
                if INNER_BY_NAME.contains(&keyword)
                    && was.len() == is.len()
                    && was.keys().all(|name| is.contains_key(name)) =>
            {
                for (name, old) in was {
                    self.enter(
                        Step::Part(format!("{keyword}[{name}]").into()),
                        old,
                        &is[name],
                    );
                }
                true
            }
            _ => false,
        }
    }
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

fn carrier(document: Document<'_>, schema: &Value) -> Carrier {
    let target = || document.target(schema.get("$ref")?).ok();
    let flag = |name: &str| {
        let flag = |schema: &Value| schema.get(name).and_then(Value::as_bool);
        flag(schema).or_else(|| flag(target()?)) == Some(true)
    };
    match (flag("readOnly"), flag("writeOnly")) {
        (true, false) => Carrier::ResponsesOnly,
        (false, true) => Carrier::RequestsOnly,
        _ => Carrier::Both,
    }
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
    fn of<'a>(document: Document<'a>, keyword: Option<&'a Value>) -> Read<'a, Room> {
        Ok(match keyword {
            None | Some(Value::Bool(true)) => Room::Any,
            Some(Value::Bool(false)) => Room::None,
            Some(schema) if Shape::read(document, schema)?.constrains() => Room::Typed,
            Some(_) => Room::Any,
        })
    }
}

/// The member of the choice that is the schema: by name, or because it means the same.
fn find_in_choice<'a>(
    schema: (Document<'a>, &Shape<'a>),
    choice: (Document<'a>, &Shape<'a>),
) -> Read<'a, Option<&'a Value>> {
    let (one_of, any_of) = (
        choice.1.members(Composition::OneOf),
        choice.1.members(Composition::AnyOf),
    );
    for member in one_of.iter().chain(any_of) {
        let shape = Shape::read(choice.0, member)?;
        let same_name = shape.name.is_some() && shape.name == schema.1.name;
        if same_name || look_alike(schema, (choice.0, &shape))? {
            return Ok(Some(member));
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

fn order(old: &Value, new: &Value) -> Ordering {
    if let (Some(old), Some(new)) = (integer(old), integer(new)) {
        return old.cmp(&new);
    }
    old.as_f64()
        .partial_cmp(&new.as_f64())
        .unwrap_or(Ordering::Equal)
}

fn integer(value: &Value) -> Option<i128> {
    let number: &Number = value.as_number()?;
    number
        .as_i64()
        .map(i128::from)
        .or(number.as_u64().map(i128::from))
}

fn is_multiple(of: &Value, unit: &Value) -> bool {
    if let (Some(of), Some(unit)) = (integer(of), integer(unit)) {
        return unit != 0 && of % unit == 0;
    }
    match (of.as_f64(), unit.as_f64()) {
        (Some(of), Some(unit)) if unit != 0.0 => (of / unit).fract() == 0.0,
        _ => false,
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
