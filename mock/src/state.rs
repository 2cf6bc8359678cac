//! All that a mock server knows, shared by its tasks and handles.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use payssam::{BillId, BillState, Error, Won};
use reqwest::Url;
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    callback_queue::{Callback, CallbackQueue},
    checks,
    clock::Clock,
    event::Event,
    fault::Fault,
    history::HistoryEntry,
    injections::Injections,
    key::Key,
    late_requests::LateRequests,
    moves,
    recent::Recent,
    request::MockRequest,
    response::Response,
    service::{Service, ServiceRequest},
    target::Target,
};

/// The state of a mock server behind a lock. Clones share it.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Mutex<State>>);

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        SharedState(Arc::new(Mutex::new(state)))
    }

    /// Locks the state. It stays usable after a panic elsewhere.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of a mock server.
pub(crate) struct State {
    pub(crate) service: Service,
    pub(crate) injections: Injections,
    pub(crate) requests: Recent<MockRequest>,
    pub(crate) callbacks: CallbackQueue,
    pub(crate) clock: Clock,
    pub(crate) late: LateRequests,
    /// Wakes the task that sends callbacks.
    changed: Arc<Notify>,
}

/// A request that was recorded, and its fault.
pub(crate) struct Received {
    request: MockRequest,
    target: Option<Target>,
    pub(crate) fault: Option<Fault>,
}

impl Received {
    fn refuses_others(&self) -> bool {
        let is_write = |target: &Target| target.operation.is_write();
        matches!(self.fault, Some(Fault::InProgress(_)))
            && self.target.as_ref().is_some_and(is_write)
    }
}

impl State {
    /// `changed` is notified whenever the callback queue or the clock changes.
    pub(crate) fn new(service: Service, changed: Arc<Notify>) -> Self {
        State {
            service,
            injections: Injections::default(),
            requests: Recent::default(),
            callbacks: CallbackQueue::default(),
            clock: Clock::default(),
            late: LateRequests::default(),
            changed,
        }
    }

    /// Records a request, and decides which fault it meets.
    pub(crate) fn receive(&mut self, request: MockRequest) -> Received {
        self.requests.push(request.clone(), request.bytes());
        let target = Target::of(request.service_path(), request.body());
        let fault = self.injections.next_fault(target.as_ref());
        Received {
            request,
            target,
            fault,
        }
    }

    /// Carries a request out, unless its fault prevents that.
    pub(crate) fn respond(&mut self, received: &Received) -> Response {
        let request = ServiceRequest {
            method: received.request.method(),
            path: received.request.service_path(),
            is_json: received.request.is_json(),
            body: received.request.body(),
            target: received.target.as_ref(),
            fault: received.fault,
        };
        let now = self.clock.korean_now();
        if self.late.refuse(received.target.as_ref()) {
            return self.service.refuse(&request, now);
        }
        match received.fault {
            Some(fault) if !fault.applies() => self.service.skip(&request, now),
            _ => self.service.respond(&request, now),
        }
    }

    /// Begins a request that is carried out later; `false` when another that is in progress refuses it.
    pub(crate) fn begin_late(&mut self, received: &Received) -> bool {
        let target = received.target.as_ref();
        if self.late.refuse(target) {
            return false;
        }
        self.late.begin(target, received.refuses_others());
        true
    }

    /// Carries out a request that was begun.
    pub(crate) fn end_late(&mut self, received: &Received) {
        let target = received.target.as_ref();
        self.late.end(target, received.refuses_others());
        self.respond(received);
    }

    /// Changes the state of a bill without a request. A payment sends the callback of the bill.
    pub(crate) fn set_bill_state(
        &mut self,
        key: &Key,
        next: BillState,
        event: Event,
    ) -> Result<(), Error> {
        let now = self.clock.korean_now();
        let store = &mut self.service.store;
        let Some(bill) = store.bill(key) else {
            return Err(Error::invalid_input(
                "bill id",
                "the mock server has no such bill of this merchant: add or send it first",
            ));
        };
        let before = bill.state().clone();
        if store.set_state(key, next.clone(), now).is_err() {
            return Err(Error::invalid_input(
                "bill state",
                format!("a bill that is {before} cannot become {next}"),
            ));
        }
        store.record(key, HistoryEntry::without_request(event, now));
        if next == BillState::Paid {
            self.queue_callback(key);
        }
        Ok(())
    }

    /// Pays the bill that a link leads to; `None` when it leads to no bill.
    pub(crate) fn pay_by_link(&mut self, name: &str) -> Option<Result<(), Error>> {
        let key = self.service.links.key(name)?.clone();
        Some(self.set_bill_state(&key, BillState::Paid, Event::Paid))
    }

    /// Queues the callback of a bill; `false` when the bill has none to send.
    pub(crate) fn queue_callback(&mut self, key: &Key) -> bool {
        let callback = self.service.callback(key);
        let Some(((url, body), bill)) = callback.zip(self.service.store.bill(key)) else {
            return false;
        };
        let callback = Callback {
            url,
            body,
            bill_id: bill.id().clone(),
            is_forged: false,
            due: self.clock.now(),
            repeat: 0,
        };
        self.callbacks.push(callback);
        self.notify();
        true
    }

    /// Queues a callback that says a bill is paid, whether that is true or not.
    pub(crate) fn queue_forged_callback(&mut self, url: Url, bill_id: BillId, price: Won) {
        let body = json!({
            "billId": bill_id.as_str(),
            "apprState": moves::letter(&BillState::Paid),
            "apprPrice": checks::digits(price),
            "apprNum": "99999999",
        });
        self.callbacks.push(Callback {
            url,
            body: body.to_string(),
            bill_id,
            is_forged: true,
            due: self.clock.now(),
            repeat: 0,
        });
        self.notify();
    }

    /// Wakes the task that sends callbacks.
    pub(crate) fn notify(&self) {
        self.changed.notify_one();
    }
}
