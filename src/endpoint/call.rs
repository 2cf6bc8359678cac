//! Makes a call, and retries it where the policy of the client allows that.

use std::{pin::pin, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span};

use super::{
    body::{Body, FieldList},
    endpoint::Endpoint,
    expected::Expected,
    response::{self, Envelope, Fields, Names},
    signature::Signature,
    trace,
    verdict::{Verdict, interruption, is_rejecting, no_connection},
};
use crate::{
    client::Client,
    operation::Operation,
    outcome::{Error, ErrorResponse, Message, ResultCode, UnknownReason},
    policy::by,
    raw::{self, BodyFault, Fault, Given, Outgoing, Response, rules::Breach},
    redact::without_key,
};

/// One call of an operation: what is asked, and what must come back.
///
/// It is not generic, so that a program has one copy of it, however many operations it calls.
struct Call<'c> {
    client: &'c Client,
    operation: Operation,
    names: &'static Names,
    expected: Expected,
}

impl Client {
    /// Calls an operation.
    pub(crate) async fn execute<E: Endpoint>(&self, endpoint: &E) -> Result<E::Response, Error> {
        self.call_operation(endpoint, trace::ended).await
    }

    /// Calls an operation as one of the steps of a call, which warns of its failure itself.
    pub(crate) async fn execute_step<E: Endpoint>(
        &self,
        endpoint: &E,
    ) -> Result<E::Response, Error> {
        self.call_operation(endpoint, trace::failed).await
    }

    async fn call_operation<E: Endpoint>(
        &self,
        endpoint: &E,
        report: fn(&Span, &Error),
    ) -> Result<E::Response, Error> {
        self.check_runtime()?;
        let call = Call::new(endpoint, self);
        let hash = call.expected.hash.as_ref().map_or("", Signature::as_str);
        let request = endpoint.body(hash, |body| call.request(body))?;
        let data = call.make(&request, report).await?;
        Ok(endpoint.response(data))
    }
}

/// Decides the outcome of a call from its response.
#[cfg(fuzzing)]
pub(crate) fn decide<E: Endpoint>(
    client: &Client,
    endpoint: &E,
    response: Response,
) -> Result<E::Response, Error> {
    let data = Call::new(endpoint, client).judge(Ok(response))?;
    Ok(endpoint.response(data))
}

impl<'c> Call<'c> {
    fn new<E: Endpoint>(endpoint: &E, client: &'c Client) -> Self {
        Call {
            client,
            operation: E::OPERATION,
            names: E::NAMES,
            expected: Expected::by(endpoint),
        }
    }

    /// The request, if the specification allows it: nothing incomplete is sent, and nothing that breaks a
    /// rule.
    fn request(&self, body: Body<'_>) -> Result<Outgoing, Error> {
        let credentials = self.client.credentials();
        let key = ("apiKey", Given::from(credentials.reveal_api_key()));
        let member = ("member", Given::from(credentials.member()));
        let merchant = ("merchant", Given::from(credentials.merchant()));
        match body {
            Body::Inner(name, fields) => {
                self.generated(&[key, member, merchant, (name, Given::Fields(fields))])
            }
            #[cfg(feature = "preview")]
            Body::Merchant => self.generated(&[key, member, merchant]),
            #[cfg(feature = "preview")]
            Body::Partner(fields) => self.generated(&[&[key], fields].concat()),
            Body::Free(path, fields) => {
                let mut body = fields.clone();
                for (field, own) in [
                    ("member", credentials.member()),
                    ("merchant", credentials.merchant()),
                ] {
                    match body.get(field) {
                        None => drop(body.insert(field.into(), own.into())),
                        Some(Value::Null) => drop(body.remove(field)),
                        Some(_) => {}
                    }
                }
                body.insert("apiKey".into(), credentials.reveal_api_key().into());
                Ok(Outgoing {
                    path: path.to_owned().into(),
                    body: Value::Object(body).to_string().into(),
                })
            }
        }
    }

    fn generated(&self, fields: &FieldList<'_>) -> Result<Outgoing, Error> {
        let path = self.operation.path();
        match raw::rules::write(path, fields) {
            Ok(body) => Ok(Outgoing {
                path: path.into(),
                body: body.into(),
            }),
            Err(Breach::Value { field, rule }) => Err(Error::invalid_input(field, rule)),
            Err(Breach::Unsupported(demand)) => Err(Error::Unsupported {
                operation: self.operation,
                subject: self.expected.subject.clone(),
                demand: demand.into(),
            }),
        }
    }

    /// `report` logs the error with which the last request ended.
    async fn make(&self, request: &Outgoing, report: fn(&Span, &Error)) -> Result<Fields, Error> {
        let policy = self.client.retry_policy();
        let ends_at = policy.ends_at();
        let mut tried = Vec::new();
        loop {
            // Nothing of an attempt is kept over the pause.
            let pause = {
                let begun = Instant::now();
                let span = trace::span(
                    self.client,
                    self.operation,
                    &self.expected.subject,
                    tried.len(),
                );
                let sent = pin!(self.client.raw().send(request).instrument(span.clone()));
                let end = ends_at.filter(|_| !tried.is_empty());
                let response = by(end, sent).await.unwrap_or(Err(Fault::Abandoned));
                let elapsed = begun.elapsed();
                let http_status = response.as_ref().ok().map(|response| response.http_status);
                let ended = self.judge(response);
                trace::record(&span, &ended, http_status, elapsed);
                let error = match ended {
                    Ok(response) => return Ok(response),
                    Err(error) => error,
                };
                tried.push(error.attempt(self.operation, elapsed));
                let Some(pause) = policy.pause(&error, tried.len(), ends_at) else {
                    report(&span, &error);
                    return Err(error.after(tried));
                };
                trace::retried(&span, &error, pause);
                pause
            };
            sleep(pause).await;
        }
    }

    /// Decides what became of the request.
    fn judge(&self, response: Result<Response, Fault>) -> Result<Fields, Error> {
        let Response {
            http_status,
            retry_after,
            body,
        } = match response {
            Ok(response) => response,
            Err(fault) => return Err(self.without_response(fault)),
        };
        let (reason, source) = match body {
            Ok(body) => {
                let text = response::text(&body);
                match Envelope::decode(&text, self.names) {
                    Some(envelope) => return self.conclude(envelope, http_status, retry_after),
                    None => (UnknownReason::InvalidResponse, None),
                }
            }
            Err(BodyFault::TooLarge) => (UnknownReason::ResponseTooLarge, None),
            Err(BodyFault::Broken(error)) => (interruption(&error), Some(error)),
        };
        let response = self.error_response(http_status, retry_after, None, "");
        Err(match http_status {
            _ if is_rejecting(http_status) => self.rejected(response),
            200 => self.unknown(reason, Some(response), source),
            _ => self.unknown(UnknownReason::HttpStatus, Some(response), source),
        })
    }

    fn conclude(
        &self,
        envelope: Envelope<'_>,
        http_status: u16,
        retry_after: Option<Duration>,
    ) -> Result<Fields, Error> {
        let verdict = Verdict::of(&self.expected, &envelope, http_status);
        if let Verdict::Success = verdict {
            let mut data = envelope.data;
            data.drop_key(self.client.credentials().reveal_api_key());
            return Ok(data);
        }
        let (code, message) = (envelope.code.as_deref(), &envelope.message);
        let response = self.error_response(http_status, retry_after, code, message);
        Err(match verdict {
            Verdict::Unknown(reason) => self.unknown(reason, Some(response), None),
            Verdict::Rejection | Verdict::Success => self.rejected(response),
        })
    }

    fn without_response(&self, fault: Fault) -> Error {
        match fault {
            Fault::NotSent(source) => Error::NotSent {
                operation: self.operation,
                subject: self.expected.subject.clone(),
                reason: no_connection(&source),
                read: None,
                source: Some(Arc::new(source)),
                attempts: Arc::default(),
            },
            Fault::Lost(source) => self.unknown(interruption(&source), None, Some(source)),
            Fault::Abandoned => Error::abandoned(self.operation, self.expected.subject.clone()),
        }
    }

    fn error_response(
        &self,
        http_status: u16,
        retry_after: Option<Duration>,
        code: Option<&str>,
        message: &str,
    ) -> Box<ErrorResponse> {
        let key = self.client.credentials().reveal_api_key();
        Box::new(ErrorResponse {
            http_status,
            code: code.map(|code| ResultCode::new(without_key(code, key))),
            message: Message::new(message, key),
            retry_after,
        })
    }

    fn rejected(&self, response: Box<ErrorResponse>) -> Error {
        Error::rejected_by_response(self.operation, self.expected.subject.clone(), response)
    }

    fn unknown(
        &self,
        reason: UnknownReason,
        response: Option<Box<ErrorResponse>>,
        source: Option<reqwest::Error>,
    ) -> Error {
        Error::OutcomeUnknown {
            operation: self.operation,
            subject: self.expected.subject.clone(),
            reason,
            response,
            source: source.map(Arc::new),
            attempts: Arc::default(),
        }
    }
}
