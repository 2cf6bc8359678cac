//! A cash receipt of the mock server.

use std::fmt;

use payssam::Won;

use crate::transaction::Transaction;

/// What the mock server knows of a cash receipt (현금영수증). `Debug` does not show whom it is for.
#[derive(Clone)]
#[doc(alias = "현금영수증")]
pub struct MockReceipt {
    pub(crate) price: Won,
    pub(crate) supply_price: String,
    pub(crate) tax: String,
    pub(crate) trader: String,
    pub(crate) issuance_number: String,
    pub(crate) issue: Transaction,
    pub(crate) cancellation: Option<Transaction>,
}

impl MockReceipt {
    pub(crate) fn text_bytes(&self) -> usize {
        self.supply_price.len() + self.tax.len() + self.trader.len() + self.issuance_number.len()
    }

    /// The amount in won, tax included.
    pub fn price(&self) -> Won {
        self.price
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.is_some()
    }
}

impl fmt::Debug for MockReceipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockReceipt")
            .field("price", &self.price)
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
