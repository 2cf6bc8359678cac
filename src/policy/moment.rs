//! How far ahead of now a timer may be set.

use std::time::Duration;

use tokio::time::Instant;

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
