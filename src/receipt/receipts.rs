//! The handle to the cash receipts of a merchant.

use crate::client::Client;

/// The cash receipts of one member and merchant, from [`Client::receipts`].
///
/// It owns a clone of the client, so that its futures can move to another task.
#[doc(alias = "현금영수증")]
#[derive(Clone, Debug)]
#[must_use]
pub struct Receipts {
    pub(super) client: Client,
}

impl Client {
    /// The cash receipts (현금영수증) of the member and merchant that this client is for.
    pub fn receipts(&self) -> Receipts {
        Receipts {
            client: self.clone(),
        }
    }
}
