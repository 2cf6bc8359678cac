//! Cash receipts (현금영수증): one file per act.

mod cancel;
mod history;
mod holder;
mod issue;
mod receipts;

#[cfg(fuzzing)]
pub(crate) use history::ReadReceipt;
pub use {
    cancel::{CancelReceipt, CancelledReceipt, ConfirmedReceiptCancellation},
    history::{ReceiptEntry, ReceiptHistory, ReceiptState},
    holder::{PersonNumber, ReceiptHolder, Trader},
    issue::{ConfirmedIssue, IssueReceipt, IssuedReceipt, UnaddressedReceipt},
    receipts::Receipts,
};
