//! One request of a call, and what it met.

use std::{fmt, time::Duration};

use crate::{BillState, Delivery, Doubt, Error, Operation, ResultCode, error::shown};

/// One request of a call, and what it met.
///
/// `Debug` and `Display` show no secret.
#[derive(Clone)]
pub struct Attempt {
    operation: Operation,
    delivery: Option<Delivery>,
    doubt: Option<Doubt>,
    code: Option<ResultCode>,
    http_status: Option<u16>,
    state: Option<BillState>,
    retry_after: Option<Duration>,
    elapsed: Duration,
}

impl Attempt {
    pub(crate) fn failed(
        operation: Operation,
        error: &Error,
        retry_after: Option<Duration>,
        elapsed: Duration,
    ) -> Self {
        Attempt {
            operation,
            delivery: Some(error.delivery()),
            doubt: error.doubt(),
            code: error.code().cloned(),
            http_status: error.http_status(),
            state: None,
            retry_after,
            elapsed,
        }
    }

    /// A request that succeeded; a reading found the bill in `state`.
    pub(crate) fn succeeded(
        operation: Operation,
        state: Option<BillState>,
        elapsed: Duration,
    ) -> Self {
        Attempt {
            operation,
            delivery: None,
            doubt: None,
            code: Some(ResultCode::SUCCESS),
            http_status: Some(200),
            state,
            retry_after: None,
            elapsed,
        }
    }

    /// A request that was given up at the deadline of the whole.
    pub(crate) fn given_up(operation: Operation, elapsed: Duration) -> Self {
        Attempt {
            operation,
            delivery: Some(Delivery::Unknown),
            doubt: Some(Doubt::Timeout),
            code: None,
            http_status: None,
            state: None,
            retry_after: None,
            elapsed,
        }
    }

    /// What was asked.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What became of the request; `None` when it succeeded.
    pub fn delivery(&self) -> Option<Delivery> {
        self.delivery
    }

    /// Why nobody can tell what became of it, if that is so.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// PaySsam's result code, if there was one.
    pub fn code(&self) -> Option<&ResultCode> {
        self.code.as_ref()
    }

    /// The HTTP status, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The state in which a reading found the bill.
    pub fn state(&self) -> Option<&BillState> {
        self.state.as_ref()
    }

    /// How long PaySsam asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// How long it took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl fmt::Display for Attempt {
    /// Such as `bill cancel: unknown, HTTP 502, 0.031 s` or `bill read: paid, HTTP 200, 0000, 0.012 s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.operation)?;
        match (&self.delivery, &self.state) {
            (Some(delivery), _) => write!(formatter, "{delivery}")?,
            (None, Some(state)) => formatter.write_str(&shown(&state.to_string()))?,
            (None, None) => formatter.write_str("done")?,
        }
        if let Some(doubt) = self.doubt {
            write!(formatter, ", {doubt}")?;
        }
        if let Some(status) = self.http_status {
            write!(formatter, ", HTTP {status}")?;
        }
        if let Some(code) = &self.code {
            write!(formatter, ", {}", shown(code.as_str()))?;
        }
        if let Some(wait) = self.retry_after {
            write!(formatter, ", to be tried after {} s", wait.as_secs())?;
        }
        write!(formatter, ", {:.3} s", self.elapsed.as_secs_f64())
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Attempt({self})")
    }
}

/// Tells how much was tried, such as ` after 2 cancellations and 14 readings, last read as paid`;
/// nothing when it was a single request.
pub(crate) struct Summary<'a>(pub(crate) &'a [Attempt]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_write = |attempt: &&Attempt| attempt.operation.is_write();
        let writes = self.0.iter().filter(is_write).count();
        let readings = self.0.len() - writes;
        let write = self.0.iter().find(is_write);
        match (writes, readings) {
            (0 | 1, 0) | (0, 1) => {}
            (most, 0) | (0, most) => write!(formatter, " after {most} attempts")?,
            _ => write!(
                formatter,
                " after {} and {}",
                counted(
                    writes,
                    write.map_or("write", |write| write.operation.noun())
                ),
                counted(readings, Operation::BillRead.noun())
            )?,
        }
        if let Some(state) = self.0.iter().rev().find_map(Attempt::state) {
            write!(formatter, ", last read as {}", shown(&state.to_string()))?;
        }
        Ok(())
    }
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
