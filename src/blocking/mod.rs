//! The same client for programs that do not use tokio (feature `blocking`).
//!
//! Every call of [`payssam::Client`](crate::Client) is there under its own name, made by the same code, and
//! blocks the calling thread until it ends. It runs on a thread of the client's own, so that it works
//! outside of any runtime and inside of one. Inside of one it holds up the thread that calls it all the
//! same: there, the asynchronous client is the better one.
//!
//! ```no_run
//! use payssam::{BillId, BillState, blocking::Client};
//!
//! fn main() -> Result<(), payssam::Error> {
//!     let client = Client::from_env()?;
//!     for id in ["2024-0001", "2024-0002"] {
//!         let bill = client.bills().read(&BillId::new(id)?)?;
//!         if *bill.state() == BillState::Unpaid {
//!             println!("{id} is not paid yet");
//!         }
//!     }
//!     Ok(())
//! }
//! ```

mod bills;
#[cfg(feature = "preview")]
mod mapping;
#[cfg(feature = "preview")]
mod points;
#[cfg(feature = "preview")]
mod receipts;

pub use bills::Bills;
#[cfg(feature = "preview")]
pub use {mapping::Mapping, points::PointsOf, receipts::Receipts};

use std::{fmt, sync::Arc, sync::mpsc};

use serde::Serialize;
use tokio::runtime::{self, Runtime};

use crate::{
    ConfirmPolicy, Credentials, Error, RawAnswer, RetryPolicy,
    callback::{ApprovalCallback, NotVerified, VerifiedApproval},
};

/// A client for PaySsam's Partner API V2 whose calls block.
///
/// It is cheap to clone; all clones share one thread and one pool of connections.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Background>,
}

/// A runtime that can be dropped anywhere, also in another runtime.
struct Background(Option<Runtime>);

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// The blocking form of a client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] when no thread can be had.
    pub fn new(client: crate::Client) -> Result<Self, Error> {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("payssam")
            .enable_all()
            .build()
            .map_err(|error| Error::config("runtime", error))?;
        Ok(Client {
            client,
            runtime: Arc::new(Background(Some(runtime))),
        })
    }

    /// Sets up a client as [`payssam::Client::from_env`](crate::Client::from_env) does.
    ///
    /// # Errors
    ///
    /// As of that, and of [`new`](Client::new).
    pub fn from_env() -> Result<Self, Error> {
        Client::new(crate::Client::from_env()?)
    }

    /// A client for another shop of the same partner. It shares thread and connections.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as of [`Credentials::new`].
    pub fn with_merchant(
        &self,
        member: impl AsRef<str>,
        merchant: impl AsRef<str>,
    ) -> Result<Self, Error> {
        Ok(Client {
            client: self.client.with_merchant(member, merchant)?,
            runtime: self.runtime.clone(),
        })
    }

    /// A client that makes requests again by this policy. It shares thread and connections.
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Client {
            client: self.client.with_retry(policy),
            runtime: self.runtime.clone(),
        }
    }

    /// A client that pursues writes by this policy. It shares thread and connections.
    pub fn with_confirm(&self, policy: ConfirmPolicy) -> Self {
        Client {
            client: self.client.with_confirm(policy),
            runtime: self.runtime.clone(),
        }
    }

    /// The member and merchant that this client acts for.
    pub fn credentials(&self) -> &Credentials {
        self.client.credentials()
    }

    /// The bills of the member and merchant that this client acts for.
    pub fn bills(&self) -> Bills<'_> {
        Bills { client: self }
    }

    /// The cash receipts (현금영수증) of the member and merchant that this client acts for.
    #[cfg(feature = "preview")]
    pub fn receipts(&self) -> Receipts<'_> {
        Receipts { client: self }
    }

    /// The points (쌤포인트) of the partner, and of the shop that this client acts for.
    #[cfg(feature = "preview")]
    pub fn points(&self) -> PointsOf<'_> {
        PointsOf { client: self }
    }

    /// The mapping of shops to the partner.
    #[cfg(feature = "preview")]
    pub fn mapping(&self) -> Mapping<'_> {
        Mapping { client: self }
    }

    /// As [`payssam::Client::call`](crate::Client::call).
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn call(&self, path: &str, body: impl Serialize) -> Result<RawAnswer, Error> {
        let body = serde_json::to_value(body)
            .map_err(|_| Error::invalid_input("body", "it cannot be written as JSON"))?;
        let path = path.to_owned();
        self.wait(|client| async move { client.call(&path, body).await })
    }

    /// As [`ApprovalCallback::verify`].
    ///
    /// # Errors
    ///
    /// As of that.
    pub fn verify(&self, callback: &ApprovalCallback) -> Result<VerifiedApproval, NotVerified> {
        let callback = callback.clone();
        self.wait(|client| async move { callback.verify(&client).await })
    }

    /// Makes a call on the thread of the client, and waits for its end.
    fn wait<F, T>(&self, call: impl FnOnce(crate::Client) -> F) -> T
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let (tell, told) = mpsc::sync_channel(1);
        let call = call(self.client.clone());
        if let Some(runtime) = &self.runtime.0 {
            runtime.spawn(async move {
                // Whoever waits is there until it is told.
                let _ = tell.send(call.await);
            });
        }
        match told.recv() {
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
