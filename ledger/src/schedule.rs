//! When a bill is read next, and when what failed is tried again.

use std::time::Duration;

use jiff::{
    civil::{Date, Time},
    tz,
};

/// Milliseconds since 1970.
type Millis = i64;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// What the schedule of a bill depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dates {
    pub(crate) known_since: Millis,
    /// The midnight after its last day.
    pub(crate) expires_at: Option<Millis>,
    /// When it was first seen as paid.
    pub(crate) paid_at: Option<Millis>,
}

/// When an unpaid bill is read next: the older it is, the later, until days after it expired.
pub(crate) fn unpaid(dates: &Dates, now: Millis, after_expiry: Duration) -> Option<Millis> {
    let age = now.saturating_sub(dates.known_since);
    let longest = match dates.expires_at {
        Some(_) => DAY,
        None => 7 * DAY,
    };
    let next = now.saturating_add((age / 8).clamp(10 * MINUTE, longest));
    match dates.expires_at {
        None => Some(next),
        Some(expires_at) => {
            let last = expires_at.saturating_add(millis(after_expiry));
            (now < last).then_some(next.min(last))
        }
    }
}

/// When a paid bill is read next, to see whether it was cancelled elsewhere.
pub(crate) fn paid(dates: &Dates, now: Millis, watch: &[Duration]) -> Option<Millis> {
    let paid_at = dates.paid_at.unwrap_or(now);
    let due = |after: &Duration| paid_at.saturating_add(millis(*after));
    watch.iter().map(due).filter(|due| *due > now).min()
}

/// When a read is retried that failed so often.
pub(crate) fn read_again(failures: u32, now: Millis) -> Millis {
    backoff(failures, MINUTE, HOUR, now)
}

/// When a callback is looked at again that no read confirms yet.
pub(crate) fn verify_again(attempts: u32, now: Millis) -> Millis {
    backoff(attempts, 10_000, 6 * HOUR, now)
}

/// When an intent whose attempt did not end it is tried again.
pub(crate) fn intent_again(attempts: u32, now: Millis) -> Millis {
    backoff(attempts, 5_000, HOUR, now)
}

/// When a handler that failed so often gets its event again.
pub(crate) fn book_again(attempts: u32, now: Millis) -> Millis {
    backoff(attempts, 1_000, HOUR, now)
}

fn backoff(times: u32, first: Millis, most: Millis, now: Millis) -> Millis {
    let pause = first.saturating_mul(1 << times.min(30)).min(most);
    now.saturating_add(pause)
}

pub(crate) fn millis(duration: Duration) -> Millis {
    // A hundred years are for ever.
    let most = 100 * 366 * DAY;
    Millis::try_from(duration.as_millis()).map_or(most, |millis| millis.min(most))
}

/// The midnight in Korea at the end of a day such as 2026-12-31.
pub(crate) fn midnight_after(day: &str) -> Option<Millis> {
    let day: Date = day.parse().ok()?;
    let midnight = day.tomorrow().ok()?.to_datetime(Time::midnight());
    let korea = tz::offset(9);
    Some(korea.to_timestamp(midnight).ok()?.as_millisecond())
}
