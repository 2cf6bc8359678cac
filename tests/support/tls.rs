//! Servers that speak TLS, or only its first words, and keep what they received.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// A certificate and its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Identity {
            certificate: self.certificate.clone(),
            key: self.key.clone_key(),
        }
    }
}

/// An authority that nobody trusts who is not told to.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        // Another name than the certificates have, which would else seem to vouch for themselves.
        params.distinguished_name.push(
            DnType::CommonName,
            format!("authority {}", fastrand::u64(..)),
        );
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("a key");
        Authority(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A certificate for one name.
    pub fn identity(&self, name: &str) -> Identity {
        self.sign(certificate(name))
    }

    /// A certificate whose time is over.
    pub fn expired(&self, name: &str) -> Identity {
        let mut params = certificate(name);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 1);
        self.sign(params)
    }

    fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Identity {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        }
    }
}

/// A certificate that vouches for itself.
pub fn self_signed(name: &str) -> Identity {
    let key = KeyPair::generate().expect("a key");
    let certificate = certificate(name).self_signed(&key).expect("a certificate");
    Identity {
        certificate: certificate.der().clone(),
        key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
    }
}

fn certificate(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).expect("a name")
}

/// The versions of TLS that a server offers.
#[derive(Clone, Copy)]
pub enum Version {
    Tls12,
    Tls13,
}

pub struct Server {
    port: u16,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Responds with `response` to every request that comes over TLS.
    pub async fn tls(identity: Identity, version: Version, response: Vec<u8>) -> Self {
        let version = match version {
            Version::Tls12 => &TLS12,
            Version::Tls13 => &TLS13,
        };
        let provider = ring::default_provider().into();
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("a version")
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate], identity.key)
            .expect("an identity");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Server::start(move |stream, received| {
            let (acceptor, response) = (acceptor.clone(), response.clone());
            async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut bytes = [0; 4096];
                // A request is shorter than that and comes in one piece.
                if let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    let request = &bytes[..count];
                    received
                        .lock()
                        .expect("no panic")
                        .extend_from_slice(request);
                    drop(stream.write_all(&response).await);
                }
                drop(stream.shutdown().await);
            }
        })
        .await
    }

    /// Writes `reply` after the first record, and keeps all bytes as they came.
    pub async fn raw(reply: Vec<u8>) -> Self {
        Server::start(move |mut stream, received| {
            let reply = reply.clone();
            async move {
                let mut record = vec![0; 5];
                if stream.read_exact(&mut record).await.is_err() {
                    return;
                }
                record.resize(5 + usize::from(record[3]) * 256 + usize::from(record[4]), 0);
                let body = stream.read_exact(&mut record[5..]).await.is_ok();
                received.lock().expect("no panic").append(&mut record);
                if !body || stream.write_all(&reply).await.is_err() || reply.is_empty() {
                    return;
                }
                let mut bytes = Vec::new();
                drop(stream.read_to_end(&mut bytes).await);
                received.lock().expect("no panic").append(&mut bytes);
            }
        })
        .await
    }

    async fn start<F>(serve: impl Fn(TcpStream, Arc<Mutex<Vec<u8>>>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("a port");
        let server = Server {
            port: listener.local_addr().expect("an address").port(),
            received: Arc::default(),
        };
        let received = server.received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, received.clone()));
            }
        });
        server
    }

    pub fn base_url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// What arrived: over TLS the requests, else the bytes.
    pub fn received(&self) -> Vec<u8> {
        self.received.lock().expect("no panic").clone()
    }
}

/// What a client offers in its first message.
pub struct Hello {
    pub suites: Vec<u16>,
    pub versions: Vec<u16>,
    /// The protocols it names for what is said over TLS.
    pub protocols: Vec<Vec<u8>>,
}

/// Reads a ClientHello (RFC 8446, 4.1.2) that is one record.
pub fn hello(record: &[u8]) -> Hello {
    let mut hello = Bytes(record);
    assert_eq!(hello.take(1), [22], "a handshake");
    hello.take(4);
    assert_eq!(hello.take(1), [1], "a ClientHello");
    hello.take(3 + 2 + 32);
    hello.vector(1);
    let suites = hello.vector(2).pairs();
    hello.vector(1);
    let mut extensions = hello.vector(2);
    let (mut versions, mut protocols) = (Vec::new(), Vec::new());
    while !extensions.0.is_empty() {
        let kind = extensions.take(2).to_vec();
        let mut content = extensions.vector(2);
        match kind[..] {
            [0, 43] => versions = content.vector(1).pairs(),
            [0, 16] => {
                let mut names = content.vector(2);
                while !names.0.is_empty() {
                    protocols.push(names.vector(1).0.to_vec());
                }
            }
            _ => {}
        }
    }
    Hello {
        suites,
        versions,
        protocols,
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    /// As many bytes as the next `width` bytes say.
    fn vector(&mut self, width: usize) -> Bytes<'a> {
        let length = self
            .take(width)
            .iter()
            .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        Bytes(self.take(length))
    }

    fn pairs(&self) -> Vec<u16> {
        let pairs = self.0.chunks_exact(2);
        pairs
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect()
    }
}

/// The first message of a server that has chosen this version and cipher suite.
pub fn server_hello(version: u16, suite: u16) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend(suite.to_be_bytes());
    body.push(0);
    let mut message = vec![2, 0, 0, body.len() as u8];
    message.extend(body);
    let mut record = vec![22];
    record.extend(version.to_be_bytes());
    record.extend((message.len() as u16).to_be_bytes());
    record.extend(message);
    record
}
