//! `payssam ledger show`.

use std::fmt::Write as _;

use clap::Args;
use payssam::BillId;
use payssam_ledger::Ledger;

use super::merchant;
use crate::{
    exit,
    failure::Failure,
    output::{Output, Problem},
    rows::{self, Rows},
};

/// Shows what the ledger knows of one bill or receipt.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Show {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
}

impl Show {
    pub(super) async fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let id = BillId::new(&self.id)?;
        let Some(shown) = ledger.show(&merchant::from_env()?, &id).await? else {
            let problem = Problem::new(
                "not_in_ledger",
                format!("the ledger knows nothing of bill {id} of this merchant"),
            );
            return Err(Failure::Ledger(problem, exit::REJECTED));
        };
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("state", shown.state.map(str::to_owned));
        rows.put("reference", shown.reference.as_deref().map(str::to_owned));
        rows.put("read at", shown.read_at.map(|time| time.to_string()));
        rows.put(
            "next read at",
            shown.next_read_at.map(|time| time.to_string()),
        );
        let mut text = rows.to_string();
        for intent in &shown.intents {
            let (act, state) = (intent.act().as_str(), intent.state().as_str());
            let result = intent.result().map(|result| format!(" ({result})"));
            let _ = write!(
                text,
                "\nintent  {act}: {state}{}, {}",
                result.unwrap_or_default(),
                intent.recorded_at()
            );
        }
        for event in &shown.events {
            let kind = event.event.kind().as_str();
            // None is left of one that was purged.
            let amount = event
                .event
                .amount()
                .map(|won| format!(" {}", rows::won(won)));
            let amount = amount.unwrap_or_default();
            let booked = if event.is_booked {
                "booked"
            } else {
                "not booked"
            };
            let _ = write!(text, "\nevent   {kind}{amount}: {booked}");
        }
        output.result(text, &shown);
        Ok(exit::SUCCESS)
    }
}
