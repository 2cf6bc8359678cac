//! Receives callbacks: each is a hint to read a bill, and nothing else.

use payssam::callback::{ApprovalCallback, Response, acknowledge, retry_later};

use crate::{
    error::Error,
    event::EventKind,
    ledger::{Callbacks, Ledger},
    merchant::Merchant,
    step::step,
    store::{bills, events, hints},
};

impl Ledger {
    /// Receives a callback for this merchant, and returns what to respond. Nothing of it is believed: that it came is
    /// stored, in a file of its own, and the [worker](Ledger::run) reads the bill, now or when PaySsam can be reached
    /// again. However many come for a bill, one row is stored.
    ///
    /// `0000` is returned only after the commit. The response is "retry" for a body that is no callback, and while
    /// too many callbacks are pending of bills that nobody knows
    /// ([`unknown_callbacks`](crate::LedgerBuilder::unknown_callbacks)).
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
            // Whoever locks the books does not hold up a callback: the bill counts as one that nobody knows.
            let mut ids = bills::meant(books, merchant, id).unwrap_or_default();
            let mut is_known = !ids.is_empty();
            if !is_known {
                ids.push(id.clone());
                for kind in [
                    EventKind::Cancelled,
                    EventKind::Destroyed,
                    EventKind::DestroyedElsewhere,
                ] {
                    // It was purged, and nothing more can happen to it.
                    if events::has(books, merchant, id, kind).unwrap_or(false) {
                        return Ok(true);
                    }
                }
                is_known = events::has_any(books, merchant, id).unwrap_or(false);
            }
            Ok(hints::store(file, merchant, &ids, is_known, now, most)?)
        })?;
        step!("hint");
        if !stored {
            return Ok(retry_later());
        }
        self.inner.wake.notify_waiters();
        Ok(acknowledge())
    }
}
