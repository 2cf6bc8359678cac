//! What came of all lines.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{class::Class, finding::Finding, shard::Shard, states::States};

/// How many lines fell into each class.
///
/// serde writes an object with every class, such as `{"agrees":10,"paid_here_only":0,…}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Class, u64>", into = "BTreeMap<Class, u64>")]
pub struct Counts([u64; Class::ALL.len()]);

impl Counts {
    /// How many lines are of this class.
    pub fn of(&self, class: Class) -> u64 {
        self.0[class as usize]
    }

    pub(crate) fn set(&mut self, class: Class, lines: u64) {
        self.0[class as usize] = lines;
    }

    /// Counts one more.
    pub fn add(&mut self, class: Class) {
        self.0[class as usize] += 1;
    }

    /// The sum of all classes.
    pub fn sum(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many lines somebody must look at: see [`Class::is_mismatch`].
    pub fn mismatches(&self) -> u64 {
        let mismatches = Class::ALL.into_iter().filter(|class| class.is_mismatch());
        mismatches.map(|class| self.of(class)).sum()
    }

    /// Every class with its count, in the order of [`Class::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Class, u64)> + '_ {
        Class::ALL.into_iter().map(|class| (class, self.of(class)))
    }
}

impl From<BTreeMap<Class, u64>> for Counts {
    fn from(map: BTreeMap<Class, u64>) -> Self {
        let mut counts = Counts::default();
        for (class, count) in map {
            counts.0[class as usize] = count;
        }
        counts
    }
}

impl From<Counts> for BTreeMap<Class, u64> {
    fn from(counts: Counts) -> Self {
        counts.iter().collect()
    }
}

/// What came of all lines of a ledger, or of one shard of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The name of the ledger, without its folder.
    pub ledger: String,
    /// Whose bills they are: the member and the merchant, as `member/merchant`.
    pub merchant: String,
    /// The part of the ledger, if not all of it was compared.
    pub shard: Option<Shard>,
    /// The lines that were compared, without a header and empty lines: the sum of the classes.
    pub lines: u64,
    /// Whether something could not be read, so that the rest says nothing of the whole.
    pub partial: bool,
    /// The lines by class.
    pub classes: Counts,
    /// The lines by day and class. `None`, in JSON `unknown`, are lines of which no day is known, and those of further
    /// days once there are [`MOST_DAYS`](Summary::MOST_DAYS).
    #[serde(with = "days")]
    pub days: BTreeMap<Option<Date>, Counts>,
    /// The lines by day and the state that PaySsam says, with the keys of `days`.
    #[serde(default, with = "days")]
    pub states: BTreeMap<Option<Date>, States>,
    /// When the run began; that of a resumed run is its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// When the run ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

impl Summary {
    /// How many days are told apart: those of ten years.
    pub const MOST_DAYS: usize = 3_660;

    /// A summary of no lines yet.
    pub fn new(
        ledger: impl Into<String>,
        merchant: impl Into<String>,
        shard: Option<Shard>,
    ) -> Self {
        Summary {
            ledger: ledger.into(),
            merchant: merchant.into(),
            shard,
            lines: 0,
            partial: false,
            classes: Counts::default(),
            days: BTreeMap::new(),
            states: BTreeMap::new(),
            started: None,
            ended: None,
        }
    }

    /// Counts one line.
    pub fn add(&mut self, finding: &Finding) {
        self.lines += 1;
        self.partial |= finding.class == Class::CouldNotBeRead;
        self.classes.add(finding.class);
        let is_full = self.days.len() >= Summary::MOST_DAYS;
        let day = finding
            .day
            .filter(|day| !is_full || self.days.contains_key(&Some(*day)));
        self.days.entry(day).or_default().add(finding.class);
        let states = self.states.entry(day).or_default();
        states.add(finding.there.as_ref());
    }
}

/// Days as the keys of a JSON object.
mod days {
    use std::collections::BTreeMap;

    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    const UNKNOWN: &str = "unknown";

    pub(super) fn serialize<V: Serialize, S: Serializer>(
        days: &BTreeMap<Option<Date>, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(days.iter().map(|(day, value)| {
            let day = day.map_or_else(|| UNKNOWN.to_owned(), |day| day.to_string());
            (day, value)
        }))
    }

    pub(super) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Option<Date>, V>, D::Error> {
        let days = BTreeMap::<String, V>::deserialize(deserializer)?;
        let read = days.into_iter().map(|(day, value)| match day.as_str() {
            UNKNOWN => Ok((None, value)),
            day => day.parse().map(|day| (Some(day), value)),
        });
        read.collect::<Result<_, _>>().map_err(D::Error::custom)
    }
}
