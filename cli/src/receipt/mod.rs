//! `payssam receipt`: one file per command.

mod cancel;
mod issue;
mod read;

use clap::{Args, Subcommand};
use payssam::Error;

use crate::{connection::Connection, help, output::Output};

/// Issues, cancels or reads a cash receipt (현금영수증).
///
/// Reconstructed, not published: PaySsam may behave differently.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::environment())]
pub(crate) struct ReceiptArguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Issue(issue::Issue),
    Cancel(cancel::Cancel),
    Read(read::Read),
}

impl ReceiptArguments {
    pub(crate) fn reveal(&self) -> bool {
        match &self.act {
            Act::Issue(issue) => issue.reveal,
            Act::Cancel(cancel) => cancel.reveal,
            Act::Read(read) => read.reveal,
        }
    }

    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        match self.act {
            Act::Issue(issue) => issue.run(connection, output).await,
            Act::Cancel(cancel) => cancel.run(connection, output).await,
            Act::Read(read) => read.run(connection, output).await,
        }
    }
}
