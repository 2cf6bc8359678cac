//! What a call is about.

use std::fmt;

use crate::value::BillId;

/// What a call is about, so that its error can say it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A bill.
    Bill(BillId),
    /// A cash receipt.
    Receipt(BillId),
    /// What a call to this path is about, such as a [raw call](crate::Client::call).
    Path(Box<str>),
}

impl Subject {
    /// The id of the bill or of the cash receipt, if the call is about one.
    pub fn bill_id(&self) -> Option<&BillId> {
        match self {
            Subject::Bill(id) | Subject::Receipt(id) => Some(id),
            Subject::Path(_) => None,
        }
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
