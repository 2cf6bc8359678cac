//! Why a ledger was not compared.

use std::{error, fmt, io};

/// Why a ledger was not compared. With [`Error::NotALedger`] and [`Error::JournalRefused`] from [`Run::start`](crate::Run::start),
/// nothing was asked of PaySsam; the others may come after reads, of which no report is made.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file is no ledger that can be read; the text says what it is and what to do.
    NotALedger(String),
    /// The journal is of another run, or another process has it; the text says which, and what to do.
    JournalRefused(String),
    /// The ledger changed while it was read. Bills may have been asked for; what came of them is in a journal that only the
    /// old ledger could resume, so it is removed before the next run.
    LedgerChanged,
    /// A file cannot be read or written.
    File {
        /// What it is, such as `the journal`.
        what: &'static str,
        /// Why.
        error: io::Error,
    },
    /// The lines that went in are not those that came out: a bug of this crate.
    Miscounted {
        /// Lines of the ledger.
        lines: u64,
        /// The sum of the classes.
        sum: u64,
    },
}

impl Error {
    pub(crate) fn file(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Error::File { what, error }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotALedger(problem) => write!(formatter, "the ledger cannot be read: {problem}"),
            Error::JournalRefused(problem) => write!(formatter, "the journal: {problem}"),
            Error::LedgerChanged => formatter.write_str(
                "the ledger changed while it was read; give a copy that nobody writes to, remove the journal, and start \
                 again",
            ),
            Error::File { what, error } => write!(formatter, "{what}: {error}"),
            Error::Miscounted { lines, sum } => write!(
                formatter,
                "{lines} lines went in and {sum} came out, so no report was written: the run was ended before its last finding, \
                 or this is a bug"
            ),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::File { error, .. } => Some(error),
            _ => None,
        }
    }
}
