//! The cash receipts of the sandbox.

use std::collections::HashMap;

use super::ledger::{Key, Transaction};
use crate::Won;

/// What the sandbox knows of a cash receipt. `Debug` does not show whom it is for.
#[derive(Clone)]
pub struct SandboxReceipt {
    pub(super) price: Won,
    /// `supplyPrice`, `tax`, `trader` and `issuanceNumber`, as they came.
    pub(super) parts: [String; 4],
    pub(super) issued: Transaction,
    pub(super) cancelled: Option<Transaction>,
}

impl SandboxReceipt {
    /// The amount.
    pub fn price(&self) -> Won {
        self.price
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }
}

impl std::fmt::Debug for SandboxReceipt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SandboxReceipt")
            .field("price", &self.price)
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// The receipts of all shops.
pub(super) type Receipts = HashMap<Key, SandboxReceipt>;
