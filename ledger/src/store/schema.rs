//! The tables, their versions, and how a file is opened.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use crate::error::Error;

/// How long to wait for another writer: so long that a web server can still respond.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Between two attempts to open a file that others open too.
const PAUSE: Duration = Duration::from_millis(10);

/// The tables in the merchant's own file, each version with the statements that lead to it. The name of the table
/// that holds the version comes first.
pub(crate) const BOOKS: (&str, &[&str]) = ("payssam_ledger", &[BOOKS_1]);

/// The tables in the file of callbacks.
pub(crate) const CALLBACKS: (&str, &[&str]) = ("payssam_callbacks", &[CALLBACKS_1, CALLBACKS_2]);

const BOOKS_1: &str = "
CREATE TABLE payssam_ledger (version INTEGER NOT NULL, digest_check BLOB);
CREATE TABLE payssam_intents (
    member TEXT NOT NULL, merchant TEXT NOT NULL, bill_id TEXT NOT NULL, act TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    request TEXT,
    digest BLOB,
    price INTEGER,
    reference TEXT,
    recorded_at INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    sent_at INTEGER,
    ended_at INTEGER,
    result TEXT,
    was_already INTEGER NOT NULL DEFAULT 0,
    token INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (member, merchant, bill_id, act, number)
) WITHOUT ROWID;
CREATE INDEX payssam_intents_open ON payssam_intents (member, merchant, next_at)
    WHERE state IN ('recorded', 'sending');
CREATE INDEX payssam_intents_waiting ON payssam_intents (state)
    WHERE state IN ('recorded', 'sending', 'waits_for_person');
CREATE TABLE payssam_bills (
    member TEXT NOT NULL, merchant TEXT NOT NULL, bill_id TEXT NOT NULL,
    state TEXT,
    price INTEGER,
    reference TEXT,
    is_watched INTEGER NOT NULL DEFAULT 0,
    known_since INTEGER NOT NULL,
    expires_at INTEGER,
    paid_at INTEGER,
    read_at INTEGER,
    next_read_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (member, merchant, bill_id)
) WITHOUT ROWID;
CREATE INDEX payssam_bills_due ON payssam_bills (member, merchant, next_read_at)
    WHERE next_read_at IS NOT NULL;
CREATE INDEX payssam_bills_digits ON payssam_bills (member, merchant, ltrim(bill_id, '0'))
    WHERE bill_id NOT GLOB '*[^0-9]*';
CREATE TABLE payssam_events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    member TEXT NOT NULL, merchant TEXT NOT NULL, bill_id TEXT NOT NULL, kind TEXT NOT NULL,
    amount INTEGER,
    reference TEXT,
    happened_at TEXT,
    approval_number TEXT,
    by_us INTEGER,
    recorded_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    waits INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER,
    UNIQUE (member, merchant, bill_id, kind)
);
CREATE INDEX payssam_events_open ON payssam_events (next_at) WHERE delivered_at IS NULL;
";

const CALLBACKS_1: &str = "
CREATE TABLE payssam_callbacks (version INTEGER NOT NULL, digest_key BLOB);
CREATE TABLE payssam_hints (
    member TEXT NOT NULL, merchant TEXT NOT NULL, bill_id TEXT NOT NULL,
    is_known INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    next_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (member, merchant, bill_id)
) WITHOUT ROWID;
CREATE INDEX payssam_hints_due ON payssam_hints (member, merchant, is_known, next_at);
CREATE INDEX payssam_hints_unknown ON payssam_hints (is_known) WHERE is_known = 0;
";

const CALLBACKS_2: &str = "
ALTER TABLE payssam_hints ADD COLUMN merchant_is_known INTEGER NOT NULL DEFAULT 0;
DROP INDEX payssam_hints_unknown;
CREATE INDEX payssam_hints_of_strangers ON payssam_hints (is_known)
    WHERE is_known = 0 AND merchant_is_known = 0;
";

/// Opens a file, creates it for its owner alone if it is not there, and brings its tables to this version. Returns its
/// own path, however it was named: processes that open it under two names have the same file of callbacks.
///
/// A file that needs nothing is not written to, so that another process that writes to it is not waited for.
pub(crate) fn open(path: &Path, tables: (&str, &[&str])) -> Result<(PathBuf, Connection), Error> {
    create_for_owner(path)?;
    let own = match cfg!(unix) {
        true => fs::canonicalize(path),
        false => std::path::absolute(path),
    };
    let path = &own.map_err(|error| Error::File(path.to_owned(), error))?;
    let begun = Instant::now();
    loop {
        match connect_to(path, tables) {
            // Where waiting could be a deadlock, as for others that open a new file, SQLite is busy at once.
            Err(error) if error.is_busy() && begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
            connection => return Ok((path.clone(), connection?)),
        }
    }
}

fn connect_to(path: &Path, tables: (&str, &[&str])) -> Result<Connection, Error> {
    let mut connection = connect(path)?;
    // A file of a newer version stays as it is, down to its journal.
    let version = check_version(&connection, path, tables)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Invalid {
            what: "path",
            problem: "the ledger needs a file on a local disk, where SQLite can use WAL",
        });
    }
    if version < tables.1.len() as i64 {
        migrate(&mut connection, path, tables)?;
    }
    Ok(connection)
}

/// Another connection to a file that was opened.
pub(crate) fn connect(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::default()
        .difference(OpenFlags::SQLITE_OPEN_URI)
        .difference(OpenFlags::SQLITE_OPEN_CREATE);
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is erased is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// The file of callbacks beside this one.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-payssam-callbacks");
    beside.into()
}

fn check_version(
    connection: &Connection,
    path: &Path,
    (table, versions): (&str, &[&str]),
) -> Result<i64, Error> {
    let is_there: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
        [table],
        |row| row.get(0),
    )?;
    if !is_there {
        return Ok(0);
    }
    let found = connection
        .query_row(&format!("SELECT version FROM {table}"), (), |row| {
            row.get(0)
        })
        .optional()?
        .unwrap_or(0);
    let known = versions.len() as i64;
    match found > known {
        true => Err(Error::Newer {
            path: path.to_owned(),
            found,
            known,
        }),
        false => Ok(found),
    }
}

fn migrate(connection: &mut Connection, path: &Path, tables: (&str, &[&str])) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = check_version(&transaction, path, tables)?;
    let (table, versions) = tables;
    for (before, statements) in versions.iter().enumerate().skip(found as usize) {
        transaction.execute_batch(statements)?;
        let version = before as i64 + 1;
        match before {
            0 => transaction.execute(
                &format!("INSERT INTO {table} (version) VALUES (?1)"),
                [version],
            )?,
            _ => transaction.execute(&format!("UPDATE {table} SET version = ?1"), [version])?,
        };
    }
    transaction.commit()?;
    Ok(())
}

/// SQLite itself would let everybody read a new file; those that it puts beside it are as open as the file is.
fn create_for_owner(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::File(path.to_owned(), error)),
    }
}

/// Truncates the journal, so that what was erased is in no file any more. It is no failure when others read.
pub(crate) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
}

/// The key of digests in the file of callbacks; `new` if there is none yet.
pub(crate) fn digest_key(callbacks: &mut Connection, new: &[u8]) -> rusqlite::Result<Vec<u8>> {
    let known = |database: &Connection| {
        database.query_row("SELECT digest_key FROM payssam_callbacks", (), |row| {
            row.get::<_, Option<Vec<u8>>>(0)
        })
    };
    if let Some(key) = known(callbacks)? {
        return Ok(key);
    }
    let transaction = callbacks.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "UPDATE payssam_callbacks SET digest_key = ?1 WHERE digest_key IS NULL",
        [new],
    )?;
    // Another process may have been first.
    let key = known(&transaction)?.unwrap_or_default();
    transaction.commit()?;
    Ok(key)
}

/// Forgets all digests if they were made with another key: the file of callbacks was lost.
pub(crate) fn adopt_digest_key(books: &mut Connection, check: &[u8]) -> rusqlite::Result<()> {
    let known: Option<Vec<u8>> =
        books.query_row("SELECT digest_check FROM payssam_ledger", (), |row| {
            row.get(0)
        })?;
    if known.as_deref() == Some(check) {
        return Ok(());
    }
    let transaction = books.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let changed = transaction.execute(
        "UPDATE payssam_ledger SET digest_check = ?1 WHERE digest_check IS NOT ?1",
        [check],
    )?;
    if changed > 0 {
        transaction.execute(
            "UPDATE payssam_intents SET digest = NULL WHERE digest IS NOT NULL",
            (),
        )?;
    }
    transaction.commit()
}
