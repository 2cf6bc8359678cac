//! The states of a bill: which state can follow which, and their letters on the wire.
//!
//! The mock server has its own table instead of calling
//! [`BillState::can_become`] and [`BillState::letter`]. A mistake in the library's tables then shows as a
//! difference between the client and the mock server, instead of being repeated here.

use payssam::BillState;

/// Each state and the states that can follow it directly.
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

/// The letter of a state in `apprState`.
pub(crate) fn letter(state: &BillState) -> &'static str {
    match state {
        BillState::Unpaid => "W",
        BillState::Paid => "F",
        BillState::Cancelled => "C",
        BillState::Destroyed => "D",
        // No bill of the mock server has another state.
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> [BillState; 5] {
        [
            BillState::Unpaid,
            BillState::Paid,
            BillState::Cancelled,
            BillState::Destroyed,
            BillState::from("X"),
        ]
    }

    #[test]
    fn three_moves_are_allowed_and_no_other() {
        let mut allowed = Vec::new();
        for from in states() {
            for to in states() {
                if is_allowed(&from, &to) {
                    allowed.push((from.clone(), to));
                }
            }
        }
        assert_eq!(
            allowed,
            [
                (BillState::Unpaid, BillState::Paid),
                (BillState::Unpaid, BillState::Destroyed),
                (BillState::Paid, BillState::Cancelled),
            ]
        );
    }

    #[test]
    fn every_state_has_the_published_letter() {
        let letters = states().map(|state| letter(&state));
        assert_eq!(letters, ["W", "F", "C", "D", ""]);
    }
}
