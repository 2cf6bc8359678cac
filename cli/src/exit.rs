//! How the command ends, as numbers that scripts can rely on.
//!
//! 1 and 101 are left alone: a shell and a panic give them.

use payssam::Error;

/// Done.
pub const DONE: u8 = 0;
/// An argument or a setting is wrong, or this version cannot make the call. Nothing was sent.
pub const INVALID_INPUT: u8 = 2;
/// PaySsam answered no. Nothing changed.
pub const REJECTED: u8 = 3;
/// The request provably never reached PaySsam. It is safe to try again.
pub const NOT_SENT: u8 = 4;
/// The request may have been carried out, or not. Read the bill before anything else.
pub const OUTCOME_UNKNOWN: u8 = 5;

/// The exit code that `error` ends the command with.
pub fn code(error: &Error) -> u8 {
    match error {
        Error::Rejected { .. } => REJECTED,
        Error::NotSent { .. } => NOT_SENT,
        Error::OutcomeUnknown { .. } => OUTCOME_UNKNOWN,
        _ => INVALID_INPUT,
    }
}

/// The exit codes as `--help` tells them.
pub(crate) fn help() -> String {
    format!(
        "Exit codes:
  {DONE}  done
  {INVALID_INPUT}  an argument or a setting is wrong, or this version cannot make the call; nothing was sent
  {REJECTED}  PaySsam answered no; nothing changed
  {NOT_SENT}  the request never reached PaySsam; it is safe to try again
  {OUTCOME_UNKNOWN}  the outcome is unknown; read the bill before you repeat anything"
    )
}
