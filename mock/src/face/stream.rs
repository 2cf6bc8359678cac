//! That something happened, as server-sent events. What it was, a page asks for.

use std::{convert::Infallible, time::Duration};

use axum::{body::Body, extract::State as Shared};
use futures_util::stream;
use hyper::{Response as HttpResponse, StatusCode, body::Bytes, header::HeaderValue};
use tokio::time::sleep;

use super::{handle::Face, policy};
use crate::http_response;

pub(super) const PATH: &str = "/face/events";

/// How long a stream says nothing at most, so that a lost one is noticed.
const SILENCE: Duration = Duration::from_secs(15);

/// How long a stream is silent after it said something: what happens meanwhile is one event.
const PAUSE: Duration = Duration::from_millis(100);

/// Says the number of the last event, at once and whenever there is another.
pub(super) async fn events(Shared(face): Shared<Face>) -> HttpResponse<Body> {
    let Ok(place) = face.streams.clone().try_acquire_owned() else {
        let kind = HeaderValue::from_static("text/plain;charset=UTF-8");
        let text = "64 pages have a stream already: this one asks from time to time instead\n";
        let response = http_response::new(StatusCode::SERVICE_UNAVAILABLE, kind, text);
        return policy::apply(response);
    };
    let mut told = face.state.lock().listen();
    told.mark_changed();
    let events = stream::unfold(
        (told, place, true),
        |(mut told, place, is_first)| async move {
            if !is_first {
                sleep(PAUSE).await;
            }
            let text = tokio::select! {
                changed = told.changed() => {
                    changed.ok()?;
                    let last = *told.borrow_and_update();
                    format!("id: {last}\nevent: happened\ndata: {last}\n\n")
                }
                () = sleep(SILENCE) => ": nothing happened\n\n".to_owned(),
            };
            Some((Ok::<_, Infallible>(Bytes::from(text)), (told, place, false)))
        },
    );
    let mut response = HttpResponse::new(Body::from_stream(events));
    let kind = HeaderValue::from_static("text/event-stream;charset=UTF-8");
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, kind);
    policy::apply(response)
}
