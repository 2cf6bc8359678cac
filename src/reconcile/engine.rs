//! Writes, and reads until the outcome is certain.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, Span};

#[cfg(feature = "preview")]
use super::write::{Creation, Found};
use super::{
    confirmed::{Confirmed, Proof},
    trace,
    write::{Change, Read, ReadOf, Stand, Write},
};
use crate::{
    client::Client,
    endpoint::{self, Endpoint},
    operation::Operation,
    outcome::{Attempt, Error, Outcome, Rejection, ResultCode, UnknownReason},
    policy::{ConfirmPolicy, RetryPolicy, by, moment_after},
    value::BillState,
};

type Response<W> = <W as Endpoint>::Response;
type Ended<W> = Result<Confirmed<Response<W>, ReadOf<W>>, Error>;
/// The proof that the write took effect, and whether it had done so before.
type Proved<W> = Result<(Proof<Response<W>, ReadOf<W>>, bool), Error>;

/// Changes what is there. When resuming, an earlier identical write may have left.
pub(crate) async fn change<C: Change>(client: &Client, change: &C, resuming: bool) -> Ended<C> {
    client.check_runtime()?;
    let span = trace::span(change);
    let mut engine = Engine::new(client, change, resuming);
    let proved = engine.change().instrument(span.clone()).await;
    engine.end(proved, &span)
}

/// Creates something. When resuming, an earlier identical write may have left.
#[cfg(feature = "preview")]
pub(crate) async fn create<C: Creation>(client: &Client, creation: &C, resuming: bool) -> Ended<C> {
    client.check_runtime()?;
    let span = trace::span(creation);
    let mut engine = Engine::new(client, creation, resuming);
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
    /// Whether an identical write that is not of this call may have left.
    resuming: bool,
    writes: u32,
    /// The last write of this call whose outcome is unknown.
    unknown: Option<Error>,
    /// The last write that was rejected, for another reason than haste.
    rejection: Option<Error>,
    /// Whether a read of this call showed that what it writes was not there yet.
    was_seen_undone: bool,
    tried: Vec<Attempt>,
    /// How long PaySsam asked to wait at the end of the last request.
    asked_to_wait: Duration,
    /// The error of the last request, if it failed.
    failure: Option<Error>,
    pauses: u32,
}

/// What follows a write that did not succeed.
enum Next<R> {
    Write,
    /// It took effect, as this read shows; before this call, perhaps.
    Done(R),
}

/// How long what reads show must last before it is believed.
#[derive(Clone, Copy)]
struct Settling {
    ends_at: Option<Instant>,
}

impl Settling {
    /// Whether what a read shows that began at `read_at` is believed.
    fn is_over(self, read_at: Instant) -> bool {
        self.ends_at.is_some_and(|end| read_at >= end)
    }

    /// The pause until the next read: not longer than what is left.
    fn shorten(self, pause: Duration) -> Duration {
        let left = self
            .ends_at
            .map(|end| end.saturating_duration_since(Instant::now()))
            .filter(|left| !left.is_zero());
        left.map_or(pause, |left| pause.min(left))
    }
}

impl<C: Change> Engine<'_, C> {
    async fn change(&mut self) -> Proved<C> {
        if self.write.checks_first()
            && let Some(read) = self.check_first().await?
        {
            return Ok((Proof::Read(read.into()), !self.resuming));
        }
        loop {
            let error = match self.send().await {
                Ok(response) => return Ok((Proof::Response(response.into()), false)),
                Err(error) => error,
            };
            if error.outcome() == Outcome::NotSent && !self.is_uncertain() {
                return Err(error);
            }
            if let Next::Done(read) = self.watch(&error).await? {
                let was_already = !self.is_uncertain() && !self.was_seen_undone;
                return Ok((Proof::Read(read.into()), was_already));
            }
        }
    }

    /// Reads before the first write; what was read, if the change was made before.
    async fn check_first(&mut self) -> Result<Option<ReadOf<C>>, Error> {
        let read = loop {
            match self.read_after(Duration::ZERO).await {
                Some(Ok(read)) => break read,
                Some(Err(error)) if is_rejected_by_payssam(&error) || is_unsupported(&error) => {
                    return Err(self.not_checked(error));
                }
                Some(Err(error)) => {
                    let pause = self.pause();
                    if !self.waits(pause).await {
                        return Err(self.not_checked(self.not_read(Some(error))));
                    }
                }
                None => {
                    let failure = self.failure.take();
                    return Err(self.not_checked(self.not_read(failure)));
                }
            }
        };
        let stand = self.write.stand(&read);
        self.was_seen_undone |= stand.is_undone();
        match (stand, self.write.check(&read)) {
            (Stand::After, _) => Ok(Some(read)),
            (_, Ok(())) => Ok(None),
            (Stand::Never(_), Err(rejection)) => Err(rejection),
            (_, Err(rejection)) => Err(self.not_checked(rejection)),
        }
    }

    fn not_read(&self, failure: Option<Error>) -> Error {
        Error::not_read(C::OPERATION, self.write.subject(), failure)
    }

    /// What it proves that the check before the first write failed with `error`: nothing about an earlier one.
    fn not_checked(&self, error: Error) -> Error {
        match self.resuming {
            true => self
                .not_read(Some(error))
                .into_unknown(UnknownReason::EarlierWrite),
            false => error,
        }
    }

    /// Reads after a write that ended with `error`, until the state decides.
    async fn watch(&mut self, error: &Error) -> Result<Next<ReadOf<C>>, Error> {
        let is_refused = error.is_rejected() && !error.is_rate_limited();
        let is_uncertain = self.is_uncertain();
        // No other write can be the reason for such a rejection.
        let is_believed = error.is_about_the_request();
        let settling = self.settling();
        let mut pause = self.first_pause(error);
        loop {
            let read_at = self.next_read_at(pause);
            let Some(read) = self.read_after(pause).await else {
                return Err(self.undecided(error));
            };
            let is_over = read_at.is_some_and(|at| settling.is_over(at));
            let is_settled = !is_uncertain && (is_believed || is_over);
            let read = read.map(|read| (self.write.stand(&read), read));
            self.was_seen_undone |= read.as_ref().is_ok_and(|(stand, _)| stand.is_undone());
            match read {
                Ok((Stand::After, read)) => return Ok(Next::Done(read)),
                Ok((Stand::Never(_), _)) if is_refused && !is_uncertain => {
                    return Err(error.clone().settled());
                }
                Ok((Stand::Never(problem), read)) => return Err(self.by_state(&read, problem)),
                Ok((Stand::NotYet(_), _)) if is_refused && is_settled => {
                    return Err(error.clone().settled());
                }
                // Too many requests: nothing was carried out.
                Ok((Stand::NotYet(problem), read)) if !is_refused && !is_uncertain => {
                    return Err(self.by_state(&read, problem));
                }
                Ok((Stand::Before, _)) => {
                    if is_refused && is_settled {
                        return Err(error.clone().settled());
                    }
                    if self.may_write() && (!is_refused || is_over) {
                        return Ok(Next::Write);
                    }
                    if !is_refused && !is_uncertain {
                        return Err(error.clone());
                    }
                }
                // "No such bill" says more than "too many requests".
                Err(missing) if is_not_found(&missing) && !is_refused && !is_uncertain => {
                    return Err(missing.of(C::OPERATION));
                }
                Err(missing) if is_not_found(&missing) && is_settled => {
                    return Err(error.clone().settled());
                }
                Err(unsupported) if is_unsupported(&unsupported) => {
                    return Err(self.undecided(error));
                }
                Ok(_) | Err(_) => {}
            }
            pause = self.pause_within(settling);
        }
    }

    /// The state does not allow the change.
    fn by_state(&self, read: &ReadOf<C>, problem: String) -> Error {
        Error::rejected_by_state(
            C::OPERATION,
            self.write.subject(),
            C::Read::state(read),
            problem,
        )
    }
}

#[cfg(feature = "preview")]
impl<C: Creation> Engine<'_, C> {
    async fn create(&mut self) -> Proved<C> {
        loop {
            let error = match self.send().await {
                Ok(response) => return Ok((Proof::Response(response.into()), false)),
                Err(error) => error,
            };
            if !self.is_uncertain() {
                if error.is_rate_limited() && self.may_write() {
                    let pause = self.pause();
                    if self.waits(pause).await {
                        continue;
                    }
                }
                let is_decided = error.outcome() == Outcome::NotSent
                    || error.is_rate_limited()
                    || error.is_about_the_request();
                if is_decided {
                    return Err(error);
                }
            }
            if let Next::Done(read) = self.look_for(&error).await? {
                let is_taken = error.code() == Some(&ResultCode::BILL_ID_USED);
                let was_there = self.unknown.is_none() && (is_taken || !self.was_seen_undone);
                return Ok((Proof::Read(read.into()), was_there));
            }
        }
    }

    /// Reads after a write that ended with `error`, until what is there decides, or nothing is.
    ///
    /// While nothing is there, it is safe to write again under the same id. Once the id is known to be taken,
    /// only what has it decides.
    async fn look_for(&mut self, error: &Error) -> Result<Next<ReadOf<C>>, Error> {
        let is_taken = error.code() == Some(&ResultCode::BILL_ID_USED);
        let settling = self.settling();
        let mut pause = self.first_pause(error);
        let mut is_unreadable = false;
        loop {
            let read_at = self.next_read_at(pause);
            let Some(read) = self.read_after(pause).await else {
                return Err(match is_unreadable {
                    true => error.clone().into_unknown(UnknownReason::UnreadableAmount),
                    false => self.undecided(error),
                });
            };
            let is_over = read_at.is_some_and(|at| settling.is_over(at));
            let is_own =
                self.resuming || self.unknown.is_some() && (!is_taken || self.was_seen_undone);
            let (mut is_missing, mut is_rejected) = (false, false);
            is_unreadable = false;
            match read.map(|read| (self.write.find(&read), read)) {
                Ok((Found::This, read)) => return Ok(Next::Done(read)),
                Ok((Found::Unstated, read)) if is_own => return Ok(Next::Done(read)),
                Ok((Found::Unstated, _)) => {
                    return Err(error.clone().into_unknown(UnknownReason::NoAmount));
                }
                Ok((Found::Another, _)) => {
                    return Err(error.clone().into_unknown(UnknownReason::Contradiction));
                }
                Ok((Found::Gone(state, problem), _)) => {
                    return Err(Error::rejected_by_state(
                        C::OPERATION,
                        self.write.subject(),
                        state,
                        problem,
                    ));
                }
                Ok((Found::Unreadable, _)) => is_unreadable = true,
                Ok((Found::Unclear, _)) => {}
                Ok((Found::Nothing, _)) => is_missing = true,
                Err(missing) if is_not_found(&missing) => is_missing = true,
                Err(unsupported) if is_unsupported(&unsupported) => {
                    return Err(self.undecided(error));
                }
                // Whatever is there, it is safe to write again under the same id.
                Err(rejection) => is_rejected = is_rejected_by_payssam(&rejection),
            }
            self.was_seen_undone |= is_missing;
            match self.is_uncertain() {
                false if is_missing && is_over => return Err(error.clone().settled()),
                true if (is_missing || is_rejected) && !is_taken && self.may_write() => {
                    return Ok(Next::Write);
                }
                _ => {}
            }
            pause = self.pause_within(settling);
        }
    }
}

impl<'c, W: Write> Engine<'c, W> {
    fn new(client: &'c Client, write: &'c W, resuming: bool) -> Self {
        Engine {
            client,
            reader: client.with_retry(RetryPolicy::off()),
            write,
            ends_at: moment_after(client.confirm_policy().deadline),
            resuming,
            writes: 0,
            unknown: None,
            rejection: None,
            was_seen_undone: false,
            tried: Vec::new(),
            asked_to_wait: Duration::ZERO,
            failure: None,
            pauses: 0,
        }
    }

    /// Whether a write may have left whose outcome is unknown. While that is so, no rejection proves that
    /// nothing changed.
    fn is_uncertain(&self) -> bool {
        self.resuming || self.unknown.is_some()
    }

    fn may_write(&self) -> bool {
        self.writes < self.policy().writes
    }

    /// What is known when no read decides after a write that ended with `error`.
    fn undecided(&self, error: &Error) -> Error {
        match (&self.rejection, &self.unknown) {
            (Some(rejection), _) if self.is_uncertain() => {
                rejection.clone().into_unknown(UnknownReason::EarlierWrite)
            }
            (None, Some(unknown)) => unknown.clone(),
            (None, None) if self.resuming => {
                error.clone().into_unknown(UnknownReason::EarlierWrite)
            }
            _ => error.clone().into_unknown(UnknownReason::NotRead),
        }
    }

    fn settling(&self) -> Settling {
        Settling {
            ends_at: moment_after(self.policy().settling),
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
            Err(error) => {
                let error = error.after(self.tried);
                endpoint::ended(span, &error);
                Err(error)
            }
        }
    }

    /// How long to wait after a write that ended with `error`.
    fn first_pause(&mut self, error: &Error) -> Duration {
        match error.is_rejected() && error.retry_after().is_none() {
            true => Duration::ZERO,
            false => self.pause(),
        }
    }

    /// When a read after this pause begins.
    fn next_read_at(&self, pause: Duration) -> Option<Instant> {
        moment_after(pause)
    }

    /// One read after a pause; `None` when the deadline is before its end.
    async fn read_after(&mut self, pause: Duration) -> Option<Result<ReadOf<W>, Error>> {
        match self.waits(pause).await {
            true => self.read().await,
            false => None,
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
        self.pauses = self.pauses.saturating_add(1);
        self.asked_to_wait.saturating_add(pause)
    }

    /// How long to wait before the next read, so that one is made when the settling time is over.
    fn pause_within(&mut self, settling: Settling) -> Duration {
        let pause = self.policy().backoff.pause(self.pauses);
        self.pauses = self.pauses.saturating_add(1);
        self.asked_to_wait.saturating_add(settling.shorten(pause))
    }

    /// One read; `None` when it was abandoned at the deadline.
    async fn read(&mut self) -> Option<Result<ReadOf<W>, Error>> {
        let operation = <W::Read as Endpoint>::OPERATION;
        let begun = Instant::now();
        let read = self.write.read();
        let read = by(self.ends_at, self.reader.execute_step(&read)).await;
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
        self.writes = self.writes.saturating_add(1);
        let begun = Instant::now();
        let error = match by(self.ends_at, self.client.execute_step(self.write)).await {
            Some(Ok(response)) => {
                self.succeeded(W::OPERATION, None, begun);
                return Ok(response);
            }
            Some(Err(error)) => {
                self.failed(&error);
                error
            }
            None => self.abandoned(W::OPERATION, begun),
        };
        match error.outcome() {
            Outcome::Unknown => self.unknown = Some(error.clone()),
            Outcome::Rejected if !error.is_rate_limited() => self.rejection = Some(error.clone()),
            Outcome::Rejected | Outcome::NotSent => {}
        }
        Err(error)
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

/// Whether PaySsam itself says that the merchant has nothing under this id. Any other rejection of a read shows
/// nothing.
fn is_not_found(error: &Error) -> bool {
    is_rejected_by_payssam(error) && error.code() == Some(&ResultCode::BILL_NOT_FOUND)
}

/// Whether this version cannot read at all.
fn is_unsupported(error: &Error) -> bool {
    matches!(error, Error::Unsupported { .. })
}
