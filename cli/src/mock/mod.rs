//! `payssam mock`: a mock server for PaySsam that runs until it is stopped.

mod announce;
mod options;
mod pay;
mod stop_signal;

use clap::{Args, Subcommand};
use payssam::Error;
use payssam_mock::MockServer;

use crate::{help, output::Output};

/// Runs a mock server (모의 서버) for PaySsam on this machine until Ctrl-C; no money moves.
///
/// It prints `export` lines. Paste them into another terminal to use the mock server there with
/// `payssam bill` or with your own program. Its key, member and merchant are those of
/// PAYSSAM_API_KEY, PAYSSAM_MEMBER and PAYSSAM_MERCHANT; for each variable that is not set it
/// uses a default and prints it.
///
/// It serves programs on this machine. Requests of web pages are refused, and so is every POST
/// without `Content-Type: application/json` (for curl: -H 'content-type: application/json').
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_local_command(&[
    "payssam mock --bill 2024-0001:45000:paid",
    "payssam mock --listen 127.0.0.1:0 --bill 1:1000:W --bill 2:2000:F",
    "payssam mock --bill 1:1000:F --fault apply-then-close:0.5@cancel --seed 7",
    "payssam mock pay http://127.0.0.1:8787/pay/bcpkofgnelhmdiajapbogcnfhkeldjim",
]), args_conflicts_with_subcommands = true)]
pub(crate) struct MockArguments {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    options: options::MockOptions,
}

#[derive(Subcommand)]
enum Act {
    Pay(pay::Pay),
}

impl MockArguments {
    pub(crate) async fn run(self, output: Output) -> Result<(), Error> {
        if let Some(Act::Pay(pay)) = self.act {
            return pay.run(output).await;
        }
        let settings = self.options.checked()?;
        let stopped = stop_signal::listen().map_err(|error| Error::config("signals", error))?;
        let mock = MockServer::builder()
            .listen(settings.listen)
            .credentials_from_env()?
            .start()
            .await?;
        settings.apply(&mock)?;
        announce::announce(&mock, settings.seed(), output);
        stopped.await;
        Ok(())
    }
}
