//! Bills (청구서): one file per noun or act.

mod approval;
mod cancel;
mod confirm;
#[cfg(feature = "preview")]
mod destroy;
#[cfg(feature = "preview")]
mod expiry;
mod id;
mod read;
#[cfg(feature = "preview")]
mod resend;
#[cfg(feature = "preview")]
mod send;
#[cfg(feature = "preview")]
mod send_confirm;
mod state;
#[cfg(feature = "preview")]
mod words;

pub use approval::{Approval, CashReceipt, Healthcare, PayType};
pub use cancel::{Cancel, CancelReason, Cancellation};
pub use confirm::ConfirmedCancellation;
pub use id::BillId;
pub use read::Bill;
pub use state::BillState;
#[cfg(fuzzing)]
pub(crate) use {cancel::answered as cancelled, read::answered as read};
#[cfg(feature = "preview")]
pub use {
    destroy::{ConfirmedDestruction, Destroy},
    expiry::ExpiryDate,
    send::{NewBill, Send, SentBill},
    send_confirm::ConfirmedSending,
    words::{BillMessage, IssuerName, PayerName, ProductName},
};

pub(crate) use approval::FIELDS;

use crate::Client;

/// The bills of one member and merchant, from [`Client::bills`].
#[derive(Clone, Copy, Debug)]
pub struct Bills<'c> {
    client: &'c Client,
}

impl Client {
    /// The bills of the member and merchant that this client acts for.
    pub fn bills(&self) -> Bills<'_> {
        Bills { client: self }
    }
}
