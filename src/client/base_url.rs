//! Where PaySsam is, and which addresses are safe to send payments to.

use reqwest::Url;

use super::stray::check_ends;
use crate::{outcome::Error, value::https::check_https};

/// PaySsam's own sandbox. Payments there are real card payments that are cancelled automatically.
///
/// The address of the live API is given to a partner after the inspection (검수); it is not published.
pub const PAYSSAM_SANDBOX_URL: &str = "https://sandbox.paymint.co.kr/partner";

/// Checks a base URL.
pub(super) fn check(base_url: &str, http_hosts: &[String]) -> Result<Url, Error> {
    let refuse = |problem: &str| Error::config("base url", problem);
    check_ends(base_url).map_err(|problem| refuse(&problem))?;
    let url = Url::parse(base_url)
        .map_err(|error| Error::config("base url", format!("it is not a valid URL ({error})")))?;
    check_https(&url, http_hosts).map_err(refuse)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must not contain a query or a fragment"));
    }
    Ok(url)
}
