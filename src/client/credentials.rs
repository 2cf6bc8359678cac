//! Who is calling: the partner's key, and the member and merchant on whose behalf.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::{Error, Operation, mask::MASKED, raw::rules, redact};

/// The key of a partner and the shop that the calls are for.
///
/// One key serves many merchants. A bill can be read and cancelled only with the member and
/// merchant that sent it. MockServer and live keys are different keys.
///
/// `Debug` does not show the key, and the memory that holds it here is cleared when the last clone is
/// dropped. Every request carries a copy, in memory that the HTTP library frees as it is.
#[derive(Clone)]
pub struct Credentials {
    api_key: Arc<Zeroizing<String>>,
    member: Box<str>,
    merchant: Box<str>,
}

impl Credentials {
    /// Takes the API key (파트너 연동을 위한 고유키), the member (파트너 사용자 코드) and the merchant
    /// (파트너 매장 코드).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when one of them is empty, longer than the specification allows
    /// (32, 60 and 60 characters), or holds an invisible character. The message never repeats the
    /// value.
    pub fn new(
        api_key: impl Into<String>,
        member: impl AsRef<str>,
        merchant: impl AsRef<str>,
    ) -> Result<Self, Error> {
        let api_key = Zeroizing::new(api_key.into());
        check("api key", &api_key)?;
        check_length("api key", "apiKey", &api_key)?;
        Credentials::of(Arc::new(api_key), member.as_ref(), merchant.as_ref())
    }

    /// The same key for another shop.
    pub fn with_merchant(&self, member: &str, merchant: &str) -> Result<Self, Error> {
        Credentials::of(self.api_key.clone(), member, merchant)
    }

    fn of(api_key: Arc<Zeroizing<String>>, member: &str, merchant: &str) -> Result<Self, Error> {
        check("member", member)?;
        check_length("member", "member", member)?;
        check("merchant", merchant)?;
        check_length("merchant", "merchant", merchant)?;
        Ok(Credentials {
            api_key,
            member: member.into(),
            merchant: merchant.into(),
        })
    }

    /// The key. It is a secret: keep it out of logs.
    pub fn reveal_api_key(&self) -> &str {
        &self.api_key
    }

    /// The member, the partner's code for a user.
    pub fn member(&self) -> &str {
        &self.member
    }

    /// The merchant, the partner's code for a shop.
    pub fn merchant(&self) -> &str {
        &self.merchant
    }
}

fn check(field: &'static str, value: &str) -> Result<(), Error> {
    if value.trim().is_empty() {
        return Err(Error::invalid_input(field, "it is empty"));
    }
    if value.chars().any(redact::is_invisible) {
        return Err(Error::invalid_input(
            field,
            "it holds an invisible character",
        ));
    }
    Ok(())
}

fn check_length(field: &'static str, name: &str, value: &str) -> Result<(), Error> {
    rules::check_length(Operation::BillRead.path(), &[name], value)
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
