//! `payssam bill read -`: many bills, a line of JSON for each.

use std::io::{self, BufRead};

use payssam::{Bill, BillId, Client, Error};
use serde::{Deserialize, Serialize};

use crate::{exit, json, output};

/// The most bytes of a line of ids.
const LONGEST_LINE: usize = 4_096;

/// Reads the bills that stdin names, and writes a line for each in their order.
///
/// Returns the error with the highest exit code, if there was one.
pub(super) async fn run(
    client: &Client,
    concurrency: u8,
    line: impl Fn(&Bill) -> serde_json::Result<String>,
) -> Result<(), Error> {
    let named = names()?;
    let valid: Vec<BillId> = named.iter().flatten().cloned().collect();
    let bills = client.bills();
    let mut bills = bills.read_many(valid).concurrency(concurrency.into());
    let mut worst: Option<Error> = None;
    for name in named {
        let read = match name {
            Ok(_) => bills.next().await.map(|(_, bill)| bill),
            Err(error) => Some(Err(error)),
        };
        let written = match &read {
            Some(Ok(bill)) => line(bill),
            Some(Err(error)) => json::line(&Failure { error }),
            None => break,
        };
        output::print(written.unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}")));
        if let Some(Err(error)) = read
            && worst
                .as_ref()
                .is_none_or(|worst| exit::code(worst) < exit::code(&error))
        {
            worst = Some(error);
        }
    }
    worst.map_or(Ok(()), Err)
}

#[derive(Serialize)]
struct Failure<'a> {
    error: &'a Error,
}

/// A line of stdin that is JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Id(String),
    Bill { bill_id: String },
}

/// The ids in the lines of stdin, without empty lines.
fn names() -> Result<Vec<Result<BillId, Error>>, Error> {
    let unreadable = |error: io::Error| {
        Error::invalid_input("bill ids", format!("stdin cannot be read ({error})"))
    };
    let mut names = Vec::new();
    for (place, line) in io::stdin().lock().lines().enumerate() {
        let line = line.map_err(unreadable)?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            names.push(name(line, place + 1));
        }
    }
    Ok(names)
}

fn name(line: &str, place: usize) -> Result<BillId, Error> {
    let invalid = |problem: &dyn std::fmt::Display| {
        Error::invalid_input("bill id", format!("line {place}: {problem}"))
    };
    if line.len() > LONGEST_LINE {
        return Err(invalid(&format_args!(
            "it has more than {LONGEST_LINE} bytes"
        )));
    }
    let is_json = line.starts_with(['"', '{']);
    let id = match is_json.then(|| serde_json::from_str(line)) {
        None => line.to_owned(),
        Some(Ok(Named::Id(id) | Named::Bill { bill_id: id })) => id,
        Some(Err(_)) => {
            let problem = "it is neither a JSON text nor a JSON object with bill_id";
            return Err(invalid(&problem));
        }
    };
    BillId::new(&id).map_err(|error| invalid(&error.problem()))
}
