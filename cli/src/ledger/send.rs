//! `payssam ledger send`.

use clap::Args;
use payssam_ledger::{Ledger, Reference};

use super::intent;
use crate::{
    bill::new_bill_options::NewBillOptions, connection::Connection, failure::Failure,
    output::Output,
};

/// Sends a bill (청구서 발송), once, whatever fails.
///
/// Run it again with the same --id and options after any failure: it is the same bill.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Send {
    #[command(flatten)]
    bill: NewBillOptions,
    /// Your own reference, at most 200 characters, which every event of the bill has.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reference: Option<String>,
}

impl Send {
    pub(super) async fn run(
        mut self,
        ledger: &Ledger,
        connection: &Connection,
        output: Output,
    ) -> Result<u8, Failure> {
        let send = self.bill.bill()?;
        let client = connection.client_from_env()?;
        let id = send.bill_id().clone();
        let sent = match self.reference {
            Some(reference) => ledger.send(&client, &send.reference(reference)).await,
            None => ledger.send(&client, &send).await,
        };
        let sent = sent.map_err(|error| Failure::of_intent(error, &id))?;
        Ok(intent::show(&sent, output))
    }
}
