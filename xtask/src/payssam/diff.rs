//! Compares two snapshots: their documents, their result codes, their prose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::compare::{self, rules};
use crate::finding::{Finding, Kind, Scope};
use crate::payssam::fetch::Listing;
use crate::payssam::pins::Pins;
use crate::payssam::snapshot::Snapshot;
use crate::payssam::{facade, level, reconstructed, regeneration};

/// All changes from `old` to `new`, the worst first.
///
/// # Errors
///
/// That of [`compare::compare`].
pub fn findings(
    old: &Snapshot,
    new: &Snapshot,
    listing: &Listing,
    pins: &Pins,
) -> Result<Vec<Finding>, compare::Error> {
    let mut findings = match (old.is_without_spec(), new.is_without_spec()) {
        (true, true) => Vec::new(),
        _ => compare::compare(&told(old), &told(new))?,
    };
    findings.extend(compare::codes::compare(&old.codes(), &new.codes()));
    findings.extend(compare::prose::compare(&old.pages, &new.pages));
    findings.extend(models(old, new));
    findings.extend(listed(listing));
    pins.replace(&mut findings, old, new);
    let is_served = facade::serves(&old.document) || facade::serves(&new.document);
    if is_served {
        findings.extend(regeneration::what_cannot_be_sent(old, new));
        facade::name_files(&mut findings);
    }
    level::raise(&mut findings, is_served);
    findings.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(findings)
}

/// Pages that describe only models: nobody knows where these are used, so that each change is a
/// remark.
fn models(old: &Snapshot, new: &Snapshot) -> Vec<Finding> {
    let has_operations = |snapshot: &Snapshot| {
        let paths = snapshot.document.get("paths").and_then(Value::as_object);
        paths.is_some_and(|paths| !paths.is_empty())
    };
    let are_pages = !old.pages.is_empty() && !new.pages.is_empty();
    if !are_pages || has_operations(old) || has_operations(new) {
        return Vec::new();
    }
    let schemas = |snapshot: &Snapshot| {
        let schemas = snapshot.document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
        schemas
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (schemas(old), schemas(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter_map(|name| {
        let (before, after) = (before.get(name), after.get(name));
        let act = match (before, after) {
            (Some(before), Some(after)) if before == after => return None,
            (Some(_), Some(_)) => "changed",
            (Some(_), None) => "was removed",
            (None, _) => "was added",
        };
        let finding = Finding {
            path: Some(name.clone()),
            pointer: format!("/components/schemas/{name}"),
            before: before.cloned(),
            after: after.cloned(),
            message: format!("the model `{name}` {act}; no operation of the page uses it"),
            ..rules::finding(Kind::Unhandled, Scope::Api)
        };
        Some(finding.with_fingerprint())
    });
    changed.collect()
}

/// The document of a snapshot, without provenance.
fn told(snapshot: &Snapshot) -> Value {
    reconstructed::without_provenance(snapshot.document.clone())
}

fn order(finding: &Finding) -> impl Ord + '_ {
    (
        std::cmp::Reverse(finding.level),
        &finding.operation,
        &finding.direction,
        &finding.path,
        &finding.id,
        &finding.pointer,
    )
}

/// Pages that were added to or removed from the list of published pages.
fn listed(listing: &Listing) -> Vec<Finding> {
    let added = listing.unknown.iter().map(|path| {
        let message = format!("the page {path} is published but not captured");
        of_a_page(Kind::PageAdded, path, message)
    });
    let gone = listing.gone.iter().map(|path| {
        let message = format!("the page {path} is no longer in the list of published pages");
        of_a_page(Kind::PageGone, path, message)
    });
    gone.chain(added).collect()
}

fn of_a_page(kind: Kind, path: &str, message: String) -> Finding {
    let finding = Finding {
        path: Some(path.to_owned()),
        pointer: path.to_owned(),
        message,
        ..rules::finding(kind, Scope::Page)
    };
    finding.with_fingerprint()
}
