//! What is read from the environment: the variables `PAYSSAM_…`.

use std::env;

use super::credentials::{Credentials, CredentialsBuilder};
use crate::outcome::Error;

impl Credentials {
    /// Reads the credentials from `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] that names the first variable that is missing, empty or not UTF-8; else as for
    /// [`CredentialsBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        CredentialsBuilder::default()
            .api_key(variable("PAYSSAM_API_KEY")?)
            .member(variable("PAYSSAM_MEMBER")?)
            .merchant(variable("PAYSSAM_MERCHANT")?)
            .build()
    }
}

/// Reads `PAYSSAM_BASE_URL`.
pub(super) fn base_url() -> Result<String, Error> {
    variable("PAYSSAM_BASE_URL")
}

fn variable(name: &'static str) -> Result<String, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => {
            Err(Error::config(name, "this environment variable is empty"))
        }
        Ok(value) => Ok(value),
        Err(env::VarError::NotPresent) => {
            Err(Error::config(name, "this environment variable is not set"))
        }
        Err(env::VarError::NotUnicode(_)) => Err(Error::config(
            name,
            "this environment variable is not UTF-8",
        )),
    }
}
