//! Requests that are carried out later than they came.

use std::collections::HashMap;

use crate::{key::Key, target::Target};

/// The requests that are still to be carried out.
#[derive(Default)]
pub(crate) struct LateRequests {
    requests: HashMap<u64, LateRequest>,
    last: u64,
}

struct LateRequest {
    key: Option<Key>,
    /// Whether it refuses others for its bill or cash receipt meanwhile.
    refuses_others: bool,
    /// Whether its client waits for it.
    has_client: bool,
}

impl LateRequests {
    /// Returns its number.
    pub(crate) fn begin(
        &mut self,
        target: Option<&Target>,
        refuses_others: bool,
        has_client: bool,
    ) -> u64 {
        self.last += 1;
        let request = LateRequest {
            key: target.map(|target| target.key.clone()),
            refuses_others,
            has_client,
        };
        self.requests.insert(self.last, request);
        self.last
    }

    /// Whether it is to be carried out: the world for which it came may be gone.
    pub(crate) fn end(&mut self, number: u64) -> bool {
        self.requests.remove(&number).is_some()
    }

    /// Forgets those about these bills and cash receipts.
    pub(crate) fn forget(&mut self, is_meant: impl Fn(Option<&Key>) -> bool) {
        self.requests
            .retain(|_, request| !is_meant(request.key.as_ref()));
    }

    /// Whether a write is refused because another one for the same bill or cash receipt is in progress.
    pub(crate) fn refuse(&self, target: Option<&Target>) -> bool {
        let refuses = |target: &Target| {
            let mut requests = self.requests.values();
            requests
                .any(|request| request.refuses_others && request.key.as_ref() == Some(&target.key))
        };
        target.is_some_and(|target| target.operation.is_write() && refuses(target))
    }

    /// Whether no request without a client is to be carried out.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.values().all(|request| request.has_client)
    }
}
