//! The ledger: its files, its clock, and how its database is called.

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, TryLockError},
    thread,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::Sha256;
use tokio::{
    runtime::Handle,
    sync::{Notify, watch},
    task::spawn_blocking,
    time::sleep,
};

use crate::{
    error::Error,
    rate::Rate,
    schedule,
    settings::{LedgerBuilder, Settings},
    store::{columns::Millis, schema},
};

/// How often what became of a request is written to a database that is locked, before that is given up.
const PERSISTENCE: u32 = 60;

/// Every intent carried to certainty, and every payment booked once, in your own SQLite file.
///
/// Clones share it. Several processes may open one file.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) path: Box<Path>,
    pub(crate) settings: Settings,
    books: Mutex<Connection>,
    callbacks: Mutex<Callbacks>,
    digest_key: Box<[u8]>,
    pub(crate) rate: Rate,
    /// How often the workers were stopped.
    pub(crate) stopped: watch::Sender<u64>,
    /// Somebody recorded something for the worker.
    pub(crate) wake: Notify,
}

/// The file of callbacks, and a look into the books that no writer delays.
pub(crate) struct Callbacks {
    pub(crate) file: Connection,
    pub(crate) books: Connection,
}

impl Ledger {
    /// Opens the ledger in this SQLite file, which is that of your own books, or creates it. Its tables begin with
    /// `payssam_`. The file of callbacks beside it has the same name and `-payssam-callbacks`.
    ///
    /// Files that it creates can be read and written by their owner alone. The file is switched to `WAL`. This blocks
    /// the thread for a moment.
    ///
    /// # Errors
    ///
    /// [`Error::Newer`] when a newer version of this crate wrote the tables; [`Error::Database`] and [`Error::File`]
    /// when the file cannot be opened or written to.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ledger::builder(path).open()
    }

    /// Configures a ledger before it is opened.
    pub fn builder(path: impl AsRef<Path>) -> LedgerBuilder {
        LedgerBuilder::new(path.as_ref().to_owned())
    }

    /// Ends every [`run`](Ledger::run) and [`run_due`](Ledger::run_due) of this ledger and its clones: nothing new
    /// begins, and what runs ends. Requests that are in progress are waited for.
    pub fn stop(&self) {
        self.inner.stopped.send_modify(|times| *times += 1);
    }
}

impl LedgerBuilder {
    /// Opens the ledger, as [`Ledger::open`] does.
    ///
    /// # Errors
    ///
    /// As for [`Ledger::open`].
    pub fn open(self) -> Result<Ledger, Error> {
        let LedgerBuilder { path, settings } = self;
        let (path, mut books) = schema::open(&path, schema::BOOKS)?;
        let callbacks_path = schema::beside(&path);
        let (_, mut file) = schema::open(&callbacks_path, schema::CALLBACKS)?;
        let mut random = [0; 32];
        getrandom::fill(&mut random)
            .map_err(|error| Error::System(format!("no random numbers: {error}").into()))?;
        let digest_key = schema::digest_key(&mut file, &random)?;
        schema::adopt_digest_key(&mut books, &digest(&digest_key, &["check"]))?;
        let look = schema::connect(&path)?;
        look.busy_timeout(Duration::from_millis(500))?;
        Ok(Ledger {
            inner: Arc::new(Inner {
                rate: Rate::new(settings.reads_per_second),
                settings,
                books: Mutex::new(books),
                callbacks: Mutex::new(Callbacks { file, books: look }),
                path: path.into(),
                digest_key: digest_key.into(),
                stopped: watch::Sender::new(0),
                wake: Notify::new(),
            }),
        })
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Ledger")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(crate) fn now(&self) -> Millis {
        self.settings.clock.now().as_millisecond()
    }

    /// The time after this long.
    pub(crate) fn after(&self, time: Duration) -> Millis {
        self.now().saturating_add(schedule::millis(time))
    }

    /// A digest that says nothing to whoever does not have the file of callbacks.
    pub(crate) fn digest(&self, parts: &[&str]) -> Vec<u8> {
        digest(&self.digest_key, parts)
    }

    /// Calls the file of callbacks on this thread.
    pub(crate) fn callbacks<T>(
        &self,
        call: impl FnOnce(&mut Callbacks) -> Result<T, Error>,
    ) -> Result<T, Error> {
        call(&mut *in_time(&self.callbacks)?)
    }

    /// Calls the file of callbacks on a thread where waiting is allowed.
    pub(crate) async fn with_callbacks<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&mut Callbacks) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = self.clone();
        blocking(move || inner.callbacks(call)).await
    }

    /// Calls the books on a thread where waiting is allowed.
    pub(crate) async fn books<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = self.clone();
        blocking(move || call(&mut *in_time(&inner.books)?)).await
    }

    /// Leaves nothing that was erased in the journal, unless somebody reads it right now.
    pub(crate) async fn truncate(self: &Arc<Self>) -> Result<(), Error> {
        self.books(|books| {
            drop(schema::checkpoint(books));
            Ok(())
        })
        .await
    }

    /// Makes one transaction.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.books(move |books| {
            let transaction = books.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = call(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    /// Makes one transaction about what has happened already, and waits long for a database that is locked.
    pub(crate) async fn persist<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl Fn(&Transaction<'_>) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        let mut times = 0;
        loop {
            match self.write(call.clone()).await {
                Err(error) if error.is_busy() && times < PERSISTENCE => times += 1,
                ended => return ended,
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Waits for those before, each of which may wait for a locked file, no longer than for such a file.
fn in_time<T>(shared: &Mutex<T>) -> Result<MutexGuard<'_, T>, Error> {
    let begun = Instant::now();
    loop {
        match shared.try_lock() {
            Ok(guard) => return Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if begun.elapsed() < schema::PATIENCE => {
                thread::sleep(Duration::from_millis(1));
            }
            Err(TryLockError::WouldBlock) => {
                let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                let problem = "other calls wait for the file".to_owned();
                return Err(rusqlite::Error::SqliteFailure(code, Some(problem)).into());
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    if Handle::try_current().is_err() {
        return Err(Error::System("the ledger needs a tokio runtime".into()));
    }
    match spawn_blocking(call).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::System("the runtime is shutting down".into())),
        },
    }
}

/// HMAC-SHA-256 over the parts, each with its length.
fn digest(key: &[u8], parts: &[&str]) -> Vec<u8> {
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    hmac.finalize().into_bytes().to_vec()
}
