//! Why a command did not succeed.

use payssam::{Error, InvalidValue};

use crate::{
    exit,
    output::{Output, Problem},
};

/// Why a command did not succeed.
pub(crate) enum Failure {
    /// The library says so.
    Call(Error),
    /// What the command waited for did not happen in time.
    NotInTime(Problem),
}

impl Failure {
    /// Writes it. In text, `reveal` adds PaySsam's message unmasked.
    pub(crate) fn report(&self, output: Output, reveal: bool) {
        match self {
            Failure::Call(error) => output.error(error, reveal),
            Failure::NotInTime(problem) => output.problem(problem),
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Call(error) => exit::code(error),
            Failure::NotInTime(_) => exit::NOT_IN_TIME,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Call(error)
    }
}

impl From<InvalidValue> for Failure {
    fn from(error: InvalidValue) -> Self {
        Failure::Call(error.into())
    }
}
