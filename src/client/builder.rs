//! Sets up a client.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    authorities::Authorities,
    base_url,
    client::{Client, Parts},
    credentials::Credentials,
    environment, http_client,
    verify_gate::VerifyGate,
};
use crate::{
    outcome::Error,
    policy::{ConfirmPolicy, RetryPolicy, VerifyLimit, at_most_longest},
    raw,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sets up a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: Credentials,
    base_url: Option<String>,
    /// The hosts for which plain http is allowed.
    http_hosts: Vec<String>,
    connect_timeout: Duration,
    timeout: Duration,
    retry: RetryPolicy,
    confirm: ConfirmPolicy,
    verify_limit: VerifyLimit,
    authorities: Option<Authorities>,
    http_settings: Option<Arc<http_client::Settings>>,
}

impl Client {
    /// Starts to set up a client. It also needs a [base URL](ClientBuilder::base_url).
    ///
    /// ```
    /// use payssam::{Client, Credentials};
    ///
    /// let credentials = Credentials::builder()
    ///     .api_key("api key")
    ///     .member("academy-7")
    ///     .merchant("gangnam")
    ///     .build()?;
    /// let client = Client::builder(credentials)
    ///     .base_url(payssam::PAYSSAM_SANDBOX_URL)
    ///     .build()?;
    /// # Ok::<(), payssam::Error>(())
    /// ```
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(credentials)
    }

    /// A client from the environment, with every other setting at its default.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] as for [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// Starts with these credentials. The client also needs a [base URL](ClientBuilder::base_url).
    pub fn new(credentials: Credentials) -> Self {
        ClientBuilder {
            credentials,
            base_url: None,
            http_hosts: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            retry: RetryPolicy::new(),
            confirm: ConfirmPolicy::new(),
            verify_limit: VerifyLimit::new(),
            authorities: None,
            http_settings: None,
        }
    }

    /// Starts with credentials and base URL from the environment: `PAYSSAM_BASE_URL`, `PAYSSAM_API_KEY`,
    /// `PAYSSAM_MEMBER` and `PAYSSAM_MERCHANT`, or the files that `PAYSSAM_BASE_URL_FILE` and its like name.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use payssam::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.timeout(Duration::from_secs(10)).build()?;
    /// # Ok::<(), payssam::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] as for [`Credentials::from_env`](crate::Credentials::from_env); else as for
    /// [`CredentialsBuilder::build`](crate::CredentialsBuilder::build).
    pub fn from_env() -> Result<Self, Error> {
        let base_url = environment::base_url()?;
        Ok(ClientBuilder::new(Credentials::from_env()?).base_url(base_url))
    }

    /// Where PaySsam is, such as [`PAYSSAM_SANDBOX_URL`](crate::PAYSSAM_SANDBOX_URL): https, or http on
    /// loopback.
    ///
    /// There is no default, so that a test cannot reach production by accident.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Allows plain http for this host, such as the name of a container with the mock server; repeatable.
    ///
    /// Whoever is on the way reads the key and can change every response. It is for a mock server in a network of
    /// your own. Never use it with PaySsam.
    ///
    /// ```
    /// use payssam::{Client, Credentials};
    ///
    /// # let credentials = Credentials::builder().api_key("k").member("m").merchant("s").build()?;
    /// let builder = Client::builder(credentials).base_url("http://payssam-mock:8787/partner");
    /// let client = builder.allow_http_for("payssam-mock").build()?;
    /// # Ok::<(), payssam::Error>(())
    /// ```
    pub fn allow_http_for(mut self, host: impl Into<String>) -> Self {
        self.http_hosts.push(host.into());
        self
    }

    /// How long connecting may take, including TLS; 5 seconds by default. A connection that takes longer
    /// is [`Error::NotSent`], if [`timeout`](ClientBuilder::timeout) is longer.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a request may take, from its start to the last byte of the response; 30 seconds by default.
    /// A request that takes longer is [`Error::OutcomeUnknown`].
    ///
    /// A read may take several requests; the [retry policy](ClientBuilder::retry) limits all of them
    /// together.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// When a request is retried; [`RetryPolicy::new`] by default.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long and how often [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its like try;
    /// [`ConfirmPolicy::new`] by default.
    pub fn confirm(mut self, policy: ConfirmPolicy) -> Self {
        self.confirm = policy;
        self
    }

    /// How many reads callbacks may cause; [`VerifyLimit::new`] by default.
    pub fn verify_limit(mut self, limit: VerifyLimit) -> Self {
        self.verify_limit = limit;
        self
    }

    /// Trusts servers with a certificate of one of these authorities, and no others: certificates in PEM, one after
    /// the other. By default those are trusted that the platform trusts.
    ///
    /// For a server of your tests, or a proxy that opens TLS: whoever has the key of such an authority can read your
    /// API key. [`build`](ClientBuilder::build) refuses what is no certificate.
    pub fn trust_only(mut self, authorities: impl AsRef<[u8]>) -> Self {
        self.authorities = Some(Authorities::new(authorities.as_ref()));
        self
    }

    /// Sets up the HTTP client further, such as with a proxy or limits of the connection pool.
    ///
    /// `settings` gets the builder as this crate has set it up, and returns it with more settings. It is
    /// called once by each [`build`](ClientBuilder::build).
    ///
    /// Some settings are not yours, because they could show the key to somebody or send a cancellation twice;
    /// they are set after yours. Redirects are not followed, the HTTP client retries nothing, nothing is
    /// logged of what goes over a connection, an https base URL stays https, loopback is reached without a
    /// proxy, and responses come in HTTP/1.1 and uncompressed. The time limit of a request and the size limit
    /// of a response hold too. So does TLS by rustls: which certificates are trusted is said by
    /// [`trust_only`](ClientBuilder::trust_only) alone. With `native-tls` alone reqwest's own settings of certificates have
    /// an effect, and a builder that accepts every certificate gives the key to everybody.
    ///
    /// ```
    /// use payssam::{Client, Credentials};
    ///
    /// # fn example(credentials: Credentials) -> Result<Client, payssam::Error> {
    /// let client = Client::builder(credentials)
    ///     .base_url(payssam::PAYSSAM_SANDBOX_URL)
    ///     .http_client(|http| http.pool_max_idle_per_host(4))
    ///     .build()?;
    /// # Ok(client)
    /// # }
    /// ```
    pub fn http_client<F>(mut self, settings: F) -> Self
    where
        F: Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    {
        self.http_settings = Some(Arc::new(settings));
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when there is no base URL, when it is not https (or http on loopback) or has a
    /// user, query or fragment, when a time limit is zero, or when TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        for (setting, limit) in [
            ("connect timeout", self.connect_timeout),
            ("timeout", self.timeout),
        ] {
            if limit.is_zero() {
                return Err(Error::config(setting, "it must be greater than zero"));
            }
        }
        let base_url = self
            .base_url
            .ok_or_else(|| Error::config("base url", "it is not set, and there is no default"))?;
        let base_url = base_url::check(&base_url, &self.http_hosts)?;
        let http_client = http_client::build(
            &base_url,
            at_most_longest(self.connect_timeout),
            at_most_longest(self.timeout),
            self.authorities.as_ref(),
            self.http_settings.as_deref(),
        )?;
        let raw = raw::Client::new(http_client, base_url);
        Ok(Client::from(Parts {
            raw: Arc::new(raw),
            credentials: Arc::new(self.credentials),
            retry: self.retry,
            confirm: self.confirm,
            verify_gate: Arc::new(VerifyGate::new(self.verify_limit)),
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ClientBuilder({:?})", self.credentials)
    }
}
