//! What can happen to a bill.

use payssam::ResultCode;

/// What happened to a bill.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// It was sent or added, unpaid.
    Added,
    /// It was paid.
    Paid,
    /// The payment was cancelled: the money went back to the payer.
    Cancelled,
    /// It was destroyed.
    Destroyed,
    /// Its message was sent once more.
    Resent,
    /// It was read.
    Read,
    /// The mock server rejected the request with this code.
    Rejected(ResultCode),
    /// A fault kept the request from being carried out.
    NotApplied,
}

impl Event {
    /// Whether the bill has another state afterwards.
    pub(crate) fn changes_the_bill(&self) -> bool {
        match self {
            Event::Added | Event::Paid | Event::Cancelled | Event::Destroyed => true,
            Event::Resent | Event::Read | Event::Rejected(_) | Event::NotApplied => false,
        }
    }
}
