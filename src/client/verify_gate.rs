//! Lets only so many callbacks cause a read.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use crate::{policy::VerifyLimit, value::BillId};

const MINUTE: Duration = Duration::from_secs(60);

/// Counts the reads of the last minute, and those that are on their way.
pub(crate) struct VerifyGate {
    limit: VerifyLimit,
    at_once: Semaphore,
    hasher: RandomState,
    recent: Mutex<Recent>,
}

/// The reads of the last minute. A bill is remembered by a hash that nobody else can foresee.
#[derive(Default)]
struct Recent {
    reads: VecDeque<(Instant, u64)>,
    of_bill: HashMap<u64, usize>,
}

/// A minute has had its reads: of this bill, or of all bills.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Full {
    ThisBill,
    AllBills,
}

impl VerifyGate {
    pub(super) fn new(limit: VerifyLimit) -> Self {
        VerifyGate {
            limit,
            at_once: Semaphore::new(limit.at_once.clamp(1, Semaphore::MAX_PERMITS)),
            hasher: RandomState::new(),
            recent: Mutex::default(),
        }
    }

    pub(crate) fn limit(&self) -> VerifyLimit {
        self.limit
    }

    /// Counts a read of this bill, if the last minute leaves room for it.
    pub(crate) fn admit(&self, merchant: (&str, &str), bill_id: &BillId) -> Result<(), Full> {
        let bill = self.hasher.hash_one((merchant, bill_id.as_str()));
        let now = Instant::now();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.forget(now);
        if recent.of_bill.get(&bill).copied().unwrap_or_default() >= self.limit.per_bill {
            return Err(Full::ThisBill);
        }
        if recent.reads.len() >= self.limit.per_minute {
            return Err(Full::AllBills);
        }
        recent.reads.push_back((now, bill));
        *recent.of_bill.entry(bill).or_default() += 1;
        Ok(())
    }

    /// Waits until fewer than the most reads are on their way.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.at_once.acquire().await.ok()
    }
}

impl Recent {
    fn forget(&mut self, now: Instant) {
        while let Some(&(read_at, bill)) = self.reads.front() {
            if now.duration_since(read_at) < MINUTE {
                return;
            }
            self.reads.pop_front();
            if let Some(count) = self.of_bill.get_mut(&bill) {
                *count -= 1;
                if *count == 0 {
                    self.of_bill.remove(&bill);
                }
            }
        }
    }
}
