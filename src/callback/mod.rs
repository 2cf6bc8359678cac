//! Callbacks (콜백): what PaySsam posts to a partner, and how to respond.
//!
//! When a payment succeeds, PaySsam posts it to the callback address of the bill (승인 동기화). Nothing in
//! that request proves where it comes from: there is no signature and no hash. So trust none of it.
//! [`verify`](ApprovalCallback::verify) reads the bill, and only a [`VerifiedApproval`] may be booked.
//!
//! ```no_run
//! use payssam::{Client, callback::{self, ApprovalCallback, Response, Seen, SeenInMemory}};
//!
//! async fn on_callback(client: &Client, seen: &SeenInMemory, body: &[u8]) -> Response {
//!     let Ok(callback) = ApprovalCallback::parse(body) else {
//!         return callback::retry_later();
//!     };
//!     let Ok(approval) = callback.verify(client).await else {
//!         return callback::retry_later();
//!     };
//!     if let Ok(true) = seen.claim(&approval) {
//!         // Book approval.amount() for approval.bill_id(). If that fails:
//!         // seen.release(&approval) and callback::retry_later().
//!     }
//!     callback::acknowledge()
//! }
//! ```
//!
//! # The address
//!
//! Put a secret into the path of each merchant's callback address, such as
//! `https://academy.example/payssam/3f9c…`, at least 128 random bits, and respond with HTTP 404 to every other
//! path before you parse anything. It is all that distinguishes PaySsam from a stranger before the read. What a
//! stranger can still cause is bounded by [`VerifyLimit`](crate::VerifyLimit), and a `CallbackUrl` shows only
//! its server in `Debug` and errors.
//!
//! # Duplicates
//!
//! A callback that is not acknowledged with exactly the bytes of [`acknowledge`] is sent again every hour for
//! 24 hours (published for version 1 of the API). The same happens when the response is lost, so duplicates
//! are normal; [`Seen`] finds them.
//!
//! # Provenance
//!
//! The fields were observed once, in camel case; an older snake case is reported, and accepted too. The bytes
//! of the acknowledgement are published in part. The [addresses](KNOWN_SENDERS) are reported, and one of
//! them was observed.

mod acknowledge;
mod approval;
mod book_once;
mod seen;
mod seen_in_memory;
#[cfg(feature = "sqlite")]
mod seen_in_sqlite;
mod sender;
mod verify;

pub use crate::bill::{
    NotVerified, Part, PaymentKey, PaymentKind, VerifiedCancellation, VerifiedPayment,
    VerifyPayment,
};
#[cfg(feature = "preview")]
pub use crate::value::CallbackUrl;
pub use acknowledge::{Response, acknowledge, retry_later};
pub use approval::{ApprovalCallback, InvalidCallback};
pub use book_once::{Booking, NotBooked, book_once};
pub use seen::{Claim, Claimed, Seen};
pub use seen_in_memory::SeenInMemory;
#[cfg(feature = "sqlite")]
pub use seen_in_sqlite::{SeenInSqlite, rusqlite};
pub use sender::{KNOWN_SENDERS, from_known_sender};
