//! Verifies a payment without a callback, and blocks.

use super::{client::Client, operations::Bills};
use crate::{
    callback::{NotVerified, VerifiedPayment},
    value::{BillId, Won},
};

impl Bills {
    /// As [`verify_payment`](crate::Bills::verify_payment); [`wait`](VerifyPayment::wait) makes the call.
    pub fn verify_payment(&self, id: &BillId) -> VerifyPayment {
        VerifyPayment {
            client: self.client.clone(),
            bill_id: id.clone(),
            price: None,
        }
    }
}

/// Verifies the payment of a bill, from [`Bills::verify_payment`].
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `wait`"]
pub struct VerifyPayment {
    client: Client,
    bill_id: BillId,
    price: Option<Won>,
}

impl VerifyPayment {
    /// As [`expecting`](crate::callback::VerifyPayment::expecting).
    pub fn expecting(mut self, price: Won) -> Self {
        self.price = Some(price);
        self
    }

    /// Reads the bill, and waits until that ends.
    ///
    /// # Errors
    ///
    /// As for [`verify_payment`](crate::Bills::verify_payment).
    pub fn wait(self) -> Result<VerifiedPayment, NotVerified> {
        let VerifyPayment {
            client,
            bill_id,
            price,
        } = self;
        client.wait(|client| async move {
            let verify = client.bills().verify_payment(&bill_id);
            match price {
                Some(price) => verify.expecting(price).await,
                None => verify.await,
            }
        })
    }
}
