//! Paying a bill by its id, for programs that know the key and not the link.

use http_body_util::Full;
use hyper::{Response as HttpResponse, body::Bytes};
use payssam::BillState;
use serde_json::{Value, json};

use crate::{
    http_response, key::Key, log::LogKind, rejection::Rejection, request::MockRequest,
    request_body::RequestBody, response::Response, state::State, store::NotMoved,
};

/// The path, beside that of the base URL. It is no operation of PaySsam's.
pub(crate) const PATH: &str = "/pay";

/// Pays the bill that a request names as a request to PaySsam would.
pub(crate) fn respond(request: &MockRequest, state: &mut State) -> HttpResponse<Full<Bytes>> {
    let body = RequestBody::parse(request.body());
    let key = body.as_ref().ok().map(RequestBody::bill_key);
    let api_key = body.as_ref().map_or(&Value::Null, RequestBody::api_key);
    let response = match pay(request, api_key, key.as_ref(), state) {
        Ok(()) => Response::success(json!({})),
        Err(rejection) => Response::rejection(&rejection),
    };
    state.log(LogKind::Request, |entry| {
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
    if *api_key != state.service.api_key {
        return Err(Rejection::with_http_status(
            403,
            "PARTNER_003",
            "정상적인 파트너가 아닙니다.",
        ));
    }
    let not_found = || Rejection::with_http_status(404, "MOCK_NO_BILL", "there is no such bill");
    let key = key.ok_or_else(not_found)?;
    state.pay(key).map_err(|problem| match problem {
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
