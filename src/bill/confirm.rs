//! Cancelling a bill until it is certain what became of it.

use std::fmt;

use super::{Bill, BillId, BillState, Bills, Cancel, Cancellation};
use crate::{
    Client, Error, KoreanTime, Malformed, Operation, Subject,
    attempt::Attempt,
    pursuit::{self, Change, Proof, Pursued, Stand, Write},
    written,
};
use serde::{Serialize, Serializer};

/// A bill that is cancelled for certain: PaySsam said so in its answer to the cancellation, or a
/// reading showed it.
///
/// serde writes `{"bill_id","approval_number","original_approval_number","cancelled_at","already",
/// "confirmed_by_reading"}`.
#[derive(Clone)]
pub struct ConfirmedCancellation {
    proof: Proof<Cancellation, Bill>,
    already: bool,
    attempts: Vec<Attempt>,
}

impl ConfirmedCancellation {
    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        match &self.proof {
            Proof::Answer(done) => done.bill_id(),
            Proof::Reading(bill) => bill.id(),
        }
    }

    /// Whether the bill provably was cancelled before: each cancellation of this call was refused or
    /// none was sent, and a reading showed the bill cancelled.
    ///
    /// If an answer was lost on the way, nobody can tell whether that cancellation was the one that
    /// took, and this is `false`. With [`Cancel::confirm_first`] the bill is read before, so that it is
    /// known in any case.
    pub fn already(&self) -> bool {
        self.already
    }

    /// Whether a reading showed it, rather than the answer to a cancellation.
    pub fn confirmed_by_reading(&self) -> bool {
        self.proof.is_reading()
    }

    /// The answer to the cancellation that took, unless it was lost.
    pub fn answer(&self) -> Option<&Cancellation> {
        match &self.proof {
            Proof::Answer(done) => Some(done),
            Proof::Reading(_) => None,
        }
    }

    /// The bill as it was read, if that was the proof.
    pub fn reading(&self) -> Option<&Bill> {
        match &self.proof {
            Proof::Answer(_) => None,
            Proof::Reading(bill) => Some(bill),
        }
    }

    /// The approval number of the cancellation (`apprNum`).
    pub fn approval_number(&self) -> Result<Option<&str>, Malformed> {
        match &self.proof {
            Proof::Answer(done) => done.approval_number(),
            Proof::Reading(bill) => bill.approval().approval_number(),
        }
    }

    /// The approval number of the payment that was cancelled (`apprOriginNum`).
    pub fn original_approval_number(&self) -> Result<Option<&str>, Malformed> {
        match &self.proof {
            Proof::Answer(done) => done.original_approval_number(),
            Proof::Reading(bill) => bill.approval().original_approval_number(),
        }
    }

    /// When it was cancelled (`apprCancelDt` of the answer, `apprDt` of the reading).
    pub fn cancelled_at(&self) -> Result<Option<KoreanTime>, Malformed> {
        match &self.proof {
            Proof::Answer(done) => done.cancelled_at(),
            Proof::Reading(bill) => bill.approval().approved_at(),
        }
    }

    /// The requests that it took, the first one first, with what each met.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Any field of the proof as it came, by the name that PaySsam gives it.
    ///
    /// It may be a secret: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        match &self.proof {
            Proof::Answer(done) => done.raw(field),
            Proof::Reading(bill) => bill.approval().raw(field),
        }
    }
}

impl Bills<'_> {
    /// Cancels a paid bill (청구서 결제 취소) and finds out what became of it.
    ///
    /// If the outcome of the cancellation is unknown, the bill is read, again and again with growing
    /// pauses, until its state decides: cancelled is success; still paid shows that the cancellation did
    /// not take, and it is sent again. A refusal is not believed either before a reading shows that
    /// the bill is not cancelled, for an earlier cancellation may have arrived late. A bill that was
    /// cancelled before is success too ([`already`](ConfirmedCancellation::already)).
    ///
    /// The [`ConfirmPolicy`](crate::ConfirmPolicy) of the client says how long and how often.
    ///
    /// # Errors
    ///
    /// - [`Error::Rejected`]: PaySsam refused, and a reading shows that the bill is not cancelled (or
    ///   that there is none). Nothing changed.
    /// - [`Error::NotSent`]: no cancellation left this machine. Nothing changed.
    /// - [`Error::OutcomeUnknown`]: it could not be found out in time; [`Error::attempts`] tells what
    ///   was tried. Call this again later: it does no harm.
    /// - [`Error::InvalidInput`]: with [`Cancel::confirm_first`], the bill is not paid or was paid with
    ///   another amount. Nothing changed.
    ///
    /// # Dropped futures
    ///
    /// If the future is dropped, nothing more is sent, and the outcome is unknown. Call this again.
    pub async fn cancel_and_confirm(&self, cancel: Cancel) -> Result<ConfirmedCancellation, Error> {
        let Pursued {
            proof,
            already,
            attempts,
        } = pursuit::change(self.client, &cancel).await?;
        Ok(ConfirmedCancellation {
            proof,
            already,
            attempts,
        })
    }
}

impl Write for Cancel {
    type Answer = Cancellation;
    type Reading = Bill;

    const OPERATION: Operation = Operation::BillCancel;
    const READING: Operation = Operation::BillRead;

    fn about(&self) -> Subject {
        self.bill_id().into()
    }

    async fn send(&self, client: &Client) -> Result<Cancellation, Error> {
        client.bills().send_cancel(self).await
    }

    async fn read(&self, client: &Client) -> Result<Bill, Error> {
        client.bills().read(self.bill_id()).await
    }

    fn state(bill: &Bill) -> Option<BillState> {
        Some(bill.state().clone())
    }
}

impl Change for Cancel {
    fn stand(&self, bill: &Bill) -> Stand {
        match bill.state() {
            BillState::Paid => Stand::Before,
            BillState::Cancelled => Stand::After,
            BillState::Unknown(_) => Stand::Unclear,
            _ => Stand::Elsewhere,
        }
    }

    fn check_first(&self) -> Option<impl Fn(&Bill) -> Result<(), Error>> {
        self.confirms_first()
            .then_some(|bill: &Bill| self.check(bill))
    }
}

/// A confirmed cancellation as it is logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    bill_id: &'a str,
    approval_number: Option<&'a str>,
    original_approval_number: Option<&'a str>,
    /// RFC 3339 with the offset of Korea, or as it came when it is malformed.
    cancelled_at: Option<String>,
    /// Whether the bill provably was cancelled before.
    already: bool,
    /// Whether a reading showed it, rather than the answer to a cancellation.
    confirmed_by_reading: bool,
}

impl ConfirmedCancellation {
    fn written(&self) -> Written<'_> {
        Written {
            bill_id: self.bill_id().as_str(),
            approval_number: self.raw("apprNum"),
            original_approval_number: self.raw("apprOriginNum"),
            cancelled_at: written::time(self.cancelled_at(), |field| self.raw(field)),
            already: self.already,
            confirmed_by_reading: self.confirmed_by_reading(),
        }
    }
}

impl fmt::Debug for ConfirmedCancellation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("ConfirmedCancellation", self, formatter)
    }
}

impl Serialize for ConfirmedCancellation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ConfirmedCancellation {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ConfirmedCancellation".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
