//! A mock server for PaySsam's (결제선생) Partner API V2: bills, callbacks and faults on your own machine,
//! for tests and first steps. No account is needed, and no money moves.
//!
//! It listens on loopback and behaves like PaySsam as far as that is known: the envelope and the
//! key, members and merchants kept apart, the hash, the limits of the specification, the states of
//! a bill and their moves, rejections with HTTP 200, the key echoed in responses. Where PaySsam's own
//! result code is not known it responds with a code that begins with `MOCK_`: do not build on those.
//!
//! It judges what a client does, so it shares no rule with the library: it has its own hash and its own
//! table of moves, and uses the library's public types alone.
//!
//! ```
//! use payssam::{BillId, BillState, CancelBill, Won};
//! use payssam_mock::MockServer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let mock = MockServer::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! mock.add_bill(id.clone(), price)?;
//! mock.pay(&id)?;
//!
//! let client = mock.client()?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Paid);
//! client.bills().cancel(&CancelBill::new(id.clone(), price)).await?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Cancelled);
//! # Ok(())
//! # }
//! ```
//!
//! # Callbacks
//!
//! When a bill that was sent with a callback address on loopback is paid, the mock server posts its
//! callback, and posts it again every hour for a day until it is acknowledged. The clock can be
//! [advanced](MockServer::advance_clock); callbacks can come twice, in another order, or be forged.
//!
//! # Faults
//!
//! It misbehaves on demand ([`MockServer::inject`]), and records what really happened to each bill
//! ([`MockBill::history`]), to compare with what a client believes.
//!
//! ```
//! use payssam::{BillId, CancelBill, Operation, Won};
//! use payssam_mock::{Event, Fault, MockServer, Schedule};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let mock = MockServer::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! mock.add_bill(id.clone(), price)?;
//! mock.pay(&id)?;
//! mock.inject(Fault::ApplyThenClose, Schedule::once().on(Operation::BillCancel));
//!
//! let client = mock.client()?;
//! let done = client.bills().cancel_and_confirm(&CancelBill::new(id.clone(), price)).await?;
//! assert!(done.confirmed_by_read());
//!
//! let bill = mock.bill(&id).expect("it was added");
//! let events: Vec<&Event> = bill.history().iter().map(|entry| entry.event()).collect();
//! assert_eq!(events, [&Event::Added, &Event::Paid, &Event::Cancelled, &Event::Read]);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod abort;
mod bills;
mod callback_queue;
mod fault;
mod hash;
mod history;
mod http;
mod limits;
mod loopback;
mod moves;
mod receipts;
mod schedule;
mod service;

use std::{
    collections::VecDeque,
    env, fmt,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::{net::TcpListener, runtime::Handle, sync::Notify, task::AbortHandle, time::sleep};

pub use bills::MockBill;
pub use callback_queue::MockCallback;
pub use fault::Fault;
pub use history::{Event, HistoryEntry};
pub use receipts::MockReceipt;
pub use schedule::Schedule;

use bills::Key;
use callback_queue::{Letter, Mailbox};
use payssam::{BillId, BillState, Client, Credentials, Error, KoreanTime, Won};
use schedule::{Concern, Faults};
use service::{Reply, Service, Struck};

/// The API key that the mock server takes unless told otherwise.
pub const API_KEY: &str = "mock-key";
/// The member that the mock server knows unless told otherwise.
pub const MEMBER: &str = "mock-member";
/// The merchant that the mock server knows unless told otherwise.
pub const MERCHANT: &str = "mock-merchant";

/// The path that the base URL ends in, as PaySsam's own does.
const BASE_PATH: &str = "/partner";

/// How many requests are remembered.
const REMEMBERED: usize = 1_000;

/// A running mock server, acting for one member and merchant.
///
/// Clones share the server, which stops when the last of them is dropped.
#[derive(Clone)]
pub struct MockServer {
    server: Arc<Server>,
    credentials: Credentials,
}

struct Server {
    address: SocketAddr,
    books: Arc<Mutex<Books>>,
    task: AbortHandle,
    courier: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        self.courier.abort();
    }
}

/// All that the mock server knows.
struct Books {
    service: Service,
    faults: Faults,
    requests: VecDeque<MockRequest>,
    mailbox: Mailbox,
    /// How far the clock was turned.
    ahead: SignedDuration,
    /// Wakes the courier.
    news: Arc<Notify>,
}

/// A request that was written down, and what goes wrong with it.
struct Received {
    request: MockRequest,
    concern: Option<Concern>,
    fault: Option<Fault>,
}

impl Books {
    fn receive(&mut self, request: MockRequest) -> Received {
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(request.clone());
        let concern = service::concern(request.path_served(), &request.body);
        let fault = self.faults.strike(concern.as_ref());
        Received {
            request,
            concern,
            fault,
        }
    }

    fn answer(&mut self, received: &Received) -> Reply {
        let (request, fault) = (&received.request, received.fault);
        let struck = Struck {
            concern: received.concern.as_ref(),
            fault,
        };
        if !fault.is_none_or(Fault::applies) {
            let now = self.korean_now();
            return self.service.turn_away(struck, now);
        }
        let path = request.path_served();
        let now = self.korean_now();
        self.service
            .answer(&request.method, path, &request.body, struck, now)
    }

    /// The time by the clock of the mock server.
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    fn korean_now(&self) -> KoreanTime {
        KoreanTime::from_timestamp(self.now())
    }

    /// Moves a bill on as somebody outside would, and tells of a payment.
    fn step(&mut self, key: &Key, next: BillState, event: Event) -> Result<(), Error> {
        let now = self.korean_now();
        let ledger = &mut self.service.ledger;
        let Some(bill) = ledger.bill(key) else {
            return Err(Error::invalid_input(
                "bill id",
                "the mock server has no such bill",
            ));
        };
        let before = bill.state().clone();
        if ledger.step(key, next.clone(), now).is_err() {
            return Err(Error::invalid_input(
                "bill state",
                format!("a bill that is {before} cannot become {next}"),
            ));
        }
        ledger.note(key, HistoryEntry::without_request(event, now));
        if next == BillState::Paid {
            self.tell(key);
        }
        Ok(())
    }

    /// Sends the callback of a bill, if it has one that leads to loopback.
    fn tell(&mut self, key: &Key) {
        let letter = self.service.letter(key).zip(self.service.ledger.bill(key));
        if let Some(((url, body), bill)) = letter {
            let letter = Letter {
                url,
                body,
                bill_id: bill.id().clone(),
                is_forged: false,
                due: self.now(),
                repeat: 0,
            };
            self.mailbox.post(letter);
            self.news.notify_one();
        }
    }

    /// Pays the bill that a link leads to.
    fn pay_by_link(&mut self, link: &str) -> Option<Result<(), Error>> {
        let key = self.service.linked(link)?.clone();
        Some(self.step(&key, BillState::Paid, Event::Paid))
    }
}

fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MockServer {
    /// Starts a mock server on a free port of loopback, with the credentials [`API_KEY`], [`MEMBER`]
    /// and [`MERCHANT`]. It runs on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when no port can be had.
    pub async fn start() -> Result<Self, Error> {
        MockServer::builder().start().await
    }

    /// Starts to set up a mock server.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            credentials: None,
        }
    }

    /// The same mock server for another member.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`Credentials::with_member`].
    pub fn with_member(&self, member: impl Into<Box<str>>) -> Result<Self, Error> {
        Ok(MockServer {
            server: self.server.clone(),
            credentials: self.credentials.with_member(member)?,
        })
    }

    /// The same mock server for another merchant of the same member.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`Credentials::with_merchant`].
    pub fn with_merchant(&self, merchant: impl Into<Box<str>>) -> Result<Self, Error> {
        Ok(MockServer {
            server: self.server.clone(),
            credentials: self.credentials.with_merchant(merchant)?,
        })
    }

    /// Where clients find the mock server, such as `http://127.0.0.1:8787/partner`.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.server.address)
    }

    /// The credentials that the mock server takes.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A client for this mock server.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the TLS of the client cannot be set up.
    pub fn client(&self) -> Result<Client, Error> {
        Client::builder(self.credentials.clone())
            .base_url(self.base_url())
            .build()
    }

    /// Adds an unpaid bill, as if it had been sent.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the shop used this bill id before.
    pub fn add_bill(&self, id: BillId, price: Won) -> Result<(), Error> {
        let key = self.key(&id);
        let mut books = self.books();
        let now = books.korean_now();
        let ledger = &mut books.service.ledger;
        ledger.add(key.clone(), id, price)?;
        ledger.note(&key, HistoryEntry::without_request(Event::Added, now));
        Ok(())
    }

    /// Pays an unpaid bill, as the payer would, and sends its callback if it was sent with an address on
    /// loopback. The payer's own way is the link that the answer to the sending has.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not unpaid.
    pub fn pay(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Paid, Event::Paid)
    }

    /// Cancels a paid bill without a call, as somebody at the shop's service would.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not paid.
    pub fn cancel(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Cancelled, Event::Cancelled)
    }

    /// Destroys an unpaid bill.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not unpaid.
    pub fn destroy(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Destroyed, Event::Destroyed)
    }

    /// What the mock server knows of a bill.
    pub fn bill(&self, id: &BillId) -> Option<MockBill> {
        self.books().service.ledger.bill(&self.key(id)).cloned()
    }

    /// What the mock server knows of a cash receipt.
    pub fn receipt(&self, id: &BillId) -> Option<MockReceipt> {
        self.books().service.ledger.receipt(&self.key(id)).cloned()
    }

    /// Leaves the partner so many points; there are 1,000,000,000 at first. Sending a bill costs 55, and
    /// is refused when there are fewer.
    pub fn set_points(&self, balance: u32) {
        self.books().service.points = balance;
    }

    /// Lets a fault strike the requests that the schedule names, from now on.
    ///
    /// One fault at most strikes a request: that which was injected first of those whose turn it is.
    /// All of them count the request.
    pub fn inject(&self, fault: Fault, schedule: Schedule) {
        self.books().faults.inject(fault, schedule);
    }

    /// Takes back all that was injected. What hangs already goes on to hang.
    pub fn clear_faults(&self) {
        self.books().faults.clear();
    }

    /// Turns the clock forward: times that the mock server tells from now on, and the hours after which a
    /// callback comes again. What is due by then is sent ([`wait_until_idle`](MockServer::wait_until_idle) waits for it).
    pub fn advance_clock(&self, by: Duration) {
        let mut books = self.books();
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        books.ahead = books.ahead.saturating_add(by);
        books.news.notify_one();
    }

    /// Waits until every callback that is due was sent.
    pub async fn wait_until_idle(&self) {
        loop {
            {
                let books = self.books();
                if books.mailbox.is_idle(books.now()) {
                    return;
                }
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The callbacks that were sent, the oldest first, with what came back; the last 1,000 are kept.
    pub fn callbacks(&self) -> Vec<MockCallback> {
        self.books().mailbox.sent().cloned().collect()
    }

    /// Sends the callback of a bill once more, though nobody asked for it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill, it is not paid, or it was not sent with an
    /// address on loopback.
    pub fn duplicate_callback(&self, id: &BillId) -> Result<(), Error> {
        let mut books = self.books();
        let key = self.key(id);
        let paid = books.service.ledger.bill(&key).and_then(MockBill::paid);
        if paid.is_none() || books.service.letter(&key).is_none() {
            return Err(Error::invalid_input(
                "bill id",
                "the mock server has no callback to send for such a bill",
            ));
        }
        books.tell(&key);
        Ok(())
    }

    /// Keeps callbacks back until they are [released](MockServer::release_callbacks).
    pub fn hold_callbacks(&self) {
        self.books().mailbox.is_held = true;
    }

    /// Sends what was kept back, the latest first.
    pub fn release_callbacks(&self) {
        let mut books = self.books();
        books.mailbox.is_held = false;
        books.mailbox.reverse();
        books.news.notify_one();
    }

    /// Sends a callback that says a bill is paid, whether it is or not, as somebody would who knows the
    /// address. It has no key in it, and does not come again.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the address does not lead to loopback.
    pub fn forge_callback(&self, address: &str, id: &BillId, price: Won) -> Result<(), Error> {
        let Some(url) = loopback::address(address) else {
            return Err(Error::invalid_input(
                "callback url",
                "the mock server posts to loopback only",
            ));
        };
        let body = json!({
            "billId": id.as_str(),
            "apprState": BillState::Paid.letter(),
            "apprPrice": price.to_string(),
            "apprNum": "99999999",
        });
        let mut books = self.books();
        let letter = Letter {
            url,
            body: body.to_string(),
            bill_id: id.clone(),
            is_forged: true,
            due: books.now(),
            repeat: 0,
        };
        books.mailbox.post(letter);
        books.news.notify_one();
        Ok(())
    }

    /// The requests that came, the oldest first; the last 1,000 are kept.
    pub fn requests(&self) -> Vec<MockRequest> {
        self.books().requests.iter().cloned().collect()
    }

    fn step(&self, id: &BillId, next: BillState, event: Event) -> Result<(), Error> {
        self.books().step(&self.key(id), next, event)
    }

    fn key(&self, id: &BillId) -> Key {
        Key::new(
            self.credentials.member(),
            self.credentials.merchant(),
            id.as_str(),
        )
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.server.books)
    }
}

/// Pays the bill that a [link](payssam::SentBill::short_url) of a mock server leads to, as its payer would.
///
/// # Errors
///
/// [`Error::InvalidInput`] when the link does not lead to loopback, or the mock server there does not let the
/// bill be paid.
pub async fn pay_by_link(link: &str) -> Result<(), Error> {
    let invalid = |problem: String| Error::invalid_input("link", problem);
    let Some(url) = loopback::address(link) else {
        return Err(invalid(
            "it does not lead to a mock server on this machine".into(),
        ));
    };
    let paid = callback_queue::http_client()?.post(url).send().await;
    match paid.map(|answer| answer.status().as_u16()) {
        Ok(200) => Ok(()),
        Ok(409) => Err(invalid("the bill is not unpaid".into())),
        Ok(404) => Err(invalid("the mock server has no such bill".into())),
        Ok(status) => Err(invalid(format!(
            "no mock server answers there, HTTP {status}"
        ))),
        Err(_) => Err(invalid("no mock server answers there".into())),
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockServer")
            .field("base_url", &self.base_url())
            .field("credentials", &self.credentials)
            .finish()
    }
}

/// Sets up a [`MockServer`].
#[derive(Clone, Debug)]
#[must_use]
pub struct MockServerBuilder {
    listen: SocketAddr,
    credentials: Option<Credentials>,
}

impl MockServerBuilder {
    /// Listens there instead of on a free port of 127.0.0.1. Only loopback is allowed.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Takes these credentials instead of the defaults.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Takes the credentials from `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`, and
    /// the default for each that is not set.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when one of them is not UTF-8; else as of [`Credentials::new`].
    pub fn credentials_from_env(self) -> Result<Self, Error> {
        let variable = |name, default: &str| match env::var_os(name) {
            Some(value) if !value.is_empty() => value
                .into_string()
                .map_err(|_| Error::config(name, "this environment variable is not UTF-8")),
            _ => Ok(default.to_owned()),
        };
        let credentials = Credentials::builder()
            .api_key(variable("PAYSSAM_API_KEY", API_KEY)?)
            .member(variable("PAYSSAM_MEMBER", MEMBER)?)
            .merchant(variable("PAYSSAM_MERCHANT", MERCHANT)?)
            .build()?;
        Ok(self.credentials(credentials))
    }

    /// Starts the mock server on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the address is not on loopback or cannot be listened on.
    pub async fn start(self) -> Result<MockServer, Error> {
        if Handle::try_current().is_err() {
            return Err(Error::config(
                "runtime",
                "the mock server needs a tokio runtime",
            ));
        }
        if !self.listen.ip().is_loopback() {
            return Err(Error::config(
                "listen address",
                "the mock server listens on loopback only",
            ));
        }
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None => Credentials::builder()
                .api_key(API_KEY)
                .member(MEMBER)
                .merchant(MERCHANT)
                .build()?,
        };
        let unavailable = |error: std::io::Error| {
            Error::config("listen address", format!("{}: {error}", self.listen))
        };
        let listener = TcpListener::bind(self.listen).await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let news = Arc::new(Notify::new());
        let links_at = format!("http://{address}{}", http::LINK);
        let books = Arc::new(Mutex::new(Books {
            service: Service::new(credentials.reveal_api_key(), links_at)?,
            faults: Faults::default(),
            requests: VecDeque::new(),
            mailbox: Mailbox::default(),
            ahead: SignedDuration::ZERO,
            news: news.clone(),
        }));
        let task = tokio::spawn(http::serve(listener, books.clone())).abort_handle();
        let courier = callback_queue::run(callback_queue::http_client()?, books.clone(), news);
        let courier = tokio::spawn(courier).abort_handle();
        Ok(MockServer {
            server: Arc::new(Server {
                address,
                books,
                task,
                courier,
            }),
            credentials,
        })
    }
}

/// A request that came to the mock server.
///
/// Headers and body hold the key and whatever else was sent; `Debug` shows neither.
#[derive(Clone)]
pub struct MockRequest {
    method: String,
    path: String,
    /// Whether the path lies behind the base URL.
    served: bool,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl MockRequest {
    /// The HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path behind the base URL, such as `/bill/read`; whole if it lies elsewhere.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path behind the base URL, and nothing if it lies elsewhere.
    fn path_served(&self) -> &str {
        if self.served { &self.path } else { "" }
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for MockRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
