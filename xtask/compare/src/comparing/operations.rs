//! Paths, webhooks and callbacks, and their operations.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::difference::all;
use super::document::{Document, Object, Read};
use super::fact::{At, Change, Content, Operation, Place};
use super::lifecycle::{self, Lifecycle};
use super::traffic::{Role, Talk};
use super::walk::Walk;
use crate::finding::Kind;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Keys of an operation that are compared one by one.
const OPERATION_KEYS: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "deprecated",
    "security",
    "servers",
    "callbacks",
    "x-sunset",
];

/// Keys of a path item, beside its methods, that are compared one by one.
const ITEM_KEYS: &[&str] = &["$ref", "summary", "description", "parameters", "servers"];
/// How many tags of an operation are changes of their own; the others are one change.
const MOST_TAGS: usize = 1_000;

/// A path and its path item.
#[derive(Clone, Copy)]
struct Item<'a> {
    path: &'a str,
    members: Object<'a>,
}

/// An operation of one document.
#[derive(Clone, Copy)]
struct Found<'a> {
    item: Item<'a>,
    method: &'static str,
    value: &'a Value,
}

/// The same operation in both documents.
struct Both<'a> {
    operation: Rc<Operation>,
    items: (Item<'a>, Item<'a>),
    old: Object<'a>,
    new: Object<'a>,
    old_value: &'a Value,
    new_value: &'a Value,
    role: Role,
}

impl<'a> Walk<'a> {
    /// Compares the operations of all paths.
    pub fn paths(&mut self) -> Read<'a, ()> {
        let (old, new) = (items(self.old, "paths")?, items(self.new, "paths")?);
        let templates: HashSet<String> = new.iter().map(|it| without_names(it.path)).collect();
        let (old, new) = (operations(&old), operations(&new));
        let (pairs, gone, added) = match_operations(old, new);
        for found in gone {
            let with_path = !templates.contains(&without_names(found.item.path));
            self.removed(found, with_path)?;
        }
        self.whole(added, Kind::EndpointAdded, At::new);
        for (old, new) in pairs {
            self.both(named, old, new, Role::WeCall)?;
        }
        Ok(())
    }

    /// Operations that came or went.
    fn whole(&mut self, found: Vec<Found<'a>>, kind: Kind, at: fn(&'a Value) -> At<'a>) {
        for one in found {
            let place = Place::of_operation(named(&one));
            self.fact(place, Change::new(kind, at(one.value)));
        }
    }

    /// Calls from the API to the caller. Their requests are what the caller reads.
    pub fn webhooks(&mut self) -> Read<'a, ()> {
        for key in ["webhooks", "x-webhooks"] {
            let old = operations(&items(self.old, key)?);
            let new = operations(&items(self.new, key)?);
            let (pairs, gone, added) = match_operations(old, new);
            self.whole(gone, Kind::WebhookRemoved, At::old);
            self.whole(added, Kind::WebhookAdded, At::new);
            for (old, new) in pairs {
                self.both(named, old, new, Role::TheyCall)?;
            }
        }
        Ok(())
    }

    fn both(
        &mut self,
        named: impl Fn(&Found<'a>) -> Rc<Operation>,
        old: Found<'a>,
        new: Found<'a>,
        role: Role,
    ) -> Read<'a, ()> {
        let is_unchanged = self.is_unchanged(&old, &new);
        if is_unchanged {
            self.unchanged.note(old.value, new.value);
        }
        // Other parts of the document say what the names of schemes mean.
        if is_unchanged && new.value.get("security").is_none() {
            return Ok(());
        }
        let both = Both {
            operation: named(&new),
            items: (old.item, new.item),
            old: self.old.object(old.value)?,
            new: self.new.object(new.value)?,
            old_value: old.value,
            new_value: new.value,
            role,
        };
        if is_unchanged {
            return self.operation_security(&Place::of_operation(both.operation.clone()), &both);
        }
        self.operation(&both)
    }

    /// Whether nothing changed in an operation, around it, or in what both refer to.
    fn is_unchanged(&self, old: &Found<'a>, new: &Found<'a>) -> bool {
        let around = |found: &Found<'a>| {
            let members = found.item.members.iter();
            members.filter(|(key, _)| !METHODS.contains(&key.as_str()))
        };
        let (mut before, mut after) = (around(old), around(new));
        let is_same_item = old.item.path == new.item.path
            && loop {
                match (before.next(), after.next()) {
                    (None, None) => break true,
                    (Some((key, was)), Some((other, is)))
                        if key == other && self.unchanged.holds_for_all(was, is) => {}
                    _ => break false,
                }
            };
        is_same_item && self.unchanged.holds_for_all(old.value, new.value)
    }

    fn removed(&mut self, found: Found<'a>, with_path: bool) -> Read<'a, ()> {
        let value = found.value;
        let was_deprecated = value.get("deprecated") == Some(&Value::Bool(true));
        let kind = match (with_path, was_deprecated) {
            (true, false) => Kind::PathRemoved,
            (true, true) => Kind::PathRemovedAfterDeprecation,
            (false, false) => Kind::EndpointRemoved,
            (false, true) => Kind::EndpointRemovedAfterDeprecation,
        };
        let sunset = value.get("x-sunset").filter(|_| was_deprecated);
        let change = match sunset {
            Some(sunset) if !lifecycle::is_date(sunset) => {
                Change::new(Kind::RemovedWithInvalidSunset, At::old(value)).before(Some(sunset))
            }
            Some(sunset) if lifecycle::is_ahead(sunset, self.today) => {
                let kind = match with_path {
                    true => Kind::PathRemovedBeforeSunset,
                    false => Kind::EndpointRemovedBeforeSunset,
                };
                Change::new(kind, At::old(value)).before(Some(sunset))
            }
            _ => Change::new(kind, At::old(value)),
        };
        self.fact(Place::of_operation(named(&found)), change);
        Ok(())
    }

    fn operation(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let place = Place::of_operation(both.operation.clone());
        self.operation_id(&place, both);
        self.tags(&place, both)?;
        self.words(
            &place,
            both.old,
            both.new,
            both.new_value,
            &[
                ("summary", Kind::SummaryChanged),
                ("description", Kind::DescriptionChanged),
                ("externalDocs", Kind::ExternalDocsChanged),
            ],
        );
        self.item(&place, both)?;
        self.lifecycle(&place, both.old, both.new, both.new_value)?;
        self.operation_security(&place, both)?;
        self.operation_servers(&place, both)?;
        let talk = Talk {
            operation: &both.operation,
            role: both.role,
            paths: (both.items.0.path, both.items.1.path),
            items: (both.items.0.members, both.items.1.members),
            old: both.old,
            new: both.new,
        };
        self.talk(&talk)?;
        self.callbacks(both)?;
        self.rest(&place, both.old, both.new, OPERATION_KEYS);
        Ok(())
    }

    /// What stands around all operations of a path.
    fn item(&mut self, place: &Place, both: &Both<'a>) -> Read<'a, ()> {
        let (old, new) = both.items;
        let place = place.clone().within("path");
        self.words(
            &place,
            old.members,
            new.members,
            both.new_value,
            &[
                ("summary", Kind::SummaryChanged),
                ("description", Kind::DescriptionChanged),
            ],
        );
        let known: Vec<&str> = METHODS.iter().chain(ITEM_KEYS).copied().collect();
        self.rest(&place, old.members, new.members, &known);
        if have_swapped(old.path, new.path) {
            let change = Change::new(Kind::PathParametersSwapped, At::new(both.new_value));
            self.fact(place, change.became(old.path, new.path));
        }
        Ok(())
    }

    /// Calls that an operation asks for, through references to them and to their paths.
    fn callbacks(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let pair = (
            std::ptr::from_ref(both.old_value),
            std::ptr::from_ref(both.new_value),
        );
        // A callback may ask for itself.
        if !self.callers.insert(pair) {
            return Ok(());
        }
        let old = self.old.members(both.old, "callbacks")?;
        let new = self.new.members(both.new, "callbacks")?;
        let place = Place::of_operation(both.operation.clone());
        for (name, _, before, after) in super::difference::side_by_side(old, new) {
            match (before, after) {
                (Some(before), Some(after)) => self.callback(both, name, before, after)?,
                (Some(before), None) => {
                    let mut change = Change::new(Kind::CallbackRemoved, At::old(before));
                    change.before = Some(Content::made(name));
                    self.fact(place.clone(), change);
                }
                (None, Some(after)) => {
                    let mut change = Change::new(Kind::CallbackAdded, At::new(after));
                    change.after = Some(Content::made(name));
                    self.fact(place.clone(), change);
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn callback(
        &mut self,
        both: &Both<'a>,
        name: &str,
        before: &'a Value,
        after: &'a Value,
    ) -> Read<'a, ()> {
        let old = self.old.resolved_object(before)?;
        let new = self.new.resolved_object(after)?;
        let place = Place::of_operation(both.operation.clone());
        let is_extension = |it: &&str| it.starts_with("x-");
        let known: Vec<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
        let known: Vec<&str> = known.into_iter().filter(|it| !is_extension(it)).collect();
        self.rest(&place, old, new, &known);
        let (old, new) = (
            operations(&items_of(self.old, old)?),
            operations(&items_of(self.new, new)?),
        );
        // The address is an expression; where there is one, its text is the only thing that
        // changed.
        let mut addresses = (
            old.iter().map(|it| it.item.path).collect::<Vec<_>>(),
            new.iter().map(|it| it.item.path).collect::<Vec<_>>(),
        );
        addresses.0.dedup();
        addresses.1.dedup();
        let is_moved =
            addresses.0.len() == 1 && addresses.1.len() == 1 && addresses.0 != addresses.1;
        if is_moved {
            let change = Change::new(Kind::CallbackAddressChanged, At::new(after));
            let change = change.became(addresses.0[0], addresses.1[0]);
            self.fact(place.clone(), change);
        }
        let same = |one: &Found<'a>, other: &Found<'a>| {
            one.method == other.method && (is_moved || one.item.path == other.item.path)
        };
        let called = |found: &Found<'a>| {
            let Operation { name: around, .. } = &*both.operation;
            let id = found.value.get("operationId").and_then(Value::as_str);
            Rc::new(Operation {
                name: format!(
                    "{around} callback {name} {} {}",
                    found.method.to_uppercase(),
                    found.item.path
                ),
                id: id.map(str::to_owned),
            })
        };
        for was in &old {
            match new.iter().find(|is| same(was, is)) {
                Some(is) => self.both(called, *was, *is, both.role.turned())?,
                None => {
                    let place = Place::of_operation(called(was));
                    let change = Change::new(Kind::CallbackRemoved, At::old(was.value));
                    self.fact(place, change);
                }
            }
        }
        for is in &new {
            if !old.iter().any(|was| same(was, is)) {
                let place = Place::of_operation(called(is));
                let change = Change::new(Kind::CallbackAdded, At::new(is.value));
                self.fact(place, change);
            }
        }
        Ok(())
    }

    fn operation_id(&mut self, place: &Place, both: &Both<'a>) {
        let (before, after) = (both.old.get("operationId"), both.new.get("operationId"));
        if before == after {
            return;
        }
        if let Some(id) = before {
            let at = after.map_or(At::old(id), At::new);
            self.fact(
                place.clone(),
                Change::new(Kind::OperationIdRemoved, at).before(before),
            );
        }
        if let Some(id) = after {
            let change = Change::new(Kind::OperationIdAdded, At::new(id));
            self.fact(place.clone(), change.after(after));
        }
    }

    fn tags(&mut self, place: &Place, both: &Both<'a>) -> Read<'a, ()> {
        let old = self.old.items(both.old, "tags")?;
        let new = self.new.items(both.new, "tags")?;
        let [were, are] = [old, new].map(|tags| tags.iter().collect::<HashSet<_>>());
        let gone: Vec<&Value> = old.iter().filter(|tag| !are.contains(tag)).collect();
        let added: Vec<&Value> = new.iter().filter(|tag| !were.contains(tag)).collect();
        for tag in gone.iter().take(MOST_TAGS) {
            let change = Change::new(Kind::TagRemoved, At::old(tag)).before(Some(tag));
            self.fact(place.clone(), change);
        }
        for tag in added.iter().take(MOST_TAGS) {
            let change = Change::new(Kind::TagAdded, At::new(tag)).after(Some(tag));
            self.fact(place.clone(), change);
        }
        if let Some((first, _)) = gone.get(MOST_TAGS..).and_then(<[_]>::split_first) {
            let mut change = Change::new(Kind::TagRemoved, At::old(first));
            change.before = all(&gone[MOST_TAGS..]);
            self.fact(place.clone(), change);
        }
        if let Some((first, _)) = added.get(MOST_TAGS..).and_then(<[_]>::split_first) {
            let mut change = Change::new(Kind::TagAdded, At::new(first));
            change.after = all(&added[MOST_TAGS..]);
            self.fact(place.clone(), change);
        }
        Ok(())
    }

    pub fn lifecycle(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
    ) -> Read<'a, ()> {
        let was = Lifecycle {
            is_deprecated: self.old.flag(old, "deprecated")?,
            sunset: old.get("x-sunset"),
        };
        let is = Lifecycle {
            is_deprecated: self.new.flag(new, "deprecated")?,
            sunset: new.get("x-sunset"),
        };
        for change in lifecycle::changes(was, is, At::new(here)) {
            self.fact(place.clone(), change);
        }
        Ok(())
    }

    fn operation_security(&mut self, place: &Place, both: &Both<'a>) -> Read<'a, ()> {
        let (own_old, own_new) = (both.old.get("security"), both.new.get("security"));
        if own_old.is_none() && own_new.is_none() {
            return Ok(());
        }
        let old = own_old.or_else(|| self.old.root.get("security"));
        let new = own_new.or_else(|| self.new.root.get("security"));
        self.security(place, old, new)
    }

    fn operation_servers(&mut self, place: &Place, both: &Both<'a>) -> Read<'a, ()> {
        let own = |operation: Object<'a>, item: Item<'a>| {
            let is_empty = |it: &&Value| it.as_array().is_none_or(|all| !all.is_empty());
            let own = operation.get("servers").filter(is_empty);
            own.or_else(|| item.members.get("servers").filter(is_empty))
        };
        let (own_old, own_new) = (own(both.old, both.items.0), own(both.new, both.items.1));
        if own_old.is_none() && own_new.is_none() {
            return Ok(());
        }
        let old = own_old.or_else(|| self.old.root.get("servers"));
        let new = own_new.or_else(|| self.new.root.get("servers"));
        self.servers(place, old, new)
    }
}

fn named(found: &Found<'_>) -> Rc<Operation> {
    let id = found.value.get("operationId").and_then(Value::as_str);
    Rc::new(Operation {
        name: format!("{} {}", found.method.to_uppercase(), found.item.path),
        id: id.map(str::to_owned),
    })
}

fn items<'a>(document: Document<'a>, key: &str) -> Read<'a, Vec<Item<'a>>> {
    let root = document.object(document.root)?;
    match root.get(key) {
        None => Ok(Vec::new()),
        Some(all) => items_of(document, document.object(all)?),
    }
}

fn items_of<'a>(document: Document<'a>, all: Object<'a>) -> Read<'a, Vec<Item<'a>>> {
    let mut items = Vec::new();
    for (path, value) in all {
        if !path.starts_with("x-") {
            let members = document.resolved_object(value)?;
            items.push(Item { path, members });
        }
    }
    Ok(items)
}

fn operations<'a>(items: &[Item<'a>]) -> Vec<Found<'a>> {
    let all = items.iter().flat_map(|item| {
        METHODS.into_iter().filter_map(|method| {
            let value = item.members.get(method)?;
            Some(Found {
                item: *item,
                method,
                value,
            })
        })
    });
    all.collect()
}

type Pairs<'a> = Vec<(Found<'a>, Found<'a>)>;

/// Pairs operations of the same method: of equal paths, then of paths in which only the names of
/// parameters differ, which do not matter on the wire.
fn match_operations<'a>(
    old: Vec<Found<'a>>,
    new: Vec<Found<'a>>,
) -> (Pairs<'a>, Vec<Found<'a>>, Vec<Found<'a>>) {
    let mut exact: HashMap<(&str, &str), Found<'a>> = HashMap::new();
    for found in old {
        exact.insert((found.method, found.item.path), found);
    }
    let mut pairs = Vec::new();
    let mut open = Vec::new();
    for found in new {
        match exact.remove(&(found.method, found.item.path)) {
            Some(same) => pairs.push((same, found)),
            None => open.push(found),
        }
    }
    let mut rest: Vec<Found<'a>> = exact.into_values().collect();
    rest.sort_by_key(|it| (it.item.path, it.method));
    let mut alike: BTreeMap<(&str, String), Vec<Found<'a>>> = BTreeMap::new();
    for found in rest.into_iter().rev() {
        let key = (found.method, without_names(found.item.path));
        alike.entry(key).or_default().push(found);
    }
    let mut added = Vec::new();
    for found in open {
        let key = (found.method, without_names(found.item.path));
        match alike.get_mut(&key).and_then(Vec::pop) {
            Some(partner) => pairs.push((partner, found)),
            None => added.push(found),
        }
    }
    (pairs, alike.into_values().flatten().collect(), added)
}

/// Whether names of parameters stand at each other's places.
fn have_swapped(old: &str, new: &str) -> bool {
    let names = |path| super::traffic::names_in(path).collect::<Vec<_>>();
    let (old, new) = (names(old), names(new));
    let (mut before, mut after) = (old.clone(), new.clone());
    before.sort_unstable();
    after.sort_unstable();
    let common = before.iter().filter(|it| after.contains(it)).count();
    let moved = old
        .iter()
        .zip(&new)
        .any(|(one, other)| one != other && new.contains(one) && old.contains(other));
    common > 1 && moved
}

fn without_names(path: &str) -> String {
    let mut is_name = false;
    let mut kept = String::new();
    for character in path.chars() {
        is_name &= character != '}';
        if !is_name {
            kept.push(character);
        }
        is_name |= character == '{';
    }
    kept
}
