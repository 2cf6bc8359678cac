//! What really happened to a bill.

use std::{collections::VecDeque, fmt, sync::Arc};

use payssam::{KoreanTime, Operation};

use crate::{event::Event, exchange::Exchange, fault::Fault};

/// How many of the entries that changed nothing are kept for a bill, and how many of its callbacks.
const KEPT: usize = 1_000;

/// The bytes of an entry, with those of a result code.
const ENTRY: usize = size_of::<HistoryEntry>() + 32;

/// An entry in the history of a bill: what really happened, whatever response the client got.
#[derive(Clone, PartialEq)]
pub struct HistoryEntry {
    pub(crate) at: KoreanTime,
    pub(crate) event: Event,
    pub(crate) operation: Option<Operation>,
    pub(crate) fault: Option<Fault>,
    /// Its number in the journal.
    pub(crate) number: u64,
    /// The request and the response to it.
    pub(crate) exchange: Option<Arc<Exchange>>,
}

impl HistoryEntry {
    pub(crate) fn without_request(event: Event, at: KoreanTime) -> Self {
        HistoryEntry {
            at,
            event,
            operation: None,
            fault: None,
            number: 0,
            exchange: None,
        }
    }

    /// The bytes that it takes.
    fn bytes(&self) -> usize {
        ENTRY
            + self
                .exchange
                .as_ref()
                .map_or(0, |exchange| exchange.bytes())
    }

    /// When it happened, by the clock of the mock server.
    pub fn at(&self) -> KoreanTime {
        self.at
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The operation that was requested; `None` when there was no request, such as for
    /// [`MockServer::pay`](crate::MockServer::pay).
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// The fault that was injected into the request, if any.
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }
}

impl fmt::Debug for HistoryEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.event)?;
        if let Some(operation) = self.operation {
            write!(formatter, " by {operation}")?;
        }
        if let Some(fault) = self.fault {
            write!(formatter, " with {fault}")?;
        }
        Ok(())
    }
}

/// A callback of a bill was queued or sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CallbackEntry {
    pub(crate) at: KoreanTime,
    /// Its number in the journal.
    pub(crate) number: u64,
    /// The number of the callback.
    pub(crate) id: u64,
    /// How often it had been sent before.
    pub(crate) repeat: u32,
    /// Whether it was acknowledged; `None` when it was queued.
    pub(crate) is_acknowledged: Option<bool>,
}

/// The entries of one bill, and those of its callbacks, the oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    entries: Vec<HistoryEntry>,
    callbacks: VecDeque<CallbackEntry>,
}

impl History {
    pub(crate) fn entries(&self) -> &[HistoryEntry] {
        &self.entries
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        let entries = self.entries.iter().map(HistoryEntry::bytes);
        entries.sum::<usize>() + self.callbacks.len() * size_of::<CallbackEntry>()
    }

    /// A history as it was saved.
    pub(crate) fn of(entries: Vec<HistoryEntry>, callbacks: Vec<CallbackEntry>) -> Self {
        History {
            entries,
            callbacks: callbacks.into(),
        }
    }

    /// What happened to its callbacks.
    pub(crate) fn callbacks(&self) -> impl Iterator<Item = &CallbackEntry> {
        self.callbacks.iter()
    }

    /// The entry of a callback with this number.
    pub(crate) fn callback(&self, number: u64) -> Option<&CallbackEntry> {
        let found = self
            .callbacks
            .binary_search_by_key(&number, |entry| entry.number);
        found.ok().map(|index| &self.callbacks[index])
    }

    /// Adds what happened to a callback. When there are too many, or there is no room, the oldest is dropped.
    pub(crate) fn push_callback(&mut self, entry: CallbackEntry, has_room: bool) -> Pushed {
        let bytes = size_of::<CallbackEntry>();
        let is_full = self.callbacks.len() >= KEPT || !has_room;
        let dropped = is_full.then(|| self.callbacks.pop_front()).flatten();
        self.callbacks.push_back(entry);
        Pushed {
            grown: bytes,
            shrunk: dropped.map_or(0, |_| bytes),
            dropped: dropped.map(|dropped| dropped.number),
        }
    }

    /// The entry with this number.
    pub(crate) fn entry(&self, number: u64) -> Option<&HistoryEntry> {
        let found = self
            .entries
            .binary_search_by_key(&number, |entry| entry.number);
        found.ok().map(|index| &self.entries[index])
    }

    /// Adds an entry. When too many changed nothing, or there is no room for more of those, the oldest of
    /// them is dropped.
    pub(crate) fn push(&mut self, entry: HistoryEntry, has_room: bool) -> Pushed {
        let mut pushed = Pushed {
            grown: entry.bytes(),
            shrunk: 0,
            dropped: None,
        };
        if !entry.event.changes_the_bill() {
            let is_unchanged = |entry: &HistoryEntry| !entry.event.changes_the_bill();
            let count = self
                .entries
                .iter()
                .filter(|entry| is_unchanged(entry))
                .count();
            if let Some(oldest) = self
                .entries
                .iter()
                .position(is_unchanged)
                .filter(|_| count == KEPT || !has_room)
            {
                let oldest = self.entries.remove(oldest);
                pushed.shrunk = oldest.bytes();
                pushed.dropped = Some(oldest.number);
            }
        }
        self.entries.push(entry);
        pushed
    }
}

/// What an entry changed in a history.
pub(crate) struct Pushed {
    /// How many bytes came, and how many went.
    pub(crate) grown: usize,
    pub(crate) shrunk: usize,
    /// The number of the entry that went.
    pub(crate) dropped: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(history: &mut History, event: Event) {
        let at = "20260102030405".parse().unwrap();
        history.push(HistoryEntry::without_request(event, at), true);
    }

    #[test]
    fn the_last_thousand_entries_that_changed_nothing_are_kept_and_every_change() {
        let mut history = History::default();
        push(&mut history, Event::Added);
        push(&mut history, Event::Resent);
        push(&mut history, Event::Paid);
        for _ in 0..1_000 {
            push(&mut history, Event::Read);
        }
        push(&mut history, Event::Cancelled);
        let events: Vec<&Event> = history.entries().iter().map(HistoryEntry::event).collect();
        assert_eq!(events.len(), 1_003);
        assert_eq!(events[..2], [&Event::Added, &Event::Paid]);
        assert_eq!(events[2..1_002], [&Event::Read; 1_000]);
        assert_eq!(events[1_002], &Event::Cancelled);
    }

    #[test]
    fn without_room_one_entry_that_changed_nothing_is_kept_and_every_change() {
        let mut history = History::default();
        let at = "20260102030405".parse().unwrap();
        let mut grown = Vec::new();
        for event in [
            Event::Added,
            Event::Read,
            Event::Resent,
            Event::Paid,
            Event::Read,
        ] {
            let pushed = history.push(HistoryEntry::without_request(event, at), false);
            grown.push(pushed.grown - pushed.shrunk);
        }
        assert_eq!(grown, [ENTRY, ENTRY, 0, ENTRY, 0]);
        let events: Vec<&Event> = history.entries().iter().map(HistoryEntry::event).collect();
        assert_eq!(events, [&Event::Added, &Event::Paid, &Event::Read]);
    }
}
