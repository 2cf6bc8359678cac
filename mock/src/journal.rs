//! Everything that happens in a mock server, in one order.

use std::{collections::VecDeque, sync::Arc};

use payssam::{BillState, KoreanTime, Operation};
use tokio::sync::watch;

use crate::{event::Event, exchange::Exchange, fault::Fault, key::Key};

/// How many entries are kept, and how many bytes of them.
const KEPT: usize = 10_000;
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// What happened.
#[derive(Clone)]
pub(crate) enum What {
    /// A request came, and was responded to.
    Request {
        method: Box<str>,
        path: Box<str>,
        operation: Option<Operation>,
        code: Option<Box<str>>,
        fault: Option<Fault>,
        exchange: Arc<Exchange>,
    },
    /// Something happened to a bill, and this is its state now.
    Bill(Event, Option<BillState>),
    CallbackQueued(u64),
    CallbackSent {
        id: u64,
        is_acknowledged: bool,
    },
    CallbacksChanged,
    FaultsChanged,
    ClockAdvanced,
    /// The whole world is another one.
    Replaced,
}

impl What {
    /// Its name in JSON.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            What::Request { .. } => "request",
            What::Bill(..) => "bill",
            What::CallbackQueued(_) => "callback_queued",
            What::CallbackSent { .. } => "callback_sent",
            What::CallbacksChanged => "callbacks_changed",
            What::FaultsChanged => "faults_changed",
            What::ClockAdvanced => "clock_advanced",
            What::Replaced => "replaced",
        }
    }

    fn bytes(&self) -> usize {
        match self {
            What::Request { path, exchange, .. } => path.len() + exchange.bytes(),
            _ => 0,
        }
    }
}

/// What happened, and when.
#[derive(Clone)]
pub(crate) struct JournalEntry {
    pub(crate) number: u64,
    pub(crate) at: KoreanTime,
    /// The bill or the cash receipt that it is about.
    pub(crate) key: Option<Key>,
    pub(crate) what: What,
}

impl JournalEntry {
    fn bytes(&self) -> usize {
        size_of_val(self) + self.key.as_ref().map_or(0, Key::bytes) + self.what.bytes()
    }
}

/// The last 10,000 entries, or 16 MiB of them, the oldest first. Numbers count from 1.
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    bytes: usize,
    last: u64,
    told: watch::Sender<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Journal {
            entries: VecDeque::new(),
            bytes: 0,
            last: 0,
            told: watch::Sender::new(0),
        }
    }
}

impl Journal {
    /// Adds an entry, and returns its number.
    pub(crate) fn push(&mut self, at: KoreanTime, key: Option<Key>, what: What) -> u64 {
        self.last += 1;
        let entry = JournalEntry {
            number: self.last,
            at,
            key,
            what,
        };
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
        }
        self.last
    }

    /// The number of the last entry.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Numbers go on behind this one.
    pub(crate) fn go_on_after(&mut self, number: u64) {
        self.last = self.last.max(number);
    }

    /// The entries behind a number, the oldest first, and whether some behind it are kept no longer.
    pub(crate) fn after(
        &self,
        number: u64,
    ) -> (impl DoubleEndedIterator<Item = &JournalEntry>, bool) {
        let first = self
            .entries
            .front()
            .map_or(self.last + 1, |entry| entry.number);
        let skipped = self.entries.partition_point(|entry| entry.number <= number);
        let is_behind = number > self.last || first > number.saturating_add(1);
        (self.entries.range(skipped..), is_behind)
    }

    /// Tells those who wait that something happened.
    pub(crate) fn tell(&self) {
        let last = self.last;
        self.told
            .send_if_modified(|told| std::mem::replace(told, last) != last);
    }

    /// Who waits for what happens next.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> KoreanTime {
        "20260102030405".parse().unwrap()
    }

    #[test]
    fn the_last_ten_thousand_are_kept_and_who_is_further_behind_is_told() {
        let mut journal = Journal::default();
        for _ in 0..10_003 {
            journal.push(at(), None, What::ClockAdvanced);
        }
        let (entries, is_behind) = journal.after(3);
        assert_eq!((entries.count(), is_behind), (10_000, false));
        assert!(journal.after(2).1);
        assert!(!journal.after(10_003).1);
        // Another mock server, or one that forgot.
        assert!(journal.after(10_004).1);
    }
}
