//! What is written to stdout and stderr, as text or JSON.

use std::{
    error::Error as _,
    ffi::OsString,
    fmt::{self, Write as _},
    io::{self, Write},
};

use clap::ValueEnum;
use serde::Serialize;

use crate::exit;
use payssam::{Error, KoreanTime, Outcome, Personal, Won, redact};

/// How results and errors are written.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Output {
    /// For people: lines of labels and values.
    Text,
    /// For programs: one JSON value on one line.
    Json,
}

impl Output {
    /// The format that arguments ask for which cannot be parsed as a whole.
    pub(crate) fn asked_for(arguments: &[OsString]) -> Self {
        let options = arguments.split(|argument| argument == "--").next();
        let options = options.unwrap_or_default();
        let json = options.iter().any(|argument| argument == "--output=json")
            || options
                .windows(2)
                .any(|pair| pair[0] == "--output" && pair[1] == "json");
        if json { Output::Json } else { Output::Text }
    }

    /// Writes a result.
    pub(crate) fn result(self, text: impl fmt::Display, value: &impl Serialize) {
        match self {
            Output::Text => tell(text),
            Output::Json => match json(value) {
                Ok(line) => tell(line),
                Err(error) => unwritten(&error.into()),
            },
        }
    }

    /// Writes an error. `reveal` adds PaySsam's message as it came, for people.
    pub(crate) fn error(self, error: &Error, reveal: bool) {
        match self {
            Output::Text => {
                let mut lines = format!("error: {}", redact::escape(&error.to_string()));
                if let Some(cause) = cause(error) {
                    let _ = write!(lines, "\n  cause: {}", redact::escape(&cause));
                }
                if let Some(message) = error.raw_message().filter(|_| reveal) {
                    let _ = write!(lines, "\n  message: {}", redact::escape(message));
                }
                complain(lines);
            }
            Output::Json => complain_as_json(error),
        }
    }

    /// Writes the help, the version, or what is wrong with the arguments, and returns the exit
    /// code.
    pub(crate) fn usage(self, stop: &clap::Error) -> u8 {
        if !stop.use_stderr() {
            // If nobody reads it, there is nothing else to do.
            let _ = stop.print();
            return exit::DONE;
        }
        match self {
            Output::Text => drop(stop.print()),
            Output::Json => {
                let message = stop.render().to_string();
                complain_as_json(&Usage {
                    kind: "invalid_input",
                    outcome: Outcome::NotSent,
                    operation: None,
                    code: None,
                    message: message.trim_start_matches("error: ").trim_end(),
                    bill_id: None,
                });
            }
        }
        exit::INVALID_INPUT
    }
}

/// The shape of [`Error`] for what clap found.
#[derive(Serialize)]
struct Usage<'a> {
    kind: &'static str,
    outcome: Outcome,
    operation: Option<&'static str>,
    code: Option<&'static str>,
    message: &'a str,
    bill_id: Option<&'static str>,
}

/// The innermost reason, such as `Connection refused`.
fn cause(error: &Error) -> Option<String> {
    let mut source = error.source()?;
    while let Some(inner) = source.source() {
        source = inner;
    }
    Some(source.to_string())
}

/// Writes a line to stdout, now.
pub(crate) fn tell(line: impl fmt::Display) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        unwritten(&error);
    }
}

/// Writes a line to stderr. If that fails, there is nowhere left to write.
pub(crate) fn complain(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Warns that a result could not be written. What was done is done: the exit code stays.
fn unwritten(error: &io::Error) {
    // Whoever closes a pipe wants to read no more.
    if error.kind() != io::ErrorKind::BrokenPipe {
        complain(format_args!(
            "warning: done, but the result could not be written: {error}"
        ));
    }
}

fn complain_as_json(error: &impl Serialize) {
    #[derive(Serialize)]
    struct Failure<'a, E> {
        error: &'a E,
    }
    match json(&Failure { error }) {
        Ok(line) => complain(line),
        Err(error) => complain(format_args!("error: {error}")),
    }
}

/// One line of JSON without invisible characters.
pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let written = serde_json::to_string(value)?;
    let mut line = String::with_capacity(written.len());
    for c in written.chars() {
        match c {
            // White space between the parts of a partner's own item; in strings it is escaped.
            '\n' | '\r' | '\t' => line.push(' '),
            c if redact::is_invisible(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(line, "\\u{unit:04x}");
                }
            }
            c => line.push(c),
        }
    }
    Ok(line)
}

/// Labels and values, in aligned lines without a newline at the end.
#[derive(Default)]
pub(crate) struct Rows(Vec<(&'static str, String)>);

impl Rows {
    /// Adds a row, if there is a value. Invisible characters are escaped.
    pub(crate) fn put(&mut self, label: &'static str, value: impl Into<Option<String>>) {
        if let Some(value) = value.into() {
            self.0.push((label, redact::escape(&value)));
        }
    }

    /// Only the rows with these labels.
    pub(crate) fn only(mut self, labels: &[&str]) -> Self {
        self.0.retain(|(label, _)| labels.contains(label));
        self
    }
}

impl fmt::Display for Rows {
    /// The width of the format, as in `{:20}`, is the least width of the labels.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.0.iter().map(|(label, _)| label.len());
        let width = labels.chain(formatter.width()).max().unwrap_or_default();
        for (place, (label, value)) in self.0.iter().enumerate() {
            let line = if place == 0 { "" } else { "\n" };
            write!(formatter, "{line}{label:width$}  {value}")?;
        }
        Ok(())
    }
}

/// What proves that something is `done`.
pub(crate) fn proof(was_already: bool, confirmed_by_read: bool, done: &str) -> String {
    match (was_already, confirmed_by_read) {
        (true, _) => format!("a read: it was already {done}"),
        (false, true) => "a read, because the response was lost".to_owned(),
        (false, false) => "PaySsam's response".to_owned(),
    }
}

/// A personal number, masked unless it is to be revealed.
pub(crate) fn personal(number: Option<Personal<'_>>, reveal: bool) -> Option<String> {
    number.map(|number| match reveal {
        true => number.reveal().to_owned(),
        false => number.to_string(),
    })
}

/// Such as `45,000 won`.
pub(crate) fn won(amount: Won) -> String {
    let digits = amount.to_string();
    let mut shown = String::with_capacity(digits.len() + 8);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown + " won"
}

/// Such as `2026-01-02 03:04:05 KST`.
pub(crate) fn time(time: KoreanTime) -> String {
    let at = time.civil();
    format!("{} {} KST", at.date(), at.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_grouped_by_thousands() {
        let shown = |amount| won(Won::new(amount).unwrap());
        assert_eq!(shown(1), "1 won");
        assert_eq!(shown(999), "999 won");
        assert_eq!(shown(45_000), "45,000 won");
        assert_eq!(shown(Won::MAX), "9,999,999,999 won");
    }

    #[test]
    fn json_is_one_line_in_which_nothing_is_invisible_and_says_the_same() {
        let item: Box<serde_json::value::RawValue> =
            serde_json::from_str("{\n\t\"a\": \"\u{9b}31m\u{202e}\u{e0041}\"\r\n}").unwrap();
        let line = json(&item).unwrap();
        assert_eq!(line, r#"{  "a": "\u009b31m\u202e\udb40\udc41"  }"#);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["a"], "\u{9b}31m\u{202e}\u{e0041}");
    }
}
