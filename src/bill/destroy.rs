//! Destroys an unpaid bill (청구서 파기).

use serde::{Deserialize, Serialize};

use super::{
    bills::Bills,
    read::{Bill, ReadBill},
};
use crate::{
    endpoint::signature::{self, Signature},
    endpoint::{Body, Endpoint, Fields, Names, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    reconcile::{self, Change, Confirmed, Confirming, Stand, Write},
    redact::view::view,
    value::{BillId, BillState, Won},
};

/// The request to destroy an unpaid bill.
///
/// Its hash has two parts, because the request has no phone; a hash of three parts, as for a send, is
/// rejected (observed). serde writes and reads it whole, `{"bill_id","price"}`.
#[doc(alias = "파기")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct DestroyBill {
    bill_id: BillId,
    price: Won,
}

impl DestroyBill {
    /// Destroys the bill `bill_id`, which was sent with `price`.
    pub fn new(bill_id: BillId, price: Won) -> Self {
        DestroyBill { bill_id, price }
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The amount that it was sent with.
    pub fn price(&self) -> Won {
        self.price
    }
}

response_type! {
    /// A bill that PaySsam destroyed.
    ///
    /// serde writes `{"bill_id"}`.
    pub struct DestroyedBill, "DestroyedBill" of BillId, {}
    echoed { "billId", }
}

impl Endpoint for DestroyBill {
    type Response = DestroyedBill;

    const OPERATION: Operation = Operation::BillDestroy;
    const NAMES: &'static Names = DestroyedBill::NAMES;

    fn subject(&self) -> Subject {
        Subject::Bill(self.bill_id.clone())
    }

    fn hash(&self) -> Option<Signature> {
        Some(signature::sign(&self.bill_id, self.price))
    }

    fn body<R>(&self, hash: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Inner(
            "bill",
            &[
                ("billId", self.bill_id.as_str().into()),
                ("price", self.price.to_string().as_str().into()),
                ("hash", hash.into()),
            ],
        ))
    }

    fn response(&self, fields: Fields) -> DestroyedBill {
        DestroyedBill::new(&self.bill_id, fields)
    }
}

impl Bills {
    /// Destroys an unpaid bill (청구서 파기), `POST /bill/destroy`, so that nobody can pay it any more.
    ///
    /// Reconstructed: request, hash and response were observed; the codes of its rejections are unknown.
    ///
    /// The request is never retried once it may have left;
    /// [`destroy_and_confirm`](Bills::destroy_and_confirm) also reconciles an unknown outcome.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{DestroyBill, Won};
    ///
    /// let destroy = DestroyBill::new("2024-0001".parse()?, Won::new(45_000)?);
    /// client.bills().destroy(&destroy).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// After [`Error::OutcomeUnknown`] [read](Bills::read) the bill before anything else: it may be
    /// destroyed, or be paid by now.
    #[doc(alias = "파기")]
    pub async fn destroy(&self, destroy: &DestroyBill) -> Result<DestroyedBill, Error> {
        self.client.execute(destroy).await
    }

    /// Destroys an unpaid bill (청구서 파기) and confirms the outcome, as
    /// [`cancel_and_confirm`](Bills::cancel_and_confirm) does: it reads the bill, and sends the request again
    /// only while a read shows that the bill is unpaid.
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client limits how long and how often it tries.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{DestroyBill, Won};
    ///
    /// let destroy = DestroyBill::new("2024-0001".parse()?, Won::new(45_000)?);
    /// let destroyed = client.bills().destroy_and_confirm(&destroy).await?;
    /// println!("destroyed before: {}", destroyed.was_already_destroyed());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam rejected it, the outcome of no request is unknown, and reads show for the
    ///   [settling time](crate::ConfirmPolicy::settling) that the bill is not destroyed; or it is one that
    ///   was paid meanwhile. Nothing changed.
    /// - [`Error::NotSent`]: no request left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: the outcome was still unknown at the deadline. It is safe to call this
    ///   again later.
    #[doc(alias = "파기")]
    pub fn destroy_and_confirm<'r>(
        &self,
        destroy: &'r DestroyBill,
    ) -> Confirming<'r, ConfirmedDestroy> {
        let client = self.client.clone();
        Confirming::new(move |resuming| async move {
            reconcile::change(&client, destroy, resuming).await
        })
    }
}

impl Write for DestroyBill {
    type Read = ReadBill;

    fn read(&self) -> ReadBill {
        ReadBill::deciding_money(self.bill_id.clone())
    }
}

impl Change for DestroyBill {
    fn stand(&self, bill: &Bill) -> Stand {
        match bill.state() {
            BillState::Unpaid => Stand::Before,
            BillState::Destroyed => Stand::After,
            BillState::Unknown(_) => Stand::Unknown,
            state @ (BillState::Paid | BillState::Cancelled) => Stand::Never(format!(
                "the bill is {state}, and only an unpaid bill can be destroyed"
            )),
        }
    }
}

/// A bill that is certainly destroyed.
///
/// serde writes `{"bill_id","was_already_destroyed","confirmed_by_read"}`.
pub type ConfirmedDestroy = Confirmed<DestroyedBill, Bill>;

impl Confirmed<DestroyedBill, Bill> {
    /// Whether the bill was destroyed before: each request of this call was rejected, and no read of this call
    /// showed it undestroyed before one showed it destroyed.
    pub fn was_already_destroyed(&self) -> bool {
        self.was_already
    }
}

view! {
    Confirmed<DestroyedBill, Bill>, "ConfirmedDestroy", it, {
        bill_id: &'a BillId = &it.bill_id,
        was_already_destroyed: bool = it.was_already,
        confirmed_by_read: bool = it.confirmed_by_read(),
    }
}
