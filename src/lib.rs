//! A client for the Partner API V2 of PaySsam (결제선생): read bills, cancel them, and know for
//! certain what became of the money.
//!
//! ```no_run
//! use payssam::{BillId, BillState, Cancel, Client, Credentials, Won};
//!
//! # async fn example() -> Result<(), payssam::Error> {
//! let client = Client::builder(Credentials::new("api key", "member", "merchant")?)
//!     .base_url(payssam::PAYSSAM_SANDBOX_URL)
//!     .build()?;
//! let id = BillId::new("2024-0001")?;
//! let bill = client.bills().read(&id).await?;
//! if *bill.state() == BillState::Paid {
//!     let cancel = Cancel::new(id, Won::new(45_000)?).reason("고객 요청")?;
//!     let done = client.bills().cancel_and_confirm(cancel).await?;
//!     println!("cancelled at {:?}", done.cancelled_at());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What became of a call
//!
//! A cancellation moves money, and its answer may be lost. So every [`Error`] says what is known of
//! the request ([`Error::delivery`]):
//!
//! | [`Delivery`] | what it means | what to do |
//! | --- | --- | --- |
//! | `NotSent` | it provably never left | try again |
//! | `Received` | PaySsam said no | look at [`Error::code`] |
//! | `Unknown` | it may have been carried out | [read](Bills::read) the bill, then decide |
//!
//! [`Bills::cancel_and_confirm`] does the last of these for you: it cancels, and reads the bill until it
//! is certain what became of it. A future that is dropped, by a `select!` or a time limit of your own, is
//! `Unknown` too.
//!
//! What is made again by itself is what can do no harm: readings, and writes that provably never
//! left ([`RetryPolicy`]). Redirects are never followed. Calls run on tokio.
//!
//! # What answers hold
//!
//! PaySsam's answers are read leniently. What was not sent is `Ok(None)`; what is not as documented
//! does not fail the call, but the getter that is asked for it ([`Malformed`]), and the value can be
//! had raw. States, payment types and result codes are open: those that are not known are kept as
//! they came.
//!
//! # Secrets
//!
//! `Debug`, `Display`, serde and what is logged mask keys, hashes, card, account, phone and receipt
//! numbers. What gives them whole is called `reveal` or `raw`. The memory of the key is cleared when
//! the last [`Credentials`] that hold it are gone.
//!
//! # Tracing
//!
//! Every request is a span `payssam.request` of [tracing](https://docs.rs/tracing) at the level INFO, and
//! every `cancel_and_confirm` and its like a span `payssam.pursuit` around its requests. The fields of a
//! request are those of OpenTelemetry for HTTP clients (`http.request.method`,
//! `http.request.resend_count`, `http.response.status_code`, `url.full`, `server.address`,
//! `server.port`, `error.type`) and `payssam.operation`, `payssam.bill_id`, `payssam.attempt`,
//! `payssam.code`, `payssam.delivery` and `payssam.elapsed_ms`. A failure is a WARN event with the words
//! of the error, a pause before the next attempt a DEBUG event.
//!
//! # Features
//!
//! - `rustls` (default) or `native-tls`: the TLS library. Both may be on.
//! - `preview`: sending, resending and destroying bills, cash receipts, points and the mapping of
//!   shops, whose pages were not captured yet: pieced together from release notes and measured behaviour. Each method tells its standing.
//! - `blocking`: `payssam::blocking`, the same client for programs that do not use tokio.
//! - `sqlite`: `callback::SeenInSqlite`, which remembers the payments that were booked.
//! - `schemars`: JSON Schema of the public types.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod attempt;
mod backoff;
mod bill;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "preview")]
mod business_number;
mod call;
pub mod callback;
mod client;
mod code;
mod confirm_policy;
mod credentials;
mod error;
mod field;
#[cfg(feature = "preview")]
mod mapping;
mod mask;
mod money;
mod operation;
#[cfg(feature = "preview")]
mod phone;
#[cfg(feature = "preview")]
mod points;
mod pursuit;
mod raw;
mod raw_call;
#[cfg(feature = "preview")]
mod receipt;
pub mod redact;
mod retry;
pub mod signature;
mod subject;
mod time;
#[cfg(feature = "preview")]
mod vat;
mod written;

/// The OpenAPI document that this version was generated from, the operations of feature `preview` included.
///
/// It is JSON, lowered from what PaySsam publishes to OpenAPI 3.0.3, with names of its own.
pub const OPENAPI: &str = include_str!("../openapi/client.json");

/// For this crate's own fuzz targets; not part of its API.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod contract {
    /// What a call makes of an answer that never came over a wire.
    pub mod answered {
        use crate::{
            Bill, BillId, Cancel, Cancellation, Client, Error, RawAnswer, bill, raw::Answer,
            raw_call,
        };

        pub fn read(client: &Client, id: &BillId, status: u16, body: &[u8]) -> Result<Bill, Error> {
            bill::read(client, id, Answer::whole(status, body))
        }

        pub fn cancel(
            client: &Client,
            cancel: &Cancel,
            status: u16,
            body: &[u8],
        ) -> Result<Cancellation, Error> {
            bill::cancelled(client, cancel, Answer::whole(status, body))
        }

        pub fn call(client: &Client, status: u16, body: &[u8]) -> Result<RawAnswer, Error> {
            raw_call::answered(client, Answer::whole(status, body))
        }

        #[cfg(feature = "preview")]
        pub fn receipt(
            client: &Client,
            id: &BillId,
            status: u16,
            body: &[u8],
        ) -> Result<crate::ReceiptHistory, Error> {
            crate::receipt::history(client, id, Answer::whole(status, body))
        }
    }
}

#[cfg(all(doctest, feature = "preview"))]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(all(doctest, feature = "preview"))]
#[doc = include_str!("../README.ko.md")]
mod readme_ko {}

pub use attempt::Attempt;
pub use bill::{
    Approval, Bill, BillId, BillState, Bills, Cancel, CancelReason, Cancellation, CashReceipt,
    ConfirmedCancellation, Healthcare, PayType,
};
#[cfg(feature = "preview")]
pub use bill::{
    BillMessage, ConfirmedDestruction, ConfirmedSending, Destroy, ExpiryDate, IssuerName, NewBill,
    PayerName, ProductName, Send, SentBill,
};
#[cfg(feature = "preview")]
pub use business_number::BusinessNumber;
pub use client::{Client, ClientBuilder, PAYSSAM_SANDBOX_URL};
pub use code::{CodeKind, ResultCode};
pub use confirm_policy::ConfirmPolicy;
pub use credentials::Credentials;
pub use error::{Delivery, Doubt, Error, Message};
pub use field::Malformed;
#[cfg(feature = "preview")]
pub use mapping::{Mapping, NewShop, Registration};
pub use mask::{AccountNumber, Personal};
pub use money::Won;
pub use operation::Operation;
#[cfg(feature = "preview")]
pub use phone::PhoneNumber;
#[cfg(feature = "preview")]
pub use points::{Points, PointsOf};
pub use raw_call::RawAnswer;
#[cfg(feature = "preview")]
pub use receipt::{
    CancelReceipt, CancelledReceipt, ConfirmedIssue, ConfirmedReceiptCancellation, IssueReceipt,
    IssuedReceipt, PersonNumber, ReceiptEntry, ReceiptHistory, ReceiptHolder, ReceiptState,
    Receipts, ResidentNumber, Trader, UnaddressedReceipt,
};
pub use retry::RetryPolicy;
pub use subject::Subject;
pub use time::{KoreanTime, NotAKoreanTime};
#[cfg(feature = "preview")]
pub use vat::Vat;
