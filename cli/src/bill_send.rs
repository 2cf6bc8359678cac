//! `payssam bill send`, `resend` and `destroy`.

use clap::Args;
use serde::Serialize;

use crate::{
    Connection, Output,
    confirm::Confirm,
    connection,
    output::{self, Rows},
};
use payssam::{BillId, Destroy, Error, NewBill, Send, Vat, Won, callback::CallbackUrl};

/// Sends a bill (청구서 발송) to the payer's phone, or makes a link.
///
/// Reconstructed, not published: PaySsam may see it otherwise. It costs points. With --confirm
/// one bill is made, whatever fails; without, read the bill after exit code 5, and never send
/// it under another id.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill send --price 45000 --product '3월 수강료' --payer 김하나 --phone 010-1234-5678 \\\n    --callback https://academy.example/payssam --confirm",
]))]
pub(crate) struct SendArguments {
    /// The new bill's id: 1 to 20 characters, no comma, never used before [default: a new one].
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: Option<String>,
    /// The amount in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    /// What is paid for.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    product: String,
    /// The payer's name.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    payer: String,
    /// The payer's mobile phone, with or without hyphens.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: String,
    /// Where PaySsam tells of the payment: https, or http on loopback.
    #[arg(long, value_name = "URL")]
    callback: String,
    /// Only make a link, and send no message.
    #[arg(long)]
    link: bool,
    /// Who sends it.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    issuer: Option<String>,
    /// Words to the payer.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<String>,
    /// The last day on which it can be paid, such as 2026-12-31.
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// Say that the tax of 10 % is in the price.
    #[arg(long, conflicts_with = "tax_free")]
    taxed: bool,
    /// Say that there is no tax in the price.
    #[arg(long)]
    tax_free: bool,
    /// Where the payer is led after paying.
    #[arg(long, value_name = "URL")]
    redirect: Option<String>,
    #[command(flatten)]
    confirm: Confirm,
    /// Show PaySsam's message as it came if it refuses (in text); it may hold personal data.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Serialize)]
struct Sent<'a> {
    bill_id: &'a str,
    short_url: Option<&'a str>,
    confirmed_by_reading: bool,
}

impl SendArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let send = self.send()?;
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let bills = client.bills();
        if self.confirm.confirm {
            let done = bills.send_and_confirm(send).await?;
            let short_url = done.short_url().unwrap_or_default();
            tell(output, done.id(), short_url, done.confirmed_by_reading());
        } else {
            let sent = bills.send(send).await?;
            tell(
                output,
                sent.id(),
                sent.short_url().unwrap_or_default(),
                false,
            );
        }
        Ok(())
    }

    fn send(&self) -> Result<Send, Error> {
        let price: Won = self.price.parse()?;
        let bill = NewBill {
            id: match &self.id {
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
            true => Send::link(bill),
            false => Send::talk(bill),
        };
        if self.taxed {
            send = send.vat(Vat::included(price))?;
        }
        if self.tax_free {
            send = send.vat(Vat::free(price))?;
        }
        if let Some(issuer) = &self.issuer {
            send = send.issuer(issuer.parse()?);
        }
        if let Some(words) = &self.message {
            send = send.message(words.parse()?);
        }
        if let Some(last) = &self.expires {
            send = send.expires(last.parse()?);
        }
        if let Some(to) = &self.redirect {
            send = send.redirect(CallbackUrl::new(to)?);
        }
        Ok(send)
    }
}

fn tell(output: Output, id: &BillId, short_url: Option<&str>, confirmed_by_reading: bool) {
    let mut rows = Rows::default();
    rows.put("bill id", id.to_string());
    rows.put("link", short_url.map(str::to_owned));
    if confirmed_by_reading {
        let why = "a reading, because the answer was lost".to_owned();
        rows.put("confirmed by", why);
    }
    let sent = Sent {
        bill_id: id.as_str(),
        short_url,
        confirmed_by_reading,
    };
    output.result(rows, &sent);
}

/// Sends the message for an unpaid bill once more (청구서 재발송).
///
/// Reconstructed, not published: PaySsam may see it otherwise.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&["payssam bill resend 2024-0001"]))]
pub(crate) struct ResendArguments {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// Show PaySsam's message as it came if it refuses (in text); it may hold personal data.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Serialize)]
struct Resent<'a> {
    bill_id: &'a str,
}

impl ResendArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let id = BillId::new(&self.id)?;
        connection.client_from_env()?.bills().resend(&id).await?;
        let mut rows = Rows::default();
        rows.put("bill id", id.to_string());
        rows.put("message", "sent once more".to_owned());
        let bill_id = id.as_str();
        output.result(rows, &Resent { bill_id });
        Ok(())
    }
}

/// Destroys an unpaid bill (청구서 파기): it can't be paid any more.
///
/// Reconstructed, not published: PaySsam may see it otherwise. After exit code 5 read the
/// bill before anything else, or run the same with --confirm.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam bill destroy 2024-0001 --price 45000 --confirm",
]))]
pub(crate) struct DestroyArguments {
    /// The bill: 1 to 20 characters, no comma.
    #[arg(allow_hyphen_values = true)]
    id: String,
    /// The amount that it was sent with, in won, in digits alone, such as 45000.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    price: String,
    #[command(flatten)]
    confirm: Confirm,
    /// Show PaySsam's message as it came if it refuses (in text); it may hold personal data.
    #[arg(long)]
    pub(crate) reveal: bool,
}

#[derive(Serialize)]
struct Destroyed<'a> {
    bill_id: &'a str,
    already: bool,
    confirmed_by_reading: bool,
}

impl DestroyArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let destroy = Destroy::new(BillId::new(&self.id)?, self.price.parse()?);
        let policy = self.confirm.policy()?;
        let client = connection.client_from_env()?.with_confirm(policy);
        let (already, confirmed_by_reading) = if self.confirm.confirm {
            let done = client.bills().destroy_and_confirm(destroy.clone()).await?;
            (done.already(), done.confirmed_by_reading())
        } else {
            client.bills().destroy(destroy.clone()).await?;
            (false, false)
        };
        let mut rows = Rows::default();
        rows.put("bill id", destroy.bill_id().to_string());
        rows.put("state", "destroyed (D)".to_owned());
        rows.put(
            "confirmed by",
            output::proof(already, confirmed_by_reading, "destroyed"),
        );
        let destroyed = Destroyed {
            bill_id: destroy.bill_id().as_str(),
            already,
            confirmed_by_reading,
        };
        output.result(rows, &destroyed);
        Ok(())
    }
}
