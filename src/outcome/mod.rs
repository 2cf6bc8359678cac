//! What happened to a request: errors, attempts and result codes. Each classification is made here, once.

mod advice;
mod attempt;
mod error;
mod error_text;
mod message;
#[expect(clippy::module_inception, reason = "one noun, one file")]
mod outcome;
mod rejection;
mod result_code;
mod subject;

pub use attempt::Attempt;
pub use error::Error;
pub use message::Message;
pub use outcome::{NotSentReason, Outcome, UnknownReason};
pub use rejection::{ErrorResponse, Rejection};
pub use result_code::{CodeKind, ResultCode};
pub use subject::Subject;
