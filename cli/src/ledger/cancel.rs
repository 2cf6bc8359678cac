//! `payssam ledger cancel`.

use clap::Args;
use payssam::{BillId, CancelBill, Won};
use payssam_ledger::Ledger;

use super::intent;
use crate::{connection::Connection, failure::Failure, output::Output};

/// Cancels the payment of a bill (결제 취소), once, whatever fails.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Cancel {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that was paid in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// The reason, at most 20 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
}

impl Cancel {
    pub(super) async fn run(
        self,
        ledger: &Ledger,
        connection: &Connection,
        output: Output,
    ) -> Result<u8, Failure> {
        let price: Won = self.price.parse()?;
        let mut request = CancelBill::new(BillId::new(&self.id)?, price);
        if let Some(reason) = &self.reason {
            request = request.reason(reason.as_str())?;
        }
        let client = connection.client_from_env()?;
        let asked = ledger.cancel(&client, &request).await;
        let asked = asked.map_err(|error| Failure::of_intent(error, request.bill_id()))?;
        Ok(intent::show(&asked, output))
    }
}
