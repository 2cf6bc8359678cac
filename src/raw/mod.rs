//! The generated requests, and the only place where one leaves the process.

mod fill;
pub(crate) mod rules;

use std::{
    borrow::Cow,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::{Bytes, BytesMut};
use generated::{API_VERSION, rules::OPERATIONS};
use jiff::fmt::rfc2822;
use reqwest::{
    Method, Request, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT},
};

#[allow(
    clippy::all,
    dead_code,
    missing_docs,
    rustdoc::all,
    unused_comparisons,
    unused_imports
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/requests.rs"));
}
pub(crate) use fill::Given;

/// The largest response that is read, in bytes.
pub(crate) const RESPONSE_LIMIT: usize = 1024 * 1024;

/// The response to a request.
pub(crate) struct Response {
    pub(crate) http_status: u16,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Result<Bytes, BodyFault>,
}

#[cfg(fuzzing)]
impl Response {
    /// A response that was read to its end.
    pub(crate) fn whole(http_status: u16, body: &[u8]) -> Self {
        Response {
            http_status,
            retry_after: None,
            body: Ok(Bytes::copy_from_slice(body)),
        }
    }
}

/// A request that is ready to be sent.
pub(crate) struct Outgoing {
    pub(crate) path: Cow<'static, str>,
    /// JSON.
    pub(crate) body: Bytes,
}

/// Why the body of a response was not read to its end.
pub(crate) enum BodyFault {
    TooLarge,
    Broken(reqwest::Error),
}

/// Why there is no response at all.
pub(crate) enum Fault {
    /// No byte of the request can have reached PaySsam.
    NotSent(reqwest::Error),
    /// PaySsam may have read the request.
    Lost(reqwest::Error),
    /// It was abandoned before a response arrived; PaySsam may have read the request.
    Abandoned,
}

/// Sends a request and reads its response. The HTTP client is behind a pointer, and so are its futures: their types
/// would be compiled into everything that holds a client or makes a call, also in the program that uses the library.
type Http = dyn Fn(Request) -> Sending + Send + Sync;
type Sending = Pin<Box<dyn Future<Output = Result<Response, Fault>> + Send>>;

/// Sends requests to one server.
#[derive(Clone)]
pub(crate) struct Client {
    http: Arc<Http>,
    base_url: Url,
    /// Of each operation under its path: to copy a URL is quicker than to parse it.
    urls: Arc<[(&'static str, Url)]>,
    headers: HeaderMap,
    /// The time limit of each request, where it is not that of `http`.
    timeout: Option<Duration>,
}

impl Client {
    /// `http` limits the time of each request.
    pub(crate) fn new(http: reqwest::Client, base_url: Url) -> Self {
        let agent = format!("payssam/{} (spec {API_VERSION})", env!("CARGO_PKG_VERSION"));
        let agent = HeaderValue::from_str(&agent).unwrap_or(HeaderValue::from_static("payssam"));
        let json = HeaderValue::from_static("application/json");
        // With room for the two that HTTP adds.
        let mut headers = HeaderMap::with_capacity(5);
        headers.insert(ACCEPT, json.clone());
        headers.insert(USER_AGENT, agent);
        headers.insert(CONTENT_TYPE, json);
        let paths = OPERATIONS.iter().map(|operation| operation.path);
        Client {
            http: Arc::new(move |request| Box::pin(execute(http.clone(), request))),
            urls: paths.map(|path| (path, url(&base_url, path))).collect(),
            base_url,
            headers,
            timeout: None,
        }
    }

    /// The same client with another time limit for each request, from its connection to the end of its response. It
    /// shares the connection pool.
    pub(crate) fn with_timeout(&self, timeout: Duration) -> Self {
        Client {
            timeout: Some(timeout),
            ..self.clone()
        }
    }

    /// Sends a request, and reads the response, whatever its status: a body that fits no schema cannot hide the
    /// HTTP status.
    pub(crate) fn send(&self, outgoing: &Outgoing) -> Sending {
        (self.http)(self.post(outgoing))
    }

    fn post(&self, outgoing: &Outgoing) -> Request {
        let known = self.urls.iter().find(|(path, _)| *path == outgoing.path);
        let url = match known {
            Some((_, url)) => url.clone(),
            None => url(&self.base_url, &outgoing.path),
        };
        let mut request = Request::new(Method::POST, url);
        *request.headers_mut() = self.headers.clone();
        *request.body_mut() = Some(outgoing.body.clone().into());
        if self.timeout.is_some() {
            *request.timeout_mut() = self.timeout;
        }
        request
    }

    /// Without a slash at its end.
    pub(crate) fn base_url(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    /// The host that the requests go to.
    pub(crate) fn server_address(&self) -> &str {
        self.base_url.host_str().unwrap_or_default()
    }

    /// The port that the requests go to.
    pub(crate) fn server_port(&self) -> u16 {
        self.base_url.port_or_known_default().unwrap_or_default()
    }
}

async fn execute(http: reqwest::Client, request: Request) -> Result<Response, Fault> {
    let response = http.execute(request).await.map_err(fault)?;
    Ok(Response {
        http_status: response.status().as_u16(),
        retry_after: retry_after(response.headers(), SystemTime::now),
        body: capped(response).await,
    })
}

/// The URL of a path behind the base URL.
fn url(base_url: &Url, path: &str) -> Url {
    let mut url = base_url.clone();
    url.set_path(&[base_url.path().trim_end_matches('/'), path].concat());
    url
}

/// Redirects are not followed, so a connection that failed is the first one.
fn fault(error: reqwest::Error) -> Fault {
    let never_left = error.is_builder() || error.is_connect();
    let error = error.without_url();
    if never_left {
        Fault::NotSent(error)
    } else {
        Fault::Lost(error)
    }
}

/// Reads `Retry-After` in both of its forms, a number of seconds and a date.
fn retry_after(headers: &HeaderMap, now: impl Fn() -> SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is as long as can be.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let since_1970 = Duration::try_from(date.as_duration()).unwrap_or_default();
    let date = UNIX_EPOCH.checked_add(since_1970)?;
    Some(date.duration_since(now()).unwrap_or_default())
}

async fn capped(mut response: reqwest::Response) -> Result<Bytes, BodyFault> {
    let announced = usize::try_from(response.content_length().unwrap_or(0));
    let Ok(announced @ ..=RESPONSE_LIMIT) = announced else {
        return Err(BodyFault::TooLarge);
    };
    let mut whole = Bytes::new();
    let mut parts = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if whole.len() + parts.len() + chunk.len() > RESPONSE_LIMIT {
            return Err(BodyFault::TooLarge);
        }
        if whole.is_empty() && parts.is_empty() {
            whole = chunk;
        } else {
            if parts.is_empty() {
                parts.reserve(announced);
            }
            parts.extend_from_slice(&std::mem::take(&mut whole));
            parts.extend_from_slice(&chunk);
        }
    }
    Ok(if parts.is_empty() {
        whole
    } else {
        parts.freeze()
    })
}

fn broken(error: reqwest::Error) -> BodyFault {
    BodyFault::Broken(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        // The beginning of 2026-11-23.
        let now = || UNIX_EPOCH + Duration::from_secs(1_795_392_000);
        for (text, expected) in [
            ("7", Some(Duration::from_secs(7))),
            ("0", Some(Duration::ZERO)),
            ("99999999999999999999", Some(Duration::from_secs(u64::MAX))),
            (
                "Mon, 23 Nov 2026 00:01:30 GMT",
                Some(Duration::from_secs(90)),
            ),
            ("Sun, 22 Nov 2026 00:00:00 GMT", Some(Duration::ZERO)),
            ("Wed, 31 Dec 1969 00:00:00 GMT", Some(Duration::ZERO)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            assert_eq!(retry_after(&headers, now), expected, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
