//! Takes bills that were sent elsewhere.

use payssam::{BillId, ExpiryDate, Won};

use crate::{
    error::Error, ledger::Ledger, merchant::Merchant, reference, schedule::midnight_after,
    store::bills,
};

/// A bill that was sent elsewhere, to be watched.
#[derive(Clone, Debug)]
#[must_use]
pub struct Watch {
    bill_id: BillId,
    price: Won,
    reference: Option<Box<str>>,
    expires: Option<ExpiryDate>,
}

impl Watch {
    /// Watches this bill, which was sent with this price.
    pub fn new(bill_id: BillId, price: Won) -> Self {
        Watch {
            bill_id,
            price,
            reference: None,
            expires: None,
        }
    }

    /// Sets your own reference, as [`Reference::reference`](crate::Reference::reference) does.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into().into());
        self
    }

    /// Sets the last day on which it can be paid, so that it is not read for ever.
    pub fn expires(mut self, last_day: ExpiryDate) -> Self {
        self.expires = Some(last_day);
        self
    }
}

impl Ledger {
    /// Watches a bill that was sent elsewhere: its payment, cancellation and destruction become events. Watched again,
    /// nothing changes but what was not known. It is read soon.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when it is watched, or was sent, with another price, or the reference has more than 200
    /// characters; [`Error::Database`].
    pub async fn watch(&self, merchant: &Merchant, watch: Watch) -> Result<(), Error> {
        reference::check(watch.reference.as_deref())?;
        let (merchant, now) = (merchant.clone(), self.inner.now());
        let watched = self.inner.write(move |transaction| {
            let known = bills::get(transaction, &merchant, &watch.bill_id)?;
            let is_another = |price: Won| price != watch.price;
            if known.and_then(|bill| bill.price).is_some_and(is_another) {
                return Err(Error::Invalid {
                    what: "price",
                    problem: "this bill is known with another price",
                });
            }
            let mentioned = bills::Mentioned {
                merchant: &merchant,
                bill_id: &watch.bill_id,
                price: Some(watch.price),
                reference: watch.reference.as_deref(),
                expires_at: watch
                    .expires
                    .as_ref()
                    .and_then(|day| midnight_after(day.as_str())),
                is_watched: true,
                next_read_at: Some(now),
            };
            Ok(bills::mention(transaction, &mentioned, now)?)
        });
        watched.await?;
        self.inner.wake.notify_waiters();
        Ok(())
    }
}
