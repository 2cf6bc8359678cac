//! `payssam receipt cancel`.

use clap::{Args, ValueEnum};
use payssam::{BillId, CancelReceipt, Error, Trader};
use serde::Serialize;

use crate::{
    confirm::Confirm,
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
};

/// Cancels a cash receipt (현금영수증 취소).
///
/// The request is not retried once it may have been sent. After exit code 5 read the receipt, or run
/// the same command with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam receipt cancel 2024-0001 --price 45000 --trader person --confirm",
]))]
pub(super) struct Cancel {
    /// The id of the receipt (bill_id).
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the receipt in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Whom the receipt was issued to.
    #[arg(long, value_enum)]
    trader: TraderKind,
    #[command(flatten)]
    confirm: Confirm,
    /// Show personal data unmasked.
    #[arg(long)]
    pub(super) reveal: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum TraderKind {
    Person,
    Business,
}

#[derive(Serialize)]
struct Cancelled<'a> {
    bill_id: &'a str,
    state: &'static str,
    approval_number: Option<String>,
    was_already_cancelled: bool,
    confirmed_by_read: bool,
}

impl Cancel {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let trader = match self.trader {
            TraderKind::Person => Trader::Person,
            TraderKind::Business => Trader::Business,
        };
        let cancel = CancelReceipt::new(BillId::new(&self.id)?, self.price.parse()?, trader);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let receipts = client.receipts();
        let (response, was_already_cancelled, confirmed_by_read) = if self.confirm.confirm {
            let call = receipts.cancel_and_confirm(&cancel);
            let confirmed = self.confirm.of(call).await?;
            (
                confirmed.response().cloned(),
                confirmed.was_already_cancelled(),
                confirmed.confirmed_by_read(),
            )
        } else {
            (Some(receipts.cancel(&cancel).await?), false, false)
        };
        let number = response
            .as_ref()
            .and_then(|cancelled| cancelled.approval_number());
        let cancelled = Cancelled {
            bill_id: cancel.bill_id().as_str(),
            state: "cancelled",
            approval_number: rows::personal(number, self.reveal),
            was_already_cancelled,
            confirmed_by_read,
        };
        let mut rows = Rows::default();
        rows.put("bill id", cancelled.bill_id.to_owned());
        rows.put("state", cancelled.state.to_owned());
        rows.put("approval number", cancelled.approval_number.clone());
        let proof = rows::proof(was_already_cancelled, confirmed_by_read, cancelled.state);
        rows.put("confirmed by", proof);
        output.result(rows, &cancelled);
        Ok(())
    }
}
