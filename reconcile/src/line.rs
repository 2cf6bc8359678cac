//! One line of a ledger, as it was read.

use payssam::BillId;

use crate::{
    belief::Belief,
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
    pub(crate) fn into_question(self) -> Result<Belief, Finding> {
        match self {
            Line::Belief(belief) => Ok(belief),
            Line::Duplicate { belief, first_line } => Err(Finding {
                line: belief.line,
                here: Some(Here::from(&belief)),
                bill_id: Some(belief.bill_id),
                class: Class::DuplicateLine,
                there: None,
                day: belief.day,
                reason: format!(
                    "line {first_line} has the same bill id; only that line is compared"
                ),
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
            }),
        }
    }
}
