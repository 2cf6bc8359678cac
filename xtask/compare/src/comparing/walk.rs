//! The state of a walk through two documents, and how it records facts.

use std::collections::HashSet;

use serde_json::Value;

use super::difference::side_by_side;
use super::document::{Document, Object, is_same_data};
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
            let (before, after) = (old.get(*key), new.get(*key));
            let is_prose = matches!(*key, "description" | "summary");
            if before != after && !(is_prose && self.old.reads_alike(before, after)) {
                let at = At::newest(before, after, At::new(here));
                let change = Change::new(*kind, at).before(before).after(after);
                self.fact(place.clone(), change);
            }
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
        for (key, _, before, after) in side_by_side(unknown(old), unknown(new)) {
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
