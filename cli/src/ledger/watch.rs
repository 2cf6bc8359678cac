//! `payssam ledger watch`.

use clap::Args;
use payssam::{BillId, Won};
use payssam_ledger::{self as ledger, Ledger};
use serde_json::json;

use super::merchant;
use crate::{exit, failure::Failure, output::Output, rows::Rows};

/// Watches a bill that was sent elsewhere: its payment, cancellation and destruction become events.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Watch {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that it was sent with in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Your own reference, at most 200 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reference: Option<String>,
    /// The last day on which it can be paid, such as 2026-12-31, so that it is not read for ever.
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
}

impl Watch {
    pub(super) async fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let id = BillId::new(&self.id)?;
        let price: Won = self.price.parse()?;
        let mut watch = ledger::Watch::new(id.clone(), price);
        if let Some(reference) = self.reference {
            watch = watch.reference(reference);
        }
        if let Some(expires) = &self.expires {
            watch = watch.expires(expires.parse()?);
        }
        ledger.watch(&merchant::from_env()?, watch).await?;
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("state", "watched".to_owned());
        output.result(rows, &json!({"bill_id": id, "state": "watched"}));
        Ok(exit::SUCCESS)
    }
}
