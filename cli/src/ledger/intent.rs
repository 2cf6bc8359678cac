//! What became of what was asked for.

use payssam_ledger::{Intent, IntentState};

use crate::{
    exit,
    output::Output,
    rows::{self, Rows},
};

/// Writes an intent, and gives the exit code of its state.
pub(super) fn show(intent: &Intent, output: Output) -> u8 {
    let mut rows = Rows::default();
    rows.put("bill id", intent.bill_id().to_string());
    rows.put("asked for", intent.act().as_str().to_owned());
    rows.put("state", intent.state().as_str().to_owned());
    rows.put("price", intent.price().map(rows::won));
    rows.put("reference", intent.reference().map(str::to_owned));
    let link = intent.short_url().map(payssam::redact::shown_link);
    rows.put("link", link);
    rows.put("result", intent.result().map(str::to_owned));
    rows.put("last error", intent.error().map(ToString::to_string));
    output.result(rows, intent);
    code(intent.state())
}

/// The exit code of a state.
pub(super) fn code(state: IntentState) -> u8 {
    match state {
        IntentState::Done => exit::SUCCESS,
        IntentState::Rejected => exit::REJECTED,
        IntentState::NotSent => exit::NOT_SENT,
        IntentState::WaitsForPerson => exit::WAITS_FOR_PERSON,
        // It may be sent, or have been, by whoever works on the ledger.
        _ => exit::UNKNOWN,
    }
}
