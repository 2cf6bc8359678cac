//! `payssam ledger destroy`.

use clap::Args;
use payssam::{BillId, DestroyBill, Won};
use payssam_ledger::Ledger;

use super::intent;
use crate::{connection::Connection, failure::Failure, output::Output};

/// Destroys an unpaid bill (청구서 파기), once, whatever fails.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Destroy {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the bill in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
}

impl Destroy {
    pub(super) async fn run(
        self,
        ledger: &Ledger,
        connection: &Connection,
        output: Output,
    ) -> Result<u8, Failure> {
        let price: Won = self.price.parse()?;
        let request = DestroyBill::new(BillId::new(&self.id)?, price);
        let client = connection.client_from_env()?;
        let asked = ledger.destroy(&client, &request).await;
        let asked = asked.map_err(|error| Failure::of_intent(error, request.bill_id()))?;
        Ok(intent::show(&asked, output))
    }
}
