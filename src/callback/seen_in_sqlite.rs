//! Remembers in a file that outlives the process which payments were booked.

use std::{fs::OpenOptions, panic, path::Path, sync::Arc, time::Duration};

pub use rusqlite;
use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags, OptionalExtension, Result, Transaction, ffi,
};
use tokio::{runtime::Handle, sync::Mutex, task::spawn_blocking, time::timeout};

use super::seen::{Claim, Claimed, DEFAULT_LEASE, Seen};
use crate::bill::PaymentKey;

/// How long to wait for another process that is writing: so long that the handler can still respond.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest lease that is stored, in milliseconds: a time after it still fits.
const LONGEST_LEASE: i64 = i64::MAX / 2;

/// The columns of the table, in order.
const COLUMNS: [&str; 8] = [
    "member",
    "merchant",
    "bill_id",
    "kind",
    "token",
    "leased_from",
    "leased_until",
    "booked",
];

const CREATE: &str = "CREATE TABLE IF NOT EXISTS payssam_seen (
    member TEXT NOT NULL,
    merchant TEXT NOT NULL,
    bill_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    token INTEGER NOT NULL,
    leased_from INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    PRIMARY KEY (member, merchant, bill_id, kind)
) WITHOUT ROWID";

/// What to do with a table of another shape. The table of unreleased versions had no member and no merchant, so
/// only its owner can say whose payments are in it.
const ADOPT: &str = "the table payssam_seen has another shape than this version of payssam needs: rename it \
    (ALTER TABLE payssam_seen RENAME TO payssam_seen_old), open the database again, and if the old table has \
    the columns bill_id, state and approval_number, adopt its payments with the member and merchant that they \
    are of (INSERT OR IGNORE INTO payssam_seen SELECT DISTINCT 'MEMBER', 'MERCHANT', bill_id, CASE state WHEN \
    'C' THEN 'cancelled' ELSE 'paid' END, 0, 0, 0, 1 FROM payssam_seen_old); book nothing before that";

/// The clock of the machine, in milliseconds.
macro_rules! now {
    () => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}

/// Whether a lease is live. One that begins in the future was taken before the clock was set back, and would
/// last for too long.
macro_rules! live {
    () => {
        concat!(
            "(leased_from <= ",
            now!(),
            " + 1000 AND leased_until > ",
            now!(),
            ")"
        )
    };
}

/// The row of a payment.
macro_rules! this_payment {
    () => {
        "member = ?1 AND merchant = ?2 AND bill_id = ?3 AND kind = ?4"
    };
}

/// Remembers in the table `payssam_seen` of a SQLite database, for all threads and processes of this machine
/// that use the same file (feature `sqlite`).
///
/// The best way to use it needs no lease: where the books are in SQLite too, [claim in the
/// transaction](SeenInSqlite::claim_in) that books. Then each payment is booked exactly once, whatever dies and
/// when.
///
/// Its futures need a tokio runtime and do not block its workers: they wait for SQLite on the threads that tokio
/// keeps for this. Leases are measured by the clock of the machine.
#[derive(Clone, Debug)]
pub struct SeenInSqlite {
    /// One call at a time, so that a locked file takes one thread of those for blocking calls, not all.
    connection: Arc<Mutex<Connection>>,
    lease: Duration,
}

impl SeenInSqlite {
    /// Opens the database, or creates it. On Unix a file that it creates can be read and written by its owner
    /// alone; so can the files that SQLite puts beside it. This blocks the thread: call it when the program
    /// starts.
    ///
    /// `path` is the path of a file; SQLite's `file:` addresses are not read.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or written to, or as for [`prepare`](SeenInSqlite::prepare). A file that
    /// another process has locked is waited for, here and by each claim, for 5 seconds, and a claim waits no
    /// longer than that for those before it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        create_for_owner(path);
        let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_URI);
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        SeenInSqlite::prepare(&connection)?;
        Ok(SeenInSqlite {
            connection: Arc::new(Mutex::new(connection)),
            lease: DEFAULT_LEASE,
        })
    }

    /// Sets how long the claims last that [`book_once`](super::book_once) makes and renews: 60 seconds by
    /// default.
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Creates the table in a database of your own, unless it exists.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to, or has a table `payssam_seen` of another shape; the error says
    /// how to adopt that.
    pub fn prepare(database: &Connection) -> Result<()> {
        database.execute_batch(CREATE)?;
        check_shape(database)
    }

    /// Claims a payment and marks it as booked, as a part of the transaction that books it: both are done, or
    /// neither. So it needs no lease, and each payment is booked exactly once.
    ///
    /// ```no_run
    /// use payssam::callback::{self, Claimed, Response, SeenInSqlite, VerifiedPayment, rusqlite};
    ///
    /// fn book(
    ///     database: &mut rusqlite::Connection,
    ///     payment: &VerifiedPayment,
    /// ) -> rusqlite::Result<Response> {
    ///     let transaction = database.transaction()?;
    ///     match SeenInSqlite::claim_in(&transaction, payment)? {
    ///         Claimed::Yours(_) => {
    ///             transaction.execute(
    ///                 "INSERT INTO payments (bill_id, won) VALUES (?1, ?2)",
    ///                 (payment.bill_id().as_str(), i64::from(payment.amount())),
    ///             )?;
    ///             transaction.commit()?;
    ///             Ok(callback::acknowledge())
    ///         }
    ///         Claimed::InProgress => Ok(callback::retry_later()),
    ///         Claimed::Booked => Ok(callback::acknowledge()),
    ///     }
    /// }
    /// ```
    ///
    /// It blocks the thread: call it in `spawn_blocking` where there is a runtime. Respond with
    /// [`retry_later`](super::retry_later) to every error, that of the commit too.
    ///
    /// # Errors
    ///
    /// When the database is locked or cannot be written to, or was not [prepared](SeenInSqlite::prepare).
    pub fn claim_in(
        transaction: &Transaction<'_>,
        payment: &impl AsRef<PaymentKey>,
    ) -> Result<Claimed> {
        claim(transaction, payment.as_ref(), None)
    }

    /// Marks as booked what was claimed with a lease, as a part of the transaction that books it. `false` when
    /// the lease has ended or another took the claim over: roll the transaction back then.
    ///
    /// # Errors
    ///
    /// As for [`claim_in`](SeenInSqlite::claim_in).
    pub fn mark_booked_in(transaction: &Transaction<'_>, claim: &Claim) -> Result<bool> {
        mark_booked(transaction, claim)
    }

    /// Waits for SQLite on a thread where that is allowed.
    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if Handle::try_current().is_err() {
            return Err(failure(ffi::SQLITE_MISUSE, "it needs a tokio runtime"));
        }
        // Calls before this one may each wait for a locked file.
        let turn = timeout(PATIENCE, self.connection.clone().lock_owned());
        let connection = turn
            .await
            .map_err(|_| failure(ffi::SQLITE_BUSY, "other calls wait for the database"))?;
        match spawn_blocking(move || call(&connection)).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => panic::resume_unwind(panic),
                Err(_) => Err(failure(
                    ffi::SQLITE_INTERRUPT,
                    "the runtime is shutting down",
                )),
            },
        }
    }
}

impl Seen for SeenInSqlite {
    type Error = Error;

    fn lease(&self) -> Duration {
        self.lease
    }

    async fn claim(&self, key: &PaymentKey, lease: Duration) -> Result<Claimed> {
        let key = key.clone();
        self.blocking(move |database| {
            // Both statements of it must see the same rows.
            let transaction = database.unchecked_transaction()?;
            let claimed = claim(&transaction, &key, Some(lease))?;
            transaction.commit()?;
            Ok(claimed)
        })
        .await
    }

    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool> {
        let claim = claim.clone();
        self.blocking(move |database| renew(database, &claim, lease))
            .await
    }

    async fn mark_booked(&self, claim: &Claim) -> Result<bool> {
        let claim = claim.clone();
        self.blocking(move |database| mark_booked(database, &claim))
            .await
    }

    async fn release(&self, claim: &Claim) -> Result<()> {
        let claim = claim.clone();
        self.blocking(move |database| release(database, &claim))
            .await
    }
}

/// Claims a payment with a lease, or marks it as booked at once.
fn claim(database: &Connection, key: &PaymentKey, lease: Option<Duration>) -> Result<Claimed> {
    let [member, merchant, bill_id, kind] = columns(key);
    let (milliseconds, is_booked) = (lease.map_or(0, milliseconds), lease.is_none());
    // A write comes first, so that a transaction waits for its turn instead of failing halfway.
    let claimed = database
        .query_row(
            concat!(
                "INSERT INTO payssam_seen VALUES (?1, ?2, ?3, ?4, 1, ",
                now!(),
                ", ",
                now!(),
                " + ?5, ?6) ON CONFLICT DO UPDATE SET token = token + 1, leased_from = excluded.leased_from, \
                 leased_until = excluded.leased_until, booked = excluded.booked WHERE booked = 0 AND NOT ",
                live!(),
                " RETURNING token"
            ),
            (member, merchant, bill_id, kind, milliseconds, is_booked),
            |row| row.get(0),
        )
        .optional();
    let claimed = claimed.map_err(|error| match error.sqlite_error_code() {
        // Reading the shape would wait once more.
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => error,
        // A table of another shape says more than "no such column".
        _ => check_shape(database).err().unwrap_or(error),
    })?;
    if let Some(token) = claimed {
        return Ok(Claimed::Yours(Claim::new(key.clone(), token)));
    }
    let is_booked = database.query_row(
        concat!("SELECT booked FROM payssam_seen WHERE ", this_payment!()),
        columns(key),
        |row| row.get(0),
    )?;
    Ok(match is_booked {
        true => Claimed::Booked,
        false => Claimed::InProgress,
    })
}

fn renew(database: &Connection, claim: &Claim, lease: Duration) -> Result<bool> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    let renewed = database.execute(
        concat!(
            "UPDATE payssam_seen SET leased_from = ",
            now!(),
            ", leased_until = ",
            now!(),
            " + ?6 WHERE ",
            this_payment!(),
            " AND token = ?5 AND booked = 0 AND ",
            live!()
        ),
        (
            member,
            merchant,
            bill_id,
            kind,
            claim.token(),
            milliseconds(lease),
        ),
    )?;
    Ok(renewed == 1)
}

fn mark_booked(database: &Connection, claim: &Claim) -> Result<bool> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    let marked = database.execute(
        concat!(
            "UPDATE payssam_seen SET booked = 1 WHERE ",
            this_payment!(),
            " AND token = ?5 AND (booked = 1 OR ",
            live!(),
            ")"
        ),
        (member, merchant, bill_id, kind, claim.token()),
    )?;
    Ok(marked == 1)
}

fn release(database: &Connection, claim: &Claim) -> Result<()> {
    let [member, merchant, bill_id, kind] = columns(claim.key());
    // The row stays, with its token: the next claim must have a higher one.
    let released = database.execute(
        concat!(
            "UPDATE payssam_seen SET leased_until = 0 WHERE ",
            this_payment!(),
            " AND token = ?5 AND booked = 0"
        ),
        (member, merchant, bill_id, kind, claim.token()),
    );
    released.map(drop)
}

/// The columns of the primary key.
fn columns(key: &PaymentKey) -> [&str; 4] {
    [
        key.member(),
        key.merchant(),
        key.bill_id().as_str(),
        key.kind().as_str(),
    ]
}

fn milliseconds(lease: Duration) -> i64 {
    i64::try_from(lease.as_millis()).map_or(LONGEST_LEASE, |lease| lease.min(LONGEST_LEASE))
}

/// Refuses a table `payssam_seen` that has other columns than this version writes.
fn check_shape(database: &Connection) -> Result<()> {
    let mut shape = database.prepare("SELECT name FROM pragma_table_info('payssam_seen')")?;
    let columns: Vec<String> = shape
        .query_map((), |row| row.get(0))?
        .collect::<Result<_>>()?;
    match columns.is_empty() || columns == COLUMNS {
        true => Ok(()),
        false => Err(failure(ffi::SQLITE_SCHEMA, ADOPT)),
    }
}

fn failure(code: i32, problem: &str) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), Some(problem.to_owned()))
}

/// Creates the file, unless it exists or is none: SQLite itself would let everybody read it. An empty file is
/// an empty database. SQLite says why a file cannot be created when it opens it.
fn create_for_owner(path: &Path) {
    if path.as_os_str() == ":memory:" || path.as_os_str().is_empty() {
        return;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}
