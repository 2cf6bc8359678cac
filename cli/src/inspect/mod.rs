//! `payssam inspect`: the five proofs that PaySsam requires before going live.

mod receiver;

use std::time::Duration;

use clap::Args;
use payssam::{
    BillId, Bills, CancelBill, DestroyBill, Error, NewBill, Operation, PayerName, PhoneNumber,
    ProductName, SendBill, Subject, Won, callback::CallbackUrl,
};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use self::receiver::Receiver;
use crate::{
    connection::Connection,
    duration, help,
    output::{Output, warn},
    rows::Rows,
};

/// How long to wait between two reads of a bill that is not paid yet.
const READ_EVERY: Duration = Duration::from_secs(1);

/// Produces the five proofs that PaySsam requires before going live (검수).
///
/// It sends five bills as links, destroys one, waits until you have paid three, cancels one of
/// these and acknowledges the callbacks. Then it prints the bill ids to hand in. In PaySsam's own
/// sandbox, pay with a real card of Hyundai, KB or Shinhan; PaySsam cancels the payments
/// automatically. Reconstructed, not published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam inspect --payer 김하나 --phone 010-1234-5678 --listen 0.0.0.0:8080 \\\n    --callback https://academy.example/payssam",
]))]
pub(crate) struct InspectArguments {
    /// The name of the payer: yours.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    payer: String,
    /// The payer's mobile phone number, with or without hyphens.
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    phone: String,
    /// The amount of each bill in won.
    #[arg(
        long,
        value_name = "N",
        default_value = "1000",
        allow_hyphen_values = true
    )]
    price: String,
    /// What the payer pays for.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "검수",
        allow_hyphen_values = true
    )]
    product: String,
    /// The URL for callbacks (콜백); it must lead to --listen.
    #[arg(long, value_name = "URL")]
    callback: String,
    /// The IP address and port to listen on for callbacks.
    #[arg(long, value_name = "ADDR")]
    listen: String,
    /// The time limit of the payments and callbacks, such as 30m [default: 1h].
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    wait: Option<String>,
}

/// The bills to hand in, by what they prove.
#[derive(Serialize)]
struct Proofs {
    approved: BillId,
    cancelled: BillId,
    destroyed: BillId,
    read: BillId,
    callback_acknowledged: BillId,
}

impl InspectArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let price: Won = self.price.parse()?;
        let payer = PayerName::new(&self.payer)?;
        let phone = PhoneNumber::new(&self.phone)?;
        let product = ProductName::new(&self.product)?;
        let callback = CallbackUrl::new(&self.callback)?;
        let wait = match &self.wait {
            Some(wait) => duration::parse("wait", wait)?,
            None => Duration::from_secs(60 * 60),
        };
        let client = connection.client_from_env()?;
        let receiver = Receiver::start(&self.listen, client.clone()).await?;
        let ends_at = Instant::now().checked_add(wait);
        let bills = client.bills();
        let proofs = Proofs {
            approved: BillId::generate(),
            cancelled: BillId::generate(),
            destroyed: BillId::generate(),
            read: BillId::generate(),
            callback_acknowledged: BillId::generate(),
        };
        let send = async |id: &BillId| {
            let bill = NewBill {
                bill_id: id.clone(),
                product: product.clone(),
                price,
                payer: payer.clone(),
                phone: phone.clone(),
                callback: callback.clone(),
            };
            bills.send_and_confirm(&SendBill::link(bill)).await
        };
        send(&proofs.destroyed).await?;
        let destroy = DestroyBill::new(proofs.destroyed.clone(), price);
        bills.destroy_and_confirm(&destroy).await?;
        send(&proofs.read).await?;
        bills.read(&proofs.read).await?;
        let to_pay = [
            &proofs.approved,
            &proofs.cancelled,
            &proofs.callback_acknowledged,
        ];
        for id in to_pay {
            let sent = send(id).await?;
            let link = sent.short_url().unwrap_or(
                "no link, because the response was lost; pay it from the payer's messages",
            );
            warn(format!("pay bill {id}: {link}"));
        }
        for id in to_pay {
            until_paid(&bills, id, ends_at).await?;
        }
        let cancel = CancelBill::new(proofs.cancelled.clone(), price);
        bills.cancel_and_confirm(&cancel).await?;
        while !receiver.has_acknowledged(&proofs.callback_acknowledged) {
            pause(
                &proofs.callback_acknowledged,
                ends_at,
                "no callback arrived",
            )
            .await?;
        }
        output.result(rows(&proofs), &proofs);
        Ok(())
    }
}

fn rows(proofs: &Proofs) -> Rows {
    let mut rows = Rows::default();
    rows.put("approved", proofs.approved.to_string());
    rows.put("cancelled", proofs.cancelled.to_string());
    rows.put("destroyed", proofs.destroyed.to_string());
    rows.put("read", proofs.read.to_string());
    rows.put(
        "callback acknowledged",
        proofs.callback_acknowledged.to_string(),
    );
    rows
}

async fn until_paid(bills: &Bills, id: &BillId, ends_at: Option<Instant>) -> Result<(), Error> {
    while !bills.read(id).await?.is_paid() {
        pause(id, ends_at, "it was not paid").await?;
    }
    Ok(())
}

/// Waits before the next read, unless the time is over.
async fn pause(id: &BillId, ends_at: Option<Instant>, problem: &str) -> Result<(), Error> {
    if ends_at.is_some_and(|end| end <= Instant::now()) {
        warn(format!(
            "bill {id}: {problem} within the time limit of --wait"
        ));
        return Err(Error::abandoned(
            Operation::BillRead,
            Subject::Bill(id.clone()),
        ));
    }
    sleep(READ_EVERY).await;
    Ok(())
}
