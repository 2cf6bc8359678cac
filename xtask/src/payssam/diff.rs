//! Compares two snapshots: their documents, their result codes, their prose.

use serde_json::Value;

use crate::compare;
use crate::finding::{Finding, Level};
use crate::payssam::fetch::Listing;
use crate::payssam::pins::Pins;
use crate::payssam::snapshot::Snapshot;
use crate::payssam::{facade, reconstructed, regeneration};

/// All that changed from `old` to `new`, the worst first.
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
    findings.extend(listed(listing));
    pins.raise(&mut findings, old, new);
    if facade::serves(&old.document) || facade::serves(&new.document) {
        findings.extend(regeneration::what_cannot_be_sent(old, new));
        facade::annotate(&mut findings);
    }
    regeneration::raise(&mut findings);
    findings.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(findings)
}

/// What a snapshot says of the API. How we know it is no part of that.
fn told(snapshot: &Snapshot) -> Value {
    reconstructed::without_standing(snapshot.document.clone())
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

/// Pages that appeared in, or went from, the list of published pages.
fn listed(listing: &Listing) -> Vec<Finding> {
    let added = listing.unknown.iter().map(|path| {
        let message = format!("the page {path} is published and not captured");
        plain("page-added", Level::Info, path, message)
    });
    let gone = listing.gone.iter().map(|path| {
        let message = format!("the page {path} is not in the list of published pages any more");
        plain("page-gone", Level::Review, path, message)
    });
    gone.chain(added).map(Finding::with_fingerprint).collect()
}

fn plain(id: &str, level: Level, place: &str, message: String) -> Finding {
    Finding {
        id: id.to_owned(),
        level,
        operation: None,
        operation_id: None,
        direction: None,
        path: Some(place.to_owned()),
        pointer: place.to_owned(),
        before: None,
        after: None,
        message,
        fingerprint: String::new(),
        implemented_by: None,
    }
}
