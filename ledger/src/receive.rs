//! Receives callbacks: each is a hint to read a bill, and nothing else.

use payssam::{
    BillId,
    callback::{ApprovalCallback, Response, acknowledge, retry_later},
};
use rusqlite::Connection;

use crate::{
    error::Error,
    event::EventKind,
    ledger::{Callbacks, Ledger},
    merchant::Merchant,
    step::step,
    store::{
        bills::{self, KnownState},
        columns::Millis,
        events,
        hints::{self, Whose},
    },
};

/// How long after a read of a paid bill a callback leads to another: anybody can post callbacks.
const AGAIN: Millis = 60_000;

impl Ledger {
    /// Receives a callback for this merchant, and returns what to respond. Nothing of it is believed: that it came is
    /// stored, in a file of its own, and the [worker](Ledger::run) reads the bill, now or when PaySsam can be reached
    /// again. However many come for a bill, one row is stored.
    ///
    /// `0000` is returned only after the commit. The response is "retry" for a body that is no callback, and while
    /// too many callbacks are pending of bills that nobody knows
    /// ([`unknown_callbacks`](crate::LedgerBuilder::unknown_callbacks)). They are verified by a worker that has a client
    /// for the merchant, and stay pending until there is one.
    ///
    /// It writes to the disk on this thread, within milliseconds, however long a handler runs; a file that another
    /// process locks is waited for, for 5 seconds. Choose the merchant by the path of the callback's address, and
    /// put a secret into that path ([`payssam::callback`]).
    ///
    /// # Errors
    ///
    /// [`Error::Database`] when it cannot be stored. Respond with [`Error::response`] then.
    pub fn receive(&self, merchant: &Merchant, body: impl AsRef<[u8]>) -> Result<Response, Error> {
        let Ok(callback) = ApprovalCallback::parse(body.as_ref()) else {
            return Ok(retry_later());
        };
        let id = callback.bill_id();
        let (now, most) = (self.inner.now(), self.inner.settings.unknown_callbacks);
        step!("before hint");
        let stored = self.inner.callbacks(|Callbacks { file, books }| {
            // Whoever locks the books does not hold up a callback: nobody knows the bill, then.
            let hinted =
                hinted(books, merchant, id, now).unwrap_or_else(|_| Hinted::unknown(id, now));
            Ok(hints::store(
                file,
                merchant,
                &hinted.bills,
                hinted.whose,
                now,
                most,
            )?)
        })?;
        step!("hint");
        if !stored {
            return Ok(retry_later());
        }
        self.inner.wake.notify_waiters();
        Ok(acknowledge())
    }
}

/// What a callback hints at.
struct Hinted {
    /// The bills, and when a read of each may follow. None when nothing more can happen to any.
    bills: Vec<(BillId, Millis)>,
    whose: Whose,
}

impl Hinted {
    fn unknown(id: &BillId, now: Millis) -> Self {
        Hinted {
            bills: vec![(id.clone(), now)],
            whose: Whose::Stranger,
        }
    }
}

fn hinted(
    books: &Connection,
    merchant: &Merchant,
    id: &BillId,
    now: Millis,
) -> rusqlite::Result<Hinted> {
    let meant = bills::meant(books, merchant, id)?;
    if !meant.is_empty() {
        let readable = meant.into_iter().filter_map(|bill| {
            let read_from = match bill.state {
                Some(KnownState::Cancelled | KnownState::Destroyed) => return None,
                // The payment is known, and nobody needs to hurry.
                Some(KnownState::Paid | KnownState::Mismatched) => {
                    let again = bill.read_at.map_or(now, |at| at.saturating_add(AGAIN));
                    now.max(again.min(now.saturating_add(AGAIN)))
                }
                Some(KnownState::Unpaid) | None => now,
            };
            Some((bill.bill_id, read_from))
        });
        return Ok(Hinted {
            bills: readable.collect(),
            whose: Whose::KnownBill,
        });
    }
    // It may have been purged.
    for kind in [
        EventKind::Cancelled,
        EventKind::Destroyed,
        EventKind::DestroyedElsewhere,
    ] {
        if events::has(books, merchant, id, kind)? {
            return Ok(Hinted {
                bills: Vec::new(),
                whose: Whose::KnownBill,
            });
        }
    }
    let whose = if events::has_any(books, merchant, id)? {
        Whose::KnownBill
    } else if bills::has_any(books, merchant)? || events::has_any_of(books, merchant)? {
        Whose::KnownMerchant
    } else {
        Whose::Stranger
    };
    Ok(Hinted {
        whose,
        ..Hinted::unknown(id, now)
    })
}
