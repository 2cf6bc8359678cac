//! The page on which a payer pays a bill.

use axum::body::Body;
use hyper::{
    Response as HttpResponse, StatusCode,
    header::{CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS},
};

use crate::{
    http_response, key::Key, links, log::LogKind, paid_by::PaidBy, rejection::Rejection,
    request::MockRequest, response::Response, state::State, store::NotMoved,
};

type Page = HttpResponse<Body>;

/// Shows the page of the bill of a link; a POST pays the bill.
pub(crate) fn respond(link: &str, request: &MockRequest, state: &mut State) -> Page {
    let key = state.service.links.key(link).cloned();
    let (response, reason) = respond_about(key.as_ref(), request, state);
    state.log(LogKind::Request, |entry| {
        let bill_id = key.as_ref().map_or("", Key::bill_id);
        let entry = entry
            .request(request.method(), &links::shown())
            .bill(bill_id);
        let entry = entry.response(response.status().as_u16(), None);
        match reason {
            Some(reason) => entry.because(&reason),
            None => entry,
        }
    });
    response
}

/// The page, or one that says a failure, and the reason of that for the log.
fn respond_about(
    key: Option<&Key>,
    request: &MockRequest,
    state: &mut State,
) -> (Page, Option<String>) {
    if request.method() != "POST" {
        let form = "<form method=\"post\"><button>Pay this bill of the mock server</button></form>";
        return (page(StatusCode::OK, form), None);
    }
    // The button of the page posts a form. Its browser names the page as the origin, which `origin.rs`
    // has checked.
    if request.header("origin").is_none() && !request.is_json() {
        let rejection = Rejection::not_json();
        let response = http_response::envelope(&Response::rejection(&rejection));
        return (response, Some(rejection.message));
    }
    let no_such_bill = (StatusCode::NOT_FOUND, "There is no such bill.");
    let (status, text) = match key.map(|key| state.pay(key, PaidBy::Card)) {
        Some(Ok(())) => return (page(StatusCode::OK, "<p>The bill is paid.</p>"), None),
        Some(Err(NotMoved::State { .. })) => (StatusCode::CONFLICT, "The bill is not unpaid."),
        Some(Err(NotMoved::Expired(_))) => (StatusCode::GONE, "The bill expired."),
        Some(Err(NotMoved::NoSuchBill)) | None => no_such_bill,
    };
    (
        page(status, &format!("<p>{text}</p>")),
        Some(text.to_owned()),
    )
}

fn page(status: StatusCode, content: &str) -> Page {
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
