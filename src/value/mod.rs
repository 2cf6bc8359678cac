//! Values that are checked once, when they are made, and then passed on as types.

mod bill_id;
mod bill_state;
#[cfg(feature = "preview")]
mod bill_text;
#[cfg(feature = "preview")]
mod business_number;
#[cfg(feature = "preview")]
mod callback_url;
mod cancel_reason;
#[cfg(feature = "preview")]
mod digits;
#[cfg(feature = "preview")]
mod expiry_date;
pub(crate) mod https;
mod invalid_value;
mod korean_time;
pub(crate) mod nfc;
pub(crate) mod open_enum;
mod personal;
#[cfg(feature = "preview")]
mod phone_number;
#[cfg(feature = "preview")]
mod receipt_card_number;
#[cfg(feature = "preview")]
mod resident_number;
#[cfg(feature = "preview")]
mod tax;
mod text;
mod won;

pub use bill_id::BillId;
pub use bill_state::BillState;
pub use cancel_reason::CancelReason;
pub use invalid_value::InvalidValue;
pub use korean_time::{InvalidTime, KoreanTime};
pub use personal::{AccountNumber, Personal};
pub use won::Won;
#[cfg(feature = "preview")]
pub use {
    bill_text::{BillMessage, IssuerName, PayerName, ProductName},
    business_number::BusinessNumber,
    callback_url::CallbackUrl,
    expiry_date::ExpiryDate,
    phone_number::PhoneNumber,
    receipt_card_number::ReceiptCardNumber,
    resident_number::ResidentNumber,
    tax::Tax,
};
