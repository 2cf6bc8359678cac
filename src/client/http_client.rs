//! The HTTP client, and which of its settings nobody else decides.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, ClientBuilder, Url};

#[cfg(feature = "tls-by-rustls")]
use super::rustls_config;
use super::{authorities::Authorities, environment};
use crate::{
    outcome::Error,
    value::https::{LOCALHOST, is_loopback},
};

/// Further settings of the HTTP client.
pub(super) type Settings = dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync;

/// Builds the HTTP client for a base URL. `timeout` limits each request, from its connection to the end of its
/// response.
///
/// Cargo switches a feature of a crate on for everybody who uses the crate. So whatever a feature of
/// reqwest would change is set here, also where this crate does not switch it on.
pub(super) fn build(
    base_url: &Url,
    connect_timeout: Duration,
    timeout: Duration,
    authorities: Option<&Authorities>,
    settings: Option<&Settings>,
) -> Result<Client, Error> {
    let is_https = base_url.scheme() == "https";
    if is_https && !cfg!(any(feature = "tls-by-rustls", feature = "native-tls")) {
        return Err(Error::config(
            "base url",
            "https needs the feature `rustls` or `native-tls`",
        ));
    }
    let mut builder = Client::builder().connect_timeout(connect_timeout);
    if let Some(settings) = settings {
        builder = settings(builder);
    }
    builder = with_tls(builder, authorities, is_https)?
        .timeout(timeout)
        .https_only(is_https)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connection_verbose(false)
        .http1_only()
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    // A proxy on the way of plain http could read the key.
    match is_loopback(base_url) || !is_https {
        true => builder = builder.no_proxy(),
        false => environment::check_proxy()?,
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

/// TLS by rustls where that feature is on, else by the platform; 1.2 at least.
#[cfg(feature = "tls-by-rustls")]
fn with_tls(
    builder: ClientBuilder,
    authorities: Option<&Authorities>,
    is_https: bool,
) -> Result<ClientBuilder, Error> {
    let config = rustls_config::config(authorities, is_https)?;
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(all(feature = "native-tls", not(feature = "tls-by-rustls")))]
fn with_tls(
    builder: ClientBuilder,
    authorities: Option<&Authorities>,
    _: bool,
) -> Result<ClientBuilder, Error> {
    let builder = builder
        .tls_backend_native()
        .tls_version_min(reqwest::tls::Version::TLS_1_2);
    match authorities {
        Some(authorities) => Ok(builder.tls_certs_only(authorities.certificates()?)),
        None => Ok(builder),
    }
}

#[cfg(not(any(feature = "native-tls", feature = "tls-by-rustls")))]
fn with_tls(
    builder: ClientBuilder,
    authorities: Option<&Authorities>,
    _: bool,
) -> Result<ClientBuilder, Error> {
    match authorities {
        Some(_) => Err(Error::config(
            "authorities",
            "they need the feature `rustls` or `native-tls`",
        )),
        None => Ok(builder),
    }
}
