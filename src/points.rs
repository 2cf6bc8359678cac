//! Points (쌤포인트), which pay for sending.

use crate::{
    client::handle::handle,
    endpoint::{Body, Endpoint, Fields, Link, Names, response_type},
    operation::Operation,
    outcome::{Error, Subject},
};

handle! {
    /// The points of a partner and of a merchant, from [`Client::points`](crate::Client::points).
    ///
    /// Sending a bill costs 55 points (reported). They are taken from the partner or from the merchant,
    /// depending on the contract: look at both balances.
    #[doc(alias = "쌤포인트")]
    pub struct PointsOf;
    /// The points (쌤포인트) of the partner, and of the merchant that this client is for.
    points
}

response_type! {
    /// How many points are left, and where to buy more.
    ///
    /// serde writes `{"balance","charge_url"}`.
    pub struct Points, "Points", {
        /// How many are left (`balance`).
        balance: i64 = "balance",
        /// Where to buy more (`chargeUrl`).
        charge_url: Link = "chargeUrl",
    }
}

/// Declares a request to read points.
macro_rules! read_points {
    ($($Request:ident, $operation:ident, $body:expr;)+) => {$(
        struct $Request;

        impl Endpoint for $Request {
            type Response = Points;

            const OPERATION: Operation = Operation::$operation;
            const NAMES: &'static Names = Points::NAMES;

            fn subject(&self) -> Subject {
                Subject::Path(Self::OPERATION.path().into())
            }

            fn body<R>(&self, _: &str, send: impl FnOnce(Body<'_>) -> R) -> R {
                send($body)
            }

            fn response(&self, fields: Fields) -> Points {
                Points { fields }
            }
        }
    )+};
}

read_points! {
    PartnerPoints, PointsPartner, Body::Partner(&[]);
    MerchantPoints, PointsMerchant, Body::Merchant;
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
