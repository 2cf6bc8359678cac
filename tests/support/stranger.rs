//! An HTTP client that is not ours.

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// It speaks plain http. Reqwest still asks for TLS, and our features bring it no cryptography.
pub fn client() -> reqwest::Client {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let builder = reqwest::Client::builder().no_proxy();
    builder.tls_backend_preconfigured(config).build().unwrap()
}
