//! How many reads are made at the same time, and how fast: fewer while PaySsam is overloaded, more again afterwards.

use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until, timeout_at},
};

/// The fewest reads at the same time; less than one is one with pauses behind it. Only a server that says that it gets too
/// many goes below one.
const LEAST: f64 = 1.0 / 16.0;

/// The longest pause between two reads that only slowness asks for.
const LONGEST_GAP: Duration = Duration::from_secs(5);

/// The longest pause that a response may ask for: no mistake in a header ends a run for good.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The longest time between two reads, whatever the rate: the clock ends further away.
const LONGEST_INTERVAL: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// For how long nothing may be read before no more is asked for, unless the caller says otherwise.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How many reads in a row must have failed before a run slows down to its slowest pace, and before it gives up.
const IN_A_ROW: u32 = 8;

/// How many reads there are within the patience at the slowest pace.
const READS_WITHIN_PATIENCE: u32 = 60;

/// Additive increase, multiplicative decrease.
#[derive(Debug)]
pub(crate) struct Pace {
    most: f64,
    /// The least time between the beginnings of two reads.
    interval: Duration,
    patience: Duration,
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
    /// How many reads have failed since one succeeded.
    failed_in_a_row: u32,
    /// When a read last succeeded, or the first one could begin, without the pauses that were asked for.
    last_success: Instant,
    is_hopeless: bool,
}

/// A read that runs, since then.
pub(crate) struct Turn<'p> {
    pace: &'p Pace,
    began: Instant,
}

impl Pace {
    pub(crate) fn new(most: usize, per_second: Option<f64>, patience: Duration) -> Self {
        let now = Instant::now();
        let interval = per_second.filter(|rate| *rate > 0.0).map(|rate| {
            let interval = Duration::try_from_secs_f64(1.0 / rate);
            interval.map_or(LONGEST_INTERVAL, |it| it.min(LONGEST_INTERVAL))
        });
        Pace {
            most: most.max(1) as f64,
            interval: interval.unwrap_or_default(),
            patience,
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

    /// Waits until one more read may begin; `None` once there is no use in it.
    pub(crate) async fn turn(&self) -> Option<Turn<'_>> {
        if let Ok(turn) = self.try_turn() {
            return turn;
        }
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            match self.try_turn() {
                Ok(turn) => return turn,
                Err(Some(moment)) if self.is_at_slowest() => {
                    drop(timeout_at(moment, changed).await);
                }
                Err(Some(moment)) => sleep_until(moment).await,
                Err(None) => changed.await,
            }
        }
    }

    /// Whether a run may be given up while others wait for their turn.
    fn is_at_slowest(&self) -> bool {
        self.state().failed_in_a_row >= IN_A_ROW
    }

    /// Begins one more read now, or says when it may begin, if that is known.
    fn try_turn(&self) -> Result<Option<Turn<'_>>, Option<Instant>> {
        let mut state = self.state();
        let now = Instant::now();
        if state.is_hopeless {
            return Ok(None);
        }
        let is_slowest = state.failed_in_a_row >= IN_A_ROW;
        let limit = if is_slowest { 1.0 } else { state.limit };
        if f64::from(state.running) >= limit.floor().max(1.0) {
            return Err(None);
        }
        if state.next > now {
            return Err(Some(state.next));
        }
        state.running += 1;
        state.next = now + self.interval;
        Ok(Some(Turn {
            pace: self,
            began: now,
        }))
    }

    /// A read brought nothing: with several in a row, the next ones wait, and there is a time when no more is asked for.
    fn failed(&self, state: &mut State) {
        let now = Instant::now();
        state.failed_in_a_row = state.failed_in_a_row.saturating_add(1);
        if state.failed_in_a_row < IN_A_ROW {
            return;
        }
        let since = now.saturating_duration_since(state.last_success);
        state.is_hopeless |= since >= self.patience;
        let pause = (self.patience / READS_WITHIN_PATIENCE).min(LONGEST_GAP);
        state.next = state.next.max(now + pause);
    }
}

impl Turn<'_> {
    /// PaySsam said what it knows of the bill.
    pub(crate) fn succeeded(self) {
        let mut state = self.pace.state();
        state.failed_in_a_row = 0;
        state.last_success = Instant::now();
        let more = match state.limit < 1.0 {
            true => state.limit / 2.0,
            false => 1.0 / state.limit,
        };
        state.limit = (state.limit + more).min(self.pace.most);
        let gap = self.gap(&state);
        state.next = state.next.max(gap);
    }

    /// PaySsam responded, and said nothing of the bill.
    pub(crate) fn rejected(self) {
        self.pace.failed(&mut self.pace.state());
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
        self.pace.failed(&mut state);
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
