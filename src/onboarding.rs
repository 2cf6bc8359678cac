//! The mapping of shops to a partner (가맹점 연동).

use std::fmt;

use crate::{
    BusinessNumber, Client, Doubt, Error, Malformed, Operation, Subject,
    answer::{Fields, Names},
    call::Call,
    callback::CallbackUrl,
};

const FIELDS: &Names<1> = &Names::new(["url"]);

/// The mapping of shops to the partner, from [`Client::mapping`].
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'c> {
    client: &'c Client,
}

impl Client {
    /// The mapping of shops to the partner.
    pub fn mapping(&self) -> Mapping<'_> {
        Mapping { client: self }
    }
}

/// A shop that is to register. `Debug` does not show its business number.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// The partner's code for a user (`memberId`), at most 30 characters here.
    pub member: String,
    /// The partner's code for the shop (`merchantId`), at most 30 characters here.
    pub merchant: String,
    /// The shop's business number.
    pub business_number: BusinessNumber,
    /// Where PaySsam tells of the registration. What it posts there is not known: a callback of any
    /// status is not yet success.
    pub callback: CallbackUrl,
    /// Where the shop is led afterwards.
    pub redirect: CallbackUrl,
}

/// Where a shop registers.
#[derive(Clone)]
pub struct Registration {
    fields: Fields<1>,
}

impl Registration {
    /// The address (`url`). Whoever has it can register in the shop's name.
    pub fn url(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("url")
    }
}

impl Mapping<'_> {
    /// Opens the registration of a shop, `POST /auth/mapping`, whatever shop this client acts for.
    ///
    /// Standing: reconstructed. The request was seen in part; the answer is used by one integration.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when a code has more than 30 characters or none; else see [`Error`].
    pub async fn open(&self, shop: NewShop) -> Result<Registration, Error> {
        self.client.check_runtime()?;
        let operation = Operation::MappingOpen;
        let call = Call::new(
            operation,
            Subject::Path(operation.path().into()),
            self.client,
        );
        let request = call.request_of(&[
            ("apiKey", self.client.credentials().reveal_api_key().into()),
            ("memberId", shop.member.as_str().into()),
            ("merchantId", shop.merchant.as_str().into()),
            ("businessNumber", shop.business_number.reveal().into()),
            ("callbackUrl", shop.callback.as_str().into()),
            ("redirectUrl", shop.redirect.as_str().into()),
        ])?;
        let send = || self.client.raw().send(&request);
        let doubts = |data: &Fields<1>| -> Option<Doubt> { data.doubt(|_| false) };
        let fields = call.make(FIELDS, send, doubts).await?;
        Ok(Registration { fields })
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Registration")
            .finish_non_exhaustive()
    }
}
