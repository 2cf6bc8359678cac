//! SIGINT, SIGTERM and SIGHUP (Ctrl-C on Windows) while the command calls PaySsam: its error and exit code say
//! what the outcome of the request is, as those of any other failure.

mod connections;
mod intent;
mod requests;

use std::{
    process,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread,
};

use payssam::{Error, UnknownReason};
use tokio::runtime;

pub(crate) use self::{connections::NoteConnections, intent::Intent};
use self::{intent::Ending, requests::RequestsSeen};
use crate::{
    exit,
    output::{Output, Problem},
    signals::Signals,
};

/// Reports an interruption and ends the process, as long as the command has not ended itself.
pub(crate) struct Watch {
    /// The exit code of the command once it has one.
    ended: Arc<Mutex<Option<u8>>>,
}

impl Watch {
    /// Listens from now on, in a thread of its own: the command may wait for stdin.
    pub(crate) fn start(intent: Intent, output: Output) -> Result<Self, Error> {
        let requests = RequestsSeen::start()?;
        let ended = Arc::new(Mutex::new(None));
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

    /// The command has ended with this exit code, and reports itself why.
    pub(crate) fn end(self, code: u8) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        *ended = Some(code);
    }
}

/// Waits for a signal, and ends the process.
fn listen(
    ready: &SyncSender<std::io::Result<()>>,
    intent: &Intent,
    requests: &RequestsSeen,
    ended: &Arc<Mutex<Option<u8>>>,
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
        let ending = intent.ending(&requests.now(), connections::was_any_made());
        let (problem, code) = problem(&ending, name);
        let ended = ended.clone();
        // Whoever does not read stderr can still end the command, by a second signal.
        thread::spawn(move || {
            let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(code) = *ended {
                process::exit(code.into());
            }
            output.problem(&problem);
            process::exit(code.into());
        });
        signals.next().await;
        process::exit(code.into());
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
