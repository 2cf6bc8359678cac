//! What the books believe against what PaySsam says: the one table of cases.

use jiff::civil::Date;
use payssam::{BillState, Won};

use crate::{
    belief::{Belief, BelievedState},
    class::Class,
    finding::{Finding, Here, There},
};

/// What a read showed of one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// PaySsam responded with the bill.
    Bill {
        /// Its state.
        state: BillState,
        /// The approved amount. Only that of a paid or cancelled bill is looked at.
        amount: Amount,
        /// The day in Korea of the payment or the cancellation.
        day: Option<Date>,
        /// Whether the response names the bill that was asked for. One that names none settles nothing.
        is_named: bool,
    },
    /// PaySsam says that this member and merchant have no such bill.
    NotFound,
    /// The read failed, and this is why.
    Failed(String),
}

/// The approved amount of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// In won.
    Is(Won),
    /// There is none.
    Missing,
    /// It is no amount of whole won.
    Malformed,
}

/// How a pair of states is judged.
#[derive(Clone, Copy)]
enum Verdict {
    /// By the states alone.
    Is(Class),
    /// By the amounts.
    Amounts,
}

/// Believed here against said there.
const TABLE: [(BelievedState, BillState, Verdict); 16] = {
    use BelievedState as Here;
    use BillState as There;
    use Verdict::{Amounts, Is};
    [
        (Here::Unpaid, There::Unpaid, Is(Class::Agrees)),
        (Here::Unpaid, There::Paid, Is(Class::PaidThereOnly)),
        (
            Here::Unpaid,
            There::Cancelled,
            Is(Class::CancelledElsewhere),
        ),
        (Here::Unpaid, There::Destroyed, Is(Class::Destroyed)),
        (Here::Paid, There::Unpaid, Is(Class::PaidHereOnly)),
        (Here::Paid, There::Paid, Amounts),
        (Here::Paid, There::Cancelled, Is(Class::CancelledElsewhere)),
        (Here::Paid, There::Destroyed, Is(Class::Destroyed)),
        // Over in the books, and the payer can still pay.
        (Here::Cancelled, There::Unpaid, Is(Class::Unsettled)),
        (Here::Cancelled, There::Paid, Is(Class::PaidThereOnly)),
        (Here::Cancelled, There::Cancelled, Amounts),
        (Here::Cancelled, There::Destroyed, Is(Class::Destroyed)),
        (Here::Destroyed, There::Unpaid, Is(Class::Unsettled)),
        (Here::Destroyed, There::Paid, Is(Class::PaidThereOnly)),
        (
            Here::Destroyed,
            There::Cancelled,
            Is(Class::CancelledElsewhere),
        ),
        (Here::Destroyed, There::Destroyed, Is(Class::Agrees)),
    ]
};

/// Judges one line by what a read showed. A pure function.
///
/// Nothing that is not known becomes agreement: an unknown state, or an amount that one side lacks, is
/// [`Class::Unsettled`], and a read that failed is [`Class::CouldNotBeRead`].
pub fn judge(belief: &Belief, seen: &Seen) -> Finding {
    let (class, there, day, reason) = match seen {
        Seen::Failed(reason) => (Class::CouldNotBeRead, None, None, reason.clone()),
        Seen::NotFound => {
            let reason = "PaySsam has no such bill of this member and merchant".to_owned();
            (Class::NotFound, None, None, reason)
        }
        Seen::Bill {
            state,
            amount,
            day,
            is_named,
        } => {
            let was_paid = matches!(state, BillState::Paid | BillState::Cancelled);
            let (class, reason) = match is_named {
                true => of_states(belief, state, *amount),
                false => (
                    Class::Unsettled,
                    "PaySsam's response does not say which bill it is about".to_owned(),
                ),
            };
            let there = There {
                state: state.clone(),
                amount: match amount {
                    Amount::Is(amount) if was_paid => Some(*amount),
                    _ => None,
                },
            };
            (class, Some(there), day.filter(|_| was_paid), reason)
        }
    };
    Finding {
        line: belief.line,
        bill_id: Some(belief.bill_id.clone()),
        class,
        here: Some(Here::from(belief)),
        there,
        day: belief.day.or(day),
        reason,
    }
}

fn of_states(belief: &Belief, state: &BillState, amount: Amount) -> (Class, String) {
    let here = belief.state;
    let mut rows = TABLE.iter();
    match rows.find(|(believed, said, _)| (believed, said) == (&here, state)) {
        Some((_, _, Verdict::Amounts)) => of_amounts(belief, amount),
        Some((_, _, Verdict::Is(class))) => {
            let reason = match class {
                Class::Agrees => format!("both say {here}"),
                Class::Unsettled => {
                    format!(
                        "the books say {here}, and PaySsam says unpaid: the payer can still pay"
                    )
                }
                Class::Destroyed => format!(
                    "the books say {here}, and PaySsam says destroyed; it may have been paid on site, \
                     which PaySsam does not show"
                ),
                _ => format!("the books say {here}, and PaySsam says {state}"),
            };
            (*class, reason)
        }
        None => (
            Class::Unsettled,
            format!(
                "the books say {here}, and PaySsam's state is {state}, of which nothing is known"
            ),
        ),
    }
}

fn of_amounts(belief: &Belief, amount: Amount) -> (Class, String) {
    let state = belief.state;
    match (belief.amount, amount) {
        (Some(here), Amount::Is(there)) if here == there => {
            (Class::Agrees, format!("both say {state}, {here} won"))
        }
        (Some(here), Amount::Is(there)) => (
            Class::AmountDiffers,
            format!("both say {state}; the books have {here} won, and PaySsam {there} won"),
        ),
        (None, _) => (
            Class::Unsettled,
            format!("both say {state}, and the books have no amount to compare"),
        ),
        (_, Amount::Missing) => (
            Class::Unsettled,
            format!("both say {state}, and PaySsam's response has no amount"),
        ),
        (_, Amount::Malformed) => (
            Class::Unsettled,
            format!("both say {state}, and the amount in PaySsam's response cannot be read"),
        ),
    }
}
