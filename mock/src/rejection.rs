//! Why the mock server rejects a request.

/// A rejection: HTTP status, result code and message.
#[derive(Debug, PartialEq)]
pub(crate) struct Rejection {
    pub(crate) http_status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Rejection {
    /// A rejection with HTTP 200, as PaySsam's own are.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Rejection::with_http_status(200, code, message)
    }

    pub(crate) fn with_http_status(
        http_status: u16,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Rejection {
            http_status,
            code,
            message: message.into(),
        }
    }
}
