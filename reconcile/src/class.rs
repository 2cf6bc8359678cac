//! The classes into which every line of a ledger falls, exactly one each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What came of one line. "Here" is in the books, "there" is at PaySsam.
///
/// serde and `Display` write the name of [`as_str`](Class::as_str), which is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The books and PaySsam say the same.
    Agrees,
    /// The books say paid; PaySsam says that nobody has paid.
    PaidHereOnly,
    /// PaySsam says paid; the books say something else.
    PaidThereOnly,
    /// Both say paid, or both say cancelled, with different amounts.
    AmountDiffers,
    /// PaySsam says that the payment was cancelled; the books say something else.
    CancelledElsewhere,
    /// PaySsam says that the bill was destroyed; the books say something else.
    ///
    /// It may have been paid on site (현장납부), which the API does not show (observed).
    Destroyed,
    /// PaySsam says that this member and merchant have no such bill.
    NotFound,
    /// PaySsam responded, and that settles nothing: an unknown state, an amount that is missing or cannot be read, or a
    /// bill that is over in the books and can still be paid there.
    Unsettled,
    /// An earlier line has the same bill id. This one is not compared.
    DuplicateLine,
    /// The line itself cannot be read. Nothing was asked.
    UnreadableLine,
    /// PaySsam could not be asked, or its response cannot be read: neither agreement nor a mismatch.
    CouldNotBeRead,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 11] = [
        Class::Agrees,
        Class::PaidHereOnly,
        Class::PaidThereOnly,
        Class::AmountDiffers,
        Class::CancelledElsewhere,
        Class::Destroyed,
        Class::NotFound,
        Class::Unsettled,
        Class::DuplicateLine,
        Class::UnreadableLine,
        Class::CouldNotBeRead,
    ];

    /// Its stable name, such as `paid_here_only`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Agrees => "agrees",
            Class::PaidHereOnly => "paid_here_only",
            Class::PaidThereOnly => "paid_there_only",
            Class::AmountDiffers => "amount_differs",
            Class::CancelledElsewhere => "cancelled_elsewhere",
            Class::Destroyed => "destroyed",
            Class::NotFound => "not_found",
            Class::Unsettled => "unsettled",
            Class::DuplicateLine => "duplicate_line",
            Class::UnreadableLine => "unreadable_line",
            Class::CouldNotBeRead => "could_not_be_read",
        }
    }

    /// Whether somebody must look at the line: everything but [`Agrees`](Class::Agrees), which is fine, and
    /// [`CouldNotBeRead`](Class::CouldNotBeRead), of which nothing is known.
    pub fn is_mismatch(self) -> bool {
        !matches!(self, Class::Agrees | Class::CouldNotBeRead)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
