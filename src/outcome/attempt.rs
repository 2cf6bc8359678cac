//! One request of a call, and how it ended.

use std::{fmt, time::Duration};

use super::{advice::noun, outcome::Outcome, outcome::UnknownReason, result_code::ResultCode};
use crate::{operation::Operation, value::BillState};

/// One request of a call, and how it ended.
///
/// `Debug` and `Display` show no secret.
#[derive(Clone)]
pub struct Attempt {
    pub(crate) operation: Operation,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) unknown_reason: Option<UnknownReason>,
    pub(crate) code: Option<ResultCode>,
    pub(crate) http_status: Option<u16>,
    pub(crate) state: Option<BillState>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) elapsed: Duration,
}

impl Attempt {
    /// A request that succeeded; a read found the bill in `state`.
    pub(crate) fn succeeded(
        operation: Operation,
        state: Option<BillState>,
        elapsed: Duration,
    ) -> Self {
        Attempt {
            operation,
            outcome: None,
            unknown_reason: None,
            code: Some(ResultCode::SUCCESS),
            http_status: Some(200),
            state,
            retry_after: None,
            elapsed,
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What the error of this request proves; `None` when it succeeded.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// Why the outcome is unknown, if it is.
    pub fn unknown_reason(&self) -> Option<UnknownReason> {
        self.unknown_reason
    }

    /// PaySsam's result code, if there was one.
    pub fn code(&self) -> Option<&ResultCode> {
        self.code.as_ref()
    }

    /// The HTTP status, if there was a response.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The state in which a read found the bill.
    pub fn state(&self) -> Option<&BillState> {
        self.state.as_ref()
    }

    /// How long PaySsam asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// How long the request took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl fmt::Display for Attempt {
    /// Such as `bill cancel: unknown, HTTP 502, 0.031 s` or `bill read: paid, HTTP 200, 0000, 0.012 s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.operation)?;
        match (&self.outcome, &self.state) {
            (Some(outcome), _) => write!(formatter, "{outcome}")?,
            (None, Some(state)) => write!(formatter, "{state}")?,
            (None, None) => formatter.write_str("succeeded")?,
        }
        if let Some(reason) = self.unknown_reason {
            write!(formatter, ", {reason}")?;
        }
        if let Some(status) = self.http_status {
            write!(formatter, ", HTTP {status}")?;
        }
        if let Some(code) = &self.code {
            write!(formatter, ", {code}")?;
        }
        if let Some(wait) = self.retry_after {
            write!(formatter, ", retry after {} s", wait.as_secs())?;
        }
        write!(formatter, ", {:.3} s", self.elapsed.as_secs_f64())
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Attempt({self})")
    }
}

/// How much was tried, such as ` after 2 cancellations and 14 reads, last read as paid`; nothing when it
/// was a single request.
pub(crate) struct Summary<'a>(pub(crate) &'a [Attempt]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_write = |attempt: &&Attempt| attempt.operation.is_write();
        let writes = self.0.iter().filter(is_write).count();
        let reads = self.0.len() - writes;
        let write = self.0.iter().find(is_write);
        match (writes, reads) {
            (0 | 1, 0) | (0, 1) => {}
            (most, 0) | (0, most) => write!(formatter, " after {most} attempts")?,
            _ => write!(
                formatter,
                " after {} and {}",
                counted(writes, write.map_or("write", |write| noun(write.operation))),
                counted(reads, noun(Operation::BillRead))
            )?,
        }
        if let Some(state) = self.0.iter().rev().find_map(Attempt::state) {
            write!(formatter, ", last read as {state}")?;
        }
        Ok(())
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
