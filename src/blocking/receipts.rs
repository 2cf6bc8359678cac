//! Cash receipts, with calls that block.

use super::Client;
use crate::{
    BillId, CancelReceipt, CancelledReceipt, ConfirmedIssue, ConfirmedReceiptCancellation, Error,
    IssueReceipt, IssuedReceipt, ReceiptHistory, Won,
};

/// The cash receipts of one member and merchant, from [`Client::receipts`].
#[derive(Clone, Copy, Debug)]
pub struct Receipts<'c> {
    pub(super) client: &'c Client,
}

impl Receipts<'_> {
    /// As [`Receipts::issue`](crate::Receipts::issue).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn issue(&self, issue: IssueReceipt) -> Result<IssuedReceipt, Error> {
        self.client
            .wait(|client| async move { client.receipts().issue(issue).await })
    }

    /// As [`Receipts::issue_and_confirm`](crate::Receipts::issue_and_confirm).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn issue_and_confirm(&self, issue: IssueReceipt) -> Result<ConfirmedIssue, Error> {
        self.client
            .wait(|client| async move { client.receipts().issue_and_confirm(issue).await })
    }

    /// As [`Receipts::cancel`](crate::Receipts::cancel).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn cancel(&self, cancel: CancelReceipt) -> Result<CancelledReceipt, Error> {
        self.client
            .wait(|client| async move { client.receipts().cancel(cancel).await })
    }

    /// As [`Receipts::cancel_and_confirm`](crate::Receipts::cancel_and_confirm).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn cancel_and_confirm(
        &self,
        cancel: CancelReceipt,
    ) -> Result<ConfirmedReceiptCancellation, Error> {
        self.client
            .wait(|client| async move { client.receipts().cancel_and_confirm(cancel).await })
    }

    /// As [`Receipts::read`](crate::Receipts::read).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn read(&self, id: &BillId, price: Won) -> Result<ReceiptHistory, Error> {
        let id = id.clone();
        self.client
            .wait(|client| async move { client.receipts().read(&id, price).await })
    }
}
