//! Points, with calls that block.

use super::Client;
use crate::{Error, Points};

/// The points of a partner and of a shop, from [`Client::points`].
#[derive(Clone, Copy, Debug)]
pub struct PointsOf<'c> {
    pub(super) client: &'c Client,
}

impl PointsOf<'_> {
    /// As [`PointsOf::partner`](crate::PointsOf::partner).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn partner(&self) -> Result<Points, Error> {
        self.client
            .wait(|client| async move { client.points().partner().await })
    }

    /// As [`PointsOf::merchant`](crate::PointsOf::merchant).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn merchant(&self) -> Result<Points, Error> {
        self.client
            .wait(|client| async move { client.points().merchant().await })
    }
}
