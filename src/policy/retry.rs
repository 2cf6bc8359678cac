//! When a request is made again.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, attempt::Attempt, backoff::Backoff};

/// When a request is made again, and when not.
///
/// A read changes nothing: it is made again after [`Error::NotSent`], [`Error::OutcomeUnknown`]
/// and HTTP 429. A write is made again only after [`Error::NotSent`], when it provably never left;
/// what to do with a cancellation whose outcome is unknown is the business of
/// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm).
///
/// Pauses grow exponentially, with full jitter: any time between nothing and 200 ms, then 400 ms,
/// and so on up to 5 seconds, unless told otherwise. Where PaySsam sends `Retry-After`, that time
/// is waited besides.
///
/// What each request met is in [`Error::attempts`].
///
/// ```
/// use std::time::Duration;
/// use payssam::RetryPolicy;
///
/// let patient = RetryPolicy::new().attempts(6).deadline(Duration::from_secs(120));
/// let once = RetryPolicy::off();
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    deadline: Duration,
    backoff: Backoff,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy::new()
    }
}

impl RetryPolicy {
    /// Three attempts within a minute.
    pub const fn new() -> Self {
        RetryPolicy {
            attempts: 3,
            deadline: Duration::from_secs(60),
            backoff: Backoff {
                first: Duration::from_millis(200),
                most: Duration::from_secs(5),
            },
        }
    }

    /// One attempt.
    pub const fn off() -> Self {
        RetryPolicy::new().attempts(1)
    }

    /// At most so many attempts, the first one included; 0 counts as 1.
    pub const fn attempts(mut self, most: u32) -> Self {
        self.attempts = most;
        self
    }

    /// How long the attempts may take together, with the pauses between them.
    ///
    /// An attempt that could begin only later is not made, and one that is on its way by then is
    /// given up. The first one has the [time limit](crate::ClientBuilder::timeout) of a request in
    /// any case.
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// The longest first pause, and the longest of all.
    pub const fn pauses(mut self, first: Duration, most: Duration) -> Self {
        self.backoff = Backoff { first, most };
        self
    }

    /// Until when a call that begins now may make attempts; `None` if that is for ever.
    pub(crate) fn ends_at(&self) -> Option<Instant> {
        Instant::now().checked_add(self.deadline)
    }

    /// How long to wait before the next attempt; `None` when there is to be none.
    pub(crate) fn pause(
        &self,
        error: &Error,
        tried: &[Attempt],
        ends_at: Option<Instant>,
    ) -> Option<Duration> {
        let made = u32::try_from(tried.len()).unwrap_or(u32::MAX);
        if made >= self.attempts || !may_be_repeated(error) {
            return None;
        }
        let asked_for = tried.last().and_then(Attempt::retry_after);
        let pause = asked_for
            .unwrap_or_default()
            .saturating_add(self.backoff.pause(made - 1));
        let begins_at = Instant::now().checked_add(pause)?;
        ends_at.is_none_or(|end| begins_at < end).then_some(pause)
    }
}

fn may_be_repeated(error: &Error) -> bool {
    match error {
        Error::NotSent { .. } => true,
        Error::OutcomeUnknown { operation, .. } => !operation.is_write(),
        Error::Rejected {
            operation,
            http_status,
            ..
        } => !operation.is_write() && *http_status == 429,
        Error::InvalidInput { .. } | Error::Unsupported { .. } | Error::Config { .. } => false,
    }
}
