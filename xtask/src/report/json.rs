//! The report for programs.

use serde::Serialize;

use super::consequences::{Regeneration, Release, RustChange};
use super::content::{Report, count};
use super::invisible::is_invisible;
use openapi_compare::finding::{Finding, Level};

#[derive(Serialize)]
struct Document<'r> {
    summary: Summary,
    regeneration: Option<Regenerating<'r>>,
    facade: Facade<'r>,
    changes: Vec<Change<'r>>,
}

#[derive(Serialize)]
struct Change<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    places: u64,
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
    refusal: Option<&'r str>,
    decisions: &'r [&'static str],
    release: &'static str,
}

impl<'r> From<&'r Regeneration> for Regenerating<'r> {
    fn from(regeneration: &'r Regeneration) -> Self {
        Regenerating {
            builds: regeneration.builds(),
            refusal: regeneration.refusal.as_deref(),
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
    item: &'r str,
    follows: &'r str,
    operation: Option<&'r str>,
    property: Option<&'r str>,
    file: &'r str,
}

impl<'r> From<&'r RustChange> for Work<'r> {
    fn from(change: &'r RustChange) -> Self {
        Work {
            release: change.release.as_str(),
            item: &change.item,
            follows: &change.follows,
            operation: change.operation.as_deref(),
            property: change.property.as_deref(),
            file: &change.file,
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
            .map(|(finding, places)| Change {
                finding,
                places: *places,
            })
            .collect(),
    };
    let json = serde_json::to_string_pretty(&document)
        .expect("a report has only text keys and serialisable values");
    escaped(&json) + "\n"
}

/// The same JSON without characters that nobody sees and without workflow commands, which are only in
/// strings.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped += &format!("\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped.replace("##[", "#\\u0023[")
}
