//! `payssam ledger purge`.

use clap::Args;
use payssam_ledger::Ledger;

use crate::{duration, exit, failure::Failure, output::Output, rows::Rows};

/// Forgets what has been over for a while. What was booked is never booked again.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Purge {
    /// For how long it has been over, such as 2160h.
    #[arg(
        long,
        value_name = "D",
        default_value = "8760h",
        allow_hyphen_values = true
    )]
    older_than: String,
}

impl Purge {
    pub(super) async fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let older_than = duration::parse("older than", &self.older_than)?;
        let purged = ledger.purge(older_than).await?;
        let mut rows = Rows::default();
        rows.put("bills", purged.bills.to_string());
        rows.put("intents", purged.intents.to_string());
        rows.put("events", purged.events.to_string());
        output.result(rows, &purged);
        Ok(exit::SUCCESS)
    }
}
