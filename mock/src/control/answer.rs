//! Responses of the control API.

use axum::{
    body::Body,
    http::{HeaderValue, Response as HttpResponse, StatusCode, header::CACHE_CONTROL},
};
use serde_json::{Value, json};

use crate::{
    exchange::Exchange, http_response, key::Key, rejection::Rejection, response::Response,
};

/// A response, or why there is none.
pub(super) type Answer = Result<HttpResponse<Body>, Refusal>;

/// A refusal, as the response to PaySsam's own operations has it.
pub(super) struct Refusal(pub(super) Rejection);

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Refusal(rejection)
    }
}

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> HttpResponse<Body> {
        http_response::envelope(&Response::rejection(&self.0))
    }
}

/// The JSON of a success.
pub(super) fn json(value: &Value) -> HttpResponse<Body> {
    let response = http_response::new(
        StatusCode::OK,
        http_response::JSON,
        http_response::written(value),
    );
    http_response::with_header(
        response,
        CACHE_CONTROL,
        HeaderValue::from_static("no-store"),
    )
}

/// Whose something is, as fields.
pub(super) fn whose(key: &Key) -> Value {
    json!({
        "partner": key.partner(),
        "member": key.member(),
        "merchant": key.merchant(),
        "bill_id": key.bill_id(),
    })
}

/// More fields for an object.
pub(super) fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// A request and its response, as fields.
pub(super) fn of_exchange(exchange: Option<&Exchange>) -> Value {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    json!({
        "request": exchange.map_or(Value::Null, |exchange| parsed(&exchange.request)),
        "response": exchange.map_or(Value::Null, |exchange| parsed(&exchange.response)),
        "http_status": exchange.map(|exchange| exchange.http_status),
        "reason": exchange.and_then(|exchange| exchange.reason.as_deref()),
    })
}
