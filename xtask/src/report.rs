//! Reports: for a terminal, for programs, for a pull request and for GitHub's log.
//!
//! The JSON report follows [`SCHEMA`]. Everything that comes from a page is escaped in the way of
//! the place where it is shown; values are shortened everywhere but in JSON. Changes with one cause
//! are one change with its places counted.

mod consequences;
mod content;
mod github;
mod json;
mod markdown;
mod outside;
mod shown;
mod text;

use clap::ValueEnum;
use openapi_compare::causes;

pub use consequences::{Regeneration, Release, RustChange, RustSide};
pub use content::{Compared, Report};
pub use outside::{Escaped, Outside};

/// The JSON Schema (draft 2020-12) of [`Format::Json`], published as `xtask/report.schema.json`.
pub const SCHEMA: &str = include_str!("../report.schema.json");

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
/// `colour` adds ANSI colours to [`Format::Text`]; the other formats ignore it.
pub fn render(report: &Report, format: Format, colour: bool) -> String {
    let causes = causes::of(&report.findings);
    let places: Vec<u64> = causes.iter().map(|it| it.places).collect();
    let report = &Report {
        findings: causes.into_iter().map(|it| it.finding).collect(),
        ..report.clone()
    };
    match format {
        Format::Text => text::render(report, colour),
        Format::Json => json::render(report, &places),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
    }
}
