//! What can go wrong, and what it proves about the request.

use std::{convert::Infallible, error, fmt, sync::Arc, time::Duration};

use super::{
    attempt::Attempt,
    outcome::Outcome,
    outcome::{NotSentReason, UnknownReason},
    rejection::{ErrorResponse, Rejection},
    result_code::{CodeKind, ResultCode},
    subject::Subject,
};
use crate::{
    operation::Operation,
    value::{BillId, BillState, InvalidValue},
};

/// Why a call did not succeed.
///
/// The first question after a failed call is what became of the request:
/// [`outcome`](Error::outcome) answers it. `Display` says what happened, what it means for the money and
/// what to do next. Neither it nor `Debug` nor any source shows a body, a key, a hash or a phone number.
///
/// | outcome | variants | what to do |
/// | --- | --- | --- |
/// | [`NotSent`](Outcome::NotSent) | `NotSent`, `InvalidInput`, `Config`, `Unsupported` | correct it, or try again |
/// | [`Rejected`](Outcome::Rejected) | `Rejected` | look at [`code`](Error::code) or [`state`](Error::state) |
/// | [`Unknown`](Outcome::Unknown) | `OutcomeUnknown` | read the bill before anything else |
///
/// # Reads
///
/// The variants are the same for reads, but a read changes nothing: after
/// [`OutcomeUnknown`](Error::OutcomeUnknown) or [`NotSent`](Error::NotSent) read again.
///
/// # Dropped futures
///
/// A call whose future is dropped before it ends (by `select!`, or by a timeout of your own) returns no
/// error, and its outcome is unknown: the request may have left. Prefer
/// [`timeout`](crate::ClientBuilder::timeout); after a dropped cancellation,
/// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) settles the outcome.
///
/// # Attempts
///
/// A call may take several requests ([`RetryPolicy`](crate::RetryPolicy)). The error is that of the last
/// one, and [`attempts`](Error::attempts) lists all of them.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// A value breaks a rule. Nothing was sent.
    #[non_exhaustive]
    InvalidInput {
        /// What was given, such as `bill id`.
        field: &'static str,
        /// Which rule it breaks.
        problem: Box<str>,
    },
    /// The client is not configured correctly. Nothing was sent.
    #[non_exhaustive]
    Config {
        /// Which setting is wrong, such as `base url` or the name of an environment variable.
        setting: &'static str,
        /// What is wrong with it.
        problem: Box<str>,
    },
    /// The specification that this version was generated from describes the call in a way that this version
    /// cannot follow: it requires a field or a header that this version does not send, or no longer has
    /// the operation. Nothing was sent. A later version may support it.
    #[non_exhaustive]
    Unsupported {
        /// The operation.
        operation: Operation,
        /// What it is about.
        subject: Subject,
        /// What the specification requires.
        demand: Box<str>,
    },
    /// The request provably never reached PaySsam. It is safe to try again.
    #[non_exhaustive]
    NotSent {
        /// The operation.
        operation: Operation,
        /// What it is about.
        subject: Subject,
        /// Why it was not sent.
        reason: NotSentReason,
        /// Why the bill could not be read first, if that is the reason.
        read: Option<Box<Error>>,
        /// The error of the HTTP client.
        source: Option<Arc<reqwest::Error>>,
        /// The requests that were made.
        attempts: Arc<[Attempt]>,
    },
    /// PaySsam rejected the request, or the state of the bill does not allow it. Nothing changed, if
    /// [`is_settled`](Error::is_settled) says so.
    #[non_exhaustive]
    Rejected {
        /// The operation.
        operation: Operation,
        /// What it is about.
        subject: Subject,
        /// What rejected it: a response, or a state.
        rejection: Rejection,
        /// Whether it is certain that nothing changed; see [`is_settled`](Error::is_settled).
        is_settled: bool,
        /// The requests that were made.
        attempts: Arc<[Attempt]>,
    },
    /// The request may have been carried out, or not. Read the bill before anything else.
    #[non_exhaustive]
    OutcomeUnknown {
        /// The operation.
        operation: Operation,
        /// What it is about.
        subject: Subject,
        /// Why the outcome is unknown.
        reason: UnknownReason,
        /// What is known of the response, if there was one.
        response: Option<Box<ErrorResponse>>,
        /// The error of the HTTP client, if there was one.
        source: Option<Arc<reqwest::Error>>,
        /// The requests that were made.
        attempts: Arc<[Attempt]>,
    },
}

/// The size of an error is a part of the size of every `Result`.
const _: () = assert!(size_of::<Error>() <= 128);

impl Error {
    /// An [`InvalidInput`](Error::InvalidInput), for crates that check input of their own.
    ///
    /// `problem` must not repeat a secret.
    pub fn invalid_input(field: &'static str, problem: impl fmt::Display) -> Self {
        Error::InvalidInput {
            field,
            problem: problem.to_string().into(),
        }
    }

    /// A [`Config`](Error::Config), for crates that have settings of their own.
    ///
    /// `problem` must not repeat a secret.
    pub fn config(setting: &'static str, problem: impl fmt::Display) -> Self {
        Error::Config {
            setting,
            problem: problem.to_string().into(),
        }
    }

    /// What the error proves about the request.
    pub fn outcome(&self) -> Outcome {
        match self {
            Error::InvalidInput { .. }
            | Error::Config { .. }
            | Error::Unsupported { .. }
            | Error::NotSent { .. } => Outcome::NotSent,
            Error::Rejected { .. } => Outcome::Rejected,
            Error::OutcomeUnknown { .. } => Outcome::Unknown,
        }
    }

    /// Whether the same request can be sent once more as it is, because it provably never left, or because
    /// it was a read that failed.
    ///
    /// This is what the client itself retries by its [policy](crate::RetryPolicy).
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::NotSent { .. } => true,
            Error::OutcomeUnknown { operation, .. } => !operation.is_write(),
            Error::Rejected { operation, .. } => !operation.is_write() && self.is_rate_limited(),
            Error::InvalidInput { .. } | Error::Config { .. } | Error::Unsupported { .. } => false,
        }
    }

    /// Whether it is certain what became of the request, so that money can be returned by hand.
    ///
    /// `false` when the outcome of a write is unknown, and also for a rejection of a write by a code that
    /// PaySsam's published table does not list, or without a code: it proves little, and the request may be
    /// carried out all the same. Read the bill then. `cancel_and_confirm` and its like read by themselves, over the
    /// [settling time](crate::ConfirmPolicy::settling), so their rejections are settled, but for too many requests (HTTP 429).
    pub fn is_settled(&self) -> bool {
        match self {
            Error::InvalidInput { .. }
            | Error::Config { .. }
            | Error::Unsupported { .. }
            | Error::NotSent { .. } => true,
            Error::Rejected { is_settled, .. } => *is_settled,
            Error::OutcomeUnknown { operation, .. } => !operation.is_write(),
        }
    }

    /// Whether a write was rejected for what it says or lacks, and not for another write.
    pub(crate) fn is_about_the_request(&self) -> bool {
        let kind = self.code().map(ResultCode::kind);
        self.is_rejected() && kind.is_some_and(CodeKind::is_about_the_request)
    }

    /// Whether the request was rejected.
    pub fn is_rejected(&self) -> bool {
        self.outcome() == Outcome::Rejected
    }

    /// Whether the outcome is unknown: the request may have been carried out.
    pub fn is_unknown(&self) -> bool {
        self.outcome() == Outcome::Unknown
    }

    /// Whether PaySsam reported too many requests (HTTP 429).
    pub(crate) fn is_rate_limited(&self) -> bool {
        self.http_status() == Some(429)
    }

    /// The name of the variant in serde, such as `outcome_unknown`.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::InvalidInput { .. } => "invalid_input",
            Error::Config { .. } => "config",
            Error::Unsupported { .. } => "unsupported",
            Error::NotSent { .. } => "not_sent",
            Error::Rejected { .. } => "rejected",
            Error::OutcomeUnknown { .. } => "outcome_unknown",
        }
    }

    /// Why the request was not sent, if it was not.
    pub fn not_sent_reason(&self) -> Option<NotSentReason> {
        match self {
            Error::NotSent { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    /// Why the outcome is unknown, if it is.
    pub fn unknown_reason(&self) -> Option<UnknownReason> {
        match self {
            Error::OutcomeUnknown { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    /// The response that came with the error, if there was one.
    pub fn response(&self) -> Option<&ErrorResponse> {
        match self {
            Error::Rejected {
                rejection: Rejection::Response(response),
                ..
            } => Some(response),
            Error::OutcomeUnknown { response, .. } => response.as_deref(),
            _ => None,
        }
    }

    /// PaySsam's result code, if there was one.
    pub fn code(&self) -> Option<&ResultCode> {
        self.response()?.code()
    }

    /// The HTTP status, if there was a response.
    pub fn http_status(&self) -> Option<u16> {
        Some(self.response()?.http_status())
    }

    /// How long PaySsam asked to wait before the next request (`Retry-After` of the
    /// [response](Error::response) that came with the error).
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after()
    }

    /// PaySsam's message as received, if there was one. It may hold personal data: keep it out of logs.
    pub fn raw_message(&self) -> Option<&str> {
        let message = self.response()?.message().raw();
        (!message.is_empty()).then_some(message)
    }

    /// The state in which the bill was read, if that state rejected the request.
    pub fn state(&self) -> Option<&BillState> {
        match self {
            Error::Rejected {
                rejection: Rejection::State { state, .. },
                ..
            } => state.as_ref(),
            _ => None,
        }
    }

    /// The operation, if a call was made.
    pub fn operation(&self) -> Option<Operation> {
        Some(self.call()?.0)
    }

    /// What it was about, if a call was made.
    pub fn subject(&self) -> Option<&Subject> {
        Some(self.call()?.1)
    }

    #[rustfmt::skip]
    fn call(&self) -> Option<(Operation, &Subject)> {
        match self {
            Error::Unsupported { operation, subject, .. }
            | Error::NotSent { operation, subject, .. }
            | Error::Rejected { operation, subject, .. }
            | Error::OutcomeUnknown { operation, subject, .. } => Some((*operation, subject)),
            Error::InvalidInput { .. } | Error::Config { .. } => None,
        }
    }

    /// The bill that it was about, if a call was made for one.
    pub fn bill_id(&self) -> Option<&BillId> {
        self.subject()?.bill_id()
    }

    /// The requests that were made, the first one first; empty when the call ended before the first.
    pub fn attempts(&self) -> &[Attempt] {
        match self {
            Error::NotSent { attempts, .. }
            | Error::Rejected { attempts, .. }
            | Error::OutcomeUnknown { attempts, .. } => attempts,
            _ => &[],
        }
    }

    /// The same error after these requests.
    pub(crate) fn after(mut self, tried: Vec<Attempt>) -> Self {
        if let Error::NotSent { attempts, .. }
        | Error::Rejected { attempts, .. }
        | Error::OutcomeUnknown { attempts, .. } = &mut self
        {
            *attempts = tried.into();
        }
        self
    }

    /// How this error ended a request.
    pub(crate) fn attempt(&self, operation: Operation, elapsed: Duration) -> Attempt {
        Attempt {
            operation,
            outcome: Some(self.outcome()),
            unknown_reason: self.unknown_reason(),
            code: self.code().cloned(),
            http_status: self.http_status(),
            state: None,
            retry_after: self.retry_after(),
            elapsed,
        }
    }

    /// A request was abandoned at a deadline, and may be carried out: for crates that set deadlines of their
    /// own.
    pub fn abandoned(operation: Operation, subject: Subject) -> Self {
        Error::OutcomeUnknown {
            operation,
            subject,
            reason: UnknownReason::Timeout,
            response: None,
            source: None,
            attempts: Arc::default(),
        }
    }

    /// The state in which the bill was read does not allow the write.
    pub(crate) fn rejected_by_state(
        operation: Operation,
        subject: Subject,
        state: Option<BillState>,
        problem: impl fmt::Display,
    ) -> Self {
        Error::Rejected {
            operation,
            subject,
            rejection: Rejection::State {
                state,
                problem: problem.to_string().into(),
            },
            is_settled: true,
            attempts: Arc::default(),
        }
    }

    /// A response rejects the request. How much that proves depends on its code.
    pub(crate) fn rejected_by_response(
        operation: Operation,
        subject: Subject,
        response: Box<ErrorResponse>,
    ) -> Self {
        let kind = response.code().map(ResultCode::kind);
        Error::Rejected {
            operation,
            subject,
            is_settled: !operation.is_write() || kind.is_some_and(CodeKind::is_listed),
            rejection: Rejection::Response(response),
            attempts: Arc::default(),
        }
    }

    /// The same rejection, as one of another operation.
    pub(crate) fn of(mut self, other: Operation) -> Self {
        if let Error::Rejected { operation, .. } = &mut self {
            *operation = other;
        }
        self
    }

    /// The same rejection, which reads have confirmed.
    pub(crate) fn settled(mut self) -> Self {
        if let Error::Rejected { is_settled, .. } = &mut self {
            *is_settled = true;
        }
        self
    }

    /// A read that shows an amount which cannot be read.
    pub(crate) fn unreadable_amount(operation: Operation, subject: Subject) -> Self {
        Error::OutcomeUnknown {
            operation,
            subject,
            reason: UnknownReason::UnreadableAmount,
            response: None,
            source: None,
            attempts: Arc::default(),
        }
    }

    /// A write was not sent because the bill could not be read first, for this error if there is one.
    pub(crate) fn not_read(operation: Operation, subject: Subject, read: Option<Error>) -> Self {
        Error::NotSent {
            operation,
            subject,
            reason: NotSentReason::NotRead,
            attempts: read.iter().flat_map(Error::attempts).cloned().collect(),
            read: read.map(Box::new),
            source: None,
        }
    }

    /// Why a request failed, in words.
    pub(super) fn reason(&self) -> Option<&dyn fmt::Display> {
        match self {
            Error::NotSent { reason, .. } => Some(reason),
            Error::OutcomeUnknown { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// An unknown outcome with what is known of this one.
    pub(crate) fn into_unknown(self, reason: UnknownReason) -> Self {
        let (response, source) = match &self {
            Error::Rejected {
                rejection: Rejection::Response(response),
                ..
            } => (Some(response.clone()), None),
            Error::OutcomeUnknown {
                response, source, ..
            } => (response.clone(), source.clone()),
            Error::NotSent { source, .. } => (None, source.clone()),
            _ => (None, None),
        };
        match self {
            Error::NotSent {
                operation,
                subject,
                attempts,
                ..
            }
            | Error::Rejected {
                operation,
                subject,
                attempts,
                ..
            }
            | Error::OutcomeUnknown {
                operation,
                subject,
                attempts,
                ..
            } => Error::OutcomeUnknown {
                operation,
                subject,
                reason,
                response,
                source,
                attempts,
            },
            other => other,
        }
    }
}

impl From<InvalidValue> for Error {
    fn from(invalid: InvalidValue) -> Self {
        Error::invalid_input(invalid.field(), invalid.problem())
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::NotSent {
                read: Some(read), ..
            } => Some(read),
            Error::NotSent { source, .. } | Error::OutcomeUnknown { source, .. } => source
                .as_deref()
                .map(|source| source as &(dyn error::Error + 'static)),
            _ => None,
        }
    }
}
