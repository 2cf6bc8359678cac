//! Why the mock server rejects a request.

/// A rejection: HTTP status, result code and message.
#[derive(Debug, PartialEq)]
pub(crate) struct Rejection {
    pub(crate) http_status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// What the message does not say, for the log.
    pub(crate) hint: Option<String>,
}

impl Rejection {
    /// A rejection with HTTP 200, as PaySsam's own are.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Rejection::with_http_status(200, code, message)
    }

    /// A web page could post any other content type without asking the mock server first.
    pub(crate) fn not_json() -> Self {
        Rejection::with_http_status(
            415,
            "MOCK_NOT_JSON",
            "the header Content-Type must be application/json",
        )
    }

    /// Nobody has the key of the request.
    pub(crate) fn unknown_key() -> Self {
        let rejection = Rejection::new("PARTNER_002", "apiKey 정보를 확인할 수 없습니다.");
        rejection.because("apiKey is not one that the mock server was given")
    }

    /// What happened is not in the state file.
    pub(crate) fn not_saved() -> Self {
        Rejection::with_http_status(
            503,
            "MOCK_STATE_FILE",
            "the state file cannot be written, so whether this stays done is not known: make room on its disk",
        )
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
            hint: None,
        }
    }

    /// The same rejection with a reason for the log.
    pub(crate) fn because(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
