//! Verifies a payment by reading its bill.

use std::pin::Pin;

use super::{
    bills::Bills,
    not_verified::{NotVerified, Part},
    read::{Bill, ReadBill},
    verified_payment::{VerifiedCancellation, VerifiedPayment},
};
use crate::{
    client::{Client, Credentials},
    endpoint::Endpoint,
    operation::Operation,
    outcome::Error,
    policy::{by, moment_after},
    value::{BillId, BillState, Won},
};

impl Bills {
    /// Verifies the payment of a bill without a callback: it reads the bill. Await it.
    ///
    /// A callback may never arrive, so read the bills that are open for long, and book what this returns as you
    /// book what a callback leads to.
    ///
    /// It ends within [`VerifyLimit::time`](crate::VerifyLimit::time) (10 seconds by default). Within that
    /// time the client retries the read by its [retry policy](crate::ClientBuilder::retry). The limits of
    /// callbacks do not count it.
    ///
    /// ```no_run
    /// # async fn example(client: payssam::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use payssam::{BillId, Won};
    ///
    /// let (id, price) = (BillId::new("2024-0001")?, Won::new(45_000)?);
    /// match client.bills().verify_payment(&id).expecting(price).await {
    ///     Ok(payment) => println!("bill {id} was paid with {} won", payment.amount()),
    ///     Err(error) if error.is_retryable() => println!("not yet: {error}"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotVerified`](crate::callback::NotVerified); book no payment then.
    #[doc(alias = "수납 처리")]
    pub fn verify_payment(&self, id: &BillId) -> VerifyPayment {
        VerifyPayment {
            client: self.client.clone(),
            bill_id: id.clone(),
            price: None,
        }
    }
}

/// Verifies the payment of a bill, from [`Bills::verify_payment`]. Nothing is read before it is awaited; its
/// future is `Send`.
#[derive(Clone, Debug)]
#[must_use = "nothing is read before it is awaited"]
pub struct VerifyPayment {
    client: Client,
    bill_id: BillId,
    price: Option<Won>,
}

impl VerifyPayment {
    /// Verifies only a payment of exactly this amount.
    pub fn expecting(mut self, price: Won) -> Self {
        self.price = Some(price);
        self
    }

    async fn verify(self) -> Result<VerifiedPayment, NotVerified> {
        self.client.check_runtime()?;
        let read = ReadBill::deciding_money(self.bill_id);
        let end = moment_after(self.client.verify_limit().time);
        let bill = by(end, self.client.execute(&read))
            .await
            .unwrap_or_else(|| Err(Error::abandoned(Operation::BillRead, read.subject())))?;
        let expected = Expected {
            state: None,
            amount: self.price,
        };
        bill.verify(&expected, self.client.credentials())
    }
}

impl IntoFuture for VerifyPayment {
    type Output = Result<VerifiedPayment, NotVerified>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.verify())
    }
}

/// What somebody expects of a paid bill. `None` is not compared.
pub(crate) struct Expected<'e> {
    pub(crate) state: Option<&'e BillState>,
    pub(crate) amount: Option<Won>,
}

impl Bill {
    /// Decides whether this bill, as it was read with these credentials, is paid as expected.
    pub(crate) fn verify(
        self,
        expected: &Expected<'_>,
        credentials: &Credentials,
    ) -> Result<VerifiedPayment, NotVerified> {
        let amount = self.approval().price().ok().flatten();
        let differs = |part| {
            Err(NotVerified::Differs {
                bill_id: self.bill_id().clone(),
                part,
                state: self.state().clone(),
                amount,
            })
        };
        let is_another = |expected: Won| amount.is_some_and(|amount| amount != expected);
        let has_another_amount = expected.amount.is_some_and(is_another);
        match self.state() {
            BillState::Paid if expected.state.is_some_and(|state| state != self.state()) => {
                differs(Part::State)
            }
            BillState::Paid | BillState::Cancelled if has_another_amount => differs(Part::Amount),
            BillState::Paid => match amount {
                Some(amount) => Ok(VerifiedPayment::new(self, amount, credentials)),
                None => Err(NotVerified::AmountUnreadable {
                    bill_id: self.bill_id().clone(),
                }),
            },
            BillState::Cancelled => Err(NotVerified::CancelledSince(Box::new(
                VerifiedCancellation::new(self, amount, credentials),
            ))),
            _ => differs(Part::State),
        }
    }
}
