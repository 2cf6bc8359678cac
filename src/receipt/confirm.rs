//! Issuing and cancelling a cash receipt until it is certain what became of it.

use super::{
    CancelReceipt, CancelledReceipt, IssueReceipt, IssuedReceipt, ReceiptHistory, ReceiptState,
    Receipts,
};
use crate::{
    BillId, BillState, Client, Error, Operation, Subject,
    attempt::Attempt,
    pursuit::{self, Change, Creation, Found, Proof, Pursued, Stand, Write},
};

/// A cash receipt that is issued for certain, once.
#[derive(Clone, Debug)]
pub struct ConfirmedIssue {
    id: BillId,
    proof: Proof<IssuedReceipt, ReceiptHistory>,
    attempts: Vec<Attempt>,
}

impl ConfirmedIssue {
    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The answer to the issue, unless it was lost.
    pub fn answer(&self) -> Option<&IssuedReceipt> {
        match &self.proof {
            Proof::Answer(issued) => Some(issued),
            Proof::Reading(_) => None,
        }
    }

    /// The history that showed it, if that was the proof.
    pub fn reading(&self) -> Option<&ReceiptHistory> {
        match &self.proof {
            Proof::Answer(_) => None,
            Proof::Reading(history) => Some(history),
        }
    }

    /// Whether a reading showed it, rather than the answer to an issue.
    pub fn confirmed_by_reading(&self) -> bool {
        self.proof.is_reading()
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

/// A cash receipt that is cancelled for certain.
#[derive(Clone, Debug)]
pub struct ConfirmedReceiptCancellation {
    id: BillId,
    proof: Proof<CancelledReceipt, ReceiptHistory>,
    already: bool,
    attempts: Vec<Attempt>,
}

impl ConfirmedReceiptCancellation {
    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// Whether it provably was cancelled before: each cancellation of this call was refused, and the
    /// history showed it cancelled.
    pub fn already(&self) -> bool {
        self.already
    }

    /// The answer to the cancellation, unless it was lost.
    pub fn answer(&self) -> Option<&CancelledReceipt> {
        match &self.proof {
            Proof::Answer(cancelled) => Some(cancelled),
            Proof::Reading(_) => None,
        }
    }

    /// The history that showed it, if that was the proof.
    pub fn reading(&self) -> Option<&ReceiptHistory> {
        match &self.proof {
            Proof::Answer(_) => None,
            Proof::Reading(history) => Some(history),
        }
    }

    /// Whether a reading showed it, rather than the answer to a cancellation.
    pub fn confirmed_by_reading(&self) -> bool {
        self.proof.is_reading()
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

impl Receipts<'_> {
    /// Issues a cash receipt (현금영수증 발행) and finds out what became of it, as
    /// [`send_and_confirm`](crate::Bills::send_and_confirm) does for a bill: by its history, and by issuing
    /// it again under the same identifier, which is taken once.
    ///
    /// # Errors
    ///
    /// As of [`send_and_confirm`](crate::Bills::send_and_confirm).
    pub async fn issue_and_confirm(&self, issue: IssueReceipt) -> Result<ConfirmedIssue, Error> {
        let Pursued {
            proof, attempts, ..
        } = pursuit::create(self.client, &issue).await?;
        Ok(ConfirmedIssue {
            id: issue.id().clone(),
            proof,
            attempts,
        })
    }

    /// Cancels a cash receipt (현금영수증 취소) and finds out what became of it by its history, as
    /// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) does for a payment.
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam refused, and the history shows no cancellation. Nothing changed.
    /// - [`Error::NotSent`]: no cancellation left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: it could not be found out in time. Call this again later: it does no
    ///   harm.
    pub async fn cancel_and_confirm(
        &self,
        cancel: CancelReceipt,
    ) -> Result<ConfirmedReceiptCancellation, Error> {
        let Pursued {
            proof,
            already,
            attempts,
        } = pursuit::change(self.client, &cancel).await?;
        Ok(ConfirmedReceiptCancellation {
            id: cancel.id().clone(),
            proof,
            already,
            attempts,
        })
    }
}

impl Write for IssueReceipt {
    type Answer = IssuedReceipt;
    type Reading = ReceiptHistory;

    const OPERATION: Operation = Operation::ReceiptIssue;
    const READING: Operation = Operation::ReceiptRead;

    fn about(&self) -> Subject {
        Subject::Receipt(self.id().clone())
    }

    async fn send(&self, client: &Client) -> Result<IssuedReceipt, Error> {
        client.receipts().send_issue(self).await
    }

    async fn read(&self, client: &Client) -> Result<ReceiptHistory, Error> {
        client.receipts().read(self.id(), self.price()).await
    }

    fn state(_: &ReceiptHistory) -> Option<BillState> {
        None
    }
}

impl Creation for IssueReceipt {
    /// A history that can't be read is none: to issue the receipt again under its identifier does no
    /// harm.
    fn find(&self, history: &ReceiptHistory) -> Found {
        let entries = history.entries().unwrap_or_default();
        let is_issue = |state| matches!(state, ReceiptState::Issued | ReceiptState::Cancelled);
        let mut issues = entries.iter().filter(|entry| is_issue(entry.state()));
        match issues.next().map(|entry| entry.price()) {
            None => Found::Nothing,
            Some(Ok(Some(price))) if price != self.price() => Found::Another,
            Some(_) => Found::This,
        }
    }
}

impl Write for CancelReceipt {
    type Answer = CancelledReceipt;
    type Reading = ReceiptHistory;

    const OPERATION: Operation = Operation::ReceiptCancel;
    const READING: Operation = Operation::ReceiptRead;

    fn about(&self) -> Subject {
        Subject::Receipt(self.id().clone())
    }

    async fn send(&self, client: &Client) -> Result<CancelledReceipt, Error> {
        client.receipts().send_cancel(self).await
    }

    async fn read(&self, client: &Client) -> Result<ReceiptHistory, Error> {
        client.receipts().read(self.id(), self.price()).await
    }

    fn state(_: &ReceiptHistory) -> Option<BillState> {
        None
    }
}

impl Change for CancelReceipt {
    fn stand(&self, history: &ReceiptHistory) -> Stand {
        let Ok(entries) = history.entries() else {
            return Stand::Unclear;
        };
        let has = |state| entries.iter().any(|entry| entry.state() == state);
        if has(ReceiptState::Cancelled) {
            Stand::After
        } else if has(ReceiptState::Issued) {
            Stand::Before
        } else if entries.is_empty() {
            Stand::Elsewhere
        } else {
            Stand::Unclear
        }
    }
}
