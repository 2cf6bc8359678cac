//! Which addresses never leave this machine.

use std::net::IpAddr;

use reqwest::Url;

/// The only name that means loopback. It is never looked up, so that nobody can point it elsewhere.
pub(crate) const LOCALHOST: &str = "localhost";

/// Whether an address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == LOCALHOST
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why an address is not safe for secrets or payments: not https (or http on loopback, or on one of these hosts), or
/// with a user or password in it.
pub(crate) fn check_https(url: &Url, http_hosts: &[String]) -> Result<(), &'static str> {
    let is_allowed = || {
        let host = url.host_str().unwrap_or_default();
        http_hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host))
    };
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url) || is_allowed() => {}
        "http" => return Err("http is allowed on loopback only; use https"),
        _ => return Err("it must begin with https:// (or http:// on loopback)"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not contain a user or a password");
    }
    Ok(())
}
