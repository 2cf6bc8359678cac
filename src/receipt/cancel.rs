//! Cancelling a cash receipt (현금영수증 취소).

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Receipts, Trader};
use crate::{
    BillId, Doubt, Error, Malformed, Operation, Personal, Won,
    answer::{Fields, Names},
    signature, written,
};

/// What the answer to a cancellation may hold. The echoed `apiKey` is left behind.
const FIELDS: &Names<3> = &Names::new(["billId", "hash", "apprCashNum"]);

/// A cash receipt that is to be cancelled, as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CancelReceipt {
    id: BillId,
    price: Won,
    trader: Trader,
}

impl CancelReceipt {
    /// Cancels the receipt `id`, which was issued over `price` to a person or a business.
    pub fn new(id: BillId, price: Won, trader: Trader) -> Self {
        CancelReceipt { id, price, trader }
    }

    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.price
    }
}

/// A cash receipt that PaySsam cancelled.
///
/// serde writes `{"receipt_id","approval_number"}`, with the number masked.
#[derive(Clone)]
pub struct CancelledReceipt {
    id: BillId,
    fields: Fields<3>,
}

impl CancelledReceipt {
    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The approval number of the cancellation (`apprCashNum`).
    pub fn approval_number(&self) -> Result<Option<Personal<'_>>, Malformed> {
        Ok(self.fields.text("apprCashNum")?.map(Personal::new))
    }

    /// Any field as it came, by the name that PaySsam gives it.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl Receipts<'_> {
    /// Cancels a cash receipt (현금영수증 취소), `POST /cash-receipt/cancel`.
    ///
    /// Standing: reconstructed, measured.
    ///
    /// The request is never made again once it may have left;
    /// [`cancel_and_confirm`](Receipts::cancel_and_confirm) finds out what became of it.
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] read the [history](Receipts::read) before anything else.
    pub async fn cancel(&self, cancel: CancelReceipt) -> Result<CancelledReceipt, Error> {
        self.send_cancel(&cancel).await
    }

    pub(super) async fn send_cancel(
        &self,
        cancel: &CancelReceipt,
    ) -> Result<CancelledReceipt, Error> {
        self.client.check_runtime()?;
        let call = self.call(Operation::ReceiptCancel, &cancel.id);
        let hash = signature::sign(&cancel.id, cancel.price);
        let request = call.request(
            "cashReceipt",
            &[
                ("billId", cancel.id.as_str().into()),
                ("hash", hash.as_str().into()),
                ("price", cancel.price.to_string().as_str().into()),
                ("trader", cancel.trader.digit().into()),
            ],
        )?;
        let send = || self.client.raw().send(&request);
        let doubts = |data: &Fields<3>| -> Option<Doubt> {
            data.doubt(|data| {
                data.contradicts("billId", |echo| echo == cancel.id.as_str())
                    || data.contradicts("hash", |echo| hash.matches(echo))
            })
        };
        let fields = call.make(FIELDS, send, doubts).await?;
        Ok(CancelledReceipt {
            id: cancel.id.clone(),
            fields,
        })
    }
}

/// A cancelled receipt as it is logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    receipt_id: &'a str,
    approval_number: Option<Personal<'a>>,
}

impl fmt::Debug for CancelledReceipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("CancelledReceipt", self, formatter)
    }
}

impl Serialize for CancelledReceipt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written {
            receipt_id: self.id.as_str(),
            approval_number: self.fields.raw("apprCashNum").map(Personal::new),
        }
        .serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for CancelledReceipt {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CancelledReceipt".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
