//! Finds duplicate callbacks, in a file that outlives the process.

use std::{
    fs::OpenOptions,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use rusqlite;
use rusqlite::{Connection, OpenFlags, Result};

use super::{seen::Seen, verify::VerifiedApproval};

/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Remembers in the table `payssam_seen` of a SQLite database, for all threads and processes that use
/// the same file (feature `sqlite`).
#[derive(Debug)]
pub struct SeenInSqlite(Mutex<Connection>);

impl SeenInSqlite {
    /// Opens the database, or creates it. On Unix a file that it creates can be read and written by its owner
    /// alone; so can the files that SQLite puts beside it.
    ///
    /// `path` is the path of a file; SQLite's `file:` addresses are not read.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or written to.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        create_for_owner(path);
        let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_URI);
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        SeenInSqlite::prepare(&connection)?;
        Ok(SeenInSqlite(Mutex::new(connection)))
    }

    /// Creates the table in a database of your own, unless it exists.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to.
    pub fn prepare(database: &Connection) -> Result<()> {
        database.execute_batch(
            "CREATE TABLE IF NOT EXISTS payssam_seen (
                bill_id TEXT NOT NULL,
                state TEXT NOT NULL,
                approval_number TEXT NOT NULL,
                PRIMARY KEY (bill_id, state, approval_number)
            ) WITHOUT ROWID",
        )
    }

    /// Claims a payment as a part of your own transaction, so that it is both claimed and booked, or neither.
    /// It takes a `rusqlite::Transaction`. It returns `true` once for each payment.
    ///
    /// # Errors
    ///
    /// When the database cannot be written to, or was not [prepared](SeenInSqlite::prepare).
    pub fn claim_in(transaction: &Connection, approval: &VerifiedApproval) -> Result<bool> {
        let added = transaction.execute(
            "INSERT INTO payssam_seen VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            columns(approval),
        )?;
        Ok(added == 1)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen for SeenInSqlite {
    type Error = rusqlite::Error;

    fn claim(&self, approval: &VerifiedApproval) -> Result<bool> {
        SeenInSqlite::claim_in(&self.connection(), approval)
    }

    fn release(&self, approval: &VerifiedApproval) -> Result<()> {
        self.connection().execute(
            "DELETE FROM payssam_seen WHERE bill_id = ?1 AND state = ?2 AND approval_number = ?3",
            columns(approval),
        )?;
        Ok(())
    }
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

fn columns(approval: &VerifiedApproval) -> impl rusqlite::Params {
    let key = approval.key();
    [
        key.bill_id.to_string(),
        key.state.letter().to_owned(),
        key.approval_number.unwrap_or_default(),
    ]
}
