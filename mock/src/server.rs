//! The mock server: its builder and its handle.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use payssam::{
    BillId, BillState, Client, ClientBuilder, Credentials, Error, Won, setting_from_env,
};
use tokio::{net::TcpListener, runtime::Handle, sync::Notify, task::AbortHandle, time::sleep};

use crate::{
    bill::MockBill,
    callback::MockCallback,
    callback_sender,
    event::Event,
    face::Token,
    fault::Fault,
    http_server,
    journal::What,
    key::Key,
    links::Links,
    log::MockLog,
    memory::{self, Memory},
    partner::{FIRST, Partner, Partners, WELL_KNOWN_KEY},
    reach::Reach,
    receipt::MockReceipt,
    request::{BASE_PATH, MockRequest},
    schedule::{Schedule, Scope},
    seed::{Seed, SeedMistake},
    service::Service,
    state::{SharedState, State, StateGuard},
};

/// The API key of a mock server that was given no credentials.
pub const API_KEY: &str = WELL_KNOWN_KEY;
/// The member of a mock server that was given no credentials.
pub const MEMBER: &str = "mock-member";
/// The merchant of a mock server that was given no credentials.
pub const MERCHANT: &str = "mock-merchant";

/// A handle to a running mock server, which acts for one member and merchant.
///
/// Clones share the server. It stops when the last handle is dropped.
#[derive(Clone)]
pub struct MockServer {
    server: Arc<Server>,
    /// The name of the partner that has the key.
    partner: Arc<str>,
    credentials: Credentials,
}

struct Server {
    address: SocketAddr,
    /// What it is called in URLs.
    origin: String,
    is_restored: bool,
    state: SharedState,
    http_task: AbortHandle,
    callback_task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.http_task.abort();
        self.callback_task.abort();
        self.state.lock().log.close();
    }
}

impl MockServer {
    /// Starts a mock server on a free port of 127.0.0.1, with the credentials [`API_KEY`], [`MEMBER`]
    /// and [`MERCHANT`]. It runs on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when there is no tokio runtime, no free port or no random numbers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// let mock = payssam_mock::MockServer::start().await?;
    /// let client = mock.client()?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start() -> Result<Self, Error> {
        MockServer::builder().start().await
    }

    /// Configures a mock server before it starts.
    ///
    /// ```
    /// use payssam::Credentials;
    /// use payssam_mock::MockServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// let mock = MockServer::builder()
    ///     .listen(([127, 0, 0, 1], 0).into())
    ///     .credentials(Credentials::builder().api_key("key").member("member").merchant("merchant").build()?)
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            is_exposed: false,
            credentials: None,
            seed: None,
            bills: Vec::new(),
            faults: Vec::new(),
            state_file: None,
            reach: Reach::default(),
        }
    }

    /// The credentials that [`credentials_from_env`](MockServerBuilder::credentials_from_env) accepts, for a
    /// client of a mock server in another process.
    ///
    /// # Errors
    ///
    /// As for [`credentials_from_env`](MockServerBuilder::credentials_from_env).
    pub fn credentials_from_env() -> Result<Credentials, Error> {
        let variable = |name, default: &str| {
            let value = setting_from_env(name)?.filter(|value| !value.is_empty());
            Ok::<_, Error>(value.unwrap_or_else(|| default.to_owned()))
        };
        Credentials::builder()
            .api_key(variable("PAYSSAM_API_KEY", API_KEY)?)
            .member(variable("PAYSSAM_MEMBER", MEMBER)?)
            .merchant(variable("PAYSSAM_MERCHANT", MERCHANT)?)
            .build()
    }

    /// A handle to the same mock server for another member, whose bills are kept apart.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`Credentials::with_member`].
    pub fn with_member(&self, member: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with(self.credentials.with_member(member)?))
    }

    /// A handle to the same mock server for another merchant, whose bills are kept apart.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`Credentials::with_merchant`].
    ///
    /// ```
    /// # use payssam::{BillId, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// let id = BillId::new("2024-0001")?;
    /// mock.add_bill(id.clone(), Won::new(45_000)?)?;
    ///
    /// let other = mock.with_merchant("another-merchant")?;
    /// assert!(other.bill(&id).is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_merchant(&self, merchant: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with(self.credentials.with_merchant(merchant)?))
    }

    fn with(&self, credentials: Credentials) -> Self {
        MockServer {
            server: self.server.clone(),
            partner: self.partner.clone(),
            credentials,
        }
    }

    /// The base URL for clients, such as `http://127.0.0.1:8787/partner`.
    pub fn base_url(&self) -> String {
        format!("{}{BASE_PATH}", self.server.origin)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// Whether it went on from a [state file](MockServerBuilder::state_file) that was there.
    pub fn is_restored(&self) -> bool {
        self.server.is_restored
    }

    /// A reset by the control API brings back what the mock server has now. Without this it is what the seed and the
    /// builder had.
    pub fn set_start(&self) {
        self.state().set_start();
    }

    /// A handle for the partner, member and merchant of other credentials, such as those of a seed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the mock server was not given the key.
    pub fn with_credentials(&self, credentials: Credentials) -> Result<Self, Error> {
        let partner = {
            let state = self.state();
            state.service.partners.name_of(credentials.reveal_api_key())
        };
        if partner.is_empty() {
            return Err(Error::invalid_input(
                "api key",
                "the mock server was not given this key: add it to the seed",
            ));
        }
        Ok(MockServer {
            server: self.server.clone(),
            partner,
            credentials,
        })
    }

    /// The credentials for clients, with the member and merchant of this handle.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A client with the base URL and the credentials of this handle.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the TLS of the client cannot be set up.
    pub fn client(&self) -> Result<Client, Error> {
        self.client_builder().build()
    }

    /// A builder of a client with the base URL and the credentials of this handle.
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder(self.credentials.clone()).base_url(self.base_url())
    }

    /// Adds an unpaid bill without a request. It has no callback URL.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the merchant already used this id for a bill or a cash receipt, or when
    /// the mock server is full: all bills and cash receipts with their histories may take 256 MiB. [`Error::Config`]
    /// when the state file cannot be written.
    ///
    /// ```
    /// # use payssam::{BillId, BillState, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// let id = BillId::new("2024-0001")?;
    /// mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// assert_eq!(*mock.client()?.bills().read(&id).await?.state(), BillState::Unpaid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_bill(&self, id: BillId, price: Won) -> Result<(), Error> {
        let key = self.key(&id);
        let added = self.state().add_bill(&key, MockBill::new(id, price));
        added?;
        self.saved()
    }

    /// Pays an unpaid bill, as its payer would, and sends its callback if its callback URL is on
    /// loopback.
    ///
    /// [`pay_by_link`](crate::pay_by_link) and [`pay_by_id`](crate::pay_by_id) do so in another process.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill, it is not unpaid, or its last day is over. [`Error::Config`]
    /// when the state file cannot be written.
    ///
    /// ```
    /// # use payssam::{BillId, BillState, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let id = BillId::new("2024-0001")?;
    /// # mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// mock.pay(&id)?;
    /// assert_eq!(*mock.client()?.bills().read(&id).await?.state(), BillState::Paid);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pay(&self, id: &BillId) -> Result<(), Error> {
        self.set_state(id, BillState::Paid, Event::Paid)
    }

    /// Cancels the payment of a bill without a request, as the merchant could in PaySsam's own service.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill, or it is not paid. [`Error::Config`] when the state file
    /// cannot be written.
    #[doc(alias = "refund")]
    #[doc(alias = "결제 취소")]
    pub fn cancel(&self, id: &BillId) -> Result<(), Error> {
        self.set_state(id, BillState::Cancelled, Event::Cancelled)
    }

    /// Destroys an unpaid bill without a request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill, or it is not unpaid. [`Error::Config`] when the state file
    /// cannot be written.
    #[doc(alias = "파기")]
    #[doc(alias = "void")]
    pub fn destroy(&self, id: &BillId) -> Result<(), Error> {
        self.set_state(id, BillState::Destroyed, Event::Destroyed)
    }

    /// A bill as it really is, with its history; `None` when this merchant has no such bill.
    ///
    /// ```
    /// # use payssam::{BillId, BillState, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let id = BillId::new("2024-0001")?;
    /// # mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// # mock.pay(&id)?;
    /// let bill = mock.bill(&id).expect("it was added");
    /// assert_eq!(*bill.state(), BillState::Paid);
    /// assert_eq!(bill.history().len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn bill(&self, id: &BillId) -> Option<MockBill> {
        self.state().service.store.bill(&self.key(id)).cloned()
    }

    /// A cash receipt as it really is; `None` when this merchant has no such receipt.
    #[doc(alias = "현금영수증")]
    pub fn receipt(&self, id: &BillId) -> Option<MockReceipt> {
        self.state().service.store.receipt(&self.key(id)).cloned()
    }

    /// Sets the points of the partner; there are 1,000,000,000 at first. Sending a bill costs 55 points,
    /// and is rejected with `POINT_001` when there are fewer.
    pub fn set_points(&self, balance: u32) {
        let partners = &mut self.server.state.lock().service.partners;
        if let Some(partner) = partners.by_name_mut(&self.partner) {
            partner.points.0 = balance;
        }
    }

    /// Injects a fault into the requests of a schedule, which begins to count now.
    ///
    /// A request meets one fault at most: that of the earliest injection whose schedule includes the request.
    /// All injections count the request.
    ///
    /// ```
    /// # use payssam::{BillId, Won};
    /// use payssam::Operation;
    /// use payssam_mock::{Fault, Schedule};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let id = BillId::new("2024-0001")?;
    /// # mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// mock.inject(
    ///     Fault::ErrorCode { applied: false },
    ///     Schedule::always().on(Operation::BillRead),
    /// );
    /// assert!(mock.client()?.bills().read(&id).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "장애 주입")]
    pub fn inject(&self, fault: Fault, schedule: Schedule) {
        self.state().inject(fault, schedule);
    }

    /// Removes all injected faults. Requests that already met one are not affected.
    pub fn clear_faults(&self) {
        self.state().clear_faults();
    }

    /// Advances the clock of the mock server: the times of everything that happens from now on, when bills
    /// expire, and when callbacks are due.
    ///
    /// The callbacks that become due are sent in the background;
    /// [`wait_until_idle`](MockServer::wait_until_idle) waits for them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// mock.advance_clock(Duration::from_secs(60 * 60));
    /// mock.wait_until_idle().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance_clock(&self, by: Duration) {
        self.state().advance_clock(by);
    }

    /// Waits until all callbacks that are due were sent and responded to, and all requests that a fault lets
    /// be carried out later were. It does not wait for callbacks that are
    /// [held](MockServer::hold_callbacks).
    pub async fn wait_until_idle(&self) {
        loop {
            {
                let state = self.state();
                if state.callbacks.is_idle(state.clock.now()) && state.late.is_empty() {
                    return;
                }
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The callbacks that were sent, the oldest first, with the responses to them. The last 1,000 are
    /// kept.
    ///
    /// ```
    /// # use payssam::{BillId, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
    /// # let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    /// # let my_webhook = format!("http://{}", listener.local_addr().unwrap());
    /// # drop(listener);
    /// mock.forge_callback(&my_webhook, &id, price)?;
    /// mock.wait_until_idle().await;
    /// let sent = mock.callbacks();
    /// assert_eq!(sent.len(), 1);
    /// assert!(!sent[0].is_acknowledged());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "webhook")]
    pub fn callbacks(&self) -> Vec<MockCallback> {
        self.state().callbacks.sent()
    }

    /// Sends the callback of a bill that was paid once more, as PaySsam may: the same bytes, also after a
    /// cancellation.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when there is no such bill, it was never paid, its callback URL is not
    /// on loopback, or 10,000 callbacks wait already. [`Error::Config`] when the state file cannot be written.
    #[doc(alias = "webhook")]
    pub fn duplicate_callback(&self, id: &BillId) -> Result<(), Error> {
        let mut state = self.state();
        let key = self.key(id);
        let bill = state.service.store.bill(&key);
        let was_paid = bill.is_some_and(|bill| bill.paid_at().is_some());
        if was_paid && state.callbacks.is_full() {
            return Err(Error::invalid_input("callback", FULL));
        }
        if was_paid && state.queue_callback(&key) {
            drop(state);
            return self.saved();
        }
        Err(Error::invalid_input(
            "bill id",
            "this bill has no callback: it must be sent with a callback URL on loopback, and be paid",
        ))
    }

    /// Holds all callbacks until they are [released](MockServer::release_callbacks).
    pub fn hold_callbacks(&self) {
        let mut state = self.state();
        state.callbacks.hold(&Scope::default());
        state.tell(None, What::CallbacksChanged);
    }

    /// Sends the callbacks that were held, the latest first.
    pub fn release_callbacks(&self) {
        let mut state = self.state();
        state.callbacks.release();
        state.tell(None, What::CallbacksChanged);
        state.notify();
    }

    /// Sends a callback that says a bill was paid with this amount, whether that is true or not, as
    /// anybody could who knows the URL. It has no key, and is not sent again.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the URL is not http on loopback, or has a user or a password, or 10,000 callbacks
    /// wait already. [`Error::Config`] when the state file cannot be written.
    ///
    /// ```
    /// # use payssam::{BillId, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let id = BillId::new("2024-0001")?;
    /// # mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// // Your receiver must not book this payment.
    /// mock.forge_callback("http://127.0.0.1:8080/payssam", &id, Won::new(45_000)?)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "webhook")]
    pub fn forge_callback(&self, url: &str, id: &BillId, price: Won) -> Result<(), Error> {
        let mut state = self.state();
        let Ok(url) = state.service.reach.callback_url(url) else {
            return Err(Error::invalid_input(
                "callback url",
                "the mock server sends callbacks to loopback only: use an http URL on 127.0.0.1, without \
                 user and password",
            ));
        };
        if state.callbacks.is_full() {
            return Err(Error::invalid_input("callback", FULL));
        }
        let key = self.key(id);
        state.queue_forged_callback(key, url, id.clone(), price);
        drop(state);
        self.saved()
    }

    /// The requests that were received, the oldest first, whether they were applied or not. The last
    /// 1,000 are kept, or as many of these as take 16 MiB.
    ///
    /// ```
    /// # use payssam::{BillId, Won};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), payssam::Error> {
    /// # let mock = payssam_mock::MockServer::start().await?;
    /// # let id = BillId::new("2024-0001")?;
    /// # mock.add_bill(id.clone(), Won::new(45_000)?)?;
    /// mock.client()?.bills().read(&id).await?;
    /// assert_eq!(mock.requests()[0].path(), "/bill/read");
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<MockRequest> {
        let requests = self.state().requests.to_vec();
        requests.iter().map(|request| (**request).clone()).collect()
    }

    /// The log of what happens from now on, for all members and merchants: each request with the reason of a
    /// rejection, each fault and each callback. It is on only while somebody reads it.
    pub fn log(&self) -> MockLog {
        self.state().log.read()
    }

    fn set_state(&self, id: &BillId, next: BillState, event: Event) -> Result<(), Error> {
        self.state().set_bill_state(&self.key(id), next, event)?;
        self.saved()
    }

    /// Whether what was done is in the state file, if there is one.
    fn saved(&self) -> Result<(), Error> {
        match self.state().is_behind() {
            true => Err(Error::config(
                "state file",
                "it cannot be written, so whether this stays done is not known: make room on its disk",
            )),
            false => Ok(()),
        }
    }

    fn key(&self, id: &BillId) -> Key {
        Key::new(
            &self.partner,
            self.credentials.member(),
            self.credentials.merchant(),
            id.as_str(),
        )
    }

    fn state(&self) -> StateGuard<'_> {
        self.server.state.lock()
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

/// Why a callback is not queued.
const FULL: &str = "10,000 wait already: let them go first";

/// Whether a host has a port.
fn has_port(host: &str) -> bool {
    let port = host.rsplit_once(':').map(|(_, port)| port);
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Configures a [`MockServer`].
#[derive(Clone, Debug)]
#[must_use]
pub struct MockServerBuilder {
    listen: SocketAddr,
    is_exposed: bool,
    credentials: Option<Credentials>,
    seed: Option<Seed>,
    bills: Vec<(BillId, Won, BillState)>,
    faults: Vec<(Fault, Schedule)>,
    state_file: Option<PathBuf>,
    reach: Reach,
}

impl MockServerBuilder {
    /// Listens on this address instead of a free port of 127.0.0.1. It must be a loopback address; port 0
    /// takes any free port.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Accepts these credentials instead of the defaults.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Accepts the credentials of the environment variables `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and
    /// `PAYSSAM_MERCHANT`, or of the files that `PAYSSAM_API_KEY_FILE` and its like name. A variable that
    /// is not set or empty leaves the default.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] as for [`setting_from_env`](payssam::setting_from_env); otherwise as for
    /// [`CredentialsBuilder::build`](payssam::CredentialsBuilder::build).
    pub fn credentials_from_env(self) -> Result<Self, Error> {
        Ok(self.credentials(MockServer::credentials_from_env()?))
    }

    /// Listens on this address, which may be another than loopback: whoever reaches it can read and pay all bills.
    ///
    /// It is for networks in which only your own programs are, such as that of a container. The mock server answers
    /// to loopback and to the names of [`allow_host`](MockServerBuilder::allow_host) alone.
    pub fn listen_beyond_loopback(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self.is_exposed = true;
        self
    }

    /// Answers to this name in the header `Host` too, such as `payssam-mock`, or `payssam-mock:8080` for another port
    /// than the one that it listens on. The first one is in the [base URL](MockServer::base_url) and in links.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.reach.hosts.push(name.into().to_lowercase());
        self
    }

    /// Posts callbacks to this host too, over http. A name is looked up.
    pub fn callbacks_to(mut self, host: impl Into<String>) -> Self {
        self.reach.callbacks_to.push(host.into().to_lowercase());
        self
    }

    /// Begins with the merchants, bills and faults of a seed.
    ///
    /// If it has merchants, their keys and the one of [`credentials`](MockServerBuilder::credentials) are taken, and no
    /// other. A partner of the seed acts for the merchants that the seed has of it alone. If the key of the credentials is
    /// one of the seed's, and their member and merchant are the defaults, the first merchant of that partner is meant.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Begins with this bill, besides those of the seed; it has no callback URL. [`start`](MockServerBuilder::start)
    /// fails if its id is used already.
    pub fn bill(mut self, id: BillId, price: Won, state: BillState) -> Self {
        self.bills.push((id, price, state));
        self
    }

    /// Begins with this fault, behind those of the seed, as [`MockServer::inject`] does.
    pub fn inject(mut self, fault: Fault, schedule: Schedule) -> Self {
        self.faults.push((fault, schedule));
        self
    }

    /// Keeps everything in this file, and goes on where it was if the file is there: bills with their histories,
    /// cash receipts, points, faults, the clock, and callbacks that are due. Each change is in the file before its
    /// response is sent, so a process that is killed loses none. If the file cannot be written, each request gets
    /// HTTP 503 and `MOCK_STATE_FILE` until it can. A seed, [bills](MockServerBuilder::bill) and
    /// [faults](MockServerBuilder::inject) count for a new file only.
    ///
    /// The file is for its owner alone. It has no keys, no phone numbers and of a payer's name the first character; it
    /// has callback URLs, links, and products as they are shown.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Starts the mock server on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when there is no tokio runtime, when the address is not loopback or not free, when
    /// the state file cannot be used, or when the system gives no random numbers. [`Error::InvalidInput`] when
    /// something in the seed cannot be.
    pub async fn start(self) -> Result<MockServer, Error> {
        if Handle::try_current().is_err() {
            return Err(Error::config(
                "runtime",
                "the mock server needs a tokio runtime: start it inside one",
            ));
        }
        if !self.is_exposed && !self.listen.ip().is_loopback() {
            return Err(Error::config(
                "listen address",
                "the mock server listens on loopback only: use 127.0.0.1 or ::1",
            ));
        }
        for host in &self.reach.callbacks_to {
            if host.contains(':') && !host.starts_with('[') || host.contains("]:") {
                return Err(Error::config(
                    "host",
                    format!(
                        "{}: give the host of callbacks without a port, and an IPv6 address in brackets: callbacks go \
                         to the port of each callback URL",
                        payssam::redact::escape(host)
                    ),
                ));
            }
        }
        for host in self.reach.hosts.iter().chain(&self.reach.callbacks_to) {
            if host.is_empty() || host.contains(['/', '@', '*', ' ', '?', '#']) {
                return Err(Error::config(
                    "host",
                    format!("{} is no name of a host", payssam::redact::escape(host)),
                ));
            }
        }
        let seed = self.seed.unwrap_or_default();
        let in_seed = |mistake: SeedMistake| Error::invalid_input("seed", mistake.to_string());
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mut partners = seed.partners(variable).map_err(in_seed)?;
        let of = |partner: &Partner| {
            let (member, merchant) = &partner.merchants[0];
            Credentials::builder()
                .api_key(&partner.api_key)
                .member(member)
                .merchant(merchant)
                .build()
        };
        let credentials = match (self.credentials, partners.first()) {
            (Some(credentials), _) => {
                let key = credentials.reveal_api_key();
                let whose = (credentials.member(), credentials.merchant());
                let known = partners.iter().find(|partner| partner.api_key == key);
                match known.filter(|known| !known.acts_for(whose.0, whose.1)) {
                    // Nobody said whose it is to be.
                    Some(known) if whose == (MEMBER, MERCHANT) => of(known)?,
                    _ => credentials,
                }
            }
            (None, Some(partner)) => of(partner)?,
            (None, None) => Credentials::builder()
                .api_key(API_KEY)
                .member(MEMBER)
                .merchant(MERCHANT)
                .build()?,
        };
        let key = credentials.reveal_api_key();
        let known = partners.iter().find(|partner| partner.api_key == key);
        let partner = match known {
            Some(known) => known.name.clone(),
            None => {
                if partners.iter().any(|partner| *partner.name == *FIRST) {
                    let problem = format!("no partner of it may have the name `{FIRST}` besides");
                    return Err(in_seed(seed.mistake_of_partner(FIRST, &problem)));
                }
                let first = Partner::new(FIRST, key);
                let name = first.name.clone();
                partners.push(first);
                name
            }
        };
        let partners = Partners::new(partners);
        seed.check_names(&partners).map_err(in_seed)?;
        let memory = self.state_file.as_deref().map(Memory::open).transpose()?;
        let unavailable = |error: std::io::Error| {
            Error::config("listen address", format!("{}: {error}", self.listen))
        };
        let listener = TcpListener::bind(self.listen).await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let origin = match self.reach.hosts.first() {
            Some(host) if has_port(host) => format!("http://{host}"),
            Some(host) => format!("http://{host}:{}", address.port()),
            None if address.ip().is_unspecified() => {
                format!("http://{}:{}", Ipv4Addr::LOCALHOST, address.port())
            }
            None => format!("http://{address}"),
        };
        let token = Token::new()?;
        let links = Links::new(&origin)?;
        let service = Service::new(partners, links, self.reach)?;
        let changed = Arc::new(Notify::new());
        let mut state = State::new(service, changed.clone());
        state.default_merchant = (
            credentials.member().to_owned(),
            credentials.merchant().to_owned(),
        );
        for (index, wish) in seed.bills.iter().enumerate() {
            state.add_wish(wish).map_err(|rejection| {
                let field = match rejection.code {
                    "BILL_001" => "bill_id",
                    "MOCK_CALLBACK_URL" => "callback_url",
                    _ => "expires_on",
                };
                in_seed(seed.mistake("bills", index, Some(field), &rejection.message))
            })?;
        }
        for (id, price, next) in self.bills {
            let (member, merchant) = (credentials.member(), credentials.merchant());
            let key = Key::new(&partner, member, merchant, id.as_str());
            state.add_bill(&key, MockBill::new(id, price))?;
            let steps: &[(BillState, Event)] = match next {
                BillState::Paid => &[(BillState::Paid, Event::Paid)],
                BillState::Cancelled => &[
                    (BillState::Paid, Event::Paid),
                    (BillState::Cancelled, Event::Cancelled),
                ],
                BillState::Destroyed => &[(BillState::Destroyed, Event::Destroyed)],
                _ => &[],
            };
            for (next, event) in steps {
                state.set_bill_state(&key, next.clone(), event.clone())?;
            }
        }
        for wish in seed.faults() {
            state.inject(wish.fault, wish.schedule.clone());
        }
        for (fault, schedule) in self.faults {
            state.inject(fault, schedule);
        }
        state.set_start();
        let is_restored = match (memory, &self.state_file) {
            (Some(memory), Some(path)) => {
                let remembered = state.remember(memory);
                remembered.map_err(|problem| memory::refused(path, problem))?
            }
            _ => false,
        };
        let state = SharedState::new(state);
        let requests = http_server::run(listener, address.port(), state.clone(), token);
        let callbacks = callback_sender::run(state.clone(), changed);
        Ok(MockServer {
            server: Arc::new(Server {
                address,
                origin,
                is_restored,
                http_task: tokio::spawn(requests).abort_handle(),
                callback_task: tokio::spawn(callbacks).abort_handle(),
                state,
            }),
            partner,
            credentials,
        })
    }
}
