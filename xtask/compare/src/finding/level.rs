//! How bad a change is, and the direction of the data that it is about.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a change is for those who call the API, from harmless to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Descriptions only.
    Doc,
    /// Worth knowing.
    Info,
    /// May surprise a caller.
    Warn,
    /// Prose that carries a contract changed: somebody has to read it.
    Review,
    /// Callers break, or their requests are refused.
    Breaking,
}

impl Level {
    /// All levels, the worst first.
    pub const WORST_FIRST: [Level; 5] = [
        Level::Breaking,
        Level::Review,
        Level::Warn,
        Level::Info,
        Level::Doc,
    ];

    /// The name in reports and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Doc => "doc",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Review => "review",
            Level::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The direction of the data that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the caller to the API.
    Request,
    /// From the API to the caller.
    Response,
}
