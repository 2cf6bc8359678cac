//! A payment, a cancellation, or the issue of a cash receipt.

use payssam::KoreanTime;

/// A transaction with its approval number.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) number: String,
    pub(crate) at: KoreanTime,
}
