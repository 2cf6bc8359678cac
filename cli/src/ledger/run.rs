//! `payssam ledger run`.

use std::ffi::OsString;

use clap::Args;
use payssam::{Error, Outcome, redact};
use payssam_ledger::{Event, Ledger, rusqlite::Transaction};

use super::exec;
use crate::{
    connection::Connection,
    exit,
    failure::Failure,
    output::{self, Problem},
    signals::Signals,
};

/// Works on the ledger until it is asked to stop: goes on with what is open, reads the bills that callbacks or the
/// schedule ask for, and hands each event to a program.
///
/// The program gets the event as one line of JSON on stdin. Its exit code 0 means booked; after any other the event
/// comes again, with pauses up to an hour. It is run at least once for each event, and may be run again if this
/// process dies: let it find duplicates by member, merchant, bill_id and kind. While it runs, nobody else writes to the
/// ledger, so it must not take long; callbacks are taken all the same.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Run {
    /// The program that books an event, or a command line for the shell where no such file is there.
    #[arg(long, value_name = "COMMAND")]
    exec: OsString,
    /// Do what is due now, and end.
    ///
    /// Without it, SIGINT, SIGTERM and SIGHUP end it: nothing new begins, and what runs ends. A second one does not
    /// wait for that; what was in progress is resumed by the next start.
    #[arg(long)]
    once: bool,
    /// Arguments of the program, behind --.
    #[arg(last = true, value_name = "ARGUMENT")]
    arguments: Vec<OsString>,
}

impl Run {
    pub(super) async fn run(self, ledger: &Ledger, connection: &Connection) -> Result<u8, Failure> {
        let client = connection.client_from_env()?;
        let (program, arguments) = (self.exec, self.arguments);
        let handler = move |event: &Event, _: &mut Transaction<'_>| {
            exec::book(&program, &arguments, event).inspect_err(|error| {
                let (id, kind) = (event.bill_id().as_str(), event.kind());
                let line = format!("bill {id}, {kind}: not booked: {error}");
                output::warn(redact::escape(&line));
            })
        };
        let mut signals = Signals::listen().map_err(|error| Error::config("signals", error))?;
        let running = async {
            match self.once {
                true => ledger.run_due([client], handler).await,
                false => ledger.run([client], handler).await,
            }
        };
        tokio::pin!(running);
        tokio::select! {
            ended = &mut running => ended.map_err(stopped_early)?,
            _ = signals.next() => {
                ledger.stop();
                tokio::select! {
                    ended = &mut running => ended.map_err(stopped_early)?,
                    // Whoever asks twice does not wait for the program.
                    _ = signals.next() => return Err(left_alone()),
                }
            }
        }
        match ledger.list().await?.waits_for_person() {
            true => Ok(exit::WAITS_FOR_PERSON),
            false => Ok(exit::SUCCESS),
        }
    }
}

/// Nobody waits for what was in progress.
fn left_alone() -> Failure {
    let message = "a second signal ended the worker before what was in progress: an event whose program runs is \
                   handed out again by the next start";
    let problem = Problem {
        outcome: Some(Outcome::Unknown),
        ..Problem::new("ledger", message.to_owned())
    };
    Failure::Ledger(problem, exit::UNKNOWN)
}

/// The worker ended by itself. What it was doing is in the ledger, and goes on with the next start.
fn stopped_early(error: payssam_ledger::Error) -> Failure {
    let problem = Problem {
        outcome: Some(Outcome::Unknown),
        ..Problem::new("ledger", error.to_string())
    };
    Failure::Ledger(problem, exit::UNKNOWN)
}
