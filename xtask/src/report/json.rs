//! The report for programs.

use serde::Serialize;

use super::consequences::{Regeneration, Release, RustChange};
use super::content::{Report, count};
use super::outside::{InJson, Outside, json};
use openapi_compare::finding::{Direction, Finding, Level};

#[derive(Serialize)]
struct Document<'r> {
    summary: Summary,
    regeneration: Option<Regenerating<'r>>,
    facade: Facade<'r>,
    changes: Vec<Change<'r>>,
}

#[derive(Serialize)]
struct Summary {
    breaking: usize,
    review: usize,
    warn: usize,
    info: usize,
    doc: usize,
}

#[derive(Serialize)]
struct Regenerating<'r> {
    builds: bool,
    refusal: Option<InJson<'r>>,
    decisions: &'r [&'static str],
    release: &'static str,
}

impl<'r> From<&'r Regeneration> for Regenerating<'r> {
    fn from(regeneration: &'r Regeneration) -> Self {
        Regenerating {
            builds: regeneration.builds(),
            refusal: regeneration.refusal.as_ref().map(Outside::in_json),
            decisions: &regeneration.decisions,
            release: name(regeneration.release),
        }
    }
}

#[derive(Serialize)]
struct Facade<'r> {
    release: &'static str,
    work: Vec<Work<'r>>,
}

#[derive(Serialize)]
struct Work<'r> {
    release: &'static str,
    item: InJson<'r>,
    follows: InJson<'r>,
    operation: Option<InJson<'r>>,
    property: Option<InJson<'r>>,
    file: InJson<'r>,
}

impl<'r> From<&'r RustChange> for Work<'r> {
    fn from(change: &'r RustChange) -> Self {
        Work {
            release: change.release.as_str(),
            item: InJson::Text(&change.item),
            follows: InJson::Text(&change.follows),
            operation: change.operation.as_deref().map(InJson::Text),
            property: change.property.as_deref().map(InJson::Text),
            file: InJson::Text(&change.file),
        }
    }
}

#[derive(Serialize)]
struct Change<'r> {
    id: InJson<'r>,
    level: Level,
    operation: Option<InJson<'r>>,
    operation_id: Option<InJson<'r>>,
    direction: Option<Direction>,
    path: Option<InJson<'r>>,
    pointer: InJson<'r>,
    before: Option<InJson<'r>>,
    after: Option<InJson<'r>>,
    message: InJson<'r>,
    fingerprint: InJson<'r>,
    implemented_by: Option<InJson<'r>>,
    places: u64,
}

impl<'r> Change<'r> {
    fn of(finding: &'r Finding, places: u64) -> Self {
        let text = |text: &'r Option<String>| text.as_deref().map(InJson::Text);
        Change {
            id: InJson::Text(&finding.id),
            level: finding.level,
            operation: text(&finding.operation),
            operation_id: text(&finding.operation_id),
            direction: finding.direction,
            path: text(&finding.path),
            pointer: InJson::Text(&finding.pointer),
            before: finding.before.as_ref().map(InJson::Value),
            after: finding.after.as_ref().map(InJson::Value),
            message: InJson::Text(&finding.message),
            fingerprint: InJson::Text(&finding.fingerprint),
            implemented_by: text(&finding.implemented_by),
            places,
        }
    }
}

fn name(release: Option<Release>) -> &'static str {
    release.map_or("none", Release::as_str)
}

/// `places` has the number of places of each change.
pub(super) fn render(report: &Report, places: &[u64]) -> String {
    let count = |level| count(&report.findings, level);
    let document = Document {
        summary: Summary {
            breaking: count(Level::Breaking),
            review: count(Level::Review),
            warn: count(Level::Warn),
            info: count(Level::Info),
            doc: count(Level::Doc),
        },
        regeneration: report.regeneration.as_ref().map(Regenerating::from),
        facade: Facade {
            release: name(report.rust.release),
            work: report.rust.items.iter().map(Work::from).collect(),
        },
        changes: report
            .findings
            .iter()
            .zip(places)
            .map(|(finding, places)| Change::of(finding, *places))
            .collect(),
    };
    json(&document).to_string() + "\n"
}
