//! `payssam bill cancel`.

use clap::Args;
use payssam::{BillId, CancelBill, Error, Won};

use super::rows::{cancellation_rows, confirmed_cancellation_rows};
use crate::{confirm::Confirm, connection::Connection, help, output::Output};

/// Cancels the payment of a bill (결제 취소) and returns the money to the payer.
///
/// It cancels the whole amount, never a part of it. There is no confirmation prompt.
/// The request is not retried once it may have been sent. After exit code 5 the money may have
/// been returned: read the bill before anything else, or run the same command with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam bill cancel 2024-0001 --price 45000",
    "payssam bill cancel 2024-0001 --price 45000 --reason '고객 요청'",
    "payssam bill cancel 2024-0001 --price 45000 --confirm --deadline 5m",
]))]
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
    #[command(flatten)]
    confirm: Confirm,
    /// Read the bill first, and cancel only if it was paid with exactly this price.
    #[arg(long, alias = "confirm-first")]
    check_first: bool,
    /// If PaySsam rejects the request, show its message unmasked (text output only).
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
            let bills = client.bills();
            let confirmed = self.confirm.of(bills.cancel_and_confirm(&cancel)).await?;
            output.result(confirmed_cancellation_rows(&confirmed), &confirmed);
        } else {
            let cancellation = client.bills().cancel(&cancel).await?;
            output.result(cancellation_rows(&cancellation), &cancellation);
        }
        Ok(())
    }
}
