//! The chart: a bar for each day, or each month or year where there are many.

use std::collections::BTreeMap;

use super::{
    number::grouped,
    words::{self, Words},
};
use crate::{class::Class, summary::Summary};

/// The most bars; beyond it days become months, months years, and the earliest years one bar.
const MOST: usize = 31;

/// The width of the longest bar.
const WIDTH: u64 = 1_000;

/// The least width of what is not nothing, so that one mismatch among a million lines is seen.
const LEAST: u64 = 6;

/// One bar.
pub(crate) struct Bar {
    /// The day, the month or the year; `None` where no day is known.
    pub(crate) period: Option<String>,
    /// Whether it holds everything before the next bar.
    pub(crate) is_earlier: bool,
    /// By the state that PaySsam says.
    pub(crate) states: Vec<Part>,
    /// What of it is no agreement.
    pub(crate) trouble: Vec<Part>,
}

/// A part of a bar.
pub(crate) struct Part {
    pub(crate) name: Words,
    /// Its colour, by the name that the style has for it.
    pub(crate) tone: &'static str,
    pub(crate) lines: String,
    pub(crate) x: u64,
    pub(crate) width: u64,
}

#[derive(Clone, Default)]
struct Sums {
    states: [u64; words::STATES.len()],
    mismatches: u64,
    unread: u64,
}

impl Sums {
    fn lines(&self) -> u64 {
        self.states.iter().sum()
    }

    fn add(&mut self, other: &Sums) {
        for (sum, more) in self.states.iter_mut().zip(other.states) {
            *sum += more;
        }
        self.mismatches += other.mismatches;
        self.unread += other.unread;
    }
}

/// The bars of the chart, the earliest first.
pub(crate) fn bars(summary: &Summary) -> Vec<Bar> {
    let mut unknown = None;
    let mut days = BTreeMap::new();
    for (day, counts) in &summary.days {
        let states = summary.states.get(day).copied().unwrap_or_default();
        let sums = Sums {
            states: [
                states.paid,
                states.unpaid,
                states.cancelled,
                states.destroyed,
                // A summary of an earlier version has no states.
                states.unknown + counts.sum().saturating_sub(states.sum()),
            ],
            mismatches: counts.mismatches(),
            unread: counts.of(Class::CouldNotBeRead),
        };
        if let Some(day) = day {
            days.insert(day.to_string(), sums);
        } else {
            unknown = Some(sums);
        }
    }
    let (periods, has_earlier) = periods(&days);
    let all = periods.values().chain(&unknown).map(Sums::lines);
    let most = all.max().unwrap_or_default();
    let mut bars: Vec<_> = periods
        .into_iter()
        .map(|(period, sums)| bar(Some(period), &sums, most))
        .collect();
    if let Some(first) = bars.first_mut() {
        first.is_earlier = has_earlier;
    }
    bars.extend(unknown.map(|sums| bar(None, &sums, most)));
    bars
}

/// Days, or months or years, so that there are not too many; and whether the first holds all years before.
fn periods(days: &BTreeMap<String, Sums>) -> (BTreeMap<String, Sums>, bool) {
    let mut periods = days.clone();
    for letters in ["2026-03-17", "2026-03", "2026"].map(str::len) {
        if letters < "2026-03-17".len() {
            periods = BTreeMap::new();
            for (day, sums) in days {
                let end = day.len() - ("2026-03-17".len() - letters);
                periods.entry(day[..end].to_owned()).or_default().add(sums);
            }
        }
        if periods.len() <= MOST {
            return (periods, false);
        }
    }
    let mut earlier = Sums::default();
    while periods.len() > MOST {
        if let Some((_, sums)) = periods.pop_first() {
            earlier.add(&sums);
        }
    }
    if let Some(mut first) = periods.first_entry() {
        first.get_mut().add(&earlier);
    }
    (periods, true)
}

fn bar(period: Option<String>, sums: &Sums, most: u64) -> Bar {
    let states = words::STATES.into_iter().zip(sums.states);
    let trouble = words::TROUBLE
        .into_iter()
        .zip([sums.mismatches, sums.unread]);
    Bar {
        period,
        is_earlier: false,
        states: parts(states, most),
        trouble: parts(trouble, most),
    }
}

/// Those that are not empty, side by side.
fn parts(counts: impl Iterator<Item = ((&'static str, Words), u64)>, most: u64) -> Vec<Part> {
    let mut x = 0;
    let counts = counts.filter(|&(_, lines)| lines > 0);
    counts
        .map(|((tone, name), lines)| {
            let width = u128::from(lines) * u128::from(WIDTH) / u128::from(most.max(1));
            let width = u64::try_from(width).unwrap_or(WIDTH).max(LEAST);
            let part = Part {
                name,
                tone,
                lines: grouped(lines),
                x,
                width,
            };
            x += width;
            part
        })
        .collect()
}
