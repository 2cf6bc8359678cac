//! The command `payssam`: the library from a terminal or a script.
//!
//! `payssam demo` needs neither an account nor a network, and `payssam --help` lists the commands.
//! Results go to stdout, errors and hints to stderr, and the [exit code](exit) says what the outcome of
//! a request is. Credentials come from the environment, never from arguments, which every other process
//! can read.

#![forbid(unsafe_code)]

mod bill;
mod call;
mod confirm;
mod connection;
mod demo;
mod duration;
mod exit;
mod failure;
mod help;
mod inspect;
mod interruption;
mod json;
mod ledger;
mod mock;
mod output;
mod points;
mod receipt;
mod reconcile;
mod rows;
mod sign;
mod signals;
mod stdin;

use std::{env, ffi::OsString, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use payssam::Error;
use tokio::runtime;

use crate::{
    connection::{Connection, ConnectionOptions},
    failure::Failure,
    interruption::{Intent, Watch},
    output::Output,
};

/// Sends, reads and cancels PaySsam (결제선생) bills, and reports the outcome of every request.
#[derive(Parser)]
#[command(name = "payssam", bin_name = "payssam", version, after_help = help::of_the_command())]
struct Arguments {
    /// The format of results and errors: text for people, json for programs.
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        hide_possible_values = true,
        default_value_t = Output::Text,
        help_heading = help::GLOBAL
    )]
    output: Output,
    #[command(flatten)]
    connection: ConnectionOptions,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    Demo(demo::Demo),
    Bill(bill::BillArguments),
    Receipt(receipt::ReceiptArguments),
    Points(points::PointsArguments),
    Call(call::CallArguments),
    Ledger(ledger::LedgerArguments),
    Reconcile(reconcile::Reconcile),
    Inspect(inspect::InspectArguments),
    Sign(sign::Sign),
    // Its former name.
    #[command(alias = "sandbox")]
    Mock(mock::MockArguments),
}

fn main() -> ExitCode {
    ExitCode::from(run(env::args_os()))
}

/// Runs the command with these arguments, the first of which is its own name, and returns the exit code.
fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let parsed = Arguments::command().try_get_matches_from(&arguments);
    let parsed = parsed.and_then(|matches| {
        let intent = Intent::of(&matches);
        Ok((Arguments::from_arg_matches(&matches)?, intent))
    });
    let (
        Arguments {
            output,
            connection,
            act,
        },
        intent,
    ) = match parsed {
        Ok(parsed) => parsed,
        Err(stop) => return Output::requested(&arguments).usage(&stop),
    };
    let reveal = match &act {
        Act::Bill(bill) => bill.reveal(),
        Act::Receipt(receipt) => receipt.reveal(),
        Act::Call(call) => call.reveal,
        Act::Inspect(inspect) => inspect.reveal,
        _ => false,
    };
    let watch = match intent
        .map(|intent| Watch::start(intent, output))
        .transpose()
    {
        Ok(watch) => watch,
        Err(error) => {
            output.error(&error, reveal);
            return exit::code(&error);
        }
    };
    let ended = run_act(act, connection, output);
    let code = match &ended {
        Ok(code) => *code,
        Err(failure) => failure.exit_code(),
    };
    if let Some(watch) = watch {
        watch.end(code);
    }
    if let Err(failure) = ended {
        failure.report(output, reveal);
    }
    code
}

fn run_act(act: Act, options: ConnectionOptions, output: Output) -> Result<u8, Failure> {
    let connection = Connection::try_from(options)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::config("runtime", error))?;
    let done: Result<u8, Failure> = runtime.block_on(async {
        match act {
            Act::Demo(demo) => demo.run(&connection, output).await?,
            Act::Bill(bill) => bill.run(&connection, output).await?,
            Act::Receipt(receipt) => receipt.run(&connection, output).await?,
            Act::Points(points) => points.run(&connection, output).await?,
            Act::Inspect(inspect) => inspect.run(&connection, output).await?,
            Act::Call(call) => call.run(&connection, output).await?,
            Act::Sign(sign) => sign.run(output)?,
            Act::Reconcile(reconcile) => return reconcile.run(&connection, output).await,
            Act::Ledger(ledger) => return ledger.run(&connection, output).await,
            Act::Mock(mock) => return Ok(mock.run(&connection, output).await?),
        }
        Ok(exit::SUCCESS)
    });
    // A name lookup that hangs must not delay the end of the command beyond its time limit.
    runtime.shutdown_background();
    done
}
