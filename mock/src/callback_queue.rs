//! The callback queue: which callbacks are to be sent and when, and which were sent.

use std::time::Duration;

use jiff::Timestamp;
use payssam::{BillId, KoreanTime};
use reqwest::Url;

use crate::{callback::MockCallback, recent::Recent};

/// How long the mock server waits before it sends a callback again that was not acknowledged, as PaySsam
/// does (published for version 1 of the API).
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often a callback is sent again: for a day.
const REPEATS: u32 = 24;

/// A callback that is to be sent.
#[derive(Clone)]
pub(crate) struct Callback {
    pub(crate) url: Url,
    pub(crate) body: String,
    pub(crate) bill_id: BillId,
    pub(crate) is_forged: bool,
    pub(crate) due: Timestamp,
    /// How often it was sent before.
    pub(crate) repeat: u32,
}

/// The response to a callback.
pub(crate) struct CallbackResponse {
    /// `None` when there was no response.
    pub(crate) http_status: Option<u16>,
    pub(crate) is_acknowledged: bool,
}

/// The callbacks that are to be sent, and those that were.
#[derive(Default)]
pub(crate) struct CallbackQueue {
    waiting: Vec<Callback>,
    is_held: bool,
    is_sending: bool,
    sent: Recent<MockCallback>,
}

impl CallbackQueue {
    pub(crate) fn push(&mut self, callback: Callback) {
        self.waiting.push(callback);
    }

    /// The callbacks that were sent, the oldest first.
    pub(crate) fn sent(&self) -> Vec<MockCallback> {
        self.sent.to_vec()
    }

    /// Sends nothing until the queue is released.
    pub(crate) fn hold(&mut self) {
        self.is_held = true;
    }

    /// Sends the callbacks that are held, the latest first.
    pub(crate) fn release(&mut self) {
        self.is_held = false;
        self.waiting.reverse();
    }

    /// Whether nothing is being sent, and nothing is to be sent at this time.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        !self.is_sending && (self.is_held || self.waiting.iter().all(|callback| callback.due > now))
    }

    /// Takes the first callback that is due; [`finish`](CallbackQueue::finish) it once it was sent.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Callback> {
        if self.is_held {
            return None;
        }
        let due = self.waiting.iter().position(|waits| waits.due <= now)?;
        self.is_sending = true;
        Some(self.waiting.remove(due))
    }

    /// When the next callback is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let next = self.waiting.iter().map(|callback| callback.due).min();
        next.filter(|_| !self.is_held)
    }

    /// Records the response to a callback, and queues the callback again if it was not acknowledged.
    pub(crate) fn finish(
        &mut self,
        callback: Callback,
        response: &CallbackResponse,
        now: Timestamp,
    ) {
        self.is_sending = false;
        let sent = MockCallback {
            bill_id: callback.bill_id.clone(),
            at: KoreanTime::from_timestamp(now),
            repeat: callback.repeat,
            is_forged: callback.is_forged,
            http_status: response.http_status,
            is_acknowledged: response.is_acknowledged,
        };
        let bytes = size_of_val(&sent) + sent.bill_id.as_str().len();
        self.sent.push(sent, bytes);
        let is_last = callback.is_forged || callback.repeat == REPEATS;
        if response.is_acknowledged || is_last {
            return;
        }
        if let Ok(due) = callback.due.checked_add(INTERVAL) {
            self.push(Callback {
                due,
                repeat: callback.repeat + 1,
                ..callback
            });
        }
    }
}
