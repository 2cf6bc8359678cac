//! Bills (청구서): one file per act.

mod approval;
mod bills;
mod cancel;
#[cfg(feature = "preview")]
mod destroy;
mod not_verified;
mod read;
#[cfg(feature = "preview")]
mod resend;
#[cfg(feature = "preview")]
mod send;
mod verified_payment;
mod verify_payment;

pub use {
    approval::{Approval, CashReceipt, Healthcare, PayType},
    bills::Bills,
    cancel::{CancelBill, Cancellation, ConfirmedCancellation},
    not_verified::{NotVerified, Part},
    read::Bill,
    verified_payment::{PaymentKey, PaymentKind, VerifiedCancellation, VerifiedPayment},
    verify_payment::VerifyPayment,
};
#[cfg(feature = "preview")]
pub use {
    destroy::{ConfirmedDestroy, DestroyBill, DestroyedBill},
    resend::{ResendBill, ResentBill},
    send::{ConfirmedSend, NewBill, SendBill, SentBill},
};
pub(crate) use {read::ReadBill, verify_payment::Expected};
