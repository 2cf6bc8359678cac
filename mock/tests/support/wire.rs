//! Requests byte for byte, as no HTTP library would send them.

use std::net::SocketAddr;

use payssam_mock::MockServer;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Where a mock server listens.
pub fn address(mock: &MockServer) -> SocketAddr {
    let url = mock.base_url();
    let address = url.strip_prefix("http://").unwrap();
    address.strip_suffix("/partner").unwrap().parse().unwrap()
}

/// A response.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Response {
    /// The result code of an envelope; empty for anything else.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request line, these header lines and a body. The connection is closed after the response.
pub fn request(method: &str, path: &str, headers: &[String], body: &str) -> String {
    let mut request = format!("{method} {path} HTTP/1.1\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    format!(
        "{request}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Sends these bytes, and reads until the mock server closes the connection.
pub async fn send(address: SocketAddr, bytes: &str) -> Response {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let received = String::from_utf8(received).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").expect(&received);
    let (status, headers) = head.split_once("\r\n").unwrap();
    Response {
        status: status.split(' ').nth(1).unwrap().parse().unwrap(),
        headers: headers.to_lowercase(),
        body: body.to_owned(),
    }
}
