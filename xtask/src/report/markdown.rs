//! The report for the body of a pull request.
//!
//! Text from a page is written with character references, so that it cannot become Markdown or
//! HTML. GitHub finds mentions in the rendered page, so `@` and `#` outside of code are also
//! followed by a zero-width space.

use super::consequences::RustSide;
use super::content::{Compared, Group, Report, Work, count, counted, groups, nothing};
use super::shown::Shown;
use openapi_compare::finding::{Finding, Level};

/// GitHub refuses a body of 65,536 characters; a workflow may add some of its own.
const LONGEST: usize = 60_000;

/// How many of them may tell what follows.
const LONGEST_CONSEQUENCES: usize = 15_000;

/// How many characters of a refusal are shown. Escaped, they take up to ten times as many.
const LONGEST_REFUSAL: usize = 2_000;

/// What is kept free for the note of what is left out.
const NOTE: usize = 400;

pub(super) fn render(report: &Report) -> String {
    if report.findings.is_empty() {
        return nothing(report).to_owned() + &after_nothing(report);
    }
    let mut text = String::from("## What changed in the specification\n\n");
    text += &table(&report.findings);
    let mut end = what_follows(report);
    if report.compared == Compared::CheckedIn {
        end += "\nA change is accepted by an entry `[[accept]]` in `openapi/accepted.toml`: its \
                `fingerprint`, the `reason`, and `until` when.\n";
    }
    let mut room = LONGEST.saturating_sub(NOTE + length(&text) + length(&end));
    let mut left_out: Vec<Level> = Vec::new();
    for group in groups(&report.findings) {
        let (section, rest) = section(&group, room);
        room = room.saturating_sub(length(&section));
        text += &section;
        left_out.extend(rest);
    }
    if !left_out.is_empty() {
        text += &format!(
            "\n**Left out, because a body has a limit:** {}. `--format json` has all.\n",
            counted(&left_out)
        );
    }
    text + &end
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn table(findings: &[Finding]) -> String {
    let names = Level::WORST_FIRST.map(Level::as_str).join(" | ");
    let counts = Level::WORST_FIRST
        .map(|level| count(findings, level).to_string())
        .join(" | ");
    format!("| {names} |\n| ---: | ---: | ---: | ---: | ---: |\n| {counts} |\n")
}

/// The changes of an operation in so many characters, and those that don't fit.
fn section(group: &Group<'_>, room: usize) -> (String, Vec<Level>) {
    let start = format!("\n### {}\n", heading(group));
    let (words, contract): (Vec<&Shown<'_>>, Vec<&Shown<'_>>) = group
        .findings
        .iter()
        .partition(|change| change.level == Level::Doc);
    let mut rest = Vec::new();
    let mut room = room.saturating_sub(length(&start));
    let mut taken = |all: &[&Shown<'_>], around: usize| {
        let mut inner = room.saturating_sub(around);
        let mut items = Vec::new();
        for change in all {
            let item = item(change);
            match length(&item) <= inner {
                true => {
                    inner -= length(&item);
                    items.push(item);
                }
                false => rest.push(change.level),
            }
        }
        if !items.is_empty() {
            room = inner;
        }
        items
    };
    let contract = taken(&contract, 1);
    let (open, close) = (
        "\n<details>\n<summary>Descriptions only: ",
        "\n</details>\n",
    );
    let words = taken(&words, open.len() + close.len() + 40);
    let mut text = String::new();
    if !contract.is_empty() {
        text += &format!("\n{}", contract.concat());
    }
    if !words.is_empty() {
        text += &format!(
            "{open}{}</summary>\n\n{}{close}",
            words.len(),
            words.concat()
        );
    }
    if !text.is_empty() {
        text = start + &text;
    }
    (text, rest)
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
        let explained = it.explained().cut(LONGEST_REFUSAL).in_markdown();
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
    let mut left_out = 0;
    for item in side.items.iter().map(|item| change(&Work::of(item))) {
        match length(&text) + length(&item) < LONGEST_CONSEQUENCES {
            true => text += &item,
            false => left_out += 1,
        }
    }
    if left_out > 0 {
        text += &format!("- {left_out} more, left out here\n");
    }
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
