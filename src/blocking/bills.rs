//! Bills, with calls that block.

use super::Client;
use crate::{Bill, BillId, Cancel, Cancellation, ConfirmedCancellation, Error};
#[cfg(feature = "preview")]
use crate::{ConfirmedDestruction, ConfirmedSending, Destroy, Send, SentBill};

/// The bills of one member and merchant, from [`Client::bills`].
#[derive(Clone, Copy, Debug)]
pub struct Bills<'c> {
    pub(super) client: &'c Client,
}

impl Bills<'_> {
    /// As [`Bills::read`](crate::Bills::read).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn read(&self, id: &BillId) -> Result<Bill, Error> {
        let id = id.clone();
        self.client
            .wait(|client| async move { client.bills().read(&id).await })
    }

    /// As [`Bills::cancel`](crate::Bills::cancel).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn cancel(&self, cancel: Cancel) -> Result<Cancellation, Error> {
        self.client
            .wait(|client| async move { client.bills().cancel(cancel).await })
    }

    /// As [`Bills::cancel_and_confirm`](crate::Bills::cancel_and_confirm).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn cancel_and_confirm(&self, cancel: Cancel) -> Result<ConfirmedCancellation, Error> {
        self.client
            .wait(|client| async move { client.bills().cancel_and_confirm(cancel).await })
    }

    /// As [`Bills::send`](crate::Bills::send).
    ///
    /// # Errors
    ///
    /// As of that.
    #[cfg(feature = "preview")]
    pub fn send(&self, send: Send) -> Result<SentBill, Error> {
        self.client
            .wait(|client| async move { client.bills().send(send).await })
    }

    /// As [`Bills::send_and_confirm`](crate::Bills::send_and_confirm).
    ///
    /// # Errors
    ///
    /// As of that.
    #[cfg(feature = "preview")]
    pub fn send_and_confirm(&self, send: Send) -> Result<ConfirmedSending, Error> {
        self.client
            .wait(|client| async move { client.bills().send_and_confirm(send).await })
    }

    /// As [`Bills::resend`](crate::Bills::resend).
    ///
    /// # Errors
    ///
    /// As of that.
    #[cfg(feature = "preview")]
    pub fn resend(&self, id: &BillId) -> Result<(), Error> {
        let id = id.clone();
        self.client
            .wait(|client| async move { client.bills().resend(&id).await })
    }

    /// As [`Bills::destroy`](crate::Bills::destroy).
    ///
    /// # Errors
    ///
    /// As of that.
    #[cfg(feature = "preview")]
    pub fn destroy(&self, destroy: Destroy) -> Result<(), Error> {
        self.client
            .wait(|client| async move { client.bills().destroy(destroy).await })
    }

    /// As [`Bills::destroy_and_confirm`](crate::Bills::destroy_and_confirm).
    ///
    /// # Errors
    ///
    /// As of that.
    #[cfg(feature = "preview")]
    pub fn destroy_and_confirm(&self, destroy: Destroy) -> Result<ConfirmedDestruction, Error> {
        self.client
            .wait(|client| async move { client.bills().destroy_and_confirm(destroy).await })
    }
}
