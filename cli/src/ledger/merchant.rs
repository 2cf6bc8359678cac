//! The merchant whose bills a command of the ledger is about.

use payssam::{Error, setting_from_env};
use payssam_ledger::Merchant;

/// The merchant of the environment, which needs no key.
pub(super) fn from_env() -> Result<Merchant, Error> {
    let part = |name| {
        let value = setting_from_env(name)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| Error::config(name, "this environment variable is not set"))
    };
    Ok(Merchant::new(
        part("PAYSSAM_MEMBER")?,
        part("PAYSSAM_MERCHANT")?,
    ))
}
