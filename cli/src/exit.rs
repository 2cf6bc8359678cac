//! The exit codes of the command, which scripts can rely on.
//!
//! 101 is not used: panics use it.

use payssam::{Error, Outcome};

/// Success.
pub(crate) const SUCCESS: u8 = 0;
/// What the command waited for did not happen in time; only `payssam inspect`. No request failed.
pub(crate) const NOT_IN_TIME: u8 = 1;
/// An argument or a setting is not valid, or this version cannot make the call. Nothing was sent.
pub(crate) const INVALID_INPUT: u8 = 2;
/// PaySsam, or the state of the bill, rejected the request. Nothing changed.
pub(crate) const REJECTED: u8 = 3;
/// The request provably never reached PaySsam. It is safe to retry.
pub(crate) const NOT_SENT: u8 = 4;
/// The request may have been carried out, or not. Read the bill before anything else.
pub(crate) const UNKNOWN: u8 = 5;
/// Something in the ledger waits for a person; only `payssam ledger`.
pub(crate) const WAITS_FOR_PERSON: u8 = 6;
/// The books and PaySsam differ; only `payssam reconcile`.
pub(crate) const MISMATCHES: u8 = 6;

/// The exit code for `error`.
pub(crate) fn code(error: &Error) -> u8 {
    match (error, error.outcome()) {
        (Error::NotSent { .. }, _) => NOT_SENT,
        (_, Outcome::NotSent) => INVALID_INPUT,
        (_, Outcome::Rejected) => REJECTED,
        (_, Outcome::Unknown) => UNKNOWN,
    }
}

/// The exit codes as `--help` lists them.
pub(crate) fn help() -> String {
    format!(
        "Exit codes:
  {SUCCESS}  success
  {NOT_IN_TIME}  nobody paid, or no callback arrived, within --wait of inspect; no request failed
  {INVALID_INPUT}  an argument or a setting is not valid, or this version cannot make the call; nothing was sent
  {REJECTED}  rejected by PaySsam or by the state of the bill; nothing changed, unless the message says that this proves little
  {NOT_SENT}  not sent: the request never reached PaySsam; it is safe to retry
  {UNKNOWN}  unknown outcome: the request may have been carried out; read the bill before you retry. Of reconcile: something could not be read
  {WAITS_FOR_PERSON}  something in the ledger waits for a person, or the books and PaySsam differ; only of ledger and reconcile"
    )
}
