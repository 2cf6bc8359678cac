//! The HTTP skin of the mock server, and what its faults look like over the wire.

use std::{
    error::Error as _,
    future::poll_fn,
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Number, Value};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use crate::{BASE_PATH, Books, MockRequest, abort::Abort, fault::Fault, lock, service::Reply};

/// The most that is read of one request, in bytes.
const REQUEST_CAP: usize = 1024 * 1024;

/// In how many pieces a slow answer comes.
const PIECES: usize = 16;

/// Where the links to bills lie.
pub(crate) const LINK: &str = "/pay/";

/// Where a redirect points.
const ELSEWHERE: HeaderValue = HeaderValue::from_static("/elsewhere");

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html;charset=UTF-8");

/// What a proxy puts in the place of an answer.
const PAGE: &str = "<!doctype html><title>MockServer</title><p>The service is not available.</p>";

/// Serves until the task is aborted; its connections end with it.
pub(crate) async fn serve(listener: TcpListener, books: Arc<Mutex<Books>>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(converse(stream, books.clone()));
    }
}

/// Serves one connection to its end. A client that goes away is no concern of the mock server.
async fn converse(stream: TcpStream, books: Arc<Mutex<Books>>) {
    let service = service_fn(|request| Box::pin(answer(request, &books)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let served = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    if let Err(error) = served
        && let Some(source) = error.source()
        && let Some(ending) = source.downcast_ref::<Abort>()
    {
        ending.come(stream).await;
    }
}

async fn answer(
    request: Request<Incoming>,
    books: &Arc<Mutex<Books>>,
) -> Result<Response<Full<Bytes>>, Abort> {
    let (head, body) = request.into_parts();
    let whole = head.uri.path();
    let served = whole.strip_prefix(BASE_PATH);
    let Ok(body) = Limited::new(body, REQUEST_CAP).collect().await else {
        return Ok(envelope(Reply::without_data(
            413,
            "MOCK_TOO_LARGE",
            "the request is cut, or larger than 1 MiB",
        )));
    };
    let request = MockRequest {
        method: head.method.to_string(),
        path: served.unwrap_or(whole).to_owned(),
        served: served.is_some(),
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
    if let Some(link) = request.path.strip_prefix(LINK).filter(|_| !request.served) {
        return Ok(pay(link, &request.method, &mut lock(books)));
    }
    let received = lock(books).receive(request);
    let fault = received.fault;
    let reply = match fault {
        Some(Fault::Latency(pause)) => {
            let books = books.clone();
            // A task of its own carries the request out even if the client hangs up meanwhile.
            let late = tokio::spawn(async move {
                sleep(pause).await;
                lock(&books).answer(&received)
            });
            late.await.map_err(|_| Abort::close())?
        }
        _ => lock(books).answer(&received),
    };
    match fault {
        Some(fault) => disguise(reply, fault),
        None => Ok(envelope(reply)),
    }
}

/// The page of a bill, for its payer.
fn pay(link: &str, method: &str, books: &mut Books) -> Response<Full<Bytes>> {
    let page = |status, words: &str| {
        let page =
            format!("<!doctype html><meta charset=\"utf-8\"><title>MockServer</title>{words}");
        response(status, HTML, page)
    };
    if method != "POST" {
        return page(
            StatusCode::OK,
            "<form method=\"post\"><button>Pay this bill of the mock server</button></form>",
        );
    }
    match books.pay_by_link(link) {
        Some(Ok(())) => page(StatusCode::OK, "<p>The bill is paid.</p>"),
        Some(Err(_)) => page(StatusCode::CONFLICT, "<p>The bill is not unpaid.</p>"),
        None => page(StatusCode::NOT_FOUND, "<p>There is no such bill.</p>"),
    }
}

/// What comes over the wire in the place of an answer.
fn disguise(reply: Reply, fault: Fault) -> Result<Response<Full<Bytes>>, Abort> {
    let mut reply = reply;
    Ok(match fault {
        Fault::Latency(_) => envelope(reply),
        Fault::CloseBeforeReading => return Err(Abort::reset()),
        Fault::CloseAfterReading | Fault::ApplyThenClose => return Err(Abort::close()),
        Fault::ApplyThenHang => return Err(Abort::hang()),
        Fault::CutAnswer => {
            let mut whole = written(&reply, |length| length);
            whole.truncate(whole.len() - reply.body.to_string().len() / 2);
            return Err(Abort::saying(whole.into()));
        }
        Fault::LyingLength => {
            let whole = written(&reply, |length| length / 2);
            return Err(Abort::saying(whole.into()));
        }
        Fault::SlowDrip(pause) => {
            let whole = written(&reply, |length| length);
            return Err(Abort::dripping(whole.into(), PIECES, pause));
        }
        Fault::BadGateway { .. } => response(StatusCode::BAD_GATEWAY, HTML, PAGE),
        Fault::HtmlPage { .. } => response(StatusCode::OK, HTML, PAGE),
        Fault::EmptyAnswer { .. } => Response::default(),
        Fault::ServerError { .. } => envelope(Reply {
            http_status: 500,
            ..Reply::error()
        }),
        Fault::ErrorCode { .. } => envelope(Reply::error()),
        Fault::Payment001 { .. } => envelope(Reply::without_data(
            200,
            "PAYMENT_001",
            "the mock server got no answer from the card company",
        )),
        Fault::TooManyRequests { retry_after } => with(
            envelope(Reply::without_data(
                429,
                "MOCK_TOO_MANY_REQUESTS",
                "the mock server was told to be busy",
            )),
            RETRY_AFTER,
            whole_seconds(retry_after).into(),
        ),
        Fault::RedirectElsewhere => with(
            response(StatusCode::TEMPORARY_REDIRECT, HTML, PAGE),
            LOCATION,
            ELSEWHERE,
        ),
        Fault::WrongEcho => {
            if let Some(id) = reply.body.pointer_mut("/data/billId") {
                *id = "another-bill".into();
            }
            envelope(reply)
        }
        Fault::MsgForMessage => {
            if let Some(object) = reply.body.as_object_mut()
                && let Some(message) = object.remove("message")
            {
                object.insert("msg".into(), message);
            }
            envelope(reply)
        }
        Fault::NumbersForStrings => {
            for value in reply.body["data"].as_object_mut().into_iter().flatten() {
                if let Some(number) = value.1.as_str().and_then(number) {
                    *value.1 = number;
                }
            }
            envelope(reply)
        }
    })
}

/// The number that a text of digits alone stands for.
fn number(text: &str) -> Option<Value> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = text.parse().ok()?;
    Some(Value::Number(Number::from(number)))
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// A whole answer as bytes, with the length that `claim` makes of the true one.
fn written(reply: &Reply, claim: impl FnOnce(usize) -> usize) -> Vec<u8> {
    let body = reply.body.to_string();
    format!(
        "HTTP/1.1 {} MockServer\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        reply.http_status,
        claim(body.len())
    )
    .into_bytes()
}

fn envelope(reply: Reply) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(reply.http_status).unwrap_or_default();
    response(status, JSON, reply.body.to_string())
}

fn response(
    status: StatusCode,
    content_type: HeaderValue,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    with(response, CONTENT_TYPE, content_type)
}

fn with(
    mut response: Response<Full<Bytes>>,
    name: HeaderName,
    value: HeaderValue,
) -> Response<Full<Bytes>> {
    response.headers_mut().insert(name, value);
    response
}
