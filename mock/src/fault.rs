//! The faults that can be injected (장애 주입): what can go wrong between a client and PaySsam.
//!
//! `fault_on_wire.rs` says what each looks like on the wire.

use std::{fmt, str::FromStr, time::Duration};

use payssam::{Error, redact};

/// What goes wrong with a request; [inject](crate::MockServer::inject) it with a
/// [`Schedule`](crate::Schedule).
///
/// A request that is *applied* is carried out, whatever response the client gets; the
/// [history](crate::MockBill::history) of the bill says which were. `Display` writes the
/// [name](Fault::name), and [`FromStr`] reads it.
///
/// ```
/// use payssam_mock::Fault;
///
/// let fault: Fault = "apply-then-close".parse()?;
/// assert_eq!(fault, Fault::ApplyThenClose);
/// assert!(fault.applies());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is applied after this time, even if the client has disconnected by then, and the
    /// response is whole.
    Latency(Duration),
    /// The connection is reset, as if nothing of the request had been read. Not applied.
    CloseBeforeReading,
    /// The connection is closed after the request has been read. Not applied.
    CloseAfterReading,
    /// The request is applied, and the connection is closed without a response.
    ApplyThenClose,
    /// The request is applied, and there is no response until the client disconnects.
    ApplyThenHang,
    /// The request is applied; the connection is closed in the middle of the response. The name
    /// is `cut-response` (formerly `cut-answer`, which is still read).
    CutResponse,
    /// The request is applied; the `Content-Length` of the response is half of its true length.
    LyingLength,
    /// An HTML page, as a proxy sends it, with HTTP 502.
    BadGateway {
        /// Whether the request is applied.
        applied: bool,
    },
    /// An envelope with the code `ERROR` and HTTP 500.
    ServerError {
        /// Whether the request is applied.
        applied: bool,
    },
    /// An HTML page, as a proxy sends it, with HTTP 200.
    HtmlPage {
        /// Whether the request is applied.
        applied: bool,
    },
    /// HTTP 200 with an empty body.
    EmptyResponse {
        /// Whether the request is applied.
        applied: bool,
    },
    /// The request is applied; the response has the id of another bill.
    WrongEcho,
    /// The request is applied; the response is sent in 16 pieces, with this pause before each.
    SlowDrip(Duration),
    /// An envelope with the code `ERROR` and HTTP 200.
    ErrorCode {
        /// Whether the request is applied.
        applied: bool,
    },
    /// An envelope with the code `PAYMENT_001`: the card company or the bank did not respond.
    Payment001 {
        /// Whether the request is applied.
        applied: bool,
    },
    /// HTTP 429 with the header `Retry-After`. Not applied.
    TooManyRequests {
        /// How long to wait. The header has whole seconds, rounded up.
        retry_after: Duration,
    },
    /// HTTP 307 to the path `/elsewhere` of the mock server. A client that follows it shows up in the
    /// [requests](crate::MockServer::requests). Not applied.
    RedirectElsewhere,
    /// The request is applied; the response has `msg` instead of `message`, as a published example
    /// has.
    MsgForMessage,
    /// The request is applied; strings of digits in `data` are sent as JSON numbers.
    NumbersForStrings,
    /// The request is applied; the approval numbers `apprNum` and `apprOriginNum` are missing in `data`, as if
    /// they came later.
    NoApprovalNumber,
    /// The connection is closed without a response, and the request is applied after this time. If it is a
    /// write, other writes for its bill or cash receipt are rejected with `MOCK_IN_PROGRESS` until then, and
    /// reads show the state of before.
    InProgress(Duration),
    /// The request is rejected at once with `MOCK_UNLISTED`, a code that no table lists, and applied after this
    /// time all the same.
    RejectThenApply(Duration),
    /// The request is applied; the response has white space around its code.
    PaddedCode,
}

impl Fault {
    /// Every kind of fault, with the times that its name implies: 2 seconds of latency, 200
    /// milliseconds between pieces, 1 second to wait, half a second until a request is applied.
    pub const ALL: &'static [Fault] = &[
        Fault::Latency(Duration::from_secs(2)),
        Fault::CloseBeforeReading,
        Fault::CloseAfterReading,
        Fault::ApplyThenClose,
        Fault::ApplyThenHang,
        Fault::CutResponse,
        Fault::LyingLength,
        Fault::BadGateway { applied: false },
        Fault::BadGateway { applied: true },
        Fault::ServerError { applied: false },
        Fault::ServerError { applied: true },
        Fault::HtmlPage { applied: false },
        Fault::HtmlPage { applied: true },
        Fault::EmptyResponse { applied: false },
        Fault::EmptyResponse { applied: true },
        Fault::WrongEcho,
        Fault::SlowDrip(Duration::from_millis(200)),
        Fault::ErrorCode { applied: false },
        Fault::ErrorCode { applied: true },
        Fault::Payment001 { applied: false },
        Fault::Payment001 { applied: true },
        Fault::TooManyRequests {
            retry_after: Duration::from_secs(1),
        },
        Fault::RedirectElsewhere,
        Fault::MsgForMessage,
        Fault::NumbersForStrings,
        Fault::NoApprovalNumber,
        Fault::InProgress(Duration::from_millis(500)),
        Fault::RejectThenApply(Duration::from_millis(500)),
        Fault::PaddedCode,
    ];

    /// The name, such as `apply-then-close`, which the command `payssam mock --fault` takes. It does
    /// not include times.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Latency(_) => "latency",
            Fault::CloseBeforeReading => "close-before-reading",
            Fault::CloseAfterReading => "close-after-reading",
            Fault::ApplyThenClose => "apply-then-close",
            Fault::ApplyThenHang => "apply-then-hang",
            Fault::CutResponse => "cut-response",
            Fault::LyingLength => "lying-length",
            Fault::BadGateway { applied: false } => "502-html",
            Fault::BadGateway { applied: true } => "502-html-applied",
            Fault::ServerError { applied: false } => "500-envelope",
            Fault::ServerError { applied: true } => "500-envelope-applied",
            Fault::HtmlPage { applied: false } => "200-html",
            Fault::HtmlPage { applied: true } => "200-html-applied",
            Fault::EmptyResponse { applied: false } => "200-empty",
            Fault::EmptyResponse { applied: true } => "200-empty-applied",
            Fault::WrongEcho => "wrong-echo",
            Fault::SlowDrip(_) => "slow-drip",
            Fault::ErrorCode { applied: false } => "error-code",
            Fault::ErrorCode { applied: true } => "error-code-applied",
            Fault::Payment001 { applied: false } => "payment-001",
            Fault::Payment001 { applied: true } => "payment-001-applied",
            Fault::TooManyRequests { .. } => "429",
            Fault::RedirectElsewhere => "307",
            Fault::MsgForMessage => "msg-for-message",
            Fault::NumbersForStrings => "numbers-for-strings",
            Fault::NoApprovalNumber => "no-approval-number",
            Fault::InProgress(_) => "in-progress",
            Fault::RejectThenApply(_) => "reject-then-apply",
            Fault::PaddedCode => "padded-code",
        }
    }

    /// How long it takes, for those that take a time.
    pub fn time(self) -> Option<Duration> {
        match self {
            Fault::Latency(time)
            | Fault::SlowDrip(time)
            | Fault::InProgress(time)
            | Fault::RejectThenApply(time) => Some(time),
            Fault::TooManyRequests { retry_after } => Some(retry_after),
            _ => None,
        }
    }

    /// The same fault with another time, if it takes one.
    #[must_use]
    pub fn with_time(self, time: Duration) -> Self {
        match self {
            Fault::Latency(_) => Fault::Latency(time),
            Fault::SlowDrip(_) => Fault::SlowDrip(time),
            Fault::InProgress(_) => Fault::InProgress(time),
            Fault::RejectThenApply(_) => Fault::RejectThenApply(time),
            Fault::TooManyRequests { .. } => Fault::TooManyRequests { retry_after: time },
            other => other,
        }
    }

    /// Whether the request is applied despite the fault.
    pub fn applies(self) -> bool {
        match self {
            Fault::CloseBeforeReading
            | Fault::CloseAfterReading
            | Fault::TooManyRequests { .. }
            | Fault::RedirectElsewhere => false,
            Fault::BadGateway { applied }
            | Fault::ServerError { applied }
            | Fault::HtmlPage { applied }
            | Fault::EmptyResponse { applied }
            | Fault::ErrorCode { applied }
            | Fault::Payment001 { applied } => applied,
            Fault::Latency(_)
            | Fault::ApplyThenClose
            | Fault::ApplyThenHang
            | Fault::CutResponse
            | Fault::LyingLength
            | Fault::WrongEcho
            | Fault::SlowDrip(_)
            | Fault::MsgForMessage
            | Fault::NumbersForStrings
            | Fault::NoApprovalNumber
            | Fault::InProgress(_)
            | Fault::RejectThenApply(_)
            | Fault::PaddedCode => true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = Error;

    /// Reads a [name](Fault::name); the times are those of [`Fault::ALL`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for any other text; the message lists all names.
    fn from_str(text: &str) -> Result<Self, Error> {
        // Its former name.
        let name = if text == "cut-answer" {
            "cut-response"
        } else {
            text
        };
        let mut known = Fault::ALL.iter();
        known
            .find(|fault| fault.name() == name)
            .copied()
            .ok_or_else(|| {
                let names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
                let (text, names) = (redact::escape(text), names.join(", "));
                Error::invalid_input("fault", format!("unknown fault {text}; use one of {names}"))
            })
    }
}
