//! The command of `payssam mock -- COMMAND`.

use std::{ffi::OsString, io, process::ExitStatus};

use payssam::{Error, redact};
use payssam_mock::MockServer;
use tokio::process;

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
        let child = process::Command::new(program)
            .args(arguments)
            .env("PAYSSAM_BASE_URL", mock.base_url())
            .env("PAYSSAM_API_KEY", credentials.reveal_api_key())
            .env("PAYSSAM_MEMBER", credentials.member())
            .env("PAYSSAM_MERCHANT", credentials.merchant())
            .spawn();
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

/// The signals that are passed on.
#[cfg(unix)]
pub(super) struct Signals([(rustix::process::Signal, tokio::signal::unix::Signal); 3]);

#[cfg(unix)]
impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals([
            (Signal::INT, signal(SignalKind::interrupt())?),
            (Signal::TERM, signal(SignalKind::terminate())?),
            (Signal::HUP, signal(SignalKind::hangup())?),
        ]))
    }

    async fn next(&mut self) -> rustix::process::Signal {
        std::future::poll_fn(|context| {
            for (signal, received) in &mut self.0 {
                if received.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(*signal);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

#[cfg(unix)]
fn pass_on(child: &process::Child, signal: rustix::process::Signal) {
    use std::io::IsTerminal;
    // A terminal sends the signal of Ctrl-C to the command too; many programs end at once when they get two.
    if signal == rustix::process::Signal::INT && io::stdin().is_terminal() {
        return;
    }
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
        // It fails only when the command has just ended.
        let _ = rustix::process::kill_process(id, signal);
    }
}

/// Ctrl-C, which the console sends to the command too.
#[cfg(windows)]
pub(super) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Signals)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(windows)]
fn pass_on(_: &process::Child, (): ()) {}
