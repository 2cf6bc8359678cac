//! What a client makes of the faults of the mock server.

use std::time::Duration;

use payssam::{Error, UnknownReason};
use payssam_mock::Fault;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen {
    Success,
    /// With this HTTP status.
    Rejected(u16),
    Unknown(UnknownReason),
    /// The state in which the bill was read does not allow it.
    RejectedByState,
    /// Nothing left this machine, for another reason.
    NotSent,
}

impl Seen {
    pub fn of<T>(ended: &Result<T, Error>) -> Self {
        match ended {
            Ok(_) => Seen::Success,
            Err(error @ Error::Rejected { .. }) => match error.http_status() {
                Some(http_status) => Seen::Rejected(http_status),
                None => Seen::RejectedByState,
            },
            Err(Error::OutcomeUnknown { reason, .. }) => Seen::Unknown(*reason),
            Err(Error::NotSent { .. }) => Seen::NotSent,
            Err(error) => panic!("no fault looks like this: {error}"),
        }
    }

    /// How a call with a fault ends that would end in `self` without it.
    pub fn through(self, fault: Fault) -> Self {
        match fault {
            Fault::Latency(_)
            | Fault::SlowDrip(_)
            | Fault::MsgForMessage
            | Fault::NumbersForStrings
            | Fault::NoApprovalNumber
            | Fault::PaddedCode => self,
            Fault::RejectThenApply(_) => Seen::Rejected(200),
            // A rejection names no bill.
            Fault::WrongEcho if self != Seen::Success => self,
            Fault::WrongEcho => Seen::Unknown(UnknownReason::Contradiction),
            Fault::TooManyRequests { .. } => Seen::Rejected(429),
            Fault::CloseBeforeReading
            | Fault::CloseAfterReading
            | Fault::ApplyThenClose
            | Fault::InProgress(_)
            | Fault::CutResponse => Seen::Unknown(UnknownReason::ConnectionLost),
            Fault::ApplyThenHang => Seen::Unknown(UnknownReason::Timeout),
            Fault::LyingLength | Fault::HtmlPage { .. } | Fault::EmptyResponse { .. } => {
                Seen::Unknown(UnknownReason::InvalidResponse)
            }
            Fault::BadGateway { .. } | Fault::RedirectElsewhere => {
                Seen::Unknown(UnknownReason::HttpStatus)
            }
            Fault::ServerError { .. } | Fault::ErrorCode { .. } | Fault::Payment001 { .. } => {
                Seen::Unknown(UnknownReason::UnclearCode)
            }
            other => panic!("no test says what {other} looks like"),
        }
    }
}

/// Every fault, with times that a test can wait for.
pub fn quick() -> Vec<Fault> {
    let quick = |fault: &Fault| match fault {
        Fault::Latency(_) => Fault::Latency(Duration::from_millis(5)),
        Fault::SlowDrip(_) => Fault::SlowDrip(Duration::from_millis(1)),
        Fault::InProgress(_) => Fault::InProgress(Duration::from_millis(20)),
        Fault::RejectThenApply(_) => Fault::RejectThenApply(Duration::from_millis(20)),
        Fault::TooManyRequests { .. } => Fault::TooManyRequests {
            retry_after: Duration::ZERO,
        },
        other => *other,
    };
    Fault::ALL.iter().map(quick).collect()
}
