//! Whether two fences mean the same, including everything that they refer to.

use std::collections::HashSet;

use serde_json::Value;

use crate::openapi::spec::Part;
use openapi_compare::pointer::Pointer;

/// The first difference.
pub(super) struct Difference<'a> {
    /// Where, in the first of the two.
    pub(super) at: Pointer,
    pub(super) first: Option<&'a Value>,
    pub(super) second: Option<&'a Value>,
}

/// The first difference between two parts of two documents, whatever the order of keys. Two
/// references are the same if their targets are; a reference in a circle adds nothing.
pub(super) fn difference<'a>(first: &Part<'a>, second: &Part<'a>) -> Option<Difference<'a>> {
    let mut assumed: HashSet<(Pointer, Pointer)> = HashSet::new();
    let mut open = vec![(first.clone(), second.clone())];
    while let Some((first, second)) = open.pop() {
        match (first.value, second.value) {
            (Value::Object(left), Value::Object(right)) => {
                let targets = (target(&first), target(&second));
                let skipped = match targets {
                    (Some(one), Some(other)) => {
                        if assumed.insert((one.at.clone(), other.at.clone())) {
                            open.push((one, other));
                        }
                        Some("$ref")
                    }
                    _ => None,
                };
                let keys = left
                    .keys()
                    .chain(right.keys().filter(|key| !left.contains_key(*key)));
                let mut inner = Vec::new();
                for key in keys.filter(|key| Some(key.as_str()) != skipped) {
                    match (member(&first, key), member(&second, key)) {
                        (Some(one), Some(other)) => inner.push((one, other)),
                        (one, other) => {
                            return Some(Difference {
                                at: first.at.child(key),
                                first: one.map(|one| one.value),
                                second: other.map(|other| other.value),
                            });
                        }
                    }
                }
                open.extend(inner.into_iter().rev());
            }
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                open.extend(first.items().zip(second.items()));
            }
            (left, right) if left == right => {}
            (left, right) => {
                return Some(Difference {
                    at: first.at,
                    first: Some(left),
                    second: Some(right),
                });
            }
        }
    }
    None
}

fn target<'a>(part: &Part<'a>) -> Option<Part<'a>> {
    part.referred(part.value.get("$ref")?.as_str()?)
}

/// A member, including one that is `null`: published values are compared verbatim.
fn member<'a>(part: &Part<'a>, key: &str) -> Option<Part<'a>> {
    let value = part.value.get(key)?;
    Some(Part {
        document: part.document,
        at: part.at.child(key),
        value,
    })
}
