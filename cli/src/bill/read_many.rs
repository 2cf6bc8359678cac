//! `payssam bill read -`: many bills, a line of JSON for each.

use std::{
    fmt,
    io::{self, BufRead, Read as _},
};

use payssam::{Bill, BillId, Client, Error};
use serde::Deserialize;

use crate::{exit, output};

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
            Some(Err(error)) => output::error_line(error),
            None => break,
        };
        let written = written.or_else(|error| output::error_line(&Error::config("output", error)));
        output::print_json(written);
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
    let mut stdin = io::stdin().lock();
    let mut names = Vec::new();
    for place in 1.. {
        let Some(line) = next_line(&mut stdin).map_err(unreadable)? else {
            break;
        };
        let Ok(line) = str::from_utf8(&line) else {
            names.push(Err(invalid(place, &"it is not UTF-8")));
            continue;
        };
        let line = line.trim_start_matches('\u{feff}').trim();
        if !line.is_empty() {
            names.push(name(line, place));
        }
    }
    Ok(names)
}

/// The next line, of which no more is kept than shows that it is too long.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let most = LONGEST_LINE as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if !line.ends_with(b"\n") && line.len() as u64 == most {
        input.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

fn invalid(place: usize, problem: &dyn fmt::Display) -> Error {
    Error::invalid_input("bill id", format!("line {place}: {problem}"))
}

fn name(line: &str, place: usize) -> Result<BillId, Error> {
    let invalid = |problem: &dyn fmt::Display| invalid(place, problem);
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
