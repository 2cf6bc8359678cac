//! Why nothing could be rehearsed.

use std::io;
use std::path::{Path, PathBuf};

use crate::payssam::{build, exit};

/// Why nothing could be rehearsed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The checked-in spec can't be read.
    #[error("the checked-in spec can't be read: {0}")]
    CheckedIn(#[from] build::Error),
    /// A reconstructed operation can't be read.
    #[error("{} is not valid JSON: {reason}", path.display())]
    Reconstruction {
        /// The file.
        path: PathBuf,
        /// The error of the parser.
        reason: serde_json::Error,
    },
    /// A file or a program that the system can't access.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file or the program.
        path: PathBuf,
        /// The error of the system.
        reason: io::Error,
    },
    /// A required program failed.
    #[error("{what} failed: {said}")]
    Command {
        /// How it was called.
        what: String,
        /// What it printed.
        said: String,
    },
    /// The workspace has no contract tests.
    #[error("no package of the workspace has one of these tests: {0}")]
    NoTests(String),
}

impl Error {
    /// The exit code that it ends the command with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::CheckedIn(_) => exit::SPEC_UNREADABLE,
            _ => exit::OTHER,
        }
    }

    pub(super) fn io(path: &Path, reason: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            reason,
        }
    }
}
