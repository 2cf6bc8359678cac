//! What a call is about.

use std::fmt;

use crate::BillId;

/// What a call is about, to say so when it fails.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A bill.
    Bill(BillId),
    /// A cash receipt.
    Receipt(BillId),
    /// Whatever a call to this path is about, such as a [raw call](crate::Client::call).
    Path(Box<str>),
}

impl Subject {
    /// The identifier of the bill or of the cash receipt, if the call is about one.
    pub fn bill_id(&self) -> Option<&BillId> {
        match self {
            Subject::Bill(id) | Subject::Receipt(id) => Some(id),
            Subject::Path(_) => None,
        }
    }
}

impl From<&BillId> for Subject {
    fn from(id: &BillId) -> Self {
        Subject::Bill(id.clone())
    }
}

impl fmt::Display for Subject {
    /// Such as `bill 2024-0001` or `/bill/rp`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Bill(id) => write!(formatter, "bill {id}"),
            Subject::Receipt(id) => write!(formatter, "receipt {id}"),
            Subject::Path(path) => formatter.write_str(path),
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Subject({self})")
    }
}
