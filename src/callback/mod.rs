//! What PaySsam posts to a partner, and the answer that it expects.
//!
//! When a payment succeeds, PaySsam posts it to the callback address of the bill (승인 동기화). Nothing
//! in that request proves where it comes from: there is no signature and no hash. So believe none of it.
//! [`verify`](ApprovalCallback::verify) reads the bill, and only a [`VerifiedApproval`] may be booked.
//!
//! ```no_run
//! use payssam::{Client, callback::{self, Answer, ApprovalCallback, Seen, SeenInMemory}};
//!
//! async fn on_callback(client: &Client, seen: &SeenInMemory, body: &[u8]) -> Answer {
//!     let Ok(callback) = ApprovalCallback::parse(body) else {
//!         return callback::retry_later();
//!     };
//!     let Ok(approval) = callback.verify(client).await else {
//!         return callback::retry_later();
//!     };
//!     if let Ok(true) = seen.claim(&approval) {
//!         // Book approval.amount() for approval.bill_id(), and on failure
//!         // seen.release(&approval) and callback::retry_later().
//!     }
//!     callback::acknowledge()
//! }
//! ```
//!
//! # Duplicates
//!
//! Whatever is not answered with exactly [`acknowledge`]'s bytes comes again every hour for 24 hours
//! (published for version 1 of the API). An answer that is lost on its way is such a case, so that
//! duplicates are normal; [`Seen`] finds them.
//!
//! # How sure this is
//!
//! The fields were measured once, in camel case; an older snake case is told of and read too. The
//! bytes of the answer are published in part. The [addresses](KNOWN_SENDERS) are relayed, and one
//! was measured.

mod answer;
mod approval;
mod seen;
mod sender;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "preview")]
mod url;
mod verify;

pub use answer::{Answer, acknowledge, retry_later};
pub use approval::{ApprovalCallback, NotACallback};
pub use seen::{ApprovalKey, Seen, SeenInMemory};
pub use sender::{KNOWN_SENDERS, from_known_sender};
#[cfg(feature = "sqlite")]
pub use sqlite::{SeenInSqlite, rusqlite};
#[cfg(feature = "preview")]
pub use url::CallbackUrl;
pub use verify::{NotVerified, Part, VerifiedApproval};
