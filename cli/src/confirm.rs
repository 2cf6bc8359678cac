//! `--confirm`: whether and how long an unknown outcome is reconciled.

use clap::Args;

use crate::connection;
use payssam::{ConfirmPolicy, Error};

#[derive(Args)]
pub(crate) struct Confirm {
    /// Find out what became of it.
    ///
    /// If the outcome is unknown, the command reads until it is certain, and sends again, three times at
    /// most, only if a read shows that nothing was done. It is success if it was done before, except that
    /// a new bill or receipt needs a new id.
    #[arg(long)]
    pub(crate) confirm: bool,
    /// The time limit for that, such as 30s or 5m [default: 2m].
    #[arg(
        long,
        value_name = "D",
        allow_hyphen_values = true,
        requires = "confirm"
    )]
    deadline: Option<String>,
}

impl Confirm {
    pub(crate) fn policy(&self) -> Result<ConfirmPolicy, Error> {
        let policy = ConfirmPolicy::new();
        Ok(match &self.deadline {
            Some(deadline) => policy.deadline(connection::duration("deadline", deadline)?),
            None => policy,
        })
    }
}
