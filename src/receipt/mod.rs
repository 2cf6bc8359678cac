//! Cash receipts (현금영수증): one file per act.

mod cancel;
mod history;
mod holder;
mod issue;

#[cfg(fuzzing)]
pub(crate) use history::ReadReceipt;
pub use {
    cancel::{CancelReceipt, CancelledReceipt, ConfirmedReceiptCancellation},
    history::{ReceiptEntry, ReceiptHistory, ReceiptState},
    holder::{PersonNumber, ReceiptHolder, Trader},
    issue::{ConfirmedIssue, IssueReceipt, IssuedReceipt, UnaddressedReceipt},
};

use crate::client::Client;

/// The cash receipts of one member and merchant, from [`Client::receipts`].
///
/// It owns a clone of the client, so that its futures can move to another task.
#[doc(alias = "현금영수증")]
#[derive(Clone, Debug)]
#[must_use]
pub struct Receipts {
    client: Client,
}

impl Client {
    /// The cash receipts (현금영수증) of the member and merchant that this client is for.
    pub fn receipts(&self) -> Receipts {
        Receipts {
            client: self.clone(),
        }
    }
}
