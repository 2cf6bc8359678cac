//! Everything that the command prints. `clippy.toml` forbids every other way to stderr and stdout.
//!
//! A message may quote a page, an address, a header, a name or an argument. Where the command runs in
//! a GitHub workflow, its output goes to a log in which a line that begins with `::`, after any blanks,
//! is a command, and so is `##[` anywhere in a line. So every message is escaped here, whatever it
//! quotes.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the one place that prints"
)]

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::panic;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::{self, Format, Outside, Report};

/// Stands before each further line of a message.
const FURTHER: &str = "  | ";

/// Says on stderr why the command failed.
pub fn error(what: &dyn Display) {
    note(&format_args!("error: {what}"));
}

/// Says on stderr what somebody should know although the command goes on.
pub fn warning(what: &dyn Display) {
    note(&format_args!("warning: {what}"));
}

/// Says on stderr what the command did.
pub fn note(what: &dyn Display) {
    write(io::stderr(), &message(what));
}

/// Says on stdout what the command did.
pub fn say(what: &dyn Display) {
    write(io::stdout(), &message(what));
}

/// Prints a report on stdout, escaped for its format.
pub fn print(report: &Report, format: Format) {
    let rendered = report::render(report, format, is_coloured());
    write(io::stdout(), &rendered);
}

/// Whether reports are read on a terminal that shows colours.
fn is_coloured() -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !unwanted
}

/// Escapes the messages of panics too, which may quote a page.
pub fn escape_panics() {
    panic::set_hook(Box::new(|panic| {
        note(panic);
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            note(&trace);
        }
    }));
}

/// The text as a message: escaped, with its further lines marked, so that none of them looks like a
/// message of its own or is a command.
pub fn message(what: &dyn Display) -> String {
    let text = what.to_string();
    let mut shown = String::with_capacity(text.len());
    for (number, line) in text.trim_end().split('\n').enumerate() {
        let line = Outside::of(line);
        if number > 0 || line.begins_like_a_command() {
            shown.push_str(FURTHER);
        }
        shown.push_str(line.in_line().to_string().trim_end());
        shown.push('\n');
    }
    shown
}

/// Ignores that nobody reads, for which `print!` would panic.
fn write(mut to: impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes());
}

/// A bar on stderr, if that is a terminal.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many steps, drawn after a template of indicatif.
    pub fn new(steps: usize, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        Self(match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    /// Shows what is being done.
    pub fn at(&self, what: &str) {
        self.0.set_message(Outside::of(what).in_line().to_string());
        self.0.tick();
    }

    /// Takes one step, and returns how many were taken.
    pub fn step(&self) -> u64 {
        self.0.inc(1);
        self.0.position()
    }

    /// Says something above the bar; where there is no bar, as [`note`].
    pub fn note(&self, what: &dyn Display) {
        self.0.suspend(|| note(what));
    }

    /// Whether there is a bar to see.
    pub fn is_seen(&self) -> bool {
        !self.0.is_hidden()
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
