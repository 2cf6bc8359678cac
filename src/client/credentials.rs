//! Who is calling: the partner's key, and the member and merchant that the calls are for.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::stray::check_ends;
use crate::{
    operation::Operation,
    outcome::Error,
    raw::rules,
    redact::{MASKED, is_invisible},
    value::nfc::{NOT_COMPOSED, is_composed},
};

/// The API key of a partner, and the member and merchant that calls are for.
///
/// One key serves many merchants. A bill can be read and cancelled only with the member and merchant that
/// sent it. Sandbox and live keys are different keys.
///
/// `Debug` masks the key, and the memory that holds it here is cleared when the last clone is dropped.
/// Every request carries a copy, in memory that the HTTP library does not clear.
///
/// ```
/// use payssam::Credentials;
///
/// let credentials = Credentials::builder()
///     .api_key("api key")
///     .member("academy-7")
///     .merchant("gangnam")
///     .build()?;
/// let other = credentials.with_merchant("mapo")?;
/// assert_eq!((other.member(), other.merchant()), ("academy-7", "mapo"));
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    api_key: Arc<Zeroizing<String>>,
    member: Box<str>,
    merchant: Box<str>,
}

/// Builds [`Credentials`]. Each part has a method of its own, so that they cannot be swapped unnoticed.
#[derive(Clone, Default)]
#[must_use]
pub struct CredentialsBuilder {
    api_key: Zeroizing<String>,
    member: Box<str>,
    merchant: Box<str>,
}

impl CredentialsBuilder {
    /// The API key of the partner (파트너 연동을 위한 고유키), at most 32 characters (published).
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Zeroizing::new(api_key.into());
        self
    }

    /// The member, the partner's code for a user (파트너 사용자 코드), at most 60 characters (published).
    pub fn member(mut self, member: impl AsRef<str>) -> Self {
        self.member = member.as_ref().into();
        self
    }

    /// The merchant, the partner's code for a store (파트너 매장 코드), at most 60 characters (published).
    pub fn merchant(mut self, merchant: impl AsRef<str>) -> Self {
        self.merchant = merchant.as_ref().into();
        self
    }

    /// Checks and keeps the credentials.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when a part is empty or longer than the specification allows; when it begins or
    /// ends with white space, a no-break space, a quote or a byte order mark, as from an environment file (the message names
    /// the character); when it contains an invisible character, or is not in composed form (NFC). The
    /// message never repeats the value.
    pub fn build(self) -> Result<Credentials, Error> {
        for (field, wire_name, value) in [
            ("api key", "apiKey", self.api_key.as_str()),
            ("member", "member", &self.member),
            ("merchant", "merchant", &self.merchant),
        ] {
            check(field, wire_name, value)?;
        }
        Ok(Credentials {
            api_key: Arc::new(self.api_key),
            member: self.member,
            merchant: self.merchant,
        })
    }
}

impl Credentials {
    /// Starts without any part.
    pub fn builder() -> CredentialsBuilder {
        CredentialsBuilder::default()
    }

    /// The same key for another member.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CredentialsBuilder::build`].
    pub fn with_member(&self, member: impl AsRef<str>) -> Result<Self, Error> {
        let member: Box<str> = member.as_ref().into();
        check("member", "member", &member)?;
        Ok(Credentials {
            member,
            ..self.clone()
        })
    }

    /// The same key for another merchant.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] as for [`CredentialsBuilder::build`].
    pub fn with_merchant(&self, merchant: impl AsRef<str>) -> Result<Self, Error> {
        let merchant: Box<str> = merchant.as_ref().into();
        check("merchant", "merchant", &merchant)?;
        Ok(Credentials {
            merchant,
            ..self.clone()
        })
    }

    /// The API key. It is a secret: keep it out of logs.
    pub fn reveal_api_key(&self) -> &str {
        &self.api_key
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

fn check(field: &'static str, wire_name: &str, value: &str) -> Result<(), Error> {
    if value.trim().is_empty() {
        return Err(Error::invalid_input(field, "it is empty"));
    }
    check_ends(value).map_err(|problem| Error::invalid_input(field, problem))?;
    if let Some(c) = value.chars().find(|c| is_invisible(*c)) {
        let problem = format!("it contains the invisible character U+{:04X}", c as u32);
        return Err(Error::invalid_input(field, problem));
    }
    if !is_composed(value) {
        return Err(Error::invalid_input(field, NOT_COMPOSED));
    }
    rules::check_length(Operation::BillRead.path(), &[wire_name], value)
        .map_err(|limit| Error::invalid_input(field, limit))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("api_key", &format_args!("{MASKED}"))
            .field("member", &self.member)
            .field("merchant", &self.merchant)
            .finish()
    }
}

impl fmt::Debug for CredentialsBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CredentialsBuilder { .. }")
    }
}
