//! The task that sends the callbacks of the queue.

use std::{sync::Arc, time::Duration};

use reqwest::header::CONTENT_TYPE;
use tokio::{sync::Notify, time::sleep};

use crate::{
    callback_queue::{Callback, CallbackResponse},
    state::SharedState,
};

/// The response that acknowledges a callback, byte for byte. It is written out here instead of calling
/// [`payssam::callback::acknowledge`], so that a mistake there is found.
const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// Sends what is due until the task is aborted. `changed` wakes it.
pub(crate) async fn run(http: reqwest::Client, state: SharedState, changed: Arc<Notify>) {
    loop {
        let (callback, pause) = {
            let mut state = state.lock();
            let now = state.clock.now();
            let callback = state.callbacks.take_due(now);
            let pause = state.callbacks.next_due().map(|due| {
                let pause = due.duration_since(now);
                Duration::try_from(pause).unwrap_or_default()
            });
            (callback, pause)
        };
        match (callback, pause) {
            (Some(callback), _) => {
                let response = post(&http, &callback).await;
                let mut state = state.lock();
                let now = state.clock.now();
                state.callbacks.finish(callback, &response, now);
            }
            (None, Some(pause)) => {
                tokio::select! {
                    () = changed.notified() => {}
                    () = sleep(pause) => {}
                }
            }
            (None, None) => changed.notified().await,
        }
    }
}

async fn post(http: &reqwest::Client, callback: &Callback) -> CallbackResponse {
    let post = http
        .post(callback.url.clone())
        .header(CONTENT_TYPE, "application/json;charset=UTF-8")
        .body(callback.body.clone());
    let Ok(mut response) = post.send().await else {
        return CallbackResponse {
            http_status: None,
            is_acknowledged: false,
        };
    };
    let status = response.status().as_u16();
    CallbackResponse {
        http_status: Some(status),
        is_acknowledged: status == 200 && is_acknowledgement(&mut response).await,
    }
}

/// Reads no more of the response than could acknowledge the callback.
async fn is_acknowledgement(response: &mut reqwest::Response) -> bool {
    let mut body = Vec::new();
    while body.len() <= ACKNOWLEDGEMENT.len() {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return body == ACKNOWLEDGEMENT.as_bytes(),
            Err(_) => return false,
        }
    }
    false
}
