//! Which bills a list has.

use payssam::BillState;

use crate::{bill::MockBill, key::Key, schedule::Scope};

/// Which bills are meant.
pub(crate) struct BillFilter {
    scope: Scope,
    state: Option<BillState>,
    text: String,
}

impl BillFilter {
    /// `text` is part of the bill id, the product or the payer.
    pub(crate) fn new(scope: Scope, state: Option<BillState>, text: &str) -> Self {
        BillFilter {
            scope,
            state,
            text: text.to_lowercase(),
        }
    }

    pub(crate) fn fits(&self, key: &Key, bill: &MockBill) -> bool {
        let is_state = self
            .state
            .as_ref()
            .is_none_or(|state| state == bill.state());
        is_state && self.fits_in_any_state(key, bill)
    }

    /// Whether it is meant, whatever its state is.
    pub(crate) fn fits_in_any_state(&self, key: &Key, bill: &MockBill) -> bool {
        let has = |part: &str| part.to_lowercase().contains(&self.text);
        self.scope.has(key)
            && (self.text.is_empty()
                || has(key.bill_id())
                || has(&bill.product)
                || has(&bill.payer))
    }
}
