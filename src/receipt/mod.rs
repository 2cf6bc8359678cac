//! Cash receipts (현금영수증): one file per noun or act.

mod cancel;
mod confirm;
mod history;
mod holder;
mod issue;
mod resident_number;

pub use cancel::{CancelReceipt, CancelledReceipt};
pub use confirm::{ConfirmedIssue, ConfirmedReceiptCancellation};
#[cfg(fuzzing)]
pub(crate) use history::answered as history;
pub use history::{ReceiptEntry, ReceiptHistory, ReceiptState};
pub use holder::{PersonNumber, ReceiptHolder, Trader};
pub use issue::{IssueReceipt, IssuedReceipt, UnaddressedReceipt};
pub use resident_number::ResidentNumber;

use crate::{BillId, Client, Operation, Subject, call::Call};

/// The cash receipts of one member and merchant, from [`Client::receipts`].
#[derive(Clone, Copy, Debug)]
pub struct Receipts<'c> {
    client: &'c Client,
}

impl Client {
    /// The cash receipts (현금영수증) of the member and merchant that this client acts for.
    pub fn receipts(&self) -> Receipts<'_> {
        Receipts { client: self }
    }
}

impl<'c> Receipts<'c> {
    fn call(&self, operation: Operation, id: &BillId) -> Call<'c> {
        Call::new(operation, Subject::Receipt(id.clone()), self.client)
    }
}
