//! What the command writes to stdout and stderr, as text or JSON.

use std::{
    error,
    ffi::OsString,
    fmt::{self, Write as _},
    io::{self, Write},
};

use clap::ValueEnum;
use payssam::{Error, Outcome, redact};
use serde::Serialize;

use crate::{exit, json};

/// The format of results and errors.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Output {
    /// For people: lines of labels and values.
    Text,
    /// For programs: one JSON value on one line.
    Json,
}

impl Output {
    /// The format that the arguments request, even when they are not valid as a whole.
    pub(crate) fn requested(arguments: &[OsString]) -> Self {
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
            Output::Text => print(text),
            Output::Json => print_json(json::line(value)),
        }
    }

    /// Writes an error. In text, `reveal` adds PaySsam's message unmasked.
    pub(crate) fn error(self, error: &Error, reveal: bool) {
        match self {
            Output::Text => {
                let mut lines = format!("error: {}", redact::escape(&error.to_string()));
                if let Some(cause) = cause(error) {
                    let _ = write!(lines, "\n  cause: {cause}");
                }
                if let Some(message) = error.raw_message().filter(|_| reveal) {
                    let _ = write!(lines, "\n  message: {}", redact::escape(message));
                }
                warn(lines);
            }
            Output::Json => warn_as_json(error),
        }
    }

    /// Writes the help, the version, or what is wrong with the arguments, and returns the exit code.
    pub(crate) fn usage(self, stop: &clap::Error) -> u8 {
        if !stop.use_stderr() {
            // There is nothing else to do if it cannot be written.
            let _ = stop.print();
            return exit::SUCCESS;
        }
        match self {
            Output::Text => drop(stop.print()),
            Output::Json => {
                let message = stop.render().to_string();
                let message = message.trim_start_matches("error: ").trim_end();
                warn_as_json(&Problem {
                    kind: "invalid_input",
                    outcome: Some(Outcome::NotSent),
                    operation: None,
                    code: None,
                    message: message.to_owned(),
                    bill_id: None,
                });
            }
        }
        exit::INVALID_INPUT
    }

    /// Writes a problem that is no error of the library.
    pub(crate) fn problem(self, problem: &Problem) {
        match self {
            Output::Text => warn(format_args!("error: {}", redact::escape(&problem.message))),
            Output::Json => warn_as_json(problem),
        }
    }
}

/// A problem of the command itself, in the shape of [`Error`].
#[derive(Serialize)]
pub(crate) struct Problem {
    pub(crate) kind: &'static str,
    /// `None` when no request failed.
    pub(crate) outcome: Option<Outcome>,
    pub(crate) operation: Option<&'static str>,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) bill_id: Option<String>,
}

impl Problem {
    /// A problem without an operation.
    pub(crate) fn new(kind: &'static str, message: String) -> Self {
        Problem {
            kind,
            outcome: None,
            operation: None,
            code: None,
            message,
            bill_id: None,
        }
    }
}

/// The most characters of a cause.
const LONGEST_CAUSE: usize = 500;

/// The innermost cause, such as `Connection refused`, as it may be shown: a server has part in its text.
fn cause(error: &dyn error::Error) -> Option<String> {
    let mut source = error.source()?;
    while let Some(inner) = source.source() {
        source = inner;
    }
    let shown = redact::shown(&source.to_string());
    Some(match shown.char_indices().nth(LONGEST_CAUSE) {
        Some(_) => shown.chars().take(LONGEST_CAUSE - 1).chain(['…']).collect(),
        None => shown,
    })
}

/// Writes a line to stdout and flushes it.
pub(crate) fn print(line: impl fmt::Display) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        warn_not_written(&error);
    }
}

/// Writes a line of JSON to stdout.
pub(crate) fn print_json(line: serde_json::Result<String>) {
    match line {
        Ok(line) => print(line),
        Err(error) => warn_not_written(&error.into()),
    }
}

/// An error as one line of JSON.
pub(crate) fn error_line(error: &impl Serialize) -> serde_json::Result<String> {
    #[derive(Serialize)]
    struct Failure<'a, E> {
        error: &'a E,
    }
    json::line(&Failure { error })
}

/// Writes a line to stderr. A failure is ignored, because it cannot be reported anywhere.
pub(crate) fn warn(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Warns that a result could not be written. The request was carried out, so the exit code stays.
fn warn_not_written(error: &io::Error) {
    // A closed pipe is not a failure: its reader needs no more output.
    if error.kind() != io::ErrorKind::BrokenPipe {
        warn(format_args!(
            "warning: the command succeeded, but its result could not be written: {error}"
        ));
    }
}

fn warn_as_json(error: &impl Serialize) {
    match error_line(error) {
        Ok(line) => warn(line),
        Err(error) => warn(format_args!("error: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Caused(String, Option<Box<Caused>>);

    impl fmt::Display for Caused {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(&self.0)
        }
    }

    impl std::error::Error for Caused {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            let cause = self.1.as_deref();
            cause.map(|cause| cause as &(dyn std::error::Error + 'static))
        }
    }

    fn shown(innermost: &str) -> Option<String> {
        let inner = Caused(innermost.into(), None);
        let middle = Caused("middle".into(), Some(inner.into()));
        cause(&Caused("outer".into(), Some(middle.into())))
    }

    #[test]
    fn the_innermost_cause_is_escaped_masked_and_cut() {
        assert_eq!(cause(&Caused("alone".into(), None)), None);
        assert_eq!(shown("refused").unwrap(), "refused");
        let hostile = "not valid for\u{1b}[2J\n010-9876-5432";
        let masked = r"not valid for\u{1b}[2J\u{a}[masked]";
        assert_eq!(shown(hostile).unwrap(), masked);
        assert_eq!(shown(&"a".repeat(500)).unwrap(), "a".repeat(500));
        for long in ["a".repeat(501), "\n".repeat(501)] {
            let shown = shown(&long).unwrap();
            assert_eq!(shown.chars().count(), 500, "{shown}");
            assert!(shown.ends_with('…'), "{shown}");
        }
    }
}
