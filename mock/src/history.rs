//! What really happened to a bill of the mock server.

use std::fmt;

use crate::fault::Fault;
use payssam::{KoreanTime, Operation, ResultCode};

/// How many entries of a bill that changed nothing are kept.
const KEPT: usize = 1_000;

/// What was done to a bill.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// It was sent or added, unpaid.
    Added,
    /// It was paid.
    Paid,
    /// The payment was cancelled: the money went back.
    Cancelled,
    /// It was destroyed.
    Destroyed,
    /// Its message was sent once more.
    Resent,
    /// It was read.
    Read,
    /// The mock server refused the request with this code.
    Refused(ResultCode),
    /// A fault kept the request from being carried out.
    NotApplied,
}

impl Event {
    fn changes_the_bill(&self) -> bool {
        match self {
            Event::Added | Event::Paid | Event::Cancelled | Event::Destroyed => true,
            Event::Resent | Event::Read | Event::Refused(_) | Event::NotApplied => false,
        }
    }
}

/// One line of the ledger: what happened to a bill, whatever its client was told.
#[derive(Clone, PartialEq)]
pub struct HistoryEntry {
    pub(crate) at: KoreanTime,
    pub(crate) event: Event,
    pub(crate) operation: Option<Operation>,
    pub(crate) fault: Option<Fault>,
}

impl HistoryEntry {
    pub(crate) fn without_request(event: Event, at: KoreanTime) -> Self {
        HistoryEntry {
            at,
            event,
            operation: None,
            fault: None,
        }
    }

    /// When.
    pub fn at(&self) -> KoreanTime {
        self.at
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The operation that was asked for; `None` for what a [`MockServer`](crate::MockServer) was told to do
    /// without a request.
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// What went wrong with the request, if something did.
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

/// The entries of one bill, the oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    entries: Vec<HistoryEntry>,
}

impl History {
    pub(crate) fn entries(&self) -> &[HistoryEntry] {
        &self.entries
    }

    /// Adds an entry. Of those that changed nothing the oldest is forgotten when they grow too many.
    pub(crate) fn note(&mut self, entry: HistoryEntry) {
        if !entry.event.changes_the_bill() {
            let idle = |entry: &HistoryEntry| !entry.event.changes_the_bill();
            let count = self.entries.iter().filter(|entry| idle(entry)).count();
            if let Some(oldest) = self.entries.iter().position(idle).filter(|_| count == KEPT) {
                self.entries.remove(oldest);
            }
        }
        self.entries.push(entry);
    }
}
