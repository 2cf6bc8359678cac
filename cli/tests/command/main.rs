//! What the command `payssam` promises: one file per promise.
//!
//! Every test runs the real command as a child process with an environment of its own, against servers on
//! loopback only.

mod calls;
mod cancelling;
mod demo;
mod destroying;
mod exit_codes;
mod help_and_usage;
mod hostile;
mod input;
mod inspect;
#[cfg(unix)]
mod interruption;
mod json;
mod ledger;
mod life_cycle;
mod mock;
#[cfg(unix)]
mod mock_child;
mod mock_desk;
mod mock_faults;
mod mock_log;
mod mock_state;
#[cfg(target_os = "linux")]
mod operations;
mod pipes;
mod points;
mod read;
mod receipts;
mod reconcile;
#[cfg(unix)]
mod reconcile_killed;
mod retries;
mod secrets;
mod send;
mod settings;
mod sign;
mod stdin;
mod support;
mod terminal;
#[cfg(target_os = "linux")]
mod unread_stderr;
