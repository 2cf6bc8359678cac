//! What can go wrong, and what it means for the money.

use std::{error, fmt, sync::Arc, time::Duration};

use serde::{Serialize, Serializer};

use crate::{
    BillId, Operation, ResultCode, Subject,
    attempt::{Attempt, Summary},
    mask::{self, MASKED},
    redact,
};

/// Why a call did not succeed.
///
/// The first question after a failed call is what became of it, and [`delivery`](Error::delivery)
/// answers it. `Display` says what happened, what it means and what to do next. Neither it nor
/// `Debug` nor any source shows a body, a key, a hash or a phone number.
///
/// # Reads
///
/// The kinds are the same for reads, but a read changes nothing: after
/// [`OutcomeUnknown`](Error::OutcomeUnknown) or [`NotSent`](Error::NotSent) simply read again.
///
/// # Dropped futures
///
/// A call whose future is dropped before it ends (by `select!`, or by a timeout of your own) gives
/// no error at all, and its outcome is unknown in the same sense: the request may have left. Prefer
/// [`timeout`](crate::ClientBuilder::timeout), and after a dropped cancellation
/// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) finds out what became of it.
///
/// # Attempts
///
/// A call may take several requests ([`RetryPolicy`](crate::RetryPolicy)). The error is that of the
/// last one, and [`attempts`](Error::attempts) tells what each met.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// A value breaks a rule. Nothing was sent.
    #[non_exhaustive]
    InvalidInput {
        /// What was given, such as `bill id`.
        field: &'static str,
        /// Which rule it breaks, and by what.
        problem: Box<str>,
    },
    /// PaySsam answered no. Nothing changed.
    ///
    /// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) gives it, without a code, for a bill
    /// that reads as unpaid or destroyed after a cancellation whose answer was lost: such a bill
    /// cannot have been cancelled.
    #[non_exhaustive]
    Rejected {
        /// What was asked.
        operation: Operation,
        /// Of what.
        about: Subject,
        /// PaySsam's code; `None` when the HTTP status or a reading alone says no.
        code: Option<ResultCode>,
        /// PaySsam's words.
        message: Message,
        /// The HTTP status: 200, or 4xx but never 408.
        http_status: u16,
        /// What was tried.
        attempts: Arc<[Attempt]>,
    },
    /// The request provably never reached PaySsam. It is safe to try again.
    #[non_exhaustive]
    NotSent {
        /// What was to be asked.
        operation: Operation,
        /// Of what.
        about: Subject,
        /// The error of the HTTP client.
        source: Option<Arc<reqwest::Error>>,
        /// What was tried.
        attempts: Arc<[Attempt]>,
    },
    /// The request may have been carried out, or not. Read the bill before anything else.
    #[non_exhaustive]
    OutcomeUnknown {
        /// What was asked.
        operation: Operation,
        /// Of what.
        about: Subject,
        /// Why nobody can tell.
        doubt: Doubt,
        /// PaySsam's code, if the answer had one.
        code: Option<ResultCode>,
        /// PaySsam's words, if the answer had any.
        message: Message,
        /// The HTTP status, if there was an answer.
        http_status: Option<u16>,
        /// The error of the HTTP client, if there was one.
        source: Option<Arc<reqwest::Error>>,
        /// What was tried.
        attempts: Arc<[Attempt]>,
    },
    /// The specification that this version was made from describes the call in a way that this version
    /// cannot follow: it requires a field or a header that nobody fills here, or has the operation no
    /// more. Nothing was sent. A later version may be able to.
    #[non_exhaustive]
    Unsupported {
        /// What was to be asked.
        operation: Operation,
        /// Of what.
        about: Subject,
        /// What the specification requires.
        demand: Box<str>,
    },
    /// The client is not set up rightly. Nothing was sent.
    #[non_exhaustive]
    Config {
        /// What is wrong, such as `base url` or the name of an environment variable.
        setting: &'static str,
        /// In what way.
        problem: Box<str>,
    },
}

/// The size of an error is a part of the size of every `Result`.
const _: () = assert!(size_of::<Error>() <= 128);

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It provably never left.
    NotSent,
    /// PaySsam received it and said no.
    Received,
    /// It may have been carried out.
    Unknown,
}

impl fmt::Display for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Delivery {
    /// `not_sent`, `received` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Delivery::NotSent => "not_sent",
            Delivery::Received => "received",
            Delivery::Unknown => "unknown",
        }
    }
}

/// Why the outcome of a call is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Doubt {
    /// No whole answer within the time limit.
    Timeout,
    /// The connection ended before a whole answer was read; with a
    /// [brought HTTP client](crate::ClientBuilder::http_client) it may never have been made.
    ConnectionLost,
    /// The answer is larger than 1 MiB.
    AnswerTooLarge,
    /// The answer is not in PaySsam's envelope: a page of a proxy, an empty body, no text in `code`.
    NotAnAnswer,
    /// The HTTP status leaves it open: 408, 5xx, 3xx, or a 2xx other than 200.
    HttpStatus,
    /// The code says that PaySsam itself does not know: `ERROR`, `PAYMENT_001`, `PAYMENT_002`.
    UnclearCode,
    /// The answer contradicts itself or the request: two codes, success with HTTP 4xx, another
    /// bill, another hash.
    Contradiction,
    /// The code says success, but the answer holds nothing.
    NothingInAnswer,
    /// PaySsam refused, and no reading told whether the bill was cancelled before; only from
    /// [`cancel_and_confirm`](crate::Bills::cancel_and_confirm).
    NotRead,
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }
}

impl Doubt {
    /// The name in serde, such as `connection_lost`.
    pub fn as_str(self) -> &'static str {
        match self {
            Doubt::Timeout => "timeout",
            Doubt::ConnectionLost => "connection_lost",
            Doubt::AnswerTooLarge => "answer_too_large",
            Doubt::NotAnAnswer => "not_an_answer",
            Doubt::HttpStatus => "http_status",
            Doubt::UnclearCode => "unclear_code",
            Doubt::Contradiction => "contradiction",
            Doubt::NothingInAnswer => "nothing_in_answer",
            Doubt::NotRead => "not_read",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Doubt::Timeout => "no whole answer came within the time limit",
            Doubt::ConnectionLost => "the connection ended before a whole answer came",
            Doubt::AnswerTooLarge => "the answer is larger than 1 MiB",
            Doubt::NotAnAnswer => "what came is not an answer of PaySsam",
            Doubt::HttpStatus => "the HTTP status leaves it open",
            Doubt::UnclearCode => "PaySsam cannot say what happened",
            Doubt::Contradiction => "the answer contradicts itself or the request",
            Doubt::NothingInAnswer => "the answer says success and holds nothing",
            Doubt::NotRead => {
                "PaySsam refused, and no reading told whether it was cancelled before"
            }
        }
    }
}

/// Words that PaySsam wrote.
///
/// `Display` and `Debug` escape invisible characters and mask what may be a phone, card, account
/// or receipt number, a hash or a key. Messages are for engineers: they may hold internal
/// addresses, so do not show them to payers.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    raw: Box<str>,
    shown: Box<str>,
}

impl Message {
    pub(crate) fn new(raw: String, api_key: &str) -> Self {
        Message {
            shown: shown(&raw.replace(api_key, MASKED)).into(),
            raw: raw.into(),
        }
    }

    /// The words as they came. They may hold personal data: keep them out of logs.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}

/// What may be shown of words that came from elsewhere.
pub(crate) fn shown(words: &str) -> String {
    redact::escape(&mask::prose(words))
}

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

    /// A [`Config`](Error::Config), for crates that are set up in ways of their own.
    ///
    /// `problem` must not repeat a secret.
    pub fn config(setting: &'static str, problem: impl fmt::Display) -> Self {
        Error::Config {
            setting,
            problem: problem.to_string().into(),
        }
    }

    /// What became of the request.
    pub fn delivery(&self) -> Delivery {
        match self {
            Error::InvalidInput { .. }
            | Error::Unsupported { .. }
            | Error::Config { .. }
            | Error::NotSent { .. } => Delivery::NotSent,
            Error::Rejected { .. } => Delivery::Received,
            Error::OutcomeUnknown { .. } => Delivery::Unknown,
        }
    }

    /// The kind in one word: `invalid_input`, `rejected`, `not_sent`, `outcome_unknown`, `unsupported`
    /// or `config`.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::InvalidInput { .. } => "invalid_input",
            Error::Rejected { .. } => "rejected",
            Error::NotSent { .. } => "not_sent",
            Error::OutcomeUnknown { .. } => "outcome_unknown",
            Error::Unsupported { .. } => "unsupported",
            Error::Config { .. } => "config",
        }
    }

    /// PaySsam's result code, if there was one.
    pub fn code(&self) -> Option<&ResultCode> {
        match self {
            Error::Rejected { code, .. } | Error::OutcomeUnknown { code, .. } => code.as_ref(),
            _ => None,
        }
    }

    /// Why nobody can tell what became of the request, if that is so.
    pub fn doubt(&self) -> Option<Doubt> {
        match self {
            Error::OutcomeUnknown { doubt, .. } => Some(*doubt),
            _ => None,
        }
    }

    /// What was asked, if a call was made.
    pub fn operation(&self) -> Option<Operation> {
        match self {
            Error::Rejected { operation, .. }
            | Error::NotSent { operation, .. }
            | Error::Unsupported { operation, .. }
            | Error::OutcomeUnknown { operation, .. } => Some(*operation),
            _ => None,
        }
    }

    /// What it was about, if a call was made.
    pub fn subject(&self) -> Option<&Subject> {
        match self {
            Error::Rejected { about, .. }
            | Error::NotSent { about, .. }
            | Error::Unsupported { about, .. }
            | Error::OutcomeUnknown { about, .. } => Some(about),
            _ => None,
        }
    }

    /// The bill that it was about, if a call was made for one.
    pub fn bill_id(&self) -> Option<&BillId> {
        self.subject()?.bill_id()
    }

    /// The HTTP status of the answer, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Error::Rejected { http_status, .. } => Some(*http_status),
            Error::OutcomeUnknown { http_status, .. } => *http_status,
            _ => None,
        }
    }

    /// The requests that were made, the first one first, with what each met; empty when the call
    /// ended before there was one.
    pub fn attempts(&self) -> &[Attempt] {
        match self {
            Error::Rejected { attempts, .. }
            | Error::NotSent { attempts, .. }
            | Error::OutcomeUnknown { attempts, .. } => attempts,
            _ => &[],
        }
    }

    /// How long PaySsam asked to wait before the next request (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.attempts().last()?.retry_after()
    }

    /// The same error at the end of these requests.
    pub(crate) fn after(mut self, tried: Vec<Attempt>) -> Self {
        if let Error::Rejected { attempts, .. }
        | Error::NotSent { attempts, .. }
        | Error::OutcomeUnknown { attempts, .. } = &mut self
        {
            *attempts = tried.into();
        }
        self
    }

    /// A write that was given up on its way.
    pub fn given_up(operation: Operation, about: Subject) -> Self {
        Error::OutcomeUnknown {
            operation,
            about,
            doubt: Doubt::Timeout,
            code: None,
            message: Message::new(String::new(), MASKED),
            http_status: None,
            source: None,
            attempts: Arc::default(),
        }
    }

    /// A reading says that the write cannot have taken, nor ever will.
    pub(crate) fn wrong_state(operation: Operation, about: Subject) -> Self {
        Error::Rejected {
            operation,
            about,
            code: None,
            message: Message::new(String::new(), MASKED),
            http_status: 200,
            attempts: Arc::default(),
        }
    }

    /// A write that was not sent because the bill could not be read before.
    pub(crate) fn unread(operation: Operation, about: Subject) -> Self {
        Error::NotSent {
            operation,
            about,
            source: None,
            attempts: Arc::default(),
        }
    }

    /// The same unknown outcome, for another reason.
    #[cfg(feature = "preview")]
    pub(crate) fn because(mut self, reason: Doubt) -> Self {
        if let Error::OutcomeUnknown { doubt, .. } = &mut self {
            *doubt = reason;
        }
        self
    }

    /// The end of a cancellation after which the bill could not be read.
    pub(crate) fn without_reading(self) -> Self {
        match self {
            Error::Rejected {
                operation,
                about,
                code,
                message,
                http_status,
                attempts,
            } => Error::OutcomeUnknown {
                operation,
                about,
                doubt: Doubt::NotRead,
                code,
                message,
                http_status: Some(http_status),
                source: None,
                attempts,
            },
            other => other,
        }
    }

    /// What the failure of a reading means for the cancellation that waited for it.
    pub(crate) fn before_cancellation(self) -> Self {
        match self {
            Error::NotSent {
                about,
                source,
                attempts,
                ..
            }
            | Error::OutcomeUnknown {
                about,
                source,
                attempts,
                ..
            } => Error::NotSent {
                operation: Operation::BillCancel,
                about,
                source,
                attempts,
            },
            other => other,
        }
    }

    /// PaySsam's words as they came, if there were any.
    ///
    /// They may hold personal data: keep them out of logs.
    pub fn raw_message(&self) -> Option<&str> {
        match self {
            Error::Rejected { message, .. } | Error::OutcomeUnknown { message, .. } => {
                Some(message.raw()).filter(|words| !words.is_empty())
            }
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = Summary(self.attempts());
        match self {
            Error::InvalidInput { field, problem } => {
                write!(formatter, "invalid {field}: {problem}; nothing was sent")
            }
            Error::Unsupported {
                operation,
                about,
                demand,
            } => write!(
                formatter,
                "{operation} not sent: {demand} ({about}); nothing changed; this version of payssam \
                 cannot make the call as PaySsam describes it now, a later one may"
            ),
            Error::Config { setting, problem } => {
                write!(
                    formatter,
                    "configuration: {setting}: {problem}; nothing was sent"
                )
            }
            Error::Rejected {
                operation,
                about,
                code,
                message,
                http_status,
                attempts,
            } => {
                write!(formatter, "{operation} rejected{tried}:")?;
                let state = attempts.last().and_then(Attempt::state);
                match (code, state) {
                    (Some(code), _) => write!(formatter, " {}", shown(code.as_str()))?,
                    (None, Some(state)) => {
                        let done = operation.done();
                        write!(formatter, " a bill that is {state} cannot be {done}")?;
                    }
                    (None, None) if *http_status == 200 => {
                        let done = operation.done();
                        write!(formatter, " there is nothing that can be {done}")?;
                    }
                    (None, None) => {
                        write!(formatter, " HTTP {http_status} without a result code")?;
                    }
                }
                if !message.raw().is_empty() {
                    write!(formatter, " {message}")?;
                }
                write!(formatter, " ({about})")
            }
            Error::NotSent {
                operation,
                about,
                attempts,
                ..
            } => {
                let why = match attempts.last() {
                    Some(last) if last.operation() != *operation => {
                        "the bill could not be read before"
                    }
                    _ => "PaySsam could not be reached",
                };
                write!(
                    formatter,
                    "{operation} not sent: {why}{tried} ({about}); \
                     nothing changed, it is safe to try again"
                )
            }
            Error::OutcomeUnknown {
                operation,
                about,
                doubt,
                code,
                message,
                http_status,
                ..
            } => {
                write!(formatter, "{operation} outcome unknown{tried}: {doubt}")?;
                if let Some(status) = http_status {
                    write!(formatter, ", HTTP {status}")?;
                }
                if let Some(code) = code {
                    write!(formatter, ", {}", shown(code.as_str()))?;
                }
                if !message.raw().is_empty() {
                    write!(formatter, " {message}")?;
                }
                write!(formatter, " ({about}); ")?;
                formatter.write_str(operation.after_doubt())
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct(match self {
            Error::InvalidInput { .. } => "InvalidInput",
            Error::Rejected { .. } => "Rejected",
            Error::NotSent { .. } => "NotSent",
            Error::Unsupported { .. } => "Unsupported",
            Error::OutcomeUnknown { .. } => "OutcomeUnknown",
            Error::Config { .. } => "Config",
        });
        shown.field("delivery", &self.delivery());
        if let Error::OutcomeUnknown { doubt, .. } = self {
            shown.field("doubt", doubt);
        }
        shown.field("message", &format_args!("\"{self}\""));
        shown.finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::NotSent { source, .. } | Error::OutcomeUnknown { source, .. } => source
                .as_deref()
                .map(|source| source as &(dyn error::Error + 'static)),
            _ => None,
        }
    }
}

impl Serialize for Error {
    /// `{"kind","delivery","operation","code","message","bill_id"}`, where `message` is what
    /// `Display` says.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written {
            kind: self.kind(),
            delivery: self.delivery(),
            operation: self.operation(),
            code: self.code().map(|code| shown(code.as_str())),
            message: self.to_string(),
            bill_id: self.bill_id().map(BillId::as_str),
        }
        .serialize(to)
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    kind: &'static str,
    delivery: Delivery,
    operation: Option<Operation>,
    code: Option<String>,
    message: String,
    bill_id: Option<&'a str>,
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Error {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Error".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
