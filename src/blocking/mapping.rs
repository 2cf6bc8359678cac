//! The mapping of shops, with calls that block.

use super::Client;
use crate::{Error, NewShop, Registration};

/// The mapping of shops to the partner, from [`Client::mapping`].
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'c> {
    pub(super) client: &'c Client,
}

impl Mapping<'_> {
    /// As [`Mapping::open`](crate::Mapping::open).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn open(&self, shop: NewShop) -> Result<Registration, Error> {
        self.client
            .wait(|client| async move { client.mapping().open(shop).await })
    }
}
