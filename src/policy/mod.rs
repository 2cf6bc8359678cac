//! How often and how long the client tries.

mod backoff;
mod confirm;
mod retry;

pub(crate) use backoff::Backoff;
pub use confirm::ConfirmPolicy;
pub use retry::RetryPolicy;
