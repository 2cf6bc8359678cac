//! TLS by rustls, the same whatever else is in the program.

use std::sync::Arc;

#[cfg(feature = "rustls-aws-lc")]
use rustls::crypto::aws_lc_rs as default_crypto;
#[cfg(not(feature = "rustls-aws-lc"))]
use rustls::crypto::ring as default_crypto;
use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::CryptoProvider,
    version::{TLS12, TLS13},
};
use rustls_platform_verifier::Verifier;

use super::authorities::Authorities;
use crate::outcome::Error;

/// TLS 1.2 and 1.3, with the cryptography that the program installed, if it did. The certificates of servers are
/// verified by the platform, or against these authorities alone. A client that never speaks TLS trusts nobody: to read the
/// certificates of the platform takes longer than hundreds of calls, and a small container has none.
pub(super) fn config(
    authorities: Option<&Authorities>,
    is_https: bool,
) -> Result<ClientConfig, Error> {
    let crypto = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(default_crypto::default_provider()));
    let builder = ClientConfig::builder_with_provider(crypto.clone())
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| Error::config("tls", error))?;
    let builder = match authorities {
        None if !is_https => builder.with_root_certificates(RootCertStore::empty()),
        _ => builder
            .dangerous()
            .with_custom_certificate_verifier(verifier(authorities, crypto)?),
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn verifier(
    authorities: Option<&Authorities>,
    crypto: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    match authorities {
        None => match Verifier::new(crypto) {
            Ok(verifier) => Ok(Arc::new(verifier)),
            Err(error) => Err(Error::config("tls", error)),
        },
        Some(authorities) => {
            let roots = Arc::new(authorities.roots()?);
            match WebPkiServerVerifier::builder_with_provider(roots, crypto).build() {
                Ok(verifier) => Ok(verifier),
                Err(error) => Err(Error::config("authorities", error)),
            }
        }
    }
}
