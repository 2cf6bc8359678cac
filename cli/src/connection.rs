//! The base URL, the time limits and the retries of the command.

use std::time::Duration;

use clap::Args;
use payssam::{Client, ClientBuilder, Credentials, Error, RetryPolicy, setting_from_env};

use crate::{
    duration,
    help::GLOBAL,
    interruption::{self, NoteConnections},
};

#[derive(Args)]
pub(crate) struct ConnectionOptions {
    /// The base URL of PaySsam, instead of PAYSSAM_BASE_URL: https, or http on loopback.
    #[arg(long, global = true, value_name = "URL", help_heading = GLOBAL)]
    base_url: Option<String>,
    /// The time limit of a request, such as 2s or 500ms [default: 30s].
    #[arg(
        long,
        global = true,
        value_name = "D",
        allow_hyphen_values = true,
        help_heading = GLOBAL
    )]
    timeout: Option<String>,
    /// The time limit of connecting, such as 2s or 500ms [default: 5s].
    #[arg(
        long,
        global = true,
        value_name = "D",
        allow_hyphen_values = true,
        help_heading = GLOBAL
    )]
    connect_timeout: Option<String>,
    /// Do not retry (재시도) automatically.
    ///
    /// By default, reads that fail and writes that were provably not sent are attempted up to three
    /// times within a minute.
    #[arg(long, global = true, help_heading = GLOBAL)]
    no_retry: bool,
}

/// The options, checked.
pub(crate) struct Connection {
    base_url: Option<String>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    retry: RetryPolicy,
}

impl TryFrom<ConnectionOptions> for Connection {
    type Error = Error;

    fn try_from(options: ConnectionOptions) -> Result<Self, Error> {
        let limit = |field, text: Option<String>| text.map(|text| duration::parse(field, &text));
        Ok(Connection {
            timeout: limit("timeout", options.timeout).transpose()?,
            connect_timeout: limit("connect timeout", options.connect_timeout).transpose()?,
            base_url: options.base_url,
            retry: match options.no_retry {
                true => RetryPolicy::off(),
                false => RetryPolicy::new(),
            },
        })
    }
}

impl Connection {
    /// The base URL of the options or the environment, if there is one.
    pub(crate) fn base_url(&self) -> Result<Option<String>, Error> {
        let base_url = match &self.base_url {
            Some(base_url) => Some(base_url.clone()),
            None => setting_from_env("PAYSSAM_BASE_URL")?,
        };
        Ok(base_url.filter(|base_url| !base_url.is_empty()))
    }

    /// Whether any connection was made, so that something may have been sent.
    pub(crate) fn was_any_made() -> bool {
        interruption::was_any_made()
    }

    /// A client with the credentials of the environment, and the base URL of the options or the environment.
    pub(crate) fn client_from_env(&self) -> Result<Client, Error> {
        let builder = match &self.base_url {
            Some(base_url) => Client::builder(Credentials::from_env()?).base_url(base_url),
            None => ClientBuilder::from_env()?,
        };
        self.build(builder)
    }

    /// A client with the time limits and the retries of the options.
    pub(crate) fn build(&self, builder: ClientBuilder) -> Result<Client, Error> {
        // Shows an interruption whether anything can have been sent.
        let builder = builder.http_client(|http| http.connector_layer(NoteConnections));
        let mut builder = builder.retry(self.retry);
        if let Some(limit) = self.timeout {
            builder = builder.timeout(limit);
        }
        if let Some(limit) = self.connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        builder.build()
    }
}
