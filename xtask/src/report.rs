//! Reports: what was found, for a terminal, for programs, for a pull request and for GitHub's log.
//!
//! The JSON report follows [`SCHEMA`]. Everything that comes from a page is escaped in the way of
//! the place where it is shown; values are shortened everywhere but in JSON.

mod github;
mod json;
mod markdown;
mod shown;
mod text;

use std::cmp::Reverse;

use clap::ValueEnum;

use crate::finding::{Finding, Level};
use crate::payssam::facade::RustSide;
use crate::payssam::regeneration::Regeneration;

pub(crate) use shown::visible;

/// The JSON Schema (draft 2020-12) of [`Format::Json`], published as `xtask/report.schema.json`.
pub const SCHEMA: &str = include_str!("../report.schema.json");

/// What a report tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The changes.
    pub findings: Vec<Finding>,
    /// What regenerating alone comes to; `None` where two files were compared.
    pub regeneration: Option<Regeneration>,
    /// What they do to the code of those who use the library, once the facade follows them.
    pub rust: RustSide,
    /// How many other changes there are that were not asked for.
    pub hidden: usize,
    /// What was compared.
    pub compared: Compared,
}

/// What was compared, and so which file a change is shown at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// The checked-in spec with what is published. Its changes can be accepted.
    #[default]
    CheckedIn,
    /// Two files.
    Files {
        /// The newer one's path, as it was given.
        new: String,
    },
}

impl Compared {
    /// Where a change is shown whose implementation nobody named.
    fn file(&self) -> &str {
        match self {
            Compared::CheckedIn => "openapi/upstream.json",
            Compared::Files { new } => new,
        }
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal: grouped by operation, the worst first.
    #[default]
    Text,
    /// For programs: one object, as report.schema.json describes it.
    Json,
    /// For the body of a pull request.
    Markdown,
    /// For the log of a GitHub workflow: one annotation per change.
    Github,
}

/// Writes a report; the text ends in a newline.
///
/// `colour` puts ANSI colours into [`Format::Text`], and means nothing to the other formats.
pub fn render(report: &Report, format: Format, colour: bool) -> String {
    match format {
        Format::Text => text::render(report, colour),
        Format::Json => json::render(report),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
    }
}

/// The line of a report without changes. There may have been others than those that are shown.
fn nothing(report: &Report) -> &'static str {
    match (report.rust.release, report.hidden) {
        (None, 0) => "No changes.\n",
        _ => "No such changes.\n",
    }
}

/// The changes of one operation, or of the whole document, the worst first.
struct Group<'r> {
    operation: Option<&'r str>,
    operation_id: Option<&'r str>,
    findings: Vec<&'r Finding>,
}

/// The operations with the worst change first, what belongs to none at the end.
fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse(finding.level));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in sorted {
        let operation = finding.operation.as_deref();
        let operation_id = finding.operation_id.as_deref();
        match groups.iter_mut().find(|group| group.operation == operation) {
            Some(group) => {
                group.operation_id = group.operation_id.or(operation_id);
                group.findings.push(finding);
            }
            None => groups.push(Group {
                operation,
                operation_id,
                findings: vec![finding],
            }),
        }
    }
    groups.sort_by_key(|group| group.operation.is_none());
    groups
}

fn count(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.level == level)
        .count()
}

/// Such as `3 changes: 1 breaking, 2 doc`.
fn summary(findings: &[Finding]) -> String {
    let counted: Vec<String> = Level::WORST_FIRST
        .into_iter()
        .map(|level| (count(findings, level), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    let plural = if findings.len() == 1 { "" } else { "s" };
    format!("{} change{plural}: {}", findings.len(), counted.join(", "))
}
