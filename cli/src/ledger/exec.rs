//! Hands an event to a program.

use std::{
    ffi::{OsStr, OsString},
    fmt, io,
    io::Write,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

#[cfg(unix)]
use std::os::unix::process::CommandExt as _;

use payssam_ledger::Event;

/// Why a program has not booked an event.
#[derive(Debug)]
pub(super) enum NotBooked {
    NotRun(io::Error),
    Ended(ExitStatus),
}

impl fmt::Display for NotBooked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotBooked::NotRun(error) => write!(formatter, "the program cannot be run: {error}"),
            NotBooked::Ended(status) => write!(formatter, "the program ended with {status}"),
        }
    }
}

impl std::error::Error for NotBooked {}

/// Runs the program with the event as a line of JSON on stdin. Only exit code 0 means that it is booked.
///
/// It may be run again for the same event, if this process dies before that is recorded.
pub(super) fn book(
    program: &OsStr,
    arguments: &[OsString],
    event: &Event,
) -> Result<(), NotBooked> {
    let mut command = command(program, arguments);
    // Ctrl-C in a terminal is for this process, which lets the program end.
    #[cfg(unix)]
    command.process_group(0);
    command.stdin(Stdio::piped());
    // It needs no key.
    for secret in ["PAYSSAM_API_KEY", "PAYSSAM_API_KEY_FILE"] {
        command.env_remove(secret);
    }
    let mut child = command.spawn().map_err(NotBooked::NotRun)?;
    if let Some(mut stdin) = child.stdin.take() {
        let line = serde_json::to_string(event).map_err(|error| NotBooked::NotRun(error.into()))?;
        // A program that does not read it may still book it.
        let _ = writeln!(stdin, "{line}");
    }
    let status = child.wait().map_err(NotBooked::NotRun)?;
    match status.success() {
        true => Ok(()),
        false => Err(NotBooked::Ended(status)),
    }
}

/// A program with its arguments, or a line such as `python3 book.py` for the shell.
fn command(program: &OsStr, arguments: &[OsString]) -> Command {
    let is_line = program.to_string_lossy().contains(char::is_whitespace)
        && arguments.is_empty()
        && !Path::new(program).exists();
    if !is_line {
        let mut command = Command::new(program);
        command.args(arguments);
        return command;
    }
    let (shell, option) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("/bin/sh", "-c"),
    };
    let mut command = Command::new(shell);
    command.arg(option).arg(program);
    command
}
