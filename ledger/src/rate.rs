//! Lets only so many reads happen in a second.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// The longest pause that a response may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Two buckets of reads: one for all of them, and a smaller one for bills that nobody knows.
#[derive(Debug)]
pub(crate) struct Rate {
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    next: Instant,
    next_unknown: Instant,
    /// PaySsam asked to be left alone until then.
    paused_until: Instant,
}

impl Rate {
    pub(crate) fn new(per_second: u32) -> Self {
        let now = Instant::now();
        Rate {
            pause: Duration::from_secs(1) / per_second.max(1),
            state: Mutex::new(State {
                next: now,
                next_unknown: now,
                paused_until: now,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next turn. `false` when that is further away than `most`: nobody has a turn then.
    pub(crate) async fn turn(&self, most: Duration) -> bool {
        let at = {
            let mut state = self.state();
            let now = Instant::now();
            let at = state.next.max(now);
            if at > now + most {
                return false;
            }
            state.next = at + self.pause;
            at
        };
        sleep_until(at).await;
        true
    }

    /// Whether PaySsam asked to be left alone for longer than that.
    pub(crate) fn is_paused(&self, most: Duration) -> bool {
        self.state().paused_until > Instant::now() + most
    }

    /// Whether a bill that nobody knows may be read now. It counts as read.
    pub(crate) fn admit_unknown(&self) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        if now < state.next_unknown {
            return false;
        }
        state.next_unknown = now + 2 * self.pause;
        true
    }

    /// Begins no read for so long, and lets no intent be tried again meanwhile.
    pub(crate) fn pause(&self, time: Duration) {
        let end = Instant::now() + time.min(LONGEST_PAUSE);
        let mut state = self.state();
        state.next = state.next.max(end);
        state.paused_until = state.paused_until.max(end);
    }
}
