//! How many reads callbacks may cause.

use std::time::Duration;

use super::moment::at_most_longest;

/// How many reads callbacks may cause: anybody can post a callback, and each one that is
/// [verified](crate::callback::ApprovalCallback::verify) is a read with the key.
///
/// The limits hold for a client and all its clones together. A callback above a limit of a minute is
/// [`NotVerified::TooMany`](crate::callback::NotVerified::TooMany) without a read: respond with
/// [`retry_later`](crate::callback::retry_later), and PaySsam sends it again within the hour. Reads above
/// [`at_once`](VerifyLimit::at_once) wait for one that ends.
///
/// ```
/// use std::time::Duration;
/// use payssam::VerifyLimit;
///
/// let limit = VerifyLimit::new().per_minute(1_200).time(Duration::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct VerifyLimit {
    pub(crate) at_once: usize,
    pub(crate) per_minute: usize,
    pub(crate) per_bill: usize,
    pub(crate) time: Duration,
}

impl Default for VerifyLimit {
    fn default() -> Self {
        VerifyLimit::new()
    }
}

impl VerifyLimit {
    /// 8 reads at once, 600 within a minute, 6 of them for one bill; 10 seconds for each.
    pub const fn new() -> Self {
        VerifyLimit {
            at_once: 8,
            per_minute: 600,
            per_bill: 6,
            time: Duration::from_secs(10),
        }
    }

    /// The most reads at the same time; 0 counts as 1.
    pub const fn at_once(mut self, most: usize) -> Self {
        self.at_once = most;
        self
    }

    /// The most reads within a minute.
    pub const fn per_minute(mut self, most: usize) -> Self {
        self.per_minute = most;
        self
    }

    /// The most reads of one bill of one merchant within a minute.
    pub const fn per_bill_and_minute(mut self, most: usize) -> Self {
        self.per_bill = most;
        self
    }

    /// The time limit of one verification, waiting for its turn included. Web servers give up after about 30
    /// seconds, and so may PaySsam. It holds for [`verify_payment`](crate::Bills::verify_payment) too, which the
    /// other limits do not count.
    pub const fn time(mut self, limit: Duration) -> Self {
        self.time = at_most_longest(limit);
        self
    }
}
