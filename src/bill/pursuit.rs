//! Pursuing a change of a bill until it is certain what became of it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Bill, BillId, BillState, Bills};
use crate::{Client, Delivery, Error, Operation, RetryPolicy, attempt::Attempt};

/// A write that moves a bill from one state to another.
pub(super) trait Change {
    type Answer;

    const OPERATION: Operation;
    const FROM: BillState;
    const TO: BillState;

    fn bill_id(&self) -> &BillId;

    /// What a bill that is read before the first write must be like, if it is to be read.
    fn check_first(&self) -> Option<impl Fn(&Bill) -> Result<(), Error>>;

    /// One write.
    async fn send(&self, bills: Bills<'_>) -> Result<Self::Answer, Error>;
}

/// What shows that a bill is as it was wished.
#[derive(Clone)]
pub(super) enum Proof<A> {
    /// The answer to the write.
    Answer(Box<A>),
    /// A reading.
    Reading(Box<Bill>),
}

/// The pursuit of one change.
pub(super) struct Pursuit<'c, C> {
    client: &'c Client,
    /// Makes each reading once: the pauses between them are those of the pursuit.
    reader: Client,
    change: &'c C,
    ends_at: Option<Instant>,
    tried: Vec<Attempt>,
    pauses: u32,
}

impl<'c, C: Change> Pursuit<'c, C> {
    pub(super) fn new(client: &'c Client, change: &'c C) -> Self {
        Pursuit {
            client,
            reader: client.with_retry(RetryPolicy::off()),
            change,
            ends_at: Instant::now().checked_add(client.confirm_policy().deadline),
            tried: Vec::new(),
            pauses: 0,
        }
    }

    /// The requests that were made.
    pub(super) fn attempts(self) -> Vec<Attempt> {
        self.tried
    }

    /// The proof that the bill is as it was wished, and whether it was so before.
    pub(super) async fn run(&mut self) -> Result<(Proof<C::Answer>, bool), Error> {
        if let Some(check) = self.change.check_first() {
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
                    if writes >= self.client.confirm_policy().writes {
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
        read.unwrap_or_else(|| Err(Error::unread(C::OPERATION, self.change.bill_id())))
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

    /// Reads the bill until something comes that decides; `None` when nothing did by the deadline.
    async fn read_until(
        &mut self,
        mut pause: Duration,
        decides: impl Fn(&Result<Bill, Error>) -> bool,
    ) -> Option<Result<Bill, Error>> {
        loop {
            let begins_at = Instant::now().checked_add(pause)?;
            if self.ends_at.is_some_and(|end| end <= begins_at) {
                return None;
            }
            sleep_until(begins_at).await;
            let read = self.read().await?;
            if decides(&read) {
                return Some(read);
            }
            pause = self.pause();
        }
    }

    /// How long to wait before the next reading.
    fn pause(&mut self) -> Duration {
        let asked_for = self.tried.last().and_then(Attempt::retry_after);
        let pause = self.client.confirm_policy().backoff.pause(self.pauses);
        self.pauses += 1;
        asked_for.unwrap_or_default() + pause
    }

    /// One reading; `None` when it was given up at the deadline.
    async fn read(&mut self) -> Option<Result<Bill, Error>> {
        let begun = Instant::now();
        let id = self.change.bill_id();
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
    async fn send(&mut self) -> Result<C::Answer, Error> {
        let begun = Instant::now();
        match by(self.ends_at, self.change.send(self.client.bills())).await {
            Some(Ok(done)) => {
                let elapsed = begun.elapsed();
                self.tried
                    .push(Attempt::succeeded(C::OPERATION, None, elapsed));
                Ok(done)
            }
            Some(Err(error)) => {
                self.tried.extend_from_slice(error.attempts());
                Err(error)
            }
            None => {
                self.give_up(C::OPERATION, begun);
                Err(Error::given_up(C::OPERATION, self.change.bill_id()))
            }
        }
    }

    fn give_up(&mut self, operation: Operation, begun: Instant) {
        self.tried
            .push(Attempt::given_up(operation, begun.elapsed()));
    }
}

/// Whether PaySsam itself says no, and not something on the way to it.
fn is_refusal_of_payssam(error: &Error) -> bool {
    matches!(error, Error::Rejected { code: Some(_), http_status, .. } if *http_status != 429)
}

/// What comes until the deadline.
async fn by<T>(ends_at: Option<Instant>, call: impl Future<Output = T>) -> Option<T> {
    match ends_at {
        Some(end) => timeout_at(end, call).await.ok(),
        None => Some(call.await),
    }
}
