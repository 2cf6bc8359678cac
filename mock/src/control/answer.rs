//! Responses of the control API.

use axum::{
    body::Body,
    http::{HeaderValue, Response as HttpResponse, StatusCode, header::CACHE_CONTROL},
};
use serde::Serialize;
use serde_json::value::RawValue;

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
pub(super) fn json(value: &impl Serialize) -> HttpResponse<Body> {
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

/// Whose something is. What is nobody's has `null` in each field.
#[derive(Default, Serialize)]
pub(super) struct Owner<'k> {
    partner: Option<&'k str>,
    member: Option<&'k str>,
    merchant: Option<&'k str>,
    bill_id: Option<&'k str>,
}

impl<'k> From<&'k Key> for Owner<'k> {
    fn from(key: &'k Key) -> Self {
        Owner {
            partner: Some(key.partner()),
            member: Some(key.member()),
            merchant: Some(key.merchant()),
            bill_id: Some(key.bill_id()),
        }
    }
}

/// A request and its response, if there are any.
#[derive(Default, Serialize)]
pub(super) struct ExchangeView<'e> {
    request: Option<&'e RawValue>,
    response: Option<&'e RawValue>,
    http_status: Option<u16>,
    reason: Option<&'e str>,
}

impl<'e> From<&'e Exchange> for ExchangeView<'e> {
    fn from(exchange: &'e Exchange) -> Self {
        // What was too long to be kept is empty, and no JSON.
        let json = |text: &'e str| serde_json::from_str(text).ok();
        ExchangeView {
            request: json(&exchange.request),
            response: json(&exchange.response),
            http_status: Some(exchange.http_status),
            reason: exchange.reason.as_deref(),
        }
    }
}
