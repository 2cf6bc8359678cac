//! Values of options that come from stdin, because every other process can read arguments.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use payssam::Error;

/// The most bytes of a value, with its line end.
const LIMIT: u64 = 1024;

/// Replaces `-` in one of these options by what stdin has, without one line end.
pub(crate) fn fill<const N: usize>(
    options: [(&'static str, Option<&mut String>); N],
) -> Result<(), Error> {
    let is_stdin = |value: &&mut String| *value == "-";
    let mut from_stdin = options
        .into_iter()
        .filter_map(|(option, value)| Some((option, value.filter(is_stdin)?)));
    let Some((option, value)) = from_stdin.next() else {
        return Ok(());
    };
    if let Some((other, _)) = from_stdin.next() {
        return Err(Error::invalid_input(
            "options",
            format!("only one can come from stdin, and both {option} and {other} are -"),
        ));
    }
    *value = read(option)?;
    Ok(())
}

/// Reads the value of an option: all of stdin, or one line of a terminal.
fn read(option: &'static str) -> Result<String, Error> {
    let invalid = |problem: String| Error::invalid_input(option, problem);
    let stdin = io::stdin();
    let mut input = stdin.lock().take(LIMIT + 1);
    let mut bytes = Vec::new();
    let read = if stdin.is_terminal() {
        ask(option);
        input.read_until(b'\n', &mut bytes)
    } else {
        input.read_to_end(&mut bytes)
    };
    read.map_err(|error| invalid(format!("stdin cannot be read ({error})")))?;
    if bytes.len() as u64 > LIMIT {
        return Err(invalid(format!("stdin has more than {LIMIT} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| invalid("stdin is not valid UTF-8".into()))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(invalid(format!(
            "stdin is empty; write the value to it, as with {option} - < FILE"
        )));
    }
    Ok(line.to_owned())
}

/// Asks whoever sits at the terminal. Nothing is written to stderr that a program reads.
fn ask(option: &str) {
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        // If it cannot be written, the line can still be typed.
        let _ = write!(stderr, "{option}, one line, shown as you type: ");
    }
}
