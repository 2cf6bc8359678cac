//! The authorities that the client trusts instead of those of the platform.

#[cfg(feature = "tls-by-rustls")]
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

#[cfg(any(feature = "native-tls", feature = "tls-by-rustls"))]
use crate::outcome::Error;

/// Certificates in PEM, as they were given.
#[derive(Clone)]
pub(super) struct Authorities(
    #[cfg_attr(
        not(any(feature = "native-tls", feature = "tls-by-rustls")),
        expect(dead_code, reason = "read where there is TLS")
    )]
    Box<[u8]>,
);

impl Authorities {
    pub(super) fn new(pem: &[u8]) -> Self {
        Authorities(pem.into())
    }

    #[cfg(feature = "tls-by-rustls")]
    pub(super) fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&self.0) {
            let certificate = certificate.map_err(invalid)?;
            roots.add(certificate).map_err(invalid)?;
        }
        match roots.is_empty() {
            true => Err(none()),
            false => Ok(roots),
        }
    }

    #[cfg(all(feature = "native-tls", not(feature = "tls-by-rustls")))]
    pub(super) fn certificates(&self) -> Result<Vec<reqwest::Certificate>, Error> {
        let certificates = reqwest::Certificate::from_pem_bundle(&self.0).map_err(invalid)?;
        match certificates.is_empty() {
            true => Err(none()),
            false => Ok(certificates),
        }
    }
}

#[cfg(any(feature = "native-tls", feature = "tls-by-rustls"))]
fn invalid(error: impl std::fmt::Display) -> Error {
    Error::config("authorities", error)
}

#[cfg(any(feature = "native-tls", feature = "tls-by-rustls"))]
fn none() -> Error {
    Error::config("authorities", "there is no certificate in PEM")
}
