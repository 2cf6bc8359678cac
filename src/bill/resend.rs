//! Sends the message for a bill again (청구서 재발송).

use serde::{Deserialize, Serialize};

use super::bills::Bills;
use crate::{
    endpoint::{Body, Endpoint, Fields, Names, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    value::BillId,
};

/// The request to send the message for an unpaid bill again.
///
/// serde writes and reads it whole, `{"bill_id"}`.
#[doc(alias = "재발송")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct ResendBill {
    bill_id: BillId,
}

impl ResendBill {
    /// Sends the message for the bill `bill_id` again.
    pub fn new(bill_id: BillId) -> Self {
        ResendBill { bill_id }
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }
}

response_type! {
    /// A bill whose message PaySsam sent again.
    ///
    /// serde writes `{"bill_id"}`.
    pub struct ResentBill, "ResentBill" of BillId, {}
    echoed { "billId", }
}

impl Endpoint for ResendBill {
    type Response = ResentBill;

    const OPERATION: Operation = Operation::BillResend;
    const NAMES: &'static Names = ResentBill::NAMES;

    fn subject(&self) -> Subject {
        Subject::Bill(self.bill_id.clone())
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Inner(
            "bill",
            &[("billId", self.bill_id.as_str().into())],
        ))
    }

    fn response(&self, fields: Fields) -> ResentBill {
        ResentBill::new(&self.bill_id, fields)
    }
}

impl Bills {
    /// Sends the message for an unpaid bill again (청구서 재발송), `POST /bill/resend`.
    ///
    /// Reconstructed: integrations use it. Whether it was verified, and whether it costs points, is unknown.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::ResendBill;
    ///
    /// client.bills().resend(&ResendBill::new("2024-0001".parse()?)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with
    /// [`ResultCode::BILL_NOT_SENDABLE`](crate::ResultCode::BILL_NOT_SENDABLE) when the state of the bill
    /// does not allow it (reported). After [`Error::OutcomeUnknown`] the payer may have the message, and no
    /// read can tell; if it is sent again, it may arrive twice.
    #[doc(alias = "재발송")]
    pub async fn resend(&self, resend: &ResendBill) -> Result<ResentBill, Error> {
        self.client.execute(resend).await
    }
}
