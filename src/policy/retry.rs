//! When the client retries a request.

use std::time::Duration;

use tokio::time::Instant;

use super::{backoff::Backoff, moment::moment_after};
use crate::outcome::Error;

/// When the client retries a request automatically.
///
/// A read changes nothing: it is retried after [`Error::NotSent`], [`Error::OutcomeUnknown`] and HTTP 429. A
/// write is retried only after [`Error::NotSent`], when it provably never left; for a write whose outcome
/// is unknown there are [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like.
/// [`Error::is_retryable`] says the same.
///
/// Pauses grow exponentially with full jitter: any time between zero and 200 ms, then 400 ms, and so on
/// up to 5 seconds, by default. Where PaySsam sends `Retry-After`, that time is waited in addition.
///
/// [`Error::attempts`] lists the requests.
///
/// ```
/// use std::time::Duration;
/// use payssam::RetryPolicy;
///
/// let patient = RetryPolicy::new().attempts(6).deadline(Duration::from_secs(120));
/// let once = RetryPolicy::off();
/// ```
#[doc(alias = "재시도")]
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

    /// The most attempts, the first one included; 0 counts as 1.
    pub const fn attempts(mut self, most: u32) -> Self {
        self.attempts = most;
        self
    }

    /// The time limit for all attempts together, with the pauses between them.
    ///
    /// No attempt begins after it, and one that is in progress by then is abandoned. The first attempt
    /// always has the whole [time limit](crate::ClientBuilder::timeout) of a request.
    pub const fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// The longest first pause, and the longest pause of all.
    pub const fn pauses(mut self, first: Duration, most: Duration) -> Self {
        self.backoff = Backoff { first, most };
        self
    }

    /// When a call that begins now must stop making attempts; `None` for never.
    pub(crate) fn ends_at(&self) -> Option<Instant> {
        moment_after(self.deadline)
    }

    /// How long to wait before the next attempt after this many; `None` when there is none.
    pub(crate) fn pause(
        &self,
        error: &Error,
        made: usize,
        ends_at: Option<Instant>,
    ) -> Option<Duration> {
        let made = u32::try_from(made).unwrap_or(u32::MAX);
        if made >= self.attempts || !error.is_retryable() {
            return None;
        }
        let pause = error
            .retry_after()
            .unwrap_or_default()
            .saturating_add(self.backoff.pause(made - 1));
        let begins_at = moment_after(pause)?;
        ends_at.is_none_or(|end| begins_at < end).then_some(pause)
    }
}
