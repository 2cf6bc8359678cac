//! The clock of a ledger.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};

use jiff::Timestamp;

/// What tells a [`Ledger`](crate::Ledger) the time: when a bill is read next, when an intent is too old.
///
/// The rate of requests and `Retry-After` are PaySsam's own time, and are measured by tokio's clock.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time.
    fn now(&self) -> Timestamp;

    /// How long the worker waits before it looks at the time, and for what other processes wrote, once more.
    fn look_again(&self) -> Duration {
        Duration::from_millis(500)
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is advanced, so that a month in a test takes a second. Clones share the time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Starts at this time.
    pub fn new(now: Timestamp) -> Self {
        ManualClock(Arc::new(AtomicI64::new(now.as_millisecond())))
    }

    /// Advances it.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let _ = self
            .0
            .fetch_update(SeqCst, SeqCst, |now| Some(now.saturating_add(by)));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(SeqCst)).unwrap_or(Timestamp::MAX)
    }

    fn look_again(&self) -> Duration {
        Duration::from_millis(10)
    }
}
