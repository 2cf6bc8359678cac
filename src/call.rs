//! One call: what is sent for it, and the verdict over what came back.

use std::{borrow::Cow, fmt, sync::Arc};

use crate::{
    BillId, Credentials, Error, Operation, ResultCode,
    answer::{self, Envelope, Fields, Names},
    error::{Doubt, Message},
    raw::{Answer, BodyFault, Fault},
};

/// What a call is about, to say so when it fails.
pub(crate) struct Call<'c> {
    operation: Operation,
    bill_id: &'c BillId,
    api_key: &'c str,
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
    pub(crate) fn new(
        operation: Operation,
        bill_id: &'c BillId,
        credentials: &'c Credentials,
    ) -> Self {
        Call {
            operation,
            bill_id,
            api_key: credentials.api_key(),
        }
    }

    /// Turns a text into a field of the request, within the limits of the specification.
    pub(crate) fn fill<T>(&self, field: &'static str, text: &str) -> Result<T, Error>
    where
        T: for<'t> TryFrom<&'t str, Error: fmt::Display>,
    {
        T::try_from(text).map_err(|limit| Error::invalid(field, limit))
    }

    /// Decides what became of the request: from the HTTP status and the result code alone, and where
    /// those say success, from whether `contradicts` finds that `data` speaks of something else.
    pub(crate) fn judge<const N: usize>(
        &self,
        answer: Result<Answer, Fault>,
        names: &'static Names<N>,
        contradicts: impl FnOnce(&Fields<N>) -> bool,
    ) -> Result<Fields<N>, Error> {
        let Answer { http_status, body } = answer.map_err(|fault| self.unanswered(fault))?;
        let refusing = (400..500).contains(&http_status) && http_status != 408;
        let mut known = Known {
            http_status: Some(http_status),
            ..Known::default()
        };
        let unread = match body {
            Ok(body) => match Envelope::decode(&answer::text(&body), names) {
                Some(envelope) => {
                    let verdict = Verdict::of(&envelope, http_status, refusing, contradicts);
                    return self.carry_out(verdict, envelope, http_status);
                }
                None => Doubt::NotAnAnswer,
            },
            Err(BodyFault::TooLarge) => Doubt::AnswerTooLarge,
            Err(BodyFault::Broken(error)) => {
                let doubt = interruption(&error);
                known.source = Some(error);
                doubt
            }
        };
        Err(match http_status {
            _ if refusing => self.rejected(known, http_status),
            200 => self.unknown(unread, known),
            _ => self.unknown(Doubt::HttpStatus, known),
        })
    }

    fn carry_out<const N: usize>(
        &self,
        verdict: Verdict,
        envelope: Envelope<'_, N>,
        http_status: u16,
    ) -> Result<Fields<N>, Error> {
        if let Verdict::Success = verdict {
            return Ok(envelope.data);
        }
        let known = Known {
            code: envelope.code.map(Cow::into_owned),
            message: envelope.message.into_owned(),
            http_status: Some(http_status),
            source: None,
        };
        Err(match verdict {
            Verdict::Doubt(doubt) => self.unknown(doubt, known),
            _ => self.rejected(known, http_status),
        })
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
            message: Message::new(known.message, self.api_key),
            http_status,
        }
    }

    fn unknown(&self, doubt: Doubt, known: Known) -> Error {
        Error::OutcomeUnknown {
            operation: self.operation,
            bill_id: self.bill_id.clone(),
            doubt,
            code: known.code.map(ResultCode::new),
            message: Message::new(known.message, self.api_key),
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
    fn of<const N: usize>(
        envelope: &Envelope<'_, N>,
        http_status: u16,
        refusing: bool,
        contradicts: impl FnOnce(&Fields<N>) -> bool,
    ) -> Self {
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
            (Some(code), _) if code != success.as_str() => Verdict::Refusal,
            _ if !envelope.data.holds_something() => Verdict::Doubt(Doubt::NothingInAnswer),
            _ if contradicts(&envelope.data) => Verdict::Doubt(Doubt::Contradiction),
            _ => Verdict::Success,
        }
    }
}
