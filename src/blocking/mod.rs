//! The same client for programs that do not use tokio (feature `blocking`).
//!
//! Every call of [`payssam::Client`](crate::Client) has the same name here, is made by the same code, and
//! blocks the calling thread until it ends. It runs on a thread of this client, so it works outside of a
//! runtime and inside of one. Inside of a runtime it still blocks the thread that calls it: prefer the
//! asynchronous client there.
//!
//! ```no_run
//! use payssam::{BillId, blocking::Client};
//!
//! fn main() -> Result<(), payssam::Error> {
//!     let client = Client::from_env()?;
//!     for id in ["2024-0001", "2024-0002"] {
//!         let bill = client.bills().read(&BillId::new(id)?)?;
//!         if bill.is_unpaid() {
//!             println!("{id} is not paid yet");
//!         }
//!     }
//!     Ok(())
//! }
//! ```

mod client;
mod many;
mod operations;
mod verify_payment;

pub use client::Client;
pub use many::Many;
pub use operations::{Bills, ResumingBills};
#[cfg(feature = "preview")]
pub use operations::{Onboarding, PointsOf, Receipts, ResumingReceipts};
pub use verify_payment::VerifyPayment;
