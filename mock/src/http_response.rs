//! HTTP responses.

use axum::body::Body;
use hyper::{
    Response as HttpResponse, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};

use serde::Serialize;

use crate::response::Response;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The content type of pages.
pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html;charset=UTF-8");

pub(crate) fn new(
    status: StatusCode,
    content_type: HeaderValue,
    body: impl Into<Bytes>,
) -> HttpResponse<Body> {
    let mut response = HttpResponse::new(Body::from(body.into()));
    *response.status_mut() = status;
    with_header(response, CONTENT_TYPE, content_type)
}

pub(crate) fn envelope(response: &Response) -> HttpResponse<Body> {
    let status = StatusCode::from_u16(response.http_status).unwrap_or_default();
    new(status, JSON, written(&response.body))
}

/// The bytes of JSON.
pub(crate) fn written(body: &impl Serialize) -> Vec<u8> {
    // Only a map whose keys are no texts cannot be written.
    serde_json::to_vec(body).unwrap_or_default()
}

pub(crate) fn with_header(
    mut response: HttpResponse<Body>,
    name: HeaderName,
    value: HeaderValue,
) -> HttpResponse<Body> {
    response.headers_mut().insert(name, value);
    response
}
