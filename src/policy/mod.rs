//! How often and how long the client tries.

mod backoff;
mod confirm;
mod moment;
mod retry;
mod verify_limit;

pub use confirm::ConfirmPolicy;
pub(crate) use moment::{at_most_longest, by, moment_after};
pub use retry::RetryPolicy;
pub use verify_limit::VerifyLimit;
