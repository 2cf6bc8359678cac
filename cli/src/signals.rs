//! The signals that ask a process to end: SIGINT, SIGTERM and SIGHUP, and Ctrl-C on Windows.

use std::io;

/// A signal that asks a process to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Signal {
    Interrupt,
    #[cfg(unix)]
    Terminate,
    #[cfg(unix)]
    HangUp,
}

#[cfg(unix)]
impl Signal {
    const ALL: [Signal; 3] = [Signal::Interrupt, Signal::Terminate, Signal::HangUp];

    fn kind(self) -> tokio::signal::unix::SignalKind {
        use tokio::signal::unix::SignalKind;
        match self {
            Signal::Interrupt => SignalKind::interrupt(),
            Signal::Terminate => SignalKind::terminate(),
            Signal::HangUp => SignalKind::hangup(),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Signal::Interrupt => "SIGINT",
            Signal::Terminate => "SIGTERM",
            Signal::HangUp => "SIGHUP",
        }
    }
}

/// Listens to them.
#[cfg(unix)]
pub(crate) struct Signals(Vec<(Signal, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Signals {
    /// Listens from now on. Whoever started the command with a signal ignored, as `nohup` does, wants it ignored.
    pub(crate) fn listen() -> io::Result<Self> {
        let ignored = ignored();
        let is_wanted = |signal: &Signal| ignored >> (signal.kind().as_raw_value() - 1) & 1 == 0;
        let wanted = Signal::ALL.into_iter().filter(is_wanted);
        let listen = |signal: Signal| Ok((signal, tokio::signal::unix::signal(signal.kind())?));
        wanted.map(listen).collect::<io::Result<_>>().map(Signals)
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Signal {
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

/// The signals that the process ignores, one bit each. Only Linux tells without unsafe code; elsewhere none.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(windows)]
impl Signal {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Signal::Interrupt => "Ctrl-C",
        }
    }
}

/// Listens to Ctrl-C.
#[cfg(windows)]
pub(crate) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    /// Listens from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Signals)
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Signal {
        self.0.recv().await;
        Signal::Interrupt
    }
}
