//! The state of a walk through two documents, and how it records facts.

use std::collections::HashSet;

use serde_json::Value;

use super::difference::side_by_side;
use super::document::{Document, MAX_HOPS, Object, is_extension, is_same_data};
use super::fact::{At, Change, Fact, Place};
use super::graph::Root;
use super::unchanged::Unchanged;
use crate::finding::Kind;

/// What is compared, and what was found so far.
pub(super) struct Walk<'a> {
    pub old: Document<'a>,
    pub new: Document<'a>,
    pub unchanged: Unchanged,
    pub today: Option<jiff::civil::Date>,
    pub facts: Vec<Fact<'a>>,
    pub roots: Vec<Root<'a>>,
    /// Operations whose callbacks are compared.
    pub callers: HashSet<(*const Value, *const Value)>,
}

impl<'a> Walk<'a> {
    /// Texts that only describe.
    pub fn words(
        &mut self,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        here: &'a Value,
        keys: &[(&str, Kind)],
    ) {
        for (key, kind) in keys {
            self.word(place, key, *kind, (old.get(*key), new.get(*key)), here);
        }
    }

    /// One of them.
    pub fn word(
        &mut self,
        place: &Place,
        key: &str,
        kind: Kind,
        (before, after): (Option<&'a Value>, Option<&'a Value>),
        here: &'a Value,
    ) {
        let is_prose = matches!(key, "description" | "summary");
        if before != after && !(is_prose && self.old.reads_alike(before, after)) {
            let at = At::newest(before, after, At::new(here));
            let change = Change::new(kind, at).before(before).after(after);
            self.fact(place.clone(), change);
        }
    }

    /// What is not compared in any other way.
    pub fn rest(&mut self, place: &Place, old: Object<'a>, new: Object<'a>, known: &[&str]) {
        let unknown = |of: Object<'a>| {
            let members = of.iter().filter(|(key, _)| !known.contains(&key.as_str()));
            members
                .map(|(key, value)| (key.as_str(), value))
                .collect::<Vec<_>>()
        };
        self.remarks(place, unknown(old), unknown(new));
    }

    /// Remarks on extensions among names that may begin as they do.
    pub fn extensions(&mut self, place: &Place, old: Object<'a>, new: Object<'a>, key: &str) {
        self.extensions_that(is_extension, place, old, new, key);
    }

    /// Remarks on extensions of the whole document where no name can begin as they do.
    pub fn extensions_alone(&mut self, old: Object<'a>, new: Object<'a>, key: &str) {
        let is_one = |name: &str, _: &Value| name.starts_with("x-");
        self.extensions_that(is_one, &Place::of_api(), old, new, key);
    }

    fn extensions_that(
        &mut self,
        are: fn(&str, &Value) -> bool,
        place: &Place,
        old: Object<'a>,
        new: Object<'a>,
        key: &str,
    ) {
        let all = |of: Object<'a>| {
            let members = of.get(key).and_then(Value::as_object).into_iter().flatten();
            let members = members.filter(|(name, value)| are(name, value));
            let members = members.map(|(name, value)| (name.as_str(), value));
            members.collect::<Vec<_>>()
        };
        let (old, new) = (all(old), all(new));
        if !old.is_empty() || !new.is_empty() {
            self.remarks(&place.clone().within("keyword", key), old, new);
        }
    }

    /// What stands beside references: words, and remarks.
    pub fn beside(&mut self, place: &Place, before: &'a Value, after: &'a Value) {
        let all = |document: Document<'a>, mut here: &'a Value| {
            let mut all: Vec<(&'a str, &'a Value)> = Vec::new();
            for _ in 0..MAX_HOPS {
                let Some(reference) = here.get("$ref") else {
                    break;
                };
                for (key, value) in here.as_object().into_iter().flatten() {
                    if key != "$ref" && !all.iter().any(|(known, _)| known == key) {
                        all.push((key, value));
                    }
                }
                match document.target(reference) {
                    Ok(target) => here = target,
                    Err(_) => break,
                }
            }
            all
        };
        let (mut old, mut new) = (all(self.old, before), all(self.new, after));
        if old.is_empty() && new.is_empty() {
            return;
        }
        let place = place.clone().within("beside", "");
        for (key, kind) in [
            ("summary", Kind::SummaryChanged),
            ("description", Kind::DescriptionChanged),
        ] {
            let text = |of: &[(&'a str, &'a Value)]| {
                let found = of.iter().find(|(it, _)| *it == key);
                found.map(|(_, value)| *value)
            };
            let both = (text(&old), text(&new));
            self.word(&place, key, kind, both, after);
            old.retain(|(it, _)| *it != key);
            new.retain(|(it, _)| *it != key);
        }
        self.remarks(&place, old, new);
    }

    /// Remarks on what differs.
    pub fn remarks(
        &mut self,
        place: &Place,
        old: Vec<(&'a str, &'a Value)>,
        new: Vec<(&'a str, &'a Value)>,
    ) {
        for (key, _, before, after) in side_by_side(old, new) {
            let is_same = match (before, after) {
                (Some(was), Some(is)) => is_same_data((self.old, was), (self.new, is)),
                _ => !key.starts_with("x-") && is_default(before.or(after)),
            };
            if !is_same {
                self.unhandled(place, before, after);
            }
        }
    }

    pub fn unhandled(
        &mut self,
        place: &Place,
        before: Option<&'a Value>,
        after: Option<&'a Value>,
    ) {
        let at = match (before, after) {
            (_, Some(after)) => At::new(after),
            (Some(before), None) => At::old(before),
            (None, None) => return,
        };
        let change = Change::new(Kind::Unhandled, at).before(before).after(after);
        self.fact(place.clone(), change);
    }

    pub fn fact(&mut self, place: Place, change: Change<'a>) {
        self.facts.push(Fact { place, change });
    }
}

/// What a missing flag or list means.
fn is_default(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}
