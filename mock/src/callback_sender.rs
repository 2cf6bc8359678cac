//! The task that sends the callbacks of the queue.

use std::sync::Arc;

use tokio::{sync::Notify, task::JoinSet, time::sleep};

use crate::{
    acknowledgement,
    callback_queue::{Callback, CallbackResponse},
    http_client::{self, Failure},
    reach::Reach,
    state::{NextCallback, SharedState},
};

const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// The most bytes of a response that are read: far more than acknowledge a callback, so that it is seen what came instead.
const RESPONSE: usize = 1024;

/// Sends what is due until the task is aborted. `changed` wakes it.
pub(crate) async fn run(state: SharedState, changed: Arc<Notify>) {
    // They end with this task.
    let mut on_their_way = JoinSet::new();
    loop {
        while on_their_way.try_join_next().is_some() {}
        let (next, reach) = {
            let mut state = state.lock();
            (state.next_callback(), state.service.reach.clone())
        };
        match next {
            NextCallback::Send(callback) => {
                let state = state.clone();
                on_their_way.spawn(async move {
                    let (callback, body) = *callback;
                    let response = post(&callback, body, &reach).await;
                    state.lock().finish_callback(callback, response);
                });
            }
            NextCallback::Wait(Some(pause)) => {
                tokio::select! {
                    () = changed.notified() => {}
                    () = sleep(pause) => {}
                }
            }
            NextCallback::Wait(None) => changed.notified().await,
        }
    }
}

async fn post(callback: &Callback, body: String, reach: &Reach) -> CallbackResponse {
    match http_client::post(&callback.url, CONTENT_TYPE, body, RESPONSE, reach).await {
        Ok(response) => {
            let difference =
                acknowledgement::difference(response.status, &response.body, response.end);
            CallbackResponse {
                http_status: Some(response.status),
                is_acknowledged: difference.is_none(),
                bytes: response.body.len(),
                body: response.body,
                end: Some(response.end),
                difference,
                problem: None,
            }
        }
        Err(failure) => CallbackResponse {
            http_status: None,
            is_acknowledged: false,
            bytes: 0,
            body: Vec::new(),
            end: None,
            difference: None,
            problem: Some(match failure {
                Failure::NoConnection => "nobody listens there, so no callback was sent",
                Failure::NoResponse => "there was no whole response within 10 seconds",
            }),
        },
    }
}
