//! Words that PaySsam wrote.

use std::fmt;

use crate::redact::{shown_within, without_key};

/// The most characters of a message that are shown.
pub(super) const LONGEST: usize = 500;

/// A message that PaySsam wrote.
///
/// `Display` and `Debug` escape invisible characters, mask what may be a phone, card, account or receipt
/// number, a hash or a key, and end after 500 characters. Messages are for engineers: they may hold internal
/// addresses, so do not show them to payers.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    raw: Box<str>,
    shown: Box<str>,
}

impl Message {
    pub(crate) fn new(raw: &str, api_key: &str) -> Self {
        let raw = without_key(raw, api_key);
        Message {
            shown: shown_within(&raw, LONGEST).into(),
            raw: raw.into(),
        }
    }

    /// The message as received, but for the key. It may hold personal data: keep it out of logs.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

impl Message {
    /// What `Display` writes, with at most `limit` characters.
    pub(super) fn within(&self, limit: usize) -> String {
        shown_within(&self.raw, limit.min(LONGEST))
    }
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}
