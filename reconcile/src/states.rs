//! How many bills are in each state at PaySsam.

use payssam::BillState;
use serde::{Deserialize, Serialize};

use crate::finding::There;

/// How many bills are in each state, as PaySsam says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct States {
    /// Not paid yet (미결제).
    pub unpaid: u64,
    /// Paid (결제완료).
    pub paid: u64,
    /// Paid, then cancelled (취소).
    pub cancelled: u64,
    /// Withdrawn (파기).
    pub destroyed: u64,
    /// Not known: no such bill, a state that this version does not know, or nothing that can be read.
    pub unknown: u64,
}

impl States {
    /// Counts one more bill.
    pub fn add(&mut self, there: Option<&There>) {
        let count = match there.map(|there| &there.state) {
            Some(BillState::Unpaid) => &mut self.unpaid,
            Some(BillState::Paid) => &mut self.paid,
            Some(BillState::Cancelled) => &mut self.cancelled,
            Some(BillState::Destroyed) => &mut self.destroyed,
            _ => &mut self.unknown,
        };
        *count += 1;
    }

    /// The sum of all states.
    pub fn sum(&self) -> u64 {
        self.unpaid + self.paid + self.cancelled + self.destroyed + self.unknown
    }
}
