//! The report for the body of a pull request.
//!
//! Text from a page is written with character references, so that it cannot become Markdown or
//! HTML. GitHub finds mentions in the rendered page, so `@` and `#` outside of code are also
//! followed by a zero-width space.

use super::consequences::{RustChange, RustSide};
use super::content::{Compared, Group, Report, count, groups, nothing, summary};
use super::shown::{sides, visible};
use crate::finding::{Finding, Level};

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
    let mut left_out: Vec<Finding> = Vec::new();
    for group in groups(&report.findings) {
        let (section, rest) = section(&group, room);
        room = room.saturating_sub(length(&section));
        text += &section;
        left_out.extend(rest.into_iter().cloned());
    }
    if !left_out.is_empty() {
        text += &format!(
            "\n**Left out, because a body has a limit:** {}. `--format json` has all.\n",
            summary(&left_out)
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
fn section<'r>(group: &Group<'r>, room: usize) -> (String, Vec<&'r Finding>) {
    let start = format!("\n### {}\n", heading(group));
    let (words, contract): (Vec<&Finding>, Vec<&Finding>) = group
        .findings
        .iter()
        .partition(|finding| finding.level == Level::Doc);
    let mut rest = Vec::new();
    let mut room = room.saturating_sub(length(&start));
    let mut taken = |all: &[&'r Finding], around: usize| {
        let mut inner = room.saturating_sub(around);
        let mut items = Vec::new();
        for finding in all {
            let item = item(finding);
            match length(&item) <= inner {
                true => {
                    inner -= length(&item);
                    items.push(item);
                }
                false => rest.push(*finding),
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
    match (group.operation, group.operation_id) {
        (None, _) => "The whole document".to_owned(),
        (Some(operation), None) => code(operation),
        (Some(operation), Some(id)) => format!("{} ({})", code(operation), code(id)),
    }
}

fn item(finding: &Finding) -> String {
    let mut text = format!("- **{}** {}", finding.level, prose(&finding.message));
    if let Some((before, after)) = sides(finding) {
        text += &format!(": {} → {}", code(&before), code(&after));
    }
    text += &format!("<br>\n  {}", code(&finding.id));
    if let Some(file) = &finding.implemented_by {
        text += &format!(" · {}", code(file));
    }
    text + &format!(" · fingerprint {}\n", code(&finding.fingerprint))
}

fn after_nothing(report: &Report) -> String {
    match report.rust.release {
        None => String::new(),
        Some(_) => what_follows(report),
    }
}

fn what_follows(report: &Report) -> String {
    let regeneration = report.regeneration.as_ref().map(|it| {
        let explained = it.explained();
        let explained: String = explained.chars().take(LONGEST_REFUSAL).collect();
        let explained = words(&explained);
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
    for item in side.items.iter().map(change) {
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

fn change(item: &RustChange) -> String {
    format!(
        "- **{}** {} {}<br>\n  {} · {}\n",
        item.release,
        code(&item.item),
        prose(&item.follows),
        code(&item.place()),
        code(&item.file),
    )
}

/// Text with its parts between backticks as code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return words(text);
    }
    parts
        .iter()
        .enumerate()
        .map(|(place, part)| match place % 2 {
            1 => code(part),
            _ => words(part),
        })
        .collect()
}

fn words(text: &str) -> String {
    escaped(text)
        .replace("&#64;", "&#64;&#8203;")
        .replace("&#35;", "&#35;&#8203;")
}

/// Text as code. The HTML element, because a code span cannot hold every backtick and pipe.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in visible(text).chars() {
        if is_markup(character) {
            safe += &format!("&#{};", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    // GitHub makes links of bare addresses.
    safe.replace("://", "&#58;//").replace("www.", "www&#46;")
}

fn is_markup(character: char) -> bool {
    matches!(
        character,
        '&' | '<' | '>' | '[' | ']' | '`' | '*' | '_' | '~' | '|' | '\\' | '!' | '@' | '#' | '$'
    )
}
