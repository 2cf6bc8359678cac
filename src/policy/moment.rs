//! How far ahead of now a timer may be set.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// A hundred years. Timers round up, and panic at the last moment of the clock.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The time limit, at most a hundred years.
pub(crate) const fn at_most_longest(limit: Duration) -> Duration {
    match limit.as_secs() < LONGEST.as_secs() {
        true => limit,
        false => LONGEST,
    }
}

/// The moment after this time; `None` for never, when nobody lives to see it.
pub(crate) fn moment_after(wait: Duration) -> Option<Instant> {
    match wait < LONGEST {
        true => Instant::now().checked_add(wait),
        false => None,
    }
}

/// What a call returns that ends by this moment, if there is one; `None` when it was abandoned there.
pub(crate) async fn by<T>(end: Option<Instant>, call: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => timeout_at(end, call).await.ok(),
        None => Some(call.await),
    }
}
