//! The report for a terminal.

use super::consequences::RustSide;
use super::content::{Group, Report, Work, groups, nothing, summary};
use super::shown::Shown;
use openapi_compare::finding::Level;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";

pub(super) fn render(report: &Report, colour: bool) -> String {
    let paint = Paint { colour };
    if report.findings.is_empty() {
        return nothing(report).to_owned() + &after_nothing(report, &paint);
    }
    let mut text = String::new();
    for group in groups(&report.findings) {
        text += &section(&group, &paint);
        text.push('\n');
    }
    text += &paint.with(BOLD, &summary(&report.findings));
    text += "\n\n";
    text + &what_follows(report, &paint)
}

struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, style: &str, text: &str) -> String {
        if self.colour {
            format!("{style}{text}{RESET}")
        } else {
            text.to_owned()
        }
    }
}

fn style(level: Level) -> &'static str {
    match level {
        Level::Breaking => "\u{1b}[1;31m",
        Level::Review => "\u{1b}[1;35m",
        Level::Warn => "\u{1b}[33m",
        Level::Info => "\u{1b}[36m",
        Level::Doc => DIM,
    }
}

fn section(group: &Group<'_>, paint: &Paint) -> String {
    let mut text = paint.with(BOLD, &heading(group));
    text.push('\n');
    for finding in &group.findings {
        text += &line(finding, paint);
    }
    text
}

fn heading(group: &Group<'_>) -> String {
    let operation = match &group.operation {
        Some(operation) => operation.in_line().to_string(),
        None => "the whole document".to_owned(),
    };
    match &group.operation_id {
        Some(id) => format!("{operation} ({})", id.in_line()),
        None => operation,
    }
}

fn line(change: &Shown<'_>, paint: &Paint) -> String {
    let level = paint.with(style(change.level), &format!("{:<8}", change.level));
    let mut line = format!("  {level}  {}", change.message.in_line());
    if let Some((before, after)) = &change.sides {
        line += &format!(": {} → {}", before.in_line(), after.in_line());
    }
    line += &paint.with(DIM, &format!("  [{}]", change.id.in_line()));
    if let Some(file) = &change.implemented_by {
        line += &paint.with(DIM, &format!("  {}", file.in_line()));
    }
    line + "\n"
}

fn after_nothing(report: &Report, paint: &Paint) -> String {
    match report.rust.release {
        None => String::new(),
        Some(_) => format!("\n{}", what_follows(report, paint)),
    }
}

fn what_follows(report: &Report, paint: &Paint) -> String {
    let regeneration = report.regeneration.as_ref().map(|it| {
        let heading = paint.with(BOLD, "Regenerating alone:");
        format!("{heading} {}\n\n", it.explained().in_line())
    });
    regeneration.unwrap_or_default() + &rust(&report.rust, paint)
}

fn rust(side: &RustSide, paint: &Paint) -> String {
    let Some(release) = side.release else {
        return "Facade work advised: none, the library serves none of these operations.\n"
            .to_owned();
    };
    let mut text = paint.with(BOLD, "Facade work advised:");
    if side.items.is_empty() {
        text += " none.";
    }
    text.push('\n');
    for item in &side.items {
        text += &change(&Work::of(item), paint);
    }
    text + &format!("release with this work: {}\n", release.explained())
}

fn change(work: &Work<'_>, paint: &Paint) -> String {
    let place = format!("  [{}]  {}", work.place.in_line(), work.file.in_line());
    format!(
        "  {:<8}  {} {}{}\n",
        work.release,
        paint.with(BOLD, &work.item.in_line().to_string()),
        work.follows.in_line(),
        paint.with(DIM, &place),
    )
}
