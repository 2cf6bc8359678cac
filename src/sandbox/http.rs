//! The HTTP skin of the sandbox.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

use super::{BASE_PATH, Books, SandboxRequest, desk::Reply, lock, now};
use crate::raw::ANSWER_CAP;

/// The most that is read of one request, in bytes.
const REQUEST_CAP: usize = ANSWER_CAP;

/// Serves until the task is aborted; its connections end with it.
pub(super) async fn serve(listener: TcpListener, books: Arc<Mutex<Books>>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let books = books.clone();
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, &books));
            // A client that goes away is no concern of the sandbox.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    books: &Mutex<Books>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let whole = head.uri.path();
    let served = whole.strip_prefix(BASE_PATH);
    let Ok(body) = Limited::new(body, REQUEST_CAP).collect().await else {
        return Ok(response(Reply {
            http_status: 413,
            body: json!({
                "code": "SANDBOX_TOO_LARGE",
                "message": "the request is cut, or larger than 1 MiB",
                "data": null,
            }),
        }));
    };
    let request = SandboxRequest {
        method: head.method.to_string(),
        path: served.unwrap_or(whole).to_owned(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.to_string(), value.into_owned())
            })
            .collect(),
        body: body.to_bytes().into(),
    };
    let mut books = lock(books);
    let reply = books.desk.answer(
        &request.method,
        served.unwrap_or_default(),
        &request.body,
        now(),
    );
    books.remember(request);
    Ok(response(reply))
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body.to_string())));
    if let Ok(status) = reply.http_status.try_into() {
        *response.status_mut() = status;
    }
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    response
}
