//! The report for the body of a pull request.
//!
//! Text from a page is written with character references, so that it cannot become Markdown or
//! HTML. GitHub finds mentions in the rendered page, so `@` and `#` outside of code are also
//! followed by a zero-width space.

use super::consequences::RustSide;
use super::content::{Compared, Group, Report, Work, count, groups, nothing};
use super::shown::Shown;
use crate::finding::{Finding, Level};

pub(super) fn render(report: &Report) -> String {
    if report.findings.is_empty() {
        return nothing(report).to_owned() + &after_nothing(report);
    }
    let mut text = String::from("## What changed in the specification\n\n");
    text += &table(&report.findings);
    for group in groups(&report.findings) {
        text += &section(&group);
    }
    text += &what_follows(report);
    if report.compared == Compared::CheckedIn {
        text += "\nA change is accepted by an entry `[[accept]]` in `openapi/accepted.toml`: its \
                 `fingerprint`, the `reason`, and `until` when.\n";
    }
    text
}

fn table(findings: &[Finding]) -> String {
    let names = Level::WORST_FIRST.map(Level::as_str).join(" | ");
    let counts = Level::WORST_FIRST
        .map(|level| count(findings, level).to_string())
        .join(" | ");
    format!("| {names} |\n| ---: | ---: | ---: | ---: | ---: |\n| {counts} |\n")
}

fn section(group: &Group<'_>) -> String {
    let mut text = format!("\n### {}\n", heading(group));
    let (words, contract): (Vec<_>, Vec<_>) = group
        .findings
        .iter()
        .partition(|change| change.level == Level::Doc);
    if !contract.is_empty() {
        text.push('\n');
        text.extend(contract.iter().map(|change| item(change)));
    }
    if !words.is_empty() {
        text += &format!(
            "\n<details>\n<summary>Descriptions only: {}</summary>\n\n",
            words.len()
        );
        text.extend(words.iter().map(|change| item(change)));
        text += "\n</details>\n";
    }
    text
}

fn heading(group: &Group<'_>) -> String {
    match (&group.operation, &group.operation_id) {
        (None, _) => "The whole document".to_owned(),
        (Some(operation), None) => operation.as_code().to_string(),
        (Some(operation), Some(id)) => format!("{} ({})", operation.as_code(), id.as_code()),
    }
}

fn item(change: &Shown<'_>) -> String {
    let message = change.message.in_markdown_with_code();
    let mut text = format!("- **{}** {message}", change.level);
    if let Some((before, after)) = &change.sides {
        text += &format!(": {} → {}", before.as_code(), after.as_code());
    }
    text += &format!("<br>\n  {}", change.id.as_code());
    if let Some(file) = &change.implemented_by {
        text += &format!(" · {}", file.as_code());
    }
    text + &format!(" · fingerprint {}\n", change.fingerprint.as_code())
}

fn after_nothing(report: &Report) -> String {
    match report.rust.release {
        None => String::new(),
        Some(_) => what_follows(report),
    }
}

fn what_follows(report: &Report) -> String {
    let regeneration = report.regeneration.as_ref().map(|it| {
        let explained = it.explained().in_markdown();
        format!("\n### Regenerating alone\n\n{explained}\n")
    });
    regeneration.unwrap_or_default() + &rust(&report.rust)
}

fn rust(side: &RustSide) -> String {
    let mut text = String::from("\n### Facade work advised\n\n");
    let Some(release) = side.release else {
        return text + "None: the library serves none of these operations.\n";
    };
    if side.items.is_empty() {
        text += "None.\n";
    }
    text.extend(side.items.iter().map(|item| change(&Work::of(item))));
    text + &format!("\nRelease with this work: {}\n", release.explained())
}

fn change(work: &Work<'_>) -> String {
    format!(
        "- **{}** {} {}<br>\n  {} · {}\n",
        work.release,
        work.item.as_code(),
        work.follows.in_markdown_with_code(),
        work.place.as_code(),
        work.file.as_code(),
    )
}
