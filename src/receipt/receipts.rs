//! The handle to the cash receipts of a merchant.

use crate::client::handle::handle;

handle! {
    /// The cash receipts of one member and merchant, from [`Client::receipts`](crate::Client::receipts).
    ///
    /// It owns a clone of the client, so that its futures can move to another task.
    #[doc(alias = "현금영수증")]
    pub struct Receipts;
    /// The cash receipts (현금영수증) of the member and merchant that this client is for.
    receipts
}
