//! All that a mock server knows, shared by its tasks and handles.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::civil::Date;
use payssam::{BillId, BillState, Operation, Won};
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
    history::HistoryEntry,
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
    recent::Recent,
    rejection::Rejection,
    request::MockRequest,
    request_body::RequestBody,
    response::Response,
    saved::{
        Problem, SavedBill, SavedCallback, SavedEntry, SavedFault, SavedKey, SavedPosition,
        SavedReceipt, SavedWorld, Snapshot,
    },
    schedule::{Schedule, Scope},
    service::{Service, ServiceRequest},
    store::{NotAdded, NotMoved, Store, Touched},
    target::Target,
    wish::{self, BillWish},
};

/// The state of a mock server behind a lock. Clones share it.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Mutex<State>>);

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        SharedState(Arc::new(Mutex::new(state)))
    }

    /// Locks the state. It stays usable after a panic elsewhere.
    pub(crate) fn lock(&self) -> StateGuard<'_> {
        StateGuard(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The locked state. What changed is saved, and told to those who wait, before it is unlocked.
pub(crate) struct StateGuard<'s>(MutexGuard<'s, State>);

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.0
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        self.0.save();
        self.0.journal.tell();
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
            saved_world: String::new(),
            changed,
        }
    }

    /// Records a request, and decides which fault it meets.
    pub(crate) fn receive(&mut self, request: MockRequest) -> Received {
        let bytes = request.bytes();
        let request = Arc::new(request);
        self.requests.push(request.clone(), bytes);
        let body = RequestBody::parse(request.body()).map_err(|error| error.to_string());
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
            reason.map(|reason| payssam::redact::shown(&without_keys(&reason))),
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
            checks::callback_url(url)?;
        }
        let (member, merchant) = (&*self.default_merchant.0, &*self.default_merchant.1);
        let key =
            wish::key_of(wish, &self.service.partners, (member, merchant)).map_err(invalid)?;
        self.add_bill(&key, wish.bill())
            .map_err(|problem| Rejection {
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
        let now = self.clock.korean_now();
        for (next, event) in steps {
            let moved = self.service.store.set_state(&key, next.clone(), now);
            moved.map_err(|problem| invalid(format!("{problem:?}")))?;
            self.record_without_request(&key, event.clone());
        }
        Ok(key)
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
        let key = callback.key.clone();
        let id = self.callbacks.push(callback);
        self.tell(Some(key), What::CallbackQueued(id));
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
    pub(crate) fn finish_callback(&mut self, callback: Callback, response: CallbackResponse) {
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
        let (key, id) = (callback.key.clone(), callback.id);
        let is_acknowledged = response.is_acknowledged;
        let now = self.clock.now();
        self.callbacks
            .finish(callback, response, (shown, bytes), now);
        let what = What::CallbackSent {
            id,
            is_acknowledged,
        };
        self.tell(Some(key), what);
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
        let id = self.injections.inject(fault, schedule);
        self.tell(None, What::FaultsChanged);
        id
    }

    pub(crate) fn clear_faults(&mut self) {
        self.injections.clear();
        self.tell(None, What::FaultsChanged);
    }

    /// Removes one injection; `false` if there is none with this id.
    pub(crate) fn remove_fault(&mut self, id: u64) -> bool {
        let is_removed = self.injections.remove(id);
        if is_removed {
            self.tell(None, What::FaultsChanged);
        }
        is_removed
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
        let positions = self.injections.requests.iter();
        Snapshot {
            world: self.saved_world(),
            bills: bills()
                .map(|(key, bill)| SavedBill::of(key, bill))
                .collect(),
            entries: bills()
                .flat_map(|(key, bill)| {
                    let entries = bill.history().iter();
                    entries.map(|entry| SavedEntry::of(key, entry))
                })
                .collect(),
            receipts: store
                .receipts()
                .map(|(key, receipt)| SavedReceipt::of(key, receipt))
                .collect(),
            callbacks: callbacks.map(SavedCallback::of).collect(),
            positions: positions
                .map(|(position, count)| SavedPosition::of(position, *count))
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
            last_callback: self.callbacks.last_id,
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
        let Snapshot {
            world,
            mut bills,
            entries,
            receipts,
            mut callbacks,
            positions,
        } = snapshot;
        let (partners, reach) = (&self.service.partners, &self.service.reach);
        let mut store = Store::default();
        store.transactions = world.transactions;
        store.touched = self.service.store.touched.is_some().then(Touched::default);
        let mut histories = std::collections::HashMap::<Key, Vec<HistoryEntry>>::new();
        for entry in entries {
            let key = entry.key.key(partners)?;
            histories.entry(key).or_default().push(entry.entry()?);
        }
        bills.sort_by_key(|bill| bill.first);
        let mut links = Vec::new();
        let not_added = |problem: NotAdded| format!("{problem:?}");
        for bill in bills {
            let key = bill.key.key(partners)?;
            let mut entries = histories.remove(&key).unwrap_or_default();
            entries.sort_by_key(|entry| entry.number);
            let bill = bill.bill(entries, reach)?;
            if let Some(link) = &bill.link {
                links.push((link.to_string(), key.clone()));
            }
            store.take_bill(key, bill).map_err(not_added)?;
        }
        for receipt in receipts {
            let key = receipt.key.key(partners)?;
            store
                .take_receipt(key, receipt.receipt()?)
                .map_err(not_added)?;
        }
        callbacks.sort_by_key(|callback| callback.place);
        let callbacks = callbacks
            .into_iter()
            .map(|callback| callback.callback(partners, reach))
            .collect::<Result<Vec<_>, _>>()?;
        let mut injections = Injections {
            touched: self.injections.touched.is_some().then(Default::default),
            ..Injections::default()
        };
        for position in positions {
            let (position, requests) = position.position()?;
            injections.requests.insert(position, requests);
        }
        for fault in world.faults.clone() {
            injections.injections.push(fault.injection()?);
        }
        let ahead = world.ahead()?;

        self.service.store = store;
        self.service.links.replace(links.into_iter());
        for (name, points) in &world.points {
            if let Some(partner) = self.service.partners.by_name_mut(name) {
                partner.points.0 = *points;
            }
        }
        self.callbacks
            .replace(callbacks, world.is_held, world.last_callback);
        self.injections = injections;
        self.clock.set_ahead(ahead);
        self.journal.go_on_after(world.last_number);
        self.save_all();
        self.tell(None, What::Replaced);
        self.notify();
        Ok(())
    }

    /// What a reset brings back is the world as it is now.
    pub(crate) fn set_start(&mut self) {
        self.start = serde_json::to_value(self.snapshot()).unwrap_or_default();
        let start = self.start.to_string();
        if let Some(memory) = &mut self.memory {
            let written = memory.write(&[Change::Put("start", String::new(), start)]);
            self.forget_memory_if(written);
        }
    }

    /// Brings the start back, and forgets the requests. If it is not for all, only the bills, cash receipts, callbacks
    /// and faults of that scope.
    pub(crate) fn reset(&mut self, scope: &Scope) -> Result<(), Problem> {
        let start = serde_json::from_value(self.start.clone());
        let start: Snapshot = start.map_err(|error| error.to_string())?;
        if scope.is_all() {
            self.restore(start)?;
            self.requests = Recent::default();
            return Ok(());
        }
        let (partners, reach) = (&self.service.partners, &self.service.reach);
        let store = &mut self.service.store;
        store.remove(|key| scope.has(key));
        let mut histories = std::collections::HashMap::<Key, Vec<HistoryEntry>>::new();
        for entry in start.entries {
            if entry.key.is_of(scope) {
                let key = entry.key.key(partners)?;
                histories.entry(key).or_default().push(entry.entry()?);
            }
        }
        let not_added = |problem: NotAdded| format!("{problem:?}");
        for bill in start.bills {
            if bill.key.is_of(scope) {
                let key = bill.key.key(partners)?;
                let bill = bill.bill(histories.remove(&key).unwrap_or_default(), reach)?;
                store.take_bill(key, bill).map_err(not_added)?;
            }
        }
        for receipt in start.receipts {
            if receipt.key.is_of(scope) {
                let key = receipt.key.key(partners)?;
                let receipt = receipt.receipt()?;
                store.take_receipt(key, receipt).map_err(not_added)?;
            }
        }
        let links = store.bills().filter_map(|(key, bill)| {
            let link = bill.link.as_deref()?;
            Some((link.to_owned(), key.clone()))
        });
        self.service.links.replace(links);
        self.callbacks.forget(|key| scope.has(key));
        self.injections.remove_scope(scope);
        for fault in start.world.faults {
            let injection = fault.injection()?;
            if injection.schedule.scope == *scope {
                self.injections.inject(injection.fault, injection.schedule);
            }
        }
        self.save_all();
        self.tell(None, What::Replaced);
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
        let snapshot = Snapshot {
            world: world.unwrap_or_default(),
            bills: parsed(rows("bill")?)?,
            entries: parsed(rows("entry")?)?,
            receipts: parsed(rows("receipt")?)?,
            callbacks: parsed(rows("callback")?)?,
            positions: parsed(rows("position")?)?,
        };
        if is_old {
            self.restore(snapshot)?;
            self.start = start.unwrap_or_default();
        }
        self.service.store.touched = Some(Touched::default());
        self.callbacks.touched = Some(Default::default());
        self.injections.touched = Some(Default::default());
        self.memory = Some(memory);
        self.save_all();
        if !is_old {
            self.set_start();
        }
        Ok(is_old)
    }

    fn save_all(&mut self) {
        if self.memory.is_none() {
            return;
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
        for position in &snapshot.positions {
            put("position", position.id(), serde_json::to_string(position));
        }
        self.saved_world.clear();
        self.clear_touched();
        if let Some(memory) = &mut self.memory {
            let written = memory.write(&changes);
            self.forget_memory_if(written);
        }
        self.save();
    }

    fn clear_touched(&mut self) {
        let touched = self.service.store.touched.as_mut();
        touched
            .into_iter()
            .for_each(|touched| *touched = Touched::default());
        let touched = self.callbacks.touched.as_mut();
        touched.into_iter().for_each(|touched| touched.clear());
        let touched = self.injections.touched.as_mut();
        touched.into_iter().for_each(|touched| touched.clear());
    }

    /// Saves what changed.
    fn save(&mut self) {
        if self.memory.is_none() {
            return;
        }
        let mut changes = Vec::new();
        let store = &self.service.store;
        let id_of = |key: &Key| serde_json::to_string(&SavedKey::of(key)).unwrap_or_default();
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        if let Some(touched) = &store.touched {
            for key in &touched.bills {
                if let Some(bill) = store.bill(key) {
                    let bill = json(serde_json::to_string(&SavedBill::of(key, bill)));
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
            let gone = touched.gone.iter();
            changes.extend(gone.map(|number| Change::Delete("entry", number.to_string())));
        }
        for id in self.callbacks.touched.iter().flatten() {
            let waiting = self.callbacks.waiting.iter();
            let mut all = waiting.chain(self.callbacks.on_its_way());
            changes.push(match all.find(|callback| callback.id == *id) {
                Some(callback) => {
                    let saved = json(serde_json::to_string(&SavedCallback::of(callback)));
                    Change::Put("callback", id.to_string(), saved)
                }
                None => Change::Delete("callback", id.to_string()),
            });
        }
        for position in self.injections.touched.iter().flatten() {
            let count = self.injections.requests.get(position);
            let saved = SavedPosition::of(position, count.copied().unwrap_or_default());
            changes.push(match count {
                Some(_) => Change::Put("position", saved.id(), json(serde_json::to_string(&saved))),
                None => Change::Delete("position", saved.id()),
            });
        }
        let world = json(serde_json::to_string(&self.saved_world()));
        if world != self.saved_world {
            changes.push(Change::Put("world", String::new(), world.clone()));
            self.saved_world = world;
        }
        self.clear_touched();
        if changes.is_empty() {
            return;
        }
        if let Some(memory) = &mut self.memory {
            let written = memory.write(&changes);
            self.forget_memory_if(written);
        }
    }

    /// Says that the state file is lost, and goes on without it.
    fn forget_memory_if(&mut self, written: Result<(), rusqlite::Error>) {
        if let Err(error) = written {
            self.memory = None;
            self.log(LogKind::StateFile, |entry| {
                entry.because(&format!(
                    "it cannot be written, and what happens from now on is forgotten at the end: {error}"
                ))
            });
        }
    }
}
