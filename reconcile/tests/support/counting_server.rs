//! A server that counts how many requests it has at the same time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use payssam::{Client, Credentials};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};

/// How long a request waits for others.
const PATIENCE: Duration = Duration::from_millis(300);

/// Says of every bill that it is paid, after a moment; or fails, as long as it is overloaded.
#[derive(Clone, Default)]
pub struct CountingServer(Arc<Counts>);

#[derive(Default)]
struct Counts {
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
    gathering: AtomicUsize,
    gathered: Notify,
    is_overloaded: AtomicBool,
}

impl CountingServer {
    /// Starts it, with a client for it.
    pub async fn start() -> (Self, Client) {
        let server = CountingServer::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/partner", listener.local_addr().unwrap());
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(accepting.clone().serve(stream));
            }
        });
        let credentials = Credentials::builder()
            .api_key("the-key")
            .member("m")
            .merchant("s");
        let client = Client::builder(credentials.build().unwrap()).base_url(base_url);
        (server, client.build().unwrap())
    }

    pub fn overload(&self, is_overloaded: bool) {
        self.0.is_overloaded.store(is_overloaded, Ordering::SeqCst);
    }

    /// Lets requests wait for each other until so many are there, or some time has passed: on a busy machine too, as many as
    /// are made at the same time are seen at the same time.
    pub fn gather(&self, count: usize) {
        self.0.gathering.store(count, Ordering::SeqCst);
    }

    /// The most requests at the same time since the last call.
    pub fn most(&self) -> usize {
        self.0.most.swap(0, Ordering::SeqCst)
    }

    /// All requests so far.
    pub fn all(&self) -> usize {
        self.0.all.load(Ordering::SeqCst)
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut received = Vec::new();
        loop {
            let Some(whole) = whole_request(&received) else {
                if stream.read_buf(&mut received).await.unwrap_or(0) == 0 {
                    return;
                }
                continue;
            };
            let text = String::from_utf8(received.drain(..whole).collect()).unwrap();
            let now = self.0.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.0.most.fetch_max(now, Ordering::SeqCst);
            self.0.all.fetch_add(1, Ordering::SeqCst);
            match now >= self.0.gathering.load(Ordering::SeqCst) {
                true => self.0.gathered.notify_waiters(),
                false => drop(timeout(PATIENCE, self.0.gathered.notified()).await),
            }
            sleep(Duration::from_millis(3)).await;
            let id = text
                .split("\"billId\":\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap();
            let (status, body) = match self.0.is_overloaded.load(Ordering::SeqCst) {
                true => ("503 Service Unavailable", String::new()),
                false => (
                    "200 OK",
                    format!(
                        r#"{{"code":"0000","data":{{"billId":"{id}","apprState":"F","apprPrice":"1000"}}}}"#
                    ),
                ),
            };
            self.0.now.fetch_sub(1, Ordering::SeqCst);
            let response = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            if stream.write_all(response.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// The length of the first request, once all of it is there.
fn whole_request(received: &[u8]) -> Option<usize> {
    let text = str::from_utf8(received).unwrap();
    let (head, _) = text.split_once("\r\n\r\n")?;
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1)?.lines().next()?;
    let whole = head.len() + 4 + length.trim().parse::<usize>().unwrap();
    (received.len() >= whole).then_some(whole)
}
