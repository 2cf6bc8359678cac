//! A local stand-in for PaySsam, for tests and first steps (feature `sandbox`).
//!
//! It listens on loopback and behaves like PaySsam as far as that is known: the envelope and the
//! key, members and merchants kept apart, the hash, the limits of the specification, the states of
//! a bill and their moves, refusals with HTTP 200, the key echoed in answers. Where PaySsam's own
//! result code is not known it answers with a code that begins `SANDBOX_`: do not build on those.
//!
//! ```
//! use payssam::{BillId, BillState, Cancel, Won, sandbox::Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let sandbox = Sandbox::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! sandbox.add_bill(id.clone(), price)?;
//! sandbox.pay(&id)?;
//!
//! let client = sandbox.client()?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Paid);
//! client.bills().cancel(Cancel::new(id.clone(), price)).await?;
//! assert_eq!(*client.bills().read(&id).await?.state(), BillState::Cancelled);
//! # Ok(())
//! # }
//! ```
//!
//! # Callbacks
//!
//! A bill that was sent with a callback address on loopback is told of when it is paid, and again
//! every hour for a day until it is acknowledged. The clock can be [turned](Sandbox::turn_clock);
//! callbacks can come twice, in another order, or be forged.
//!
//! # Faults
//!
//! It misbehaves when it is told to ([`Sandbox::inject`]), and writes down what really happened to
//! each bill ([`SandboxBill::history`]), to hold against what a client believes.
//!
//! ```
//! use payssam::{BillId, Cancel, Operation, Won};
//! use payssam::sandbox::{Deed, Fault, Sandbox, Schedule};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), payssam::Error> {
//! let sandbox = Sandbox::start().await?;
//! let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
//! sandbox.add_bill(id.clone(), price)?;
//! sandbox.pay(&id)?;
//! sandbox.inject(Fault::ApplyThenClose, Schedule::once().on(Operation::BillCancel));
//!
//! let client = sandbox.client()?;
//! let done = client.bills().cancel_and_confirm(Cancel::new(id.clone(), price)).await?;
//! assert!(done.confirmed_by_reading());
//!
//! let bill = sandbox.bill(&id).expect("it was added");
//! let deeds: Vec<&Deed> = bill.history().iter().map(|entry| entry.deed()).collect();
//! assert_eq!(deeds, [&Deed::Added, &Deed::Paid, &Deed::Cancelled, &Deed::Read]);
//! # Ok(())
//! # }
//! ```

mod courier;
mod desk;
mod ending;
mod fault;
mod history;
mod http;
mod ledger;
mod limits;
mod receipts;
mod schedule;

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

pub use courier::SandboxCallback;
pub use fault::Fault;
pub use history::{Deed, LedgerEntry};
pub use ledger::SandboxBill;
pub use receipts::SandboxReceipt;
pub use schedule::Schedule;

use crate::{BillId, BillState, Client, Credentials, Error, KoreanTime, Won, client};
use courier::{Letter, Mailbox};
use desk::{Desk, Reply, Struck};
use ledger::Key;
use schedule::{Concern, Faults};

/// The API key that the sandbox takes unless told otherwise.
pub const API_KEY: &str = "sandbox-key";
/// The member that the sandbox knows unless told otherwise.
pub const MEMBER: &str = "sandbox-member";
/// The merchant that the sandbox knows unless told otherwise.
pub const MERCHANT: &str = "sandbox-merchant";

/// The path that the base URL ends in, as PaySsam's own does.
const BASE_PATH: &str = "/partner";

/// How many requests are remembered.
const REMEMBERED: usize = 1_000;

/// A running sandbox, acting for one member and merchant.
///
/// Clones share the server, which stops when the last of them is dropped.
#[derive(Clone)]
pub struct Sandbox {
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

/// All that the sandbox knows.
struct Books {
    desk: Desk,
    faults: Faults,
    requests: VecDeque<SandboxRequest>,
    mailbox: Mailbox,
    /// How far the clock was turned.
    ahead: SignedDuration,
    /// Wakes the courier.
    news: Arc<Notify>,
}

/// A request that was written down, and what goes wrong with it.
struct Received {
    request: SandboxRequest,
    concern: Option<Concern>,
    fault: Option<Fault>,
}

impl Books {
    fn receive(&mut self, request: SandboxRequest) -> Received {
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(request.clone());
        let concern = desk::concern(request.path_served(), &request.body);
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
            return self.desk.turn_away(struck, now);
        }
        let path = request.path_served();
        let now = self.korean_now();
        self.desk
            .answer(&request.method, path, &request.body, struck, now)
    }

    /// The time by the clock of the sandbox.
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    fn korean_now(&self) -> KoreanTime {
        KoreanTime::from_timestamp(self.now())
    }

    /// Moves a bill on as somebody outside would, and tells of a payment.
    fn step(&mut self, key: &Key, next: BillState, deed: Deed) -> Result<(), Error> {
        let now = self.korean_now();
        let ledger = &mut self.desk.ledger;
        let Some(bill) = ledger.bill(key) else {
            return Err(Error::invalid("bill id", "the sandbox has no such bill"));
        };
        let before = bill.state().clone();
        if ledger.step(key, next.clone(), now).is_err() {
            return Err(Error::invalid(
                "bill state",
                format!("a bill that is {before} cannot become {next}"),
            ));
        }
        ledger.note(key, LedgerEntry::without_request(deed, now));
        if next == BillState::Paid {
            self.tell(key);
        }
        Ok(())
    }

    /// Sends the callback of a bill, if it has one that leads to loopback.
    fn tell(&mut self, key: &Key) {
        let letter = self.desk.letter(key).zip(self.desk.ledger.bill(key));
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
        let key = self.desk.linked(link)?.clone();
        Some(self.step(&key, BillState::Paid, Deed::Paid))
    }
}

fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// Starts a sandbox on a free port of loopback, with the credentials [`API_KEY`], [`MEMBER`]
    /// and [`MERCHANT`]. It runs on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when no port can be had.
    pub async fn start() -> Result<Self, Error> {
        Sandbox::builder().start().await
    }

    /// Starts to set up a sandbox.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            credentials: None,
        }
    }

    /// The same sandbox for another shop.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as of [`Credentials::new`].
    pub fn with_merchant(
        &self,
        member: impl AsRef<str>,
        merchant: impl AsRef<str>,
    ) -> Result<Self, Error> {
        Ok(Sandbox {
            server: self.server.clone(),
            credentials: self
                .credentials
                .with_merchant(member.as_ref(), merchant.as_ref())?,
        })
    }

    /// Where clients find the sandbox, such as `http://127.0.0.1:8787/partner`.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.server.address)
    }

    /// The credentials that the sandbox takes.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A client for this sandbox.
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
        let ledger = &mut books.desk.ledger;
        ledger.add(key.clone(), id, price)?;
        ledger.note(&key, LedgerEntry::without_request(Deed::Added, now));
        Ok(())
    }

    /// Pays an unpaid bill, as the payer would, and sends its callback if it was sent with an address on
    /// loopback. The payer's own way is the link that the answer to the sending has.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not unpaid.
    pub fn pay(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Paid, Deed::Paid)
    }

    /// Cancels a paid bill without a call, as somebody at the shop's desk would.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not paid.
    pub fn cancel(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Cancelled, Deed::Cancelled)
    }

    /// Destroys an unpaid bill.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill or it is not unpaid.
    pub fn destroy(&self, id: &BillId) -> Result<(), Error> {
        self.step(id, BillState::Destroyed, Deed::Destroyed)
    }

    /// What the sandbox knows of a bill.
    pub fn bill(&self, id: &BillId) -> Option<SandboxBill> {
        self.books().desk.ledger.bill(&self.key(id)).cloned()
    }

    /// What the sandbox knows of a cash receipt.
    pub fn receipt(&self, id: &BillId) -> Option<SandboxReceipt> {
        self.books().desk.ledger.receipt(&self.key(id)).cloned()
    }

    /// Leaves the partner so many points; there are 1,000,000,000 at first. Sending a bill costs 55, and
    /// is refused when there are fewer.
    pub fn set_points(&self, balance: u32) {
        self.books().desk.points = balance;
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

    /// Turns the clock forward: times that the sandbox tells from now on, and the hours after which a
    /// callback comes again. What is due by then is sent ([`settled`](Sandbox::settled) waits for it).
    pub fn turn_clock(&self, by: Duration) {
        let mut books = self.books();
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        books.ahead = books.ahead.saturating_add(by);
        books.news.notify_one();
    }

    /// Waits until every callback that is due was sent.
    pub async fn settled(&self) {
        loop {
            {
                let books = self.books();
                if books.mailbox.is_settled(books.now()) {
                    return;
                }
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The callbacks that were sent, the oldest first, with what came back; the last 1,000 are kept.
    pub fn callbacks(&self) -> Vec<SandboxCallback> {
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
        let paid = books.desk.ledger.bill(&key).and_then(SandboxBill::paid);
        if paid.is_none() || books.desk.letter(&key).is_none() {
            return Err(Error::invalid(
                "bill id",
                "the sandbox has no callback to send for such a bill",
            ));
        }
        books.tell(&key);
        Ok(())
    }

    /// Keeps callbacks back until they are [released](Sandbox::release_callbacks).
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
        let Some(url) = courier::address(address) else {
            return Err(Error::invalid(
                "callback url",
                "the sandbox posts to loopback only",
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
    pub fn requests(&self) -> Vec<SandboxRequest> {
        self.books().requests.iter().cloned().collect()
    }

    fn step(&self, id: &BillId, next: BillState, deed: Deed) -> Result<(), Error> {
        self.books().step(&self.key(id), next, deed)
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

/// Pays the bill that a [link](crate::SentBill::short_url) of a sandbox leads to, as its payer would.
///
/// # Errors
///
/// [`Error::InvalidInput`] when the link does not lead to loopback, or the sandbox there does not let the
/// bill be paid.
#[cfg(feature = "cli")]
pub(crate) async fn pay_by_link(link: &str) -> Result<(), Error> {
    let invalid = |problem: String| Error::invalid("link", problem);
    let Some(url) = courier::address(link) else {
        return Err(invalid(
            "it does not lead to a sandbox on this machine".into(),
        ));
    };
    let paid = courier::http_client()?.post(url).send().await;
    match paid.map(|answer| answer.status().as_u16()) {
        Ok(200) => Ok(()),
        Ok(409) => Err(invalid("the bill is not unpaid".into())),
        Ok(404) => Err(invalid("the sandbox has no such bill".into())),
        Ok(status) => Err(invalid(format!("no sandbox answers there, HTTP {status}"))),
        Err(_) => Err(invalid("no sandbox answers there".into())),
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("base_url", &self.base_url())
            .field("credentials", &self.credentials)
            .finish()
    }
}

/// Sets up a [`Sandbox`].
#[derive(Clone, Debug)]
#[must_use]
pub struct SandboxBuilder {
    listen: SocketAddr,
    credentials: Option<Credentials>,
}

impl SandboxBuilder {
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
            Some(value) if !value.is_empty() => client::variable(name),
            _ => Ok(default.to_owned()),
        };
        let credentials = Credentials::new(
            variable(client::API_KEY, API_KEY)?,
            variable(client::MEMBER, MEMBER)?,
            variable(client::MERCHANT, MERCHANT)?,
        )?;
        Ok(self.credentials(credentials))
    }

    /// Starts the sandbox on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the address is not on loopback or cannot be listened on.
    pub async fn start(self) -> Result<Sandbox, Error> {
        if Handle::try_current().is_err() {
            return Err(Error::config(
                "runtime",
                "the sandbox needs a tokio runtime",
            ));
        }
        if !self.listen.ip().is_loopback() {
            return Err(Error::config(
                "listen address",
                "the sandbox listens on loopback only",
            ));
        }
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None => Credentials::new(API_KEY, MEMBER, MERCHANT)?,
        };
        let unavailable = |error: std::io::Error| {
            Error::config("listen address", format!("{}: {error}", self.listen))
        };
        let listener = TcpListener::bind(self.listen).await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let news = Arc::new(Notify::new());
        let links_at = format!("http://{address}{}", http::LINK);
        let books = Arc::new(Mutex::new(Books {
            desk: Desk::new(credentials.api_key(), links_at)?,
            faults: Faults::default(),
            requests: VecDeque::new(),
            mailbox: Mailbox::default(),
            ahead: SignedDuration::ZERO,
            news: news.clone(),
        }));
        let task = tokio::spawn(http::serve(listener, books.clone())).abort_handle();
        let courier = courier::run(courier::http_client()?, books.clone(), news);
        let courier = tokio::spawn(courier).abort_handle();
        Ok(Sandbox {
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

/// A request that came to the sandbox.
///
/// Headers and body hold the key and whatever else was sent; `Debug` shows neither.
#[derive(Clone)]
pub struct SandboxRequest {
    method: String,
    path: String,
    /// Whether the path lies behind the base URL.
    served: bool,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl SandboxRequest {
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

impl fmt::Debug for SandboxRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SandboxRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}
