//! The words on a bill.
//!
//! How long they may be is not known, so no limit is kept to here; PaySsam's refusal says so.

use std::{fmt, str::FromStr};

use crate::{Error, mask::MASKED};

/// Refuses what is empty, and control characters, which nobody could see on a phone.
fn checked(field: &'static str, words: &str, allowed: &[char]) -> Result<Box<str>, Error> {
    if words.trim().is_empty() {
        return Err(Error::invalid_input(field, "it is empty"));
    }
    let is_refused = |c: &char| c.is_control() && !allowed.contains(c);
    if let Some(control) = words.chars().find(is_refused) {
        return Err(Error::invalid_input(
            field,
            format!(
                "the control character U+{:04X} is not allowed",
                control as u32
            ),
        ));
    }
    Ok(words.into())
}

/// What is paid for (`productName`), in one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProductName(Box<str>);

impl ProductName {
    /// Takes a name as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is empty or has a control character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, Error> {
        checked("product name", name.as_ref(), &[]).map(ProductName)
    }

    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProductName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        ProductName::new(name)
    }
}

/// The payer's name (`memberName`), in one line. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PayerName(Box<str>);

impl PayerName {
    /// Takes a name as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is empty or has a control character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, Error> {
        checked("payer name", name.as_ref(), &[]).map(PayerName)
    }

    /// The name as it is sent. It is personal data: keep it out of logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PayerName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PayerName({MASKED})")
    }
}

impl FromStr for PayerName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        PayerName::new(name)
    }
}

/// Who sends a bill (`billIssuer`), in one line. Version 1 of the API took 50 characters; the limit of this
/// one is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IssuerName(Box<str>);

impl IssuerName {
    /// Takes a name as it is.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is empty or has a control character.
    pub fn new(name: impl AsRef<str>) -> Result<Self, Error> {
        checked("issuer name", name.as_ref(), &[]).map(IssuerName)
    }

    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IssuerName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        IssuerName::new(name)
    }
}

/// Words to the payer (`message`), in any number of lines. `Debug` shows only their number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BillMessage(Box<str>);

impl BillMessage {
    /// Takes words as they are.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when they are empty, or have a control character other than a line end.
    pub fn new(words: impl AsRef<str>) -> Result<Self, Error> {
        checked("message", words.as_ref(), &['\n', '\r']).map(BillMessage)
    }

    /// The words as they are sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BillMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "BillMessage({} characters)",
            self.0.chars().count()
        )
    }
}

impl FromStr for BillMessage {
    type Err = Error;

    fn from_str(words: &str) -> Result<Self, Error> {
        BillMessage::new(words)
    }
}
