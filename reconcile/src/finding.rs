//! What came of one line of a ledger.

use jiff::civil::Date;
use payssam::{BillId, BillState, Won};
use serde::{Deserialize, Serialize};

use crate::{
    belief::{Belief, BelievedState},
    class::Class,
};

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
    /// What the books say; `None` when the line cannot be read.
    pub here: Option<Here>,
    /// What PaySsam says; `None` when it was not asked, or said nothing that can be read.
    pub there: Option<There>,
    /// The day to which the books count it; if they do not say, the day in Korea of the payment or the cancellation.
    pub day: Option<Date>,
    /// Why it is of this class, in one English sentence without invisible characters.
    pub reason: String,
}

/// What the books say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The state.
    pub state: BelievedState,
    /// The amount in won.
    pub amount: Option<Won>,
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
    /// The state. An unknown one is written as `unknown:` and its letters, escaped.
    pub state: BillState,
    /// The approved amount in won; `None` unless the bill was paid and it can be read.
    pub amount: Option<Won>,
}
