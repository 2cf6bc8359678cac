//! The task that sends the callbacks of the queue.

use std::sync::Arc;

use tokio::{sync::Notify, task::JoinSet, time::sleep};

use crate::{
    callback_queue::{Callback, CallbackResponse, Next},
    http_client::{self, Failure},
    state::SharedState,
};

/// The response that acknowledges a callback, byte for byte. It is written out here instead of calling
/// [`payssam::callback::acknowledge`], so that a mistake there is found.
const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// Sends what is due until the task is aborted. `changed` wakes it.
pub(crate) async fn run(state: SharedState, changed: Arc<Notify>) {
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
                let state = state.clone();
                on_their_way.spawn(async move {
                    let response = post(&callback).await;
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

async fn post(callback: &Callback) -> CallbackResponse {
    let body = callback.body.clone();
    // No more of the response is read than could acknowledge the callback.
    let most = ACKNOWLEDGEMENT.len();
    match http_client::post(&callback.url, CONTENT_TYPE, body, most).await {
        Ok(response) => CallbackResponse {
            http_status: Some(response.status),
            is_acknowledged: response.status == 200
                && response.body.is_some_and(|body| body == ACKNOWLEDGEMENT),
            problem: None,
        },
        Err(failure) => CallbackResponse {
            http_status: None,
            is_acknowledged: false,
            problem: Some(match failure {
                Failure::NoConnection => "nobody listens there, so no callback was sent",
                Failure::NoResponse => "there was no whole response within 10 seconds",
            }),
        },
    }
}
