//! The report for the log of a GitHub workflow.

use std::cmp::Reverse;

use super::consequences::RustSide;
use super::content::{Report, nothing};
use super::{
    invisible::is_invisible,
    shown::{sides, visible},
};
use crate::finding::{Finding, Level};

pub(super) fn render(report: &Report) -> String {
    let file = report.compared.file();
    if report.findings.is_empty() {
        return nothing(report).to_owned() + &what_follows(report, file);
    }
    // GitHub shows only the first annotations of each kind.
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.level));
    let text: String = findings
        .into_iter()
        .map(|finding| annotation(finding, file))
        .collect();
    text + &what_follows(report, file)
}

/// `file` is used where the implementation is unknown.
fn annotation(finding: &Finding, file: &str) -> String {
    let file = finding.implemented_by.as_deref().unwrap_or(file);
    let mut message = String::new();
    if let Some(operation) = &finding.operation {
        message = format!("{operation}: ");
    }
    message += &finding.message;
    if let Some((before, after)) = sides(finding) {
        message += &format!(": {before} → {after}");
    }
    format!(
        "::{} file={},title={}::{}\n",
        command(finding.level),
        property(file),
        property(&format!("{} {}", finding.level, finding.id)),
        data(&message),
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
    let regeneration = regeneration.map(|it| notice(file, "Regenerating alone", &it.explained()));
    regeneration.unwrap_or_default() + &rust(&report.rust, file)
}

fn rust(side: &RustSide, file: &str) -> String {
    let Some(release) = side.release else {
        return String::new();
    };
    let mut lines: Vec<String> = side
        .items
        .iter()
        .map(|item| format!("{} {} [{}]", item.item, item.follows, item.file))
        .collect();
    lines.push(format!("release with this work: {}", release.explained()));
    notice(file, "Facade work advised", &lines.join("\n"))
}

fn notice(file: &str, title: &str, text: &str) -> String {
    let (file, title) = (property(file), property(title));
    format!("::notice file={file},title={title}::{}\n", data(text))
}

/// Escaped as the text after the second `::`. Line ends are kept in GitHub's notation.
fn data(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => safe += "%25",
            '\r' => safe += "%0D",
            '\n' => safe += "%0A",
            hidden if is_invisible(hidden) => safe.extend(hidden.escape_default()),
            other => safe.push(other),
        }
    }
    safe
}

/// Escaped as the value of `file` or `title`.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
