//! Words that PaySsam wrote.

use std::fmt;

use crate::redact::{self, MASKED};

/// A message that PaySsam wrote.
///
/// `Display` and `Debug` escape invisible characters and mask what may be a phone, card, account or
/// receipt number, a hash or a key. Messages are for engineers: they may hold internal addresses, so do
/// not show them to payers.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    raw: Box<str>,
    shown: Box<str>,
}

impl Message {
    pub(crate) fn new(raw: String, api_key: &str) -> Self {
        Message {
            shown: redact::shown(&raw.replace(api_key, MASKED)).into(),
            raw: raw.into(),
        }
    }

    /// The message as received. It may hold personal data: keep it out of logs.
    pub fn raw(&self) -> &str {
        &self.raw
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
