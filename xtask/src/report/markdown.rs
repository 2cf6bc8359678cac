//! The report for the body of a pull request.
//!
//! Text from a page is written with character references, so that it cannot become Markdown or
//! HTML. GitHub finds mentions in the rendered page, so `@` and `#` outside of code are also
//! followed by a zero-width space.

use super::consequences::{RustChange, RustSide};
use super::content::{Compared, Group, Report, count, groups, nothing};
use super::shown::{sides, visible};
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
    let (words, contract): (Vec<&Finding>, Vec<&Finding>) = group
        .findings
        .iter()
        .partition(|finding| finding.level == Level::Doc);
    if !contract.is_empty() {
        text.push('\n');
        text.extend(contract.iter().map(|finding| item(finding)));
    }
    if !words.is_empty() {
        text += &format!(
            "\n<details>\n<summary>Descriptions only: {}</summary>\n\n",
            words.len()
        );
        text.extend(words.iter().map(|finding| item(finding)));
        text += "\n</details>\n";
    }
    text
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
        let explained = words(&it.explained());
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
    text.extend(side.items.iter().map(change));
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
