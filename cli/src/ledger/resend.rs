//! `payssam ledger resend`.

use clap::Args;
use payssam::{BillId, ResendBill};
use payssam_ledger::Ledger;

use super::intent;
use crate::{connection::Connection, failure::Failure, output::Output};

/// Resends the message for an unpaid bill (청구서 재발송). No read shows whether that happened.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Resend {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
}

impl Resend {
    pub(super) async fn run(
        self,
        ledger: &Ledger,
        connection: &Connection,
        output: Output,
    ) -> Result<u8, Failure> {
        let request = ResendBill::new(BillId::new(&self.id)?);
        let client = connection.client_from_env()?;
        let asked = ledger.resend(&client, &request).await;
        let asked = asked.map_err(|error| Failure::of_intent(error, request.bill_id()))?;
        Ok(intent::show(&asked, output))
    }
}
