//! Sending the message for a bill once more (청구서 재발송).

use super::{BillId, Bills};
use crate::{
    Doubt, Error, Operation,
    answer::{Fields, Names},
    call::Call,
};

/// What the answer to a resending may hold. The echoed `apiKey` is left behind.
const FIELDS: &Names<1> = &Names::new(["billId"]);

impl Bills<'_> {
    /// Sends the message for an unpaid bill once more (청구서 재발송), `POST /bill/resend`.
    ///
    /// Standing: reconstructed. Integrations use it; nobody says that it was checked, or whether it costs
    /// points.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] with
    /// [`ResultCode::BILL_NOT_SENDABLE`](crate::ResultCode::BILL_NOT_SENDABLE) when the state of the bill
    /// does not allow it (relayed). After [`Error::OutcomeUnknown`] the payer may have the message, and
    /// no reading tells; one that is sent again may come twice.
    pub async fn resend(&self, id: &BillId) -> Result<(), Error> {
        self.client.check_runtime()?;
        let call = Call::new(Operation::BillResend, id, self.client);
        let request = call.request("bill", &[("billId", id.as_str().into())])?;
        let send = || self.client.raw().send(&request);
        let doubts = |data: &Fields<1>| -> Option<Doubt> {
            data.doubt(|data| data.contradicts("billId", |echo| echo == id.as_str()))
        };
        call.make(FIELDS, send, doubts).await.map(drop)
    }
}
