//! The callback queue: which callbacks are to be sent and when, and which were sent.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use payssam::{BillId, KoreanTime};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::{callback::MockCallback, http_client::End, key::Key, recent::Recent, schedule::Scope};

/// How long the mock server waits before it sends a callback again that was not acknowledged, as PaySsam
/// does (published for version 1 of the API).
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often a callback is sent again: for a day.
pub(crate) const REPEATS: u32 = 24;

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
    /// Without the key of the partner.
    pub(crate) body: Value,
    pub(crate) bill_id: BillId,
    /// Its number, which its repeats share.
    pub(crate) id: u64,
    age: u64,
    /// Its place among those that wait: lower ones are sent first.
    pub(crate) place: u64,
    /// Whether it is sent although callbacks are held.
    pub(crate) is_released: bool,
    pub(crate) is_forged: bool,
    pub(crate) due: Timestamp,
    /// How often it was sent before.
    pub(crate) repeat: u32,
}

impl Callback {
    /// A callback that is due at this time.
    pub(crate) fn new(key: Key, url: Url, body: Value, bill_id: BillId, due: Timestamp) -> Self {
        Callback {
            key,
            server: url.origin().ascii_serialization().into(),
            url,
            body,
            bill_id,
            id: 0,
            place: 0,
            age: 0,
            is_released: false,
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
    /// The first bytes of the response.
    pub(crate) body: Vec<u8>,
    /// How many these are.
    pub(crate) bytes: usize,
    /// How they end; `None` when there was no response.
    pub(crate) end: Option<End>,
    /// How it differs from the acknowledgement.
    pub(crate) difference: Option<String>,
    /// Why there was no response.
    pub(crate) problem: Option<&'static str>,
}

/// Where a callback that is on its way goes, and since when.
struct OnItsWay {
    /// Whether nobody is interested in its response any more.
    is_forgotten: bool,
    callback: Callback,
    server: Arc<str>,
    since: Instant,
}

/// What the task that sends callbacks does next.
pub(crate) enum Next {
    Send(Box<Callback>),
    /// Nothing before this time is over, or something changes.
    Wait(Option<Duration>),
}

/// How many callbacks wait at most, unless they are those of payments.
const WAITING: usize = 10_000;

/// The callbacks that are to be sent, and those that were.
#[derive(Default)]
pub(crate) struct CallbackQueue {
    pub(crate) waiting: Vec<Callback>,
    /// Whether all are held.
    pub(crate) is_held: bool,
    /// Whose are held besides.
    pub(crate) held: Vec<Scope>,
    /// The number of the last one.
    pub(crate) last_id: u64,
    last_place: u64,
    on_their_way: HashMap<Key, OnItsWay>,
    sent: Recent<MockCallback>,
    /// How often all of this was replaced: what was on its way before is of no interest any more.
    age: u64,
    /// Which of them changed since somebody looked, if somebody does.
    pub(crate) touched: Option<HashSet<u64>>,
}

impl CallbackQueue {
    /// Gives it a number, and queues it.
    pub(crate) fn push(&mut self, mut callback: Callback) -> u64 {
        self.last_id += 1;
        callback.id = self.last_id;
        callback.age = self.age;
        self.wait(callback);
        self.last_id
    }

    fn wait(&mut self, mut callback: Callback) {
        self.last_place += 1;
        callback.place = self.last_place;
        self.touch(callback.id);
        self.waiting.push(callback);
    }

    /// Gives those that wait their places anew.
    fn place_all(&mut self) {
        for callback in std::mem::take(&mut self.waiting) {
            self.wait(callback);
        }
    }

    fn touch(&mut self, id: u64) {
        if let Some(touched) = &mut self.touched {
            touched.insert(id);
        }
    }

    /// Forgets everything, and takes these.
    pub(crate) fn replace(
        &mut self,
        waiting: Vec<Callback>,
        is_held: bool,
        held: Vec<Scope>,
        last_id: u64,
    ) {
        let age = self.age + 1;
        *self = CallbackQueue {
            waiting: waiting
                .into_iter()
                .map(|callback| Callback { age, ..callback })
                .collect(),
            is_held,
            held,
            last_id,
            age,
            touched: self.touched.take(),
            ..CallbackQueue::default()
        };
        self.place_all();
    }

    /// Forgets the callbacks of these bills.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(&Key) -> bool) {
        let (gone, stay): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|callback| is_meant(&callback.key));
        self.waiting = stay;
        gone.iter().for_each(|callback| self.touch(callback.id));
        let kept = self.sent.to_vec().into_iter();
        let mut sent = Recent::default();
        for callback in kept.filter(|callback| !is_meant(&callback.key)) {
            let bytes = callback.bytes();
            sent.push(callback, bytes);
        }
        self.sent = sent;
        for on_its_way in self.on_their_way.values_mut() {
            if is_meant(&on_its_way.callback.key) {
                on_its_way.is_forgotten = true;
            }
        }
    }

    /// Whether it was sent to a receiver that has not responded yet.
    pub(crate) fn on_its_way(&self) -> impl Iterator<Item = &Callback> {
        self.on_their_way
            .values()
            .filter(|on_its_way| !on_its_way.is_forgotten)
            .map(|on_its_way| &on_its_way.callback)
    }

    /// Makes those that wait due now, held or not; all, or those that fit. Returns how many.
    pub(crate) fn deliver(&mut self, now: Timestamp, fits: impl Fn(&Callback) -> bool) -> usize {
        let mut delivered = Vec::new();
        for callback in self.waiting.iter_mut().filter(|callback| fits(callback)) {
            callback.is_released = true;
            callback.due = callback.due.min(now);
            delivered.push(callback.id);
        }
        delivered.iter().for_each(|id| self.touch(*id));
        delivered.len()
    }

    /// Puts those of a scope that wait into this order, among the places that they have; what it does not name
    /// follows. `false` if one of them does not wait.
    pub(crate) fn reorder(&mut self, scope: &Scope, ids: &[u64]) -> bool {
        let place: HashMap<u64, usize> = ids.iter().copied().zip(0..).collect();
        let is_meant = |callback: &&Callback| scope.has(&callback.key);
        let mut meant: Vec<Callback> = self.waiting.iter().filter(is_meant).cloned().collect();
        let known = meant
            .iter()
            .filter(|callback| place.contains_key(&callback.id));
        if known.count() != ids.len() {
            return false;
        }
        meant.sort_by_key(|callback| place.get(&callback.id).copied().unwrap_or(ids.len()));
        let places = self.waiting.iter_mut();
        let places = places.filter(|callback| scope.has(&callback.key));
        places
            .zip(meant)
            .for_each(|(place, callback)| *place = callback);
        self.place_all();
        true
    }

    /// Sends those of a scope that wait in their order again. What is held for more than that stays so.
    pub(crate) fn let_go(&mut self, scope: &Scope) {
        self.is_held &= !scope.is_all();
        self.held.retain(|held| !held.is_within(scope));
    }

    /// Whether there is no room for one that no payment causes.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING
    }

    /// Whether those of a scope are held.
    pub(crate) fn holds(&self, scope: &Scope) -> bool {
        self.is_held || self.held.iter().any(|held| scope.is_within(held))
    }

    /// Whether letting those of a scope go would let any go.
    pub(crate) fn holds_within(&self, scope: &Scope) -> bool {
        let is_within = |held: &Scope| held.is_within(scope);
        self.is_held && scope.is_all() || self.held.iter().any(is_within)
    }

    /// Whether any are held, all or those of a scope.
    pub(crate) fn holds_any(&self) -> bool {
        self.is_held || !self.held.is_empty()
    }

    /// Whether it is held.
    pub(crate) fn holds_callback(&self, callback: &Callback) -> bool {
        !self.may_leave(callback)
    }

    /// The callbacks that were sent, the oldest first.
    pub(crate) fn sent(&self) -> Vec<MockCallback> {
        self.sent.to_vec()
    }

    /// Sends nothing of a scope until it is let go, or the queue is released.
    pub(crate) fn hold(&mut self, scope: &Scope) {
        if scope.is_all() {
            self.is_held = true;
        } else if !self.held.contains(scope) {
            self.held.push(scope.clone());
        }
    }

    /// Sends the callbacks that are held, the latest first.
    pub(crate) fn release(&mut self) {
        self.let_go(&Scope::default());
        self.waiting.reverse();
        self.place_all();
    }

    /// Whether nothing is being sent, and nothing is to be sent at this time.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        self.on_their_way.is_empty()
            && !self
                .waiting
                .iter()
                .any(|callback| self.may_leave(callback) && callback.due <= now)
    }

    /// Takes the first callback that may be sent now; [`finish`](CallbackQueue::finish) it once it was sent.
    pub(crate) fn next(&mut self, now: Timestamp) -> Next {
        let busy = self.busy_servers();
        let mut must_wait = false;
        let mut next_due: Option<Timestamp> = None;
        for (index, callback) in self.waiting.iter().enumerate() {
            if !self.may_leave(callback) {
                continue;
            }
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
                    callback: callback.clone(),
                    is_forgotten: false,
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

    fn may_leave(&self, callback: &Callback) -> bool {
        let is_of = |held: &Scope| held.has(&callback.key);
        callback.is_released || !(self.is_held || self.held.iter().any(is_of))
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

    /// Records the response to a callback, and queues the callback again if it was not acknowledged. `false` if nobody
    /// is interested in it any more.
    pub(crate) fn finish(
        &mut self,
        callback: Callback,
        response: CallbackResponse,
        body: (Arc<Value>, usize),
        now: Timestamp,
    ) -> bool {
        if callback.age != self.age {
            return false;
        }
        let was = self.on_their_way.remove(&callback.key);
        if was.is_some_and(|was| was.is_forgotten) {
            return false;
        }
        self.touch(callback.id);
        let sent = MockCallback {
            bill_id: callback.bill_id.clone(),
            at: KoreanTime::from_timestamp(now),
            repeat: callback.repeat,
            is_forged: callback.is_forged,
            http_status: response.http_status,
            is_acknowledged: response.is_acknowledged,
            id: callback.id,
            key: callback.key.clone(),
            url: callback.url.clone(),
            body: body.0,
            body_bytes: body.1,
            response: response.body,
            response_bytes: response.bytes,
            response_end: response.end,
            difference: response
                .difference
                .or_else(|| response.problem.map(str::to_owned)),
        };
        let bytes = sent.bytes();
        self.sent.push(sent, bytes);
        let is_last = callback.is_forged || callback.repeat == REPEATS;
        if response.is_acknowledged || is_last {
            return true;
        }
        if let Ok(due) = callback.due.checked_add(INTERVAL) {
            self.wait(Callback {
                due,
                repeat: callback.repeat + 1,
                is_released: false,
                ..callback
            });
        }
        true
    }
}
