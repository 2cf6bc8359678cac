//! How many reads are made at the same time, and how fast: fewer while PaySsam is overloaded, more again afterwards.

use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// The fewest reads at the same time; less than one is one with pauses behind it. Only a server that says that it gets too
/// many goes below one.
const LEAST: f64 = 1.0 / 16.0;

/// The longest pause between two reads that only slowness asks for.
const LONGEST_GAP: Duration = Duration::from_secs(5);

/// The longest pause that a response may ask for: no mistake in a header ends a run for good.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// After how many bills in a row that could not be read no more are asked for.
const HOPELESS: u32 = 100;

/// As [`HOPELESS`], when nothing was read for so long.
const HOPELESS_AFTER: (u32, Duration) = (8, Duration::from_secs(10 * 60));

/// Additive increase, multiplicative decrease.
#[derive(Debug)]
pub(crate) struct Pace {
    most: f64,
    /// The least time between the beginnings of two reads.
    interval: Duration,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// How many reads may run at the same time.
    limit: f64,
    running: u32,
    /// No read begins before this.
    next: Instant,
    /// When the limit was last cut: what began before says nothing of the new one.
    cut: Instant,
    failed_in_a_row: u32,
    /// When a read last succeeded, without the pauses that were asked for.
    last_success: Instant,
    is_hopeless: bool,
}

/// A read that runs, since then.
pub(crate) struct Turn<'p> {
    pace: &'p Pace,
    began: Instant,
}

impl Pace {
    pub(crate) fn new(most: usize, per_second: Option<f64>) -> Self {
        let now = Instant::now();
        let interval = per_second.map(|rate| Duration::try_from_secs_f64(1.0 / rate));
        Pace {
            most: most.max(1) as f64,
            interval: interval.and_then(Result::ok).unwrap_or_default(),
            state: Mutex::new(State {
                limit: most.max(1) as f64,
                running: 0,
                next: now,
                cut: now,
                failed_in_a_row: 0,
                last_success: now,
                is_hopeless: false,
            }),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until one more read may begin.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        if let Ok(turn) = self.try_turn() {
            return turn;
        }
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            match self.try_turn() {
                Ok(turn) => return turn,
                Err(Some(moment)) => sleep_until(moment).await,
                Err(None) => changed.await,
            }
        }
    }

    /// Begins one more read now, or says when it may begin, if that is known.
    fn try_turn(&self) -> Result<Turn<'_>, Option<Instant>> {
        let mut state = self.state();
        let now = Instant::now();
        if f64::from(state.running) >= state.limit.floor().max(1.0) {
            return Err(None);
        }
        if state.next > now {
            return Err(Some(state.next));
        }
        state.running += 1;
        state.next = now + self.interval;
        Ok(Turn {
            pace: self,
            began: now,
        })
    }

    /// Notes that a bill was read, or could not be.
    pub(crate) fn note(&self, was_read: bool) {
        let mut state = self.state();
        let now = Instant::now();
        if was_read {
            state.failed_in_a_row = 0;
            state.last_success = now;
            return;
        }
        state.failed_in_a_row += 1;
        let since = now.saturating_duration_since(state.last_success);
        state.is_hopeless |= state.failed_in_a_row >= HOPELESS
            || (state.failed_in_a_row >= HOPELESS_AFTER.0 && since > HOPELESS_AFTER.1);
    }

    /// Whether so many bills in a row could not be read that there is no use in asking for more.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.state().is_hopeless
    }
}

impl Turn<'_> {
    /// PaySsam responded as it should.
    pub(crate) fn succeeded(self) {
        let mut state = self.pace.state();
        let more = match state.limit < 1.0 {
            true => state.limit / 2.0,
            false => 1.0 / state.limit,
        };
        state.limit = (state.limit + more).min(self.pace.most);
        let gap = self.gap(&state);
        state.next = state.next.max(gap);
    }

    /// PaySsam is overloaded or cannot be reached, and may have asked for a pause.
    pub(crate) fn overloaded(self, is_told: bool, pause: Option<Duration>) {
        let mut state = self.pace.state();
        let now = Instant::now();
        if self.began >= state.cut {
            let least = if is_told { LEAST } else { state.limit.min(1.0) };
            state.limit = (state.limit / 2.0).max(least);
            state.cut = now;
        }
        let gap = self.gap(&state);
        state.next = state.next.max(gap);
        if let Some(pause) = pause {
            let end = now + pause.min(LONGEST_PAUSE);
            let longer = end.saturating_duration_since(state.next.max(now));
            state.next = state.next.max(end);
            state.last_success += longer;
        }
    }

    /// When the next read may begin, with less than one at a time.
    fn gap(&self, state: &State) -> Instant {
        let now = Instant::now();
        match state.limit < 1.0 {
            true => {
                let took = now.saturating_duration_since(self.began);
                now + took.mul_f64(1.0 / state.limit - 1.0).min(LONGEST_GAP)
            }
            false => now,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.state().running -= 1;
        self.pace.changed.notify_waiters();
    }
}
