//! SIGINT, SIGTERM and SIGHUP (Ctrl-C on Windows) while the command calls PaySsam: its error and exit code say
//! what the outcome of the request is, as those of any other failure.

mod connections;
mod intent;
mod requests;
mod stop;

use std::{
    process,
    sync::{
        Arc, OnceLock,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use payssam::{Error, UnknownReason};
use tokio::runtime;

pub(crate) use self::{
    connections::{NoteConnections, was_any_made},
    intent::Intent,
};
use self::{intent::Ending, requests::RequestsSeen};
use crate::{
    exit,
    output::{Output, Problem},
    signals::Signals,
};

/// Reports an interruption and ends the process, as long as the command has not ended itself.
pub(crate) struct Watch {
    /// The exit code, of whichever came first: the end of the command or a signal. That one reports.
    ended: Arc<OnceLock<u8>>,
}

impl Watch {
    /// Listens from now on, in a thread of its own: the command may wait for stdin.
    pub(crate) fn start(intent: Intent, output: Output) -> Result<Self, Error> {
        let requests = RequestsSeen::start()?;
        let ended = Arc::new(OnceLock::new());
        let watched = ended.clone();
        let (ready, is_ready) = sync_channel(1);
        let thread = thread::Builder::new().name("signals".into());
        let listen = move || listen(&ready, &intent, &requests, &watched, output);
        let unavailable = |error: std::io::Error| Error::config("signals", error);
        thread.spawn(listen).map_err(unavailable)?;
        match is_ready.recv() {
            Ok(listens) => listens.map_err(unavailable)?,
            Err(_) => return Err(Error::config("signals", "nothing listens for them")),
        }
        Ok(Watch { ended })
    }

    /// The command has ended with this exit code, and reports itself why. If a signal came first, this does not
    /// return.
    pub(crate) fn end(self, code: u8) {
        if self.ended.set(code).is_err() {
            stop::wait_for_the_end();
        }
    }
}

/// Waits for a signal, and ends the process unless the command has ended itself; a second signal always ends it.
fn listen(
    ready: &SyncSender<std::io::Result<()>>,
    intent: &Intent,
    requests: &RequestsSeen,
    ended: &OnceLock<u8>,
    output: Output,
) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    runtime.block_on(async {
        let mut signals = match Signals::listen() {
            Ok(signals) => signals,
            Err(error) => return drop(ready.send(Err(error))),
        };
        drop(ready.send(Ok(())));
        let name = signals.next().await.name();
        stop::begin();
        let ending = intent.ending(&requests.now(), connections::was_any_made());
        let (problem, code) = problem(&ending, name);
        if ended.set(code).is_ok() {
            // Whoever does not read stderr can still end the command, by a second signal.
            thread::spawn(move || {
                output.problem(&problem);
                process::exit(code.into());
            });
        }
        signals.next().await;
        process::exit((*ended.get().unwrap_or(&code)).into());
    });
}

/// What is reported after a signal, and the exit code.
fn problem(ending: &Ending, signal: &str) -> (Problem, u8) {
    let interrupted = format!("the command was interrupted by {signal}");
    match ending {
        Ending::NotSent { operation, subject } => {
            let message = format!(
                "{operation} not sent: {interrupted} before the request left ({subject}); nothing changed, it \
                 is safe to retry"
            );
            let problem = Problem {
                outcome: Some(payssam::Outcome::NotSent),
                operation: Some(operation.as_str()),
                bill_id: subject.bill_id().map(ToString::to_string),
                ..Problem::new("not_sent", message)
            };
            (problem, exit::NOT_SENT)
        }
        Ending::InLedger { operation, subject } => {
            let message = format!(
                "{operation} outcome unknown: {interrupted} ({subject}); if it was written down, its intent is \
                 open and payssam ledger run goes on with it: look with payssam ledger list, and do not ask \
                 for it in another way"
            );
            let problem = Problem {
                outcome: Some(payssam::Outcome::Unknown),
                operation: Some(operation.as_str()),
                bill_id: subject.bill_id().map(ToString::to_string),
                ..Problem::new("outcome_unknown", message)
            };
            (problem, exit::UNKNOWN)
        }
        Ending::Unknown { operation, subject } => {
            let error = Error::abandoned(*operation, subject.clone());
            let message = error.to_string();
            let problem = Problem {
                outcome: Some(error.outcome()),
                operation: Some(operation.as_str()),
                bill_id: error.bill_id().map(ToString::to_string),
                // It was no time limit that abandoned the request.
                ..Problem::new(
                    error.kind(),
                    message.replacen(&UnknownReason::Timeout.to_string(), &interrupted, 1),
                )
            };
            (problem, exit::code(&error))
        }
    }
}
