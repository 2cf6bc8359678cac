//! Where PaySsam is to post its callbacks.

use std::{fmt, str::FromStr};

use reqwest::Url;

use crate::{Error, client::is_loopback};

/// Where PaySsam is to post its callbacks: an https address without user and password.
///
/// On loopback http is allowed too, for the sandbox.
///
/// ```
/// use payssam::callback::CallbackUrl;
///
/// assert!(CallbackUrl::new("https://academy.example/payssam").is_ok());
/// assert!(CallbackUrl::new("http://academy.example/payssam").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CallbackUrl(Box<str>);

impl CallbackUrl {
    /// Takes an address; it is sent exactly as it is given.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken.
    pub fn new(address: impl AsRef<str>) -> Result<Self, Error> {
        let address = address.as_ref();
        let invalid = |problem: &str| Err(Error::invalid_input("callback url", problem));
        let Ok(url) = Url::parse(address) else {
            return invalid("it is no URL");
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return invalid("it must begin with https:// (or http:// on loopback)"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return invalid("it must not hold a user or a password");
        }
        if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return invalid("white space is not allowed in it");
        }
        Ok(CallbackUrl(address.into()))
    }

    /// The address as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CallbackUrl {
    /// Without its query, which may hold a secret of the caller's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.split(['?', '#']).next().unwrap_or_default();
        write!(formatter, "CallbackUrl({shown})")
    }
}

impl FromStr for CallbackUrl {
    type Err = Error;

    fn from_str(address: &str) -> Result<Self, Error> {
        CallbackUrl::new(address)
    }
}
