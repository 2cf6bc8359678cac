//! The clock of the mock server, and the digits in which its times are written.
//!
//! The digits are formatted here instead of by [`KoreanTime::digits`], so that the library's parser of
//! times is tested against independent code.

use std::time::Duration;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz,
};
use payssam::KoreanTime;

const KOREA: tz::Offset = tz::offset(9);

/// A hundred years. Timers panic at the last moment of the clock.
const LONGEST_PAUSE: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Waits by the time of the machine.
pub(crate) async fn pause(time: Duration) {
    tokio::time::sleep(time.min(LONGEST_PAUSE)).await;
}

/// How far the clock goes: ten thousand years, beyond the last time that there is.
pub(crate) const FURTHEST: SignedDuration = SignedDuration::from_hours(10_000 * 366 * 24);

/// The time of the machine, plus how far the clock was advanced.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: SignedDuration,
}

impl Clock {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
            .checked_add(self.ahead)
            .unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn korean_now(&self) -> KoreanTime {
        KoreanTime::from_timestamp(self.now())
    }

    /// How far it was advanced.
    pub(crate) fn ahead(&self) -> SignedDuration {
        self.ahead
    }

    pub(crate) fn set_ahead(&mut self, ahead: SignedDuration) {
        self.ahead = ahead;
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.ahead = self.ahead.saturating_add(by).min(FURTHEST);
    }
}

/// The day in Korea.
pub(crate) fn day(at: KoreanTime) -> Date {
    KOREA.to_datetime(at.timestamp()).date()
}

/// `YYYYMMDDhhmmss` in Korean time.
pub(crate) fn digits(at: KoreanTime) -> String {
    let at: DateTime = KOREA.to_datetime(at.timestamp());
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `YYMMDDhhmmss` in Korean time, as in the history of cash receipts.
pub(crate) fn short_digits(at: KoreanTime) -> String {
    digits(at).split_off(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_korean_time() {
        let at: Timestamp = "2025-12-31T15:04:05.999Z".parse().unwrap();
        let at = KoreanTime::from_timestamp(at);
        assert_eq!(digits(at), "20260101000405");
        assert_eq!(short_digits(at), "260101000405");
    }

    #[test]
    fn a_clock_that_is_advanced_too_far_stops_at_the_last_time() {
        let mut clock = Clock::default();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        assert_eq!(digits(clock.korean_now()).len(), 14);
    }
}
