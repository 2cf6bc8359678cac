//! The HTTP client that posts callbacks and follows links to bills.

use std::time::Duration;

use payssam::Error;
use reqwest::redirect;

/// How long the other side may take to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client that sends each request once, to where it was addressed.
pub(crate) fn new() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| Error::config("http client", error))
}
