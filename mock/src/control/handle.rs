//! What the handlers of the control API share.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{rejection::Rejection, state::SharedState};

/// How many requests may wait for something at the same time: each keeps a connection.
const WAITING: usize = 64;

/// How many snapshots are read at the same time: each may be large. None waits for another, which may be slow.
const READING: usize = 4;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Control {
    pub(super) state: SharedState,
    places: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

impl Control {
    pub(super) fn new(state: SharedState) -> Self {
        Control {
            state,
            places: Arc::new(Semaphore::new(WAITING)),
            reading: Arc::new(Semaphore::new(READING)),
        }
    }

    /// A place among the snapshots that are read.
    pub(super) fn reading(&self) -> Result<OwnedSemaphorePermit, Rejection> {
        self.reading.clone().try_acquire_owned().map_err(|_| {
            Rejection::with_http_status(
                503,
                "MOCK_TOO_MANY_WAITING",
                "4 snapshots are sent already: end one of these first",
            )
        })
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
