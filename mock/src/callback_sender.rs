//! The task that sends the callbacks of the queue.

use std::sync::Arc;

use reqwest::header::CONTENT_TYPE;
use tokio::{sync::Notify, task::JoinSet, time::sleep};

use crate::{
    callback_queue::{Callback, CallbackResponse, Next},
    state::SharedState,
};

/// The response that acknowledges a callback, byte for byte. It is written out here instead of calling
/// [`payssam::callback::acknowledge`], so that a mistake there is found.
const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// Sends what is due until the task is aborted. `changed` wakes it.
pub(crate) async fn run(http: reqwest::Client, state: SharedState, changed: Arc<Notify>) {
    // They end with this task.
    let mut on_their_way = JoinSet::new();
    loop {
        while on_their_way.try_join_next().is_some() {}
        let next = {
            let mut state = state.lock();
            let now = state.clock.now();
            state.callbacks.next(now)
        };
        match next {
            Next::Send(callback) => {
                let (http, state) = (http.clone(), state.clone());
                on_their_way.spawn(async move {
                    let response = post(&http, &callback).await;
                    state.lock().finish_callback(*callback, &response);
                });
            }
            Next::Wait(Some(pause)) => {
                tokio::select! {
                    () = changed.notified() => {}
                    () = sleep(pause) => {}
                }
            }
            Next::Wait(None) => changed.notified().await,
        }
    }
}

async fn post(http: &reqwest::Client, callback: &Callback) -> CallbackResponse {
    let post = http
        .post(callback.url.clone())
        .header(CONTENT_TYPE, "application/json;charset=UTF-8")
        .body(callback.body.clone());
    let mut response = match post.send().await {
        Ok(response) => response,
        Err(error) => {
            return CallbackResponse {
                http_status: None,
                is_acknowledged: false,
                problem: Some(match error.is_connect() {
                    true => "nobody listens there, so no callback was sent",
                    false => "there was no whole response within 10 seconds",
                }),
            };
        }
    };
    let status = response.status().as_u16();
    CallbackResponse {
        http_status: Some(status),
        is_acknowledged: status == 200 && is_acknowledgement(&mut response).await,
        problem: None,
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
