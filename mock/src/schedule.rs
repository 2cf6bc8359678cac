//! Which requests a fault is injected into.

use std::collections::BTreeSet;

use payssam::{Error, Operation};

use crate::key::Key;

/// Which requests a [`Fault`](crate::Fault) is injected into.
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
    pub(crate) when: When,
    pub(crate) operation: Option<Operation>,
    pub(crate) scope: Scope,
}

/// Whose requests, each as far as it is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scope {
    pub(crate) partner: Option<String>,
    pub(crate) member: Option<String>,
    pub(crate) merchant: Option<String>,
}

impl Scope {
    /// Whether it is everybody.
    pub(crate) fn is_all(&self) -> bool {
        *self == Scope::default()
    }

    /// Whether a member and its merchant are of it.
    pub(crate) fn fits(&self, (member, merchant): &(String, String)) -> bool {
        self.member.as_ref().is_none_or(|given| given == member)
            && self.merchant.as_ref().is_none_or(|given| given == merchant)
    }

    /// Whether all that it has is of the other one too.
    pub(crate) fn is_within(&self, other: &Scope) -> bool {
        self.parts()
            .into_iter()
            .zip(other.parts())
            .all(|(own, other)| other.is_none() || own == other)
    }

    /// Whether something may be of both.
    pub(crate) fn meets(&self, other: &Scope) -> bool {
        self.parts()
            .into_iter()
            .zip(other.parts())
            .all(|(own, other)| own.is_none() || other.is_none() || own == other)
    }

    fn parts(&self) -> [Option<&str>; 3] {
        [&self.partner, &self.member, &self.merchant].map(Option::as_deref)
    }

    pub(crate) fn has(&self, key: &Key) -> bool {
        let is = |given: &Option<String>, known: &str| given.as_ref().is_none_or(|it| it == known);
        is(&self.partner, key.partner())
            && is(&self.member, key.member())
            && is(&self.merchant, key.merchant())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum When {
    Always,
    First(u64),
    Sequence(BTreeSet<u64>),
    Every(u64),
    /// Those beyond so many in a second.
    Beyond(u64),
    /// When a draw of 64 bits is below the threshold.
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

    /// The next request only.
    pub fn once() -> Self {
        Schedule::first(1)
    }

    /// The next `count` requests.
    pub fn first(count: u64) -> Self {
        Schedule::of(When::First(count))
    }

    /// The requests at these positions, counted from 1 after the injection.
    pub fn sequence(positions: impl IntoIterator<Item = u64>) -> Self {
        Schedule::of(When::Sequence(positions.into_iter().collect()))
    }

    /// Every `nth` request: with 3 the third, the sixth and so on, counted after the injection. With 0 none.
    pub fn every(nth: u64) -> Self {
        Schedule::of(When::Every(nth))
    }

    /// The requests beyond so many in one second, by the clock of the mock server. A second begins when the clock
    /// shows another one.
    pub fn beyond_per_second(requests: u64) -> Self {
        Schedule::of(When::Beyond(requests))
    }

    /// Each request with this probability, from 0 to 1.
    ///
    /// The same seed repeats the same faults, and not the links of bills, which are always random: whether a request
    /// meets the fault depends on the seed, the fault, and how many requests this injection counted before, and on no
    /// other fault, bill or partner.
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
        // The cast drops the fraction; less than 1 times 2^64 fits.
        let threshold = (probability * 2_f64.powi(64)) as u64;
        Ok(Schedule::of(When::Probability { threshold, seed }))
    }

    /// Only requests of this operation; others are not counted either.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only requests of these; others are not counted either.
    pub(crate) fn of_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    fn of(when: When) -> Self {
        Schedule {
            when,
            operation: None,
            scope: Scope::default(),
        }
    }
}
