//! A receiver of callbacks on loopback.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Bytes, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// The response that acknowledges a callback.
pub const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// A request that was received.
#[derive(Clone)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub content_type: String,
    pub body: String,
}

pub struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// `respond` gives the HTTP status and body for the first request, the second, and so on, from 0.
    pub async fn start(
        respond: impl Fn(usize, &Received) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (list, respond) = (received.clone(), Arc::new(respond));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (list, respond) = (list.clone(), respond.clone());
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (list, respond) = (list.clone(), respond.clone());
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        let content_type = head.headers.get("content-type");
                        let request = Received {
                            method: head.method.to_string(),
                            target: head.uri.to_string(),
                            content_type: content_type
                                .map_or("", |value| value.to_str().unwrap())
                                .to_owned(),
                            body: String::from_utf8(body.into()).unwrap(),
                        };
                        let mut list = list.lock().unwrap();
                        let (status, body) = respond(list.len(), &request);
                        list.push(request);
                        let response = Response::builder().status(status);
                        Ok::<_, hyper::Error>(response.body(Full::new(Bytes::from(body))).unwrap())
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Receiver { address, received }
    }

    /// Acknowledges every request from the `from`th on, counted from 0, and rejects those before.
    pub async fn acknowledging(from: usize) -> Self {
        Receiver::start(move |position, _| match position >= from {
            true => (200, ACKNOWLEDGEMENT.to_owned()),
            false => (500, String::new()),
        })
        .await
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub fn bodies(&self) -> Vec<String> {
        self.received().into_iter().map(|one| one.body).collect()
    }
}
