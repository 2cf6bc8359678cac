//! `payssam bill destroy`.

use clap::Args;
use payssam::{BillId, DestroyBill, Error};
use serde::Serialize;

use crate::{
    confirm::Confirm,
    connection::{self, Connection},
    output::{self, Output, Rows},
};

/// Destroys an unpaid bill (청구서 파기): nobody can pay it any more.
///
/// Reconstructed, not published: PaySsam may behave differently. After exit code 5 read the
/// bill before anything else, or run the same command with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill destroy 2024-0001 --price 45000 --confirm",
]))]
pub(super) struct Destroy {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that it was sent with, in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    #[command(flatten)]
    confirm: Confirm,
    /// Show the message of PaySsam's rejection as it came (in text); it may hold personal data.
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
            let done = client.bills().destroy_and_confirm(&destroy).await?;
            (done.was_already_destroyed(), done.confirmed_by_read())
        } else {
            client.bills().destroy(&destroy).await?;
            (false, false)
        };
        let mut rows = Rows::default();
        rows.put("bill id", destroy.bill_id().to_string());
        rows.put("state", "destroyed (D)".to_owned());
        rows.put(
            "confirmed by",
            output::proof(was_already_destroyed, confirmed_by_read, "destroyed"),
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
