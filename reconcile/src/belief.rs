//! One line of the business's books.

use std::fmt;

use jiff::civil::Date;
use payssam::{BillId, Won};
use serde::{Deserialize, Serialize};

/// What the books say of one bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belief {
    /// The line of the ledger on which it begins, from 1; a header counts.
    pub line: u64,
    /// The bill.
    pub bill_id: BillId,
    /// The amount in won; always there for a bill that the books say is paid.
    pub amount: Option<Won>,
    /// The state that the books give it.
    pub state: BelievedState,
    /// The day to which the books count it, if they say so.
    pub day: Option<Date>,
}

/// The state that the books give a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BelievedState {
    /// Not paid yet (미결제).
    Unpaid,
    /// Paid (결제완료).
    Paid,
    /// Paid, then cancelled: the money went back (취소).
    Cancelled,
    /// Withdrawn before anybody paid (파기).
    Destroyed,
}

impl BelievedState {
    /// All of them.
    pub const ALL: [BelievedState; 4] = [
        BelievedState::Unpaid,
        BelievedState::Paid,
        BelievedState::Cancelled,
        BelievedState::Destroyed,
    ];

    /// The word that JSON has, such as `paid`.
    pub fn as_str(self) -> &'static str {
        match self {
            BelievedState::Unpaid => "unpaid",
            BelievedState::Paid => "paid",
            BelievedState::Cancelled => "cancelled",
            BelievedState::Destroyed => "destroyed",
        }
    }
}

impl fmt::Display for BelievedState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
