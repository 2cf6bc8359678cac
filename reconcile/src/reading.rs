//! Reads one bill, again where that helps, and says what it showed.

use std::time::Duration;

use payssam::{Bill, Bills, Error, ResultCode, redact};

use crate::{
    belief::Belief,
    judge::{Amount, Seen},
    pace::Pace,
};

/// How often a bill is read before it could not be.
pub(crate) const ATTEMPTS: u32 = 5;

/// How often PaySsam may ask to wait (HTTP 429) for one bill.
const WAITS: u32 = 20;

/// The longest first pause before the next attempt, and the longest of all.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// The most characters of a reason.
const LONGEST_REASON: usize = 400;

/// Reads a bill at this pace.
pub(crate) async fn read(bills: &Bills, belief: &Belief, pace: &Pace, attempts: u32) -> Seen {
    let (mut made, mut waits) = (0, 0);
    loop {
        if pace.is_hopeless() {
            return Seen::Failed(
                "not asked for: so many reads before it failed that the run gave up; resume it later".to_owned(),
            );
        }
        let turn = pace.turn().await;
        let error = match bills.read(&belief.bill_id).await {
            Ok(bill) => {
                turn.succeeded();
                pace.note(true);
                return seen(&bill, belief.day.is_none());
            }
            Err(error) => error,
        };
        if error.is_rejected() && error.http_status() != Some(429) {
            turn.succeeded();
            let is_absent = error.code() == Some(&ResultCode::BILL_NOT_FOUND);
            pace.note(is_absent);
            return match is_absent {
                true => Seen::NotFound,
                false => failed(&error),
            };
        }
        let is_asked_to_wait = error.http_status() == Some(429);
        let backoff = PAUSES.0.saturating_mul(1 << made.min(5)).min(PAUSES.1);
        let pause = match is_asked_to_wait {
            true => Some(error.retry_after().unwrap_or(backoff)),
            false => error.retry_after(),
        };
        turn.overloaded(is_asked_to_wait, pause);
        match is_asked_to_wait {
            true => waits += 1,
            false => made += 1,
        }
        let is_single = attempts <= 1;
        if made >= attempts || waits > WAITS || is_single || !error.is_retryable() {
            pace.note(false);
            return failed(&error);
        }
        tokio::time::sleep(backoff.mul_f64(fastrand::f64())).await;
    }
}

fn seen(bill: &Bill, needs_day: bool) -> Seen {
    let approval = bill.approval();
    let day = match needs_day {
        true => {
            let times = [approval.approved_at(), approval.original_approved_at()];
            times.into_iter().find_map(|time| time.ok().flatten())
        }
        false => None,
    };
    Seen::Bill {
        state: bill.state().clone(),
        amount: match approval.price() {
            Ok(Some(amount)) => Amount::Is(amount),
            Ok(None) => Amount::Missing,
            Err(_) => Amount::Malformed,
        },
        day: day.map(|time| time.civil().date()),
        is_named: approval.raw("billId").is_some_and(|id| !id.is_empty()),
    }
}

fn failed(error: &Error) -> Seen {
    let reason = redact::escape(&error.to_string());
    Seen::Failed(match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason,
    })
}
