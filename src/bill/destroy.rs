//! Destroying an unpaid bill (청구서 파기).

use super::{Bill, BillId, BillState, Bills};
use crate::{
    Client, Doubt, Error, Operation, Subject, Won,
    answer::{Fields, Names},
    attempt::Attempt,
    call::Call,
    pursuit::{self, Change, Stand, Write},
    signature::{self, Signature},
};

/// What the answer to a destruction may hold. The echoed `apiKey` is left behind.
const FIELDS: &Names<1> = &Names::new(["billId"]);

/// What is to be destroyed: a bill that is not paid.
///
/// The hash is of two parts, as the request has no phone: that of three parts, which the sending had,
/// is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Destroy {
    bill_id: BillId,
    price: Won,
}

impl Destroy {
    /// Destroys the bill `bill_id`, which was sent with `price`.
    pub fn new(bill_id: BillId, price: Won) -> Self {
        Destroy { bill_id, price }
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The amount that it was sent with.
    pub fn price(&self) -> Won {
        self.price
    }

    fn hash(&self) -> Signature {
        signature::sign(&self.bill_id, self.price)
    }
}

/// A bill that is destroyed for certain.
#[derive(Clone, Debug)]
pub struct ConfirmedDestruction {
    bill_id: BillId,
    already: bool,
    confirmed_by_reading: bool,
    attempts: Vec<Attempt>,
}

impl ConfirmedDestruction {
    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// Whether the bill provably was destroyed before: each destruction of this call was refused, and a
    /// reading showed the bill destroyed.
    pub fn already(&self) -> bool {
        self.already
    }

    /// Whether a reading showed it, rather than the answer to a destruction.
    pub fn confirmed_by_reading(&self) -> bool {
        self.confirmed_by_reading
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

impl Bills<'_> {
    /// Destroys an unpaid bill (청구서 파기), `POST /bill/destroy`: it can't be paid any more.
    ///
    /// Standing: reconstructed. Request, hash and answer were measured; the codes of its refusals are not
    /// known.
    ///
    /// The request is never made again once it may have left;
    /// [`destroy_and_confirm`](Bills::destroy_and_confirm) finds out what became of it.
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] [read](Bills::read) the bill before anything else: it may be
    /// destroyed, or be paid by now.
    pub async fn destroy(&self, destroy: Destroy) -> Result<(), Error> {
        self.send_destroy(&destroy).await
    }

    async fn send_destroy(&self, destroy: &Destroy) -> Result<(), Error> {
        self.client.check_runtime()?;
        let id = destroy.bill_id();
        let call = Call::new(Operation::BillDestroy, id, self.client);
        let request = call.request(
            "bill",
            &[
                ("billId", id.as_str().into()),
                ("price", destroy.price.to_string().as_str().into()),
                ("hash", destroy.hash().as_str().into()),
            ],
        )?;
        let send = || self.client.raw().send(&request);
        let doubts = |data: &Fields<1>| -> Option<Doubt> {
            data.doubt(|data| data.contradicts("billId", |echo| echo == id.as_str()))
        };
        call.make(FIELDS, send, doubts).await.map(drop)
    }

    /// Destroys an unpaid bill (청구서 파기) and finds out what became of it, as
    /// [`cancel_and_confirm`](Bills::cancel_and_confirm) does: by reading the bill, and by destroying it
    /// again only while a reading shows that it is unpaid.
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client says how long and how often.
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam refused, and a reading shows that the bill is not destroyed, such as
    ///   one that was paid meanwhile. Nothing changed.
    /// - [`Error::NotSent`]: no destruction left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: it could not be found out in time. Call this again later: it does no
    ///   harm.
    pub async fn destroy_and_confirm(
        &self,
        destroy: Destroy,
    ) -> Result<ConfirmedDestruction, Error> {
        let ended = pursuit::change(self.client, &destroy).await?;
        Ok(ConfirmedDestruction {
            bill_id: destroy.bill_id,
            already: ended.already,
            confirmed_by_reading: ended.proof.is_reading(),
            attempts: ended.attempts,
        })
    }
}

impl Write for Destroy {
    type Answer = ();
    type Reading = Bill;

    const OPERATION: Operation = Operation::BillDestroy;
    const READING: Operation = Operation::BillRead;

    fn about(&self) -> Subject {
        self.bill_id().into()
    }

    async fn send(&self, client: &Client) -> Result<(), Error> {
        client.bills().send_destroy(self).await
    }

    async fn read(&self, client: &Client) -> Result<Bill, Error> {
        client.bills().read(self.bill_id()).await
    }

    fn state(bill: &Bill) -> Option<BillState> {
        Some(bill.state().clone())
    }
}

impl Change for Destroy {
    fn stand(&self, bill: &Bill) -> Stand {
        match bill.state() {
            BillState::Unpaid => Stand::Before,
            BillState::Destroyed => Stand::After,
            BillState::Unknown(_) => Stand::Unclear,
            _ => Stand::Elsewhere,
        }
    }
}
