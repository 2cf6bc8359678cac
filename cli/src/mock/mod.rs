//! `payssam mock`: a mock server for PaySsam that runs until it is stopped, or as long as another command.

mod announce;
mod child;
mod log;
mod options;
mod pay;
mod ready_file;

use clap::{Args, Subcommand};
use payssam::Error;

use self::{child::Child, log::Log, ready_file::ReadyFile};
use crate::{connection::Connection, exit, help, output::Output, signals::Signals};

/// Runs a mock server (모의 서버) for PaySsam on this machine until Ctrl-C; no money moves.
///
/// It prints `export` lines. Paste them into another terminal to use the mock server there with
/// `payssam bill` or with your own program. Its key, member and merchant are those of
/// PAYSSAM_API_KEY, PAYSSAM_MEMBER and PAYSSAM_MERCHANT, or of the files that PAYSSAM_API_KEY_FILE,
/// PAYSSAM_MEMBER_FILE and PAYSSAM_MERCHANT_FILE name; for each that is not set it uses a default
/// and prints it. If a seed has merchants, the default is its first merchant, or the first one of
/// PAYSSAM_API_KEY, and no key is printed.
///
/// With `-- COMMAND` it runs that command with these variables set instead, and ends with it.
///
/// On stderr is one line for each request with the reason of a rejection, for each fault and for
/// each callback (JSON with --output json). Keys, phone numbers, hashes and the like are masked.
///
/// It serves programs on this machine, and shows its bills in a browser at the address that it
/// prints. Requests of web pages elsewhere are refused, and so is every POST of a program without
/// `Content-Type: application/json` (for curl: -H 'content-type: application/json').
/// Under /_mock/ is its control API: bills, callbacks, faults, clock (docs/mock-server.md).
///
/// Bills expire by its clock. That an expired bill stays unpaid is an assumption: what PaySsam
/// shows is not known.
#[derive(Args)]
#[command(verbatim_doc_comment, after_help = help::of_a_local_command(&[
    "payssam mock --bill 2024-0001:45000:paid",
    "payssam mock --listen 127.0.0.1:0 --bill 1:1000:W --bill 2:2000:F",
    "payssam mock --bill 1:1000:F --fault apply-then-close:0.5@cancel --seed 7",
    "payssam mock --fault any:0.3 -- ./run-my-tests",
    "payssam mock --seed world.toml --state world.db --ready-file ready",
    "payssam mock pay http://127.0.0.1:8787/pay/bcpkofgnelhmdiajapbogcnfhkeldjim",
    "payssam mock pay --bill 2024-0001",
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
    /// Returns the exit code.
    pub(crate) async fn run(self, connection: &Connection, output: Output) -> Result<u8, Error> {
        if let Some(Act::Pay(pay)) = self.act {
            pay.run(connection, output).await?;
            return Ok(exit::SUCCESS);
        }
        let (quiet, command) = (self.options.quiet, self.options.command.clone());
        let ready_file = self.options.ready_file.clone();
        let settings = self.options.checked()?;
        let listening = Signals::listen();
        let mut signals = listening.map_err(|error| Error::config("signals", error))?;
        // One of an earlier mock server that was killed says nothing.
        let ready_file = ready_file.map(ReadyFile::begin).transpose()?;
        let given = settings.credentials()?;
        let mock = settings.builder(given.as_ref()).start().await?;
        for warning in settings.warnings() {
            announce::warn_of(&warning, output);
        }
        let log = (!quiet).then(|| Log::start(&mock, output));
        if let Some(ready_file) = &ready_file {
            ready_file.write(&mock.base_url())?;
        }
        let ended = match command.split_first() {
            None => {
                let is_kept = settings.has_state_file();
                announce::announce(&mock, given.as_ref(), settings.seed(), is_kept, output);
                signals.next().await;
                Ok(exit::SUCCESS)
            }
            Some((program, arguments)) => {
                announce::announce_seed(settings.seed(), output);
                Child::start(program, arguments, &mock)?.end(signals).await
            }
        };
        drop(ready_file);
        drop(mock);
        log.into_iter().for_each(Log::end);
        ended
    }
}
