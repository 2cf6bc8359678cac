//! `payssam inspect`: the five proofs that PaySsam requires before going live.

mod receiver;

use std::time::Duration;

use clap::Args;
use payssam::{
    BillId, Bills, CancelBill, DestroyBill, Error, NewBill, PayerName, PhoneNumber, ProductName,
    SendBill, Won, callback::CallbackUrl, redact,
};
use serde::Serialize;
use tokio::time::{Instant, sleep};
use url::Url;

use self::receiver::Receiver;
use crate::{
    connection::Connection,
    duration,
    failure::Failure,
    help,
    output::{Output, Problem, warn},
    rows::Rows,
    stdin,
};

/// How long to wait between two reads of a bill that is not paid yet.
const READ_EVERY: Duration = Duration::from_secs(1);

/// Produces the five proofs that PaySsam requires before going live (검수).
///
/// It sends five bills as links, destroys one, waits until you have paid three, cancels one of
/// these and acknowledges the callbacks. Then it prints the bill ids to hand in. In PaySsam's own
/// sandbox, pay with a real card of Hyundai, KB or Shinhan; PaySsam cancels the payments
/// automatically. Reconstructed, not published: PaySsam may behave differently.
///
/// Anybody who reaches --listen may call it. It takes only a POST to the path of --callback, and
/// only about these bills.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_call(&[
    "payssam inspect --payer 김하나 --phone 010-1234-5678 --listen 0.0.0.0:8080 \\\n    --callback https://academy.example/payssam/3f9c0a5e7d1b48269e4fa80c6b2d7513",
]))]
pub(crate) struct InspectArguments {
    /// The name of the payer: yours; - reads it from stdin, which no other process can see.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    payer: String,
    /// The payer's mobile phone number, with or without hyphens; - reads it from stdin.
    ///
    /// At most one option can be -.
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
    /// The URL for callbacks (콜백); it must lead to --listen, with the same path.
    ///
    /// End its path with random characters of your own: whoever knows it can post callbacks.
    #[arg(long, value_name = "URL")]
    callback: String,
    /// The IP address and port to listen on for callbacks.
    #[arg(long, value_name = "ADDR")]
    listen: String,
    /// The time limit of the payments and callbacks, such as 30m [default: 1h].
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    wait: Option<String>,
    /// If PaySsam rejects a request, show its message unmasked (text output only).
    #[arg(long)]
    pub(crate) reveal: bool,
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
    pub(crate) async fn run(
        mut self,
        connection: &Connection,
        output: Output,
    ) -> Result<(), Failure> {
        stdin::fill([
            ("--payer", Some(&mut self.payer)),
            ("--phone", Some(&mut self.phone)),
        ])?;
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
        let proofs = Proofs {
            approved: BillId::generate(),
            cancelled: BillId::generate(),
            destroyed: BillId::generate(),
            read: BillId::generate(),
            callback_acknowledged: BillId::generate(),
        };
        let to_pay = [
            &proofs.approved,
            &proofs.cancelled,
            &proofs.callback_acknowledged,
        ];
        let expected = to_pay.into_iter().cloned().collect();
        let path = path(&callback)?;
        let receiver = Receiver::start(&self.listen, client.clone(), path, expected).await?;
        let ends_at = Instant::now().checked_add(wait);
        let bills = client.bills();
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
        for id in to_pay {
            let sent = send(id).await?;
            let link = match sent.short_url() {
                Some(link) => redact::shown_link(link),
                None => "no link, because the response was lost; pay it from the payer's messages"
                    .to_owned(),
            };
            warn(format!("pay bill {id}: {link}"));
        }
        let limit = self.wait.as_deref().unwrap_or("1h");
        until_paid(&bills, &to_pay, ends_at, limit).await?;
        let cancel = CancelBill::new(proofs.cancelled.clone(), price);
        bills.cancel_and_confirm(&cancel).await?;
        while !receiver.has_acknowledged(&proofs.callback_acknowledged) {
            if is_over(ends_at) {
                let id = &proofs.callback_acknowledged;
                return Err(not_in_time(
                    "no_callback",
                    format!(
                        "no callback for bill {id} arrived within {limit} (--wait); it is paid: check that \
                         --callback leads to --listen, and inspect again"
                    ),
                    id,
                ));
            }
            sleep(READ_EVERY).await;
        }
        output.result(rows(&proofs), &proofs);
        Ok(())
    }
}

/// The path of a callback URL, as the requests of callbacks have it.
fn path(callback: &CallbackUrl) -> Result<String, Error> {
    match Url::parse(callback.as_str()) {
        Ok(url) => Ok(url.path().to_owned()),
        Err(error) => Err(Error::invalid_input("callback url", error)),
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

/// Reads until all these bills are paid.
async fn until_paid(
    bills: &Bills,
    ids: &[&BillId],
    ends_at: Option<Instant>,
    limit: &str,
) -> Result<(), Failure> {
    let mut unpaid: Vec<&BillId> = Vec::new();
    for id in ids {
        while !bills.read(id).await?.is_paid() {
            if is_over(ends_at) {
                unpaid.push(id);
                break;
            }
            sleep(READ_EVERY).await;
        }
    }
    let Some(first) = unpaid.first() else {
        return Ok(());
    };
    let all = |ids: &[&BillId]| {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        ids.join(", ")
    };
    let paid: Vec<&BillId> = ids
        .iter()
        .filter(|id| !unpaid.contains(id))
        .copied()
        .collect();
    let rest = match paid.is_empty() {
        true => String::new(),
        false => format!(
            "; bill {} is paid: cancel it if the money is real",
            all(&paid)
        ),
    };
    Err(not_in_time(
        "not_paid",
        format!(
            "nobody paid bill {} within {limit} (--wait){rest}; inspect again with more time",
            all(&unpaid)
        ),
        first,
    ))
}

fn is_over(ends_at: Option<Instant>) -> bool {
    ends_at.is_some_and(|end| end <= Instant::now())
}

fn not_in_time(kind: &'static str, message: String, id: &BillId) -> Failure {
    Failure::NotInTime(Problem {
        bill_id: Some(id.to_string()),
        ..Problem::new(kind, message)
    })
}
