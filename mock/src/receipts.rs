//! The cash receipts of the mock server.

use std::collections::HashMap;

use crate::bills::{Key, Transaction};
use payssam::Won;

/// What the mock server knows of a cash receipt. `Debug` does not show whom it is for.
#[derive(Clone)]
pub struct MockReceipt {
    pub(crate) price: Won,
    /// `supplyPrice`, `tax`, `trader` and `issuanceNumber`, as they came.
    pub(crate) parts: [String; 4],
    pub(crate) issued: Transaction,
    pub(crate) cancelled: Option<Transaction>,
}

impl MockReceipt {
    /// The amount.
    pub fn price(&self) -> Won {
        self.price
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }
}

impl std::fmt::Debug for MockReceipt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MockReceipt")
            .field("price", &self.price)
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// The receipts of all shops.
pub(crate) type Receipts = HashMap<Key, MockReceipt>;
