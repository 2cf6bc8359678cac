//! `--confirm`: whether and how long an unknown outcome is reconciled.

use clap::Args;
use payssam::{ConfirmPolicy, Error};

use crate::duration;

#[derive(Args)]
pub(crate) struct Confirm {
    /// If the outcome is unknown, reconcile it by reading.
    ///
    /// The command reads until the outcome is known. It sends the request again, up to three times in
    /// all, only after a read shows that it was not carried out. If the bill or receipt was already
    /// cancelled or destroyed, it is success. A bill to send or a receipt to issue needs a new id.
    #[arg(long)]
    pub(crate) confirm: bool,
    /// The time limit of --confirm, such as 30s or 5m [default: 2m].
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
            Some(deadline) => policy.deadline(duration::parse("deadline", deadline)?),
            None => policy,
        })
    }
}
