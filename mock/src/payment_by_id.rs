//! Paying a bill by its id, for programs that know the key and not the link.

use axum::body::Body;
use hyper::Response as HttpResponse;
use payssam::BillState;
use serde_json::{Value, json};

use crate::{
    http_response,
    key::Key,
    log::LogKind,
    paid_by::PaidBy,
    partner,
    rejection::Rejection,
    request::MockRequest,
    request_body::{RequestBody, text},
    response::Response,
    state::State,
    store::NotMoved,
};

/// The path, beside that of the base URL. It is no operation of PaySsam's.
pub(crate) const PATH: &str = "/pay";

/// Pays the bill that a request names as a request to PaySsam would.
pub(crate) fn respond(request: &MockRequest, state: &mut State) -> HttpResponse<Body> {
    let body = RequestBody::parse(request.body());
    let partners = &state.service.partners;
    let key = body.as_ref().ok().map(|body| body.bill_key(partners));
    let api_key = body.as_ref().map_or(&Value::Null, RequestBody::api_key);
    let response = match pay(request, api_key, key.as_ref(), state) {
        Ok(()) => Response::success(json!({})),
        Err(rejection) => Response::rejection(&rejection),
    };
    let given = api_key.as_str().filter(|key| partner::is_secret(key));
    state.log_without(given, LogKind::Request, |entry| {
        let bill_id = key.as_ref().map_or("", Key::bill_id);
        response.logged(entry.request(request.method(), PATH).bill(bill_id))
    });
    http_response::envelope(&response)
}

fn pay(
    request: &MockRequest,
    api_key: &Value,
    key: Option<&Key>,
    state: &mut State,
) -> Result<(), Rejection> {
    if request.method() != "POST" {
        return Err(Rejection::with_http_status(
            405,
            "MOCK_NOT_POST",
            "a bill is paid by a POST",
        ));
    }
    if !request.is_json() {
        return Err(Rejection::not_json());
    }
    if state.service.partners.by_key(text(api_key)).is_none() {
        return Err(Rejection {
            http_status: 403,
            ..Rejection::unknown_key()
        });
    }
    let not_found = || Rejection::with_http_status(404, "MOCK_NO_BILL", "there is no such bill");
    let key = key.ok_or_else(not_found)?;
    state
        .pay(key, PaidBy::Card)
        .map_err(|problem| match problem {
            NotMoved::NoSuchBill => not_found(),
            NotMoved::State { before, .. } => Rejection::with_http_status(
                409,
                "MOCK_NOT_UNPAID",
                format!("the bill is {before}, and must be {}", BillState::Unpaid),
            ),
            NotMoved::Expired(last) => Rejection::with_http_status(
                410,
                "MOCK_EXPIRED",
                format!("the bill expired: {last} was the last day on which it could be paid"),
            ),
        })
}
