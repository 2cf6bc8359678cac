//! The callback queue: which callbacks are to be sent and when, and which were sent.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;
use payssam::{BillId, KoreanTime};
use reqwest::Url;
use tokio::time::Instant;

use crate::{callback::MockCallback, key::Key, recent::Recent};

/// How long the mock server waits before it sends a callback again that was not acknowledged, as PaySsam
/// does (published for version 1 of the API).
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often a callback is sent again: for a day.
const REPEATS: u32 = 24;

/// The most callbacks that are on their way at the same time, and the most of these to one server.
const AT_ONCE: usize = 256;
const AT_ONCE_TO_ONE: usize = 32;

/// How long a callback is on its way before the next one to the same server is sent. A receiver that responds
/// sooner gets its callbacks one by one, in their order.
pub(crate) const HEAD_START: Duration = Duration::from_millis(50);

/// A callback that is to be sent.
#[derive(Clone)]
pub(crate) struct Callback {
    /// Its bill. The callbacks of one bill are sent one after the other.
    pub(crate) key: Key,
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
    /// Why there was no response.
    pub(crate) problem: Option<&'static str>,
}

/// Where a callback that is on its way goes, and since when.
struct OnItsWay {
    server: String,
    since: Instant,
}

/// What the task that sends callbacks does next.
pub(crate) enum Next {
    Send(Box<Callback>),
    /// Nothing before this time is over, or something changes.
    Wait(Option<Duration>),
}

/// The callbacks that are to be sent, and those that were.
#[derive(Default)]
pub(crate) struct CallbackQueue {
    waiting: Vec<Callback>,
    is_held: bool,
    on_their_way: HashMap<Key, OnItsWay>,
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
        self.on_their_way.is_empty()
            && (self.is_held || self.waiting.iter().all(|callback| callback.due > now))
    }

    /// Takes the first callback that may be sent now; [`finish`](CallbackQueue::finish) it once it was sent.
    pub(crate) fn next(&mut self, now: Timestamp) -> Next {
        if self.is_held {
            return Next::Wait(None);
        }
        let due = |callback: &Callback| callback.due <= now;
        if let Some(first) = self
            .waiting
            .iter()
            .position(|callback| due(callback) && self.may_leave(callback))
        {
            let callback = self.waiting.remove(first);
            let on_its_way = OnItsWay {
                server: server(&callback.url),
                since: Instant::now(),
            };
            self.on_their_way.insert(callback.key.clone(), on_its_way);
            return Next::Send(Box::new(callback));
        }
        let pauses = self.waiting.iter().map(|callback| match due(callback) {
            true => HEAD_START,
            false => Duration::try_from(callback.due.duration_since(now)).unwrap_or_default(),
        });
        Next::Wait(pauses.min())
    }

    /// Whether no other callback has to leave or arrive first.
    fn may_leave(&self, callback: &Callback) -> bool {
        let server = server(&callback.url);
        let to_the_same = || {
            self.on_their_way
                .values()
                .filter(|other| other.server == server)
        };
        self.on_their_way.len() < AT_ONCE
            && !self.on_their_way.contains_key(&callback.key)
            && to_the_same().count() < AT_ONCE_TO_ONE
            && to_the_same().all(|other| other.since.elapsed() >= HEAD_START)
    }

    /// Records the response to a callback, and queues the callback again if it was not acknowledged.
    pub(crate) fn finish(
        &mut self,
        callback: Callback,
        response: &CallbackResponse,
        now: Timestamp,
    ) {
        self.on_their_way.remove(&callback.key);
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

fn server(url: &Url) -> String {
    url.origin().ascii_serialization()
}
