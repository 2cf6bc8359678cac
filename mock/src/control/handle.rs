//! What the handlers of the control API share.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{rejection::Rejection, state::SharedState};

/// How many requests may wait for something at the same time: each keeps a connection.
const WAITING: usize = 64;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Control {
    pub(super) state: SharedState,
    places: Arc<Semaphore>,
    /// One snapshot is read at a time: it may be large.
    pub(super) restoring: Arc<Semaphore>,
}

impl Control {
    pub(super) fn new(state: SharedState) -> Self {
        Control {
            state,
            places: Arc::new(Semaphore::new(WAITING)),
            restoring: Arc::new(Semaphore::new(1)),
        }
    }

    /// A place among those that wait.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, Rejection> {
        self.places.clone().try_acquire_owned().map_err(|_| {
            Rejection::with_http_status(
                503,
                "MOCK_TOO_MANY_WAITING",
                "64 requests wait already: end one of these first",
            )
        })
    }
}
