//! Addresses that PaySsam posts to or redirects people to.

use std::fmt;

use reqwest::Url;

use crate::redact::MASKED;

use super::{https::check_https, invalid_value::InvalidValue, text::text_type};

text_type! {
    /// Where PaySsam posts a callback to, or redirects people to: an https address without user and password.
    ///
    /// On loopback http is allowed too, for the mock server. `Debug` shows only the server: path and query
    /// should hold a secret of yours, so that nobody else can post callbacks.
    ///
    /// ```
    /// use payssam::callback::CallbackUrl;
    ///
    /// assert!(CallbackUrl::new("https://academy.example/payssam").is_ok());
    /// assert!(CallbackUrl::new("http://academy.example/payssam").is_err());
    /// ```
    #[doc(alias = "webhook")]
    #[doc(alias = "콜백")]
    pub struct CallbackUrl: address, checked by check;
}

fn check(address: &str) -> Result<Box<str>, InvalidValue> {
    check_with(address, &[])
}

fn check_with(address: &str, http_hosts: &[String]) -> Result<Box<str>, InvalidValue> {
    let invalid = |problem: &str| InvalidValue::new("callback url", problem);
    let url = Url::parse(address).map_err(|_| invalid("it is not a valid URL"))?;
    check_https(&url, http_hosts).map_err(invalid)?;
    if address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(invalid("white space is not allowed in it"));
    }
    Ok(address.into())
}

impl CallbackUrl {
    /// The address, which may be plain http if its host is this one, such as the name of a container.
    ///
    /// It is for a mock server in a network of your own: on its way everybody can read the callback, and send another.
    /// Never use it with PaySsam. An address that was stored is checked without it when it is read back.
    ///
    /// # Errors
    ///
    /// As for [`new`](CallbackUrl::new), and when the host of an http address is neither this one nor loopback.
    ///
    /// ```
    /// use payssam::callback::CallbackUrl;
    ///
    /// assert!(CallbackUrl::allow_http_for("http://app:8080/payssam", "app").is_ok());
    /// assert!(CallbackUrl::allow_http_for("http://app.example/payssam", "app").is_err());
    /// ```
    pub fn allow_http_for(
        address: impl AsRef<str>,
        host: impl AsRef<str>,
    ) -> Result<Self, InvalidValue> {
        let checked = check_with(address.as_ref(), &[host.as_ref().to_owned()]);
        checked.map(|address| CallbackUrl(address.into()))
    }

    /// The address as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CallbackUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = Url::parse(&self.0).map(|url| url.origin().ascii_serialization());
        write!(
            formatter,
            "CallbackUrl({}/{MASKED})",
            origin.unwrap_or_default()
        )
    }
}
