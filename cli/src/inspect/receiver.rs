//! Receives the callbacks of an inspection.
//!
//! It may listen outside of loopback, so anybody may call it: it serves one path and one method, gives up
//! what never ends, and asks PaySsam only about the bills of the inspection.

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
    Method, Request, Response, StatusCode,
    body::{Body, Bytes, Incoming},
    header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use payssam::{
    BillId, Client, Error,
    callback::{self, ApprovalCallback, NotVerified},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::AbortHandle,
    time::{sleep, timeout},
};

/// The most that is read of the body of a request, in bytes: as much as a callback may have.
const BODY_LIMIT: usize = 1024 * 1024;

/// The most that is buffered of the headers of a request, in bytes.
const HEADER_LIMIT: usize = 16 * 1024;

/// How long the headers of a request may take, and how long its body.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The most connections at the same time. Further ones wait until one of these ends.
const CONNECTIONS: usize = 32;

/// Verifies and acknowledges callbacks until it is dropped.
pub(super) struct Receiver {
    callbacks: Arc<Callbacks>,
    task: AbortHandle,
}

/// Which callbacks are taken, and which of them were acknowledged.
struct Callbacks {
    client: Client,
    /// The path of the callback URL.
    path: String,
    /// The bills of the inspection.
    bills: BTreeSet<BillId>,
    /// The bills whose callbacks were acknowledged.
    acknowledged: Mutex<BTreeSet<BillId>>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// `path` is that of the callback URL; `bills` are those whose callbacks are expected.
    pub(super) async fn start(
        listen: &str,
        client: Client,
        path: String,
        bills: BTreeSet<BillId>,
    ) -> Result<Self, Error> {
        let unavailable = |error: &dyn Display| Error::config("listen address", error);
        let address: SocketAddr = listen.parse().map_err(|_| {
            Error::invalid_input(
                "listen address",
                "it must be an IP address and a port, such as 0.0.0.0:8080",
            )
        })?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|error| unavailable(&error))?;
        let callbacks = Arc::new(Callbacks {
            client,
            path,
            bills,
            acknowledged: Mutex::default(),
        });
        let task = tokio::spawn(run(listener, callbacks.clone()));
        Ok(Receiver {
            callbacks,
            task: task.abort_handle(),
        })
    }

    /// Whether the callback of this bill was acknowledged.
    pub(super) fn has_acknowledged(&self, id: &BillId) -> bool {
        let acknowledged = self.callbacks.acknowledged.lock();
        acknowledged
            .unwrap_or_else(PoisonError::into_inner)
            .contains(id)
    }
}

async fn run(listener: TcpListener, callbacks: Arc<Callbacks>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    // It fails only when the semaphore is closed, which nobody does.
    while let Ok(place) = free.clone().acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let served = serve(stream, callbacks.clone());
        tokio::spawn(async move {
            served.await;
            drop(place);
        });
    }
}

async fn serve(stream: TcpStream, callbacks: Arc<Callbacks>) {
    let service = service_fn(|request| respond(request, &callbacks));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_LIMIT)
        .max_buf_size(HEADER_LIMIT)
        // A connection that waits for its next request would keep its place.
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // If the connection breaks, the callback is sent again.
    let _ = connection.await;
}

async fn respond(
    request: Request<Incoming>,
    callbacks: &Callbacks,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() != callbacks.path {
        return Ok(refusal(StatusCode::NOT_FOUND));
    }
    if request.method() != Method::POST {
        let response = refusal(StatusCode::METHOD_NOT_ALLOWED);
        return Ok(with_header(response, ALLOW, "POST"));
    }
    let body = request.into_body();
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let body = match timeout(TIME_LIMIT, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => return Ok(refusal(StatusCode::REQUEST_TIMEOUT)),
    };
    let response = match callbacks.is_verified(&body).await {
        true => callback::acknowledge(),
        false => callback::retry_later(),
    };
    let mut to_callback = Response::new(Full::from(response.body()));
    *to_callback.status_mut() = StatusCode::from_u16(response.http_status()).unwrap_or_default();
    Ok(with_header(
        to_callback,
        CONTENT_TYPE,
        response.content_type(),
    ))
}

impl Callbacks {
    /// Whether PaySsam confirms the payment that a callback claims. There are no books here, so it is all that
    /// an acknowledgement waits for; PaySsam's own sandbox cancels payments by itself.
    async fn is_verified(&self, body: &[u8]) -> bool {
        let Ok(callback) = ApprovalCallback::parse(body) else {
            return false;
        };
        if !self.bills.contains(callback.bill_id()) {
            return false;
        }
        match callback.verify(&self.client).await {
            Ok(_) | Err(NotVerified::CancelledSince(_)) => {}
            Err(_) => return false,
        }
        let mut acknowledged = self
            .acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        acknowledged.insert(callback.bill_id().clone());
        true
    }
}

/// A response without a body to what is no callback.
fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn with_header(
    mut response: Response<Full<Bytes>>,
    name: HeaderName,
    value: &'static str,
) -> Response<Full<Bytes>> {
    let value = HeaderValue::from_static(value);
    response.headers_mut().insert(name, value);
    response
}
