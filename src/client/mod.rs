//! The client: where PaySsam is, who is calling, and how long a call may take.

use std::{
    env, fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::Url;
use tokio::runtime::Handle;

use crate::{
    ConfirmPolicy, Credentials, Error, RetryPolicy,
    raw::{self, Transport},
};

/// PaySsam's sandbox. Payments there are real card payments that are cancelled automatically.
///
/// The live address is handed to a partner after the inspection; there is no published one.
pub const PAYSSAM_SANDBOX_URL: &str = "https://sandbox.paymint.co.kr/partner";

/// The one name that stands for loopback. It is never looked up, so that nobody can point it
/// elsewhere.
const LOCALHOST: &str = "localhost";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for PaySsam's Partner API V2, acting for one member and merchant.
///
/// It is cheap to clone; all clones share one pool of connections.
///
/// Calls need a tokio runtime whose I/O and timers are enabled, as `#[tokio::main]` makes one. On
/// no runtime they are [`Error::Config`]; on one without I/O or timers, tokio panics.
#[derive(Clone)]
pub struct Client {
    raw: Arc<raw::Client>,
    credentials: Arc<Credentials>,
    retry: RetryPolicy,
    confirm: ConfirmPolicy,
}

impl Client {
    /// Starts to set up a client. It needs a [base URL](ClientBuilder::base_url) besides.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder {
            credentials,
            base_url: None,
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            retry: RetryPolicy::new(),
            confirm: ConfirmPolicy::new(),
            http_client: None,
        }
    }

    /// Sets up a client from `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and
    /// `PAYSSAM_MERCHANT`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] that names the first variable which is missing, empty or not UTF-8; else
    /// as of [`Credentials::new`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        let base_url = variable(BASE_URL)?;
        Client::builder(Credentials::from_env()?)
            .base_url(base_url)
            .build()
    }

    /// A client for another shop of the same partner. It shares the pool of connections.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as of [`Credentials::new`].
    pub fn with_merchant(
        &self,
        member: impl AsRef<str>,
        merchant: impl AsRef<str>,
    ) -> Result<Self, Error> {
        let credentials = self
            .credentials
            .with_merchant(member.as_ref(), merchant.as_ref())?;
        Ok(Client {
            credentials: Arc::new(credentials),
            ..self.clone()
        })
    }

    /// A client that makes requests again by this policy. It shares the pool of connections.
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Client {
            retry: policy,
            ..self.clone()
        }
    }

    /// A client whose [`cancel_and_confirm`](crate::Bills::cancel_and_confirm), and its like, go by this
    /// policy. It shares the pool of connections.
    pub fn with_confirm(&self, policy: ConfirmPolicy) -> Self {
        Client {
            confirm: policy,
            ..self.clone()
        }
    }

    /// The member and merchant that this client acts for.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// When a request is made again.
    pub fn retry_policy(&self) -> RetryPolicy {
        self.retry
    }

    /// How long and how often a cancellation is pursued.
    pub fn confirm_policy(&self) -> ConfirmPolicy {
        self.confirm
    }

    pub(crate) fn raw(&self) -> &raw::Client {
        &self.raw
    }

    /// Refuses to make calls where none can be made.
    pub(crate) fn check_runtime(&self) -> Result<(), Error> {
        Handle::try_current()
            .map(drop)
            .map_err(|_| Error::config("runtime", "a call needs a tokio runtime"))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.raw.baseurl)
            .field("credentials", &self.credentials)
            .field("retry", &self.retry)
            .field("confirm", &self.confirm)
            .finish()
    }
}

/// The variables of the environment that a client is set up from.
pub(crate) const BASE_URL: &str = "PAYSSAM_BASE_URL";
pub(crate) const API_KEY: &str = "PAYSSAM_API_KEY";
pub(crate) const MEMBER: &str = "PAYSSAM_MEMBER";
pub(crate) const MERCHANT: &str = "PAYSSAM_MERCHANT";

impl Credentials {
    /// Takes the credentials from `PAYSSAM_API_KEY`, `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] that names the first variable which is missing, empty or not UTF-8; else
    /// as of [`Credentials::new`].
    pub fn from_env() -> Result<Self, Error> {
        Credentials::new(variable(API_KEY)?, variable(MEMBER)?, variable(MERCHANT)?)
    }
}

pub(crate) fn variable(name: &'static str) -> Result<String, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => {
            Err(Error::config(name, "this environment variable is empty"))
        }
        Ok(value) => Ok(value),
        Err(env::VarError::NotPresent) => {
            Err(Error::config(name, "this environment variable is not set"))
        }
        Err(env::VarError::NotUnicode(_)) => Err(Error::config(
            name,
            "this environment variable is not UTF-8",
        )),
    }
}

/// Sets up a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: Credentials,
    base_url: Option<String>,
    connect_timeout: Duration,
    timeout: Duration,
    retry: RetryPolicy,
    confirm: ConfirmPolicy,
    http_client: Option<reqwest::Client>,
}

impl ClientBuilder {
    /// Where PaySsam is, such as [`PAYSSAM_SANDBOX_URL`]: https, or http on loopback.
    ///
    /// There is no default, so that a test cannot reach production by accident.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// How long it may take to connect, with TLS; 5 seconds unless told. A connection that is not
    /// made in time is [`Error::NotSent`], if [`timeout`](ClientBuilder::timeout) is longer.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a request may take, from its start to the last byte of the answer; 30 seconds unless
    /// told. One that takes longer is [`Error::OutcomeUnknown`].
    ///
    /// A read may take several requests: how long they may take together is the business of the
    /// [retry policy](ClientBuilder::retry).
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// When a request is made again; [`RetryPolicy::new`] unless told.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long and how often [`cancel_and_confirm`](crate::Bills::cancel_and_confirm), and its like,
    /// pursue a write; [`ConfirmPolicy::new`] unless told.
    pub fn confirm(mut self, policy: ConfirmPolicy) -> Self {
        self.confirm = policy;
        self
    }

    /// Brings your own HTTP client.
    ///
    /// The limit of a request, the headers and the cap on an answer stay. What you lose, unless
    /// you set it up yourself: the limit on connecting; that no redirect is followed and nothing
    /// is sent again by the HTTP client, so that a cancellation could be sent twice; that loopback
    /// bypasses proxies. And because nobody can tell whether your client followed a redirect before
    /// a connection failed, that failure is [`Error::OutcomeUnknown`] instead of
    /// [`Error::NotSent`].
    pub fn http_client(mut self, http_client: reqwest::Client) -> Self {
        self.http_client = Some(http_client);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when there is no base URL or it is not one to send money's words to
    /// (https, or http on loopback; no user, query or fragment), when a time limit is zero, or when
    /// TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        for (setting, limit) in [
            ("connect timeout", self.connect_timeout),
            ("timeout", self.timeout),
        ] {
            if limit.is_zero() {
                return Err(Error::config(setting, "it must be longer than nothing"));
            }
        }
        let base_url = self
            .base_url
            .ok_or_else(|| Error::config("base url", "it is not set, and there is no default"))?;
        let base_url = checked(&base_url)?;
        let brought = self.http_client.is_some();
        let http_client = match self.http_client {
            Some(client) => client,
            None => own_http_client(&base_url, self.connect_timeout)?,
        };
        let raw = raw::Client::new_with_client(
            base_url.as_str().trim_end_matches('/'),
            http_client,
            Transport::new(&base_url, self.timeout, brought),
        );
        Ok(Client {
            raw: Arc::new(raw),
            credentials: Arc::new(self.credentials),
            retry: self.retry,
            confirm: self.confirm,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("confirm", &self.confirm)
            .finish_non_exhaustive()
    }
}

fn checked(base_url: &str) -> Result<Url, Error> {
    let refuse = |problem: &str| Err(Error::config("base url", problem));
    let url = Url::parse(base_url)
        .map_err(|error| Error::config("base url", format!("it is no URL ({error})")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return refuse("http is allowed on loopback only; use https"),
        _ => return refuse("it must begin with https:// (or http:// on loopback)"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it must not hold a user or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("it must not hold a query or a fragment");
    }
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == LOCALHOST
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn own_http_client(base_url: &Url, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    if base_url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        return Err(Error::config(
            "base url",
            "https needs the feature `rustls` or `native-tls`",
        ));
    }
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout);
    if is_loopback(base_url) {
        builder = builder.no_proxy();
    }
    if base_url.host_str() == Some(LOCALHOST) {
        let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        builder = builder.resolve_to_addrs(
            LOCALHOST,
            &loopback.map(|address: IpAddr| SocketAddr::new(address, 0)),
        );
    }
    builder
        .build()
        .map_err(|error| Error::config("http client", error.without_url()))
}
