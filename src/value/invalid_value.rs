//! A value that breaks a rule.

use std::{error, fmt};

/// Says which rule a value breaks. Nothing was sent.
///
/// The message never repeats a secret. It converts to [`Error::InvalidInput`](crate::Error::InvalidInput)
/// with `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    field: &'static str,
    problem: Box<str>,
}

impl InvalidValue {
    pub(crate) fn new(field: &'static str, problem: impl fmt::Display) -> Self {
        InvalidValue {
            field,
            problem: problem.to_string().into(),
        }
    }

    /// What was given, such as `bill id`.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Which rule it breaks.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "invalid {}: {}", self.field, self.problem)
    }
}

impl error::Error for InvalidValue {}
