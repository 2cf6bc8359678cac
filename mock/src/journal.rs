//! Everything that happens in a mock server, in one order.

use std::{collections::VecDeque, sync::Arc};

use payssam::{BillState, KoreanTime, Operation};
use tokio::sync::watch;

use crate::{event::Event, exchange::Exchange, fault::Fault, key::Key, schedule::Scope};

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
    /// Whom it is about, if it is about no bill or cash receipt.
    scope: Scope,
    pub(crate) what: What,
}

impl JournalEntry {
    /// Whether those of a scope see it. A request of nobody who is known is seen by those alone who see all.
    pub(crate) fn is_of(&self, scope: &Scope) -> bool {
        match (&self.key, &self.what) {
            (Some(key), _) => scope.has(key),
            (None, What::Request { .. } | What::Bill(..)) => scope.is_all(),
            (None, _) => self.scope.meets(scope),
        }
    }

    fn bytes(&self) -> usize {
        size_of_val(self) + self.key.as_ref().map_or(0, Key::bytes) + self.what.bytes()
    }
}

/// The last 10,000 entries, or 16 MiB of them, the oldest first. Numbers count from 1.
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    bytes: usize,
    last: u64,
    /// The number of the last one that is kept no longer, because there were too many.
    gone: u64,
    told: watch::Sender<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Journal {
            entries: VecDeque::new(),
            bytes: 0,
            last: 0,
            gone: 0,
            told: watch::Sender::new(0),
        }
    }
}

impl Journal {
    /// Adds an entry, and returns its number.
    pub(crate) fn push(&mut self, at: KoreanTime, key: Option<Key>, what: What) -> u64 {
        self.push_of(at, key, Scope::default(), what)
    }

    /// Adds an entry about those of a scope.
    pub(crate) fn push_of(
        &mut self,
        at: KoreanTime,
        key: Option<Key>,
        scope: Scope,
        what: What,
    ) -> u64 {
        self.last += 1;
        let entry = JournalEntry {
            number: self.last,
            at,
            key,
            scope,
            what,
        };
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
            self.gone = oldest.number;
        }
        self.last
    }

    /// Forgets the requests of a scope.
    pub(crate) fn forget_requests(&mut self, scope: &Scope) {
        let mut freed = 0;
        self.entries.retain(|entry| {
            let stays = !matches!(entry.what, What::Request { .. }) || !entry.is_of(scope);
            if !stays {
                freed += entry.bytes();
            }
            stays
        });
        self.bytes -= freed;
    }

    /// The number of the last entry.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Numbers go on behind this one.
    pub(crate) fn go_on_after(&mut self, number: u64) {
        if number > self.last {
            self.last = number;
            self.gone = number;
        }
    }

    /// The entries behind a number, the oldest first, and whether some behind it are kept no longer.
    pub(crate) fn after(
        &self,
        number: u64,
    ) -> (impl DoubleEndedIterator<Item = &JournalEntry>, bool) {
        let skipped = self.entries.partition_point(|entry| entry.number <= number);
        let is_behind = number > self.last || number < self.gone;
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
