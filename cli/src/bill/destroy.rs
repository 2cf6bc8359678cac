//! `payssam bill destroy`.

use clap::Args;
use payssam::{BillId, DestroyBill, Error};
use serde::Serialize;

use crate::{
    confirm::Confirm,
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
};

/// Destroys an unpaid bill (청구서 파기), so that it can no longer be paid.
///
/// Reconstructed, not published: PaySsam may behave differently. The request is not retried once
/// it may have been sent. After exit code 5 read the bill before anything else, or run the same
/// command with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam bill destroy 2024-0001 --price 45000 --confirm",
]))]
pub(super) struct Destroy {
    /// The bill id: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the bill in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    #[command(flatten)]
    confirm: Confirm,
    /// If PaySsam rejects the request, show its message unmasked (text output only).
    #[arg(long)]
    pub(super) reveal: bool,
}

#[derive(Serialize)]
struct Destroyed<'a> {
    bill_id: &'a str,
    was_already_destroyed: bool,
    confirmed_by_read: bool,
}

impl Destroy {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let destroy = DestroyBill::new(BillId::new(&self.id)?, self.price.parse()?);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let (was_already_destroyed, confirmed_by_read) = if self.confirm.confirm {
            let bills = client.bills();
            let confirmed = self.confirm.of(bills.destroy_and_confirm(&destroy)).await?;
            (
                confirmed.was_already_destroyed(),
                confirmed.confirmed_by_read(),
            )
        } else {
            client.bills().destroy(&destroy).await?;
            (false, false)
        };
        let mut rows = Rows::default();
        rows.put("bill id", destroy.bill_id().to_string());
        rows.put("state", "destroyed (D)".to_owned());
        rows.put(
            "confirmed by",
            rows::proof(was_already_destroyed, confirmed_by_read, "destroyed"),
        );
        let destroyed = Destroyed {
            bill_id: destroy.bill_id().as_str(),
            was_already_destroyed,
            confirmed_by_read,
        };
        output.result(rows, &destroyed);
        Ok(())
    }
}
