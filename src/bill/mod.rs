//! Bills (청구서): one file per act.

mod approval;
mod cancel;
#[cfg(feature = "preview")]
mod destroy;
mod read;
#[cfg(feature = "preview")]
mod resend;
#[cfg(feature = "preview")]
mod send;

#[cfg(fuzzing)]
pub(crate) use read::ReadBill;
pub use {
    approval::{Approval, CashReceipt, Healthcare, PayType},
    cancel::{CancelBill, Cancellation, ConfirmedCancellation},
    read::Bill,
};
#[cfg(feature = "preview")]
pub use {
    destroy::{ConfirmedDestroy, DestroyBill, DestroyedBill},
    resend::{ResendBill, ResentBill},
    send::{ConfirmedSend, NewBill, SendBill, SentBill},
};

use crate::client::Client;

/// The bills of one member and merchant, from [`Client::bills`].
///
/// It owns a clone of the client, so that its futures can move to another task.
#[doc(alias = "청구서")]
#[derive(Clone, Debug)]
#[must_use]
pub struct Bills {
    client: Client,
}

impl Client {
    /// The bills of the member and merchant that this client is for.
    pub fn bills(&self) -> Bills {
        Bills {
            client: self.clone(),
        }
    }
}
