//! A request as the mock server received it.

use std::fmt;

use hyper::http::request::Parts;

use crate::links;

/// The path of the base URL, as PaySsam's own base URLs have it.
pub(crate) const BASE_PATH: &str = "/partner";

/// The path of a request as the log shows it: whoever knows a link can pay its bill.
pub(crate) fn shown_path(head: &Parts) -> String {
    let whole = head.uri.path();
    match whole.strip_prefix(links::PATH) {
        Some(_) => links::shown(),
        None => whole.strip_prefix(BASE_PATH).unwrap_or(whole).to_owned(),
    }
}

/// A request that the mock server received.
///
/// Headers and body have the key and whatever else was sent; `Debug` shows neither.
#[derive(Clone)]
pub struct MockRequest {
    method: String,
    path: String,
    is_behind_base: bool,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl MockRequest {
    pub(crate) fn new(head: &Parts, mut body: Vec<u8>) -> Self {
        body.shrink_to_fit();
        let whole = head.uri.path();
        let behind_base = whole.strip_prefix(BASE_PATH);
        let headers = head.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        MockRequest {
            method: head.method.to_string(),
            path: behind_base.unwrap_or(whole).to_owned(),
            is_behind_base: behind_base.is_some(),
            headers: headers.collect(),
            body,
        }
    }

    /// The HTTP method, in capitals.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path behind the base URL, such as `/bill/read`; the whole path if it does not begin with the
    /// base URL's.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of a header, by its name in lower case; the first if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether it says that its body is JSON, and nothing else.
    pub(crate) fn is_json(&self) -> bool {
        let is_content_type = |(name, _): &&(String, String)| name == "content-type";
        let mut types = self.headers.iter().filter(is_content_type);
        let media_type = types.next().and_then(|(_, value)| value.split(';').next());
        media_type
            .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
            && types.next().is_none()
    }

    /// The body as it was received.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        let headers = self.headers.iter();
        let headers = headers.map(|header| size_of_val(header) + header.0.len() + header.1.len());
        size_of_val(self)
            + self.method.len()
            + self.path.len()
            + headers.sum::<usize>()
            + self.body.len()
    }

    /// The path behind the base URL; empty for any other path.
    pub(crate) fn service_path(&self) -> &str {
        if self.is_behind_base { &self.path } else { "" }
    }

    /// The path if it does not begin with the base URL's.
    pub(crate) fn other_path(&self) -> Option<&str> {
        (!self.is_behind_base).then_some(&*self.path)
    }
}

impl fmt::Debug for MockRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
