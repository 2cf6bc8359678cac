//! Lets only so many reads happen in a second.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::merchant::Merchant;

/// The longest pause that a response may ask for: no mistake in a header leaves a payment unread for ever.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

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
    /// The merchants that asked for a bill that nobody knows, and had to wait.
    waiting: VecDeque<Merchant>,
    /// Who was passed over for the first of these, which did not come.
    passed_over: Option<Merchant>,
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
                waiting: VecDeque::new(),
                passed_over: None,
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

    /// Whether a bill of this merchant that nobody knows may be read now. It counts as read. The merchants take turns,
    /// so that one for which many callbacks are forged does not take the reads of the others.
    pub(crate) fn admit_unknown(&self, merchant: &Merchant) -> bool {
        let mut state = self.state();
        let now = Instant::now();
        if now >= state.next_unknown {
            // Each asks once in a round. Who does not come between two questions of another has nothing to read.
            if state.passed_over.as_ref() == Some(merchant) {
                state.waiting.pop_front();
                state.passed_over = None;
            }
            if state.waiting.front().is_none_or(|first| first == merchant) {
                state.waiting.pop_front();
                state.passed_over = None;
                state.next_unknown = now + 2 * self.pause;
                return true;
            }
            state.passed_over.get_or_insert_with(|| merchant.clone());
        }
        if !state.waiting.contains(merchant) {
            state.waiting.push_back(merchant.clone());
        }
        false
    }

    /// Begins no read for so long, and lets no intent be tried again meanwhile.
    pub(crate) fn pause(&self, time: Duration) {
        let end = Instant::now() + time.min(LONGEST_PAUSE);
        let mut state = self.state();
        state.next = state.next.max(end);
        state.paused_until = state.paused_until.max(end);
    }
}
