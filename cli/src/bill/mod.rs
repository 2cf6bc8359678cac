//! `payssam bill`: one file per command.

mod cancel;
mod destroy;
pub(crate) mod new_bill_options;
mod read;
mod read_many;
mod resend;
pub(crate) mod rows;
mod send;

use clap::{Args, Subcommand};
use payssam::Error;

use crate::{connection::Connection, help, output::Output};

/// Sends, reads, cancels or destroys a bill (청구서).
#[derive(Args)]
#[command(verbatim_doc_comment, arg_required_else_help = false, after_help = help::environment())]
pub(crate) struct BillArguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Read(read::Read),
    Cancel(cancel::Cancel),
    Send(send::Send),
    Resend(resend::Resend),
    Destroy(destroy::Destroy),
}

impl BillArguments {
    pub(crate) fn reveal(&self) -> bool {
        match &self.act {
            Act::Read(read) => read.reveal,
            Act::Cancel(cancel) => cancel.reveal,
            Act::Send(send) => send.reveal,
            Act::Resend(resend) => resend.reveal,
            Act::Destroy(destroy) => destroy.reveal,
        }
    }

    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<(), Error> {
        match self.act {
            Act::Read(read) => read.run(connection, output).await,
            Act::Cancel(cancel) => cancel.run(connection, output).await,
            Act::Send(send) => send.run(connection, output).await,
            Act::Resend(resend) => resend.run(connection, output).await,
            Act::Destroy(destroy) => destroy.run(connection, output).await,
        }
    }
}
