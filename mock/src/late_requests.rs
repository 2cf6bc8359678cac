//! Requests that are carried out after their client has its response, or has none.

use std::collections::HashMap;

use crate::{key::Key, target::Target};

/// The requests that are still to be carried out.
#[derive(Default)]
pub(crate) struct LateRequests {
    count: usize,
    /// How many of them are in progress for a bill or a cash receipt, and refuse others meanwhile.
    in_progress: HashMap<Key, usize>,
}

impl LateRequests {
    pub(crate) fn begin(&mut self, target: Option<&Target>, refuses_others: bool) {
        self.count += 1;
        if let Some(target) = target.filter(|_| refuses_others) {
            *self.in_progress.entry(target.key.clone()).or_default() += 1;
        }
    }

    pub(crate) fn end(&mut self, target: Option<&Target>, refuses_others: bool) {
        self.count -= 1;
        if let Some(target) = target.filter(|_| refuses_others)
            && let Some(count) = self.in_progress.get_mut(&target.key)
        {
            *count -= 1;
            if *count == 0 {
                self.in_progress.remove(&target.key);
            }
        }
    }

    /// Whether a write is refused because another one for the same bill or cash receipt is in progress.
    pub(crate) fn refuse(&self, target: Option<&Target>) -> bool {
        target.is_some_and(|target| {
            target.operation.is_write() && self.in_progress.contains_key(&target.key)
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }
}
