//! All that a mock server knows, shared by its tasks and handles.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use jiff::civil::Date;
use parking_lot::{Mutex, MutexGuard};
use payssam::{BillId, BillState, KoreanTime, Operation, Won};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use url::Url;

use crate::{
    bill::MockBill,
    callback_queue::{Callback, CallbackQueue, CallbackResponse, Next},
    checks,
    clock::{self, Clock},
    event::Event,
    exchange::Exchange,
    fault::Fault,
    history::{CallbackEntry, HistoryEntry},
    injections::Injections,
    journal::{Journal, What},
    key::Key,
    late_requests::LateRequests,
    log::{LogEntry, LogKind, LogWriter},
    masked::{Masked, masked},
    memory::{Change, Memory},
    moves,
    paid_by::PaidBy,
    partner,
    receipt::MockReceipt,
    recent::Recent,
    rejection::Rejection,
    request::MockRequest,
    request_body::RequestBody,
    response::Response,
    saved::{
        Problem, SavedBill, SavedCallback, SavedCallbackEntry, SavedEntry, SavedFault, SavedKey,
        SavedReceipt, SavedScope, SavedWorld, Snapshot, Taken,
    },
    schedule::{Schedule, Scope},
    service::{Service, ServiceRequest},
    store::{NotAdded, NotMoved, Store, Touched},
    target::Target,
    wish::{self, BillWish},
};

/// How long a state file is left alone that did not take what was to be in it.
const RETRY: Duration = Duration::from_secs(1);

/// The state of a mock server behind a lock. Clones share it.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Whether something was not in the state file when the state was unlocked last.
    was_behind: AtomicBool,
}

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        SharedState(Arc::new(Shared {
            was_behind: AtomicBool::new(state.is_behind()),
            state: Mutex::new(state),
        }))
    }

    /// Locks the state. It stays usable after a panic elsewhere.
    pub(crate) fn lock(&self) -> StateGuard<'_> {
        StateGuard {
            state: self.0.state.lock(),
            was_behind: &self.0.was_behind,
        }
    }

    /// Whether something is not in the state file that should be, after it was tried once more.
    pub(crate) fn is_behind(&self) -> bool {
        let was_behind = || self.0.was_behind.load(SeqCst);
        if was_behind() {
            drop(self.lock());
        }
        was_behind()
    }
}

/// The locked state. What changed is saved, and told to those who wait, before it is unlocked.
pub(crate) struct StateGuard<'s> {
    state: MutexGuard<'s, State>,
    was_behind: &'s AtomicBool,
}

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        self.state.save();
        let is_behind = self.state.is_behind();
        self.was_behind.store(is_behind, SeqCst);
        // What is not in the state file may be forgotten, so nobody is told of it.
        if !is_behind {
            self.state.journal.tell();
        }
    }
}

/// The state of a mock server.
pub(crate) struct State {
    pub(crate) service: Service,
    injections: Injections,
    pub(crate) requests: Recent<Arc<MockRequest>>,
    pub(crate) callbacks: CallbackQueue,
    pub(crate) clock: Clock,
    pub(crate) late: LateRequests,
    pub(crate) log: LogWriter,
    pub(crate) journal: Journal,
    /// The world at the start, which a reset brings back.
    start: Value,
    /// Member and merchant of a bill for which nobody says another.
    pub(crate) default_merchant: (String, String),
    memory: Option<Memory>,
    /// When the state file was last found not to take what is to be in it.
    behind_since: Option<Instant>,
    /// The last row about the world that was saved.
    saved_world: String,
    /// Wakes the task that sends callbacks.
    changed: Arc<Notify>,
}

/// A request that was recorded, and its fault.
pub(crate) struct Received {
    request: Arc<MockRequest>,
    body: Result<RequestBody, String>,
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

    /// The key of the request, if somebody could take it for a secret.
    fn given_key(&self) -> Option<&str> {
        let key = self.body.as_ref().ok()?.api_key().as_str()?;
        partner::is_secret(key).then_some(key)
    }
}

/// What the task that sends callbacks does next.
pub(crate) enum NextCallback {
    /// A callback, and its body.
    Send(Box<(Callback, String)>),
    /// Nothing before this time is over, or something changes.
    Wait(Option<Duration>),
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
            journal: Journal::default(),
            start: Value::Null,
            default_merchant: Default::default(),
            memory: None,
            behind_since: None,
            saved_world: String::new(),
            changed,
        }
    }

    /// Records a request with its body, and decides which fault it meets.
    pub(crate) fn receive(
        &mut self,
        request: Arc<MockRequest>,
        body: serde_json::Result<RequestBody>,
    ) -> Received {
        self.requests.push(request.clone(), request.bytes());
        let body = body.map_err(|error| error.to_string());
        let target = Target::of(
            request.service_path(),
            body.as_ref().ok(),
            &self.service.partners,
        );
        let fault = self
            .injections
            .next_fault(target.as_ref(), self.clock.now());
        let received = Received {
            request,
            body,
            target,
            fault,
        };
        if let Some(fault) = fault {
            let effect = match fault.applies() {
                true => "the request is carried out",
                false => "the request is not carried out",
            };
            self.log_about(&received, LogKind::Fault, |entry| {
                received.name(entry).with_fault(fault).because(effect)
            });
        }
        received
    }

    /// Writes to the log, if somebody reads it.
    pub(crate) fn log(&self, kind: LogKind, fill: impl FnOnce(LogEntry) -> LogEntry) {
        self.log_without(None, kind, fill);
    }

    fn log_about(
        &self,
        received: &Received,
        kind: LogKind,
        fill: impl FnOnce(LogEntry) -> LogEntry,
    ) {
        self.log_without(received.given_key(), kind, fill);
    }

    /// Writes to the log, without this key, which may be one that nobody has.
    pub(crate) fn log_without(
        &self,
        key: Option<&str>,
        kind: LogKind,
        fill: impl FnOnce(LogEntry) -> LogEntry,
    ) {
        if self.log.is_read() {
            let entry = fill(LogEntry::new(kind, self.clock.korean_now()));
            let keys: Vec<&str> = self.service.partners.secrets().chain(key).collect();
            self.log.write(entry, &keys);
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
            body: received.body.as_ref().map_err(String::as_str),
            target: received.target.as_ref(),
        };
        let now = self.clock.korean_now();
        let mut reason = None;
        let (response, event) = if self.late.refuse(received.target.as_ref()) {
            let (response, event) = Service::refuse();
            self.log_about(received, LogKind::Request, |entry| {
                response.logged(received.name(entry))
            });
            (response, event)
        } else if received.fault.is_some_and(|fault| !fault.applies()) {
            self.log_about(received, LogKind::Request, |entry| {
                received.name(entry).because("not carried out")
            });
            reason = Some("a fault kept it from being carried out".to_owned());
            Service::skip()
        } else {
            let (response, event) = self.service.respond(&request, now);
            if let Some(target) = &received.target
                && response.code() == Some("BILL_003")
            {
                reason = Some(self.service.store.why_not_found(&target.key).to_owned());
            }
            self.log_about(received, LogKind::Request, |entry| {
                let entry = response.logged(received.name(entry));
                match &reason {
                    Some(reason) => entry.because(reason),
                    None => entry,
                }
            });
            (response, event)
        };
        self.record(received, &response, event, reason);
        if let Some(target) = &received.target
            && target.operation == Operation::BillSend
            && response.code() == Some("0000")
        {
            self.log_missing_callback(&target.key.clone());
        }
        response
    }

    /// Adds a request to the journal, and to the history of its bill.
    fn record(
        &mut self,
        received: &Received,
        response: &Response,
        event: Event,
        reason: Option<String>,
    ) {
        let now = self.clock.korean_now();
        let partners = &self.service.partners;
        let keys: Vec<&str> = partners.secrets().chain(received.given_key()).collect();
        let body = received.body.as_ref().ok();
        let written =
            |body| serde_json::to_string(&Masked { body, keys: &keys }).unwrap_or_default();
        let request = body.map(|body| written(body.json()));
        let without_keys = |text: &str| partner::without(text, keys.iter().copied());
        let reason = reason.or_else(|| response.reason.clone());
        let exchange = Arc::new(Exchange::new(
            request,
            written(&response.body),
            response.http_status,
            // What it quotes was masked where it was said, so that nothing of the sentence itself is.
            reason.map(|reason| payssam::redact::escape(&without_keys(&reason))),
        ));
        let cut = |text: String| text.chars().take(200).collect::<String>().into_boxed_str();
        let what = What::Request {
            method: cut(payssam::redact::shown(&without_keys(
                received.request.method(),
            ))),
            path: cut(payssam::redact::shown(&without_keys(
                received.request.path(),
            ))),
            operation: received.target.as_ref().map(|target| target.operation),
            code: response.code().map(Into::into),
            fault: received.fault,
            exchange: exchange.clone(),
        };
        let Some(target) = &received.target else {
            self.journal.push(now, None, what);
            return;
        };
        let known = partners.by_name(target.key.partner());
        let key = known.map(|_| target.key.clone());
        let number = self.journal.push(now, key.clone(), what);
        let Some(key) = key else {
            return;
        };
        let entry = HistoryEntry {
            at: now,
            event,
            operation: Some(target.operation),
            fault: received.fault,
            number,
            exchange: Some(exchange),
        };
        if entry.event.changes_the_bill() && self.service.store.bill(&key).is_some() {
            self.tell_bill(&key, entry.event.clone());
        }
        self.service.store.record(&key, entry);
    }

    /// Adds what happened to a bill to the journal.
    fn tell_bill(&mut self, key: &Key, event: Event) -> u64 {
        let bill = self.service.store.bill(key);
        let what = What::Bill(event, bill.map(|bill| bill.state().clone()));
        self.journal
            .push(self.clock.korean_now(), Some(key.clone()), what)
    }

    /// Adds something that happened without a request to the history of a bill.
    fn record_without_request(&mut self, key: &Key, event: Event) {
        let number = self.tell_bill(key, event.clone());
        let entry = HistoryEntry {
            number,
            ..HistoryEntry::without_request(event, self.clock.korean_now())
        };
        self.service.store.record(key, entry);
    }

    /// Writes to the log that no callback is sent for a bill, if that is so.
    fn log_missing_callback(&self, key: &Key) {
        let bill = self.service.store.bill(key);
        let url = bill.and_then(|bill| bill.callback_url.as_deref());
        let Some(url) = url else {
            return;
        };
        if let Err(problem) = self.service.reach.callback_url(url) {
            self.log(LogKind::NoCallback, |entry| {
                entry
                    .bill(key.bill_id())
                    .callback(url, None)
                    .because(problem)
            });
        }
    }

    /// Begins a request that is carried out later, and gives its number; `None` when another that is in progress refuses it.
    pub(crate) fn begin_late(&mut self, received: &Received) -> Option<u64> {
        let target = received.target.as_ref();
        if self.late.refuse(target) {
            return None;
        }
        let has_client = matches!(received.fault, Some(Fault::Latency(_)));
        let refuses_others = received.refuses_others();
        Some(self.late.begin(target, refuses_others, has_client))
    }

    /// Carries out a request that was begun, unless it came for a world that is gone.
    pub(crate) fn end_late(&mut self, number: u64, received: &Received) -> Option<Response> {
        self.late.end(number).then(|| self.respond(received))
    }

    /// Adds an unpaid bill without a request.
    pub(crate) fn add_bill(&mut self, key: &Key, bill: MockBill) -> Result<(), NotAdded> {
        let bill = match bill.callback_url.as_deref() {
            Some(url) => {
                let is_called_back = self.service.reach.callback_url(url).is_ok();
                MockBill {
                    is_called_back,
                    ..bill
                }
            }
            None => bill,
        };
        self.service.store.can_add(key, &bill)?;
        let link = self.service.links.add(key.clone());
        let bill = MockBill {
            link: Some(link.into()),
            ..bill
        };
        self.service.store.add(key.clone(), bill)?;
        self.record_without_request(key, Event::Added);
        Ok(())
    }

    /// Adds a bill as somebody wishes it. No callback is sent for one that is paid from the start.
    pub(crate) fn add_wish(&mut self, wish: &BillWish) -> Result<Key, Rejection> {
        let invalid = |problem: String| Rejection::with_http_status(400, "MOCK_INVALID", problem);
        if let Some(url) = &wish.callback_url {
            checks::callback_url(url).map_err(|rejection| Rejection {
                http_status: 400,
                message: "callback_url must have no user and no password".to_owned(),
                ..rejection
            })?;
        }
        let now = self.clock.korean_now();
        let (today, last) = (clock::day(now), wish.expires_on);
        if let Some(last) = last.filter(|last| *last < today && wish.is_paid()) {
            return Err(invalid(format!(
                "a bill that expired on {last} cannot be paid: expires_on must be {today} or later"
            )));
        }
        let key = self.key_of(&wish.scope(), wish.bill_id.as_str());
        let key = key.map_err(invalid)?;
        let bill = wish.bill(self.service.partners.secrets());
        self.add_bill(&key, bill).map_err(|problem| Rejection {
            http_status: match problem {
                NotAdded::IdTaken => 409,
                NotAdded::Full => 507,
            },
            ..problem.into()
        })?;
        let steps: &[(BillState, Event)] = match wish.state {
            BillState::Paid => &[(BillState::Paid, Event::Paid)],
            BillState::Cancelled => &[
                (BillState::Paid, Event::Paid),
                (BillState::Cancelled, Event::Cancelled),
            ],
            BillState::Destroyed => &[(BillState::Destroyed, Event::Destroyed)],
            _ => &[],
        };
        for (next, event) in steps {
            let moved = self.service.store.set_state(&key, next.clone(), now);
            moved.map_err(|problem| invalid(payssam::Error::from(problem).to_string()))?;
            self.record_without_request(&key, event.clone());
        }
        Ok(key)
    }

    /// The key of a bill with this id; what is not given of the scope is the first one that fits.
    pub(crate) fn key_of(&self, scope: &Scope, bill_id: &str) -> Result<Key, Problem> {
        let (member, merchant) = &self.default_merchant;
        wish::key_of(scope, bill_id, &self.service.partners, (member, merchant))
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
        if event == Event::PaidOnSite
            && let Some(bill) = store.bill_mut(key)
        {
            bill.is_paid_on_site = true;
        }
        self.record_without_request(key, event);
        if next == BillState::Paid && !self.queue_callback(key) {
            self.log_missing_callback(key);
        }
        Ok(())
    }

    /// Pays a bill, as its payer would.
    pub(crate) fn pay(&mut self, key: &Key, by: PaidBy) -> Result<(), NotMoved> {
        if let Some(bill) = self.service.store.bill_mut(key)
            && *bill.state() == BillState::Unpaid
        {
            bill.paid_by = by;
        }
        self.set_bill_state(key, BillState::Paid, Event::Paid)
    }

    /// Moves the last day of an unpaid bill to yesterday.
    pub(crate) fn expire(&mut self, key: &Key) -> Result<(), NotMoved> {
        let today: Date = clock::day(self.clock.korean_now());
        let bill = self
            .service
            .store
            .bill_mut(key)
            .ok_or(NotMoved::NoSuchBill)?;
        if *bill.state() != BillState::Unpaid {
            return Err(NotMoved::State {
                before: bill.state().clone(),
                next: BillState::Unpaid,
            });
        }
        if let Some(last) = bill.last_day.filter(|last| *last < today) {
            return Err(NotMoved::Expired(last));
        }
        bill.last_day = Some(today.yesterday().unwrap_or(today));
        self.record_without_request(key, Event::Expired);
        Ok(())
    }

    /// Queues the callback of a bill; `false` when the bill has none to send.
    pub(crate) fn queue_callback(&mut self, key: &Key) -> bool {
        let callback = self.service.callback(key);
        let Some(((url, body), bill)) = callback.zip(self.service.store.bill(key)) else {
            return false;
        };
        let (id, now) = (bill.id().clone(), self.clock.now());
        self.queue(Callback::new(key.clone(), url, body, id, now));
        true
    }

    fn queue(&mut self, callback: Callback) -> u64 {
        let (key, repeat) = (callback.key.clone(), callback.repeat);
        let id = self.callbacks.push(callback);
        let at = self.clock.korean_now();
        let what = What::CallbackQueued(id);
        let entry = CallbackEntry {
            at,
            number: self.journal.push(at, Some(key.clone()), what),
            id,
            repeat,
            is_acknowledged: None,
        };
        self.service.store.record_callback(&key, entry);
        self.notify();
        id
    }

    /// Queues a callback that says a bill is paid, whether that is true or not. Returns its number.
    pub(crate) fn queue_forged_callback(
        &mut self,
        key: Key,
        url: Url,
        bill_id: BillId,
        price: Won,
    ) -> u64 {
        let body = json!({
            "billId": bill_id.as_str(),
            "apprState": moves::letter(&BillState::Paid),
            "apprPrice": checks::digits(price),
            "apprNum": "99999999",
        });
        let now = self.clock.now();
        let mut callback = Callback::new(key, url, body, bill_id, now);
        callback.is_forged = true;
        self.queue(callback)
    }

    /// What the task that sends callbacks does next.
    ///
    /// PaySsam's own callbacks sometimes have the key and sometimes do not (observed). These have
    /// it, because a receiver must never show it. Forged ones have none.
    pub(crate) fn next_callback(&mut self) -> NextCallback {
        if self.is_behind() {
            return NextCallback::Wait(Some(RETRY));
        }
        match self.callbacks.next(self.clock.now()) {
            Next::Wait(time) => NextCallback::Wait(time),
            Next::Send(callback) => {
                let body = self.callback_body(&callback).to_string();
                NextCallback::Send(Box::new((*callback, body)))
            }
        }
    }

    /// The body of a callback with the key of its partner.
    pub(crate) fn callback_body(&self, callback: &Callback) -> Value {
        let mut body = callback.body.clone();
        let partner = self.service.partners.by_name(callback.key.partner());
        if let Some(partner) = partner.filter(|_| !callback.is_forged)
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("apiKey".to_owned(), partner.api_key.as_str().into());
        }
        body
    }

    /// Records the response to a callback.
    pub(crate) fn finish_callback(&mut self, callback: Callback, mut response: CallbackResponse) {
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
        let body = self.callback_body(&callback);
        let bytes = body.to_string().len();
        let keys: Vec<&str> = self.service.partners.secrets().collect();
        let shown = Arc::new(masked(&body, &keys));
        // The receiver may echo what it was sent.
        let text = String::from_utf8_lossy(&response.body);
        response.body = partner::without_in_cut(&text, &keys).into_bytes();
        let (key, id, repeat) = (callback.key.clone(), callback.id, callback.repeat);
        let is_acknowledged = response.is_acknowledged;
        let now = self.clock.now();
        let is_of_now = self
            .callbacks
            .finish(callback, response, (shown, bytes), now);
        let what = What::CallbackSent {
            id,
            is_acknowledged,
        };
        let at = KoreanTime::from_timestamp(now);
        let number = self.journal.push(at, Some(key.clone()), what);
        if is_of_now {
            let entry = CallbackEntry {
                at,
                number,
                id,
                repeat,
                is_acknowledged: Some(is_acknowledged),
            };
            self.service.store.record_callback(&key, entry);
        }
        self.notify();
    }

    /// Wakes the task that sends callbacks.
    pub(crate) fn notify(&self) {
        self.changed.notify_one();
    }

    /// Adds something to the journal.
    pub(crate) fn tell(&mut self, key: Option<Key>, what: What) {
        self.journal.push(self.clock.korean_now(), key, what);
    }

    /// Adds something about those of a scope to the journal.
    pub(crate) fn tell_scope(&mut self, scope: &Scope, what: What) {
        let now = self.clock.korean_now();
        self.journal.push_of(now, None, scope.clone(), what);
    }

    /// Who waits for what happens next.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.journal.listen()
    }

    /// The faults that are injected.
    pub(crate) fn injections(&self) -> &Injections {
        &self.injections
    }

    /// Injects a fault, and returns the id of the injection.
    pub(crate) fn inject(&mut self, fault: Fault, schedule: Schedule) -> u64 {
        let scope = schedule.scope.clone();
        let id = self.injections.inject(fault, schedule);
        self.tell_scope(&scope, What::FaultsChanged);
        id
    }

    pub(crate) fn clear_faults(&mut self) {
        self.injections.clear();
        self.tell(None, What::FaultsChanged);
    }

    /// Removes one injection; `false` if there is none with this id.
    pub(crate) fn remove_fault(&mut self, id: u64) -> bool {
        let mut all = self.injections.injections.iter();
        let found = all.find(|injection| injection.id == id);
        let Some(scope) = found.map(|injection| injection.schedule.scope.clone()) else {
            return false;
        };
        self.injections.remove(id);
        self.tell_scope(&scope, What::FaultsChanged);
        true
    }

    pub(crate) fn advance_clock(&mut self, by: Duration) {
        self.clock.advance(by);
        self.tell(None, What::ClockAdvanced);
        self.notify();
    }

    /// Everything that a restore brings back.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let store = &self.service.store;
        let bills = || store.bills().rev();
        let waiting = self.callbacks.waiting.iter();
        let callbacks = self.callbacks.on_its_way().chain(waiting);
        let partners = &self.service.partners;
        Snapshot {
            world: self.saved_world(),
            bills: bills()
                .map(|(key, bill)| SavedBill::of(key, bill, partners))
                .collect(),
            entries: bills()
                .flat_map(|(key, bill)| {
                    let entries = bill.history().iter();
                    entries.map(|entry| SavedEntry::of(key, entry))
                })
                .collect(),
            callback_entries: bills()
                .flat_map(|(key, bill)| {
                    let entries = bill.history.callbacks();
                    entries.map(|entry| SavedCallbackEntry::of(key, entry))
                })
                .collect(),
            receipts: store
                .receipts()
                .map(|(key, receipt)| SavedReceipt::of(key, receipt))
                .collect(),
            callbacks: callbacks
                .map(|callback| SavedCallback::of(callback, partners))
                .collect(),
        }
    }

    fn saved_world(&self) -> SavedWorld {
        let ahead = self.clock.ahead();
        let partners = self.service.partners.all().iter();
        SavedWorld {
            ahead_seconds: ahead.as_secs(),
            ahead_nanoseconds: ahead.subsec_nanos(),
            last_number: self.journal.last(),
            transactions: self.service.store.transactions,
            is_held: self.callbacks.is_held,
            held: self.callbacks.held.iter().map(SavedScope::of).collect(),
            last_callback: self.callbacks.last_id,
            last_fault: self.injections.last_id,
            points: partners
                .map(|partner| (partner.name.to_string(), partner.points.0))
                .collect(),
            faults: self
                .injections
                .injections
                .iter()
                .map(SavedFault::of)
                .collect(),
        }
    }

    /// Replaces everything by a snapshot, or nothing if something is wrong with it.
    pub(crate) fn restore(&mut self, snapshot: Snapshot) -> Result<(), Problem> {
        self.take(snapshot)?;
        self.save_all();
        self.tell(None, What::Replaced);
        self.notify();
        Ok(())
    }

    fn take(&mut self, mut snapshot: Snapshot) -> Result<(), Problem> {
        let (partners, reach) = (&self.service.partners, &self.service.reach);
        let world = std::mem::take(&mut snapshot.world);
        world.check(partners)?;
        let (ahead, held) = (world.ahead()?, world.held(partners)?);
        let injections = world.injections(partners)?;
        let last = (world.transactions, world.last_number, world.last_callback);
        (
            snapshot.world.transactions,
            snapshot.world.last_number,
            snapshot.world.last_callback,
        ) = last;
        let taken = snapshot.take(&Scope::default(), partners, reach)?;
        let mut store = Store::default();
        store.transactions = world.transactions;
        store.touched = self.service.store.touched.is_some().then(Touched::default);
        let links = links_of(&taken);
        put(&mut store, taken.bills, taken.receipts)?;

        self.service.store = store;
        self.service.links.replace(links.into_iter());
        for (name, points) in &world.points {
            if let Some(partner) = self.service.partners.by_name_mut(name) {
                partner.points.0 = *points;
            }
        }
        let last = world.last_callback;
        self.callbacks
            .replace(taken.callbacks, world.is_held, held, last);
        self.injections.last_id = self.injections.last_id.max(world.last_fault);
        self.injections.clear();
        self.injections.replace(&Scope::default(), injections);
        self.clock.set_ahead(ahead);
        self.late.forget(|_| true);
        self.journal.go_on_after(world.last_number);
        Ok(())
    }

    /// What a reset brings back is the world as it is now.
    pub(crate) fn set_start(&mut self) {
        self.start = serde_json::to_value(self.snapshot()).unwrap_or_default();
        self.save_all();
    }

    /// Brings the start back, and forgets the requests. If it is not for all, only the bills, cash receipts, callbacks,
    /// requests and faults of that scope.
    pub(crate) fn reset(&mut self, scope: &Scope) -> Result<(), Problem> {
        let start = serde_json::from_value(self.start.clone());
        let start: Snapshot = start.map_err(|error| error.to_string())?;
        if scope.is_all() {
            self.take(start)?;
            self.requests = Recent::default();
        } else {
            self.reset_scope(scope, start)?;
        }
        self.journal.forget_requests(scope);
        self.save_all();
        self.tell_scope(scope, What::Replaced);
        self.notify();
        Ok(())
    }

    fn reset_scope(&mut self, scope: &Scope, start: Snapshot) -> Result<(), Problem> {
        let (partners, reach) = (&self.service.partners, &self.service.reach);
        let mut injections = start.world.injections(partners)?;
        injections.retain(|injection| injection.schedule.scope.is_within(scope));
        let taken = start.take(scope, partners, reach)?;
        let links = links_of(&taken);
        self.service.store.remove(|key| scope.has(key));
        put(&mut self.service.store, taken.bills, taken.receipts)?;
        self.service.links.forget(|key| scope.has(key));
        self.service.links.take(links.into_iter());
        self.callbacks.forget(|key| scope.has(key));
        self.callbacks.let_go(scope);
        for callback in taken.callbacks {
            self.callbacks.push(callback);
        }
        self.late
            .forget(|key| key.is_some_and(|key| scope.has(key)));
        self.injections.replace(scope, injections);
        Ok(())
    }

    /// From now on everything is saved there. Gives whether the file had a world, which is taken.
    pub(crate) fn remember(&mut self, memory: Memory) -> Result<bool, Problem> {
        let lost = |error: rusqlite::Error| error.to_string();
        fn parsed<T: serde::de::DeserializeOwned>(rows: Vec<String>) -> Result<Vec<T>, Problem> {
            let parse = |row: String| serde_json::from_str(&row).map_err(|error| error.to_string());
            rows.into_iter().map(parse).collect()
        }
        let rows = |kind| memory.rows(kind).map_err(lost);
        let world = parsed(rows("world")?)?.pop();
        let start = parsed(rows("start")?)?.pop();
        let is_old = world.is_some();
        if is_old {
            self.take(Snapshot {
                world: world.unwrap_or_default(),
                bills: parsed(rows("bill")?)?,
                entries: parsed(rows("entry")?)?,
                callback_entries: parsed(rows("callback_entry")?)?,
                receipts: parsed(rows("receipt")?)?,
                callbacks: parsed(rows("callback")?)?,
            })?;
            self.start = start.ok_or("it has no start")?;
        } else {
            self.start = serde_json::to_value(self.snapshot()).unwrap_or_default();
        }
        self.service.store.touched = Some(Touched::default());
        self.callbacks.touched = Some(Default::default());
        self.memory = Some(memory);
        self.write_all().map_err(lost)?;
        Ok(is_old)
    }

    /// Saves everything in one transaction: whoever is killed meanwhile has the world of before, or this one.
    fn save_all(&mut self) {
        let written = self.write_all();
        self.note_whether(written);
    }

    fn write_all(&mut self) -> Result<(), rusqlite::Error> {
        if self.memory.is_none() {
            return Ok(());
        }
        let snapshot = self.snapshot();
        let mut changes = vec![Change::DeleteAll];
        let mut put = |kind, id: String, json: Result<String, serde_json::Error>| {
            if let Ok(json) = json {
                changes.push(Change::Put(kind, id, json));
            }
        };
        let keyed = |key: &SavedKey| serde_json::to_string(key).unwrap_or_default();
        for bill in &snapshot.bills {
            put("bill", keyed(&bill.key), serde_json::to_string(bill));
        }
        for entry in &snapshot.entries {
            put(
                "entry",
                entry.number.to_string(),
                serde_json::to_string(entry),
            );
        }
        for entry in &snapshot.callback_entries {
            put(
                "callback_entry",
                entry.number.to_string(),
                serde_json::to_string(entry),
            );
        }
        for receipt in &snapshot.receipts {
            put(
                "receipt",
                keyed(&receipt.key),
                serde_json::to_string(receipt),
            );
        }
        for callback in &snapshot.callbacks {
            put(
                "callback",
                callback.id.to_string(),
                serde_json::to_string(callback),
            );
        }
        put("start", String::new(), Ok(self.start.to_string()));
        let world = serde_json::to_string(&snapshot.world).unwrap_or_default();
        put("world", String::new(), Ok(world.clone()));
        if let Some(memory) = &mut self.memory {
            memory.write(&changes)?;
        }
        self.saved_world = world;
        self.clear_touched();
        Ok(())
    }

    fn clear_touched(&mut self) {
        let touched = self.service.store.touched.as_mut();
        touched
            .into_iter()
            .for_each(|touched| *touched = Touched::default());
        let touched = self.callbacks.touched.as_mut();
        touched.into_iter().for_each(|touched| touched.clear());
    }

    /// Saves what changed; everything, if the state file is behind.
    fn save(&mut self) {
        match self.behind_since {
            Some(since) if since.elapsed() >= RETRY => self.save_all(),
            Some(_) => {}
            None => {
                let written = self.write_changes();
                self.note_whether(written);
            }
        }
    }

    fn write_changes(&mut self) -> Result<(), rusqlite::Error> {
        if self.memory.is_none() {
            return Ok(());
        }
        let mut changes = Vec::new();
        let (store, partners) = (&self.service.store, &self.service.partners);
        let id_of = |key: &Key| serde_json::to_string(&SavedKey::of(key)).unwrap_or_default();
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        if let Some(touched) = &store.touched {
            for key in &touched.bills {
                if let Some(bill) = store.bill(key) {
                    let bill = json(serde_json::to_string(&SavedBill::of(key, bill, partners)));
                    changes.push(Change::Put("bill", id_of(key), bill));
                }
            }
            for key in &touched.receipts {
                if let Some(receipt) = store.receipt(key) {
                    let receipt = json(serde_json::to_string(&SavedReceipt::of(key, receipt)));
                    changes.push(Change::Put("receipt", id_of(key), receipt));
                }
            }
            for (key, number) in &touched.entries {
                let bill = store.bill(key);
                if let Some(entry) = bill.and_then(|bill| bill.history.entry(*number)) {
                    let entry = json(serde_json::to_string(&SavedEntry::of(key, entry)));
                    changes.push(Change::Put("entry", number.to_string(), entry));
                }
            }
            for (key, number) in &touched.callbacks {
                let bill = store.bill(key);
                if let Some(entry) = bill.and_then(|bill| bill.history.callback(*number)) {
                    let entry = json(serde_json::to_string(&SavedCallbackEntry::of(key, entry)));
                    changes.push(Change::Put("callback_entry", number.to_string(), entry));
                }
            }
            let gone = touched.callbacks_gone.iter();
            changes.extend(gone.map(|number| Change::Delete("callback_entry", number.to_string())));
            let gone = touched.gone.iter();
            changes.extend(gone.map(|number| Change::Delete("entry", number.to_string())));
        }
        for id in self.callbacks.touched.iter().flatten() {
            let waiting = self.callbacks.waiting.iter();
            let mut all = waiting.chain(self.callbacks.on_its_way());
            changes.push(match all.find(|callback| callback.id == *id) {
                Some(callback) => {
                    let saved = json(serde_json::to_string(&SavedCallback::of(
                        callback, partners,
                    )));
                    Change::Put("callback", id.to_string(), saved)
                }
                None => Change::Delete("callback", id.to_string()),
            });
        }
        let world = json(serde_json::to_string(&self.saved_world()));
        if world != self.saved_world {
            changes.push(Change::Put("world", String::new(), world.clone()));
        }
        if !changes.is_empty()
            && let Some(memory) = &mut self.memory
        {
            memory.write(&changes)?;
        }
        self.saved_world = world;
        self.clear_touched();
        Ok(())
    }

    /// Whether something is not in the state file that should be: nobody may be told of it.
    pub(crate) fn is_behind(&self) -> bool {
        self.behind_since.is_some()
    }

    fn note_whether(&mut self, written: Result<(), rusqlite::Error>) {
        let Err(error) = written else {
            self.behind_since = None;
            return;
        };
        if !self.is_behind() {
            self.log(LogKind::StateFile, |entry| {
                entry.because(&format!(
                    "it cannot be written, so every request is refused until it can: {error}"
                ))
            });
        }
        self.behind_since = Some(Instant::now());
    }
}

/// The links of bills that were saved.
fn links_of(taken: &Taken) -> Vec<(String, Key)> {
    let bills = taken.bills.iter();
    let links =
        bills.filter_map(|(key, bill)| Some((bill.link.as_deref()?.to_owned(), key.clone())));
    links.collect()
}

/// Adds what was saved.
fn put(
    store: &mut Store,
    bills: Vec<(Key, MockBill)>,
    receipts: Vec<(Key, MockReceipt)>,
) -> Result<(), Problem> {
    let refused = |key: &Key, problem: NotAdded| {
        let id = payssam::redact::escape(key.bill_id());
        format!("{id}: {}", Rejection::from(problem).message)
    };
    for (key, bill) in bills {
        let added = store.take_bill(key.clone(), bill);
        added.map_err(|problem| refused(&key, problem))?;
    }
    for (key, receipt) in receipts {
        let added = store.take_receipt(key.clone(), receipt);
        added.map_err(|problem| refused(&key, problem))?;
    }
    Ok(())
}
