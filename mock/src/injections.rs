//! The faults that are injected, and how far their schedules are.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use payssam::Operation;
use sha2::{Digest, Sha256};

use crate::{
    fault::Fault,
    operation_path,
    schedule::{Schedule, When},
    target::Target,
};

/// Of how many bills and operations the requests are counted.
const KNOWN: usize = 1_000_000;

/// The faults that are injected, in that order.
#[derive(Default)]
pub(crate) struct Injections {
    injections: Vec<Injection>,
    /// How many requests of an operation came for a bill, by the hash of its key.
    requests: HashMap<(u64, Operation), u64>,
}

struct Injection {
    fault: Fault,
    schedule: Schedule,
    /// How many requests of its operation came.
    requests: u64,
}

impl Injections {
    pub(crate) fn inject(&mut self, fault: Fault, schedule: Schedule) {
        self.injections.push(Injection {
            fault,
            schedule,
            requests: 0,
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Injections::default();
    }

    /// Counts a request, and returns its fault: that of the first injection whose schedule includes it.
    pub(crate) fn next_fault(&mut self, target: Option<&Target>) -> Option<Fault> {
        if self.injections.is_empty() {
            return None;
        }
        let position = target.map_or(0, |target| self.position(target));
        let mut fault = None;
        for (index, injection) in self.injections.iter_mut().enumerate() {
            // Every injection counts the request, whichever of them it meets.
            if injection.count(index, target, position) && fault.is_none() {
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
        let position = self.requests.entry(key).or_default();
        *position += 1;
        *position
    }
}

impl Injection {
    /// Counts a request, and returns whether the schedule includes it.
    fn count(&mut self, index: usize, target: Option<&Target>, position: u64) -> bool {
        let operation = target.map(|target| target.operation);
        if self.schedule.operation.is_some() && self.schedule.operation != operation {
            return false;
        }
        self.requests += 1;
        match &self.schedule.when {
            When::Always => true,
            When::First(count) => self.requests <= *count,
            When::Sequence(positions) => positions.contains(&self.requests),
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
