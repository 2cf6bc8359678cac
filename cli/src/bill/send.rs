//! `payssam bill send`.

use clap::Args;
use payssam::{BillId, Error, NewBill, SendBill, Tax, Won, redact};
use serde::Serialize;

use crate::{
    confirm::Confirm,
    connection::Connection,
    help,
    output::Output,
    rows::{self, Rows},
    stdin,
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
    /// The bill id: 1 to 20 characters, no comma, never used before [default: generated].
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: Option<String>,
    /// The amount in won, digits only, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// What the payer pays for.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    product: String,
    /// The payer's name; - reads it from stdin, which no other process can see.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    payer: String,
    /// The payer's mobile phone number, with or without hyphens; - reads it from stdin.
    ///
    /// At most one option can be -.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: String,
    /// The URL for the callback (콜백) of the payment: https, or http on loopback.
    ///
    /// End its path with random characters of your own: whoever knows it can post callbacks.
    #[arg(long, value_name = "URL")]
    callback: String,
    /// Only create a link, and send no message.
    #[arg(long)]
    link: bool,
    /// The name of the sender.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    issuer: Option<String>,
    /// A message to the payer.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<String>,
    /// The last day on which the bill can be paid, such as 2026-12-31.
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// The price includes 10 % tax (부가세).
    #[arg(long, conflicts_with = "tax_free")]
    taxed: bool,
    /// The price includes no tax.
    #[arg(long)]
    tax_free: bool,
    /// The URL to which the payer is redirected after the payment.
    #[arg(long, value_name = "URL")]
    redirect: Option<String>,
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
        stdin::fill([
            ("--payer", Some(&mut self.payer)),
            ("--phone", Some(&mut self.phone)),
        ])?;
        let send = self.send()?;
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let bills = client.bills();
        if self.confirm.confirm {
            let sent = self.confirm.of(bills.send_and_confirm(&send)).await?;
            show(
                output,
                self.link,
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
                self.link,
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

    fn send(&self) -> Result<SendBill, Error> {
        let price: Won = self.price.parse()?;
        let bill = NewBill {
            bill_id: match &self.id {
                Some(id) => id.parse()?,
                None => BillId::generate(),
            },
            product: self.product.parse()?,
            price,
            payer: self.payer.parse()?,
            phone: self.phone.parse()?,
            callback: self.callback.parse()?,
        };
        let mut send = match self.link {
            true => SendBill::link(bill),
            false => SendBill::kakaotalk(bill),
        };
        if self.taxed {
            send = send.tax(Tax::included(price))?;
        }
        if self.tax_free {
            send = send.tax(Tax::free(price))?;
        }
        if let Some(issuer) = &self.issuer {
            send = send.issuer(issuer.as_str())?;
        }
        if let Some(message) = &self.message {
            send = send.message(message.as_str())?;
        }
        if let Some(last) = &self.expires {
            send = send.expires(last.as_str())?;
        }
        if let Some(to) = &self.redirect {
            send = send.redirect(to.as_str())?;
        }
        Ok(send)
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
