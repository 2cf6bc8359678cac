//! The moves of a bill, written down apart from the client that they judge.

use payssam::BillState;

/// Each state and the states that a bill can move to from there in one step.
const MOVES: [(BillState, &[BillState]); 4] = [
    (BillState::Unpaid, &[BillState::Paid, BillState::Destroyed]),
    (BillState::Paid, &[BillState::Cancelled]),
    (BillState::Cancelled, &[]),
    (BillState::Destroyed, &[]),
];

/// Whether a bill can move from one state to another in one step.
pub(crate) fn is_allowed(from: &BillState, to: &BillState) -> bool {
    let found = MOVES.iter().find(|(state, _)| state == from);
    found.is_some_and(|(_, next)| next.contains(to))
}
