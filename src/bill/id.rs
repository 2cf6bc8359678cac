//! The identifier of a bill.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, invisible, raw::types};

/// The identifier that the sender gave to a bill (청구서 ID), unique for good.
///
/// One to 20 characters (Unicode scalar values; the limit is the specification's). Letters of any
/// script, digits, signs and spaces inside are sent exactly as given. Refused are commas, which
/// would make the hash ambiguous, white space at either end, and control, zero-width and
/// bidirectional characters, which nobody can see.
///
/// ```
/// use payssam::BillId;
///
/// assert!(BillId::new("2024-0001").is_ok());
/// assert!(BillId::new("3월 수강료/김").is_ok());
/// assert!(BillId::new("2024,0001").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(extend("minLength" = 1, "maxLength" = 20)))]
#[serde(try_from = "String", into = "String")]
pub struct BillId(Box<str>);

impl BillId {
    /// Takes an identifier as it is; nothing is trimmed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken.
    pub fn new(id: impl AsRef<str>) -> Result<Self, Error> {
        let id = id.as_ref();
        let invalid = |problem: String| Err(Error::invalid("bill id", problem));
        if id.is_empty() {
            return invalid("it is empty".into());
        }
        if id.trim() != id {
            return invalid("white space stands at its beginning or end".into());
        }
        if id.contains(',') {
            return invalid("a comma would make the hash ambiguous".into());
        }
        if let Some(hidden) = id.chars().find(|&c| invisible::is_invisible(c)) {
            return invalid(format!(
                "the invisible character U+{:04X} is not allowed",
                hidden as u32
            ));
        }
        types::ReadBillInfoBillId::try_from(id)
            .map_err(|limit| Error::invalid("bill id", limit))?;
        Ok(BillId(id.into()))
    }

    /// The identifier as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BillId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for BillId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for BillId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self, Error> {
        BillId::new(id)
    }
}

impl TryFrom<String> for BillId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        BillId::new(id)
    }
}

impl From<BillId> for String {
    fn from(id: BillId) -> String {
        id.0.into()
    }
}
