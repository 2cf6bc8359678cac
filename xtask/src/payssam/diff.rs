//! Compares two snapshots: their documents, their result codes, their prose.

use serde_json::Value;

use crate::compare;
use crate::finding::{Finding, Level};
use crate::page::Page;
use crate::page::codes;
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
    findings.extend(codes::compare(&old.codes(), &new.codes()));
    findings.extend(prose(&old.pages, &new.pages));
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

/// Changed words outside of the specs.
fn prose(old: &[Page], new: &[Page]) -> Vec<Finding> {
    new.iter()
        .filter_map(|page| Some((counterpart(old, new, page)?, page)))
        .flat_map(|(before, after)| page_prose(before, after))
        .collect()
}

/// The page that `page` was. Two files that are compared have any names.
fn counterpart<'a>(old: &'a [Page], new: &[Page], page: &Page) -> Option<&'a Page> {
    match (old, new) {
        ([only], [_]) => Some(only),
        _ => old.iter().find(|before| before.file == page.file),
    }
}

fn page_prose(old: &Page, new: &Page) -> Vec<Finding> {
    let (before, after) = (old.by_heading(), new.by_heading());
    let mut headings: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    headings.sort_unstable();
    headings.dedup();
    headings
        .into_iter()
        .filter_map(|heading| section(&new.file, heading, before.get(heading), after.get(heading)))
        .collect()
}

fn section(
    file: &str,
    heading: &str,
    before: Option<&String>,
    after: Option<&String>,
) -> Option<Finding> {
    let (id, act) = match (before, after) {
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => ("page-prose-changed", "changed"),
        (Some(_), None) => ("page-prose-removed", "is gone"),
        (None, _) => ("page-prose-added", "is new"),
    };
    let place = format!("{file}#{heading}");
    let message = match heading {
        "" => format!("the text at the top of {file} {act}"),
        _ => format!("the text below \"{heading}\" of {file} {act}"),
    };
    let finding = Finding {
        before: before.cloned().map(Value::from),
        after: after.cloned().map(Value::from),
        ..plain(id, Level::Doc, &place, message)
    };
    Some(finding.with_fingerprint())
}
