//! The command `cargo xtask`.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::build::{self, Outcome};
use xtask::exit;

/// Keeps openapi/ true to PaySsam's published pages.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// The folder to work on instead of the workspace's openapi/.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    openapi_dir: Option<PathBuf>,
    #[command(subcommand)]
    area: Area,
}

#[derive(Subcommand)]
enum Area {
    /// The spec: the captured pages and what is made of them.
    Spec {
        #[command(subcommand)]
        act: Spec,
    },
}

#[derive(Subcommand)]
enum Spec {
    /// Makes upstream.json and client.json from the captured pages.
    Build {
        /// Write nothing; exit with 4 if a file is not what the pages make of it.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let openapi = arguments.openapi_dir.unwrap_or_else(checked_in);
    let Area::Spec { act } = arguments.area;
    let ended = match act {
        Spec::Build { check: true } => build::check(&openapi),
        Spec::Build { check: false } => build::write(&openapi).map(|outcomes| tell(&outcomes)),
    };
    match ended {
        Ok(()) => ExitCode::from(exit::DONE),
        Err(error) => {
            // A closed stderr must not turn the exit code into a panic's.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(exit::code(&error))
        }
    }
}

fn checked_in() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).join("openapi")
}

fn tell(outcomes: &[Outcome]) {
    let mut stdout = io::stdout().lock();
    for outcome in outcomes {
        // The files are on disk, whether anybody listens or not.
        let _ = match outcome {
            Outcome::Wrote(name) => writeln!(stdout, "wrote openapi/{name}"),
            Outcome::Unchanged(name) => writeln!(stdout, "unchanged openapi/{name}"),
        };
    }
}
