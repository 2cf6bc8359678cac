//! The page on which a payer pays a bill.

use http_body_util::Full;
use hyper::{Response as HttpResponse, StatusCode, body::Bytes};

use crate::{http_response, state::State};

/// Shows the page of the bill of a link; a POST pays the bill.
pub(crate) fn respond(link: &str, method: &str, state: &mut State) -> HttpResponse<Full<Bytes>> {
    if method != "POST" {
        return page(
            StatusCode::OK,
            "<form method=\"post\"><button>Pay this bill of the mock server</button></form>",
        );
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
    http_response::new(status, http_response::HTML, page)
}
