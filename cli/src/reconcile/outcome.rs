//! What a run came to: its exit code, its summary, and what is said of an interruption.

use payssam::redact;
use payssam_reconcile::{Class, Progress, Report, Summary};
use serde::Serialize;

use crate::{
    exit,
    failure::Failure,
    json,
    output::{self, Output, Problem},
    rows::Rows,
};

/// How many lines of a class are listed on stderr.
const LISTED: usize = 10;

/// The exit code. A mismatch that is known is not hidden by something that could not be read.
pub(super) fn code(summary: &Summary) -> u8 {
    match (summary.classes.mismatches(), summary.partial) {
        (1.., _) => exit::MISMATCHES,
        (0, true) => exit::UNKNOWN,
        (0, false) => exit::SUCCESS,
    }
}

#[derive(Serialize)]
struct Summarised<'s> {
    summary: &'s Summary,
}

/// Writes the summary, and errors last.
pub(super) fn show(report: &Report, output: Output, has_out: bool) -> Result<(), Failure> {
    let summary = report.summary();
    match (output, has_out) {
        (Output::Text, true) => output::print(rows(summary)),
        // The same bytes for the same lines, whenever they were read.
        (_, false) => {
            let mut summary = summary.clone();
            (summary.started, summary.ended) = (None, None);
            output::print_json(json::line(&Summarised { summary: &summary }));
        }
        (Output::Json, true) => output::print_json(json::line(&Summarised { summary })),
    }
    if summary.lines == 0 && summary.shard.is_none() && output == Output::Text {
        output::warn("warning: the ledger has no lines, so that nothing was compared");
    }
    if output == Output::Text {
        list(report, Class::UnreadableLine)?;
        list(report, Class::CouldNotBeRead)?;
    }
    if summary.partial {
        let message = format!(
            "partial: {} of {} lines could not be read, which says nothing about them; run the same command with \
             --resume to read only those",
            summary.classes.of(Class::CouldNotBeRead),
            summary.lines
        );
        output.problem(&Problem::new("partial", message));
    }
    Ok(())
}

/// Lists the first lines of a class on stderr.
fn list(report: &Report, class: Class) -> Result<(), Failure> {
    let count = report.summary().classes.of(class);
    if count == 0 {
        return Ok(());
    }
    let found = report.findings()?.filter_map(Result::ok);
    for finding in found.filter(|finding| finding.class == class).take(LISTED) {
        let reason = redact::escape(&finding.reason);
        match finding.bill_id.filter(|_| class == Class::CouldNotBeRead) {
            Some(id) => output::warn(format_args!("line {} ({id}): {reason}", finding.line)),
            None => output::warn(reason),
        }
    }
    if count > LISTED as u64 {
        output::warn(format_args!(
            "… and {} more: {class}",
            count - LISTED as u64
        ));
    }
    Ok(())
}

fn rows(summary: &Summary) -> Rows {
    let mut rows = Rows::default();
    let title = match summary.partial {
        true => "reconciled (partial)",
        false => "reconciled",
    };
    rows.put(title, summary.ledger.clone());
    rows.put("merchant", summary.merchant.clone());
    rows.put("shard", summary.shard.map(|shard| shard.to_string()));
    rows.put("lines", summary.lines.to_string());
    for (class, count) in summary.classes.iter() {
        if count > 0 || class == Class::Agrees {
            let label = match class {
                Class::Agrees => "agrees",
                Class::PaidHereOnly => "paid here only",
                Class::PaidThereOnly => "paid there only",
                Class::AmountDiffers => "amount differs",
                Class::CancelledElsewhere => "cancelled elsewhere",
                Class::Destroyed => "destroyed",
                Class::NotFound => "not found",
                Class::Unsettled => "unsettled",
                Class::DuplicateLine => "duplicate line",
                Class::UnreadableLine => "unreadable line",
                Class::CouldNotBeRead => "could not be read",
            };
            rows.put(label, count.to_string());
        }
    }
    rows
}

/// A signal ended the run.
pub(super) fn interrupted(
    signal: &str,
    progress: Progress,
    has_journal: bool,
    was_asked: bool,
) -> Failure {
    let next = match has_journal {
        true => "run the same command with --resume to go on",
        false => "nothing is kept, because it has no journal",
    };
    let message = format!(
        "the command was interrupted by {signal} after {} of {} lines; no report was written; {next}",
        progress.done, progress.lines
    );
    let code = match was_asked {
        true => exit::UNKNOWN,
        false => exit::NOT_SENT,
    };
    Failure::Reconcile(Problem::new("interrupted", message), code)
}

/// A signal ended it while the report was being written.
pub(super) fn not_written(signal: &str) -> Failure {
    let message = format!(
        "the command was interrupted by {signal} while it wrote its report; all reads are done: run the same command \
         with --resume"
    );
    Failure::Reconcile(Problem::new("interrupted", message), exit::UNKNOWN)
}
