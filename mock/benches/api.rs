//! How many calls the mock server answers in a second at 64 connections, against a bare axum with the same bodies, and
//! what a bill takes in memory: `cargo bench -p payssam-mock --bench api`.
//!
//! It fails if a kind of call is below half of the bare axum's, in the median of the pairs. A call without a body is
//! held against one that sends the same bytes and does nothing else. A call with a JSON body is held against one that
//! reads its body and writes the response, as `Json<Value>`; the figure against the first one is printed too.

use std::{
    fs,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Bytes,
    http::header::CONTENT_TYPE,
    routing::{any, get as get_route},
};
use payssam_mock::{API_KEY, MEMBER, MERCHANT, MockServer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const CONNECTIONS: usize = 64;
const PAIRS: usize = 5;
const TIME: Duration = Duration::from_secs(2);
const BILLS: usize = 20_000;
const LEAST: f64 = 0.5;

/// A kind of call: its name, whether it has a JSON body, and the bytes of the request for each bill.
type Call = (&'static str, bool, fn(usize) -> Vec<u8>);

/// Each read is kept in the history of its bill, so they come last.
const CALLS: [Call; 3] = [
    ("GET /_mock/clock", false, clock),
    ("GET /_mock/bills/{bill_id}", false, look),
    ("POST /partner/bill/read", true, read),
];

fn id(bill: usize) -> String {
    format!("2026-{bill:06}")
}

fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: HOST\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    (head + body).into_bytes()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: HOST\r\n\r\n").into_bytes()
}

fn read(bill: usize) -> Vec<u8> {
    let body = json!({"apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT, "bill": {"billId": id(bill)}});
    post("/partner/bill/read", &body.to_string())
}

fn look(bill: usize) -> Vec<u8> {
    get(&format!("/_mock/bills/{}", id(bill)))
}

fn clock(_: usize) -> Vec<u8> {
    get("/_mock/clock")
}

fn send(bill: usize) -> Vec<u8> {
    let id = id(bill);
    let hash = Sha256::digest(format!("{id},01012345678,45000"));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let bill = json!({
        "sendType": "TALK", "billId": id, "productName": "3월 수강료", "price": "45000", "memberName": "김하나",
        "phone": "01012345678", "callbackUrl": "http://127.0.0.1:9/payssam", "hash": hash,
    });
    let body = json!({"apiKey": API_KEY, "member": MEMBER, "merchant": MERCHANT, "bill": bill});
    post("/partner/bill", &body.to_string())
}

#[tokio::main]
async fn main() {
    let mock = MockServer::start().await.expect("a mock server");
    let before = resident();
    let begun = Instant::now();
    every(mock.address(), send).await;
    println!(
        "{BILLS} bills sent: {:.0} in a second, {} bytes of memory for each",
        BILLS as f64 / begun.elapsed().as_secs_f64(),
        (resident() - before) / BILLS,
    );
    let mut least = f64::INFINITY;
    for (name, has_body, request) in CALLS {
        // A bare axum that sends what the mock server sent.
        let response = response_to(mock.address(), &request(0)).await;
        let parsing = parsing(&response).await;
        let bare = bare(response).await;
        let (mut ratios, mut of_parsing) = (Vec::new(), Vec::new());
        let mut counts = [0.0; 3];
        for _ in 0..PAIRS {
            let theirs = per_second(bare, request).await;
            let ours = per_second(mock.address(), request).await;
            let theirs_parsing = per_second(parsing, request).await;
            for (sum, count) in counts.iter_mut().zip([ours, theirs, theirs_parsing]) {
                *sum += count / PAIRS as f64;
            }
            ratios.push(ours / theirs);
            of_parsing.push(ours / theirs_parsing);
        }
        let [ours, theirs, theirs_parsing] = counts;
        println!("{name}: {ours:.0} in a second");
        let median = |whose: &str, theirs: f64, mut ratios: Vec<f64>| {
            ratios.sort_by(f64::total_cmp);
            let median = ratios[PAIRS / 2];
            println!("  {theirs:.0} by {whose}: {median:.3} ({ratios:.3?})");
            median
        };
        let against_bare = median("a bare axum", theirs, ratios);
        let against_parsing = median("an axum with Json<Value>", theirs_parsing, of_parsing);
        least = least.min(match has_body {
            true => against_parsing,
            false => against_bare,
        });
    }
    assert!(least >= LEAST, "{least:.3} is below {LEAST}");
}

async fn bare(response: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let response = Bytes::from(response);
    let respond = move |_: Bytes| {
        let response = response.clone();
        async move { ([(CONTENT_TYPE, "application/json;charset=UTF-8")], response) }
    };
    let router = Router::new().fallback(any(respond));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An axum that parses what it takes, and writes what it sends.
async fn parsing(response: &[u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let response: Value = serde_json::from_slice(response).expect("JSON");
    let of_get = response.clone();
    let router = Router::new().route(
        "/{*path}",
        get_route(move || async move { Json(of_get) }).post(move |Json(_): Json<Value>| {
            let response = response.clone();
            async move { Json(response) }
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A connection that is kept alive.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    host: String,
}

impl Connection {
    async fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a connection");
        Connection {
            stream,
            buffer: Vec::new(),
            host: address.to_string(),
        }
    }

    /// Sends a request, and gives the body of the response.
    async fn call(&mut self, request: &[u8]) -> Vec<u8> {
        let request = String::from_utf8_lossy(request).replacen("HOST", &self.host, 1);
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("a connection");
        self.buffer.clear();
        loop {
            let read = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .expect("a response");
            assert_ne!(read, 0, "the connection was closed");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.split("content-length: ").nth(1).expect("a length");
            let length: usize = length
                .split("\r\n")
                .next()
                .and_then(|digits| digits.parse().ok())
                .expect("a length");
            if self.buffer.len() == end + 4 + length {
                return self.buffer.split_off(end + 4);
            }
        }
    }
}

async fn response_to(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    Connection::to(address).await.call(request).await
}

/// Makes the call once for every bill.
async fn every(address: SocketAddr, request: fn(usize) -> Vec<u8>) {
    let next = Arc::new(AtomicUsize::new(0));
    let tasks = (0..CONNECTIONS).map(|_| {
        let next = next.clone();
        tokio::spawn(async move {
            let mut connection = Connection::to(address).await;
            loop {
                let bill = next.fetch_add(1, Relaxed);
                if bill >= BILLS {
                    return;
                }
                connection.call(&request(bill)).await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("every call succeeds");
    }
}

async fn per_second(address: SocketAddr, request: fn(usize) -> Vec<u8>) -> f64 {
    let (count, is_over) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let tasks = (0..CONNECTIONS).map(|_| {
        let (count, is_over) = (count.clone(), is_over.clone());
        tokio::spawn(async move {
            let mut connection = Connection::to(address).await;
            while !is_over.load(Relaxed) {
                let bill = count.fetch_add(1, Relaxed) % BILLS;
                connection.call(&request(bill)).await;
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let begun = Instant::now();
    tokio::time::sleep(TIME).await;
    is_over.store(true, Relaxed);
    let done = count.load(Relaxed);
    let elapsed = begun.elapsed();
    for task in tasks {
        task.await.expect("every call succeeds");
    }
    done as f64 / elapsed.as_secs_f64()
}

/// The memory of this process, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("a line");
    let kibibytes: usize = line
        .split_whitespace()
        .nth(1)
        .and_then(|digits| digits.parse().ok())
        .expect("a number");
    kibibytes * 1024
}
