//! Points (쌤포인트), which pay for sending.

use crate::{
    client::Client,
    endpoint::{Body, Endpoint, Fields, Names, Text, response_type},
    operation::Operation,
    outcome::{Error, Subject},
};

/// The points of a partner and of a merchant, from [`Client::points`].
///
/// Sending a bill costs 55 points (reported). They are taken from the partner or from the merchant,
/// depending on the contract: look at both balances.
#[doc(alias = "쌤포인트")]
#[derive(Clone, Debug)]
#[must_use]
pub struct PointsOf {
    client: Client,
}

impl Client {
    /// The points (쌤포인트) of the partner, and of the merchant that this client is for.
    pub fn points(&self) -> PointsOf {
        PointsOf {
            client: self.clone(),
        }
    }
}

response_type! {
    /// How many points are left, and where to buy more.
    ///
    /// serde writes `{"balance","charge_url"}`.
    pub struct Points, "Points", {
        /// How many are left (`balance`).
        balance: i64 = "balance",
        /// Where to buy more (`chargeUrl`).
        charge_url: Text = "chargeUrl",
    }
    hidden {}
    nested {}
    echoed {}
}

/// The request to read the points of the partner.
struct PartnerPoints;

impl Endpoint for PartnerPoints {
    type Response = Points;

    const OPERATION: Operation = Operation::PointsPartner;
    const NAMES: &'static Names = Points::NAMES;

    fn subject(&self) -> Subject {
        Subject::Path(Self::OPERATION.path().into())
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Partner(&[]))
    }

    fn response(&self, fields: Fields) -> Points {
        Points { fields }
    }
}

/// The request to read the points of the merchant.
struct MerchantPoints;

impl Endpoint for MerchantPoints {
    type Response = Points;

    const OPERATION: Operation = Operation::PointsMerchant;
    const NAMES: &'static Names = Points::NAMES;

    fn subject(&self) -> Subject {
        Subject::Path(Self::OPERATION.path().into())
    }

    fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
        send(Body::Merchant)
    }

    fn response(&self, fields: Fields) -> Points {
        Points { fields }
    }
}

impl PointsOf {
    /// Reads the points of the partner, `POST /read/remain_count`. It changes nothing, so the client retries
    /// it by its [retry policy](crate::ClientBuilder::retry).
    ///
    /// Reconstructed: a part of the page was published, the response observed.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// let points = client.points().partner().await?;
    /// println!("{:?} points left", points.balance());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn partner(&self) -> Result<Points, Error> {
        self.client.execute(&PartnerPoints).await
    }

    /// Reads the points of the merchant that this client is for, `POST /read/merchant/remain_count`. It
    /// changes nothing, so the client retries it by its [retry policy](crate::ClientBuilder::retry).
    ///
    /// Reconstructed: the path was published, the rest observed.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), payssam::Error> {
    /// let points = client.points().merchant().await?;
    /// println!("{:?} points left", points.balance());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn merchant(&self) -> Result<Points, Error> {
        self.client.execute(&MerchantPoints).await
    }
}
