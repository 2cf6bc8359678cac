//! Paths, webhooks and callbacks, and their operations.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::difference::all;
use super::document::{Document, MAX_HOPS, Object, Problem, Read};
use super::fact::{At, Change, Content, Operation, Place, step};
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
#[derive(Clone)]
struct Item<'a> {
    path: &'a str,
    /// The path item, and what it refers to. OpenAPI does not say which of two members of one name
    /// counts: here it is the one beside the reference.
    layers: Rc<[Object<'a>]>,
}

impl<'a> Item<'a> {
    fn read(document: Document<'a>, path: &'a str, value: &'a Value) -> Read<'a, Self> {
        let mut layers = Vec::new();
        let mut here = value;
        loop {
            let members = document.object(here)?;
            let reference = members.get("$ref");
            // A reference and nothing else is what it refers to.
            if reference.is_none() || members.len() > 1 {
                layers.push(members);
            }
            match reference {
                None => break,
                Some(_) if layers.len() > MAX_HOPS => {
                    return Err(document.refuse(value, Problem::Circular));
                }
                Some(reference) => here = document.target(reference)?,
            }
        }
        let layers = layers.into();
        Ok(Item { path, layers })
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.layers.iter().find_map(|it| it.get(key))
    }

    /// What nothing else is said about.
    fn rest(&self) -> Vec<(&'a str, &'a Value)> {
        let mut rest = self.members(true);
        rest.retain(|(key, _)| !METHODS.contains(key) && !ITEM_KEYS.contains(key));
        rest
    }

    /// What counts of it, or what does not.
    fn members(&self, are_shown: bool) -> Vec<(&'a str, &'a Value)> {
        let mut known = HashSet::new();
        let all = self.layers.iter().flat_map(|it| it.iter());
        let all = all.filter(|(key, _)| *key != "$ref");
        let all = all.filter(|(key, _)| known.insert(key.as_str()) == are_shown);
        all.map(|(key, value)| (key.as_str(), value)).collect()
    }
}

/// An operation of one document.
#[derive(Clone)]
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
        let (old, new) = (
            self.old.object(self.old.root)?,
            self.new.object(self.new.root)?,
        );
        self.extensions_alone(old, new, "paths");
        let (old, new) = (items(self.old, "paths")?, items(self.new, "paths")?);
        let templates: HashSet<String> = new.iter().map(|it| without_names(it.path)).collect();
        let (pairs, gone, added) = match_operations(operations(&old), operations(&new));
        self.items_without_pair("paths", &old, &new, &pairs);
        for found in gone {
            let with_path = !templates.contains(&without_names(found.item.path));
            self.removed(found, with_path)?;
        }
        self.whole(named, added, Kind::EndpointAdded, At::new);
        for (old, new) in pairs {
            self.both(named, old, new, Role::WeCall)?;
        }
        Ok(())
    }

    /// Extensions around the operations of a path that has none in both documents: where it has one, the
    /// operation tells.
    fn items_without_pair(
        &mut self,
        key: &str,
        old: &[Item<'a>],
        new: &[Item<'a>],
        pairs: &Pairs<'a>,
    ) {
        let told: HashSet<&str> = pairs.iter().map(|(_, new)| new.item.path).collect();
        let old = old.iter().map(|it| (without_names(it.path), it));
        let old: HashMap<String, &Item<'a>> = old.collect();
        for is in new.iter().filter(|it| !told.contains(it.path)) {
            if let Some(was) = old.get(&without_names(is.path)) {
                let place = Place::of_api()
                    .within("keyword", key)
                    .within("path", is.path);
                self.remarks(&place, was.rest(), is.rest());
            }
        }
    }

    /// Operations that came or went.
    fn whole(
        &mut self,
        named: impl Fn(&Found<'a>, &Found<'a>) -> Rc<Operation>,
        found: Vec<Found<'a>>,
        kind: Kind,
        at: fn(&'a Value) -> At<'a>,
    ) {
        for one in found {
            let place = Place::of_operation(named(&one, &one));
            self.fact(place, Change::new(kind, at(one.value)));
        }
    }

    /// Calls from the API to the caller. Their requests are what the caller reads.
    pub fn webhooks(&mut self) -> Read<'a, ()> {
        let (old, new) = (
            self.old.object(self.old.root)?,
            self.new.object(self.new.root)?,
        );
        let is_data = [old, new]
            .iter()
            .filter_map(|it| it.get("x-webhooks"))
            .any(|it| !are_webhooks(it));
        if is_data {
            let whole = |of: Object<'a>| {
                let all = of.get("x-webhooks").into_iter();
                all.map(|it| ("x-webhooks", it)).collect()
            };
            self.remarks(&Place::of_api(), whole(old), whole(new));
        }
        let extensions = |of: Object<'a>| {
            let all = [("webhooks", true), ("x-webhooks", !is_data)].into_iter();
            let all = all.filter_map(|(key, is_wanted)| of.get(key).filter(|_| is_wanted));
            let all = all.filter_map(Value::as_object).flatten();
            let all = all.filter(|(key, _)| key.starts_with("x-"));
            all.map(|(key, value)| (key.as_str(), value)).collect()
        };
        let place = Place::of_api().within("keyword", "webhooks");
        self.remarks(&place, extensions(old), extensions(new));
        let (old, new) = (webhooks(self.old, is_data)?, webhooks(self.new, is_data)?);
        let (pairs, gone, added) = match_operations(operations(&old), operations(&new));
        self.items_without_pair("webhooks", &old, &new, &pairs);
        self.whole(webhook, gone, Kind::WebhookRemoved, At::old);
        self.whole(webhook, added, Kind::WebhookAdded, At::new);
        for (old, new) in pairs {
            self.both(webhook, old, new, Role::TheyCall)?;
        }
        Ok(())
    }

    /// Whether each operation says itself which credentials it needs, in both documents.
    pub fn all_say_their_security(&self) -> Read<'a, bool> {
        let mut count = 0;
        for document in [self.old, self.new] {
            let webhooks = webhooks(document, false).unwrap_or_default();
            for items in [items(document, "paths")?, webhooks] {
                for found in operations(&items) {
                    if found.value.get("security").is_none() {
                        return Ok(false);
                    }
                    count += 1;
                }
            }
        }
        Ok(count > 0)
    }

    fn both(
        &mut self,
        named: impl Fn(&Found<'a>, &Found<'a>) -> Rc<Operation>,
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
            operation: named(&old, &new),
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
        let ([was], [is]) = (&*old.item.layers, &*new.item.layers) else {
            return false;
        };
        let around = |item: Object<'a>| {
            let members = item.iter().map(|(key, value)| (key.as_str(), value));
            members.filter(|(key, _)| *key != "$ref" && !METHODS.contains(key))
        };
        let (mut before, mut after) = (around(was), around(is));
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
        self.fact(Place::of_operation(named(&found, &found)), change);
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
            shared: (both.items.0.layers.clone(), both.items.1.layers.clone()),
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
        let (old, new) = (&both.items.0, &both.items.1);
        let place = place.clone().within("path", "");
        for (key, kind) in [
            ("summary", Kind::SummaryChanged),
            ("description", Kind::DescriptionChanged),
        ] {
            let both_texts = (old.get(key), new.get(key));
            self.word(&place, key, kind, both_texts, both.new_value);
        }
        self.remarks(&place, old.rest(), new.rest());
        let hidden = |of: &Item<'a>| {
            let mut hidden = of.members(false);
            // Of these all count that no other of the same name hides.
            hidden.retain(|(key, value)| *key != "parameters" && of.get(key) != Some(value));
            hidden
        };
        self.remarks(&place, hidden(old), hidden(new));
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
        let place = Place::of_operation(both.operation.clone());
        self.extensions(&place, both.old, both.new, "callbacks");
        let old = self.old.named(both.old, "callbacks")?;
        let new = self.new.named(both.new, "callbacks")?;
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
        let place = Place::of_operation(both.operation.clone()).within("callback", name);
        self.beside(&place, before, after);
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
        let called = |was: &Found<'a>, is: &Found<'a>| {
            let around = &both.operation;
            let inner = of_kind("address", was, is);
            let key = step(Some(&around.key), "callback", name);
            Rc::new(Operation {
                name: format!("{} callback {name} {}", around.name, inner.name),
                key: format!("{key}{}", inner.key),
                ..inner
            })
        };
        for was in &old {
            match new.iter().find(|is| same(was, is)) {
                Some(is) => self.both(called, was.clone(), is.clone(), both.role.turned())?,
                None => {
                    let place = Place::of_operation(called(was, was));
                    let change = Change::new(Kind::CallbackRemoved, At::old(was.value));
                    self.fact(place, change);
                }
            }
        }
        for is in &new {
            if !old.iter().any(|was| same(was, is)) {
                let place = Place::of_operation(called(is, is));
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
        let own = |operation: Object<'a>, item: &Item<'a>| {
            let is_empty = |it: &&Value| it.as_array().is_none_or(|all| !all.is_empty());
            let own = operation.get("servers").filter(is_empty);
            own.or_else(|| item.get("servers").filter(is_empty))
        };
        let (own_old, own_new) = (own(both.old, &both.items.0), own(both.new, &both.items.1));
        if own_old.is_none() && own_new.is_none() {
            return Ok(());
        }
        let old = own_old.or_else(|| self.old.root.get("servers"));
        let new = own_new.or_else(|| self.new.root.get("servers"));
        self.servers(place, old, new)
    }
}

fn named(was: &Found<'_>, is: &Found<'_>) -> Rc<Operation> {
    Rc::new(of_kind("path", was, is))
}

fn webhook(was: &Found<'_>, is: &Found<'_>) -> Rc<Operation> {
    Rc::new(of_kind("webhook", was, is))
}

fn of_kind(kind: &str, was: &Found<'_>, is: &Found<'_>) -> Operation {
    let id = is.value.get("operationId").and_then(Value::as_str);
    let path = step(None, kind, was.item.path);
    Operation {
        name: format!("{} {}", is.method.to_uppercase(), is.item.path),
        id: id.map(str::to_owned),
        key: step(Some(&path), "method", was.method).to_string(),
    }
}

/// Webhooks, also where they are an extension of 3.0. What both say of one is together.
fn webhooks<'a>(document: Document<'a>, without_extension: bool) -> Read<'a, Vec<Item<'a>>> {
    let mut all = items(document, "webhooks")?;
    if without_extension {
        return Ok(all);
    }
    for item in items(document, "x-webhooks")? {
        match all.iter_mut().find(|it| it.path == item.path) {
            Some(known) => known.layers = [&*known.layers, &*item.layers].concat().into(),
            None => all.push(item),
        }
    }
    Ok(all)
}

/// Whether an extension holds what its name says.
fn are_webhooks(extension: &Value) -> bool {
    let is_operation =
        |(key, it): (&String, &Value)| !METHODS.contains(&key.as_str()) || it.is_object();
    let is_item = |it: &Value| it.as_object().is_some_and(|it| it.iter().all(is_operation));
    let all = extension.as_object();
    all.is_some_and(|all| {
        all.iter()
            .all(|(key, it)| key.starts_with("x-") || is_item(it))
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
            items.push(Item::read(document, path, value)?);
        }
    }
    Ok(items)
}

fn operations<'a>(items: &[Item<'a>]) -> Vec<Found<'a>> {
    let all = items.iter().flat_map(|item| {
        METHODS.into_iter().filter_map(|method| {
            let value = item.get(method)?;
            Some(Found {
                item: item.clone(),
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
