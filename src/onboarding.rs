//! Connects merchants to a partner (가맹점 연동).

use serde::{Deserialize, Serialize};

use crate::{
    client::handle::handle,
    endpoint::{Body, Endpoint, Fields, Names, Text, response_type},
    operation::Operation,
    outcome::{Error, Subject},
    value::{BusinessNumber, CallbackUrl},
};

handle! {
    /// Connects merchants to the partner, from [`Client::onboarding`](crate::Client::onboarding).
    #[doc(alias = "가맹점 연동")]
    #[doc(alias = "mapping")]
    pub struct Onboarding;
    /// Connects merchants to the partner.
    onboarding
}

/// The request to register a merchant.
///
/// `Debug` masks its business number; serde writes and reads everything whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[must_use]
pub struct RegisterMerchant {
    /// The partner's code for a user (`memberId`), at most 30 characters here.
    pub member: String,
    /// The partner's code for the store (`merchantId`), at most 30 characters here.
    pub merchant: String,
    /// The merchant's business number.
    pub business_number: BusinessNumber,
    /// Where PaySsam posts a callback about the registration. What it posts is unknown: a callback of any
    /// status does not prove success.
    pub callback: CallbackUrl,
    /// Where the merchant is redirected afterwards.
    pub redirect: CallbackUrl,
}

response_type! {
    /// Where a merchant registers. Neither `Debug` nor serde shows the address.
    pub struct Registration, "Registration", {}
    hidden {
        /// The address (`url`). Whoever has it can register in the merchant's name.
        url: Text = "url",
    }
}

impl Endpoint for RegisterMerchant {
    type Response = Registration;

    const OPERATION: Operation = Operation::MerchantRegister;
    const NAMES: &'static Names = Registration::NAMES;

    fn subject(&self) -> Subject {
        Subject::Path(Self::OPERATION.path().into())
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Partner(&[
            ("memberId", self.member.as_str().into()),
            ("merchantId", self.merchant.as_str().into()),
            ("businessNumber", self.business_number.reveal().into()),
            ("callbackUrl", self.callback.as_str().into()),
            ("redirectUrl", self.redirect.as_str().into()),
        ]))
    }

    fn response(&self, fields: Fields) -> Registration {
        Registration { fields }
    }
}

impl Onboarding {
    /// Opens the registration of a merchant, `POST /auth/mapping`: any merchant, not only that of this
    /// client.
    ///
    /// Reconstructed: a part of the request was published; the response is used by one integration.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// use payssam::{RegisterMerchant, callback::CallbackUrl};
    ///
    /// let merchant = RegisterMerchant {
    ///     member: "academy-7".into(),
    ///     merchant: "gangnam".into(),
    ///     business_number: "220-81-62517".parse()?,
    ///     callback: CallbackUrl::new("https://academy.example/registered")?,
    ///     redirect: CallbackUrl::new("https://academy.example/welcome")?,
    /// };
    /// let registration = client.onboarding().register(&merchant).await?;
    /// println!("{:?}", registration.url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when a code is empty or has more than 30 characters; else see [`Error`].
    pub async fn register(&self, merchant: &RegisterMerchant) -> Result<Registration, Error> {
        self.client.execute(merchant).await
    }
}
