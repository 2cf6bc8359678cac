//! The command of `payssam mock -- COMMAND`.

use std::{ffi::OsString, io, process::ExitStatus};

use payssam::{Error, redact};
use payssam_mock::MockServer;
use tokio::process;

use crate::signals::{Signal, Signals};

/// The command while it runs. It shares stdin, stdout and stderr.
pub(super) struct Child(process::Child);

impl Child {
    /// Runs a command that finds the mock server by its environment variables.
    pub(super) fn start(
        program: &OsString,
        arguments: &[OsString],
        mock: &MockServer,
    ) -> Result<Self, Error> {
        let credentials = mock.credentials();
        let mut command = process::Command::new(program);
        command.args(arguments);
        for (name, value) in [
            ("PAYSSAM_BASE_URL", &*mock.base_url()),
            ("PAYSSAM_API_KEY", credentials.reveal_api_key()),
            ("PAYSSAM_MEMBER", credentials.member()),
            ("PAYSSAM_MERCHANT", credentials.merchant()),
        ] {
            command.env(name, value);
            // A file with the secret of another account must not take its place.
            command.env_remove(format!("{name}_FILE"));
        }
        let child = command.spawn();
        child.map(Child).map_err(|error| {
            let program = redact::escape(&program.to_string_lossy());
            Error::invalid_input("command", format!("{program} cannot be run: {error}"))
        })
    }

    /// Waits for its end, and gives its exit code. Signals are passed on.
    pub(super) async fn end(mut self, mut signals: Signals) -> Result<u8, Error> {
        let lost = |error: io::Error| Error::config("command", error);
        loop {
            tokio::select! {
                ended = self.0.wait() => return Ok(code(ended.map_err(lost)?)),
                signal = signals.next() => pass_on(&self.0, signal),
            }
        }
    }
}

/// The exit code of a process, as a shell has it.
#[cfg(unix)]
fn code(ended: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let of_the_signal = ended.signal().map(|signal| 128 + signal);
    let code = ended.code().or(of_the_signal).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

/// The exit code of a process, or 1 if it is larger than 255.
#[cfg(windows)]
fn code(ended: ExitStatus) -> u8 {
    u8::try_from(ended.code().unwrap_or(1)).unwrap_or(1)
}

#[cfg(unix)]
fn pass_on(child: &process::Child, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process};
    use std::io::IsTerminal;
    let is_at_a_terminal =
        io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal();
    let number = match signal {
        // A terminal sends it to the command too, and many programs end at once when they get two.
        Signal::Interrupt if is_at_a_terminal => return,
        Signal::Interrupt => Number::INT,
        Signal::Terminate => Number::TERM,
        Signal::HangUp => Number::HUP,
    };
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(id) = id.and_then(Pid::from_raw) {
        // It fails only when the command has just ended.
        let _ = kill_process(id, number);
    }
}

/// The console sends Ctrl-C to the command too.
#[cfg(windows)]
fn pass_on(_: &process::Child, _: Signal) {}
