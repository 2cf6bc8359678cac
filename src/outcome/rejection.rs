//! Who rejected a request, and the response that came with an error.

use std::{fmt, time::Duration};

use super::{message::Message, result_code::ResultCode};
use crate::value::BillState;

/// What rejected a request: a response, or the state in which the bill was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// PaySsam, or something between it and the client, responded with a rejection.
    Response(Box<ErrorResponse>),
    /// The bill was read, and its state or amount does not allow the request.
    #[non_exhaustive]
    State {
        /// The state; `None` when the read found nothing.
        state: Option<BillState>,
        /// Why it does not allow the request.
        problem: Box<str>,
    },
}

/// What is known of the response that came with an error.
#[derive(Clone)]
pub struct ErrorResponse {
    pub(crate) http_status: u16,
    pub(crate) code: Option<ResultCode>,
    pub(crate) message: Message,
    pub(crate) retry_after: Option<Duration>,
}

impl ErrorResponse {
    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// PaySsam's result code, if the response had one.
    pub fn code(&self) -> Option<&ResultCode> {
        self.code.as_ref()
    }

    /// PaySsam's message; empty if the response had none.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// How long PaySsam asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ErrorResponse({self})")
    }
}
