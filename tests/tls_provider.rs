//! TLS by rustls takes the cryptography that the program installed, and installs none itself.
#![cfg(feature = "tls-by-rustls")]

mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod tls;
}

use payssam::{Client, RetryPolicy};
use rustls::crypto::{CryptoProvider, ring};
use support::{
    caller::{bill_id, client as plain_client},
    tls::{Server, hello},
};

const CHACHA20: u16 = 0x1303;
/// The mark of RFC 5746.
const NO_SUITE: u16 = 0x00ff;

/// The cipher suites that a new client offers.
async fn offered() -> Vec<u16> {
    let server = Server::raw(Vec::new()).await;
    let credentials = plain_client("http://127.0.0.1:1").credentials().clone();
    let builder = Client::builder(credentials).retry(RetryPolicy::off());
    let client = builder.base_url(server.base_url()).build().unwrap();
    let error = client.bills().read(&bill_id()).await.unwrap_err();
    assert_eq!(error.kind(), "not_sent", "{error}");
    let suites = hello(&server.received()).suites.into_iter();
    suites.filter(|suite| *suite != NO_SUITE).collect()
}

/// One test, because a process has one default.
#[tokio::test]
async fn the_cryptography_that_the_program_installed_is_used_and_none_is_installed() {
    assert!(offered().await.len() > 3);
    assert!(CryptoProvider::get_default().is_none());
    let mut provider = ring::default_provider();
    provider
        .cipher_suites
        .retain(|suite| u16::from(suite.suite()) == CHACHA20);
    provider.install_default().unwrap();
    assert_eq!(offered().await, [CHACHA20]);
}
