//! Reads one bill, again where that helps, and says what it showed.

use std::time::Duration;

use payssam::{Bill, Bills, Error, ResultCode, redact};

use crate::{
    judge::{Amount, Seen},
    pace::Pace,
    subject::Question,
};

/// How often a bill is read before it could not be.
pub(crate) const ATTEMPTS: u32 = 5;

/// How often PaySsam may ask to wait (HTTP 429) for one bill.
const WAITS: u32 = 20;

/// The longest first pause before the next attempt, and the longest of all.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Reads a bill at this pace.
pub(crate) async fn read(bills: &Bills, question: &Question, pace: &Pace, attempts: u32) -> Seen {
    let (mut made, mut waits, mut last) = (0, 0, None);
    loop {
        let Some(turn) = pace.turn().await else {
            return last.as_ref().map_or_else(not_asked, failed);
        };
        let error = match bills.read(&question.bill_id).await {
            Ok(bill) => {
                turn.succeeded();
                return seen(&bill, question);
            }
            Err(error) => error,
        };
        if error.is_rejected() && error.http_status() != Some(429) {
            if error.code() == Some(&ResultCode::BILL_NOT_FOUND) {
                turn.succeeded();
                return Seen::NotFound;
            }
            turn.rejected();
            return failed(&error);
        }
        let is_asked_to_wait = error.http_status() == Some(429);
        let backoff = PAUSES
            .0
            .saturating_mul(2_u32.pow(made.min(5)))
            .min(PAUSES.1);
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
            return failed(&error);
        }
        last = Some(error);
        tokio::time::sleep(backoff.mul_f64(fastrand::f64())).await;
    }
}

fn seen(bill: &Bill, question: &Question) -> Seen {
    let day = question.belief.as_ref().and_then(|belief| belief.day);
    let needs_day = day.is_none();
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

fn not_asked() -> Seen {
    Seen::Failed(
        "not asked for: nothing could be read for so long before it that the run gave up; resume it later".to_owned(),
    )
}

fn failed(error: &Error) -> Seen {
    Seen::Failed(redact::escape(&error.to_string()))
}
