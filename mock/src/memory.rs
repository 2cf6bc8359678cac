//! The state file: rows of JSON in SQLite, so that a mock server that was killed goes on where it was.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read},
    path::Path,
    time::Duration,
};

use payssam::Error;
use rusqlite::{Connection, OpenFlags, params};

/// What a file of another version says.
const VERSION: u32 = 2;

/// Whose an SQLite file is: the letters `PSmk`.
const APPLICATION: u32 = 0x5053_6d6b;

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

/// An error about a state file.
pub(crate) fn refused(path: &Path, problem: impl std::fmt::Display) -> Error {
    let path = payssam::redact::escape(&path.to_string_lossy());
    Error::config("state file", format!("{path}: {problem}"))
}

impl Memory {
    /// Opens a state file; a new one is for its owner alone. A file that is none is not changed.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let refuse = |problem: String| refused(path, problem);
        look(path).map_err(refuse)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .map_err(|error| refuse(error.to_string()))?;
        // SQLite takes some names for something else than a file, but no whole path.
        let whole = std::path::absolute(path).map_err(|error| refuse(error.to_string()))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(whole, flags)?;
            connection.busy_timeout(Duration::from_millis(500))?;
            connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")?;
            let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            // It is new, or it was new when somebody killed its mock server.
            if version == 0 {
                // Not in a WAL, so that the file says whose it is from its first byte on.
                connection.execute_batch(&format!(
                    "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;
                     PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};
                     CREATE TABLE IF NOT EXISTS payssam_mock (kind TEXT, id TEXT, json TEXT NOT NULL,
                         PRIMARY KEY (kind, id)) WITHOUT ROWID;
                     COMMIT;"
                ))?;
            }
            connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
            connection.execute_batch("BEGIN IMMEDIATE; COMMIT;")?;
            Ok::<Connection, rusqlite::Error>(connection)
        };
        let connection = open().map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                refuse("another mock server has it open: stop that one, or use another file".into())
            }
            Some(rusqlite::ErrorCode::ReadOnly) => {
                refuse("it cannot be written: let its owner write it, or use another file".into())
            }
            _ => refuse(format!("it cannot be used: {error}")),
        })?;
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
                Change::DeleteAll => transaction.execute("DELETE FROM payssam_mock", [])?,
            };
        }
        transaction.commit()
    }
}

/// Whether a file is new or a state file, by its first bytes. SQLite itself would write to it.
fn look(path: &Path) -> Result<(), String> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let found = file.metadata().map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("it is no file: use another path".into());
    }
    if found.len() == 0 {
        return Ok(());
    }
    let no_state_file = "it is no state file of a mock server: use another file".to_owned();
    let mut head = [0; 100];
    file.read_exact(&mut head)
        .map_err(|_| no_state_file.clone())?;
    let number = |place: usize| {
        let bytes = head[place..place + 4].iter();
        bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
    };
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(no_state_file);
    }
    match (number(68), number(60)) {
        (APPLICATION, VERSION) => Ok(()),
        (APPLICATION, version) => Err(format!(
            "it is of version {version}, and this mock server has version {VERSION}: use another file"
        )),
        (0, 0 | 1) => Err(
            "it is a database of another program, or a state file of an earlier version: use another file"
                .into(),
        ),
        _ => Err("it is a database of another program: use another file".into()),
    }
}
