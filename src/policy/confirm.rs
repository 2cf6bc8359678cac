//! How long and how often a write is pursued.

use std::time::Duration;

use crate::backoff::Backoff;

/// How long and how often a write is pursued by [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its
/// like.
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
    pub(crate) backoff: Backoff,
}

impl Default for ConfirmPolicy {
    fn default() -> Self {
        ConfirmPolicy::new()
    }
}

impl ConfirmPolicy {
    /// At most three writes within two minutes.
    pub const fn new() -> Self {
        ConfirmPolicy {
            deadline: Duration::from_secs(120),
            writes: 3,
            backoff: Backoff {
                first: Duration::from_millis(250),
                most: Duration::from_secs(5),
            },
        }
    }

    /// How long the whole may take, from its start. Requests that are on their way by then are given
    /// up. Choose it longer than the [time limit](crate::ClientBuilder::timeout) of a request, so that
    /// a write that hangs can still be followed by readings.
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// At most so many writes, such as cancellations, the first one included; 0 counts as 1. Where the
    /// outcome of one is in doubt, a reading stands before the next.
    pub const fn writes(mut self, most: u32) -> Self {
        self.writes = most;
        self
    }

    /// The longest first pause before a reading, and the longest of all. Pauses double, and are any
    /// time between nothing and that. The default is 250 ms and 5 seconds.
    pub const fn pauses(mut self, first: Duration, most: Duration) -> Self {
        self.backoff = Backoff { first, most };
        self
    }
}
