//! The peak memory of 1,000 concurrent reads, each with a response of 1 MiB:
//! `cargo bench --bench memory` (Linux).
//!
//! The last byte of every response comes only when all the others have been sent, so that all responses
//! are in memory at the same time. The client is a process of its own; `VmHWM` is its peak.

use std::{env, fs, process::Command, sync::Arc, time::Duration};

use payssam::{BillId, Client, Credentials, RetryPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    sync::Barrier,
    task::JoinSet,
};

const CALLS: usize = 1_000;
const RESPONSE: usize = 1024 * 1024;

/// The peak may be no more than this many times the responses themselves.
const LIMIT: f64 = 1.6;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    match env::var("PAYSSAM_MEMORY_OF") {
        Ok(address) => runtime.block_on(call(&address)),
        Err(_) => runtime.block_on(measure()),
    }
}

async fn measure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener));
    let itself = env::current_exe().expect("this program");
    let child = tokio::task::spawn_blocking(move || {
        Command::new(itself)
            .env("PAYSSAM_MEMORY_OF", address.to_string())
            .output()
    });
    let ended = child.await.expect("no panic").expect("a child");
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
    let printed = String::from_utf8(ended.stdout).expect("text");
    let peak: usize = printed.trim().parse().expect("a number");
    let responses = CALLS * RESPONSE;
    let ratio = peak as f64 / responses as f64;
    println!(
        "{CALLS} concurrent reads of 1 MiB each: peak {} MiB, {ratio:.2} times the responses (limit {LIMIT})",
        peak / RESPONSE
    );
    assert!(ratio <= LIMIT);
}

async fn serve(listener: TcpListener) {
    let all_wait = Arc::new(Barrier::new(CALLS));
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(respond(stream, all_wait.clone()));
    }
}

async fn respond(mut stream: TcpStream, all_wait: Arc<Barrier>) {
    let (head, tail) = (
        r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"F","apprIssuer":""#,
        "\"}}",
    );
    let filler = "x".repeat(RESPONSE - head.len() - tail.len());
    let body = format!("{head}{filler}{tail}");
    let mut request = [0; 4096];
    assert!(stream.read(&mut request).await.expect("a request") > 0);
    let start = format!("HTTP/1.1 200 OK\r\ncontent-length: {RESPONSE}\r\n\r\n");
    let (most, last) = body.split_at(RESPONSE - 1);
    stream.write_all(start.as_bytes()).await.expect("a reader");
    stream.write_all(most.as_bytes()).await.expect("a reader");
    all_wait.wait().await;
    stream.write_all(last.as_bytes()).await.expect("a reader");
}

/// Makes the calls and prints the peak in bytes.
async fn call(address: &str) {
    let credentials = Credentials::builder()
        .api_key("key")
        .member("member")
        .merchant("merchant")
        .build()
        .expect("credentials");
    let client = Client::builder(credentials)
        .base_url(format!("http://{address}"))
        .connect_timeout(Duration::from_secs(60))
        .timeout(Duration::from_secs(120))
        .retry(RetryPolicy::off())
        .build()
        .expect("a client");
    let id = BillId::new("2024-0001").expect("a bill id");
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (client, id) = (client.clone(), id.clone());
        calls.spawn(async move { client.bills().read(&id).await.expect("a bill") });
    }
    let bills = calls.join_all().await;
    assert_eq!(bills.len(), CALLS);
    let status = fs::read_to_string("/proc/self/status").expect("the status of a Linux process");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .expect("a peak");
    println!("{}", peak.trim().parse::<usize>().expect("a number") * 1024);
}
