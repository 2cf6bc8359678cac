//! A receiver of callbacks that does not respond holds up only the callbacks of the same bill.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{
    post,
    receiver::{ACKNOWLEDGEMENT, Receiver},
    send_request,
};
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use payssam::BillId;
use payssam_mock::{MockCallback, MockServer};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::watch::{self, Sender},
    time::{sleep, timeout},
};

/// Acknowledges callbacks, but those of the bill `slow` only once it is opened.
struct SlowReceiver {
    address: SocketAddr,
    /// The bills of the callbacks, in the order in which they came.
    received: Arc<Mutex<Vec<String>>>,
    open: Sender<bool>,
}

impl SlowReceiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (open, opened) = watch::channel(false);
        let list = received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (list, opened) = (list.clone(), opened.clone());
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (list, mut opened) = (list.clone(), opened.clone());
                    async move {
                        let body = request.into_body().collect().await?.to_bytes();
                        let body: Value = serde_json::from_slice(&body).unwrap();
                        let id = body["billId"].as_str().unwrap().to_owned();
                        let is_slow = id == "slow";
                        list.lock().unwrap().push(id);
                        if is_slow {
                            opened.wait_for(|open| *open).await.unwrap();
                        }
                        Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::from(
                            ACKNOWLEDGEMENT,
                        ))))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        SlowReceiver {
            address,
            received,
            open,
        }
    }

    fn count(&self, id: &str) -> usize {
        let received = self.received.lock().unwrap();
        received.iter().filter(|received| *received == id).count()
    }
}

fn id(text: &str) -> BillId {
    BillId::new(text).unwrap()
}

async fn send_and_pay(mock: &MockServer, text: &str, url: &str) {
    post(mock, "/bill", &send_request(text, url)).await;
    mock.pay(&id(text)).unwrap();
}

/// Waits for what must happen sooner or later.
async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), wait).await.unwrap();
}

/// The bills of the callbacks that were responded to or given up.
fn finished(mock: &MockServer) -> Vec<String> {
    let callbacks = mock.callbacks();
    let id = |callback: &MockCallback| callback.bill_id().to_string();
    callbacks.iter().map(id).collect()
}

#[tokio::test]
async fn a_receiver_that_never_responds_holds_up_no_other_receiver() {
    // It never accepts, so connections are made and nothing responds.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}/hook", listener.local_addr().unwrap());
    let quick = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    for number in 0..100 {
        send_and_pay(&mock, &format!("silent-{number}"), &silent).await;
    }
    send_and_pay(&mock, "quick", &quick.url()).await;
    until(|| !finished(&mock).is_empty()).await;
    assert_eq!(finished(&mock), ["quick"]);
    assert!(mock.callbacks()[0].is_acknowledged());
    drop(listener);
}

#[tokio::test]
async fn a_slow_callback_of_one_bill_holds_up_no_other_bill_of_the_same_receiver() {
    let receiver = SlowReceiver::start().await;
    let url = format!("http://{}/hook", receiver.address);
    let mock = MockServer::start().await.unwrap();
    for text in ["slow", "a", "b"] {
        send_and_pay(&mock, text, &url).await;
    }
    until(|| finished(&mock).len() == 2).await;
    assert_eq!(finished(&mock), ["a", "b"]);
    receiver.open.send(true).unwrap();
    mock.wait_until_idle().await;
    assert_eq!(finished(&mock), ["a", "b", "slow"]);
}

#[tokio::test]
async fn the_callbacks_of_one_bill_are_sent_one_after_the_other() {
    let receiver = SlowReceiver::start().await;
    let url = format!("http://{}/hook", receiver.address);
    let mock = MockServer::start().await.unwrap();
    send_and_pay(&mock, "slow", &url).await;
    until(|| receiver.count("slow") == 1).await;
    mock.duplicate_callback(&id("slow")).unwrap();
    send_and_pay(&mock, "a", &url).await;
    until(|| finished(&mock) == ["a"]).await;
    assert_eq!(receiver.count("slow"), 1);
    receiver.open.send(true).unwrap();
    mock.wait_until_idle().await;
    assert_eq!(finished(&mock), ["a", "slow", "slow"]);
}
