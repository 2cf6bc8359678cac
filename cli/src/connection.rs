//! Where PaySsam is, how long a request may take, and how often it is tried.

use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::GLOBAL;
use payssam::{Client, ClientBuilder, Credentials, Error, RetryPolicy};

pub(crate) const ENVIRONMENT: &str = "\
Environment, for all that calls PaySsam:
  PAYSSAM_BASE_URL  where PaySsam is, such as https://mock.paymint.co.kr/partner
  PAYSSAM_API_KEY   the partner's key (apiKey)
  PAYSSAM_MEMBER    the partner's code for a user (파트너 사용자 코드)
  PAYSSAM_MERCHANT  the partner's code for a store (파트너 매장 코드)";

/// The end of the help of a command that needs an account.
pub(crate) fn help(examples: &[&str]) -> String {
    format!("{}\n\n{}", ENVIRONMENT, super::help_with(examples))
}

#[derive(Args)]
pub(crate) struct ConnectionOptions {
    /// Where PaySsam is, instead of PAYSSAM_BASE_URL: https, or http on loopback.
    #[arg(long, global = true, value_name = "URL", help_heading = GLOBAL)]
    base_url: Option<String>,
    /// How long a request may take, such as 2s or 500ms [default: 30s].
    #[arg(
        long,
        global = true,
        value_name = "D",
        allow_hyphen_values = true,
        help_heading = GLOBAL
    )]
    timeout: Option<String>,
    /// How long connecting may take, such as 2s or 500ms [default: 5s].
    #[arg(
        long,
        global = true,
        value_name = "D",
        allow_hyphen_values = true,
        help_heading = GLOBAL
    )]
    connect_timeout: Option<String>,
    /// Do not retry.
    ///
    /// Without it, a read that failed, and a write that provably never left, are tried three
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
        let limit = |field, text: Option<String>| text.map(|text| duration(field, &text));
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
    /// A client for the PaySsam that the options or the environment name.
    pub(crate) fn client_from_env(&self) -> Result<Client, Error> {
        let builder = match &self.base_url {
            Some(base_url) => Client::builder(Credentials::from_env()?).base_url(base_url),
            None => ClientBuilder::from_env()?,
        };
        self.build(builder)
    }

    /// A client with the limits and the retries of the options.
    pub(crate) fn build(&self, builder: ClientBuilder) -> Result<Client, Error> {
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

pub(crate) fn duration(field: &'static str, text: &str) -> Result<Duration, Error> {
    let duration: SignedDuration = text.parse().map_err(|_| {
        Error::invalid_input(
            field,
            "it is not a duration; write a number and a unit, such as 2s or 500ms",
        )
    })?;
    if !duration.is_positive() {
        return Err(Error::invalid_input(field, "it must be greater than zero"));
    }
    Duration::try_from(duration).map_err(|_| Error::invalid_input(field, "it is out of range"))
}
