//! The client.

use std::{fmt, sync::Arc, time::Duration};

use tokio::runtime::Handle;

use super::{credentials::Credentials, verify_gate::VerifyGate};
use crate::{
    outcome::Error,
    policy::{ConfirmPolicy, RetryPolicy, VerifyLimit, at_most_longest},
    raw,
};

/// A client for PaySsam's Partner API V2, for one member and merchant.
///
/// It is cheap to clone; all clones share one connection pool.
///
/// Calls need a tokio runtime with I/O and timers, as `#[tokio::main]` makes one. Without a runtime they
/// return [`Error::Config`]; on a runtime without I/O or timers, tokio panics.
///
/// # When the runtime ends
///
/// A runtime that is dropped or shut down drops the futures of its calls, wherever they are. The outcome of
/// a write among them is unknown, as after any dropped future: nothing more is sent, and what was sent may be carried
/// out. Wait for writes before you shut down, or store each request before it is sent and make its call
/// [`resuming`](crate::Confirming::resuming) after the start. A client that was made in one runtime can be used in another,
/// but connections that are idle belong to the first, and end with it.
///
/// # Testing with a paused clock
///
/// tokio's paused clock (`#[tokio::test(start_paused = true)]`) jumps to the next timer whenever the runtime only waits
/// for the network. So every call would reach its time limit at once. Let the clock run during calls:
///
/// ```no_run
/// # async fn example(client: payssam::Client, id: payssam::BillId) -> Result<(), payssam::Error> {
/// tokio::time::resume();
/// let bill = client.bills().read(&id).await?;
/// tokio::time::pause();
/// tokio::time::advance(std::time::Duration::from_secs(86_400)).await; // your own timers
/// # Ok(())
/// # }
/// ```
///
/// Or use [`blocking::Client`](crate::blocking::Client), which has a runtime and a clock of its own.
///
/// ```no_run
/// use payssam::{BillId, ClientBuilder};
///
/// # async fn example() -> Result<(), payssam::Error> {
/// let client = ClientBuilder::from_env()?.build()?;
/// let bill = client.bills().read(&BillId::new("2024-0001")?).await?;
/// println!("{}", bill.state());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Client {
    parts: Arc<Parts>,
}

/// What a client consists of. Every handle and every call has a clone of the client, so these are behind one pointer.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) raw: Arc<raw::Client>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) retry: RetryPolicy,
    pub(super) confirm: ConfirmPolicy,
    pub(super) verify_gate: Arc<VerifyGate>,
}

impl From<Parts> for Client {
    fn from(parts: Parts) -> Self {
        Client {
            parts: Arc::new(parts),
        }
    }
}

impl Client {
    /// A client for another member. It shares the connection pool.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CredentialsBuilder::build`](crate::CredentialsBuilder::build).
    pub fn with_member(&self, member: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with_credentials(self.parts.credentials.with_member(member)?))
    }

    /// A client for another merchant of the same member. It shares the connection pool.
    ///
    /// ```no_run
    /// # fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// let mapo = client.with_merchant("mapo")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CredentialsBuilder::build`](crate::CredentialsBuilder::build).
    pub fn with_merchant(&self, merchant: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with_credentials(self.parts.credentials.with_merchant(merchant)?))
    }

    /// A client with other credentials. It shares the connection pool.
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Client::from(Parts {
            credentials: Arc::new(credentials),
            ..self.parts()
        })
    }

    /// A client with another time limit for each request. It shares the connection pool.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when the limit is zero.
    pub fn with_timeout(&self, limit: Duration) -> Result<Self, Error> {
        if limit.is_zero() {
            return Err(Error::config("timeout", "it must be greater than zero"));
        }
        Ok(Client::from(Parts {
            raw: Arc::new(self.raw().with_timeout(at_most_longest(limit))),
            ..self.parts()
        }))
    }

    /// A client with another retry policy. It shares the connection pool.
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Client::from(Parts {
            retry: policy,
            ..self.parts()
        })
    }

    /// A client with another policy for [`cancel_and_confirm`](crate::Bills::cancel_and_confirm) and its
    /// like. It shares the connection pool.
    pub fn with_confirm(&self, policy: ConfirmPolicy) -> Self {
        Client::from(Parts {
            confirm: policy,
            ..self.parts()
        })
    }

    fn parts(&self) -> Parts {
        Parts::clone(&self.parts)
    }

    /// The member and merchant that this client is for.
    pub fn credentials(&self) -> &Credentials {
        &self.parts.credentials
    }

    /// When a request is retried.
    pub fn retry_policy(&self) -> RetryPolicy {
        self.parts.retry
    }

    /// How long and how often an unknown outcome is reconciled.
    pub fn confirm_policy(&self) -> ConfirmPolicy {
        self.parts.confirm
    }

    /// How many reads callbacks may cause.
    pub fn verify_limit(&self) -> VerifyLimit {
        self.parts.verify_gate.limit()
    }

    /// What lets callbacks cause reads, for this client and its clones together.
    pub(crate) fn verify_gate(&self) -> &VerifyGate {
        &self.parts.verify_gate
    }

    pub(crate) fn raw(&self) -> &raw::Client {
        &self.parts.raw
    }

    /// Refuses to make calls without a runtime.
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
            .field("base_url", &self.parts.raw.base_url())
            .field("credentials", &self.parts.credentials)
            .field("retry", &self.parts.retry)
            .field("confirm", &self.parts.confirm)
            .finish()
    }
}
