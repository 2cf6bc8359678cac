//! How often and how long the client tries.

mod backoff;
mod confirm;
mod retry;

pub use confirm::ConfirmPolicy;
pub use retry::RetryPolicy;
