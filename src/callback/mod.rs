//! Callbacks (콜백): what PaySsam posts to a partner, and how to respond.
//!
//! When a payment succeeds, PaySsam posts it to the callback address of the bill (승인 동기화). Nothing in
//! that request proves where it comes from: there is no signature and no hash. So trust none of it.
//! [`verify`](ApprovalCallback::verify) reads the bill, and only a [`VerifiedPayment`] may be booked. Where no
//! callback arrives, [`Bills::verify_payment`](crate::Bills::verify_payment) leads to the same.
//!
//! Where your books are in SQLite, take the crate `payssam-ledger`: it does all of this, finds payments whose
//! callback never came, and survives a crash. What follows is for other databases, and for a handler of your own.
//!
//! A handler parses, verifies, books once and responds. [`book_once`] has an example for any database.
//!
//! # What to answer
//!
//! [`Booking::response`], [`NotBooked::response`] and [`NotVerified::response`] answer as this table says:
//!
//! | the callback | what you see | answer |
//! | --- | --- | --- |
//! | is valid | [`Booking::Booked`] | [`acknowledge`] |
//! | is a duplicate | [`Booking::Duplicate`] | [`acknowledge`] |
//! | is of a payment that another handler is booking | [`Booking::InProgress`] | [`retry_later`] |
//! | is of a bill that is not paid yet, or forged: they look alike | [`NotVerified::Differs`], state unpaid | [`retry_later`] |
//! | is of a bill that the merchant does not have | [`NotVerified::NotRead`] | [`retry_later`] |
//! | is of a payment that was cancelled since; this is final | [`NotVerified::CancelledSince`] | book the cancellation once, then [`acknowledge`] |
//! | says another amount than the read | [`NotVerified::Differs`], amount | [`retry_later`], and look at the bill |
//! | comes while PaySsam cannot be reached, or too often | [`NotVerified::NotRead`], [`NotVerified::TooMany`] | [`retry_later`] |
//! | comes while your own database is locked, full or broken | [`NotBooked`] | [`retry_later`] |
//!
//! Never acknowledge what is not booked: PaySsam would not send it again, and the payment would be lost.
//!
//! # Booked once
//!
//! A callback that is not acknowledged with exactly the bytes of [`acknowledge`] is sent again every hour for
//! 24 hours (published for version 1 of the API). The same happens when the response is lost, so duplicates
//! are normal, and two may arrive at the same time. A [`Seen`] store finds them by a [`PaymentKey`]: member,
//! merchant, bill id, and whether it is a payment or a cancellation.
//!
//! | how you book | how often a payment is booked |
//! | --- | --- |
//! | by the ledger (`payssam-ledger`), in the transaction that its handler gets | exactly once |
//! | with [`book_once`], marked in the booking's own transaction (`examples/seen_in_postgres` does) | exactly once |
//! | with [`book_once`] otherwise | at least once: twice only if the process dies, is paused or is cut off from the store between the booking and its mark |
//!
//! In all of them a process that dies frees what it had claimed, at the latest when the lease ends.
//!
//! # The address
//!
//! Put a secret into the path of each merchant's callback address, such as
//! `https://academy.example/payssam/3f9c…`, at least 128 random bits, and respond with HTTP 404 to every other
//! path before you parse anything. It is all that distinguishes PaySsam from a stranger before the read. What a
//! stranger can still cause is bounded by [`VerifyLimit`](crate::VerifyLimit), and a `CallbackUrl` shows only
//! its server in `Debug` and errors.
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
pub use sender::{KNOWN_SENDERS, from_known_sender};
