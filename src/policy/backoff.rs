//! How long to wait before the next request, so that many callers do not retry at the same moment.

use std::time::Duration;

/// Exponential backoff with full jitter: the `n`th pause is any time between zero and `first` doubled `n`
/// times, but never more than `most`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) most: Duration,
}

impl Backoff {
    /// The pause after this many earlier ones.
    pub(crate) fn pause(&self, earlier: u32) -> Duration {
        self.longest(earlier).mul_f64(fastrand::f64())
    }

    fn longest(&self, earlier: u32) -> Duration {
        2_u32
            .checked_pow(earlier)
            .and_then(|factor| self.first.checked_mul(factor))
            .map_or(self.most, |pause| pause.min(self.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_millis(200),
        most: Duration::from_secs(5),
    };

    #[test]
    fn the_longest_pause_doubles_until_it_is_capped() {
        let longest = [0, 1, 2, 4, 5, 40, u32::MAX].map(|earlier| BACKOFF.longest(earlier));
        let expected = [200, 400, 800, 3_200, 5_000, 5_000, 5_000].map(Duration::from_millis);
        assert_eq!(longest, expected);
    }

    #[test]
    fn a_pause_is_anything_up_to_the_longest() {
        fastrand::seed(7);
        let pauses: Vec<Duration> = (0..1_000).map(|_| BACKOFF.pause(1)).collect();
        let limit = Duration::from_millis(400);
        assert!(pauses.iter().all(|pause| *pause <= limit));
        assert!(pauses.iter().any(|pause| *pause < limit / 10));
        assert!(pauses.iter().any(|pause| *pause > limit * 9 / 10));
    }
}
