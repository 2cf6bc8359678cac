//! `payssam ledger retry`.

use clap::Args;
use payssam::BillId;
use payssam_ledger::Ledger;
use serde_json::json;

use super::merchant;
use crate::{exit, failure::Failure, output::Output, rows::Rows};

/// Lets what waits for a person at a bill be tried again. Look at the bill before.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Retry {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
}

impl Retry {
    pub(super) async fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let id = BillId::new(&self.id)?;
        let count = ledger.retry(&merchant::from_env()?, &id).await?;
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("tried again", count.to_string());
        output.result(rows, &json!({"bill_id": id, "tried_again": count}));
        Ok(exit::SUCCESS)
    }
}
