//! A server on loopback that can do with a connection what no HTTP library would.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What happens after a request was read.
pub enum Action {
    /// Writes these bytes and waits for the next request on the connection. If they are not a whole
    /// response, the client waits too.
    Write(Vec<u8>),
    /// Writes these bytes and closes the connection.
    WriteAndClose(Vec<u8>),
}

type Script = dyn Fn(usize) -> Action + Send + Sync;

pub struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `script` says what to do with the first request, the second, and so on, from 0.
    pub async fn start(script: impl Fn(usize) -> Action + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Server {
            address: listener.local_addr().expect("an address"),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        let script: Arc<Script> = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script.clone(), requests.clone()));
            }
        });
        server
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections were opened, and the text of each request on them.
    pub fn received(&self) -> (usize, Vec<String>) {
        let requests = self.requests.lock().expect("no panic while it was held");
        (self.connections.load(Ordering::SeqCst), requests.clone())
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, requests: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = next_request(&mut stream).await {
        let place = {
            let mut requests = requests.lock().expect("no panic while it was held");
            requests.push(request);
            requests.len() - 1
        };
        // The client may close the connection first.
        match script(place) {
            Action::Write(bytes) => drop(stream.write_all(&bytes).await),
            Action::WriteAndClose(bytes) => {
                drop(stream.write_all(&bytes).await);
                return;
            }
        }
    }
}

/// Reads one request, head and body; `None` when the connection ends before.
async fn next_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_ascii_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A whole response with the right length.
pub fn http(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
