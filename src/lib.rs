//! payssam

mod answer;
mod bill;
mod call;
mod client;
mod code;
mod credentials;
mod error;
mod field;
mod invisible;
mod mask;
mod money;
mod raw;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod signature;
mod time;

/// For this crate's own contract tests; not part of its API.
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod contract {
    /// The JSON Schema of each generated request and answer, by the name of its component.
    pub fn raw_schemas() -> std::collections::BTreeMap<&'static str, schemars::Schema> {
        crate::raw::schemas()
    }
}

pub use bill::{
    Approval, Bill, BillId, BillState, Bills, Cancel, CancelReason, Cancellation, CashReceipt,
    Healthcare, PayType,
};
pub use client::{Client, ClientBuilder, SANDBOX_URL};
pub use code::{CodeKind, ResultCode};
pub use credentials::Credentials;
pub use error::{Delivery, Doubt, Error, Message, Operation};
pub use field::Malformed;
pub use mask::{AccountNumber, Personal};
pub use money::Won;
pub use time::{KoreanTime, NotAKoreanTime};
