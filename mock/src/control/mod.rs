//! The control API: what a person or a test suite in any language sees of the mock server, and does with it.

mod answer;
mod bills;
mod callbacks;
mod faults;
mod fidelity;
mod handle;
mod input;
mod world;

use axum::{
    Router,
    body::Body,
    http::{Response as HttpResponse, StatusCode},
    routing::{delete, get, post},
};

use self::answer::Refusal;
use crate::{http_response, rejection::Rejection, state::SharedState};

/// The path of all of it.
pub(crate) const PATH: &str = "/_mock";

/// What it is, for programs.
const OPENAPI: &str = include_str!("openapi.json");

pub(crate) fn router(state: SharedState) -> Router {
    Router::new()
        .route("/openapi.json", get(openapi))
        .route("/fidelity", get(fidelity::list))
        .route("/bills", get(bills::list).post(bills::add))
        .route("/bills/{bill_id}", get(bills::one))
        .route("/bills/{bill_id}/pay", post(bills::pay))
        .route("/bills/{bill_id}/expire", post(bills::expire))
        .route("/bills/{bill_id}/cancel", post(bills::cancel))
        .route("/bills/{bill_id}/paid-on-site", post(bills::paid_on_site))
        .route("/callbacks", get(callbacks::list))
        .route("/callbacks/deliver", post(callbacks::deliver))
        .route("/callbacks/hold", post(callbacks::hold))
        .route("/callbacks/duplicate", post(callbacks::duplicate))
        .route("/callbacks/reorder", post(callbacks::reorder))
        .route("/callbacks/forge", post(callbacks::forge))
        .route(
            "/faults",
            get(faults::list).post(faults::inject).delete(faults::clear),
        )
        .route("/faults/{id}", delete(faults::remove))
        .route("/clock", get(world::clock))
        .route("/clock/advance", post(world::advance))
        .route("/requests", get(world::requests))
        .route("/partners", get(world::partners))
        .route("/reset", post(world::reset))
        .route("/snapshot", get(world::snapshot))
        .route("/restore", post(world::restore))
        .route("/wait", get(world::wait))
        .route("/events", get(world::events))
        .route("/events/stream", get(world::stream))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .with_state(handle::Control::new(state))
}

async fn openapi() -> HttpResponse<Body> {
    http_response::new(StatusCode::OK, http_response::JSON, OPENAPI)
}

async fn no_such_path() -> Refusal {
    Refusal(Rejection::with_http_status(
        404,
        "MOCK_NO_SUCH_PATH",
        "the control API has nothing at this path: GET /_mock/openapi.json lists what it has",
    ))
}

async fn no_such_method() -> Refusal {
    Refusal(Rejection::with_http_status(
        405,
        "MOCK_NO_SUCH_METHOD",
        "this path takes another method: GET /_mock/openapi.json says which",
    ))
}
