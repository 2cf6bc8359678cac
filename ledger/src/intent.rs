//! What was asked of PaySsam, and what became of it.

use std::fmt;

use jiff::Timestamp;
use payssam::{BillId, Won};
use serde::{Serialize, Serializer};

use crate::{
    act::{Act, names},
    event::as_text,
    merchant::Merchant,
};

names! {
    /// How far an intent is.
    pub enum IntentState {
        /// It is written down and was never sent. The worker sends it until its time is over.
        Recorded = "recorded",
        /// The request may have left. It is settled by resuming, and never given up by time alone.
        Sending = "sending",
        /// It certainly took effect.
        Done = "done",
        /// PaySsam certainly rejected it: nothing changed.
        Rejected = "rejected",
        /// It certainly never left, and never will.
        NotSent = "not_sent",
        /// Nobody can tell, and no read ever will: a resend whose response was lost. It is never repeated
        /// automatically.
        Unknown = "unknown",
        /// It was uncertain for 24 hours. [`Ledger::retry`](crate::Ledger::retry) resumes it.
        WaitsForPerson = "waits_for_person",
    }
}

impl IntentState {
    /// Whether the ledger still works on it, or a person must.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            IntentState::Recorded | IntentState::Sending | IntentState::WaitsForPerson
        )
    }
}

/// What was asked of PaySsam, and what became of it. Neither `Debug` nor serde shows the link to a bill.
#[derive(Clone, Serialize)]
#[must_use = "its state says whether it took effect"]
pub struct Intent {
    #[serde(flatten)]
    pub(crate) merchant: Merchant,
    pub(crate) bill_id: BillId,
    pub(crate) act: Act,
    pub(crate) state: IntentState,
    pub(crate) price: Option<Won>,
    pub(crate) reference: Option<Box<str>>,
    #[serde(serialize_with = "as_text")]
    pub(crate) recorded_at: Timestamp,
    /// The result code, or what else rejected it.
    pub(crate) result: Option<Box<str>>,
    pub(crate) was_already: bool,
    /// Why the last attempt of this call did not end it. Not stored.
    #[serde(serialize_with = "error_text", skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<payssam::Error>,
    /// Not stored, and not serialised: whoever has it can see the bill.
    #[serde(skip)]
    pub(crate) short_url: Option<Box<str>>,
}

fn error_text<S: Serializer>(
    error: &Option<payssam::Error>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&error.as_ref().map(ToString::to_string).unwrap_or_default())
}

impl fmt::Debug for Intent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Intent")
            .field("merchant", &self.merchant)
            .field("bill_id", &self.bill_id)
            .field("act", &self.act)
            .field("state", &self.state)
            .field("price", &self.price)
            .field("reference", &self.reference)
            .field("result", &self.result)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Intent {
    /// For whom.
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// The bill or the receipt.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// What was asked for.
    pub fn act(&self) -> Act {
        self.act
    }

    /// How far it is. Everything but [`IntentState::Recorded`], [`IntentState::Sending`] and
    /// [`IntentState::WaitsForPerson`] is final.
    pub fn state(&self) -> IntentState {
        self.state
    }

    /// The amount in won; `None` for a resend.
    pub fn price(&self) -> Option<Won> {
        self.price
    }

    /// Your own reference.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// When it was recorded, by the clock of the ledger.
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// Why it was rejected or not sent: PaySsam's result code, or the state of the bill (`state:destroyed`).
    pub fn result(&self) -> Option<&str> {
        self.result.as_deref()
    }

    /// Whether it had certainly taken effect before, by somebody else: a bill that was cancelled elsewhere.
    pub fn was_already(&self) -> bool {
        self.was_already
    }

    /// Why the attempt of this very call did not succeed, if it did not. It is not stored.
    pub fn error(&self) -> Option<&payssam::Error> {
        self.error.as_ref()
    }

    /// The link to a bill that this very call sent (`shortUrl`). It is not stored: whoever has it can see the bill.
    pub fn short_url(&self) -> Option<&str> {
        self.short_url.as_deref()
    }
}
