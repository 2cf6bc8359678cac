//! What really happened to a bill of the sandbox.

use std::fmt;

use super::fault::Fault;
use crate::{KoreanTime, Operation, ResultCode};

/// How many entries of a bill that changed nothing are kept.
const KEPT: usize = 1_000;

/// What was done to a bill.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Deed {
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
    /// The sandbox refused the request with this code.
    Refused(ResultCode),
    /// A fault kept the request from being carried out.
    NotApplied,
}

impl Deed {
    fn changes_the_bill(&self) -> bool {
        match self {
            Deed::Added | Deed::Paid | Deed::Cancelled | Deed::Destroyed => true,
            Deed::Resent | Deed::Read | Deed::Refused(_) | Deed::NotApplied => false,
        }
    }
}

/// One line of the ledger: what happened to a bill, whatever its client was told.
#[derive(Clone, PartialEq)]
pub struct LedgerEntry {
    pub(super) at: KoreanTime,
    pub(super) deed: Deed,
    pub(super) operation: Option<Operation>,
    pub(super) fault: Option<Fault>,
}

impl LedgerEntry {
    pub(super) fn without_request(deed: Deed, at: KoreanTime) -> Self {
        LedgerEntry {
            at,
            deed,
            operation: None,
            fault: None,
        }
    }

    /// When.
    pub fn at(&self) -> KoreanTime {
        self.at
    }

    /// What happened.
    pub fn deed(&self) -> &Deed {
        &self.deed
    }

    /// The operation that was asked for; `None` for what a [`Sandbox`](super::Sandbox) was told to do
    /// without a request.
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// What went wrong with the request, if something did.
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }
}

impl fmt::Debug for LedgerEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.deed)?;
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
pub(super) struct History {
    entries: Vec<LedgerEntry>,
}

impl History {
    pub(super) fn entries(&self) -> &[LedgerEntry] {
        &self.entries
    }

    /// Adds an entry. Of those that changed nothing the oldest is forgotten when they grow too many.
    pub(super) fn note(&mut self, entry: LedgerEntry) {
        if !entry.deed.changes_the_bill() {
            let idle = |entry: &LedgerEntry| !entry.deed.changes_the_bill();
            let count = self.entries.iter().filter(|entry| idle(entry)).count();
            if let Some(oldest) = self.entries.iter().position(idle).filter(|_| count == KEPT) {
                self.entries.remove(oldest);
            }
        }
        self.entries.push(entry);
    }
}
