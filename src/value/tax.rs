//! How much of an amount is value-added tax.

use crate::{Error, Won};

/// An amount and how much of it is the price of what is supplied (공급가액) and how much is
/// value-added tax (부가세).
///
/// ```
/// use payssam::{Vat, Won};
///
/// let lesson = Vat::free(Won::new(45_000)?);
/// assert_eq!((lesson.supply_price(), lesson.tax()), (45_000, 0));
///
/// let book = Vat::included(Won::new(7_500)?);
/// assert_eq!((book.supply_price(), book.tax()), (6_818, 682));
///
/// assert!(Vat::new(Won::new(7_500)?, 6_818, 681).is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vat {
    price: Won,
    tax: u64,
}

impl Vat {
    /// Nothing of the amount is tax (면세).
    pub fn free(price: Won) -> Self {
        Vat { price, tax: 0 }
    }

    /// The tax of 10 % is in the amount (과세): the supply price is the amount divided by 1.1, rounded to
    /// the nearest won, and the tax is the rest. So 1,000 won are 909 and 91.
    ///
    /// That is how receipts in Korea are usually made out; where yours are not, say the parts with
    /// [`new`](Vat::new).
    pub fn included(price: Won) -> Self {
        // The nearest to price / 1.1; no amount lies half way between two.
        let supply_price = (price.get() * 20 + 11) / 22;
        Vat {
            price,
            tax: price.get() - supply_price,
        }
    }

    /// Both parts as they are given.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when they do not add up to the amount.
    pub fn new(price: Won, supply_price: u64, tax: u64) -> Result<Self, Error> {
        if supply_price.checked_add(tax) != Some(price.get()) {
            return Err(Error::invalid_input(
                "tax",
                format!(
                    "a supply price of {supply_price} won and a tax of {tax} won do not add up to {price} won"
                ),
            ));
        }
        Ok(Vat { price, tax })
    }

    /// The whole amount.
    pub fn price(self) -> Won {
        self.price
    }

    /// What is supplied, in won (`supplyPrice`).
    pub fn supply_price(self) -> u64 {
        self.price.get() - self.tax
    }

    /// The tax, in won (`tax`).
    pub fn tax(self) -> u64 {
        self.tax
    }
}
