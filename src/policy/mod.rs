//! How often and how long the client tries.

mod backoff;
mod confirm;
mod retry;
mod verify_limit;

pub use confirm::ConfirmPolicy;
pub use retry::RetryPolicy;
pub use verify_limit::VerifyLimit;
