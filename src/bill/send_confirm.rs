//! Sending a bill until it is certain that it is there, once.

use super::{Bill, BillId, BillState, Bills, Send, SentBill};
use crate::{
    Client, Error, Malformed, Operation, Subject,
    attempt::Attempt,
    pursuit::{self, Creation, Found, Proof, Pursued, Write},
};

/// A bill that is there for certain, once: PaySsam said so in its answer to the sending, or a reading
/// found it.
#[derive(Clone, Debug)]
pub struct ConfirmedSending {
    id: BillId,
    proof: Proof<SentBill, Bill>,
    attempts: Vec<Attempt>,
}

impl ConfirmedSending {
    /// The bill.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The link to it (`shortUrl`); `None` also when the answer was lost, for a reading does not tell
    /// it.
    pub fn short_url(&self) -> Result<Option<&str>, Malformed> {
        match &self.proof {
            Proof::Answer(sent) => sent.short_url(),
            Proof::Reading(_) => Ok(None),
        }
    }

    /// Whether a reading showed it, rather than the answer to a sending.
    pub fn confirmed_by_reading(&self) -> bool {
        self.proof.is_reading()
    }

    /// The bill as it was read, if that was the proof.
    pub fn reading(&self) -> Option<&Bill> {
        match &self.proof {
            Proof::Answer(_) => None,
            Proof::Reading(bill) => Some(bill),
        }
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

impl Bills<'_> {
    /// Sends a bill (청구서 발송) and finds out what became of it.
    ///
    /// If the outcome is unknown, the bill is read: found is success; not found, it is sent again with the
    /// same identifier. PaySsam takes an identifier once, so that there is one bill at most, however
    /// late an earlier sending arrives. The identifier must be new
    /// ([`BillId::generate`]): a bill that an earlier call sent under it can't be told from this one.
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client says how long and how often.
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam refused, and no sending of this call is in doubt. With
    ///   [`ResultCode::BILL_ID_USED`](crate::ResultCode::BILL_ID_USED) there is a bill of an earlier call under this identifier: read it.
    /// - [`Error::NotSent`]: no sending left this machine.
    /// - [`Error::OutcomeUnknown`]: it could not be found out in time. Call this again with the same
    ///   identifier: it does no harm. With [`Doubt::Contradiction`](crate::Doubt::Contradiction), the bill under this identifier has
    ///   another amount.
    pub async fn send_and_confirm(&self, send: Send) -> Result<ConfirmedSending, Error> {
        let Pursued {
            proof, attempts, ..
        } = pursuit::create(self.client, &send).await?;
        Ok(ConfirmedSending {
            id: send.bill_id().clone(),
            proof,
            attempts,
        })
    }
}

impl Write for Send {
    type Answer = SentBill;
    type Reading = Bill;

    const OPERATION: Operation = Operation::BillSend;
    const READING: Operation = Operation::BillRead;

    fn about(&self) -> Subject {
        self.bill_id().into()
    }

    async fn send(&self, client: &Client) -> Result<SentBill, Error> {
        client.bills().send_bill(self).await
    }

    async fn read(&self, client: &Client) -> Result<Bill, Error> {
        client.bills().read(self.bill_id()).await
    }

    fn state(bill: &Bill) -> Option<BillState> {
        Some(bill.state().clone())
    }
}

impl Creation for Send {
    fn find(&self, bill: &Bill) -> Found {
        match bill.approval().price() {
            Ok(Some(price)) if price != self.price() => Found::Another,
            _ => Found::This,
        }
    }
}
