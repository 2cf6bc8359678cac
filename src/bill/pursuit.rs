//! Pursuing a write until it is certain what became of it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, Span};

use super::{Bill, BillId, BillState, Bills, ConfirmPolicy};
use crate::{Client, Delivery, Error, Operation, RetryPolicy, attempt::Attempt};

/// A write that is pursued.
pub(super) trait Write {
    type Answer;

    const OPERATION: Operation;

    fn bill_id(&self) -> &BillId;

    /// Makes it once.
    async fn send(&self, bills: Bills<'_>) -> Result<Self::Answer, Error>;
}

/// A write that moves a bill from one state to another.
pub(super) trait Change: Write {
    const FROM: BillState;
    const TO: BillState;

    /// What a bill that is read before the first write must be like, if it is to be read.
    fn check_first(&self) -> Option<impl Fn(&Bill) -> Result<(), Error>> {
        None::<fn(&Bill) -> Result<(), Error>>
    }
}

/// What shows that a bill is as it was wished.
#[derive(Clone, Debug)]
pub(super) enum Proof<A> {
    /// The answer to the write.
    Answer(Box<A>),
    /// A reading.
    Reading(Box<Bill>),
}

/// How a pursuit ended well.
pub(super) struct Pursued<A> {
    pub(super) proof: Proof<A>,
    /// Whether the bill was as it was wished before.
    pub(super) already: bool,
    /// The requests that it took.
    pub(super) attempts: Vec<Attempt>,
}

impl<A> Proof<A> {
    pub(super) fn is_reading(&self) -> bool {
        matches!(self, Proof::Reading(_))
    }
}

/// Moves a bill to another state, in this span.
pub(super) async fn change<C: Change>(
    client: &Client,
    change: &C,
    span: Span,
) -> Result<Pursued<C::Answer>, Error> {
    let mut pursuit = Pursuit::new(client, change);
    let ended = pursuit.change().instrument(span.clone()).await;
    pursuit.end(ended, &span)
}

/// The pursuit of one write.
pub(super) struct Pursuit<'c, W> {
    client: &'c Client,
    /// Makes each reading once: the pauses between them are those of the pursuit.
    reader: Client,
    pub(super) write: &'c W,
    ends_at: Option<Instant>,
    tried: Vec<Attempt>,
    pauses: u32,
}

impl<C: Change> Pursuit<'_, C> {
    /// The proof that the bill is as it was wished, and whether it was so before.
    async fn change(&mut self) -> Result<(Proof<C::Answer>, bool), Error> {
        if let Some(check) = self.write.check_first() {
            let bill = self.read_first().await?;
            if *bill.state() == C::TO {
                return Ok((Proof::Reading(bill.into()), true));
            }
            check(&bill)?;
        }
        let mut doubt = None;
        let mut writes = 0;
        loop {
            writes += 1;
            let error = match self.send().await {
                Ok(done) => return Ok((Proof::Answer(done.into()), false)),
                Err(error) => error,
            };
            match error.delivery() {
                Delivery::NotSent if doubt.is_none() => return Err(error),
                Delivery::Unknown => doubt = Some(error.clone()),
                Delivery::NotSent | Delivery::Received => {}
            }
            let bill = self.read_after(&error, doubt.as_ref()).await?;
            let received = error.delivery() == Delivery::Received;
            let refused = received && error.http_status() != Some(429);
            match bill.state() {
                state if *state == C::TO => {
                    return Ok((Proof::Reading(bill.into()), doubt.is_none()));
                }
                _ if refused => return Err(error),
                state if *state == C::FROM => {
                    if writes >= self.policy().writes {
                        return Err(doubt.filter(|_| !received).unwrap_or(error));
                    }
                }
                _ => return Err(Error::wrong_state(C::OPERATION, bill.id())),
            }
        }
    }

    /// Reads the bill before the first write.
    async fn read_first(&mut self) -> Result<Bill, Error> {
        let read = self
            .read_until(Duration::ZERO, |read| match read {
                Ok(_) => true,
                Err(error) => is_refusal_of_payssam(error),
            })
            .await;
        read.unwrap_or_else(|| Err(Error::unread(C::OPERATION, self.write.bill_id())))
    }

    /// Reads the bill after a write that ended with `error`, until its state decides.
    async fn read_after(&mut self, error: &Error, doubt: Option<&Error>) -> Result<Bill, Error> {
        let pause = match error.delivery() {
            Delivery::Received if error.retry_after().is_none() => Duration::ZERO,
            _ => self.pause(),
        };
        let read = self
            .read_until(pause, |read| match read {
                Ok(bill) => !matches!(bill.state(), BillState::Unknown(_)),
                Err(refusal) => doubt.is_none() && is_refusal_of_payssam(refusal),
            })
            .await;
        match read {
            Some(Ok(bill)) => Ok(bill),
            // That there is no such bill says more than that it was asked for too soon.
            Some(Err(refusal)) if error.http_status() == Some(429) => Err(refusal),
            Some(Err(_)) => Err(error.clone()),
            None => Err(doubt.unwrap_or(error).clone().without_reading()),
        }
    }
}

impl<'c, W: Write> Pursuit<'c, W> {
    pub(super) fn new(client: &'c Client, write: &'c W) -> Self {
        Pursuit {
            client,
            reader: client.with_retry(RetryPolicy::off()),
            write,
            ends_at: Instant::now().checked_add(client.confirm_policy().deadline),
            tried: Vec::new(),
            pauses: 0,
        }
    }

    /// What came of it, with the requests that it took, and in the log.
    pub(super) fn end(
        self,
        ended: Result<(Proof<W::Answer>, bool), Error>,
        span: &Span,
    ) -> Result<Pursued<W::Answer>, Error> {
        span.record("payssam.attempts", self.tried.len());
        match ended {
            Ok((proof, already)) => {
                span.record("payssam.delivery", Delivery::Received.as_str());
                span.record("payssam.confirmed_by_reading", proof.is_reading());
                span.record("payssam.already", already);
                Ok(Pursued {
                    proof,
                    already,
                    attempts: self.tried,
                })
            }
            Err(error) => {
                span.record("payssam.delivery", error.delivery().as_str());
                Err(error.after(self.tried))
            }
        }
    }

    /// Reads the bill until something comes that decides; `None` when nothing did by the deadline.
    pub(super) async fn read_until(
        &mut self,
        mut pause: Duration,
        decides: impl Fn(&Result<Bill, Error>) -> bool,
    ) -> Option<Result<Bill, Error>> {
        loop {
            if !self.waits(pause).await {
                return None;
            }
            let read = self.read().await?;
            if decides(&read) {
                return Some(read);
            }
            pause = self.pause();
        }
    }

    pub(super) fn policy(&self) -> ConfirmPolicy {
        self.client.confirm_policy()
    }

    /// Waits for the next request; `false` when that would be after the deadline.
    pub(super) async fn waits(&self, pause: Duration) -> bool {
        let Some(begins_at) = Instant::now().checked_add(pause) else {
            return false;
        };
        if self.ends_at.is_some_and(|end| end <= begins_at) {
            return false;
        }
        sleep_until(begins_at).await;
        true
    }

    /// How long to wait before the next reading.
    pub(super) fn pause(&mut self) -> Duration {
        let asked_for = self.tried.last().and_then(Attempt::retry_after);
        let pause = self.policy().backoff.pause(self.pauses);
        self.pauses += 1;
        asked_for.unwrap_or_default() + pause
    }

    /// One reading; `None` when it was given up at the deadline.
    async fn read(&mut self) -> Option<Result<Bill, Error>> {
        let begun = Instant::now();
        let id = self.write.bill_id();
        let read = by(self.ends_at, self.reader.bills().read(id)).await;
        match &read {
            Some(Ok(bill)) => self.tried.push(Attempt::succeeded(
                Operation::BillRead,
                Some(bill.state().clone()),
                begun.elapsed(),
            )),
            Some(Err(error)) => self.tried.extend_from_slice(error.attempts()),
            None => self.give_up(Operation::BillRead, begun),
        }
        read
    }

    /// One write, with the attempts that it takes until it may have left.
    pub(super) async fn send(&mut self) -> Result<W::Answer, Error> {
        let begun = Instant::now();
        match by(self.ends_at, self.write.send(self.client.bills())).await {
            Some(Ok(done)) => {
                let elapsed = begun.elapsed();
                self.tried
                    .push(Attempt::succeeded(W::OPERATION, None, elapsed));
                Ok(done)
            }
            Some(Err(error)) => {
                self.tried.extend_from_slice(error.attempts());
                Err(error)
            }
            None => {
                self.give_up(W::OPERATION, begun);
                Err(Error::given_up(W::OPERATION, self.write.bill_id()))
            }
        }
    }

    fn give_up(&mut self, operation: Operation, begun: Instant) {
        self.tried
            .push(Attempt::given_up(operation, begun.elapsed()));
    }
}

/// Whether PaySsam itself says no, and not something on the way to it.
pub(super) fn is_refusal_of_payssam(error: &Error) -> bool {
    matches!(error, Error::Rejected { code: Some(_), http_status, .. } if *http_status != 429)
}

/// What comes until the deadline.
async fn by<T>(ends_at: Option<Instant>, call: impl Future<Output = T>) -> Option<T> {
    match ends_at {
        Some(end) => timeout_at(end, call).await.ok(),
        None => Some(call.await),
    }
}
