//! `payssam ledger`: one file per command.

mod cancel;
mod destroy;
mod exec;
mod intent;
mod list;
mod merchant;
mod purge;
mod receive;
mod resend;
mod retry;
mod run;
mod send;
mod show;
mod watch;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use payssam_ledger::Ledger;

use crate::{connection::Connection, failure::Failure, help, output::Output};

/// Carries bills, cancellations and payments to certainty, in a database of yours (장부).
///
/// What is asked for is written down before it is sent, and goes on after any crash. Each payment becomes an event
/// that is handed to a program of yours.
#[derive(Args)]
#[command(verbatim_doc_comment, arg_required_else_help = false, after_help = help::of_a_call(&[
    "payssam ledger send --database books.db --price 45000 --product '3월 수강료' --payer 김하나 \\\n    --phone 010-1234-5678 --callback https://academy.example/payssam/3f9c0a5e7d1b48269e4fa80c6b2d7513 --reference 'order 4711'",
    "payssam ledger run --database books.db --exec ./book-payment",
    "payssam ledger list --database books.db || echo 'look at the ledger'",
]))]
pub(crate) struct LedgerArguments {
    /// The SQLite database of the ledger, which is created if it is not there. Callbacks are kept in a second file
    /// beside it.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "payssam-ledger.db"
    )]
    database: PathBuf,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Send(send::Send),
    Resend(resend::Resend),
    Cancel(cancel::Cancel),
    Destroy(destroy::Destroy),
    Watch(watch::Watch),
    Receive(receive::Receive),
    Run(run::Run),
    List(list::List),
    Show(show::Show),
    Retry(retry::Retry),
    Purge(purge::Purge),
}

impl LedgerArguments {
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<u8, Failure> {
        let ledger = Ledger::open(&self.database)?;
        match self.act {
            Act::Send(send) => send.run(&ledger, connection, output).await,
            Act::Resend(resend) => resend.run(&ledger, connection, output).await,
            Act::Cancel(cancel) => cancel.run(&ledger, connection, output).await,
            Act::Destroy(destroy) => destroy.run(&ledger, connection, output).await,
            Act::Watch(watch) => watch.run(&ledger, output).await,
            Act::Receive(receive) => receive.run(&ledger, output),
            Act::Run(run) => run.run(&ledger, connection).await,
            Act::List(list) => list.run(&ledger, output).await,
            Act::Show(show) => show.run(&ledger, output).await,
            Act::Retry(retry) => retry.run(&ledger, output).await,
            Act::Purge(purge) => purge.run(&ledger, output).await,
        }
    }
}
