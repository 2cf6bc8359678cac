//! When a fault strikes.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::{bills::Key, fault::Fault};
use payssam::{Error, Operation};

/// Which requests an injected [`Fault`] strikes.
///
/// ```
/// use payssam::Operation;
/// use payssam_mock::Schedule;
///
/// let third_cancellation = Schedule::sequence([3]).on(Operation::BillCancel);
/// let a_tenth_of_all = Schedule::probability(0.1, 42)?;
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Schedule {
    when: When,
    operation: Option<Operation>,
}

#[derive(Clone, Debug, PartialEq)]
enum When {
    Always,
    First(u64),
    Sequence(BTreeSet<u64>),
    /// Strikes when a draw of 64 bits is below the threshold.
    Probability {
        threshold: u64,
        seed: u64,
    },
}

impl Schedule {
    /// Every request.
    pub fn always() -> Self {
        Schedule::of(When::Always)
    }

    /// The next request alone.
    pub fn once() -> Self {
        Schedule::first(1)
    }

    /// The next so many requests.
    pub fn first(count: u64) -> Self {
        Schedule::of(When::First(count))
    }

    /// The requests at these places, counted from 1 at the time of the injection.
    pub fn sequence(places: impl IntoIterator<Item = u64>) -> Self {
        Schedule::of(When::Sequence(places.into_iter().collect()))
    }

    /// Each request with this probability, from 0 to 1.
    ///
    /// The seed decides, together with the bill and the place of the request among those of its bill
    /// and operation: the same calls for a bill meet the same faults, whatever happens to other bills
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the probability is not a number from 0 to 1.
    pub fn probability(probability: f64, seed: u64) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&probability) {
            return Err(Error::invalid_input(
                "probability",
                "it must be a number from 0 to 1",
            ));
        }
        if probability == 1.0 {
            return Ok(Schedule::always());
        }
        // The cast cuts the fraction off, and 1 was dealt with.
        let threshold = (probability * 2_f64.powi(64)) as u64;
        Ok(Schedule::of(When::Probability { threshold, seed }))
    }

    /// Counts and strikes requests of this operation only.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    fn of(when: When) -> Self {
        Schedule {
            when,
            operation: None,
        }
    }
}

/// What a request is about, as far as it can be told.
pub(crate) struct Concern {
    pub(crate) operation: Operation,
    pub(crate) key: Key,
}

/// The faults that are injected, and how far their schedules are.
#[derive(Default)]
pub(crate) struct Faults {
    injected: Vec<Injection>,
    requests: HashMap<Key, HashMap<Operation, u64>>,
}

struct Injection {
    fault: Fault,
    schedule: Schedule,
    /// How many requests it has seen.
    seen: u64,
}

impl Faults {
    pub(crate) fn inject(&mut self, fault: Fault, schedule: Schedule) {
        self.injected.push(Injection {
            fault,
            schedule,
            seen: 0,
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Faults::default();
    }

    /// The fault that strikes the next request: that of the first injection whose turn it is.
    pub(crate) fn strike(&mut self, concern: Option<&Concern>) -> Option<Fault> {
        if self.injected.is_empty() {
            return None;
        }
        let place = concern.map_or(0, |concern| {
            let places = self.requests.entry(concern.key.clone()).or_default();
            let place = places.entry(concern.operation).or_default();
            *place += 1;
            *place
        });
        let mut strikes = None;
        for (index, injection) in self.injected.iter_mut().enumerate() {
            if injection.is_due(index, concern, place) && strikes.is_none() {
                strikes = Some(injection.fault);
            }
        }
        strikes
    }
}

impl Injection {
    fn is_due(&mut self, index: usize, concern: Option<&Concern>, place: u64) -> bool {
        let operation = concern.map(|concern| concern.operation);
        if self.schedule.operation.is_some() && self.schedule.operation != operation {
            return false;
        }
        self.seen += 1;
        match &self.schedule.when {
            When::Always => true,
            When::First(count) => self.seen <= *count,
            When::Sequence(places) => places.contains(&self.seen),
            When::Probability { threshold, seed } => {
                draw(*seed, index, concern, place) < *threshold
            }
        }
    }
}

/// 64 bits that look random and are the same for the same request.
fn draw(seed: u64, index: usize, concern: Option<&Concern>, place: u64) -> u64 {
    let mut digest = Sha256::new();
    digest.update(seed.to_be_bytes());
    digest.update((index as u64).to_be_bytes());
    digest.update(place.to_be_bytes());
    if let Some(concern) = concern {
        digest.update(concern.operation.path());
        for part in concern.key.parts() {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    let bytes = digest.finalize();
    bytes
        .iter()
        .take(8)
        .fold(0, |drawn, byte| drawn << 8 | u64::from(*byte))
}
