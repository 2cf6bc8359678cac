//! Reads a document that may be broken: every access names what it expects.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::fact::{At, Side};
use super::number::is_same;
use crate::pointer::{Pointer, percent_decoded};

/// How many references may lead from one to the next.
pub(super) const MAX_HOPS: usize = 64;

/// Of how many schemas one may be merged: a chain that names each twice multiplies.
pub(super) const MOST_PARTS: usize = 10_000;

/// Why a document is refused, and at which value.
#[derive(Debug)]
pub(super) struct Refusal<'a> {
    pub at: At<'a>,
    pub problem: Problem,
}

#[derive(Debug)]
pub(super) enum Problem {
    Shape(&'static str),
    External,
    Dangling,
    Circular,
    Deep,
    Parts,
}

pub(super) type Read<'a, T> = Result<T, Refusal<'a>>;
pub(super) type Object<'a> = &'a Map<String, Value>;

/// One of the two documents.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub side: Side,
    pub root: &'a Value,
    pub reads_alike: fn(&str, &str) -> bool,
}

impl<'a> Document<'a> {
    /// Whether a reader sees the same in both.
    pub fn reads_alike(self, before: Option<&Value>, after: Option<&Value>) -> bool {
        match (before, after) {
            _ if before == after => true,
            (Some(Value::String(before)), Some(Value::String(after))) => {
                (self.reads_alike)(before, after)
            }
            _ => false,
        }
    }

    pub fn at(self, value: &'a Value) -> At<'a> {
        let side = self.side;
        At { side, value }
    }

    pub fn shape(self, value: &'a Value, expected: &'static str) -> Refusal<'a> {
        self.refuse(value, Problem::Shape(expected))
    }

    pub fn refuse(self, value: &'a Value, problem: Problem) -> Refusal<'a> {
        let at = self.at(value);
        Refusal { at, problem }
    }

    pub fn object(self, value: &'a Value) -> Read<'a, Object<'a>> {
        value.as_object().ok_or(self.shape(value, "an object"))
    }

    pub fn array(self, value: &'a Value) -> Read<'a, &'a [Value]> {
        match value {
            Value::Array(items) => Ok(items),
            _ => Err(self.shape(value, "an array")),
        }
    }

    pub fn text(self, value: &'a Value) -> Read<'a, &'a str> {
        value.as_str().ok_or(self.shape(value, "a string"))
    }

    pub fn flag(self, of: Object<'a>, key: &str) -> Read<'a, bool> {
        match of.get(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.shape(other, "true or false")),
        }
    }

    /// The members of the object under `key`, none if there is no such key.
    pub fn members(self, of: Object<'a>, key: &str) -> Read<'a, Vec<(&'a str, &'a Value)>> {
        let Some(inner) = of.get(key) else {
            return Ok(Vec::new());
        };
        let members = self.object(inner)?;
        Ok(members.iter().map(|(key, it)| (key.as_str(), it)).collect())
    }

    pub fn items(self, of: Object<'a>, key: &str) -> Read<'a, &'a [Value]> {
        of.get(key).map_or(Ok(&[]), |inner| self.array(inner))
    }

    /// Follows `$ref` to its target.
    pub fn resolve(self, value: &'a Value) -> Read<'a, &'a Value> {
        let mut here = value;
        for _ in 0..MAX_HOPS {
            match here.get("$ref") {
                None => return Ok(here),
                Some(reference) => here = self.target(reference)?,
            }
        }
        Err(self.refuse(value, Problem::Circular))
    }

    pub fn resolved_object(self, value: &'a Value) -> Read<'a, Object<'a>> {
        self.object(self.resolve(value)?)
    }

    /// The target of references that have no other keywords; broken ones stay as they are.
    pub fn referred(self, value: &'a Value) -> &'a Value {
        let mut here = value;
        for _ in 0..MAX_HOPS {
            let target = match here {
                Value::Object(members) if members.len() == 1 => members.get("$ref"),
                _ => None,
            };
            match target.and_then(|reference| self.target(reference).ok()) {
                Some(target) => here = target,
                None => break,
            }
        }
        here
    }

    /// The target of a reference.
    pub fn target(self, reference: &'a Value) -> Read<'a, &'a Value> {
        let text = self.text(reference)?;
        let Some(pointer) = text.strip_prefix('#') else {
            return Err(self.refuse(reference, Problem::External));
        };
        let found = match find(self.root, pointer) {
            None if pointer.contains('%') => find(self.root, &percent_decoded(pointer)),
            found => found,
        };
        found.ok_or(self.refuse(reference, Problem::Dangling))
    }
}

/// What a pointer leads to. Most have nothing to unescape, and there are many.
fn find<'a>(root: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.contains('~') || !pointer.starts_with('/') {
        return root.pointer(pointer);
    }
    let mut here = root;
    for key in pointer.split('/').skip(1) {
        here = match here {
            Value::Object(members) => members.get(key)?,
            Value::Array(_) => return root.pointer(pointer),
            _ => return None,
        };
    }
    Some(here)
}

/// Whether both are the same data, through references within their documents.
pub(super) fn is_same_data<'a>(
    old: (Document<'a>, &'a Value),
    new: (Document<'a>, &'a Value),
) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![(old.1, new.1)];
    while let Some((one, other)) = open.pop() {
        match (one, other) {
            (Value::Object(was), Value::Object(is)) => {
                if was.len() != is.len() {
                    return false;
                }
                for (key, one) in was {
                    let Some(other) = is.get(key) else {
                        return false;
                    };
                    open.push((one, other));
                    let is_reference = key == "$ref" && one.is_string() && other.is_string();
                    if is_reference
                        && let (Ok(one), Ok(other)) = (old.0.target(one), new.0.target(other))
                        && seen.insert((std::ptr::from_ref(one), std::ptr::from_ref(other)))
                    {
                        open.push((one, other));
                    }
                }
            }
            (Value::Array(was), Value::Array(is)) => {
                if was.len() != is.len() {
                    return false;
                }
                open.extend(was.iter().zip(is));
            }
            _ if !is_same(one, other) => return false,
            _ => {}
        }
    }
    true
}

/// The first steps of the pointer of a value that is too deep.
pub(super) fn way_down(root: &Value) -> Pointer {
    const SHOWN: usize = 8;
    let mut pointer = Pointer::root();
    let mut here = root;
    for _ in 0..SHOWN {
        let deepest = match here {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .max_by_key(|(_, item)| depth_of(item))
                    .map(|(index, item)| (pointer.child(index), item))
            }
            Value::Object(members) => members
                .iter()
                .max_by_key(|(_, member)| depth_of(member))
                .map(|(key, member)| (pointer.child(key), member)),
            _ => None,
        };
        let Some((below, value)) = deepest else { break };
        (pointer, here) = (below, value);
    }
    pointer
}

fn depth_of(root: &Value) -> usize {
    let mut deepest = 0;
    let mut open = vec![(root, 0)];
    while let Some((value, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => open.extend(members.values().map(|it| (it, depth + 1))),
            _ => {}
        }
    }
    deepest
}
