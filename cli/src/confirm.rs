//! `--confirm`: whether and how long an unknown outcome is reconciled.

use clap::Args;
use payssam::{ConfirmPolicy, Confirming, Error};

use crate::duration;

#[derive(Args)]
pub(crate) struct Confirm {
    /// If the outcome is unknown, reconcile it by reading.
    ///
    /// The command reads until the outcome is known. It sends the request again, up to three times in
    /// all, only after a read shows that it was not carried out. If the bill or receipt was already
    /// cancelled or destroyed, it is success, and so is a bill to send or a receipt to issue that is already
    /// there with the same amount. A rejection is believed after three seconds of reads.
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
    /// The same request may have been sent before, by a process that died: no rejection proves that
    /// nothing changed.
    #[arg(long, requires = "confirm")]
    resuming: bool,
}

impl Confirm {
    /// The call, as the options want it.
    pub(crate) fn of<'r, C>(&self, call: Confirming<'r, C>) -> Confirming<'r, C> {
        match self.resuming {
            true => call.resuming(),
            false => call,
        }
    }

    pub(crate) fn policy(&self) -> Result<ConfirmPolicy, Error> {
        let policy = ConfirmPolicy::new();
        Ok(match &self.deadline {
            Some(deadline) => policy.deadline(duration::parse("deadline", deadline)?),
            None => policy,
        })
    }
}
