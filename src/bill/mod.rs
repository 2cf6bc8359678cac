//! Bills (청구서): one file per act.

mod approval;
mod bills;
mod cancel;
#[cfg(feature = "preview")]
mod destroy;
mod read;
#[cfg(feature = "preview")]
mod resend;
#[cfg(feature = "preview")]
mod send;

pub(crate) use read::ReadBill;
pub use {
    approval::{Approval, CashReceipt, Healthcare, PayType},
    bills::Bills,
    cancel::{CancelBill, Cancellation, ConfirmedCancellation},
    read::Bill,
};
#[cfg(feature = "preview")]
pub use {
    destroy::{ConfirmedDestroy, DestroyBill, DestroyedBill},
    resend::{ResendBill, ResentBill},
    send::{ConfirmedSend, NewBill, SendBill, SentBill},
};
