//! Remembers in memory which payments were booked.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::seen::{Claim, Claimed, DEFAULT_LEASE, Seen};
use crate::bill::PaymentKey;

/// Remembers until the process ends: for tests, and where the booking itself rejects duplicates. It grows by
/// each payment.
#[derive(Debug)]
pub struct SeenInMemory {
    entries: Mutex<HashMap<PaymentKey, Entry>>,
    lease: Duration,
}

/// What is known of one payment.
#[derive(Debug)]
struct Entry {
    token: i64,
    stand: Stand,
}

#[derive(Debug)]
enum Stand {
    Free,
    /// Claimed until then; `None` for ever.
    Claimed(Option<Instant>),
    Booked,
}

impl Stand {
    fn claimed(lease: Duration) -> Self {
        Stand::Claimed(Instant::now().checked_add(lease))
    }

    fn is_live(&self) -> bool {
        match self {
            Stand::Claimed(end) => end.is_none_or(|end| Instant::now() < end),
            Stand::Free | Stand::Booked => false,
        }
    }
}

impl Default for SeenInMemory {
    fn default() -> Self {
        SeenInMemory {
            entries: Mutex::default(),
            lease: DEFAULT_LEASE,
        }
    }
}

impl SeenInMemory {
    /// An empty store, with leases of 60 seconds.
    pub fn new() -> Self {
        SeenInMemory::default()
    }

    /// Sets how long the claims last that [`book_once`](super::book_once) makes and renews.
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<PaymentKey, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the entry of a claim, if that is the latest claim.
    fn change<T>(&self, claim: &Claim, change: impl FnOnce(&mut Stand) -> T) -> Option<T> {
        let mut entries = self.entries();
        let entry = entries.get_mut(claim.key())?;
        (entry.token == claim.token()).then(|| change(&mut entry.stand))
    }
}

impl Seen for SeenInMemory {
    type Error = Infallible;

    fn lease(&self) -> Duration {
        self.lease
    }

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed, Infallible> {
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_insert(Entry {
            token: 0,
            stand: Stand::Free,
        });
        Ok(match entry.stand {
            Stand::Booked => Claimed::Booked,
            Stand::Claimed(_) if entry.stand.is_live() => Claimed::InProgress,
            Stand::Claimed(_) | Stand::Free => {
                entry.token += 1;
                entry.stand = Stand::claimed(lease);
                Claimed::Yours(Claim::new(key.clone(), entry.token))
            }
        })
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, Infallible> {
        let renewed = self.change(claim, |stand| {
            let is_live = stand.is_live();
            if is_live {
                *stand = Stand::claimed(lease);
            }
            is_live
        });
        Ok(renewed.unwrap_or_default())
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool, Infallible> {
        let marked = self.change(claim, |stand| {
            if stand.is_live() {
                *stand = Stand::Booked;
            }
            matches!(stand, Stand::Booked)
        });
        Ok(marked.unwrap_or_default())
    }

    async fn release(&self, claim: &Claim) -> Result<(), Infallible> {
        self.change(claim, |stand| {
            if let Stand::Claimed(_) = stand {
                *stand = Stand::Free;
            }
        });
        Ok(())
    }
}
