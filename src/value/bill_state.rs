//! The state of a bill and the moves it can make.

use super::open_enum::open_enum;

open_enum! {
    /// The state of a bill (`apprState`).
    ///
    /// A bill moves only forward: unpaid → paid → cancelled, or unpaid → destroyed.
    ///
    /// `Display` and serde write `unpaid`, `paid`, `cancelled` or `destroyed`, and a state that this crate
    /// does not know as `unknown:` and its letters. [`letter`](BillState::letter) returns PaySsam's letters.
    #[doc(alias = "결제상태")]
    pub enum BillState: letter, from_letter {
        /// `W` 미결제: sent, and not paid yet.
        Unpaid = "W", "unpaid";
        /// `F` 결제완료: paid.
        Paid = "F", "paid";
        /// `C` 취소: paid, then cancelled. The money went back to the payer.
        Cancelled = "C", "cancelled";
        /// `D` 파기: withdrawn before it was paid.
        Destroyed = "D", "destroyed";
    }
    other {
        /// Any other letters, as received. Empty when the response had none.
        Unknown = "unknown:";
    }
}

impl BillState {
    /// Whether a bill in this state can move to `next` in one step.
    ///
    /// `false` wherever an unknown state is involved: nothing is known of its moves.
    pub fn can_become(&self, next: &BillState) -> bool {
        matches!(
            (self, next),
            (BillState::Unpaid, BillState::Paid | BillState::Destroyed)
                | (BillState::Paid, BillState::Cancelled)
        )
    }

    /// Whether this state is final: cancelled or destroyed.
    pub fn is_final(&self) -> bool {
        matches!(self, BillState::Cancelled | BillState::Destroyed)
    }
}
