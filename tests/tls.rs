//! TLS: which connections are trusted with the key. The same holds for each backend and for both together,
//! but that the platform's own library chooses its cipher suites.
#![cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]

mod support {
    pub mod caller;
    pub mod tls;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use payssam::{Client, Error, NotSentReason, RetryPolicy};
use rustls::pki_types::CertificateDer;
use support::{
    caller::{API_KEY, bill_id, cancel, client as plain_client},
    tls::{Authority, Identity, Server, Version, hello, self_signed, server_hello},
    wire::http,
};

const NAME: &str = "localhost";
const TLS_1_1: u16 = 0x0302;
const TLS_1_2: u16 = 0x0303;
const TLS_1_3: u16 = 0x0304;
const RSA_WITH_AES_128_CBC_SHA: u16 = 0x002f;

/// A client that trusts the platform's authorities, or this one alone.
fn client(base_url: &str, authority: Option<CertificateDer<'static>>) -> Client {
    let credentials = plain_client("http://127.0.0.1:1").credentials().clone();
    let builder = Client::builder(credentials)
        .base_url(base_url)
        .retry(RetryPolicy::off());
    let builder = match authority {
        Some(authority) => builder.trust_only(pem(&authority)),
        None => builder,
    };
    builder.build().expect("a client")
}

/// A certificate as `openssl` writes it.
fn pem(certificate: &CertificateDer<'_>) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};

    let text = STANDARD.encode(certificate);
    let lines = text.as_bytes().chunks(64).map(str::from_utf8);
    let lines: Vec<_> = lines.map(Result::unwrap).collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

fn holds_key(bytes: &[u8]) -> bool {
    bytes
        .windows(API_KEY.len())
        .any(|part| part == API_KEY.as_bytes())
}

#[track_caller]
fn is_not_sent(error: &Error) {
    assert_eq!(error.kind(), "not_sent", "{error}");
    assert_eq!(error.not_sent_reason(), Some(NotSentReason::Tls), "{error}");
}

/// Calls a server that must not get the key.
async fn is_refused(case: &str, identity: Identity, authority: Option<CertificateDer<'static>>) {
    for version in [Version::Tls12, Version::Tls13] {
        let identity = identity.clone();
        let server = Server::tls(identity, version, http("200 OK", "{}")).await;
        let client = client(&server.base_url(), authority.clone());
        let read = client.bills().read(&bill_id()).await.map(drop);
        let cancelled = client.bills().cancel(&cancel()).await.map(drop);
        for error in [read.unwrap_err(), cancelled.unwrap_err()] {
            assert_eq!(error.kind(), "not_sent", "{case}: {error}");
            assert_eq!(
                error.not_sent_reason(),
                Some(NotSentReason::Tls),
                "{case}: {error}"
            );
        }
        assert_eq!(server.received(), b"", "{case}");
    }
}

#[tokio::test]
async fn a_server_with_a_trusted_certificate_gets_the_request() {
    let body = r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#;
    let authority = Authority::new();
    for version in [Version::Tls12, Version::Tls13] {
        let server = Server::tls(authority.identity(NAME), version, http("200 OK", body)).await;
        let client = client(&server.base_url(), Some(authority.certificate()));
        client.bills().read(&bill_id()).await.expect("a bill");
        assert!(holds_key(&server.received()));
    }
}

#[tokio::test]
async fn each_of_several_trusted_authorities_is_trusted() {
    let body = r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#;
    let authorities = [Authority::new(), Authority::new()];
    let all: String = authorities
        .iter()
        .map(|it| pem(&it.certificate()))
        .collect();
    for authority in &authorities {
        let identity = authority.identity(NAME);
        let server = Server::tls(identity, Version::Tls13, http("200 OK", body)).await;
        let client = plain_client("http://127.0.0.1:1").credentials().clone();
        let client = Client::builder(client).base_url(server.base_url());
        let client = client.trust_only(&all).build().unwrap();
        client.bills().read(&bill_id()).await.expect("a bill");
    }
}

#[test]
fn what_is_no_certificate_of_an_authority_is_refused() {
    for authorities in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let credentials = plain_client("http://127.0.0.1:1").credentials().clone();
        let builder = Client::builder(credentials).base_url("https://127.0.0.1:1");
        let error = builder.trust_only(authorities).build().unwrap_err();
        assert_eq!(error.kind(), "config", "{error}");
        let names = error.to_string().contains("authorities");
        assert!(names || cfg!(not(feature = "tls-by-rustls")), "{error}");
    }
}

/// Settings of reqwest that would trust a server must not make the client trust it.
#[cfg(feature = "tls-by-rustls")]
#[tokio::test]
async fn a_setting_of_the_http_client_that_trusts_everybody_changes_nothing() {
    type Setting = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    let certificates: Setting = |http| http.tls_danger_accept_invalid_certs(true);
    let names: Setting = |http| http.tls_danger_accept_invalid_hostnames(true);
    for trusting in [certificates, names] {
        let identity = self_signed(NAME);
        let server = Server::tls(identity, Version::Tls13, http("200 OK", "{}")).await;
        let client = plain_client("http://127.0.0.1:1").credentials().clone();
        let client = Client::builder(client).base_url(server.base_url());
        let client = client.http_client(trusting).build().unwrap();
        is_not_sent(
            &client
                .bills()
                .cancel(&cancel())
                .await
                .map(drop)
                .unwrap_err(),
        );
        assert_eq!(server.received(), b"");
    }
}

#[tokio::test]
async fn a_certificate_of_another_name_gets_nothing() {
    let authority = Authority::new();
    let identity = authority.identity("sandbox.paymint.co.kr");
    is_refused("wrong name", identity, Some(authority.certificate())).await;
}

#[tokio::test]
async fn an_expired_certificate_gets_nothing() {
    let authority = Authority::new();
    let identity = authority.expired(NAME);
    is_refused("expired", identity, Some(authority.certificate())).await;
}

#[tokio::test]
async fn a_self_signed_certificate_gets_nothing() {
    is_refused("self-signed", self_signed(NAME), None).await;
    let other = Authority::new().certificate();
    is_refused("self-signed", self_signed(NAME), Some(other)).await;
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_gets_nothing() {
    let authority = Authority::new();
    is_refused("untrusted", authority.identity(NAME), None).await;
    let other = Authority::new().certificate();
    is_refused("untrusted", authority.identity(NAME), Some(other)).await;
}

#[tokio::test]
async fn a_server_that_chooses_tls_1_1_gets_nothing() {
    let server = Server::raw(server_hello(TLS_1_1, RSA_WITH_AES_128_CBC_SHA)).await;
    let client = client(&server.base_url(), None);
    let error = client
        .bills()
        .cancel(&cancel())
        .await
        .map(drop)
        .unwrap_err();
    is_not_sent(&error);
    assert!(!holds_key(&server.received()));
}

/// What a client offers to a server that only listens.
async fn offered() -> support::tls::Hello {
    let server = Server::raw(Vec::new()).await;
    let client = client(&server.base_url(), None);
    let error = client
        .bills()
        .cancel(&cancel())
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(error.kind(), "not_sent", "{error}");
    assert!(!holds_key(&server.received()));
    hello(&server.received())
}

#[tokio::test]
async fn nothing_older_than_tls_1_2_and_no_http_2_is_offered() {
    let offered = offered().await;
    assert!(!offered.suites.is_empty());
    assert!(
        offered.versions.contains(&TLS_1_3),
        "{:x?}",
        offered.versions
    );
    let is_new = |version: &u16| [TLS_1_2, TLS_1_3].contains(version);
    assert!(
        offered.versions.iter().all(is_new),
        "{:x?}",
        offered.versions
    );
    assert!(offered.protocols.iter().all(|name| name == b"http/1.1"));
}

/// With both backends in the tree rustls is taken: the platform's library would offer suites without forward
/// secrecy.
#[cfg(feature = "tls-by-rustls")]
#[tokio::test]
async fn no_cipher_suite_without_forward_secrecy_is_offered() {
    // Those of TLS 1.3, those of TLS 1.2 with an ephemeral key, and the mark of RFC 5746.
    let is_forward_secret = |suite: &u16| matches!(suite, 0x1301..=0x1303 | 0xc02b..=0xc02c | 0xc02f..=0xc030 | 0xcca8..=0xcca9 | 0xff);
    let offered = offered().await;
    assert!(offered.suites.len() > 3);
    assert!(
        offered.suites.iter().all(is_forward_secret),
        "{:x?}",
        offered.suites
    );
}

/// Also when the server chooses one that was not offered.
#[cfg(feature = "tls-by-rustls")]
#[tokio::test]
async fn a_server_without_forward_secrecy_gets_nothing() {
    const RSA_WITH_AES_128_GCM_SHA256: u16 = 0x009c;
    for suite in [RSA_WITH_AES_128_CBC_SHA, RSA_WITH_AES_128_GCM_SHA256] {
        let server = Server::raw(server_hello(TLS_1_2, suite)).await;
        let client = client(&server.base_url(), None);
        let error = client
            .bills()
            .cancel(&cancel())
            .await
            .map(drop)
            .unwrap_err();
        is_not_sent(&error);
        assert!(!holds_key(&server.received()));
    }
}
