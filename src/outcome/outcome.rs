//! What an error proves about a request.

use std::fmt;

use serde::Serialize;

/// What an error proves about a request. It has this one meaning in errors, attempts, spans, logs and the
/// exit codes of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The request provably never left this machine. Nothing changed.
    NotSent,
    /// PaySsam, or the state of the bill, rejected the request. Nothing changed.
    Rejected,
    /// The request may have been carried out, or not.
    Unknown,
}

impl Outcome {
    /// `not_sent`, `rejected` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::NotSent => "not_sent",
            Outcome::Rejected => "rejected",
            Outcome::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
