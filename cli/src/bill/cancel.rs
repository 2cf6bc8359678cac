//! `payssam bill cancel`.

use clap::Args;
use payssam::{BillId, CancelBill, Error, Won};

use super::rows::{cancellation_rows, confirmation_rows};
use crate::{
    confirm::Confirm,
    connection::{self, Connection},
    output::Output,
};

/// Cancels a paid bill (청구서 결제 취소): the money goes back to the payer.
///
/// Always the whole amount, and only of a bill that is paid. There is no confirmation prompt.
/// The request is never retried once it may have left. After exit code 5 the money may
/// have been returned: read the bill before anything else, or run the same with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill cancel 2024-0001 --price 45000",
    "payssam bill cancel 2024-0001 --price 45000 --reason '고객 요청'",
    "payssam bill cancel 2024-0001 --price 45000 --confirm --deadline 5m",
]))]
pub(super) struct Cancel {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that was paid, in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Why, in at most 20 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
    #[command(flatten)]
    confirm: Confirm,
    /// Read the bill first, and send nothing unless it is paid with exactly this price.
    #[arg(long, alias = "confirm-first")]
    check_first: bool,
    /// Show the message of PaySsam's rejection as it came (in text); it may hold personal data.
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Cancel {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let mut cancel = CancelBill::new(BillId::new(&self.id)?, self.price.parse::<Won>()?);
        if let Some(reason) = &self.reason {
            cancel = cancel.reason(reason.as_str())?;
        }
        if self.check_first {
            cancel = cancel.check_first();
        }
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        if self.confirm.confirm {
            let done = client.bills().cancel_and_confirm(&cancel).await?;
            output.result(confirmation_rows(&done), &done);
        } else {
            let done = client.bills().cancel(&cancel).await?;
            output.result(cancellation_rows(&done), &done);
        }
        Ok(())
    }
}
