//! `payssam bill read`.

use clap::Args;
use payssam::{Bill, BillId, Error};
use serde::Serialize;
use serde_json::value::RawValue;

use super::rows::rows;
use crate::{
    connection::{self, Connection},
    output::Output,
};

/// Reads a bill (청구서 조회): its state, and its payment if there is one.
///
/// Only bills that PAYSSAM_MEMBER and PAYSSAM_MERCHANT sent are found. A read changes
/// nothing. Amounts are in won, times in Korean time (KST, UTC+9).
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill read 2024-0001",
    "payssam --output json bill read 2024-0001",
]))]
pub(super) struct Read {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// Show personal data as it came.
    ///
    /// Card, account and cash receipt numbers, the partner's own item (udItem), and, in
    /// text, the message of PaySsam's rejection.
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Read {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let id = BillId::new(&self.id)?;
        let client = connection.client_from_env()?;
        let bill = client.bills().read(&id).await?;
        let text = rows(&bill, self.reveal);
        if self.reveal {
            let revealed = Revealed::of(&bill);
            let bill = &bill;
            output.result(text, &RevealedBill { bill, revealed });
        } else {
            output.result(text, &bill);
        }
        Ok(())
    }
}

/// A bill with what is masked in it.
#[derive(Serialize)]
struct RevealedBill<'a> {
    #[serde(flatten)]
    bill: &'a Bill,
    revealed: Revealed<'a>,
}

/// What is masked in a bill, as it came.
#[derive(Serialize)]
struct Revealed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_approval_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_issuance_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_item: Option<Box<RawValue>>,
}

impl<'a> Revealed<'a> {
    fn of(bill: &'a Bill) -> Self {
        let approval = bill.approval();
        Revealed {
            issuer_number: approval.raw("apprIssuerNum"),
            cash_receipt_approval_number: approval.raw("apprCashNum"),
            cash_receipt_issuance_number: approval.raw("apprCashIssuanceNumber"),
            user_item: approval.user_item().unwrap_or_default(),
        }
    }
}
