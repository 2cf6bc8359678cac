//! Why a ledger could not do what it was asked to.

use std::{error, fmt, path::PathBuf};

use payssam::{
    BillId,
    callback::{Response, retry_later},
    redact::escape,
};

use crate::act::Act;

/// Why a ledger could not do what it was asked to. Nothing was sent because of the call that returned it, except where a
/// variant says otherwise.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The database is locked, full or broken. What is recorded already stays so.
    Database(rusqlite::Error),
    /// The file could not be created.
    File(PathBuf, std::io::Error),
    /// The tables were written by a newer version.
    #[non_exhaustive]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its tables.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The id is known, with other content.
    #[non_exhaustive]
    OtherContent {
        /// What was asked for.
        act: Act,
        /// The bill or the receipt.
        bill_id: BillId,
    },
    /// The id was used before, and its details were purged.
    Purged(BillId),
    /// The request is written down and may have been made, and then the database failed. Its intent is open, and the
    /// worker goes on with it.
    Open(Box<Error>),
    /// A setting or a reference is not valid.
    #[non_exhaustive]
    Invalid {
        /// Which.
        what: &'static str,
        /// Why.
        problem: &'static str,
    },
    /// There are no random numbers, no thread, or no tokio runtime.
    System(Box<str>),
}

impl Error {
    /// What to respond to the callback that led here: always "retry".
    pub fn response(&self) -> Response {
        retry_later()
    }

    /// Whether the database was only busy, so that the same call may succeed later.
    pub fn is_busy(&self) -> bool {
        let error = match self {
            Error::Database(error) => error,
            Error::Open(error) => return error.is_busy(),
            _ => return false,
        };
        matches!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Database(error) => write!(
                formatter,
                "the database of the ledger failed: {}; make sure that it can be written to, and try again",
                escape(&error.to_string())
            ),
            Error::File(path, error) => write!(
                formatter,
                "{} cannot be created: {}",
                escape(&path.to_string_lossy()),
                escape(&error.to_string())
            ),
            Error::Newer { path, found, known } => write!(
                formatter,
                "the tables payssam_* of {} have version {found}, and this program knows versions up to {known}: \
                 use the newer version of payssam-ledger that wrote them; nothing was changed",
                escape(&path.to_string_lossy())
            ),
            Error::OtherContent { act, bill_id } => write!(
                formatter,
                "{act} {bill_id}: this id was recorded with other content, so nothing was sent; use a new id, or \
                 look at what was recorded"
            ),
            Error::Purged(bill_id) => write!(
                formatter,
                "{bill_id} was used before and its details were purged, so nothing was sent; use a new id"
            ),
            Error::Open(error) => write!(
                formatter,
                "the request is written down and may have been made, and then this happened: {error}; its intent is open, \
                 and the worker of this ledger goes on with it: do not ask for it in another way"
            ),
            Error::Invalid { what, problem } => write!(formatter, "{what}: {problem}"),
            Error::System(problem) => formatter.write_str(&escape(problem)),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::Database(error) => Some(error),
            Error::File(_, error) => Some(error),
            Error::Open(error) => Some(error),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::Database(error)
    }
}
