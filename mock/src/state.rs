//! All that a mock server knows, shared by its tasks and handles.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use payssam::{BillId, BillState, Operation, Won};
use serde_json::json;
use tokio::sync::Notify;
use url::Url;

use crate::{
    callback_queue::{Callback, CallbackQueue, CallbackResponse},
    checks,
    clock::Clock,
    event::Event,
    fault::Fault,
    history::HistoryEntry,
    injections::Injections,
    key::Key,
    late_requests::LateRequests,
    log::{LogEntry, LogKind, LogWriter},
    loopback, moves,
    recent::Recent,
    request::MockRequest,
    response::Response,
    service::{Service, ServiceRequest},
    store::NotMoved,
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
    pub(crate) log: LogWriter,
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
    /// An entry of the log about this request.
    fn name(&self, entry: LogEntry) -> LogEntry {
        let entry = entry.request(self.request.method(), self.request.path());
        match &self.target {
            Some(target) => entry.bill(target.key.bill_id()),
            None => entry,
        }
    }

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
            log: LogWriter::default(),
            changed,
        }
    }

    /// Records a request, and decides which fault it meets.
    pub(crate) fn receive(&mut self, request: MockRequest) -> Received {
        self.requests.push(request.clone(), request.bytes());
        let target = Target::of(request.service_path(), request.body());
        let fault = self.injections.next_fault(target.as_ref());
        let received = Received {
            request,
            target,
            fault,
        };
        if let Some(fault) = fault {
            let effect = match fault.applies() {
                true => "the request is carried out",
                false => "the request is not carried out",
            };
            self.log(LogKind::Fault, |entry| {
                received.name(entry).with_fault(fault).because(effect)
            });
        }
        received
    }

    /// Writes to the log, if somebody reads it.
    pub(crate) fn log(&self, kind: LogKind, fill: impl FnOnce(LogEntry) -> LogEntry) {
        if self.log.is_read() {
            let entry = fill(LogEntry::new(kind, self.clock.korean_now()));
            self.log.write(entry, &self.service.api_key);
        }
    }

    /// Writes a request and the response to it to the log.
    pub(crate) fn log_response(&self, method: &str, path: &str, response: &Response) {
        self.log(LogKind::Request, |entry| {
            response.logged(entry.request(method, path))
        });
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
            let response = self.service.refuse(&request, now);
            self.log(LogKind::Request, |entry| {
                response.logged(received.name(entry))
            });
            return response;
        }
        if received.fault.is_some_and(|fault| !fault.applies()) {
            self.log(LogKind::Request, |entry| {
                received.name(entry).because("not carried out")
            });
            return self.service.skip(&request, now);
        }
        let response = self.service.respond(&request, now);
        self.log(LogKind::Request, |entry| {
            let entry = response.logged(received.name(entry));
            match &received.target {
                Some(target) if response.code() == Some("BILL_003") => {
                    entry.because(self.service.store.why_not_found(&target.key))
                }
                _ => entry,
            }
        });
        if let Some(target) = &received.target
            && target.operation == Operation::BillSend
            && response.code() == Some("0000")
        {
            self.log_missing_callback(&target.key);
        }
        response
    }

    /// Writes to the log that no callback is sent for a bill, if that is so.
    fn log_missing_callback(&self, key: &Key) {
        let bill = self.service.store.bill(key);
        let url = bill.and_then(|bill| bill.callback_url.as_deref());
        let Some(url) = url else {
            return;
        };
        if let Err(problem) = loopback::callback_url(url) {
            self.log(LogKind::NoCallback, |entry| {
                entry
                    .bill(key.bill_id())
                    .callback(url, None)
                    .because(problem)
            });
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
    ) -> Result<(), NotMoved> {
        let now = self.clock.korean_now();
        let store = &mut self.service.store;
        store.set_state(key, next.clone(), now)?;
        store.record(key, HistoryEntry::without_request(event, now));
        if next == BillState::Paid && !self.queue_callback(key) {
            self.log_missing_callback(key);
        }
        Ok(())
    }

    /// Pays a bill, as its payer would.
    pub(crate) fn pay(&mut self, key: &Key) -> Result<(), NotMoved> {
        self.set_bill_state(key, BillState::Paid, Event::Paid)
    }

    /// Queues the callback of a bill; `false` when the bill has none to send.
    pub(crate) fn queue_callback(&mut self, key: &Key) -> bool {
        let callback = self.service.callback(key);
        let Some(((url, body), bill)) = callback.zip(self.service.store.bill(key)) else {
            return false;
        };
        let (id, now) = (bill.id().clone(), self.clock.now());
        self.callbacks
            .push(Callback::new(key.clone(), url, body, id, now));
        self.notify();
        true
    }

    /// Queues a callback that says a bill is paid, whether that is true or not.
    pub(crate) fn queue_forged_callback(
        &mut self,
        key: Key,
        url: Url,
        bill_id: BillId,
        price: Won,
    ) {
        let body = json!({
            "billId": bill_id.as_str(),
            "apprState": moves::letter(&BillState::Paid),
            "apprPrice": checks::digits(price),
            "apprNum": "99999999",
        });
        let now = self.clock.now();
        let mut callback = Callback::new(key, url, body.to_string(), bill_id, now);
        callback.is_forged = true;
        self.callbacks.push(callback);
        self.notify();
    }

    /// Records the response to a callback.
    pub(crate) fn finish_callback(&mut self, callback: Callback, response: &CallbackResponse) {
        self.log(LogKind::Callback, |entry| {
            let entry = entry
                .bill(callback.bill_id.as_str())
                .callback(callback.url.as_str(), Some(callback.repeat))
                .acknowledged(response.http_status, response.is_acknowledged);
            match response.problem {
                Some(problem) => entry.because(problem),
                None => entry,
            }
        });
        let now = self.clock.now();
        self.callbacks.finish(callback, response, now);
        self.notify();
    }

    /// Wakes the task that sends callbacks.
    pub(crate) fn notify(&self) {
        self.changed.notify_one();
    }
}
