//! The HTTP client that posts callbacks and follows links to bills.

use std::{
    future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use payssam::Error;
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use crate::loopback::LOCALHOST;

/// How long the other side may take to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client that sends each request once, to where it was addressed.
pub(crate) fn new() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .dns_resolver(LoopbackOnly)
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| Error::config("http client", error))
}

/// Takes the place of the system's resolver, so that no name is looked up, in the hosts file or elsewhere.
struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        // Port 0 is replaced by that of the URL.
        let addresses = addresses.map(|address| SocketAddr::new(address, 0));
        let resolved = match name.as_str().eq_ignore_ascii_case(LOCALHOST) {
            true => Ok(Box::new(addresses.into_iter()) as Addrs),
            false => Err("the mock server looks up no name but localhost".into()),
        };
        Box::pin(future::ready(resolved))
    }
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

    /// The text of an error with all its sources.
    fn whole(error: &dyn std::error::Error) -> String {
        let source = error.source().map(whole).unwrap_or_default();
        format!("{error}: {source}")
    }

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
        let client = new().unwrap();
        for name in names() {
            let error = client
                .get(format!("http://{name}:1/"))
                .send()
                .await
                .unwrap_err();
            let text = whole(&error);
            assert!(
                text.contains("the mock server looks up no name"),
                "{name}: {text}"
            );
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
        let client = new().unwrap();
        let response = client.get(format!("http://localhost:{port}/")).send().await;
        assert_eq!(response.unwrap().status(), 204);
        assert!(served.join().unwrap().ip().is_loopback());
    }
}
