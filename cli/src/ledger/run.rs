//! `payssam ledger run`.

use std::ffi::OsString;

use clap::Args;
use payssam::Error;
use payssam_ledger::{Event, Ledger, rusqlite::Transaction};

use super::exec;
use crate::{connection::Connection, exit, failure::Failure, output, signals::Signals};

/// Works on the ledger until it is asked to stop: goes on with what is open, reads the bills that callbacks or the
/// schedule ask for, and hands each event to a program.
///
/// The program gets the event as one line of JSON on stdin. Its exit code 0 means booked; after any other the event
/// comes again, with pauses up to an hour. It is run at least once for each event, and may be run again if this
/// process dies: let it find duplicates by member, merchant, bill_id and kind.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Run {
    /// The program that books an event.
    #[arg(long, value_name = "PROGRAM")]
    exec: OsString,
    /// Do what is due now, and end.
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
                let (id, kind) = (event.bill_id(), event.kind());
                output::warn(format_args!("bill {id}, {}: {error}", kind.as_str()));
            })
        };
        if self.once {
            ledger.run_due([client], handler).await?;
        } else {
            let signals = Signals::listen().map_err(|error| Error::config("signals", error))?;
            let mut signals = signals;
            let running = ledger.run([client], handler);
            tokio::pin!(running);
            tokio::select! {
                ended = &mut running => ended?,
                _ = signals.next() => {
                    ledger.stop();
                    running.await?;
                }
            }
        }
        match ledger.list().await?.waits_for_person() {
            true => Ok(exit::WAITS_FOR_PERSON),
            false => Ok(exit::SUCCESS),
        }
    }
}
