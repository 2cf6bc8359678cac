//! The pages: what a person sees of the mock server in a browser, and does with it.

mod act;
mod acts;
mod assets;
mod badge;
mod bill;
mod bills;
mod call;
mod callbacks;
mod clock;
mod exchange;
mod faults;
mod form;
mod handle;
mod language;
mod layout;
mod merchants;
pub(crate) mod payment_page;
mod policy;
mod reasons;
mod refusal;
mod requests;
mod stream;
mod token;
mod visit;
mod words;
mod written;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response as HttpResponse, header::ACCEPT},
    routing::{get, post},
};

use self::visit::Visit;
pub(crate) use self::{handle::Face, token::Token};

/// Everything but the first page, which [`first_page`] is.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(face: Face) -> Router<S> {
    Router::new()
        .route("/bill", get(bill::show))
        .route("/callbacks", get(callbacks::show))
        .route("/faults", get(faults::show))
        .route("/clock", get(clock::show))
        .route("/requests", get(requests::show))
        .route("/do/{*act}", post(acts::carry_out).fallback(acts::no_form))
        .route(stream::PATH, get(stream::events))
        .route(assets::STYLE_PATH, get(assets::style))
        .route(assets::SCRIPT_PATH, get(assets::script))
        .route(assets::ICON_PATH, get(assets::icon))
        .with_state(face)
}

/// Whether a request for the first page is of a person, and not of a program that wants JSON.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_none_or(|accepted| accepted.contains("text/html") || !accepted.contains("json"))
}

/// The bills.
pub(crate) fn first_page(face: &Face, request: Request<Body>) -> HttpResponse<Body> {
    let (head, _) = request.into_parts();
    bills::show(face, &Visit::of(&head))
}
