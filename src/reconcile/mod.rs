//! Pursuing a write until it is certain what became of it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, Span, field::Empty, info_span};

use crate::{
    BillId, BillState, Client, ConfirmPolicy, Delivery, Error, Operation, RetryPolicy, Subject,
    attempt::Attempt,
};
#[cfg(feature = "preview")]
use crate::{Doubt, ResultCode};

/// A write that is pursued by reading.
pub(crate) trait Write {
    type Answer;
    type Reading;

    const OPERATION: Operation;
    const READING: Operation;

    fn about(&self) -> Subject;

    /// Makes it once.
    async fn send(&self, client: &Client) -> Result<Self::Answer, Error>;

    /// Looks once what became of it.
    async fn read(&self, client: &Client) -> Result<Self::Reading, Error>;

    /// What a reading found, if it has a name.
    fn state(reading: &Self::Reading) -> Option<BillState>;
}

/// A write that changes what is there.
pub(crate) trait Change: Write {
    fn stand(&self, reading: &Self::Reading) -> Stand;

    /// What a reading before the first write must be like, if there is to be one.
    fn check_first(&self) -> Option<impl Fn(&Self::Reading) -> Result<(), Error>> {
        None::<fn(&Self::Reading) -> Result<(), Error>>
    }
}

/// Where a reading finds what is to be changed.
pub(crate) enum Stand {
    /// It can be changed still.
    Before,
    /// It is as it was wished.
    After,
    /// It is not, and can't be changed so any more.
    Elsewhere,
    /// Nobody knows this state.
    Unclear,
}

/// A write that makes something new under an identifier that is taken once, for good.
#[cfg(feature = "preview")]
pub(crate) trait Creation: Write {
    fn find(&self, reading: &Self::Reading) -> Found;
}

/// What a reading finds under an identifier.
#[cfg(feature = "preview")]
pub(crate) enum Found {
    This,
    Another,
    Nothing,
}

/// What shows that all is as it was wished.
#[derive(Clone, Debug)]
pub(crate) enum Proof<A, R> {
    /// The answer to the write.
    Answer(Box<A>),
    /// A reading.
    Reading(Box<R>),
}

impl<A, R> Proof<A, R> {
    pub(crate) fn is_reading(&self) -> bool {
        matches!(self, Proof::Reading(_))
    }
}

/// How a pursuit ended well.
pub(crate) struct Pursued<W: Write> {
    pub(crate) proof: Proof<W::Answer, W::Reading>,
    /// Whether all was as it was wished before.
    pub(crate) already: bool,
    /// The requests that it took.
    pub(crate) attempts: Vec<Attempt>,
}

type Ended<W> = Result<(Proof<<W as Write>::Answer, <W as Write>::Reading>, bool), Error>;

/// Changes what is there.
pub(crate) async fn change<C: Change>(client: &Client, change: &C) -> Result<Pursued<C>, Error> {
    let span = span(change);
    let mut pursuit = Pursuit::new(client, change);
    let ended = pursuit.change().instrument(span.clone()).await;
    pursuit.end(ended, &span)
}

/// Makes something new.
#[cfg(feature = "preview")]
pub(crate) async fn create<C: Creation>(
    client: &Client,
    creation: &C,
) -> Result<Pursued<C>, Error> {
    let span = span(creation);
    let mut pursuit = Pursuit::new(client, creation);
    let ended = pursuit.create().instrument(span.clone()).await;
    pursuit.end(ended, &span)
}

/// What stands around the spans of the requests.
fn span<W: Write>(write: &W) -> Span {
    info_span!(
        "payssam.pursuit",
        payssam.operation = W::OPERATION.as_str(),
        payssam.bill_id = write.about().bill_id().map(BillId::as_str),
        payssam.attempts = Empty,
        payssam.delivery = Empty,
        payssam.confirmed_by_reading = Empty,
        payssam.already = Empty,
    )
}

/// The pursuit of one write.
struct Pursuit<'c, W> {
    client: &'c Client,
    /// Makes each reading once: the pauses between them are those of the pursuit.
    reader: Client,
    write: &'c W,
    ends_at: Option<Instant>,
    tried: Vec<Attempt>,
    pauses: u32,
}

impl<C: Change> Pursuit<'_, C> {
    /// The proof that all is as it was wished, and whether it was so before.
    async fn change(&mut self) -> Ended<C> {
        if let Some(check) = self.write.check_first() {
            let reading = self.read_first().await?;
            if let Stand::After = self.write.stand(&reading) {
                return Ok((Proof::Reading(reading.into()), true));
            }
            check(&reading)?;
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
            let reading = self.read_after(&error, doubt.as_ref()).await?;
            let received = error.delivery() == Delivery::Received;
            let refused = received && error.http_status() != Some(429);
            match self.write.stand(&reading) {
                Stand::After => return Ok((Proof::Reading(reading.into()), doubt.is_none())),
                _ if refused => return Err(error),
                Stand::Before if writes < self.policy().writes => {}
                Stand::Before => return Err(doubt.filter(|_| !received).unwrap_or(error)),
                Stand::Elsewhere | Stand::Unclear => {
                    return Err(Error::wrong_state(C::OPERATION, self.write.about()));
                }
            }
        }
    }

    /// Reads before the first write.
    async fn read_first(&mut self) -> Result<C::Reading, Error> {
        let read = self
            .read_until(Duration::ZERO, |read| match read {
                Ok(_) => true,
                Err(error) => is_refusal_of_payssam(error) || is_unsupported(error),
            })
            .await;
        read.unwrap_or_else(|| Err(Error::unread(C::OPERATION, self.write.about())))
    }

    /// Reads after a write that ended with `error`, until the state decides.
    async fn read_after(
        &mut self,
        error: &Error,
        doubt: Option<&Error>,
    ) -> Result<C::Reading, Error> {
        let pause = match error.delivery() {
            Delivery::Received if error.retry_after().is_none() => Duration::ZERO,
            _ => self.pause(),
        };
        let write = self.write;
        let read = self
            .read_until(pause, |read| match read {
                Ok(reading) => !matches!(write.stand(reading), Stand::Unclear),
                Err(refusal) => doubt.is_none() && is_refusal_of_payssam(refusal),
            })
            .await;
        match read {
            Some(Ok(reading)) => Ok(reading),
            // That there is no such bill says more than that it was asked for too soon.
            Some(Err(refusal)) if error.http_status() == Some(429) => Err(refusal),
            Some(Err(_)) => Err(error.clone()),
            None => Err(doubt.unwrap_or(error).clone().without_reading()),
        }
    }
}

#[cfg(feature = "preview")]
impl<C: Creation> Pursuit<'_, C> {
    /// The proof that it is there, once. Whether it was there before is never known.
    async fn create(&mut self) -> Ended<C> {
        let mut doubt: Option<Error> = None;
        let mut writes = 0;
        loop {
            writes += 1;
            let error = match self.send().await {
                Ok(done) => return Ok((Proof::Answer(done.into()), false)),
                Err(error) => error,
            };
            if error.delivery() == Delivery::Unknown {
                doubt = Some(error.clone());
            }
            let is_last = writes >= self.policy().writes;
            let pause = self.pause();
            let Some(doubt) = &doubt else {
                let is_too_soon = error.http_status() == Some(429);
                if is_too_soon && !is_last && self.waits(pause).await {
                    continue;
                }
                return Err(error);
            };
            // A refused reading finds nothing: to write again under the same identifier does no harm.
            // Once that is known to be taken, only what took it is an answer.
            let is_taken = error.code() == Some(&ResultCode::BILL_ID_USED);
            let write = self.write;
            let read = self
                .read_until(pause, |read| match read {
                    Ok(reading) => !is_taken || !matches!(write.find(reading), Found::Nothing),
                    Err(refusal) => !is_taken && is_refusal_of_payssam(refusal),
                })
                .await;
            let Some(read) = read else {
                return Err(doubt.clone());
            };
            match read.map(|reading| (write.find(&reading), reading)) {
                Ok((Found::This, reading)) => return Ok((Proof::Reading(reading.into()), false)),
                Ok((Found::Another, _)) => return Err(doubt.clone().because(Doubt::Contradiction)),
                Ok((Found::Nothing, _)) | Err(_) if is_last => return Err(doubt.clone()),
                Ok((Found::Nothing, _)) | Err(_) => {}
            }
        }
    }
}

impl<'c, W: Write> Pursuit<'c, W> {
    fn new(client: &'c Client, write: &'c W) -> Self {
        Pursuit {
            client,
            reader: client.with_retry(RetryPolicy::off()),
            write,
            ends_at: Instant::now().checked_add(client.confirm_policy().deadline),
            tried: Vec::new(),
            pauses: 0,
        }
    }

    fn policy(&self) -> ConfirmPolicy {
        self.client.confirm_policy()
    }

    /// What came of it, with the requests that it took, and in the log.
    fn end(self, ended: Ended<W>, span: &Span) -> Result<Pursued<W>, Error> {
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

    /// Reads until something comes that decides; `None` when nothing did by the deadline, or nothing
    /// ever can.
    async fn read_until(
        &mut self,
        mut pause: Duration,
        decides: impl Fn(&Result<W::Reading, Error>) -> bool,
    ) -> Option<Result<W::Reading, Error>> {
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
        let Some(begins_at) = Instant::now().checked_add(pause) else {
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
        let asked_for = self.tried.last().and_then(Attempt::retry_after);
        let pause = self.policy().backoff.pause(self.pauses);
        self.pauses += 1;
        asked_for.unwrap_or_default().saturating_add(pause)
    }

    /// One reading; `None` when it was given up at the deadline.
    async fn read(&mut self) -> Option<Result<W::Reading, Error>> {
        let begun = Instant::now();
        let read = by(self.ends_at, self.write.read(&self.reader)).await;
        match &read {
            Some(Ok(reading)) => self.tried.push(Attempt::succeeded(
                W::READING,
                W::state(reading),
                begun.elapsed(),
            )),
            Some(Err(error)) => self.tried.extend_from_slice(error.attempts()),
            None => self.give_up(W::READING, begun),
        }
        read
    }

    /// One write, with the attempts that it takes until it may have left.
    async fn send(&mut self) -> Result<W::Answer, Error> {
        let begun = Instant::now();
        match by(self.ends_at, self.write.send(self.client)).await {
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
                Err(Error::given_up(W::OPERATION, self.write.about()))
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

/// Whether this version cannot read at all.
fn is_unsupported(error: &Error) -> bool {
    matches!(error, Error::Unsupported { .. })
}

/// What comes until the deadline.
async fn by<T>(ends_at: Option<Instant>, call: impl Future<Output = T>) -> Option<T> {
    match ends_at {
        Some(end) => timeout_at(end, call).await.ok(),
        None => Some(call.await),
    }
}
