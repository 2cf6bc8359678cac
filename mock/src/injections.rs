//! The faults that are injected, and how far their schedules are.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    fault::Fault,
    operation_path,
    schedule::{Schedule, Scope, When},
    target::Target,
};

/// The faults that are injected, in that order.
#[derive(Default)]
pub(crate) struct Injections {
    pub(crate) injections: Vec<Injection>,
    /// The id of the last one that there ever was: none is used again.
    pub(crate) last_id: u64,
}

#[derive(Clone)]
pub(crate) struct Injection {
    pub(crate) id: u64,
    pub(crate) fault: Fault,
    pub(crate) schedule: Schedule,
    /// How many requests of its operation came.
    pub(crate) requests: u64,
    /// How many of them met it.
    pub(crate) met: u64,
    /// A second of the clock, and how many requests came in it.
    pub(crate) second: (i64, u64),
}

impl Injection {
    /// Whether it will meet no request any more.
    pub(crate) fn is_over(&self) -> bool {
        match &self.schedule.when {
            When::First(count) => self.requests >= *count,
            When::Sequence(positions) => positions.last().is_none_or(|last| self.requests >= *last),
            When::Every(_) | When::Always | When::Beyond(_) | When::Probability { .. } => false,
        }
    }
}

impl Injections {
    /// Returns the id of the injection.
    pub(crate) fn inject(&mut self, fault: Fault, schedule: Schedule) -> u64 {
        self.last_id += 1;
        self.injections.push(Injection {
            id: self.last_id,
            fault,
            schedule,
            requests: 0,
            met: 0,
            second: (0, 0),
        });
        self.last_id
    }

    pub(crate) fn clear(&mut self) {
        self.injections.clear();
    }

    /// Replaces those that are for requests of this scope alone by these, which keep their places before those that
    /// were injected later.
    pub(crate) fn replace(&mut self, scope: &Scope, by: Vec<Injection>) {
        let is_new = |injection: &Injection| by.iter().any(|new| new.id == injection.id);
        self.injections
            .retain(|injection| !injection.schedule.scope.is_within(scope) && !is_new(injection));
        self.injections.extend(by);
        self.injections.sort_by_key(|injection| injection.id);
        let last = self.injections.last();
        self.last_id = self.last_id.max(last.map_or(0, |injection| injection.id));
    }

    /// Removes one injection; `false` if there is none with this id.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.injections.len();
        self.injections.retain(|injection| injection.id != id);
        self.injections.len() < before
    }

    /// Counts a request, and returns its fault: that of the first injection whose schedule includes it.
    pub(crate) fn next_fault(&mut self, target: Option<&Target>, now: Timestamp) -> Option<Fault> {
        let mut fault = None;
        for injection in &mut self.injections {
            // Every injection counts the request, whichever of them it meets.
            if injection.count(target, now) && fault.is_none() {
                injection.met += 1;
                fault = Some(injection.fault);
            }
        }
        fault
    }
}

impl Injection {
    /// Counts a request, and returns whether the schedule includes it.
    fn count(&mut self, target: Option<&Target>, now: Timestamp) -> bool {
        let operation = target.map(|target| target.operation);
        if self.schedule.operation.is_some() && self.schedule.operation != operation {
            return false;
        }
        let scope = &self.schedule.scope;
        if !scope.is_all() && !target.is_some_and(|target| scope.has(&target.key)) {
            return false;
        }
        self.requests += 1;
        match &self.schedule.when {
            When::Always => true,
            When::First(count) => self.requests <= *count,
            When::Sequence(positions) => positions.contains(&self.requests),
            When::Every(nth) => *nth > 0 && self.requests.is_multiple_of(*nth),
            When::Beyond(count) => {
                let second = now.as_second();
                let before = match self.second.0 == second {
                    true => self.second.1,
                    false => 0,
                };
                self.second = (second, before + 1);
                before >= *count
            }
            When::Probability { threshold, seed } => self.draw(*seed) < *threshold,
        }
    }

    /// 64 bits that look random, and are the same for the same request of the same fault.
    fn draw(&self, seed: u64) -> u64 {
        let mut digest = Sha256::new();
        digest.update(seed.to_be_bytes());
        digest.update(self.requests.to_be_bytes());
        // Two faults with one seed do not meet the same requests.
        digest.update(self.fault.name());
        if let Some(operation) = self.schedule.operation {
            digest.update(operation_path::path(operation));
        }
        let bytes = digest.finalize();
        bytes
            .iter()
            .take(8)
            .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }
}
