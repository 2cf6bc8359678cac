//! Compares two snapshots: their documents, their result codes, their prose.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::Value;

use crate::compare::{self, beside};
use crate::payssam::fetch::Listing;
use crate::payssam::pins::Pins;
use crate::payssam::snapshot::Snapshot;
use crate::payssam::{facade, heads, level, reconstructed, regeneration};
use openapi_compare::finding::{Finding, Kind};

/// All changes from `old` to `new`, the worst first, as [`compare::compare`] sees them on a day.
///
/// # Errors
///
/// That of [`compare::compare`].
pub fn findings(
    old: &Snapshot,
    new: &Snapshot,
    listing: &Listing,
    pins: &Pins,
    today: Option<Date>,
) -> Result<Vec<Finding>, compare::Error> {
    let mut findings = match (old.is_without_spec(), new.is_without_spec()) {
        (true, true) => Vec::new(),
        _ => documents(old, new, today)?,
    };
    findings.extend(compare::codes::compare(&old.codes(), &new.codes()));
    findings.extend(compare::prose::compare(&old.pages, &new.pages));
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

fn documents(
    old: &Snapshot,
    new: &Snapshot,
    today: Option<Date>,
) -> Result<Vec<Finding>, compare::Error> {
    let (before, after) = (told(old), told(new));
    let are_pages = !old.pages.is_empty() && !new.pages.is_empty();
    // A page may show models alone; what a document does not use concerns no caller.
    let mut findings = match are_pages {
        true => compare::models(&before, &after, today)?,
        false => Vec::new(),
    };
    match heads::differ(old) || heads::differ(new) {
        true => {
            findings.extend(heads::compare(old, new, today)?);
            let (before, after) = (heads::without(&before), heads::without(&after));
            findings.extend(compare::compare(&before, &after, today)?);
        }
        false => findings.extend(compare::compare(&before, &after, today)?),
    }
    Ok(findings)
}

/// The document of a snapshot, without provenance.
fn told(snapshot: &Snapshot) -> Cow<'_, Value> {
    reconstructed::without_provenance(&snapshot.document)
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
        of_a_page(beside::PAGE_ADDED, path, message)
    });
    let gone = listing.gone.iter().map(|path| {
        let message = format!("the page {path} is no longer in the list of published pages");
        of_a_page(beside::PAGE_GONE, path, message)
    });
    gone.chain(added).collect()
}

fn of_a_page(kind: Kind, path: &str, message: String) -> Finding {
    let finding = Finding {
        path: Some(path.to_owned()),
        pointer: path.to_owned(),
        message,
        ..beside::finding(kind)
    };
    finding.with_fingerprint()
}
