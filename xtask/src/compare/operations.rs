//! Paths, operations, and their requests and responses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::difference::{Presence, all, side_by_side};
use super::document::{Document, Object, Read};
use super::fact::{At, Change, Operation, Place};
use super::graph::Root;
use super::lifecycle::{self, Lifecycle};
use super::walk::Walk;
use crate::finding::{Kind, Scope};

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
    "x-sunset",
];

/// How many tags of an operation are changes of their own; the others are one change.
const MOST_TAGS: usize = 1_000;

/// A path and its path item.
#[derive(Clone, Copy)]
struct Item<'a> {
    path: &'a str,
    members: Object<'a>,
}

/// The same operation in both documents.
struct Both<'a> {
    operation: Rc<Operation>,
    items: (Item<'a>, Item<'a>),
    old: Object<'a>,
    new: Object<'a>,
    new_value: &'a Value,
}

impl<'a> Walk<'a> {
    /// Compares the operations of all paths.
    pub fn paths(&mut self) -> Read<'a, ()> {
        let (old, new) = (items(self.old, "paths")?, items(self.new, "paths")?);
        let (pairs, gone, added) = match_paths(old, new);
        for item in gone {
            for (method, operation) in operations(item) {
                self.removed(item, method, operation, true);
            }
        }
        for item in added {
            for (method, operation) in operations(item) {
                self.added(item, method, operation);
            }
        }
        for (old, new) in pairs {
            self.path(old, new)?;
        }
        Ok(())
    }

    fn path(&mut self, old: Item<'a>, new: Item<'a>) -> Read<'a, ()> {
        for method in METHODS {
            match (old.members.get(method), new.members.get(method)) {
                (None, None) => {}
                (Some(operation), None) => self.removed(old, method, operation, false),
                (None, Some(operation)) => self.added(new, method, operation),
                (Some(before), Some(after)) => {
                    let both = Both {
                        operation: named(new, method, after),
                        items: (old, new),
                        old: self.old.object(before)?,
                        new: self.new.object(after)?,
                        new_value: after,
                    };
                    self.operation(&both)?;
                }
            }
        }
        Ok(())
    }

    fn added(&mut self, item: Item<'a>, method: &str, operation: &'a Value) {
        let place = of_operation(named(item, method, operation));
        self.fact(place, Change::new(Kind::EndpointAdded, At::new(operation)));
    }

    fn removed(&mut self, item: Item<'a>, method: &str, operation: &'a Value, with_path: bool) {
        let was_deprecated = operation.get("deprecated") == Some(&Value::Bool(true));
        let kind = match (with_path, was_deprecated) {
            (true, false) => Kind::PathRemoved,
            (true, true) => Kind::PathRemovedAfterDeprecation,
            (false, false) => Kind::EndpointRemoved,
            (false, true) => Kind::EndpointRemovedAfterDeprecation,
        };
        let place = of_operation(named(item, method, operation));
        self.fact(place, Change::new(kind, At::old(operation)));
    }

    fn operation(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let place = of_operation(both.operation.clone());
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
        for key in ["summary", "description"] {
            let (old, new) = (both.items.0.members, both.items.1.members);
            let kind = if key == "summary" {
                Kind::SummaryChanged
            } else {
                Kind::DescriptionChanged
            };
            self.words(&place, old, new, both.new_value, &[(key, kind)]);
        }
        self.lifecycle(&place, both.old, both.new, both.new_value)?;
        self.operation_security(&place, both)?;
        self.operation_servers(&place, both)?;
        self.parameters(both)?;
        self.request_body(both)?;
        self.responses(both)?;
        self.rest(&place, both.old, both.new, OPERATION_KEYS);
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

    fn lifecycle(
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
            operation
                .get("servers")
                .or_else(|| item.members.get("servers"))
        };
        let (own_old, own_new) = (own(both.old, both.items.0), own(both.new, both.items.1));
        if own_old.is_none() && own_new.is_none() {
            return Ok(());
        }
        let old = own_old.or_else(|| self.old.root.get("servers"));
        let new = own_new.or_else(|| self.new.root.get("servers"));
        self.servers(place, old, new)
    }

    fn parameters(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let old = parameters(self.old, both.items.0, both.old)?;
        let new = parameters(self.new, both.items.1, both.new)?;
        for (key, before) in &old {
            let place = |name| under(&both.operation, Scope::RequestParameter, Some(name), None);
            match new.get(key) {
                Some(after) => self.parameter(&place(after.name), *before, *after)?,
                None => {
                    let was_deprecated = self.old.flag(before.members, "deprecated")?;
                    let kind = match was_deprecated {
                        true => Kind::ParameterRemovedAfterDeprecation,
                        false => Kind::ParameterRemoved,
                    };
                    let change = Change::new(kind, At::old(before.value));
                    self.fact(place(before.name), change.before(Some(before.value)));
                }
            }
        }
        for (key, after) in &new {
            if old.contains_key(key) {
                continue;
            }
            let kind = match (key.0, self.new.flag(after.members, "required")?) {
                ("path", _) => Kind::PathParameterAdded,
                (_, true) => Kind::ParameterAddedRequired,
                (_, false) => Kind::ParameterAddedOptional,
            };
            let place = under(
                &both.operation,
                Scope::RequestParameter,
                Some(after.name),
                None,
            );
            let change = Change::new(kind, At::new(after.value)).after(Some(after.value));
            self.fact(place, change);
        }
        Ok(())
    }

    fn parameter(&mut self, place: &Place, before: Named<'a>, after: Named<'a>) -> Read<'a, ()> {
        let kinds = [Kind::ParameterBecameRequired, Kind::ParameterBecameOptional];
        self.requiredness(place, before.members, after.members, after.value, kinds)?;
        self.lifecycle(place, before.members, after.members, after.value)?;
        self.carried(place, before, after)?;
        const KEYS: &[&str] = &[
            "name",
            "in",
            "required",
            "deprecated",
            "x-sunset",
            "description",
            "schema",
            "content",
            "example",
            "examples",
        ];
        self.rest(place, before.members, after.members, KEYS);
        Ok(())
    }

    /// What a parameter and a header have in common.
    fn carried(&mut self, place: &Place, before: Named<'a>, after: Named<'a>) -> Read<'a, ()> {
        let (old, new) = (before.members, after.members);
        self.words(
            place,
            old,
            new,
            after.value,
            &[("description", Kind::DescriptionChanged)],
        );
        self.examples(place, old, new, after.value)?;
        match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => self.roots.push(Root {
                place: place.clone(),
                old,
                new,
            }),
            (None, None) => {}
            (before, after) => self.unhandled(place, before, after),
        }
        match (old.get("content"), new.get("content")) {
            (Some(_), Some(_)) => self.content(place, place, old, new),
            (None, None) => Ok(()),
            (before, after) => {
                self.unhandled(place, before, after);
                Ok(())
            }
        }
    }

    fn requiredness(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
        [became_required, became_optional]: [Kind; 2],
    ) -> Read<'a, ()> {
        let (was, is) = (
            self.old.flag(old, "required")?,
            self.new.flag(new, "required")?,
        );
        if was != is {
            let kind = if is { became_required } else { became_optional };
            let at = new.get("required").unwrap_or(here);
            self.fact(
                place.clone(),
                Change::new(kind, At::new(at)).became(was, is),
            );
        }
        Ok(())
    }

    fn request_body(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let place = under(&both.operation, Scope::RequestBody, None, None);
        let (before, after) = match (both.old.get("requestBody"), both.new.get("requestBody")) {
            (None, None) => return Ok(()),
            (Some(before), None) => {
                self.fact(place, Change::new(Kind::BodyRemoved, At::old(before)));
                return Ok(());
            }
            (None, Some(after)) => {
                let is_required = self
                    .new
                    .flag(self.new.resolved_object(after)?, "required")?;
                let kind = if is_required {
                    Kind::BodyAddedRequired
                } else {
                    Kind::BodyAddedOptional
                };
                self.fact(place, Change::new(kind, At::new(after)));
                return Ok(());
            }
            (Some(before), Some(after)) => (before, after),
        };
        let (old, new) = (
            self.old.resolved_object(before)?,
            self.new.resolved_object(after)?,
        );
        let kinds = [Kind::BodyBecameRequired, Kind::BodyBecameOptional];
        self.requiredness(&place, old, new, after, kinds)?;
        self.words(
            &place,
            old,
            new,
            after,
            &[("description", Kind::DescriptionChanged)],
        );
        self.content(&place, &place, old, new)?;
        self.rest(&place, old, new, &["required", "description", "content"]);
        Ok(())
    }

    fn responses(&mut self, both: &Both<'a>) -> Read<'a, ()> {
        let old = self.old.members(both.old, "responses")?;
        let new = self.new.members(both.new, "responses")?;
        for (status, presence, before, after) in side_by_side(old, new) {
            if status.starts_with("x-") {
                let place = of_operation(both.operation.clone());
                if before != after {
                    self.unhandled(&place, before, after);
                }
                continue;
            }
            let place = under(&both.operation, Scope::Response, None, Some(status));
            let is_success = status.starts_with('2');
            let kind = match (presence, is_success) {
                (Presence::Both, _) => {
                    if let (Some(before), Some(after)) = (before, after) {
                        self.response(&place, before, after)?;
                    }
                    continue;
                }
                (Presence::Added, true) => Kind::SuccessStatusAdded,
                (Presence::Added, false) => Kind::OtherStatusAdded,
                (Presence::Removed, true) => Kind::SuccessStatusRemoved,
                (Presence::Removed, false) => Kind::OtherStatusRemoved,
            };
            let at = At::newest(before, after, At::new(both.new_value));
            let mut change = Change::new(kind, at);
            let said = |there: Option<&Value>| there.map(|_| super::fact::Content::made(status));
            change.before = said(before);
            change.after = said(after);
            self.fact(place, change);
        }
        Ok(())
    }

    fn response(&mut self, place: &Place, before: &'a Value, after: &'a Value) -> Read<'a, ()> {
        let (old, new) = (
            self.old.resolved_object(before)?,
            self.new.resolved_object(after)?,
        );
        self.words(
            place,
            old,
            new,
            after,
            &[("description", Kind::DescriptionChanged)],
        );
        self.headers(place, old, new)?;
        let body = Place {
            scope: Scope::ResponseBody,
            ..place.clone()
        };
        self.content(place, &body, old, new)?;
        self.rest(place, old, new, &["description", "headers", "content"]);
        Ok(())
    }

    fn headers(&mut self, response: &Place, old: Object<'a>, new: Object<'a>) -> Read<'a, ()> {
        let old = headers(self.old, old)?;
        let new = headers(self.new, new)?;
        let place = |header: Named<'_>| Place {
            scope: Scope::ResponseHeader,
            path: Some(header.name.into()),
            ..response.clone()
        };
        for (key, before) in &old {
            let Some(after) = new.get(key) else {
                let kind = match self.old.flag(before.members, "required")? {
                    true => Kind::RequiredHeaderRemoved,
                    false => Kind::OptionalHeaderRemoved,
                };
                let change = Change::new(kind, At::old(before.value));
                self.fact(place(*before), change.before(Some(before.value)));
                continue;
            };
            let place = place(*after);
            let kinds = [Kind::HeaderBecameRequired, Kind::HeaderBecameOptional];
            self.requiredness(&place, before.members, after.members, after.value, kinds)?;
            self.lifecycle(&place, before.members, after.members, after.value)?;
            self.carried(&place, *before, *after)?;
            const KEYS: &[&str] = &[
                "required",
                "deprecated",
                "x-sunset",
                "description",
                "schema",
                "content",
                "example",
                "examples",
            ];
            self.rest(&place, before.members, after.members, KEYS);
        }
        for (key, after) in &new {
            if !old.contains_key(key) {
                let change = Change::new(Kind::HeaderAdded, At::new(after.value));
                self.fact(place(*after), change.after(Some(after.value)));
            }
        }
        Ok(())
    }

    /// The media types of a body, a parameter or a header. Adding or removing one is a change of
    /// `whole`; a change of its schema is one of `body`.
    fn content(
        &mut self,
        whole: &Place,
        body: &Place,
        old: Object<'a>,
        new: Object<'a>,
    ) -> Read<'a, ()> {
        let old = self.old.members(old, "content")?;
        let new = self.new.members(new, "content")?;
        for (name, _, before, after) in side_by_side(old, new) {
            let (was, is) = match (before, after) {
                (Some(was), Some(is)) => (was, is),
                (None, None) => continue,
                (Some(was), None) => {
                    let mut change = Change::new(Kind::MediaTypeRemoved, At::old(was));
                    change.before = Some(super::fact::Content::made(name));
                    self.fact(whole.clone(), change);
                    continue;
                }
                (None, Some(is)) => {
                    let mut change = Change::new(Kind::MediaTypeAdded, At::new(is));
                    change.after = Some(super::fact::Content::made(name));
                    self.fact(whole.clone(), change);
                    continue;
                }
            };
            self.media_type(body, was, is)?;
        }
        Ok(())
    }

    fn media_type(&mut self, place: &Place, was: &'a Value, is: &'a Value) -> Read<'a, ()> {
        let (old, new) = (self.old.object(was)?, self.new.object(is)?);
        match (old.get("schema"), new.get("schema")) {
            (None, None) => {}
            (Some(old), Some(new)) => self.roots.push(Root {
                place: place.clone(),
                old,
                new,
            }),
            (before @ Some(schema), None) => {
                let change = Change::new(Kind::MediaTypeSchemaRemoved, At::old(schema));
                self.fact(place.clone(), change.before(before));
            }
            (None, after @ Some(schema)) => {
                let change = Change::new(Kind::MediaTypeSchemaAdded, At::new(schema));
                self.fact(place.clone(), change.after(after));
            }
        }
        self.examples(place, old, new, is)?;
        self.rest(place, old, new, &["schema", "example", "examples"]);
        Ok(())
    }

    fn examples(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
    ) -> Read<'a, ()> {
        let before = examples(self.old, old)?;
        let after = examples(self.new, new)?;
        if before != after {
            let at = new.get("examples").or(new.get("example")).unwrap_or(here);
            let mut change = Change::new(Kind::ExampleChanged, At::new(at));
            change.before = all(&before);
            change.after = all(&after);
            self.fact(place.clone(), change);
        }
        Ok(())
    }

    /// Calls from the API to the caller. Their requests are what the caller reads.
    pub fn webhooks(&mut self) -> Read<'a, ()> {
        let old = items(self.old, "webhooks")?;
        let new = items(self.new, "webhooks")?;
        let names: BTreeMap<_, _> = new.iter().map(|item| (item.path, *item)).collect();
        for before in &old {
            let after = names.get(before.path);
            for (method, operation) in operations(*before) {
                let place = of_operation(named(*before, method, operation));
                match after.and_then(|after| after.members.get(method)) {
                    None => {
                        self.fact(place, Change::new(Kind::WebhookRemoved, At::old(operation)));
                    }
                    Some(after) => self.webhook(&place, operation, after)?,
                }
            }
        }
        let before: HashMap<_, _> = old.iter().map(|item| (item.path, *item)).collect();
        for after in &new {
            for (method, operation) in operations(*after) {
                if before
                    .get(after.path)
                    .is_none_or(|item| !item.members.contains_key(method))
                {
                    let place = of_operation(named(*after, method, operation));
                    self.fact(place, Change::new(Kind::WebhookAdded, At::new(operation)));
                }
            }
        }
        Ok(())
    }

    fn webhook(&mut self, place: &Place, was: &'a Value, is: &'a Value) -> Read<'a, ()> {
        let (old, new) = (self.old.object(was)?, self.new.object(is)?);
        self.words(
            place,
            old,
            new,
            is,
            &[
                ("summary", Kind::SummaryChanged),
                ("description", Kind::DescriptionChanged),
            ],
        );
        self.rest(place, old, new, &["summary", "description", "requestBody"]);
        match (old.get("requestBody"), new.get("requestBody")) {
            (Some(before), Some(after)) => {
                let body = Place {
                    scope: Scope::ResponseBody,
                    ..place.clone()
                };
                let whole = Place {
                    scope: Scope::Response,
                    ..place.clone()
                };
                let old = self.old.resolved_object(before)?;
                let new = self.new.resolved_object(after)?;
                self.content(&whole, &body, old, new)?;
                self.rest(place, old, new, &["content"]);
            }
            (None, None) => {}
            (before, after) => self.unhandled(place, before, after),
        }
        Ok(())
    }
}

fn of_operation(operation: Rc<Operation>) -> Place {
    Place {
        operation: Some(operation),
        scope: Scope::Operation,
        status: None,
        path: None,
    }
}

fn under(
    operation: &Rc<Operation>,
    scope: Scope,
    path: Option<&str>,
    status: Option<&str>,
) -> Place {
    Place {
        operation: Some(operation.clone()),
        scope,
        status: status.map(Rc::from),
        path: path.map(Rc::from),
    }
}

fn named(item: Item<'_>, method: &str, operation: &Value) -> Rc<Operation> {
    let id = operation.get("operationId").and_then(Value::as_str);
    Rc::new(Operation {
        name: format!("{} {}", method.to_uppercase(), item.path),
        id: id.map(str::to_owned),
    })
}

fn items<'a>(document: Document<'a>, key: &str) -> Read<'a, Vec<Item<'a>>> {
    let root = document.object(document.root)?;
    let mut items = Vec::new();
    for (path, value) in document.members(root, key)? {
        if !path.starts_with("x-") {
            let members = document.resolved_object(value)?;
            items.push(Item { path, members });
        }
    }
    Ok(items)
}

fn operations(item: Item<'_>) -> Vec<(&'static str, &Value)> {
    let found = METHODS.into_iter();
    found
        .filter_map(|method| Some((method, item.members.get(method)?)))
        .collect()
}

type Pairs<'a> = Vec<(Item<'a>, Item<'a>)>;

/// Pairs equal paths. The names of path parameters do not matter on the wire.
fn match_paths<'a>(
    old: Vec<Item<'a>>,
    new: Vec<Item<'a>>,
) -> (Pairs<'a>, Vec<Item<'a>>, Vec<Item<'a>>) {
    let exact: HashMap<_, _> = old.iter().map(|item| (item.path, *item)).collect();
    let newer: HashSet<_> = new.iter().map(|item| item.path).collect();
    let mut alike: HashMap<String, Item<'a>> = old
        .iter()
        .filter(|item| !newer.contains(item.path))
        .map(|item| (without_names(item.path), *item))
        .collect();
    let mut matched = HashSet::new();
    let (mut pairs, mut added) = (Vec::new(), Vec::new());
    for item in new {
        let partner = match exact.get(item.path) {
            Some(same) => Some(*same),
            None => alike.remove(&without_names(item.path)),
        };
        match partner {
            Some(partner) => {
                matched.insert(partner.path);
                pairs.push((partner, item));
            }
            None => added.push(item),
        }
    }
    let gone = old
        .into_iter()
        .filter(|item| !matched.contains(item.path))
        .collect();
    (pairs, gone, added)
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

/// A parameter or a header.
#[derive(Clone, Copy)]
struct Named<'a> {
    name: &'a str,
    value: &'a Value,
    members: Object<'a>,
}

/// The location and the name of a parameter; for one in the path, its position.
type ParameterKey<'a> = (&'a str, String);

fn parameters<'a>(
    document: Document<'a>,
    item: Item<'a>,
    operation: Object<'a>,
) -> Read<'a, BTreeMap<ParameterKey<'a>, Named<'a>>> {
    let mut parameters = BTreeMap::new();
    for of in [item.members, operation] {
        for parameter in document.items(of, "parameters")? {
            let value = document.resolve(parameter)?;
            let members = document.object(value)?;
            let field = |key| match members.get(key) {
                Some(it) => document.text(it),
                None => Err(document.shape(value, "a parameter with `name` and `in`")),
            };
            let (name, place) = (field("name")?, field("in")?);
            let key = match place {
                "path" => place_in_template(item.path, name),
                "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            parameters.insert(
                (place, key),
                Named {
                    name,
                    value,
                    members,
                },
            );
        }
    }
    Ok(parameters)
}

fn place_in_template(path: &str, name: &str) -> String {
    let mut names = path.split('{').skip(1).map(|rest| rest.split('}').next());
    match names.position(|it| it == Some(name)) {
        Some(position) => format!("{{{position}}}"),
        None => name.to_owned(),
    }
}

fn headers<'a>(
    document: Document<'a>,
    response: Object<'a>,
) -> Read<'a, BTreeMap<String, Named<'a>>> {
    let mut headers = BTreeMap::new();
    for (name, value) in document.members(response, "headers")? {
        let value = document.resolve(value)?;
        let members = document.object(value)?;
        headers.insert(
            name.to_lowercase(),
            Named {
                name,
                value,
                members,
            },
        );
    }
    Ok(headers)
}

/// `example` and the values of `examples`.
fn examples<'a>(document: Document<'a>, of: Object<'a>) -> Read<'a, Vec<&'a Value>> {
    let mut examples: Vec<&Value> = of.get("example").into_iter().collect();
    for (_, example) in document.members(of, "examples")? {
        let example = document.resolve(example)?;
        examples.push(example.get("value").unwrap_or(example));
    }
    Ok(examples)
}
