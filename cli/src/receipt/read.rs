//! `payssam receipt read`.

use clap::Args;
use payssam::{BillId, Error, ReceiptEntry, ReceiptState};
use serde::Serialize;

use crate::{
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
};

/// Reads the history of a cash receipt (현금영수증 조회). A read changes nothing.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam receipt read 2024-0001 --price 45000",
]))]
pub(super) struct Read {
    /// The id of the receipt (bill_id).
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount of the receipt in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// Show personal data unmasked.
    #[arg(long)]
    pub(super) reveal: bool,
}

#[derive(Serialize)]
struct History<'a> {
    bill_id: &'a str,
    /// `null` when the list in the response is malformed.
    entries: Option<&'a [ReceiptEntry]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revealed: Option<Vec<Revealed<'a>>>,
}

/// The masked values of an entry, unmasked.
#[derive(Serialize)]
struct Revealed<'a> {
    approval_number: Option<&'a str>,
    issuance_number: Option<&'a str>,
}

impl Read {
    pub(super) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let (id, price) = (BillId::new(&self.id)?, self.price.parse()?);
        let client = connection.client_from_env()?;
        let history = client.receipts().read(&id, price).await?;
        let entries = history.entries();
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        match &entries {
            Ok([]) => rows.put("history", "empty".to_owned()),
            Ok(entries) => entries.iter().for_each(|entry| self.put(&mut rows, entry)),
            Err(malformed) => rows.put("history", malformed.to_string()),
        }
        let entries = entries.ok();
        let reveal = |entry| {
            let raw = |field| ReceiptEntry::raw(entry, field);
            Revealed {
                approval_number: raw("apprNum"),
                issuance_number: raw("issuanceNumber"),
            }
        };
        let revealed = entries.filter(|_| self.reveal);
        let history = History {
            bill_id: id.as_str(),
            entries,
            revealed: revealed.map(|entries| entries.iter().map(reveal).collect()),
        };
        output.result(rows, &history);
        Ok(())
    }

    fn put(&self, rows: &mut Rows, entry: &ReceiptEntry) {
        let state = match entry.state() {
            ReceiptState::Issued => "issued (F)".to_owned(),
            ReceiptState::Cancelled => "cancelled (C)".to_owned(),
            unknown => format!("unknown ({unknown})"),
        };
        let at = match entry.at() {
            Ok(at) => at.map(rows::time),
            Err(malformed) => Some(malformed.to_string()),
        };
        rows.put("state", state);
        rows.put("at", at);
        rows.put("amount", entry.price().ok().flatten().map(rows::won));
        let number = rows::personal(entry.approval_number(), self.reveal);
        rows.put("approval number", number);
        let number = rows::personal(entry.issuance_number(), self.reveal);
        rows.put("issued to", number);
    }
}
