//! `payssam bill read`.

use clap::Args;
use payssam::{Bill, BillId, Error};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{read_many, rows::bill_rows};
use crate::{connection::Connection, help, json, output::Output};

/// Reads a bill (청구서 조회): its state, and its payment if it was paid.
///
/// It finds only bills that were sent with PAYSSAM_MEMBER and PAYSSAM_MERCHANT. A read changes
/// nothing. Amounts are in won, times in Korean time (KST, UTC+9).
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam bill read 2024-0001",
    "payssam --output json bill read 2024-0001",
    "payssam bill read - --concurrency 4 < ids.txt",
]))]
pub(super) struct Read {
    /// The bill id: 1 to 20 characters, no comma; or -.
    ///
    /// With -, ids are read from stdin: one in each line, or a JSON text, or a JSON object with bill_id. For each line,
    /// one line of JSON is written to stdout, in the same order; an error stands in the place of its bill.
    /// The exit code is 0 if all were read, else the highest of all errors.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// With -, how many bills are read at the same time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    concurrency: u8,
    /// Show personal data unmasked.
    ///
    /// That is card, account and cash receipt numbers, the partner's own data (udItem) and, if
    /// PaySsam rejects the request, its message (text output only).
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Read {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let client = connection.client_from_env()?;
        if self.id == "-" {
            return read_many::run(&client, self.concurrency, |bill| self.line(bill)).await;
        }
        let id = BillId::new(&self.id)?;
        let bill = client.bills().read(&id).await?;
        let text = bill_rows(&bill, self.reveal);
        if self.reveal {
            output.result(text, &RevealedBill::of(&bill));
        } else {
            output.result(text, &bill);
        }
        Ok(())
    }

    fn line(&self, bill: &Bill) -> serde_json::Result<String> {
        match self.reveal {
            true => json::line(&RevealedBill::of(bill)),
            false => json::line(bill),
        }
    }
}

impl<'a> RevealedBill<'a> {
    fn of(bill: &'a Bill) -> Self {
        let revealed = Revealed::of(bill);
        RevealedBill { bill, revealed }
    }
}

/// A bill with its masked values.
#[derive(Serialize)]
struct RevealedBill<'a> {
    #[serde(flatten)]
    bill: &'a Bill,
    /// `null` like the approval, for a bill that was never paid.
    revealed: Option<Revealed<'a>>,
}

/// The masked values of a bill, unmasked.
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
    fn of(bill: &'a Bill) -> Option<Self> {
        if bill.is_unpaid() || bill.is_destroyed() {
            return None;
        }
        let approval = bill.approval();
        Some(Revealed {
            issuer_number: approval.raw("apprIssuerNum"),
            cash_receipt_approval_number: approval.raw("apprCashNum"),
            cash_receipt_issuance_number: approval.raw("apprCashIssuanceNumber"),
            user_item: approval.user_item().unwrap_or_default(),
        })
    }
}
