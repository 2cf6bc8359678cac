//! The settings of a ledger.

use std::{path::PathBuf, sync::Arc, time::Duration};

use crate::clock::{Clock, SystemClock};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Sets up a [`Ledger`](crate::Ledger) before it is [opened](crate::LedgerBuilder::open).
#[derive(Clone, Debug)]
#[must_use]
pub struct LedgerBuilder {
    pub(crate) path: PathBuf,
    pub(crate) settings: Settings,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) not_after: Duration,
    pub(crate) patience: Duration,
    pub(crate) reads_per_second: u32,
    pub(crate) watch_paid: Arc<[Duration]>,
    pub(crate) after_expiry: Duration,
    pub(crate) handler_attempts: u32,
    pub(crate) unknown_callbacks: u64,
}

impl LedgerBuilder {
    pub(crate) fn new(path: PathBuf) -> Self {
        LedgerBuilder {
            path,
            settings: Settings {
                clock: Arc::new(SystemClock),
                not_after: HOUR,
                patience: DAY,
                reads_per_second: 10,
                watch_paid: [1, 7, 30, 90].map(|days| DAY * days).into(),
                after_expiry: 7 * DAY,
                handler_attempts: 20,
                unknown_callbacks: 1_000,
            },
        }
    }

    /// Sets the clock: that of the machine by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Sets for how long an intent may be sent that was never sent; 1 hour by default. After that it ends as
    /// [`NotSent`](crate::IntentState::NotSent). An attempt that began before ends by the policies of its client.
    pub fn not_after(mut self, limit: Duration) -> Self {
        self.settings.not_after = limit;
        self
    }

    /// Sets how long an uncertain intent is resumed before it waits for a person; 24 hours by default.
    pub fn patience(mut self, limit: Duration) -> Self {
        self.settings.patience = limit;
        self
    }

    /// Sets how many bills are read in a second at most, in one process; 10 by default, and 0 counts as 1. Half of them
    /// at most are for callbacks of bills that nobody knows.
    pub fn reads_per_second(mut self, most: u32) -> Self {
        self.settings.reads_per_second = most.max(1);
        self
    }

    /// Sets how long after its payment a paid bill is read, to see whether it was cancelled elsewhere: after 1, 7, 30
    /// and 90 days by default.
    pub fn watch_paid(mut self, after: impl IntoIterator<Item = Duration>) -> Self {
        self.settings.watch_paid = after.into_iter().collect();
        self
    }

    /// Sets for how long an unpaid bill is read after its last day; 7 days by default.
    pub fn after_expiry(mut self, time: Duration) -> Self {
        self.settings.after_expiry = time;
        self
    }

    /// Sets how often a handler may fail for one event before that waits for a person; 20 by default, over about nine
    /// hours.
    pub fn handler_attempts(mut self, most: u32) -> Self {
        self.settings.handler_attempts = most;
        self
    }

    /// Sets how many callbacks may be pending of bills that nobody knows: so many for each merchant of which the ledger
    /// has had a bill, and so many for all other merchants together; 1,000 by default. Further ones are answered with
    /// "retry".
    pub fn unknown_callbacks(mut self, most: u64) -> Self {
        self.settings.unknown_callbacks = most;
        self
    }
}
