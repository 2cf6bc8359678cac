//! The report for programs.

use serde::Serialize;

use super::{Report, count};
use crate::finding::{Finding, Level};

#[derive(Serialize)]
struct Document<'r> {
    summary: Summary,
    changes: &'r [Finding],
}

#[derive(Serialize)]
struct Summary {
    breaking: usize,
    review: usize,
    warn: usize,
    info: usize,
    doc: usize,
}

pub(super) fn render(report: &Report) -> String {
    let count = |level| count(&report.findings, level);
    let document = Document {
        summary: Summary {
            breaking: count(Level::Breaking),
            review: count(Level::Review),
            warn: count(Level::Warn),
            info: count(Level::Info),
            doc: count(Level::Doc),
        },
        changes: &report.findings,
    };
    let json = serde_json::to_string_pretty(&document)
        .expect("a report has only text keys and nothing that fails to be written");
    json + "\n"
}
