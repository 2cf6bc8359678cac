//! The report for the log of a GitHub workflow.

use std::fmt::Display;

use super::consequences::RustSide;
use super::content::{Report, Work, nothing, worst_first};
use super::outside::Outside;
use super::shown::Shown;
use openapi_compare::finding::Level;

pub(super) fn render(report: &Report) -> String {
    let file = report.compared.file();
    if report.findings.is_empty() {
        return nothing(report).to_owned() + &what_follows(report, file);
    }
    // GitHub shows only the first annotations of each kind.
    let annotations = worst_first(&report.findings).map(|change| annotation(&change, file));
    annotations.collect::<String>() + &what_follows(report, file)
}

/// `file` is used where the implementation is unknown.
fn annotation(change: &Shown<'_>, file: &str) -> String {
    let file = match &change.implemented_by {
        Some(file) => file.as_property(),
        None => Outside::of(file).as_property(),
    };
    let operation = match &change.operation {
        Some(operation) => format!("{}: ", operation.as_data()),
        None => String::new(),
    };
    let sides = match &change.sides {
        Some((before, after)) => format!(": {} → {}", before.as_data(), after.as_data()),
        None => String::new(),
    };
    format!(
        "::{} file={file},title={} {}::{operation}{}{sides}\n",
        command(change.level),
        change.level,
        change.id.as_property(),
        change.message.as_data(),
    )
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Breaking | Level::Review => "error",
        Level::Warn => "warning",
        Level::Info | Level::Doc => "notice",
    }
}

fn what_follows(report: &Report, file: &str) -> String {
    if report.findings.is_empty() && report.rust.release.is_none() {
        return String::new();
    }
    let regeneration = report.regeneration.as_ref();
    let regeneration =
        regeneration.map(|it| annotated(file, "Regenerating alone", &it.explained().as_data()));
    regeneration.unwrap_or_default() + &rust(&report.rust, file)
}

fn rust(side: &RustSide, file: &str) -> String {
    let Some(release) = side.release else {
        return String::new();
    };
    let work = side.items.iter().map(Work::of).map(|work| {
        format!(
            "{} {} [{}]",
            work.item.as_data(),
            work.follows.as_data(),
            work.file.as_data()
        )
    });
    let mut lines: Vec<String> = work.collect();
    let release = Outside::of(release.explained());
    lines.push(format!("release with this work: {}", release.as_data()));
    annotated(file, "Facade work advised", &lines.join("%0A"))
}

/// `data` is escaped already.
fn annotated(file: &str, title: &str, data: &dyn Display) -> String {
    let file = Outside::of(file).as_property();
    format!("::notice file={file},title={title}::{data}\n")
}
