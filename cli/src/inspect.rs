//! `payssam inspect`: the five proofs that PaySsam asks for before going live.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clap::Args;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::{
    net::TcpListener,
    task::AbortHandle,
    time::{Instant, sleep},
};

use crate::{
    Connection, Output, connection,
    output::{Rows, complain},
};
use payssam::{
    BillId, Bills, CancelBill, Client, DestroyBill, Error, NewBill, Operation, PayerName,
    PhoneNumber, ProductName, SendBill, Subject, Won,
    callback::{self, ApprovalCallback, CallbackUrl},
};

/// How long to wait between two reads of a bill that somebody is to pay.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Walks through the five proofs that PaySsam asks for before going live (검수).
///
/// It sends bills as links, destroys one, waits until you have paid three (in PaySsam's own
/// sandbox with a real card of Hyundai, KB or Shinhan; the payments are cancelled
/// automatically), cancels one of these, acknowledges the callbacks, and prints the bill ids to hand in.
/// Reconstructed, not published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = connection::help(&[
    "payssam inspect --payer 김하나 --phone 010-1234-5678 --listen 0.0.0.0:8080 \\\n    --callback https://academy.example/payssam",
]))]
pub(crate) struct InspectArguments {
    /// Your name, as the payer.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    payer: String,
    /// The payer's mobile phone, with or without hyphens.
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
    /// What is paid for.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "검수",
        allow_hyphen_values = true
    )]
    product: String,
    /// Where PaySsam posts callbacks: an address that leads to --listen.
    #[arg(long, value_name = "URL")]
    callback: String,
    /// Where to listen for callbacks: an address and a port.
    #[arg(long, value_name = "ADDR")]
    listen: String,
    /// How long to wait for the payments, such as 30m [default: 1h].
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
    called_back: BillId,
}

impl InspectArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        let price: Won = self.price.parse()?;
        let payer = PayerName::new(&self.payer)?;
        let phone = PhoneNumber::new(&self.phone)?;
        let product = ProductName::new(&self.product)?;
        let callback = CallbackUrl::new(&self.callback)?;
        let wait = match &self.wait {
            Some(wait) => connection::duration("wait", wait)?,
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
            called_back: BillId::generate(),
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
        let to_pay = [&proofs.approved, &proofs.cancelled, &proofs.called_back];
        for id in to_pay {
            let sent = send(id).await?;
            let link = sent
                .short_url()
                .unwrap_or("the link is lost; pay it from the payer's messages");
            complain(format!("pay bill {id}: {link}"));
        }
        for id in to_pay {
            until_paid(&bills, id, ends_at).await?;
        }
        let cancel = CancelBill::new(proofs.cancelled.clone(), price);
        bills.cancel_and_confirm(&cancel).await?;
        while !receiver.answered(&proofs.called_back) {
            pause(&proofs.called_back, ends_at, "no callback came").await?;
        }
        output.result(rows(&proofs), &proofs);
        Ok(())
    }
}

fn rows(proofs: &Proofs) -> Rows {
    let mut rows = Rows::default();
    rows.put("approved", proofs.approved.to_string());
    rows.put("cancelled by the API", proofs.cancelled.to_string());
    rows.put("destroyed", proofs.destroyed.to_string());
    rows.put("read", proofs.read.to_string());
    rows.put(
        "callback answered with 0000",
        proofs.called_back.to_string(),
    );
    rows
}

async fn until_paid(bills: &Bills, id: &BillId, ends_at: Option<Instant>) -> Result<(), Error> {
    while !bills.read(id).await?.is_paid() {
        pause(id, ends_at, "it was not paid").await?;
    }
    Ok(())
}

/// Waits a little, unless the whole has taken long enough.
async fn pause(id: &BillId, ends_at: Option<Instant>, what: &str) -> Result<(), Error> {
    if ends_at.is_some_and(|end| end <= Instant::now()) {
        complain(format!(
            "bill {id}: {what} within the time that --wait gives"
        ));
        return Err(Error::abandoned(
            Operation::BillRead,
            Subject::Bill(id.clone()),
        ));
    }
    sleep(LOOK_EVERY).await;
    Ok(())
}

/// Acknowledges callbacks until it is dropped.
struct Receiver {
    /// The bills whose callbacks were verified and acknowledged.
    answered: Arc<Mutex<BTreeSet<BillId>>>,
    task: AbortHandle,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    async fn start(listen: &str, client: Client) -> Result<Self, Error> {
        let unavailable = |error: &dyn std::fmt::Display| Error::config("listen address", error);
        let address: SocketAddr = listen.parse().map_err(|_| {
            Error::invalid_input(
                "listen address",
                "write an IP address and a port, such as 0.0.0.0:8080",
            )
        })?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| unavailable(&error))?;
        let answered: Arc<Mutex<BTreeSet<BillId>>> = Arc::default();
        let seen = answered.clone();
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let (client, seen) = (client.clone(), seen.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request| respond(request, &client, &seen));
                    let connection = http1::Builder::new();
                    // A sender that hangs up may come again.
                    let _ = connection
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Receiver {
            answered,
            task: task.abort_handle(),
        })
    }

    fn answered(&self, id: &BillId) -> bool {
        let answered = self.answered.lock();
        answered
            .unwrap_or_else(PoisonError::into_inner)
            .contains(id)
    }
}

async fn respond(
    request: Request<Incoming>,
    client: &Client,
    seen: &Mutex<BTreeSet<BillId>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = Limited::new(request.into_body(), 1024 * 1024)
        .collect()
        .await;
    let callback = body
        .ok()
        .and_then(|body| ApprovalCallback::parse(&body.to_bytes()).ok());
    let verified = match &callback {
        Some(callback) => callback.verify(client).await.ok(),
        None => None,
    };
    let Some(approval) = verified else {
        return Ok(response(callback::retry_later()));
    };
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.insert(approval.bill_id().clone());
    Ok(response(callback::acknowledge()))
}

fn response(to_callback: callback::Response) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(to_callback.body().as_bytes())));
    *response.status_mut() = StatusCode::from_u16(to_callback.http_status()).unwrap_or_default();
    let content_type = HeaderValue::from_static(to_callback.content_type());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
