//! Whom a cash receipt is for.

use serde::{Deserialize, Serialize};

use crate::value::{BusinessNumber, PhoneNumber, ReceiptCardNumber, ResidentNumber};

/// The tax office's number for payers who give none, 010-000-1234.
const SELF_ISSUE: &str = "0100001234";

/// Whom a cash receipt is for (`issuanceNumber`, `trader`).
///
/// `Debug` masks the number; serde writes and reads it whole.
///
/// ```
/// use payssam::{PhoneNumber, ReceiptHolder};
///
/// let holder = ReceiptHolder::Person(PhoneNumber::new("010-1234-5678")?.into());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReceiptHolder {
    /// A person, for the income deduction (소득공제).
    Person(PersonNumber),
    /// A business, as proof of an expense (지출증빙).
    Business(BusinessNumber),
    /// A card for cash receipts (현금영수증카드), of a person. That such cards have 13 to 19 digits is general
    /// knowledge; that PaySsam takes them is not known.
    Card(ReceiptCardNumber),
    /// A payer who gave no number (자진발급): the receipt is issued to the tax office's self-issue number,
    /// 010-000-1234, as a person. Used, with version 1 in production.
    #[doc(alias = "자진발급")]
    SelfIssue,
}

impl ReceiptHolder {
    /// Person or business.
    pub fn trader(&self) -> Trader {
        match self {
            ReceiptHolder::Person(_) | ReceiptHolder::Card(_) | ReceiptHolder::SelfIssue => {
                Trader::Person
            }
            ReceiptHolder::Business(_) => Trader::Business,
        }
    }

    /// The digits. They are personal data: keep them out of logs.
    pub fn reveal(&self) -> &str {
        match self {
            ReceiptHolder::Person(PersonNumber::Phone(phone)) => phone.reveal(),
            ReceiptHolder::Person(PersonNumber::Resident(number)) => number.reveal(),
            ReceiptHolder::Business(number) => number.reveal(),
            ReceiptHolder::Card(number) => number.reveal(),
            ReceiptHolder::SelfIssue => SELF_ISSUE,
        }
    }
}

/// The number that identifies a person to the tax office.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PersonNumber {
    /// A mobile phone number.
    Phone(PhoneNumber),
    /// A resident registration number.
    Resident(ResidentNumber),
}

impl From<PhoneNumber> for PersonNumber {
    fn from(phone: PhoneNumber) -> Self {
        PersonNumber::Phone(phone)
    }
}

impl From<ResidentNumber> for PersonNumber {
    fn from(number: ResidentNumber) -> Self {
        PersonNumber::Resident(number)
    }
}

/// Person or business (`trader`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trader {
    /// `0`: a person.
    Person,
    /// `1`: a business.
    Business,
}

impl Trader {
    /// As PaySsam writes it.
    pub(super) fn digit(self) -> &'static str {
        match self {
            Trader::Person => "0",
            Trader::Business => "1",
        }
    }
}
