//! One call: what is sent for it, and the verdict over what came back.

use std::{fmt, sync::Arc};

use crate::{
    BillId, Error, Operation, ResultCode,
    answer::{Envelope, Fields, Names},
    error::{Doubt, Message},
    raw::{Answer, BodyFault, Fault},
};

/// What a call is about, to say so when it fails.
pub(crate) struct Call<'c> {
    operation: Operation,
    bill_id: &'c BillId,
}

/// An answer that says `0000`, before anybody has compared it with the request.
pub(crate) struct Success<const N: usize> {
    pub(crate) data: Fields<N>,
    message: String,
}

/// What was learned before the outcome became doubtful.
#[derive(Default)]
struct Known {
    code: Option<String>,
    message: String,
    http_status: Option<u16>,
    source: Option<reqwest::Error>,
}

impl<'c> Call<'c> {
    pub(crate) fn new(operation: Operation, bill_id: &'c BillId) -> Self {
        Call { operation, bill_id }
    }

    pub(crate) fn bill_id(&self) -> &'c BillId {
        self.bill_id
    }

    /// Turns a text into a field of the request, within the limits of the specification.
    pub(crate) fn fill<T>(&self, field: &'static str, text: &str) -> Result<T, Error>
    where
        T: for<'t> TryFrom<&'t str, Error: fmt::Display>,
    {
        T::try_from(text).map_err(|limit| Error::invalid(field, limit))
    }

    /// Decides from the HTTP status and the result code alone what became of the request.
    pub(crate) fn judge<const N: usize>(
        &self,
        answer: Result<Answer, Fault>,
        names: &'static Names<N>,
    ) -> Result<Success<N>, Error> {
        let Answer { http_status, body } = answer.map_err(|fault| self.unanswered(fault))?;
        let refusing = (400..500).contains(&http_status) && http_status != 408;
        let (envelope, unread, source) = match body {
            Ok(body) => (Envelope::decode(&body, names), Doubt::NotAnAnswer, None),
            Err(BodyFault::TooLarge) => (None, Doubt::AnswerTooLarge, None),
            Err(BodyFault::Broken(error)) => (None, interruption(&error), Some(error)),
        };
        let mut known = Known {
            http_status: Some(http_status),
            source,
            ..Known::default()
        };
        let Some(envelope) = envelope else {
            return Err(match (refusing, http_status) {
                (true, _) => self.rejected(known, http_status),
                (_, 200) => self.unknown(unread, known),
                _ => self.unknown(Doubt::HttpStatus, known),
            });
        };
        let verdict = Verdict::of(&envelope, http_status, refusing);
        known.code = envelope.code;
        known.message = envelope.message;
        match verdict {
            Verdict::Success => Ok(Success {
                data: envelope.data,
                message: known.message,
            }),
            Verdict::Refusal => Err(self.rejected(known, http_status)),
            Verdict::Doubt(doubt) => Err(self.unknown(doubt, known)),
        }
    }

    /// Takes a success back, because of what the answer holds.
    pub(crate) fn doubt<const N: usize>(&self, doubt: Doubt, success: Success<N>) -> Error {
        self.unknown(
            doubt,
            Known {
                code: Some(ResultCode::SUCCESS.as_str().to_owned()),
                message: success.message,
                http_status: Some(200),
                source: None,
            },
        )
    }

    fn unanswered(&self, fault: Fault) -> Error {
        match fault {
            Fault::NotSent(source) => Error::NotSent {
                operation: self.operation,
                bill_id: self.bill_id.clone(),
                source: source.map(Arc::new),
            },
            Fault::Lost(source) => self.unknown(
                source.as_ref().map_or(Doubt::ConnectionLost, interruption),
                Known {
                    source,
                    ..Known::default()
                },
            ),
        }
    }

    fn rejected(&self, known: Known, http_status: u16) -> Error {
        Error::Rejected {
            operation: self.operation,
            bill_id: self.bill_id.clone(),
            code: known.code.map(ResultCode::new),
            message: Message::new(known.message),
            http_status,
        }
    }

    fn unknown(&self, doubt: Doubt, known: Known) -> Error {
        Error::OutcomeUnknown {
            operation: self.operation,
            bill_id: self.bill_id.clone(),
            doubt,
            code: known.code.map(ResultCode::new),
            message: Message::new(known.message),
            http_status: known.http_status,
            source: known.source.map(Arc::new),
        }
    }
}

fn interruption(error: &reqwest::Error) -> Doubt {
    if error.is_timeout() {
        Doubt::Timeout
    } else {
        Doubt::ConnectionLost
    }
}

enum Verdict {
    Success,
    Refusal,
    Doubt(Doubt),
}

impl Verdict {
    /// `refusing` tells that the HTTP status alone says no.
    fn of<const N: usize>(envelope: &Envelope<N>, http_status: u16, refusing: bool) -> Self {
        if envelope.codes_differ {
            return Verdict::Doubt(Doubt::Contradiction);
        }
        let success = ResultCode::SUCCESS;
        match (envelope.code.as_deref(), http_status) {
            (Some("ERROR" | "PAYMENT_001" | "PAYMENT_002"), _) => {
                Verdict::Doubt(Doubt::UnclearCode)
            }
            (Some(code), _) if refusing && code == success.as_str() => {
                Verdict::Doubt(Doubt::Contradiction)
            }
            _ if refusing => Verdict::Refusal,
            (_, status) if status != 200 => Verdict::Doubt(Doubt::HttpStatus),
            (None, _) => Verdict::Doubt(Doubt::NotAnAnswer),
            (Some(code), _) if code == success.as_str() => Verdict::Success,
            (Some(_), _) => Verdict::Refusal,
        }
    }
}
