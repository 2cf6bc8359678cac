//! The page on which a payer pays a bill.

use http_body_util::Full;
use hyper::{
    Response as HttpResponse, StatusCode,
    body::Bytes,
    header::{CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS},
};

use crate::{
    http_response, rejection::Rejection, request::MockRequest, response::Response, state::State,
};

/// Shows the page of the bill of a link; a POST pays the bill.
pub(crate) fn respond(
    link: &str,
    request: &MockRequest,
    state: &mut State,
) -> HttpResponse<Full<Bytes>> {
    if request.method() != "POST" {
        return page(
            StatusCode::OK,
            "<form method=\"post\"><button>Pay this bill of the mock server</button></form>",
        );
    }
    // The button of the page posts a form. Its browser names the page as the origin, which `origin.rs`
    // has checked.
    if request.header("origin").is_none() && !request.is_json() {
        return http_response::envelope(&Response::rejection(&Rejection::not_json()));
    }
    match state.pay_by_link(link) {
        Some(Ok(())) => page(StatusCode::OK, "<p>The bill is paid.</p>"),
        Some(Err(_)) => page(StatusCode::CONFLICT, "<p>The bill is not unpaid.</p>"),
        None => page(StatusCode::NOT_FOUND, "<p>There is no such bill.</p>"),
    }
}

fn page(status: StatusCode, content: &str) -> HttpResponse<Full<Bytes>> {
    let page =
        format!("<!doctype html><meta charset=\"utf-8\"><title>Mock server</title>{content}");
    let mut response = http_response::new(status, http_response::HTML, page);
    for (name, value) in [
        // No other page can show this one in a frame and lead the payer to its button.
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (X_FRAME_OPTIONS, "DENY"),
        // Without referrers at all, browsers would name the origin of the form `null`.
        (REFERRER_POLICY, "same-origin"),
    ] {
        response = http_response::with_header(response, name, HeaderValue::from_static(value));
    }
    response
}
