//! What came of one line of a ledger.

use std::fmt;

use jiff::civil::Date;
use payssam::{BillId, BillState, Won};
use serde::{Deserialize, Serialize};

use crate::{
    belief::{Belief, BelievedState},
    class::Class,
};

/// The most characters of a reason, before what is known of spreadsheets is added.
const LONGEST_REASON: usize = 400;

/// The most characters of a state that is not known, and of what a reason repeats of a cell.
pub(crate) const LONGEST_QUOTE: usize = 40;

/// The text, cut behind so many characters.
pub(crate) fn bounded(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What came of one line. It has no personal data: no name, phone or card number, and no text of a cell but a bill id.
///
/// serde writes `{"line","bill_id","class","here","there","day","reason"}`; what is not known is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The line of the ledger, from 1; a header counts.
    pub line: u64,
    /// The bill; `None` when the line has no valid id.
    pub bill_id: Option<BillId>,
    /// What came of it.
    pub class: Class,
    /// What the books say; `None` when the line cannot be read, or is a bill id alone.
    pub here: Option<Here>,
    /// What PaySsam says; `None` when it was not asked, or said nothing that can be read.
    pub there: Option<There>,
    /// The day to which the books count it; if they do not say, the day in Korea of the payment or the cancellation.
    pub day: Option<Date>,
    /// Why it is of this class, in one English sentence without invisible characters, of a few hundred characters at most.
    pub reason: String,
}

impl Finding {
    /// With a reason that is not too long to be shown or written: who wrote a ledger or a response had part in it.
    pub(crate) fn bounded(self) -> Self {
        if self.reason.len() <= LONGEST_REASON {
            return self;
        }
        let reason = bounded(&self.reason, LONGEST_REASON);
        Finding { reason, ..self }
    }
}

/// What the books say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The state.
    pub state: BelievedState,
    /// The amount in won.
    pub amount: Option<Won>,
}

impl fmt::Display for Here {
    /// Such as `paid, 45000 won`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.amount {
            Some(amount) => write!(formatter, "{}, {amount} won", self.state),
            None => write!(formatter, "{}, without an amount", self.state),
        }
    }
}

impl From<&Belief> for Here {
    fn from(belief: &Belief) -> Self {
        Here {
            state: belief.state,
            amount: belief.amount,
        }
    }
}

/// What PaySsam says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct There {
    /// The state. An unknown one is written as `unknown:` and its first 40 letters, escaped.
    pub state: BillState,
    /// The approved amount in won; `None` unless the bill was paid and it can be read.
    pub amount: Option<Won>,
}
