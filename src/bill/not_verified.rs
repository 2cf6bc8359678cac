//! Why a payment is not verified.

use std::{error, fmt};

use super::verified_payment::VerifiedCancellation;
use crate::{
    outcome::Error,
    redact::shown_within,
    value::{BillId, BillState, Won},
};

/// Why a payment is not verified. Book no payment.
///
/// [`response`](NotVerified::response) is what to respond to the callback that led here, and
/// [`is_retryable`](NotVerified::is_retryable) says whether the same question may have another answer later.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotVerified {
    /// The bill could not be read, or the merchant has none with this id.
    NotRead(Error),
    /// Too many callbacks came within a minute ([`VerifyLimit`](crate::VerifyLimit)), so nothing was read.
    #[non_exhaustive]
    TooMany {
        /// The bill.
        bill_id: BillId,
        /// Whether they were about this bill; else about any.
        of_this_bill: bool,
    },
    /// The bill was read as paid, and the read states no amount, or one that cannot be read.
    #[non_exhaustive]
    AmountUnreadable {
        /// The bill.
        bill_id: BillId,
    },
    /// The bill was read, and is not paid, or differs from what was expected.
    #[non_exhaustive]
    Differs {
        /// The bill.
        bill_id: BillId,
        /// What differs.
        part: Part,
        /// The state that was read.
        state: BillState,
        /// The amount that was read, if there was one that can be read. That of an unpaid bill was not paid.
        amount: Option<Won>,
    },
    /// The bill was paid, and cancelled since: the money went back. This is final. Book the cancellation
    /// once, as a payment is booked, and acknowledge the callback then.
    CancelledSince(Box<VerifiedCancellation>),
}

impl NotVerified {
    /// Whether the payment may be verified later: while the bill reads unpaid or is not found, could not be
    /// read, or holds a state or an amount that this version cannot read, and after too many callbacks.
    ///
    /// `false` for a bill that reads cancelled, destroyed or with another amount: look at it.
    pub fn is_retryable(&self) -> bool {
        match self {
            // Nothing is known of the payment then, so nobody may give it up.
            NotVerified::NotRead(_)
            | NotVerified::TooMany { .. }
            | NotVerified::AmountUnreadable { .. } => true,
            NotVerified::Differs { state, .. } => {
                matches!(state, BillState::Unpaid | BillState::Unknown(_))
            }
            NotVerified::CancelledSince(_) => false,
        }
    }

    /// The bill that it is about, if there was a request for one.
    pub fn bill_id(&self) -> Option<&BillId> {
        match self {
            NotVerified::NotRead(error) => error.bill_id(),
            NotVerified::TooMany { bill_id, .. }
            | NotVerified::AmountUnreadable { bill_id }
            | NotVerified::Differs { bill_id, .. } => Some(bill_id),
            NotVerified::CancelledSince(cancellation) => Some(cancellation.bill_id()),
        }
    }

    /// The state that was read, if the bill was read.
    pub fn state(&self) -> Option<&BillState> {
        match self {
            NotVerified::NotRead(_) | NotVerified::TooMany { .. } => None,
            NotVerified::AmountUnreadable { .. } => Some(&BillState::Paid),
            NotVerified::Differs { state, .. } => Some(state),
            NotVerified::CancelledSince(cancellation) => Some(cancellation.bill().state()),
        }
    }

    /// The amount that was read, if the bill was read and states one that can be read.
    pub fn amount(&self) -> Option<Won> {
        match self {
            NotVerified::Differs { amount, .. } => *amount,
            NotVerified::CancelledSince(cancellation) => cancellation.amount(),
            _ => None,
        }
    }

    /// The cancellation to book, if the bill was cancelled since.
    pub fn cancellation(&self) -> Option<&VerifiedCancellation> {
        match self {
            NotVerified::CancelledSince(cancellation) => Some(cancellation),
            _ => None,
        }
    }
}

/// What differs between a bill and what was expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The state: the bill is not paid, or the callback says another state.
    State,
    /// The amount.
    Amount,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Part::State => "state",
            Part::Amount => "amount",
        })
    }
}

impl From<Error> for NotVerified {
    fn from(error: Error) -> Self {
        NotVerified::NotRead(error)
    }
}

/// An amount that was read, in words.
struct Read(Option<Won>);

impl fmt::Display for Read {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(amount) => write!(formatter, "{amount} won"),
            None => formatter.write_str("no amount that can be read"),
        }
    }
}

/// The most characters of the error of a read: what is said around it fits into 500 with it.
const LONGEST_CAUSE: usize = 440;

/// The most characters of a state that this version does not know.
const LONGEST_STATE: usize = 100;

impl fmt::Display for NotVerified {
    /// At most 500 characters.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the payment is not verified: ")?;
        match self {
            NotVerified::NotRead(error) => {
                let error = error.within(LONGEST_CAUSE)?;
                write!(formatter, "{error}; book nothing, and try again")
            }
            NotVerified::TooMany {
                bill_id,
                of_this_bill,
            } => {
                let about = if *of_this_bill { "it" } else { "all bills" };
                write!(
                    formatter,
                    "bill {bill_id}: too many callbacks about {about} within a minute, so nothing was read; \
                     book nothing, and respond that it should be sent again"
                )
            }
            NotVerified::AmountUnreadable { bill_id } => write!(
                formatter,
                "bill {bill_id} reads paid, with an amount that cannot be read; book nothing, and try \
                 again"
            ),
            NotVerified::Differs {
                bill_id,
                part,
                state,
                amount,
            } => {
                let next = match self.is_retryable() {
                    true => "book nothing, and try again",
                    false => "book nothing, and look at this bill",
                };
                let state = shown_within(&state.to_string(), LONGEST_STATE);
                write!(
                    formatter,
                    "the {part} of bill {bill_id} is not as expected: it reads {state}, with {}; {next}",
                    Read(*amount)
                )
            }
            NotVerified::CancelledSince(cancellation) => write!(
                formatter,
                "bill {} was paid and cancelled since, with {}; book no payment, but book the cancellation",
                cancellation.bill_id(),
                Read(cancellation.amount())
            ),
        }
    }
}

impl error::Error for NotVerified {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            NotVerified::NotRead(error) => Some(error),
            _ => None,
        }
    }
}
