//! `payssam ledger receive`.

use std::io::{self, Read};

use clap::Args;
use payssam::Error;
use payssam_ledger::Ledger;
use serde_json::json;

use super::merchant;
use crate::{exit, failure::Failure, output::Output, rows::Rows};

/// The most bytes of a callback.
const LIMIT: u64 = 1024 * 1024;

/// Takes a callback (콜백) from stdin, and says what to respond.
///
/// It is kept as a hint and believed only after a read, which `payssam ledger run` makes. Send the HTTP status and the
/// body exactly as they are written.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Receive {}

impl Receive {
    pub(super) fn run(self, ledger: &Ledger, output: Output) -> Result<u8, Failure> {
        let mut body = Vec::new();
        let read = io::stdin().lock().take(LIMIT + 1).read_to_end(&mut body);
        read.map_err(|error| {
            let problem = format!("stdin cannot be read ({error})");
            Error::invalid_input("callback", problem)
        })?;
        let response = match ledger.receive(&merchant::from_env()?, body) {
            Ok(response) => response,
            // What is not kept must come again.
            Err(error) => {
                crate::output::warn(format_args!("{error}"));
                error.response()
            }
        };
        let mut rows = Rows::default();
        rows.put("HTTP status", response.http_status().to_string());
        rows.put("content type", response.content_type().to_owned());
        rows.put("body", response.body().to_owned());
        let value = json!({
            "http_status": response.http_status(),
            "content_type": response.content_type(),
            "body": response.body(),
        });
        output.result(rows, &value);
        Ok(exit::SUCCESS)
    }
}
