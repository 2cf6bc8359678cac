//! What is open, what waits for a person, and what is forgotten.

use std::time::Duration;

use payssam::BillId;
use serde::Serialize;

use crate::{
    error::Error,
    event::{Event, Unbooked, as_text},
    intent::Intent,
    ledger::Ledger,
    merchant::Merchant,
    schedule,
    store::{bills, columns, events, hints, intents, purge},
};

/// How many rows a list has at most.
const LISTED: usize = 1_000;

/// What a ledger has not finished. serde writes all of it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Open {
    /// When this was looked up, by the clock of the ledger: the age of what follows is counted from here.
    #[serde(serialize_with = "as_text")]
    pub at: jiff::Timestamp,
    /// Intents without a certain outcome, 1,000 at most; those that wait for a person come first.
    pub intents: Vec<Intent>,
    /// Events that are not booked, 1,000 at most, the oldest first.
    pub events: Vec<Unbooked>,
    /// How many intents are open.
    pub open_intents: u64,
    /// How many events are not booked.
    pub unbooked_events: u64,
    /// How many intents and events wait for a person.
    pub waiting_for_person: u64,
    /// How many bills have callbacks that are not verified yet.
    pub pending_callbacks: u64,
    /// How many bills are due to be read.
    pub due_reads: u64,
}

impl Open {
    /// Whether anything waits for a person.
    pub fn waits_for_person(&self) -> bool {
        self.waiting_for_person > 0
    }
}

/// What a ledger knows of one bill or receipt. serde writes all of it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Shown {
    /// The state that the last read showed; `None` before the first, and for receipts.
    pub state: Option<&'static str>,
    /// Your own reference for the bill.
    pub reference: Option<Box<str>>,
    /// When it was read last.
    #[serde(serialize_with = "as_optional_text")]
    pub read_at: Option<jiff::Timestamp>,
    /// When it is read next, unless a callback comes.
    #[serde(serialize_with = "as_optional_text")]
    pub next_read_at: Option<jiff::Timestamp>,
    /// What was asked for, the oldest first.
    pub intents: Vec<Intent>,
    /// What happened, in order.
    pub events: Vec<ShownEvent>,
}

/// An event of a bill.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ShownEvent {
    /// The event. Once it is purged, only its kind is left.
    #[serde(flatten)]
    pub event: Event,
    /// Whether it is booked.
    pub is_booked: bool,
}

/// How much was purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Purged {
    /// Bills.
    pub bills: usize,
    /// Intents.
    pub intents: usize,
    /// Events whose details were erased.
    pub events: usize,
}

fn as_optional_text<S: serde::Serializer>(
    time: &Option<jiff::Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.as_ref().map(ToString::to_string).serialize(serializer)
}

impl Ledger {
    /// What is open, and what waits for a person. It looks at the database only.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub async fn list(&self) -> Result<Open, Error> {
        let now = self.inner.now();
        let pending_callbacks = self
            .inner
            .with_callbacks(|callbacks| Ok(hints::count(&callbacks.file)?))
            .await?;
        self.inner
            .books(move |books| {
                let (open_intents, waiting_intents) = intents::count(books)?;
                let (unbooked_events, waiting_events) = events::count(books)?;
                Ok(Open {
                    at: columns::time(now),
                    intents: intents::open(books, LISTED)?,
                    events: events::unbooked(books, LISTED)?,
                    open_intents,
                    unbooked_events,
                    waiting_for_person: waiting_intents + waiting_events,
                    pending_callbacks,
                    due_reads: bills::count_due(books, now)?,
                })
            })
            .await
    }

    /// What is known of a bill or a receipt; `None` when nothing is.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub async fn show(
        &self,
        merchant: &Merchant,
        bill_id: &BillId,
    ) -> Result<Option<Shown>, Error> {
        let (merchant, id) = (merchant.clone(), bill_id.clone());
        self.inner
            .books(move |books| {
                let bill = bills::get(books, &merchant, &id)?;
                let intents = intents::of_bill(books, &merchant, &id)?;
                let events = events::of_bill(books, &merchant, &id)?;
                if bill.is_none() && intents.is_empty() && events.is_empty() {
                    return Ok(None);
                }
                let bill = bill.as_ref();
                Ok(Some(Shown {
                    state: bill.and_then(|it| it.state).map(|state| state.as_str()),
                    reference: bill.and_then(|it| it.reference.clone()),
                    read_at: bill.and_then(|it| it.read_at).map(columns::time),
                    next_read_at: bill.and_then(|it| it.next_read_at).map(columns::time),
                    intents,
                    events: events
                        .into_iter()
                        .map(|(event, is_booked)| ShownEvent { event, is_booked })
                        .collect(),
                }))
            })
            .await
    }

    /// Lets what waits for a person at this bill be tried again: an uncertain intent is resumed for another 24 hours,
    /// and an event gets its attempts anew. Returns how many there were.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub async fn retry(&self, merchant: &Merchant, bill_id: &BillId) -> Result<usize, Error> {
        let (merchant, id, now) = (merchant.clone(), bill_id.clone(), self.inner.now());
        let count = self.inner.write(move |transaction| {
            Ok(intents::retry(transaction, &merchant, &id, now)?
                + events::retry(transaction, &merchant, &id, now)?)
        });
        let count = count.await?;
        self.inner.wake.notify_waiters();
        Ok(count)
    }

    /// Forgets the bills, intents and details of events that were over for longer than this. What is open, unbooked or
    /// still watched stays. That an event was booked is known for good, so that an old callback never books again.
    ///
    /// # Errors
    ///
    /// [`Error::Database`].
    pub async fn purge(&self, older_than: Duration) -> Result<Purged, Error> {
        let before = self
            .inner
            .now()
            .saturating_sub(schedule::millis(older_than));
        let counts = self
            .inner
            .write(move |transaction| Ok(purge::purge(transaction, before)?))
            .await?;
        self.inner.truncate().await?;
        Ok(Purged {
            bills: counts.bills,
            intents: counts.intents,
            events: counts.events,
        })
    }
}
