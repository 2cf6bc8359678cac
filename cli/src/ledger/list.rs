//! `payssam ledger list`.

use std::fmt::Write as _;

use clap::Args;
use payssam::redact;
use payssam_ledger::{IntentState, Ledger};

use crate::{exit, failure::Failure, output::Output, rows::Rows};

/// Lists what is open: intents without a certain outcome, events that are not booked, and their age.
///
/// It ends with exit code 6 while anything waits for a person.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let open = ledger.list().await?;
        let mut rows = Rows::default();
        for (label, count) in [
            ("open intents", open.open_intents),
            ("events not booked", open.unbooked_events),
            ("wait for a person", open.waiting_for_person),
            ("callbacks to verify", open.pending_callbacks),
            ("bills due to be read", open.due_reads),
        ] {
            rows.put(label, count.to_string());
        }
        let mut text = rows.to_string();
        let age = |since: jiff::Timestamp| open.at.duration_since(since).as_secs();
        for intent in &open.intents {
            let note = match intent.state() {
                IntentState::WaitsForPerson => ", waits for a person",
                _ => "",
            };
            let _ = write!(
                text,
                "\n{} of {} ({}): {}{note}, {} s old",
                intent.act().as_str(),
                redact::escape(intent.bill_id().as_str()),
                intent.merchant(),
                intent.state().as_str(),
                age(intent.recorded_at()),
            );
        }
        for unbooked in &open.events {
            let note = match unbooked.waits_for_person {
                true => ", waits for a person",
                false => "",
            };
            let _ = write!(
                text,
                "\nevent {} of {} ({}): not booked{note}, {} s old",
                unbooked.event.kind().as_str(),
                redact::escape(unbooked.event.bill_id().as_str()),
                unbooked.event.merchant(),
                age(unbooked.recorded_at),
            );
        }
        output.result(text, &open);
        match open.waits_for_person() {
            true => Ok(exit::WAITS_FOR_PERSON),
            false => Ok(exit::SUCCESS),
        }
    }
}
