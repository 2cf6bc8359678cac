//! What the stream of findings looks at.

use payssam::BillId;

use crate::{belief::Belief, finding::Finding, line::Line};

/// What [`reconcile`](crate::reconcile()) takes: a [`Line`], a [`Belief`], or a [`BillId`] of which the books say nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Line(Line),
    BillId(BillId),
}

/// What is asked of PaySsam.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) line: u64,
    pub(crate) bill_id: BillId,
    /// `None` when the books say nothing of the bill.
    pub(crate) belief: Option<Belief>,
}

impl Subject {
    /// What to ask for, or what came of it without asking. `place` is the number of what has none.
    pub(crate) fn into_question(self, place: u64) -> Result<Question, Finding> {
        match self.0 {
            Kind::Line(line) => line.into_belief().map(|belief| Question {
                line: belief.line,
                bill_id: belief.bill_id.clone(),
                belief: Some(belief),
            }),
            Kind::BillId(bill_id) => Ok(Question {
                line: place,
                bill_id,
                belief: None,
            }),
        }
    }
}

impl From<Line> for Subject {
    fn from(line: Line) -> Self {
        Subject(Kind::Line(line))
    }
}

impl From<Belief> for Subject {
    fn from(belief: Belief) -> Self {
        Subject(Kind::Line(belief.into()))
    }
}

impl From<BillId> for Subject {
    fn from(bill_id: BillId) -> Self {
        Subject(Kind::BillId(bill_id))
    }
}
