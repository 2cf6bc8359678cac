//! The client whose calls block.

use std::{
    fmt, process,
    sync::{Arc, mpsc},
    time::Duration,
};

use tokio::runtime::{self, Runtime};

use crate::{
    client::{self, Credentials},
    outcome::Error,
    policy::{ConfirmPolicy, RetryPolicy},
};

/// A client for PaySsam's Partner API V2 whose calls block.
///
/// It is cheap to clone; all clones share one thread and one pool of connections.
///
/// A child process that was forked has no thread of it: there each call is [`Error::Config`] at once. Servers
/// that fork their workers make a client in each worker.
#[derive(Clone)]
#[must_use]
pub struct Client {
    client: client::Client,
    runtime: Arc<Background>,
}

/// A runtime that can be dropped anywhere, even in another runtime or in a child process.
struct Background {
    runtime: Option<Runtime>,
    /// The process whose threads it has: a child of `fork` gets none of them.
    process: u32,
}

impl Background {
    /// The runtime, in the process that made it.
    fn runtime(&self) -> Result<&Runtime, Error> {
        let runtime = self.runtime.as_ref();
        runtime
            .filter(|_| self.process == process::id())
            .ok_or_else(|| {
                Error::config(
                    "blocking client",
                    "it was made before this process was forked, and its thread is not here; \
                 make a client in each process",
                )
            })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        match self.runtime.take() {
            Some(runtime) if self.process == process::id() => runtime.shutdown_background(),
            // Whatever its threads held when the process was forked is held forever.
            other => std::mem::forget(other),
        }
    }
}

impl Client {
    /// A blocking client with the settings of `client`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when no thread can be started.
    pub fn new(client: client::Client) -> Result<Self, Error> {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("payssam")
            .enable_all()
            .build()
            .map_err(|error| Error::config("runtime", error))?;
        Ok(Client {
            client,
            runtime: Arc::new(Background {
                runtime: Some(runtime),
                process: process::id(),
            }),
        })
    }

    /// Sets up a client as [`payssam::Client::from_env`](crate::Client::from_env) does.
    ///
    /// # Errors
    ///
    /// As for that method, and for [`new`](Client::new).
    pub fn from_env() -> Result<Self, Error> {
        Client::new(client::Client::from_env()?)
    }

    /// A client for another member. It shares thread and connections.
    ///
    /// # Errors
    ///
    /// As for [`payssam::Client::with_member`](crate::Client::with_member).
    pub fn with_member(&self, member: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with(self.client.with_member(member)?))
    }

    /// A client for another merchant of the same member. It shares thread and connections.
    ///
    /// # Errors
    ///
    /// As for [`payssam::Client::with_merchant`](crate::Client::with_merchant).
    pub fn with_merchant(&self, merchant: impl AsRef<str>) -> Result<Self, Error> {
        Ok(self.with(self.client.with_merchant(merchant)?))
    }

    /// A client with another time limit for each request. It shares thread and connections.
    ///
    /// # Errors
    ///
    /// As for [`payssam::Client::with_timeout`](crate::Client::with_timeout).
    pub fn with_timeout(&self, limit: Duration) -> Result<Self, Error> {
        Ok(self.with(self.client.with_timeout(limit)?))
    }

    /// A client with another retry policy. It shares thread and connections.
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        self.with(self.client.with_retry(policy))
    }

    /// A client with another policy for unknown outcomes. It shares thread and connections.
    pub fn with_confirm(&self, policy: ConfirmPolicy) -> Self {
        self.with(self.client.with_confirm(policy))
    }

    fn with(&self, client: client::Client) -> Self {
        Client {
            client,
            runtime: self.runtime.clone(),
        }
    }

    /// The member and merchant that this client is for.
    pub fn credentials(&self) -> &Credentials {
        self.client.credentials()
    }

    /// The runtime that makes the calls, in the process that made it.
    pub(super) fn runtime(&self) -> Result<&Runtime, Error> {
        self.runtime.runtime()
    }

    /// The client that makes the calls.
    pub(super) fn asynchronous(&self) -> client::Client {
        self.client.clone()
    }

    /// Makes a call on the thread of the client, and waits until it ends.
    pub(super) fn wait<F, T, E>(&self, call: impl FnOnce(client::Client) -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let runtime = self.runtime()?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let call = call(self.client.clone());
        runtime.spawn(async move {
            // The receiver waits for it.
            let _ = sender.send(call.await);
        });
        match receiver.recv() {
            Ok(ended) => ended,
            Err(_) => std::panic::resume_unwind(Box::new("a call panicked")),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("blocking::Client")
            .field(&self.client)
            .finish()
    }
}
