//! The state file: rows of JSON in SQLite, so that a mock server that was killed goes on where it was.

use std::{fs::OpenOptions, path::Path};

use payssam::Error;
use rusqlite::{Connection, params};

/// What a file of another version says.
const VERSION: i64 = 1;

/// A change of a row.
pub(crate) enum Change {
    Put(&'static str, String, String),
    Delete(&'static str, String),
    DeleteAll,
}

/// An open state file. Nobody else has it open meanwhile.
pub(crate) struct Memory {
    connection: Connection,
}

impl Memory {
    /// Opens a state file; a new one is for its owner alone.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let refuse = |problem: String| {
            let path = payssam::redact::escape(&path.to_string_lossy());
            Error::config("state file", format!("{path}: {problem}"))
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .map_err(|error| refuse(error.to_string()))?;
        let open = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(std::time::Duration::from_millis(500))?;
            connection.execute_batch(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                 BEGIN IMMEDIATE;
                 CREATE TABLE IF NOT EXISTS payssam_mock (kind TEXT, id TEXT, json TEXT NOT NULL,
                     PRIMARY KEY (kind, id)) WITHOUT ROWID;
                 COMMIT;",
            )?;
            let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok::<(Connection, i64), rusqlite::Error>((connection, version))
        };
        let (connection, version) = open().map_err(|error| {
            let busy = rusqlite::ErrorCode::DatabaseBusy;
            match error.sqlite_error_code() {
                Some(code) if code == busy || code == rusqlite::ErrorCode::DatabaseLocked => {
                    refuse(
                        "another mock server has it open: stop that one, or use another file"
                            .into(),
                    )
                }
                Some(rusqlite::ErrorCode::NotADatabase) => {
                    refuse("it is no state file of a mock server: use another file".into())
                }
                _ => refuse(error.to_string()),
            }
        })?;
        match version {
            0 => connection
                .pragma_update(None, "user_version", VERSION)
                .map_err(|error| refuse(error.to_string()))?,
            VERSION => {}
            _ => return Err(refuse("it is of another version: use another file".into())),
        }
        Ok(Memory { connection })
    }

    /// All rows of a kind.
    pub(crate) fn rows(&self, kind: &str) -> Result<Vec<String>, rusqlite::Error> {
        let mut found = self
            .connection
            .prepare_cached("SELECT json FROM payssam_mock WHERE kind = ?1")?;
        found.query_map([kind], |row| row.get(0))?.collect()
    }

    /// Makes all these changes, or none.
    pub(crate) fn write(&mut self, changes: &[Change]) -> Result<(), rusqlite::Error> {
        let transaction = self.connection.transaction()?;
        for change in changes {
            match change {
                Change::Put(kind, id, json) => transaction
                    .prepare_cached(
                        "INSERT INTO payssam_mock (kind, id, json) VALUES (?1, ?2, ?3)
                         ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json",
                    )?
                    .execute(params![kind, id, json])?,
                Change::Delete(kind, id) => transaction
                    .prepare_cached("DELETE FROM payssam_mock WHERE kind = ?1 AND id = ?2")?
                    .execute([kind, id.as_str()])?,
                Change::DeleteAll => {
                    transaction.execute("DELETE FROM payssam_mock WHERE kind <> 'start'", [])?
                }
            };
        }
        transaction.commit()
    }
}
