//! The worker: settles intents, reads bills, and hands events to the handler.

use std::{
    error, mem,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use payssam::{Client, redact::escape};
use rusqlite::{Connection, Transaction};
use tokio::{
    sync::{oneshot, watch},
    task::JoinSet,
    time::sleep,
};

use crate::{
    deliver::Delivered,
    error::Error,
    event::Event,
    ledger::{Inner, Ledger},
    merchant::Merchant,
    schedule,
    store::{columns::Millis, intents, schema},
};

/// How many intents are settled at once, and how many of one merchant.
const INTENTS_AT_ONCE: usize = 32;
const INTENTS_OF_ONE: usize = 8;

/// For how many merchants bills are read at once. The rate is that of all of them.
const MERCHANTS_AT_ONCE: usize = 8;

/// The longest pause after the database failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Ledger {
    /// Runs the worker until [`stop`](Ledger::stop): it goes on with intents that are open, reads the bills that
    /// callbacks or the schedule ask for, and hands each event to the handler. Each client is for the bills of its own
    /// member and merchant; what is of others stays as it is. Several processes may run one.
    ///
    /// # The handler
    ///
    /// It runs on a thread of the ledger's own, one event at a time, with a transaction of the very file. What it
    /// writes through `tx` commits together with the fact that the event is booked, or neither does: **exactly once**,
    /// whatever dies and when. What it does elsewhere, such as a message that it sends, happens **at least once**: the
    /// process may die before the commit.
    ///
    /// If it returns an error or panics, nothing of it is committed, and it gets the event again after a pause that
    /// doubles up to an hour; after [20 attempts](crate::LedgerBuilder::handler_attempts) the event waits for a
    /// person. Meanwhile only the later events of that bill wait. Do not commit in it, and do not wait for the network:
    /// the file has one writer, so everything but callbacks waits for it.
    ///
    /// ```no_run
    /// # async fn example(ledger: payssam_ledger::Ledger, client: payssam::Client)
    /// # -> Result<(), payssam_ledger::Error> {
    /// use payssam_ledger::EventKind;
    ///
    /// ledger
    ///     .run([client], |event, tx| {
    ///         if event.kind() == EventKind::Paid {
    ///             tx.execute(
    ///                 "INSERT INTO income (bill, won) VALUES (?1, ?2)",
    ///                 (event.bill_id().as_str(), event.amount().map(i64::from)),
    ///             )?;
    ///         }
    ///         Ok::<(), payssam_ledger::rusqlite::Error>(())
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Stops
    ///
    /// After [`stop`](Ledger::stop) nothing new begins, and what runs ends. If the future is dropped, requests that are
    /// in progress stay claimed and are resumed by the next start.
    ///
    /// # Errors
    ///
    /// When there is no thread for the handler, or the database cannot be opened. Once it runs, a database that is
    /// locked or full is waited for.
    pub async fn run<H, E>(
        &self,
        clients: impl IntoIterator<Item = Client>,
        handler: H,
    ) -> Result<(), Error>
    where
        H: FnMut(&Event, &mut Transaction<'_>) -> Result<(), E> + Send + 'static,
        E: Into<Box<dyn error::Error + Send + Sync>>,
    {
        let inner = &self.inner;
        let clients: Vec<Client> = clients.into_iter().collect();
        let books = schema::connect(&inner.path)?;
        let stopped = inner.stopped.subscribe();
        let handling = Handling::start(inner.clone(), books, handler, stopped.clone(), false)?;
        let settling = inner.repeat(stopped.clone(), || inner.settle_due(&clients, &stopped));
        let reading = inner.repeat(stopped.clone(), || inner.read_all_due(&clients, &stopped));
        let working = async { Ok(tokio::join!(settling, reading)) };
        let (_, (_, delivered)) = tokio::try_join!(working, handling.end(stopped.clone()))?;
        delivered?;
        inner.truncate().await
    }

    /// Does all that is due now, and returns: for a program that is started now and then, and for tests. See
    /// [`run`](Ledger::run). [`stop`](Ledger::stop) ends it early, as it ends that.
    ///
    /// # Errors
    ///
    /// [`Error::Database`]; what was done until then is recorded.
    pub async fn run_due<H, E>(
        &self,
        clients: impl IntoIterator<Item = Client>,
        mut handler: H,
    ) -> Result<(), Error>
    where
        H: FnMut(&Event, &mut Transaction<'_>) -> Result<(), E> + Send + 'static,
        E: Into<Box<dyn error::Error + Send + Sync>>,
    {
        let inner = &self.inner;
        let clients: Vec<Client> = clients.into_iter().collect();
        let stopped = inner.stopped.subscribe();
        while !stopped.has_changed().unwrap_or(true) {
            let settled = inner.settle_due(&clients, &stopped).await?;
            if stopped.has_changed().unwrap_or(true) {
                break;
            }
            let read = inner.read_all_due(&clients, &stopped).await?;
            let books = schema::connect(&inner.path)?;
            let handling = Handling::start(inner.clone(), books, handler, stopped.clone(), true)?;
            let (given_back, delivered) = handling.end(stopped.clone()).await?;
            handler = given_back;
            if settled + read + delivered? == 0 {
                break;
            }
        }
        inner.truncate().await
    }
}

/// The thread of the handler, which stops after the event that it has when the ledger is stopped or this is dropped.
struct Handling<H> {
    is_dropped: Arc<AtomicBool>,
    thread: thread::Thread,
    ended: oneshot::Receiver<Handled<H>>,
}

/// The handler, and how many events it got.
type Handled<H> = (H, Result<usize, Error>);

impl<H: Send + 'static> Handling<H> {
    fn start<E>(
        inner: Arc<Inner>,
        mut books: Connection,
        mut handler: H,
        stopped: watch::Receiver<u64>,
        until_nothing_is_due: bool,
    ) -> Result<Self, Error>
    where
        H: FnMut(&Event, &mut Transaction<'_>) -> Result<(), E>,
        E: Into<Box<dyn error::Error + Send + Sync>>,
    {
        let is_dropped = Arc::new(AtomicBool::new(false));
        let dropped = is_dropped.clone();
        let (end, ended) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("payssam-ledger".to_owned())
            .spawn(move || {
                let mut count = 0;
                let mut failures = 0;
                let done = loop {
                    if dropped.load(SeqCst) || stopped.has_changed().unwrap_or(true) {
                        break Ok(count);
                    }
                    match inner.deliver_next(&mut books, &mut handler) {
                        Ok(Delivered::Nothing) if until_nothing_is_due => break Ok(count),
                        Ok(Delivered::Nothing) => {
                            failures = 0;
                            thread::park_timeout(inner.settings.clock.look_again());
                        }
                        Ok(Delivered::Booked | Delivered::Failed) => {
                            failures = 0;
                            count += 1;
                        }
                        Err(error) if until_nothing_is_due => break Err(error),
                        Err(error) => {
                            thread::park_timeout(pause_after(&error, failures));
                            failures += 1;
                        }
                    }
                };
                // Nobody may wait for it any more.
                drop(end.send((handler, done)));
            })
            .map_err(|error| Error::System(format!("no thread for the handler: {error}").into()))?;
        Ok(Handling {
            is_dropped,
            thread: thread.thread().clone(),
            ended,
        })
    }

    /// Waits for its end.
    async fn end(mut self, mut stopped: watch::Receiver<u64>) -> Result<Handled<H>, Error> {
        let handled = tokio::select! {
            handled = &mut self.ended => handled,
            _ = stopped.changed() => {
                self.thread.unpark();
                (&mut self.ended).await
            }
        };
        handled.map_err(|_| Error::System("the thread of the handler died".into()))
    }
}

impl<H> Drop for Handling<H> {
    fn drop(&mut self) {
        self.is_dropped.store(true, SeqCst);
        self.thread.unpark();
    }
}

/// Logs that the database failed, and says how long to leave it alone.
fn pause_after(error: &Error, failures: u32) -> Duration {
    let pause = (Duration::from_millis(250) * 2_u32.pow(failures.min(8))).min(LONGEST_PAUSE);
    tracing::warn!(
        target: "payssam_ledger",
        "the worker goes on in {pause:?}: {}",
        escape(&error.to_string())
    );
    pause
}

impl Inner {
    /// Does something again and again, until the ledger is stopped.
    async fn repeat<F>(
        self: &Arc<Self>,
        mut stopped: watch::Receiver<u64>,
        mut work: impl FnMut() -> F,
    ) where
        F: Future<Output = Result<usize, Error>>,
    {
        let mut failures = 0;
        while !stopped.has_changed().unwrap_or(true) {
            let woken = self.wake.notified();
            let pause = match work().await {
                Ok(count) => {
                    failures = 0;
                    if count > 0 {
                        continue;
                    }
                    self.settings.clock.look_again()
                }
                Err(error) => {
                    failures += 1;
                    pause_after(&error, failures)
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = woken, if failures == 0 => {}
                _ = stopped.changed() => return,
            }
        }
    }

    /// Reads bills of all merchants: of each as many as it may at once, however long those of another take.
    async fn read_all_due(
        self: &Arc<Self>,
        clients: &[Client],
        stopped: &watch::Receiver<u64>,
    ) -> Result<usize, Error> {
        let mut reads = Bounded::new(MERCHANTS_AT_ONCE, stopped);
        for client in clients {
            let (inner, client, stopped) = (self.clone(), client.clone(), stopped.clone());
            reads
                .add(async move { inner.read_due(&client, &stopped).await })
                .await;
        }
        reads.end().await
    }

    /// Goes on with the intents that nobody works on.
    async fn settle_due(
        self: &Arc<Self>,
        clients: &[Client],
        stopped: &watch::Receiver<u64>,
    ) -> Result<usize, Error> {
        let now: Millis = self.now();
        let patience = schedule::millis(self.settings.patience);
        let is_late = self
            .books(move |books| Ok(intents::is_any_late(books, now, patience)?))
            .await?;
        let mut count = 0;
        if is_late {
            count += self
                .write(move |transaction| Ok(intents::expire(transaction, now, patience)?))
                .await?;
        }
        // While PaySsam asks to be left alone, nothing is sent again.
        if self.rate.is_paused(Duration::ZERO) {
            return Ok(count);
        }
        let mut attempts = Bounded::new(INTENTS_AT_ONCE, stopped);
        for client in clients {
            let merchant = Merchant::from(client.credentials());
            let due = self
                .books(move |books| Ok(intents::due(books, &merchant, now, INTENTS_OF_ONE)?))
                .await?;
            for key in due {
                let (inner, client) = (self.clone(), client.clone());
                attempts
                    .add(async move {
                        inner
                            .attempt(&client, &key)
                            .await
                            .map(|made| usize::from(made.is_some()))
                    })
                    .await;
            }
        }
        Ok(count + attempts.end().await?)
    }
}

/// Tasks of which only so many run at the same time and none begins after a stop, and how much they did.
struct Bounded<'s> {
    most: usize,
    stopped: &'s watch::Receiver<u64>,
    tasks: JoinSet<Result<usize, Error>>,
    done: Result<usize, Error>,
}

impl<'s> Bounded<'s> {
    fn new(most: usize, stopped: &'s watch::Receiver<u64>) -> Self {
        Bounded {
            most,
            stopped,
            tasks: JoinSet::new(),
            done: Ok(0),
        }
    }

    async fn add(&mut self, task: impl Future<Output = Result<usize, Error>> + Send + 'static) {
        if self.tasks.len() >= self.most {
            self.join().await;
        }
        if !self.stopped.has_changed().unwrap_or(true) {
            self.tasks.spawn(task);
        }
    }

    /// Waits for one; `false` when there is none.
    async fn join(&mut self) -> bool {
        let Some(ended) = self.tasks.join_next().await else {
            return false;
        };
        let ended = ended.unwrap_or_else(|error| Err(Error::System(error.to_string().into())));
        self.done = match (mem::replace(&mut self.done, Ok(0)), ended) {
            (Ok(done), Ok(more)) => Ok(done + more),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        true
    }

    /// Waits for all of them.
    async fn end(mut self) -> Result<usize, Error> {
        while self.join().await {}
        self.done
    }
}
