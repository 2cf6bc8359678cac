//! The points of the partner, which sending bills costs.

use serde_json::{Value, json};

use crate::rejection::Rejection;

/// What sending a bill costs (reported).
const PER_BILL: u32 = 55;

/// The points that are left.
pub(crate) struct Points(pub(crate) u32);

impl Default for Points {
    fn default() -> Self {
        Points(1_000_000_000)
    }
}

impl Points {
    pub(crate) fn spend_on_a_bill(&mut self) -> Result<(), Rejection> {
        self.0 = self
            .0
            .checked_sub(PER_BILL)
            .ok_or_else(|| Rejection::new("POINT_001", "포인트가 부족합니다"))?;
        Ok(())
    }

    /// The response with the balance.
    pub(crate) fn balance(&self) -> Value {
        json!({"balance": self.0, "chargeUrl": "https://mock.invalid/charge"})
    }
}
