//! The faults that are injected, and how far their schedules are.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::Timestamp;
use payssam::Operation;
use sha2::{Digest, Sha256};

use crate::{
    fault::Fault,
    operation_path,
    schedule::{Schedule, Scope, When},
    target::Target,
};

/// Of how many bills and operations the requests are counted.
const KNOWN: usize = 1_000_000;

/// The faults that are injected, in that order.
#[derive(Default)]
pub(crate) struct Injections {
    pub(crate) injections: Vec<Injection>,
    /// How many requests of an operation came for a bill, by the hash of its key.
    pub(crate) requests: HashMap<Position, u64>,
    /// Which of these changed since somebody looked, if somebody does.
    pub(crate) touched: Option<HashSet<Position>>,
}

/// The hash of the key of a bill, and an operation.
pub(crate) type Position = (u64, Operation);

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
        let last = self.injections.last();
        let id = last.map_or(1, |injection| injection.id + 1);
        self.injections.push(Injection {
            id,
            fault,
            schedule,
            requests: 0,
            met: 0,
            second: (0, 0),
        });
        id
    }

    pub(crate) fn clear(&mut self) {
        self.injections.clear();
        if let Some(touched) = &mut self.touched {
            touched.extend(self.requests.keys());
        }
        self.requests.clear();
    }

    /// Removes those that are for this scope alone.
    pub(crate) fn remove_scope(&mut self, scope: &Scope) {
        self.injections
            .retain(|injection| injection.schedule.scope != *scope);
    }

    /// Removes one injection; `false` if there is none with this id.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.injections.len();
        self.injections.retain(|injection| injection.id != id);
        self.injections.len() < before
    }

    /// Counts a request, and returns its fault: that of the first injection whose schedule includes it.
    pub(crate) fn next_fault(&mut self, target: Option<&Target>, now: Timestamp) -> Option<Fault> {
        if self.injections.is_empty() {
            return None;
        }
        let position = target.map_or(0, |target| self.position(target));
        let mut fault = None;
        for (index, injection) in self.injections.iter_mut().enumerate() {
            // Every injection counts the request, whichever of them it meets.
            if injection.count(index, target, position, now) && fault.is_none() {
                injection.met += 1;
                fault = Some(injection.fault);
            }
        }
        fault
    }
}

impl Injections {
    /// Counts a request, and returns its position among those of its bill and operation. Once that many
    /// are known, requests for others have the position 1.
    fn position(&mut self, target: &Target) -> u64 {
        // The same hash in every run: the positions are part of what a seed repeats.
        let mut hasher = DefaultHasher::new();
        target.key.hash(&mut hasher);
        let key = (hasher.finish(), target.operation);
        if self.requests.len() == KNOWN && !self.requests.contains_key(&key) {
            return 1;
        }
        if let Some(touched) = &mut self.touched {
            touched.insert(key);
        }
        let position = self.requests.entry(key).or_default();
        *position += 1;
        *position
    }
}

impl Injection {
    /// Counts a request, and returns whether the schedule includes it.
    fn count(
        &mut self,
        index: usize,
        target: Option<&Target>,
        position: u64,
        now: Timestamp,
    ) -> bool {
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
            When::Probability { threshold, seed } => {
                draw(*seed, index, target, position) < *threshold
            }
        }
    }
}

/// 64 bits that look random, and are the same for the same request.
fn draw(seed: u64, index: usize, target: Option<&Target>, position: u64) -> u64 {
    let mut digest = Sha256::new();
    digest.update(seed.to_be_bytes());
    digest.update((index as u64).to_be_bytes());
    digest.update(position.to_be_bytes());
    if let Some(target) = target {
        digest.update(operation_path::path(target.operation));
        for part in target.key.parts() {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    let bytes = digest.finalize();
    bytes
        .iter()
        .take(8)
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}
