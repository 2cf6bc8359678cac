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
    /// It was destroyed because it was paid on site (현장납부), as the merchant says in PaySsam's manager app.
    PaidOnSite,
    /// Its last day was moved into the past. It stays unpaid.
    Expired,
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
    /// Its name, such as `paid_on_site`.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Added => "added",
            Event::Paid => "paid",
            Event::Cancelled => "cancelled",
            Event::Destroyed => "destroyed",
            Event::PaidOnSite => "paid_on_site",
            Event::Expired => "expired",
            Event::Resent => "resent",
            Event::Read => "read",
            Event::Rejected(_) => "rejected",
            Event::NotApplied => "not_applied",
        }
    }

    /// The event with this name, and with this result code if it is a rejection.
    pub(crate) fn named(name: &str, code: &str) -> Option<Event> {
        let all = [
            Event::Added,
            Event::Paid,
            Event::Cancelled,
            Event::Destroyed,
            Event::PaidOnSite,
            Event::Expired,
            Event::Resent,
            Event::Read,
            Event::Rejected(ResultCode::new(code)),
            Event::NotApplied,
        ];
        all.into_iter().find(|event| event.name() == name)
    }

    /// Whether the bill has another state afterwards.
    pub(crate) fn changes_the_bill(&self) -> bool {
        match self {
            Event::Added
            | Event::Paid
            | Event::Cancelled
            | Event::Destroyed
            | Event::PaidOnSite
            | Event::Expired => true,
            Event::Resent | Event::Read | Event::Rejected(_) | Event::NotApplied => false,
        }
    }
}
