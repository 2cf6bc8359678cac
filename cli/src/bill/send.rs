//! `payssam bill send`.

use clap::Args;
use payssam::{Error, redact};
use serde::Serialize;

use super::new_bill_options::NewBillOptions;
use crate::{
    confirm::Confirm,
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
};

/// Sends a bill (청구서 발송) to the payer's phone, or creates a link to it.
///
/// Reconstructed, not published: PaySsam may behave differently. It costs points (쌤포인트). After
/// exit code 5 read the bill, or run the same command with --confirm and the same --id; never send
/// it under another id, because the payer may have it already.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam bill send --price 45000 --product '3월 수강료' --payer 김하나 --phone 010-1234-5678 \\\n    --callback https://academy.example/payssam/3f9c0a5e7d1b48269e4fa80c6b2d7513 --confirm",
]))]
pub(super) struct Send {
    #[command(flatten)]
    bill: NewBillOptions,
    #[command(flatten)]
    confirm: Confirm,
    /// If PaySsam rejects the request, show its message unmasked (text output only).
    #[arg(long)]
    pub(super) reveal: bool,
}

#[derive(Serialize)]
struct Sent<'a> {
    bill_id: &'a str,
    short_url: Option<String>,
    was_already_there: bool,
    confirmed_by_read: bool,
}

impl Send {
    pub(super) async fn run(
        mut self,
        connection: &Connection,
        output: Output,
    ) -> Result<(), Error> {
        let send = self.bill.bill()?;
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let bills = client.bills();
        if self.confirm.confirm {
            let sent = self.confirm.of(bills.send_and_confirm(&send)).await?;
            show(
                output,
                self.bill.link,
                sent.short_url(),
                Sent {
                    bill_id: sent.bill_id().as_str(),
                    short_url: None,
                    was_already_there: sent.was_already_there(),
                    confirmed_by_read: sent.confirmed_by_read(),
                },
            );
        } else {
            let sent = bills.send(&send).await?;
            show(
                output,
                self.bill.link,
                sent.short_url(),
                Sent {
                    bill_id: send.bill_id().as_str(),
                    short_url: None,
                    was_already_there: false,
                    confirmed_by_read: false,
                },
            );
        }
        Ok(())
    }
}

/// What a bill without a link is good for.
const LOST_LINK: &str =
    "lost with the response: destroy this bill, and send another under a new id";
/// What can be done if the payer has not got a bill whose response was lost.
const RESEND: &str = "if the payer has not got it: payssam bill resend, with this id";

fn show(output: Output, is_by_link: bool, short_url: Option<&str>, sent: Sent<'_>) {
    let sent = Sent {
        short_url: short_url.map(redact::shown_link),
        ..sent
    };
    let mut rows = Rows::default();
    rows.put("bill id", sent.bill_id.to_owned());
    let link = sent.short_url.clone();
    rows.put(
        "link",
        link.or_else(|| is_by_link.then(|| LOST_LINK.to_owned())),
    );
    if sent.confirmed_by_read {
        rows.put(
            "confirmed by",
            rows::proof(sent.was_already_there, true, "sent"),
        );
        if !is_by_link && sent.short_url.is_none() {
            rows.put("message", RESEND.to_owned());
        }
    }
    output.result(rows, &sent);
}
