//! The style and the script of the pages, from the binary.

use axum::{body::Body, http::HeaderMap};
use hyper::{
    Response as HttpResponse, StatusCode,
    header::{
        CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
};
use sha2::{Digest, Sha256};

use crate::http_response;

pub(super) const STYLE_PATH: &str = "/face/face.css";
pub(super) const SCRIPT_PATH: &str = "/face/face.js";
pub(super) const ICON_PATH: &str = "/face/icon.svg";

const STYLE: &str = include_str!("face.css");
const SCRIPT: &str = include_str!("face.js");
const ICON: &str = include_str!("icon.svg");

pub(super) async fn style(headers: HeaderMap) -> HttpResponse<Body> {
    file(&headers, "text/css;charset=UTF-8", STYLE)
}

pub(super) async fn script(headers: HeaderMap) -> HttpResponse<Body> {
    file(&headers, "text/javascript;charset=UTF-8", SCRIPT)
}

pub(super) async fn icon(headers: HeaderMap) -> HttpResponse<Body> {
    file(&headers, "image/svg+xml", ICON)
}

/// The file, unless the browser has it.
fn file(headers: &HeaderMap, kind: &'static str, text: &'static str) -> HttpResponse<Body> {
    let digest = Sha256::digest(text.as_bytes());
    let digits: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{digits}\"");
    let known = headers.get_all(IF_NONE_MATCH).iter();
    let is_known = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let kind = HeaderValue::from_static(kind);
    let mut response = match is_known {
        true => http_response::new(StatusCode::NOT_MODIFIED, kind, ""),
        false => http_response::new(StatusCode::OK, kind, text),
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    // The next version has the same address.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
