//! The command `payssam`: the library from a terminal or a script.
//!
//! `payssam demo` shows the whole path on a machine that has neither account nor network;
//! `payssam --help` tells the rest. Results go to stdout, errors and hints to stderr, and the exit
//! codes of [`exit`] say what became of a request. Credentials come from the environment, never
//! from arguments, where every other process could read them.

#![forbid(unsafe_code)]

mod bill;
mod call;
mod confirm;
mod connection;
mod demo;
mod exit;
mod inspect;
mod mock;
mod output;
mod points;
mod receipt;
mod sign;

use std::{env, ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand};
use tokio::runtime;

use connection::{Connection, ConnectionOptions};
use output::Output;
use payssam::Error;

/// Sends, reads and cancels PaySsam (결제선생) bills, and says for certain what became of the money.
#[derive(Parser)]
#[command(name = "payssam", bin_name = "payssam", version, after_help = help())]
struct Arguments {
    /// How results and errors are written: text for people, json for programs.
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        hide_possible_values = true,
        default_value_t = Output::Text,
        help_heading = GLOBAL
    )]
    output: Output,
    #[command(flatten)]
    connection: ConnectionOptions,
    #[command(subcommand)]
    act: Act,
}

/// The heading of the options that every subcommand takes.
const GLOBAL: &str = "Global options";

#[derive(Subcommand)]
enum Act {
    Demo(demo::Demo),
    Bill(bill::BillArguments),
    Receipt(receipt::ReceiptArguments),
    Points(points::PointsArguments),
    Call(call::CallArguments),
    Inspect(inspect::InspectArguments),
    Sign(sign::Sign),
    Mock(mock::MockArguments),
    /// What `mock` was called before.
    #[command(hide = true)]
    Sandbox(mock::MockArguments),
}

fn main() -> ExitCode {
    ExitCode::from(run(env::args_os()))
}

/// Does what the arguments say, the first of which is the name of the command, and returns the
/// exit code.
fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let Arguments {
        output,
        connection,
        act,
    } = match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => arguments,
        Err(stop) => return Output::asked_for(&arguments).usage(&stop),
    };
    let reveal = match &act {
        Act::Bill(bill) => bill.reveal(),
        Act::Receipt(receipt) => receipt.reveal(),
        Act::Call(call) => call.reveal,
        _ => false,
    };
    match carry_out(act, connection, output) {
        Ok(()) => exit::DONE,
        Err(error) => {
            output.error(&error, reveal);
            exit::code(&error)
        }
    }
}

fn carry_out(act: Act, options: ConnectionOptions, output: Output) -> Result<(), Error> {
    let connection = Connection::try_from(options)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::config("runtime", error))?;
    let done = runtime.block_on(async {
        match act {
            Act::Demo(demo) => demo.run(&connection, output).await,
            Act::Bill(bill) => bill.run(&connection, output).await,
            Act::Receipt(receipt) => receipt.run(&connection, output).await,
            Act::Points(points) => points.run(&connection, output).await,
            Act::Inspect(inspect) => inspect.run(&connection, output).await,
            Act::Call(call) => call.run(&connection, output).await,
            Act::Sign(sign) => sign.run(output),
            Act::Mock(mock) | Act::Sandbox(mock) => mock.run(output).await,
        }
    });
    // A name lookup that hangs must not hold the command up beyond its time limit.
    runtime.shutdown_background();
    done
}

fn help() -> String {
    format!(
        "Examples:
  payssam demo                       the first thing to try; needs no account
  payssam bill read 2024-0001
  payssam bill cancel 2024-0001 --price 45000

{}

{}",
        connection::ENVIRONMENT,
        exit::help()
    )
}

/// The end of the help of a subcommand.
fn help_with(examples: &[&str]) -> String {
    format!("Examples:\n  {}\n\n{}", examples.join("\n  "), exit::help())
}
