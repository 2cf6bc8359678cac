//! The content of a report, and how it is grouped and counted.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::consequences::{Regeneration, Release, RustChange, RustSide};
use super::outside::Outside;
use super::shown::Shown;
use openapi_compare::finding::{Finding, Level};

/// The content of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The changes.
    pub findings: Vec<Finding>,
    /// The result of regenerating alone; `None` where two files were compared.
    pub regeneration: Option<Regeneration>,
    /// What they mean for the public API once the facade follows them.
    pub rust: RustSide,
    /// How many changes were filtered out.
    pub hidden: usize,
    /// What was compared.
    pub compared: Compared,
}

/// What was compared, which decides the file that a change is shown at.
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
    /// The file of a change without a known implementation.
    pub(super) fn file(&self) -> &str {
        match self {
            Compared::CheckedIn => "openapi/upstream.json",
            Compared::Files { new } => new,
        }
    }
}

/// The line of a report without changes. Others may have been filtered out.
pub(super) fn nothing(report: &Report) -> &'static str {
    match (report.rust.release, report.hidden) {
        (None, 0) => "No changes.\n",
        _ => "No changes of this level.\n",
    }
}

/// The changes of one operation, or of the whole document, the worst first.
pub(super) struct Group<'r> {
    pub operation: Option<Outside<'r>>,
    pub operation_id: Option<Outside<'r>>,
    pub findings: Vec<Shown<'r>>,
}

/// The operations with the worst change first, changes of the whole document last.
pub(super) fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<Option<&str>, usize> = HashMap::new();
    for finding in sorted(findings) {
        let operation = finding.operation.as_deref();
        let operation_id = finding.operation_id.as_deref().map(Outside::of);
        let index = *known.entry(operation).or_insert_with(|| {
            groups.push(Group {
                operation: operation.map(Outside::of),
                operation_id: None,
                findings: Vec::new(),
            });
            groups.len() - 1
        });
        let group = &mut groups[index];
        group.operation_id = group.operation_id.take().or(operation_id);
        group.findings.push(Shown::of(finding));
    }
    groups.sort_by_key(|group| group.operation.is_none());
    groups
}

/// The changes, the worst first.
fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse(finding.level));
    sorted
}

/// The changes, the worst first.
pub(super) fn worst_first(findings: &[Finding]) -> impl Iterator<Item = Shown<'_>> {
    sorted(findings).into_iter().map(Shown::of)
}

/// The work on one public item.
pub(super) struct Work<'r> {
    pub release: Release,
    pub item: Outside<'r>,
    pub follows: Outside<'r>,
    pub place: Outside<'r>,
    pub file: Outside<'r>,
}

impl<'r> Work<'r> {
    pub fn of(change: &'r RustChange) -> Self {
        Self {
            release: change.release,
            item: Outside::of(&change.item),
            follows: Outside::of(&change.follows),
            place: Outside::of(change.place()),
            file: Outside::of(&change.file),
        }
    }
}

pub(super) fn count(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.level == level)
        .count()
}

/// Such as `3 changes: 1 breaking, 2 doc`.
pub(super) fn summary(findings: &[Finding]) -> String {
    let levels: Vec<Level> = findings.iter().map(|finding| finding.level).collect();
    counted(&levels)
}

/// As [`summary`], of the levels of the changes.
pub(super) fn counted(levels: &[Level]) -> String {
    let counts: Vec<String> = Level::WORST_FIRST
        .into_iter()
        .map(|level| (levels.iter().filter(|it| **it == level).count(), level))
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    let plural = if levels.len() == 1 { "" } else { "s" };
    format!("{} change{plural}: {}", levels.len(), counts.join(", "))
}
