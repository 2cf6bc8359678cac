//! A client for the Partner API V2 of PaySsam (결제선생): send bills, read and cancel them, verify callbacks, and
//! know for certain what happened to the money.
//!
//! ```no_run
//! use payssam::{BillId, CancelBill, Client, Credentials, Won};
//!
//! # async fn example() -> Result<(), payssam::Error> {
//! let credentials = Credentials::builder()
//!     .api_key("api key")
//!     .member("member")
//!     .merchant("merchant")
//!     .build()?;
//! let client = Client::builder(credentials)
//!     .base_url(payssam::PAYSSAM_SANDBOX_URL)
//!     .build()?;
//! let id = BillId::new("2024-0001")?;
//! if client.bills().read(&id).await?.is_paid() {
//!     let cancel = CancelBill::new(id, Won::new(45_000)?).reason("고객 요청")?;
//!     let cancelled = client.bills().cancel_and_confirm(&cancel).await?;
//!     println!("cancelled at {:?}", cancelled.cancelled_at());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it does
//!
//! | task | call |
//! | --- | --- |
//! | send a bill (청구서 발송) | [`Bills::send_and_confirm`] (`preview`) |
//! | read a bill, or many (조회) | [`Bills::read`], [`Bills::read_many`] |
//! | refund a payment (결제 취소, 환불) | [`Bills::cancel_and_confirm`] |
//! | destroy an unpaid bill (파기) | [`Bills::destroy_and_confirm`] (`preview`) |
//! | send the message again (재발송) | [`Bills::resend`] (`preview`) |
//! | receive a callback (webhook, 콜백) | [`callback::ApprovalCallback::verify`] |
//! | verify a payment without a callback | [`Bills::verify_payment`] |
//! | book a payment once (수납 처리) | [`callback::book_once`] |
//! | issue and cancel cash receipts (현금영수증) | [`Receipts`] (`preview`) |
//! | read points (쌤포인트) | [`Client::points`] (`preview`) |
//! | connect a merchant (가맹점 연동) | [`Client::onboarding`] (`preview`) |
//! | call anything else | [`Client::call`] |
//! | sign a request yourself | [`signature`] |
//! | do it without tokio | [`blocking::Client`] (`blocking`) |
//! | test without PaySsam | the crate `payssam-mock` |
//!
//! # What happened to a request
//!
//! A cancellation moves money, and its response may be lost. So every [`Error`] says what it proves about
//! the request ([`Error::outcome`]):
//!
//! | [`Outcome`] | what it means | what to do |
//! | --- | --- | --- |
//! | [`NotSent`](Outcome::NotSent) | it provably never left | try again |
//! | [`Rejected`](Outcome::Rejected) | nothing changed, if it [is settled](Error::is_settled) | look at [`Error::code`] or [`Error::state`] |
//! | [`Unknown`](Outcome::Unknown) | it may have been carried out | [read](Bills::read) the bill, then decide |
//!
//! [`Bills::cancel_and_confirm`] and its like do the last of these for you: they write, and read until the
//! outcome is certain. A future that is dropped, by a `select!` or a time limit of your own, is `Unknown`
//! too.
//!
//! The client retries automatically what is safe to retry: reads, and writes that provably never left
//! ([`RetryPolicy`]). Redirects are never followed. Calls run on tokio, and their futures are `Send`.
//!
//! # Responses
//!
//! Responses are read leniently. A text without a value is `None`, and so is a text field that holds another
//! kind of JSON or is given twice with different values. A value that is not as documented does not fail the
//! call: only its getter fails ([`Malformed`]), and `raw` returns the value as received. States, payment
//! types and result codes are open: unknown ones are kept as received.
//!
//! An amount is read if it can mean one whole number only: `45000`, `45000.00`, `45,000` and `4.5e4`, as texts
//! or as numbers, with or without white space around them. `45.000`, `45.5`, `45,00` and `045000` are malformed.
//! What you give to [`Won`] is digits alone.
//!
//! # Requests
//!
//! Requests are data: [`CancelBill`], [`SendBill`] and their like can be stored before they are sent. serde
//! writes and reads them whole, with phone numbers, so keep them where personal data may be kept. A
//! request that breaks a limit of the specification fails before anything is sent.
//!
//! # Secrets
//!
//! `Debug`, `Display`, serde of responses, and logs mask keys, hashes, card, account, phone and receipt
//! numbers. Methods named `reveal` or `raw` return them whole. The memory of the key is cleared when the last
//! [`Credentials`] with it are dropped.
//!
//! # Provenance
//!
//! Docs say how sure a fact about PaySsam is: *published* on a page of PaySsam, *observed* in real traffic,
//! *reported* by integrations, or *used* by them without an explanation. Operations that are *reconstructed*
//! from the latter three, because their page has not been captured yet, need the feature `preview`.
//!
//! # What is assumed
//!
//! Where nothing says how PaySsam behaves, nothing depends on it, or it is assumed as follows:
//!
//! | about | what is known | what is assumed |
//! | --- | --- | --- |
//! | the amount (`apprPrice`) of a bill that is not paid | any field may be `null` (reported); whether an unpaid bill has it is unknown | nothing: [`Bills::send_and_confirm`] takes a bill without it for its own only when it is [resuming](Confirming::resuming) or its response was lost |
//! | the last day ([`ExpiryDate`]) | a bill is valid to the midnight at its end (reported) | that this is midnight in Korea; what a read shows afterwards is unknown, and nothing depends on it |
//! | where a bill id is unique | an id that was used for a bill or a receipt is rejected for good (observed); a bill is found only with the member and merchant that sent it (published in part) | nothing across merchants: duplicates are found by member, merchant and id |
//! | when a callback comes | after a payment, and every hour for 24 hours until it is acknowledged (published for version 1) | not that the bill reads paid by then: respond that it should be sent again, and it is |
//! | whether there is a callback of a cancellation | none for version 1 (published); one guide says there is (reported) | neither: a read shows the state |
//!
//! # Tracing
//!
//! Every request is a span `payssam.request` of [tracing](https://docs.rs/tracing) at the level INFO, and
//! every `*_and_confirm` a span `payssam.reconcile` around its requests. The fields of a request are those of
//! OpenTelemetry for HTTP clients (`http.request.method`, `http.request.resend_count`,
//! `http.response.status_code`, `url.full`, `server.address`, `server.port`, `error.type`) and
//! `payssam.operation`, `payssam.bill_id`, `payssam.attempt`, `payssam.code`, `payssam.outcome` (of a failure)
//! and `payssam.elapsed_ms`. A call that fails is one WARN event at its end, with the text of the error. A request that
//! fails and is retried, or that reads settle, is an INFO event.
//!
//! # Features
//!
//! - `rustls` (default), `rustls-aws-lc` or `native-tls`: the TLS library. Several may be on; rustls is taken then.
//! - `preview`: the operations whose pages have not been captured yet: sending, resending and destroying
//!   bills, cash receipts, points, and connecting merchants.
//! - `blocking`: [`blocking`], the same client for programs that do not use tokio.
//! - `schemars`: JSON Schema of the public types.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod bill;
#[cfg(feature = "blocking")]
pub mod blocking;
pub mod callback;
mod client;
mod endpoint;
#[cfg(feature = "preview")]
mod onboarding;
mod operation;
mod outcome;
#[cfg(feature = "preview")]
mod points;
mod policy;
mod raw;
mod raw_call;
#[cfg(feature = "preview")]
mod receipt;
mod reconcile;
pub mod redact;
mod value;

/// The OpenAPI document that this version was generated from, with the operations of the feature `preview`.
///
/// It is JSON in OpenAPI 3.0.3, lowered from what PaySsam publishes, with names of its own.
pub const OPENAPI: &str = include_str!("../openapi/client.json");

/// For this crate's own fuzz targets; not part of its API.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod contract {
    use crate::{bill, client::Client, endpoint, outcome::Error, raw::Response, raw_call, value};

    /// Decides the outcome of a call from a response that did not come over the network.
    macro_rules! responded {
        ($($name:ident($($given:ident: $Given:ty)?) -> $Response:ty = $endpoint:expr;)+) => {
            pub mod responded {
                use super::*;

                $(pub fn $name(
                    client: &Client,
                    $($given: &$Given,)?
                    status: u16,
                    body: &[u8],
                ) -> Result<$Response, Error> {
                    endpoint::decide(client, $endpoint, Response::whole(status, body))
                })+
            }
        };
    }

    responded! {
        read(id: value::BillId) -> bill::Bill = &bill::ReadBill::new(id.clone());
        cancel(cancel: bill::CancelBill) -> bill::Cancellation = cancel;
        call() -> raw_call::RawResponse = &raw_call::RawCall::new("/path", serde_json::json!({}))?;
        receipt(id: value::BillId) -> crate::receipt::ReceiptHistory = &crate::receipt::ReadReceipt {
            bill_id: id.clone(),
            price: value::Won::new(1)?,
            decides_money: false,
        };
    }
}

#[cfg(all(doctest, feature = "preview"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.ko.md")]
mod readmes {}

pub use bill::{
    Approval, Bill, Bills, CancelBill, Cancellation, CashReceipt, ConfirmedCancellation,
    Healthcare, PayType,
};
#[cfg(feature = "preview")]
pub use bill::{
    ConfirmedDestroy, ConfirmedSend, DestroyBill, DestroyedBill, NewBill, ResendBill, ResentBill,
    SendBill, SentBill,
};
pub use client::{
    Client, ClientBuilder, Credentials, CredentialsBuilder, Many, PAYSSAM_SANDBOX_URL,
    setting_from_env,
};
pub use endpoint::{Malformed, signature};
#[cfg(feature = "preview")]
pub use onboarding::{Onboarding, RegisterMerchant, Registration};
pub use operation::Operation;
pub use outcome::{
    Attempt, CodeKind, Error, ErrorResponse, Message, NotSentReason, Outcome, Rejection,
    ResultCode, Subject, UnknownReason,
};
#[cfg(feature = "preview")]
pub use points::{Points, PointsOf};
pub use policy::{ConfirmPolicy, RetryPolicy, VerifyLimit};
pub use raw_call::RawResponse;
#[cfg(feature = "preview")]
pub use receipt::{
    CancelReceipt, CancelledReceipt, ConfirmedIssue, ConfirmedReceiptCancellation, IssueReceipt,
    IssuedReceipt, PersonNumber, ReceiptEntry, ReceiptHistory, ReceiptHolder, ReceiptState,
    Receipts, Trader, UnaddressedReceipt,
};
pub use reconcile::{Confirmed, Confirming};
pub use value::{
    AccountNumber, BillId, BillState, CancelReason, InvalidTime, InvalidValue, KoreanTime,
    Personal, Won,
};
#[cfg(feature = "preview")]
pub use value::{
    BillMessage, BusinessNumber, ExpiryDate, IssuerName, PayerName, PhoneNumber, ProductName,
    ReceiptCardNumber, ResidentNumber, Tax,
};
