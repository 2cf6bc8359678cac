//! Receives the callbacks of an inspection.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    fmt::Display,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use payssam::{
    BillId, Client, Error,
    callback::{self, ApprovalCallback},
};
use tokio::{net::TcpListener, task::AbortHandle, time::sleep};

/// Verifies and acknowledges callbacks until it is dropped.
pub(super) struct Receiver {
    /// The bills whose callbacks were acknowledged.
    acknowledged: Arc<Mutex<BTreeSet<BillId>>>,
    task: AbortHandle,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub(super) async fn start(listen: &str, client: Client) -> Result<Self, Error> {
        let unavailable = |error: &dyn Display| Error::config("listen address", error);
        let address: SocketAddr = listen.parse().map_err(|_| {
            Error::invalid_input(
                "listen address",
                "it must be an IP address and a port, such as 0.0.0.0:8080",
            )
        })?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| unavailable(&error))?;
        let acknowledged: Arc<Mutex<BTreeSet<BillId>>> = Arc::default();
        let bills = acknowledged.clone();
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let (client, bills) = (client.clone(), bills.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request| respond(request, &client, &bills));
                    let connection = http1::Builder::new();
                    // If the connection breaks, the callback is sent again.
                    let _ = connection
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Receiver {
            acknowledged,
            task: task.abort_handle(),
        })
    }

    /// Whether the callback of this bill was acknowledged.
    pub(super) fn has_acknowledged(&self, id: &BillId) -> bool {
        let acknowledged = self.acknowledged.lock();
        acknowledged
            .unwrap_or_else(PoisonError::into_inner)
            .contains(id)
    }
}

async fn respond(
    request: Request<Incoming>,
    client: &Client,
    acknowledged: &Mutex<BTreeSet<BillId>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = Limited::new(request.into_body(), 1024 * 1024)
        .collect()
        .await;
    let callback = body
        .ok()
        .and_then(|body| ApprovalCallback::parse(&body.to_bytes()).ok());
    let verified = match &callback {
        Some(callback) => callback.verify(client).await.ok(),
        None => None,
    };
    let Some(approval) = verified else {
        return Ok(response(callback::retry_later()));
    };
    let mut acknowledged = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
    acknowledged.insert(approval.bill_id().clone());
    Ok(response(callback::acknowledge()))
}

fn response(to_callback: callback::Response) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(to_callback.body().as_bytes())));
    *response.status_mut() = StatusCode::from_u16(to_callback.http_status()).unwrap_or_default();
    let content_type = HeaderValue::from_static(to_callback.content_type());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
