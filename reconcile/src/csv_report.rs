//! Findings as CSV that a spreadsheet opens as it is meant.

use std::io;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::{finding::Finding, ledger::SIGNS};

/// Writes findings as CSV: UTF-8 with a byte order mark and CRLF, as Excel reads Korean.
///
/// No cell is a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage return has an apostrophe in front. A
/// bill id that a spreadsheet would take for a number or a date has a tab behind it, which keeps it text; a
/// [`Ledger`](crate::Ledger) reads both back as the id.
///
/// # Errors
///
/// Those of `findings` and of `to`.
pub fn write_csv(
    findings: impl Iterator<Item = io::Result<Finding>>,
    mut to: impl io::Write,
) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut csv = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(to);
    csv.write_record([
        "line",
        "bill_id",
        "class",
        "here_state",
        "here_amount",
        "there_state",
        "there_amount",
        "day",
        "reason",
    ])?;
    for finding in findings {
        let finding = finding?;
        let id = finding.bill_id.as_ref().map(|id| id.as_str());
        let (here, there) = (finding.here.as_ref(), finding.there.as_ref());
        csv.write_record([
            finding.line.to_string(),
            id.map(id_cell).unwrap_or_default(),
            finding.class.to_string(),
            here.map(|here| here.state.to_string()).unwrap_or_default(),
            shown(here.and_then(|here| here.amount)),
            inert(
                there
                    .map(|there| there.state.to_string())
                    .unwrap_or_default(),
            ),
            shown(there.and_then(|there| there.amount)),
            shown(finding.day),
            inert(finding.reason),
        ])?;
    }
    csv.flush()
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The cell with an apostrophe in front if a spreadsheet could take it for a formula.
fn inert(cell: String) -> String {
    let is_formula = cell.starts_with(SIGNS) || cell.starts_with(['\t', '\r']);
    match is_formula {
        true => format!("'{cell}"),
        false => cell,
    }
}

fn id_cell(id: &str) -> String {
    // Digits with signs are numbers, dates, times or fractions to a spreadsheet, also with a month or an exponent in them.
    let may_be_value = id.chars().any(|c| c.is_ascii_digit())
        && id.chars().filter(char::is_ascii_alphabetic).count() <= 4
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " +-./:%()$₩".contains(c));
    let is_word = ["true", "false"].contains(&id.to_ascii_lowercase().as_str());
    match may_be_value || is_word {
        true => inert(format!("{id}\t")),
        false => inert(id.to_owned()),
    }
}
