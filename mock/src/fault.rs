//! What can go wrong between a client and PaySsam, for the mock server to do on purpose.

use std::{fmt, str::FromStr, time::Duration};

use payssam::{Error, redact};

/// What goes wrong with a request.
///
/// Where a fault has `applied`, it says whether the request was carried out nevertheless. `Display`
/// and [`FromStr`] have the same [names](Fault::name).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is carried out only after this time, even if the client has left by then, and
    /// answered in full.
    Latency(Duration),
    /// The connection is reset as if nothing had been read of the request. Not carried out.
    CloseBeforeReading,
    /// The connection is closed once the request has been read. Not carried out.
    CloseAfterReading,
    /// The request is carried out, and the connection closed without an answer.
    ApplyThenClose,
    /// The request is carried out, and no answer comes until the client hangs up.
    ApplyThenHang,
    /// The request is carried out; the connection is closed in the middle of the answer.
    CutAnswer,
    /// The request is carried out; the answer claims half of its length.
    LyingLength,
    /// A page of a proxy with HTTP 502.
    BadGateway {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// An envelope with the code `ERROR` and HTTP 500.
    ServerError {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// A page of a proxy with HTTP 200.
    HtmlPage {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// HTTP 200 and nothing else.
    EmptyAnswer {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// The request is carried out; the answer speaks of another bill.
    WrongEcho,
    /// The request is carried out; the answer comes in 16 pieces, with this pause before each.
    SlowDrip(Duration),
    /// An envelope with the code `ERROR` and HTTP 200.
    ErrorCode {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// The code `PAYMENT_001`: the card company or the bank gave no answer.
    Payment001 {
        /// Whether the request is carried out.
        applied: bool,
    },
    /// HTTP 429 with `Retry-After`. Not carried out.
    TooManyRequests {
        /// How long to wait; the header has whole seconds, rounded up.
        retry_after: Duration,
    },
    /// HTTP 307 to the path `/elsewhere` of the mock server, where a client that follows is found among
    /// the [requests](crate::MockServer::requests). Not carried out.
    RedirectElsewhere,
    /// The request is carried out; the answer has `msg` in place of `message`, as a published example
    /// has.
    MsgForMessage,
    /// The request is carried out; texts of digits alone in `data` are numbers.
    NumbersForStrings,
}

impl Fault {
    /// Every kind, with the times that the names stand for.
    pub const ALL: &'static [Fault] = &[
        Fault::Latency(Duration::from_secs(2)),
        Fault::CloseBeforeReading,
        Fault::CloseAfterReading,
        Fault::ApplyThenClose,
        Fault::ApplyThenHang,
        Fault::CutAnswer,
        Fault::LyingLength,
        Fault::BadGateway { applied: false },
        Fault::BadGateway { applied: true },
        Fault::ServerError { applied: false },
        Fault::ServerError { applied: true },
        Fault::HtmlPage { applied: false },
        Fault::HtmlPage { applied: true },
        Fault::EmptyAnswer { applied: false },
        Fault::EmptyAnswer { applied: true },
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
    ];

    /// The name, such as `apply-then-close`. Times are not part of it.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Latency(_) => "latency",
            Fault::CloseBeforeReading => "close-before-reading",
            Fault::CloseAfterReading => "close-after-reading",
            Fault::ApplyThenClose => "apply-then-close",
            Fault::ApplyThenHang => "apply-then-hang",
            Fault::CutAnswer => "cut-answer",
            Fault::LyingLength => "lying-length",
            Fault::BadGateway { applied: false } => "502-html",
            Fault::BadGateway { applied: true } => "502-html-applied",
            Fault::ServerError { applied: false } => "500-envelope",
            Fault::ServerError { applied: true } => "500-envelope-applied",
            Fault::HtmlPage { applied: false } => "200-html",
            Fault::HtmlPage { applied: true } => "200-html-applied",
            Fault::EmptyAnswer { applied: false } => "200-empty",
            Fault::EmptyAnswer { applied: true } => "200-empty-applied",
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
        }
    }

    /// Whether the request is carried out all the same.
    pub fn applies(self) -> bool {
        match self {
            Fault::CloseBeforeReading
            | Fault::CloseAfterReading
            | Fault::TooManyRequests { .. }
            | Fault::RedirectElsewhere => false,
            Fault::BadGateway { applied }
            | Fault::ServerError { applied }
            | Fault::HtmlPage { applied }
            | Fault::EmptyAnswer { applied }
            | Fault::ErrorCode { applied }
            | Fault::Payment001 { applied } => applied,
            Fault::Latency(_)
            | Fault::ApplyThenClose
            | Fault::ApplyThenHang
            | Fault::CutAnswer
            | Fault::LyingLength
            | Fault::WrongEcho
            | Fault::SlowDrip(_)
            | Fault::MsgForMessage
            | Fault::NumbersForStrings => true,
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

    /// Reads a name; times are those of [`Fault::ALL`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] with all names that there are.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut known = Fault::ALL.iter();
        known
            .find(|fault| fault.name() == text)
            .copied()
            .ok_or_else(|| {
                let names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
                let (text, names) = (redact::escape(text), names.join(", "));
                Error::invalid_input("fault", format!("there is no {text}; there are {names}"))
            })
    }
}
