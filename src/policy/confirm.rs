//! How long and how often an unknown outcome is reconciled.

use std::time::Duration;

use super::backoff::Backoff;

/// How long and how often [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like write and
/// read until the outcome is certain.
///
/// ```
/// use std::time::Duration;
/// use payssam::ConfirmPolicy;
///
/// let policy = ConfirmPolicy::new().deadline(Duration::from_secs(300)).writes(5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct ConfirmPolicy {
    pub(crate) deadline: Duration,
    pub(crate) writes: u32,
    pub(crate) settling: Duration,
    pub(crate) backoff: Backoff,
}

impl Default for ConfirmPolicy {
    fn default() -> Self {
        ConfirmPolicy::new()
    }
}

impl ConfirmPolicy {
    /// At most three writes within two minutes, and three seconds until a rejection is believed.
    pub const fn new() -> Self {
        ConfirmPolicy {
            deadline: Duration::from_secs(120),
            writes: 3,
            settling: Duration::from_secs(3),
            backoff: Backoff {
                first: Duration::from_millis(250),
                most: Duration::from_secs(5),
            },
        }
    }

    /// The time limit for the whole call, from its start. A request that is in progress by then is abandoned.
    /// Choose it longer than the [time limit](crate::ClientBuilder::timeout) of a request, so that reads can
    /// follow a write that hangs.
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// The most writes, such as cancellations, the first one included; 0 counts as 1. While the outcome of
    /// one is unknown, the next is sent only after a read.
    pub const fn writes(mut self, most: u32) -> Self {
        self.writes = most;
        self
    }

    /// How long reads must show that nothing changed before a rejection is believed; 3 seconds by default. It
    /// counts from the rejection.
    ///
    /// A request that PaySsam rejects may be carried out all the same, or an earlier one may still be in
    /// progress and be the reason (observed: a cancellation that took effect half a second after its
    /// rejection). A code that says what is wrong with the request, such as a wrong hash, is believed at once.
    /// A rejection whose settling time ends after the [deadline](ConfirmPolicy::deadline) leaves the outcome
    /// unknown.
    pub const fn settling(mut self, time: Duration) -> Self {
        self.settling = time;
        self
    }

    /// The longest first pause before a read, and the longest pause of all. Pauses double, with full jitter.
    /// The default is 250 ms and 5 seconds.
    pub const fn pauses(mut self, first: Duration, most: Duration) -> Self {
        self.backoff = Backoff { first, most };
        self
    }
}
