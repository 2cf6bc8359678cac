//! For whom a bill is: a member and a merchant.

use std::fmt;

use payssam::{Credentials, redact::escape};
use serde::Serialize;

/// A member and a merchant (파트너 사용자, 매장), without a key. Equal bill ids of two merchants are two bills.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Merchant {
    member: Box<str>,
    merchant: Box<str>,
}

impl Merchant {
    /// The merchant of this member. Write both as they are in the credentials of the client that reads its bills.
    pub fn new(member: impl AsRef<str>, merchant: impl AsRef<str>) -> Self {
        Merchant {
            member: member.as_ref().into(),
            merchant: merchant.as_ref().into(),
        }
    }

    /// The member, the partner's code for a user.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The merchant, the partner's code for a store.
    pub fn merchant(&self) -> &str {
        &self.merchant
    }
}

impl From<&Credentials> for Merchant {
    fn from(credentials: &Credentials) -> Self {
        Merchant::new(credentials.member(), credentials.merchant())
    }
}

impl fmt::Display for Merchant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (member, merchant) = (escape(&self.member), escape(&self.merchant));
        write!(formatter, "{member}/{merchant}")
    }
}
