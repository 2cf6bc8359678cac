//! The command `payssam`; see [`payssam::cli`].

#![forbid(unsafe_code)]

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    ExitCode::from(payssam::cli::run(env::args_os()))
}
