//! The exit codes of the command, which scripts can rely on.
//!
//! 1 and 101 are not used: a shell and a panic give them.

use payssam::{Error, Outcome};

/// Success.
pub(crate) const DONE: u8 = 0;
/// An argument or a setting is wrong, or this version cannot make the call. Nothing was sent.
pub(crate) const INVALID_INPUT: u8 = 2;
/// PaySsam, or the state of the bill, rejected it. Nothing changed.
pub(crate) const REJECTED: u8 = 3;
/// The request provably never reached PaySsam. It is safe to try again.
pub(crate) const NOT_SENT: u8 = 4;
/// The request may have been carried out, or not. Read the bill before anything else.
pub(crate) const OUTCOME_UNKNOWN: u8 = 5;

/// The exit code that `error` ends the command with.
pub(crate) fn code(error: &Error) -> u8 {
    match (error, error.outcome()) {
        (Error::NotSent { .. }, _) => NOT_SENT,
        (_, Outcome::NotSent) => INVALID_INPUT,
        (_, Outcome::Rejected) => REJECTED,
        (_, Outcome::Unknown) => OUTCOME_UNKNOWN,
    }
}

/// The exit codes as `--help` tells them.
pub(crate) fn help() -> String {
    format!(
        "Exit codes:
  {DONE}  success
  {INVALID_INPUT}  an argument or a setting is wrong, or this version cannot make the call; nothing was sent
  {REJECTED}  PaySsam, or the state of the bill, rejected it; nothing changed
  {NOT_SENT}  the request never reached PaySsam; it is safe to try again
  {OUTCOME_UNKNOWN}  the outcome is unknown; read the bill before you repeat anything"
    )
}
