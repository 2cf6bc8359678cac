//! A field of a response whose value is not as documented.

use std::{error, fmt};

/// Says what is wrong with one field of a response.
///
/// The call succeeded nevertheless. The value is kept as received, such as in
/// [`Approval::raw`](crate::Approval::raw). The message does not repeat it, because it may be personal
/// data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    field: &'static str,
    problem: Box<str>,
}

impl Malformed {
    pub(crate) fn new(field: &'static str, problem: impl fmt::Display) -> Self {
        Malformed {
            field,
            problem: problem.to_string().into(),
        }
    }

    /// The field, as PaySsam spells it, such as `apprDt`.
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} in PaySsam's response is malformed: {}",
            self.field, self.problem
        )
    }
}

impl error::Error for Malformed {}
