//! The callback queue: which callbacks are to be sent and when, and which were sent.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use payssam::{BillId, KoreanTime};
use tokio::time::Instant;
use url::Url;

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
const HEAD_START: Duration = Duration::from_millis(50);

/// A callback that is to be sent.
#[derive(Clone)]
pub(crate) struct Callback {
    /// Its bill. The callbacks of one bill are sent one after the other.
    pub(crate) key: Key,
    pub(crate) url: Url,
    server: Arc<str>,
    pub(crate) body: String,
    pub(crate) bill_id: BillId,
    pub(crate) is_forged: bool,
    pub(crate) due: Timestamp,
    /// How often it was sent before.
    pub(crate) repeat: u32,
}

impl Callback {
    /// A callback that is due at this time.
    pub(crate) fn new(key: Key, url: Url, body: String, bill_id: BillId, due: Timestamp) -> Self {
        Callback {
            key,
            server: url.origin().ascii_serialization().into(),
            url,
            body,
            bill_id,
            is_forged: false,
            due,
            repeat: 0,
        }
    }
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
    server: Arc<str>,
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
        let busy = self.busy_servers();
        let mut must_wait = false;
        let mut next_due: Option<Timestamp> = None;
        for (index, callback) in self.waiting.iter().enumerate() {
            if callback.due > now {
                next_due = Some(next_due.map_or(callback.due, |next| next.min(callback.due)));
            } else if self.on_their_way.len() < AT_ONCE
                && !busy.contains(&callback.server)
                && !self.on_their_way.contains_key(&callback.key)
            {
                let callback = self.waiting.remove(index);
                let on_its_way = OnItsWay {
                    server: callback.server.clone(),
                    since: Instant::now(),
                };
                self.on_their_way.insert(callback.key.clone(), on_its_way);
                return Next::Send(Box::new(callback));
            } else {
                must_wait = true;
            }
        }
        let until_due = |due: Timestamp| Duration::try_from(due.duration_since(now));
        let until_due = next_due.map(|due| until_due(due).unwrap_or_default());
        Next::Wait(match must_wait {
            true => Some(until_due.map_or(HEAD_START, |until_due| until_due.min(HEAD_START))),
            false => until_due,
        })
    }

    /// The servers to which no other callback may leave now.
    fn busy_servers(&self) -> Vec<Arc<str>> {
        let mut counts: HashMap<&Arc<str>, usize> = HashMap::new();
        let mut busy = Vec::new();
        for on_its_way in self.on_their_way.values() {
            let count = counts.entry(&on_its_way.server).or_default();
            *count += 1;
            if *count == AT_ONCE_TO_ONE || on_its_way.since.elapsed() < HEAD_START {
                busy.push(on_its_way.server.clone());
            }
        }
        busy
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
