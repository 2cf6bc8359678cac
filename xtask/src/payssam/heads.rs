//! What a spec says about the whole API: its title, its version, its servers. The specs of one page may say
//! different things, so each is compared with the one that it was.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::compare;
use crate::page::Fence;
use crate::payssam::snapshot::Snapshot;
use openapi_compare::finding::Finding;

const KEYS: [&str; 3] = ["openapi", "info", "servers"];

/// Whether the specs of a snapshot say different things about the whole API.
pub fn differ(snapshot: &Snapshot) -> bool {
    let mut heads = fences(snapshot).map(head);
    let first = heads.next();
    heads.any(|head| Some(head) != first)
}

fn fences(snapshot: &Snapshot) -> impl Iterator<Item = &Fence> {
    let fences = snapshot.pages.iter().flat_map(|page| &page.fences);
    fences.filter(|fence| !fence.is_reconstruction())
}

fn head(fence: &Fence) -> Map<String, Value> {
    let members = KEYS.iter().filter_map(|key| {
        let value = fence.document.get(*key)?;
        Some(((*key).to_owned(), value.clone()))
    });
    members.collect()
}

/// The document without them.
pub fn without(document: &Value) -> Value {
    let members = document.as_object().into_iter().flatten();
    let is_kept = |key: &str| !KEYS[1..].contains(&key);
    let kept = members.filter(|(key, _)| is_kept(key));
    kept.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// What changed about the whole API, spec by spec. Specs belong together that describe the same
/// operation, else those at the same place of a page.
///
/// # Errors
///
/// As [`compare::compare`].
pub fn compare(
    old: &Snapshot,
    new: &Snapshot,
    today: Option<Date>,
) -> Result<Vec<Finding>, compare::Error> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut known = BTreeSet::new();
    let old: Vec<(&Fence, BTreeSet<String>)> = fences(old)
        .map(|fence| (fence, fence.operations().into_iter().collect()))
        .collect();
    for fence in fences(new) {
        let operations = fence.operations();
        let describes = |it: &&(&Fence, BTreeSet<String>)| {
            operations.iter().any(|operation| it.1.contains(operation))
        };
        let is_here = |it: &&(&Fence, BTreeSet<String>)| {
            it.1.is_empty() && operations.is_empty() && it.0.place.number == fence.place.number
        };
        let before = old
            .iter()
            .find(describes)
            .or_else(|| old.iter().find(is_here));
        let Some((before, _)) = before else {
            continue;
        };
        let [one, other] = [before, &fence].map(|fence| {
            let mut head = head(fence);
            head.insert("paths".to_owned(), json!({}));
            Value::Object(head)
        });
        for finding in compare::compare(&one, &other, today)? {
            if known.insert(finding.fingerprint.clone()) {
                findings.push(finding);
            }
        }
    }
    Ok(findings)
}
