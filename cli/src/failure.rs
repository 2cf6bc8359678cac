//! Why a command did not succeed.

use payssam::{BillId, Error, InvalidValue, Outcome};

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
    /// The ledger says so, with this exit code.
    Ledger(Problem, u8),
    /// A run of reconcile says so, with this exit code.
    Reconcile(Problem, u8),
}

impl Failure {
    /// Writes it. In text, `reveal` adds PaySsam's message unmasked.
    pub(crate) fn report(&self, output: Output, reveal: bool) {
        match self {
            Failure::Call(error) => output.error(error, reveal),
            Failure::NotInTime(problem)
            | Failure::Ledger(problem, _)
            | Failure::Reconcile(problem, _) => output.problem(problem),
        }
    }

    /// What the ledger says of a request about this bill, whose id may have been generated.
    pub(crate) fn of_intent(error: payssam_ledger::Error, bill_id: &BillId) -> Self {
        match Failure::from(error) {
            Failure::Ledger(problem, code) => {
                let problem = Problem {
                    message: format!("bill {bill_id}: {}", problem.message),
                    bill_id: Some(bill_id.to_string()),
                    ..problem
                };
                Failure::Ledger(problem, code)
            }
            other => other,
        }
    }

    /// What reconcile says before its first call.
    pub(crate) fn not_begun(error: payssam_reconcile::Error) -> Self {
        let problem = Problem {
            outcome: Some(Outcome::NotSent),
            ..Problem::new("reconcile", error.to_string())
        };
        Failure::Reconcile(problem, exit::INVALID_INPUT)
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Call(error) => exit::code(error),
            Failure::NotInTime(_) => exit::NOT_IN_TIME,
            Failure::Ledger(_, code) | Failure::Reconcile(_, code) => *code,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Call(error)
    }
}

impl From<payssam_ledger::Error> for Failure {
    fn from(error: payssam_ledger::Error) -> Self {
        use payssam_ledger::Error;
        let (outcome, code) = match &error {
            // It is written down, and may have been sent or will be.
            Error::Open(_) => (Outcome::Unknown, exit::UNKNOWN),
            Error::Database(_) | Error::File(..) | Error::System(_) => {
                (Outcome::NotSent, exit::NOT_SENT)
            }
            _ => (Outcome::NotSent, exit::INVALID_INPUT),
        };
        let problem = Problem {
            outcome: Some(outcome),
            ..Problem::new("ledger", error.to_string())
        };
        Failure::Ledger(problem, code)
    }
}

impl From<payssam_reconcile::Error> for Failure {
    /// After the first call: what was read is in the journal.
    fn from(error: payssam_reconcile::Error) -> Self {
        Failure::Reconcile(Problem::new("reconcile", error.to_string()), exit::UNKNOWN)
    }
}

impl From<InvalidValue> for Failure {
    fn from(error: InvalidValue) -> Self {
        Failure::Call(error.into())
    }
}
