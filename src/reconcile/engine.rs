//! Writes, and reads until the outcome is certain.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, Span};

#[cfg(feature = "preview")]
use super::write::{Creation, Found};
use super::{
    confirmed::{Confirmed, Proof},
    trace,
    write::{Change, Read, ReadOf, Stand, Write},
};
#[cfg(feature = "preview")]
use crate::outcome::{ResultCode, UnknownReason};
use crate::{
    client::Client,
    endpoint::Endpoint,
    operation::Operation,
    outcome::{Attempt, Error, Outcome, Rejection},
    policy::{ConfirmPolicy, RetryPolicy, moment_after},
    value::BillState,
};

type Response<W> = <W as Endpoint>::Response;
type Ended<W> = Result<Confirmed<Response<W>, ReadOf<W>>, Error>;
/// The proof that the write took effect, and whether it had done so before.
type Proved<W> = Result<(Proof<Response<W>, ReadOf<W>>, bool), Error>;

/// Changes what is there.
pub(crate) async fn change<C: Change>(client: &Client, change: &C) -> Ended<C> {
    let span = trace::span(change);
    let mut engine = Engine::new(client, change);
    let proved = engine.change().instrument(span.clone()).await;
    engine.end(proved, &span)
}

/// Creates something.
#[cfg(feature = "preview")]
pub(crate) async fn create<C: Creation>(client: &Client, creation: &C) -> Ended<C> {
    let span = trace::span(creation);
    let mut engine = Engine::new(client, creation);
    let proved = engine.create().instrument(span.clone()).await;
    engine.end(proved, &span)
}

/// Settles one write.
struct Engine<'c, W> {
    client: &'c Client,
    /// Makes each read once: the pauses between reads are those of the engine.
    reader: Client,
    write: &'c W,
    ends_at: Option<Instant>,
    tried: Vec<Attempt>,
    /// How long PaySsam asked to wait at the end of the last request.
    asked_to_wait: Duration,
    /// The error of the last request, if it failed.
    failure: Option<Error>,
    pauses: u32,
}

impl<C: Change> Engine<'_, C> {
    async fn change(&mut self) -> Proved<C> {
        if self.write.checks_first() {
            let read = self.read_first().await?;
            if let Stand::After = self.write.stand(&read) {
                return Ok((Proof::Read(read.into()), true));
            }
            self.write.check(&read)?;
        }
        let mut unknown = None;
        let mut writes = 0;
        loop {
            writes += 1;
            let error = match self.send().await {
                Ok(response) => return Ok((Proof::Response(response.into()), false)),
                Err(error) => error,
            };
            match error.outcome() {
                Outcome::NotSent if unknown.is_none() => return Err(error),
                Outcome::Unknown => unknown = Some(error.clone()),
                Outcome::NotSent | Outcome::Rejected => {}
            }
            let read = self.read_after(&error, unknown.as_ref()).await?;
            let is_refused = error.is_rejected() && !error.is_rate_limited();
            match self.write.stand(&read) {
                Stand::After => return Ok((Proof::Read(read.into()), unknown.is_none())),
                _ if is_refused => return Err(error),
                Stand::Before if writes < self.policy().writes => {}
                Stand::Before if error.is_rejected() => return Err(error),
                Stand::Before | Stand::Unknown => return Err(unknown.unwrap_or(error)),
                Stand::Impossible(problem) => {
                    return Err(Error::rejected_by_state(
                        C::OPERATION,
                        self.write.subject(),
                        C::Read::state(&read),
                        problem,
                    ));
                }
            }
        }
    }

    /// Reads before the first write.
    async fn read_first(&mut self) -> Result<ReadOf<C>, Error> {
        let read = self
            .read_until(Duration::ZERO, |read| match read {
                Ok(_) => true,
                Err(error) => is_rejected_by_payssam(error) || is_unsupported(error),
            })
            .await;
        read.unwrap_or_else(|| {
            Err(Error::not_read(
                C::OPERATION,
                self.write.subject(),
                self.failure.take(),
            ))
        })
    }

    /// Reads after a write that ended with `error`, until the state decides.
    async fn read_after(
        &mut self,
        error: &Error,
        unknown: Option<&Error>,
    ) -> Result<ReadOf<C>, Error> {
        let pause = match error.is_rejected() && error.retry_after().is_none() {
            true => Duration::ZERO,
            false => self.pause(),
        };
        let write = self.write;
        let read = self
            .read_until(pause, |read| match read {
                Ok(read) => !matches!(write.stand(read), Stand::Unknown),
                Err(rejection) => unknown.is_none() && is_rejected_by_payssam(rejection),
            })
            .await;
        match read {
            Some(Ok(read)) => Ok(read),
            // "No such bill" says more than "too many requests".
            Some(Err(rejection)) if error.is_rate_limited() => Err(rejection),
            Some(Err(_)) => Err(error.clone()),
            None => Err(unknown.unwrap_or(error).clone().without_read()),
        }
    }
}

#[cfg(feature = "preview")]
impl<C: Creation> Engine<'_, C> {
    /// Whether it was there before is never known.
    async fn create(&mut self) -> Proved<C> {
        let mut unknown: Option<Error> = None;
        let mut writes = 0;
        loop {
            writes += 1;
            let error = match self.send().await {
                Ok(response) => return Ok((Proof::Response(response.into()), false)),
                Err(error) => error,
            };
            if error.is_unknown() {
                unknown = Some(error.clone());
            }
            let is_last = writes >= self.policy().writes;
            let pause = self.pause();
            let Some(unknown) = &unknown else {
                if error.is_rate_limited() && !is_last && self.waits(pause).await {
                    continue;
                }
                return Err(error);
            };
            // A rejected read finds nothing: it is safe to write again under the same id. Once the id is
            // known to be taken, only the bill that has it decides.
            let is_taken = error.code() == Some(&ResultCode::BILL_ID_USED);
            let write = self.write;
            let read = self
                .read_until(pause, |read| match read {
                    Ok(read) => !is_taken || !matches!(write.find(read), Found::Nothing),
                    Err(rejection) => !is_taken && is_rejected_by_payssam(rejection),
                })
                .await;
            let Some(read) = read else {
                return Err(unknown.clone());
            };
            match read.map(|read| (write.find(&read), read)) {
                Ok((Found::This, read)) => return Ok((Proof::Read(read.into()), false)),
                Ok((Found::Another, _)) => {
                    return Err(unknown.clone().because(UnknownReason::Contradiction));
                }
                Ok((Found::Nothing, _)) | Err(_) if is_last => return Err(unknown.clone()),
                Ok((Found::Nothing, _)) | Err(_) => {}
            }
        }
    }
}

impl<'c, W: Write> Engine<'c, W> {
    fn new(client: &'c Client, write: &'c W) -> Self {
        Engine {
            client,
            reader: client.with_retry(RetryPolicy::off()),
            write,
            ends_at: moment_after(client.confirm_policy().deadline),
            tried: Vec::new(),
            asked_to_wait: Duration::ZERO,
            failure: None,
            pauses: 0,
        }
    }

    fn policy(&self) -> ConfirmPolicy {
        self.client.confirm_policy()
    }

    fn end(self, proved: Proved<W>, span: &Span) -> Ended<W> {
        let ended = proved.map(|(proof, was_already)| Confirmed {
            bill_id: self.write.read().bill_id().clone(),
            proof,
            was_already,
            attempts: Vec::new(),
        });
        trace::record(span, &ended, &self.tried);
        match ended {
            Ok(confirmed) => Ok(Confirmed {
                attempts: self.tried,
                ..confirmed
            }),
            Err(error) => Err(error.after(self.tried)),
        }
    }

    /// Reads until a read decides; `None` when none did by the deadline, or none ever can.
    async fn read_until(
        &mut self,
        mut pause: Duration,
        decides: impl Fn(&Result<ReadOf<W>, Error>) -> bool,
    ) -> Option<Result<ReadOf<W>, Error>> {
        loop {
            if !self.waits(pause).await {
                return None;
            }
            let read = self.read().await?;
            if decides(&read) {
                return Some(read);
            }
            if read.as_ref().is_err_and(is_unsupported) {
                return None;
            }
            pause = self.pause();
        }
    }

    /// Waits for the next request; `false` when that would be after the deadline.
    async fn waits(&self, pause: Duration) -> bool {
        let Some(begins_at) = moment_after(pause) else {
            return false;
        };
        if self.ends_at.is_some_and(|end| end <= begins_at) {
            return false;
        }
        sleep_until(begins_at).await;
        true
    }

    /// How long to wait before the next request.
    fn pause(&mut self) -> Duration {
        let pause = self.policy().backoff.pause(self.pauses);
        self.pauses += 1;
        self.asked_to_wait.saturating_add(pause)
    }

    /// One read; `None` when it was abandoned at the deadline.
    async fn read(&mut self) -> Option<Result<ReadOf<W>, Error>> {
        let operation = <W::Read as Endpoint>::OPERATION;
        let begun = Instant::now();
        let read = self.write.read();
        let read = by(self.ends_at, self.reader.execute(&read)).await;
        match &read {
            Some(Ok(read)) => {
                self.succeeded(operation, W::Read::state(read), begun);
            }
            Some(Err(error)) => self.failed(error),
            None => drop(self.abandoned(operation, begun)),
        }
        read
    }

    /// One write, with the retries while it provably never left.
    async fn send(&mut self) -> Result<Response<W>, Error> {
        let begun = Instant::now();
        match by(self.ends_at, self.client.execute(self.write)).await {
            Some(Ok(response)) => {
                self.succeeded(W::OPERATION, None, begun);
                Ok(response)
            }
            Some(Err(error)) => {
                self.failed(&error);
                Err(error)
            }
            None => Err(self.abandoned(W::OPERATION, begun)),
        }
    }

    fn succeeded(&mut self, operation: Operation, state: Option<BillState>, begun: Instant) {
        self.asked_to_wait = Duration::ZERO;
        let attempt = Attempt::succeeded(operation, state, begun.elapsed());
        self.tried.push(attempt);
    }

    fn failed(&mut self, error: &Error) {
        self.asked_to_wait = error.retry_after().unwrap_or_default();
        self.failure = Some(error.clone());
        self.tried.extend_from_slice(error.attempts());
    }

    fn abandoned(&mut self, operation: Operation, begun: Instant) -> Error {
        self.asked_to_wait = Duration::ZERO;
        let error = Error::abandoned(operation, self.write.subject());
        self.tried.push(error.attempt(operation, begun.elapsed()));
        error
    }
}

/// Whether PaySsam itself rejected it, and not something between it and the client.
fn is_rejected_by_payssam(error: &Error) -> bool {
    let has_code = matches!(
        error,
        Error::Rejected {
            rejection: Rejection::Response(response),
            ..
        } if response.code().is_some()
    );
    has_code && !error.is_rate_limited()
}

/// Whether this version cannot read at all.
fn is_unsupported(error: &Error) -> bool {
    matches!(error, Error::Unsupported { .. })
}

/// The result of a call that ends by the deadline.
async fn by<T>(ends_at: Option<Instant>, call: impl Future<Output = T>) -> Option<T> {
    match ends_at {
        Some(end) => timeout_at(end, call).await.ok(),
        None => Some(call.await),
    }
}
