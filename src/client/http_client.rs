//! The HTTP client that the library sets up.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::Url;

use crate::{
    outcome::Error,
    value::https::{LOCALHOST, is_loopback},
};

/// Follows no redirect, retries nothing, and reaches loopback directly.
pub(super) fn own(base_url: &Url, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    if base_url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        return Err(Error::config(
            "base url",
            "https needs the feature `rustls` or `native-tls`",
        ));
    }
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout);
    if is_loopback(base_url) {
        builder = builder.no_proxy();
    }
    if base_url.host_str() == Some(LOCALHOST) {
        let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        builder = builder.resolve_to_addrs(
            LOCALHOST,
            &loopback.map(|address: IpAddr| SocketAddr::new(address, 0)),
        );
    }
    builder
        .build()
        .map_err(|error| Error::config("http client", error.without_url()))
}
