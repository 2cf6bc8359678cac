//! `--confirm`: whether and how long a write is pursued.

use clap::Args;

use crate::connection;
use payssam::{ConfirmPolicy, Error};

#[derive(Args)]
pub(crate) struct Confirm {
    /// Find out what became of it.
    ///
    /// If the outcome is unknown, it is read until that decides, and done again, three times at most,
    /// only where the reading shows that it was not done. What was done already is success, except
    /// that a new bill or receipt needs a new id.
    #[arg(long)]
    pub(crate) confirm: bool,
    /// How long that may take, such as 30s or 5m [default: 2m].
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
