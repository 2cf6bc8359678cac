//! The only addresses that the mock server posts to.

use std::net::IpAddr;

use reqwest::Url;

/// The address, if it leads to this machine.
pub(crate) fn address(url: &str) -> Option<Url> {
    Url::parse(url).ok().filter(is_loopback)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}
