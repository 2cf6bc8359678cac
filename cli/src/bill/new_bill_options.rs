//! The options that describe a bill to send.

use clap::Args;
use payssam::{BillId, Error, NewBill, SendBill, Tax, Won};

use crate::stdin;

#[derive(Args)]
pub(crate) struct NewBillOptions {
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
    pub(crate) link: bool,
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
}

impl NewBillOptions {
    /// The bill to send, with what comes from stdin.
    pub(crate) fn bill(&mut self) -> Result<SendBill, Error> {
        stdin::fill([
            ("--payer", Some(&mut self.payer)),
            ("--phone", Some(&mut self.phone)),
        ])?;
        self.send()
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
