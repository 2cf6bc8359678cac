//! Cancels a cash receipt (현금영수증 취소).

use serde::{Deserialize, Serialize};

use super::{
    history::{ReadReceipt, ReceiptEntry, ReceiptHistory, ReceiptState},
    holder::Trader,
    receipts::Receipts,
};
use crate::{
    endpoint::signature::{self, Signature},
    endpoint::{Body, Endpoint, Fields, Masked, Names, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::{self, Change, Confirmed, Confirming, Stand, Write},
    redact::view::view,
    value::{BillId, Won},
};

/// The cancellation of a cash receipt, with the values that it was issued with.
///
/// serde writes and reads it whole, `{"bill_id","price","trader"}`.
#[doc(alias = "현금영수증 취소")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct CancelReceipt {
    bill_id: BillId,
    price: Won,
    trader: Trader,
}

impl CancelReceipt {
    /// Cancels the receipt `bill_id`, which was issued for `price` to a person or a business.
    pub fn new(bill_id: BillId, price: Won, trader: Trader) -> Self {
        CancelReceipt {
            bill_id,
            price,
            trader,
        }
    }

    /// The id of the receipt.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.price
    }
}

response_type! {
    /// A cash receipt that PaySsam cancelled.
    ///
    /// serde writes `{"bill_id","approval_number"}`, with the number masked.
    pub struct CancelledReceipt, "CancelledReceipt" of BillId, {
        /// The approval number of the cancellation (`apprCashNum`).
        approval_number: Masked = "apprCashNum",
    }
    echoed { "billId", "hash", }
}

impl Endpoint for CancelReceipt {
    type Response = CancelledReceipt;

    const OPERATION: Operation = Operation::ReceiptCancel;
    const NAMES: &'static Names = CancelledReceipt::NAMES;

    fn subject(&self) -> Subject {
        Subject::Receipt(self.bill_id.clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(signature::sign(&self.bill_id, self.price))
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Inner(
            "cashReceipt",
            &[
                ("billId", self.bill_id.as_str().into()),
                ("hash", hash.into()),
                ("price", self.price.to_string().as_str().into()),
                ("trader", self.trader.digit().into()),
            ],
        ))
    }

    fn response(&self, fields: Fields) -> CancelledReceipt {
        CancelledReceipt::new(&self.bill_id, fields)
    }
}

impl Receipts {
    /// Cancels a cash receipt (현금영수증 취소), `POST /cash-receipt/cancel`.
    ///
    /// Reconstructed: observed.
    ///
    /// The request is never retried once it may have left;
    /// [`cancel_and_confirm`](Receipts::cancel_and_confirm) also reconciles an unknown outcome.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{CancelReceipt, Trader, Won};
    ///
    /// let cancel = CancelReceipt::new("2024-0001".parse()?, Won::new(45_000)?, Trader::Person);
    /// client.receipts().cancel(&cancel).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] read the [history](Receipts::read) before anything else.
    #[doc(alias = "현금영수증 취소")]
    pub async fn cancel(&self, cancel: &CancelReceipt) -> Result<CancelledReceipt, Error> {
        self.client.execute(cancel).await
    }

    /// Cancels a cash receipt (현금영수증 취소) and confirms the outcome by its history, as
    /// [`Bills::cancel_and_confirm`](crate::Bills::cancel_and_confirm) does for a payment.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{CancelReceipt, Trader, Won};
    ///
    /// let cancel = CancelReceipt::new("2024-0001".parse()?, Won::new(45_000)?, Trader::Person);
    /// let cancelled = client.receipts().cancel_and_confirm(&cancel).await?;
    /// println!("cancelled before: {}", cancelled.was_already_cancelled());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam rejected it, and the history shows no cancellation. Nothing changed.
    /// - [`Error::NotSent`]: no cancellation left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: the outcome was still unknown at the deadline. It is safe to call this
    ///   again later.
    #[doc(alias = "현금영수증 취소")]
    pub fn cancel_and_confirm<'r>(
        &self,
        cancel: &'r CancelReceipt,
    ) -> Confirming<'r, ConfirmedReceiptCancellation> {
        let client = self.client.clone();
        Confirming::new(move |resuming| async move {
            reconcile::change(&client, cancel, resuming).await
        })
    }
}

impl Write for CancelReceipt {
    type Read = ReadReceipt;

    fn read(&self) -> ReadReceipt {
        ReadReceipt {
            bill_id: self.bill_id.clone(),
            price: self.price,
            decides_money: true,
        }
    }
}

impl Change for CancelReceipt {
    fn stand(&self, history: &ReceiptHistory) -> Stand {
        let Ok(entries) = history.entries() else {
            return Stand::Unknown;
        };
        let has = |state| entries.iter().any(|entry| entry.state() == state);
        let is_unknown = |entry: &ReceiptEntry| matches!(entry.state(), ReceiptState::Unknown(_));
        if has(ReceiptState::Cancelled) {
            Stand::After
        } else if entries.iter().any(is_unknown) {
            Stand::Unknown
        } else if has(ReceiptState::Issued) {
            Stand::Before
        } else if entries.is_empty() {
            Stand::NotYet("no receipt was issued under this id".to_owned())
        } else {
            Stand::Unknown
        }
    }
}

/// A cash receipt that is certainly cancelled.
///
/// serde writes `{"bill_id","was_already_cancelled","confirmed_by_read"}`.
pub type ConfirmedReceiptCancellation = Confirmed<CancelledReceipt, ReceiptHistory>;

impl Confirmed<CancelledReceipt, ReceiptHistory> {
    /// Whether the receipt was cancelled before: each cancellation of this call was rejected, and no read of this
    /// call showed it uncancelled before the history showed it cancelled.
    pub fn was_already_cancelled(&self) -> bool {
        self.was_already
    }
}

view! {
    Confirmed<CancelledReceipt, ReceiptHistory>, "ConfirmedReceiptCancellation", it, {
        bill_id: &'a BillId = &it.bill_id,
        was_already_cancelled: bool = it.was_already,
        confirmed_by_read: bool = it.confirmed_by_read(),
    }
}
