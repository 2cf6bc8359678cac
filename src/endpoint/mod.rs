//! One call: what is sent for it, how often, and the verdict over what came back.

use std::{borrow::Cow, sync::Arc};

use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span, debug, field::Empty, info_span, warn};

use crate::{
    BillId, Client, Delivery, Error, Operation, ResultCode, Subject,
    answer::{self, Envelope, Fields, Names},
    attempt::Attempt,
    error::{Doubt, Message, shown},
    raw::{self, Answer, BodyFault, Fault, Given, rules::Breach},
};

/// What a call is about, to say so when it fails.
pub(crate) struct Call<'c> {
    operation: Operation,
    about: Subject,
    client: &'c Client,
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
    pub(crate) fn new(operation: Operation, about: impl Into<Subject>, client: &'c Client) -> Self {
        Call {
            operation,
            about: about.into(),
            client,
        }
    }

    /// The request for the member and merchant of the client, with these fields in the object `inner`.
    pub(crate) fn request(
        &self,
        inner: &'static str,
        fields: &[(&'static str, Given<'_>)],
    ) -> Result<raw::Request, Error> {
        let credentials = self.client.credentials();
        self.request_of(&[
            ("apiKey", credentials.reveal_api_key().into()),
            ("member", credentials.member().into()),
            ("merchant", credentials.merchant().into()),
            (inner, Given::Fields(fields)),
        ])
    }

    /// The request with these fields, if the specification allows it: nothing incomplete is sent, and
    /// nothing that breaks a rule.
    pub(crate) fn request_of(
        &self,
        fields: &[(&'static str, Given<'_>)],
    ) -> Result<raw::Request, Error> {
        let path = self.operation.path();
        raw::rules::check(path, fields).map_err(|breach| match breach {
            Breach::Value { field, rule } => Error::invalid_input(field, rule),
            Breach::Unsupported(demand) => self.unsupported(demand),
        })?;
        match raw::Request::fill(path, Given::Fields(fields)) {
            Some(Ok(request)) => Ok(request),
            Some(Err(misfit)) => Err(self.unsupported(misfit.to_string())),
            None => Err(self.unsupported(format!("the specification has no POST {path}"))),
        }
    }

    fn unsupported(&self, demand: String) -> Error {
        Error::Unsupported {
            operation: self.operation,
            about: self.about.clone(),
            demand: demand.into(),
        }
    }

    /// Makes the request, and makes it again where the policy of the client allows that.
    ///
    /// Where status and code say success, `doubts` finds out whether `data` bears that out.
    pub(crate) async fn make<const N: usize, R>(
        &self,
        names: &'static Names<N>,
        request: impl Fn() -> R,
        doubts: impl Fn(&Fields<N>) -> Option<Doubt>,
    ) -> Result<Fields<N>, Error>
    where
        R: Future<Output = Result<Answer, Fault>>,
    {
        let policy = self.client.retry_policy();
        let ends_at = policy.ends_at();
        let mut tried = Vec::new();
        loop {
            let begun = Instant::now();
            let span = self.span(tried.len());
            let answer = match ends_at {
                Some(end) if !tried.is_empty() => {
                    timeout_at(end, request().instrument(span.clone()))
                        .await
                        .unwrap_or(Err(Fault::GivenUp))
                }
                _ => request().instrument(span.clone()).await,
            };
            let elapsed = begun.elapsed();
            let http_status = answer.as_ref().ok().map(|answer| answer.http_status);
            let retry_after = answer.as_ref().ok().and_then(|answer| answer.retry_after);
            let ended = span.in_scope(|| self.judge(answer, names, &doubts));
            record(&span, &ended, http_status, elapsed.as_secs_f64() * 1_000.0);
            let error = match ended {
                Ok(data) => return Ok(data),
                Err(error) => error,
            };
            tried.push(Attempt::failed(
                self.operation,
                &error,
                retry_after,
                elapsed,
            ));
            let Some(pause) = policy.pause(&error, &tried, ends_at) else {
                return Err(error.after(tried));
            };
            debug!(
                parent: &span,
                payssam.pause_ms = pause.as_millis() as u64,
                "it will be made again"
            );
            sleep(pause).await;
        }
    }

    /// The names are those of OpenTelemetry for HTTP clients, where it has one.
    fn span(&self, earlier: usize) -> Span {
        let (operation, raw) = (self.operation, self.client.raw());
        let path = match &self.about {
            Subject::Path(path) => path,
            Subject::Bill(_) | Subject::Receipt(_) => operation.path(),
        };
        info_span!(
            "payssam.request",
            otel.name = format_args!("POST {path}"),
            otel.kind = "client",
            http.request.method = "POST",
            http.request.resend_count = (earlier > 0).then_some(earlier),
            url.full = format_args!("{}{path}", raw.baseurl),
            server.address = raw.server_address(),
            server.port = raw.server_port(),
            payssam.operation = operation.as_str(),
            payssam.bill_id = self.about.bill_id().map(BillId::as_str),
            payssam.attempt = earlier + 1,
            http.response.status_code = Empty,
            payssam.code = Empty,
            payssam.delivery = Empty,
            payssam.elapsed_ms = Empty,
            "error.type" = Empty,
        )
    }

    /// Decides what became of the request: from the HTTP status and the result code alone, and where
    /// those say success, from whether `doubts` finds that `data` does not bear that out.
    pub(crate) fn judge<const N: usize>(
        &self,
        answer: Result<Answer, Fault>,
        names: &'static Names<N>,
        doubts: impl Fn(&Fields<N>) -> Option<Doubt>,
    ) -> Result<Fields<N>, Error> {
        let Answer {
            http_status, body, ..
        } = answer.map_err(|fault| self.unanswered(fault))?;
        let refusing = (400..500).contains(&http_status) && http_status != 408;
        let mut known = Known {
            http_status: Some(http_status),
            ..Known::default()
        };
        let unread = match body {
            Ok(body) => match Envelope::decode(&answer::text(&body), names) {
                Some(envelope) => {
                    let verdict = Verdict::of(&envelope, http_status, refusing, doubts);
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
                about: self.about.clone(),
                source: source.map(Arc::new),
                attempts: Arc::default(),
            },
            Fault::Lost(source) => self.unknown(
                source.as_ref().map_or(Doubt::ConnectionLost, interruption),
                Known {
                    source,
                    ..Known::default()
                },
            ),
            Fault::GivenUp => self.unknown(Doubt::Timeout, Known::default()),
        }
    }

    fn rejected(&self, known: Known, http_status: u16) -> Error {
        Error::Rejected {
            operation: self.operation,
            about: self.about.clone(),
            code: known.code.map(ResultCode::new),
            message: self.message(known.message),
            http_status,
            attempts: Arc::default(),
        }
    }

    fn unknown(&self, doubt: Doubt, known: Known) -> Error {
        Error::OutcomeUnknown {
            operation: self.operation,
            about: self.about.clone(),
            doubt,
            code: known.code.map(ResultCode::new),
            message: self.message(known.message),
            http_status: known.http_status,
            source: known.source.map(Arc::new),
            attempts: Arc::default(),
        }
    }

    fn message(&self, words: String) -> Message {
        Message::new(words, self.client.credentials().reveal_api_key())
    }
}

/// Writes down in the span how the request ended.
fn record<T>(span: &Span, ended: &Result<T, Error>, http_status: Option<u16>, elapsed_ms: f64) {
    if span.is_disabled() {
        return;
    }
    let error = ended.as_ref().err();
    let (delivery, code) = match error {
        None => (
            Delivery::Received,
            Some(Cow::Borrowed(ResultCode::SUCCESS.as_str())),
        ),
        Some(error) => (
            error.delivery(),
            error.code().map(|code| Cow::Owned(shown(code.as_str()))),
        ),
    };
    span.record("payssam.delivery", delivery.as_str());
    span.record("payssam.code", code.as_deref());
    span.record("payssam.elapsed_ms", elapsed_ms);
    span.record("http.response.status_code", http_status);
    match error {
        None => debug!(parent: span, "done"),
        Some(error) => {
            let kind = match (http_status, error.doubt()) {
                (Some(status @ 300..), _) => Cow::Owned(status.to_string()),
                (_, Some(doubt)) => Cow::Borrowed(doubt.as_str()),
                _ => Cow::Borrowed(error.kind()),
            };
            span.record("error.type", &*kind);
            warn!(parent: span, "{error}");
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
        doubts: impl Fn(&Fields<N>) -> Option<Doubt>,
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
            _ => doubts(&envelope.data).map_or(Verdict::Success, Verdict::Doubt),
        }
    }
}
