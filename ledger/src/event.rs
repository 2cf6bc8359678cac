//! What happened to a bill, for the merchant's own books.

use payssam::{BillId, KoreanTime, Won};
use serde::{Serialize, Serializer};

use crate::{act::names, merchant::Merchant};

names! {
    /// What happened to a bill. Each kind happens once to a bill.
    pub enum EventKind {
        /// It was asked of this ledger, and certainly exists. [`by_us`](Event::by_us) is `false` if it was there before.
        Sent = "sent",
        /// It was paid with the amount that was expected.
        Paid = "paid",
        /// It was paid, and the money went back in full.
        Cancelled = "cancelled",
        /// It was destroyed by this ledger: nobody can pay it any more.
        Destroyed = "destroyed",
        /// It was destroyed by somebody else. It may have been paid on site (현장납부, observed): a read shows none
        /// of that, so it does not say that nobody paid.
        DestroyedElsewhere = "destroyed_elsewhere",
        /// It reads as paid with another amount than was expected, or in a state that cannot follow the one before.
        /// Or its state or its amount could not be read for hours, and it may have been paid. Nothing is booked for it:
        /// look at the bill. There is one for each bill; what differs later is a warning in the log.
        Mismatch = "mismatch",
    }
}

/// Something that happened to a bill, as a read or PaySsam's own response to a request proved it. Nothing of a
/// callback is in it.
///
/// Member, merchant, bill id and kind identify it. serde writes all of its fields.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    #[serde(skip)]
    pub(crate) number: i64,
    #[serde(flatten)]
    pub(crate) merchant: Merchant,
    pub(crate) bill_id: BillId,
    pub(crate) kind: EventKind,
    pub(crate) amount: Option<Won>,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) happened_at: Option<KoreanTime>,
    pub(crate) approval_number: Option<Box<str>>,
    pub(crate) by_us: Option<bool>,
    pub(crate) payment_booked: bool,
    pub(crate) attempt: u32,
}

impl Event {
    /// For whom the bill is.
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// The bill.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// What happened.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// The amount in won: that of the bill when it was sent or destroyed, else the one that was read. `None` when
    /// neither is known.
    pub fn amount(&self) -> Option<Won> {
        self.amount
    }

    /// Your own reference, from the intent or from [`watch`](crate::Ledger::watch).
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// When it was paid or cancelled, as it was read. It may be missing even for a payment.
    pub fn happened_at(&self) -> Option<KoreanTime> {
        self.happened_at
    }

    /// The approval number (`apprNum`), as it was read. It is evidence, and identifies nothing.
    pub fn approval_number(&self) -> Option<&str> {
        self.approval_number.as_deref()
    }

    /// Whether a request of this ledger may have done it; `None` for what nobody does by request, such as a payment.
    pub fn by_us(&self) -> Option<bool> {
        self.by_us
    }

    /// Whether the payment of this bill was handed to the handler and committed. A cancellation of a payment that
    /// was never booked needs no booking of its own.
    pub fn payment_booked(&self) -> bool {
        self.payment_booked
    }

    /// How often a handler failed for it before. An attempt that died with its process is not counted, so a handler
    /// that does something outside of its transaction may have done it already even if this is 0.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }
}

/// An event that is not booked yet. serde writes the event, `recorded_at` and `waits_for_person`.
#[derive(Clone, Debug, Serialize)]
pub struct Unbooked {
    /// The event.
    #[serde(flatten)]
    pub event: Event,
    /// When it was recorded, by the clock of the ledger.
    #[serde(serialize_with = "as_text")]
    pub recorded_at: jiff::Timestamp,
    /// Whether its handler failed so often that it waits for a person ([`Ledger::retry`](crate::Ledger::retry)).
    pub waits_for_person: bool,
}

pub(crate) fn as_text<S: Serializer>(
    time: &jiff::Timestamp,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}
