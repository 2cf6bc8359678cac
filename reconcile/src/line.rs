//! One line of a ledger, as it was read.

use payssam::BillId;

use crate::{
    belief::{Belief, BelievedState},
    class::Class,
    finding::{Finding, Here},
};

/// One line of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// It says something of a bill.
    Belief(Belief),
    /// An earlier line has the same bill id.
    Duplicate {
        /// What it says.
        belief: Belief,
        /// The earlier line.
        first_line: u64,
        /// What the earlier line says.
        first: Here,
    },
    /// It cannot be read.
    Unreadable {
        /// The line, from 1.
        line: u64,
        /// The bill, if at least its id can be read.
        bill_id: Option<BillId>,
        /// Why, in one English sentence without anything personal.
        reason: String,
    },
}

impl From<Belief> for Line {
    fn from(belief: Belief) -> Self {
        Line::Belief(belief)
    }
}

impl Line {
    /// Its number, from 1.
    pub fn number(&self) -> u64 {
        match self {
            Line::Belief(belief) | Line::Duplicate { belief, .. } => belief.line,
            Line::Unreadable { line, .. } => *line,
        }
    }

    /// What to ask for, or what came of the line without asking.
    pub(crate) fn into_belief(self) -> Result<Belief, Finding> {
        match self {
            Line::Belief(belief) => Ok(belief),
            Line::Duplicate {
                belief,
                first_line,
                first,
            } => Err(Finding {
                line: belief.line,
                reason: of_duplicate(&belief, first_line, &first),
                here: Some(Here::from(&belief)),
                bill_id: Some(belief.bill_id),
                class: Class::DuplicateLine,
                there: None,
                day: belief.day,
            }),
            Line::Unreadable {
                line,
                bill_id,
                reason,
            } => Err(Finding {
                line,
                bill_id,
                class: Class::UnreadableLine,
                here: None,
                there: None,
                day: None,
                reason,
            }
            .bounded()),
        }
    }
}

/// A line that says something else than the first is no mere copy: money may have gone back.
fn of_duplicate(belief: &Belief, first_line: u64, first: &Here) -> String {
    let reason = format!("line {first_line} has the same bill id; only that line is compared");
    let here = Here::from(belief);
    if here == *first {
        return reason;
    }
    let differs = format!("{reason}; it says {first}, and this line {here}");
    match (first.state, here.state) {
        (BelievedState::Paid, BelievedState::Cancelled) => format!(
            "{differs}: the books have its cancellation on line {}",
            belief.line
        ),
        _ => differs,
    }
}
