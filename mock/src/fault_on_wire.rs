//! What each fault looks like on the wire.

use std::time::Duration;

use axum::body::Body;
use hyper::{
    Response as HttpResponse, StatusCode,
    header::{HeaderValue, LOCATION, RETRY_AFTER},
};
use serde_json::{Number, Value};

use crate::{
    abort::Abort,
    fault::Fault,
    http_response::{self, HTML},
    response::Response,
};

/// In how many pieces a slow response is sent.
const PIECES: usize = 16;

/// Where a redirect points.
const ELSEWHERE: HeaderValue = HeaderValue::from_static("/elsewhere");

/// What a proxy sends instead of a response.
const PAGE: &str = "<!doctype html><title>Mock server</title><p>The service is not available.</p>";

/// What is sent instead of a response when a fault is injected.
pub(crate) fn distort(mut response: Response, fault: Fault) -> Result<HttpResponse<Body>, Abort> {
    Ok(match fault {
        Fault::Latency(_) => http_response::envelope(&response),
        Fault::CloseBeforeReading => return Err(Abort::reset()),
        Fault::CloseAfterReading | Fault::ApplyThenClose | Fault::InProgress(_) => {
            return Err(Abort::close());
        }
        Fault::RejectThenApply(_) => http_response::envelope(&response),
        Fault::PaddedCode => {
            if let Some(code) = response.body["code"].as_str() {
                response.body["code"] = format!(" {code}\t").into();
            }
            http_response::envelope(&response)
        }
        Fault::ApplyThenHang => return Err(Abort::hang()),
        Fault::CutResponse => {
            let mut bytes = bytes(&response, |length| length);
            bytes.truncate(bytes.len() - response.body.to_string().len() / 2);
            return Err(Abort::close_after(bytes.into()));
        }
        Fault::LyingLength => {
            let bytes = bytes(&response, |length| length / 2);
            return Err(Abort::close_after(bytes.into()));
        }
        Fault::SlowDrip(pause) => {
            let bytes = bytes(&response, |length| length);
            return Err(Abort::close_after_pieces(bytes.into(), PIECES, pause));
        }
        Fault::BadGateway { .. } => http_response::new(StatusCode::BAD_GATEWAY, HTML, PAGE),
        Fault::HtmlPage { .. } => http_response::new(StatusCode::OK, HTML, PAGE),
        Fault::EmptyResponse { .. } => HttpResponse::default(),
        Fault::ServerError { .. } => http_response::envelope(&Response {
            http_status: 500,
            ..Response::error()
        }),
        Fault::ErrorCode { .. } => http_response::envelope(&Response::error()),
        Fault::Payment001 { .. } => http_response::envelope(&Response::without_data(
            200,
            "PAYMENT_001",
            "the mock server simulates a card company that does not respond",
        )),
        Fault::TooManyRequests { retry_after } => http_response::with_header(
            http_response::envelope(&Response::without_data(
                429,
                "MOCK_TOO_MANY_REQUESTS",
                "the mock server simulates too many requests",
            )),
            RETRY_AFTER,
            whole_seconds(retry_after).into(),
        ),
        Fault::RedirectElsewhere => http_response::with_header(
            http_response::new(StatusCode::TEMPORARY_REDIRECT, HTML, PAGE),
            LOCATION,
            ELSEWHERE,
        ),
        Fault::WrongEcho => {
            if let Some(id) = response.body.pointer_mut("/data/billId") {
                *id = "another-bill".into();
            }
            http_response::envelope(&response)
        }
        Fault::MsgForMessage => {
            if let Some(object) = response.body.as_object_mut()
                && let Some(message) = object.remove("message")
            {
                object.insert("msg".into(), message);
            }
            http_response::envelope(&response)
        }
        Fault::NoApprovalNumber => {
            if let Some(data) = response.body["data"].as_object_mut() {
                data.remove("apprNum");
                data.remove("apprOriginNum");
            }
            http_response::envelope(&response)
        }
        Fault::NumbersForStrings => {
            for (_, value) in response.body["data"].as_object_mut().into_iter().flatten() {
                if let Some(number) = value.as_str().and_then(number) {
                    *value = number;
                }
            }
            http_response::envelope(&response)
        }
    })
}

/// A string of digits as a number.
fn number(text: &str) -> Option<Value> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = text.parse().ok()?;
    Some(Value::Number(Number::from(number)))
}

fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// A whole response as bytes, with the length that `claim` computes from the true one.
fn bytes(response: &Response, claim: impl FnOnce(usize) -> usize) -> Vec<u8> {
    let body = response.body.to_string();
    format!(
        "HTTP/1.1 {} Mock\r\ncontent-type: application/json;charset=UTF-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        response.http_status,
        claim(body.len())
    )
    .into_bytes()
}
