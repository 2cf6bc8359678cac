//! The HTTP client that posts callbacks and follows links to bills.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::{Host, Position, Url};

use crate::{loopback::LOCALHOST, reach::Reach};

/// How long the other side may take to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the other side responded.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// As much of it as was read.
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

/// How what was read of a body ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// That is all of it.
    Whole,
    /// The connection ended before the body did.
    BrokeOff,
    /// It goes on, and no more of it was read.
    GoesOn,
}

impl End {
    /// Its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            End::Whole => "whole",
            End::BrokeOff => "broke_off",
            End::GoesOn => "goes_on",
        }
    }
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing was sent.
    NoConnection,
    NoResponse,
}

/// Posts once, on a connection of its own, without a proxy, a redirect or a name that is looked up, unless callbacks to
/// it were allowed. Of the response no
/// more than `most` bytes are read.
pub(crate) async fn post(
    url: &Url,
    content_type: &str,
    body: String,
    most: usize,
    reach: &Reach,
) -> Result<Response, Failure> {
    let exchange = async {
        let addresses = match url.host_str().filter(|host| reach.posts_to(host)) {
            Some(host) => {
                let port = url.port_or_known_default().ok_or(Failure::NoConnection)?;
                let host = host.trim_start_matches('[').trim_end_matches(']');
                let found = lookup_host((host, port)).await;
                found.map_err(|_| Failure::NoConnection)?.collect()
            }
            None => addresses(url).ok_or(Failure::NoConnection)?,
        };
        let stream = TcpStream::connect(&addresses[..]).await;
        let stream = stream.map_err(|_| Failure::NoConnection)?;
        exchange(stream, url, content_type, body, most)
            .await
            .map_err(|_| Failure::NoResponse)
    };
    timeout(TIMEOUT, exchange)
        .await
        .unwrap_or(Err(Failure::NoResponse))
}

/// Where a URL leads. No name is looked up, in the hosts file or elsewhere, unless it was allowed.
fn addresses(url: &Url) -> Option<Vec<SocketAddr>> {
    let addresses: Vec<IpAddr> = match url.host()? {
        Host::Ipv4(address) => vec![address.into()],
        Host::Ipv6(address) => vec![address.into()],
        Host::Domain(name) if name.eq_ignore_ascii_case(LOCALHOST) => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        Host::Domain(_) => return None,
    };
    let port = url.port_or_known_default()?;
    let at_port = |address| SocketAddr::new(address, port);
    Some(addresses.into_iter().map(at_port).collect())
}

async fn exchange(
    stream: TcpStream,
    url: &Url,
    content_type: &str,
    body: String,
    most: usize,
) -> Result<Response, hyper::Error> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let conversation = async {
        let request = Request::post(&url[Position::BeforePath..Position::AfterQuery])
            .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
            .header(CONTENT_TYPE, content_type)
            .body(Full::new(Bytes::from(body)))
            .expect("parts of a URL");
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let (body, end) = read(response.into_body(), most).await;
        Ok(Response { status, body, end })
    };
    // The connection is driven while there is a conversation, and closed after it.
    tokio::pin!(conversation);
    tokio::select! {
        response = &mut conversation => response,
        ended = connection => match ended {
            Ok(()) => conversation.await,
            Err(error) => Err(error),
        },
    }
}

/// The first bytes of a body, and how they end.
async fn read(mut body: Incoming, most: usize) -> (Vec<u8>, End) {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return (bytes, End::BrokeOff);
        };
        bytes.extend_from_slice(frame.data_ref().map_or(&[], |data| &data[..]));
        if bytes.len() > most {
            bytes.truncate(most);
            return (bytes, End::GoesOn);
        }
    }
    (bytes, End::Whole)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    /// Every name of this machine: those in its hosts file, and some that such files have.
    fn names() -> BTreeSet<String> {
        let hosts = fs::read_to_string("/etc/hosts").unwrap_or_default();
        let lines = hosts
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default());
        let mut names: BTreeSet<String> = lines
            .flat_map(|line| line.split_whitespace().skip(1))
            .map(str::to_lowercase)
            .collect();
        names.extend(
            ["ip6-localhost", "localhost.localdomain", "payssam.invalid"].map(String::from),
        );
        let is_host = |name: &String| {
            let is_part = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
            name != LOCALHOST && name.chars().all(is_part)
        };
        names.retain(is_host);
        names
    }

    #[tokio::test]
    async fn no_name_is_looked_up_not_even_one_in_the_hosts_file() {
        for name in names() {
            let url = Url::parse(&format!("http://{name}:1/")).unwrap();
            assert_eq!(addresses(&url), None, "{name}");
            let ended = post(&url, "a/b", "c".into(), 1, &Reach::default()).await;
            assert!(matches!(ended, Err(Failure::NoConnection)), "{name}");
        }
    }

    #[tokio::test]
    async fn localhost_is_loopback_by_the_same_resolver() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = thread::spawn(move || {
            let (mut stream, from) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]).unwrap();
            stream
                .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                .unwrap();
            from
        });
        let url = Url::parse(&format!("http://localhost:{port}/")).unwrap();
        let response = post(&url, "a/b", "c".into(), 1, &Reach::default())
            .await
            .unwrap();
        assert_eq!(response.status, 204);
        assert_eq!((response.body, response.end), (Vec::new(), End::Whole));
        assert!(served.join().unwrap().ip().is_loopback());
    }
}
