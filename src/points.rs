//! Points (쌤포인트), which sending costs.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    Client, Doubt, Error, Malformed, Operation, Subject,
    answer::{Fields, Names},
    call::Call,
    written,
};

const FIELDS: &Names<2> = &Names::new(["balance", "chargeUrl"]);

/// The points of a partner and of a shop, from [`Client::points`].
///
/// Sending a bill costs 55 points (relayed). They are drawn from the partner or from the shop, by
/// contract: look at both balances.
#[derive(Clone, Copy, Debug)]
pub struct PointsOf<'c> {
    client: &'c Client,
}

impl Client {
    /// The points (쌤포인트) of the partner, and of the shop that this client acts for.
    pub fn points(&self) -> PointsOf<'_> {
        PointsOf { client: self }
    }
}

/// How many points are left, and where more are bought.
#[derive(Clone)]
pub struct Points {
    fields: Fields<2>,
}

impl Points {
    /// How many are left (`balance`).
    pub fn balance(&self) -> Result<Option<i64>, Malformed> {
        self.fields.parsed("balance", str::parse)
    }

    /// Where more are bought (`chargeUrl`).
    pub fn charge_url(&self) -> Result<Option<&str>, Malformed> {
        self.fields.text("chargeUrl")
    }

    /// Any field as it came, by the name that PaySsam gives it.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.fields.raw(field)
    }
}

impl PointsOf<'_> {
    /// Reads the points of the partner, `POST /read/remain_count`. It changes nothing, and is made again
    /// by the [retry policy](crate::ClientBuilder::retry).
    ///
    /// Standing: reconstructed. The page was seen in part, and the answer measured.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn partner(&self) -> Result<Points, Error> {
        self.client.check_runtime()?;
        let credentials = self.client.credentials();
        let call = self.call(Operation::PointsPartner);
        let request = call.request_of(&[("apiKey", credentials.reveal_api_key().into())])?;
        let send = || self.client.raw().send(&request);
        let fields = call.make(FIELDS, send, doubts).await?;
        Ok(Points { fields })
    }

    /// Reads the points of the shop that this client acts for, `POST /read/merchant/remain_count`. It
    /// changes nothing, and is made again by the [retry policy](crate::ClientBuilder::retry).
    ///
    /// Standing: reconstructed. The path was seen, and the rest measured.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn merchant(&self) -> Result<Points, Error> {
        self.client.check_runtime()?;
        let credentials = self.client.credentials();
        let call = self.call(Operation::PointsMerchant);
        let request = call.request_of(&[
            ("apiKey", credentials.reveal_api_key().into()),
            ("member", credentials.member().into()),
            ("merchant", credentials.merchant().into()),
        ])?;
        let send = || self.client.raw().send(&request);
        let fields = call.make(FIELDS, send, doubts).await?;
        Ok(Points { fields })
    }

    fn call(&self, operation: Operation) -> Call<'_> {
        Call::new(
            operation,
            Subject::Path(operation.path().into()),
            self.client,
        )
    }
}

fn doubts(points: &Fields<2>) -> Option<Doubt> {
    points.doubt(|_| false)
}

/// Points as they are logged and stored.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    balance: Option<i64>,
    charge_url: Option<&'a str>,
}

impl Serialize for Points {
    /// `{"balance","charge_url"}`; a balance that is malformed is `null`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written {
            balance: self.balance().ok().flatten(),
            charge_url: self.fields.raw("chargeUrl"),
        }
        .serialize(to)
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("Points", self, formatter)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Points {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
