//! How much of an amount is value-added tax.

use serde::{Deserialize, Serialize};

use super::{invalid_value::InvalidValue, won::Won};

/// An amount split into supply price (공급가액) and value-added tax (부가세), in won.
///
/// ```
/// use payssam::{Tax, Won};
///
/// let lesson = Tax::free(Won::new(45_000)?);
/// assert_eq!((lesson.supply_price(), lesson.tax()), (45_000, 0));
///
/// let book = Tax::included(Won::new(7_500)?);
/// assert_eq!((book.supply_price(), book.tax()), (6_818, 682));
///
/// assert!(Tax::new(Won::new(7_500)?, 6_818, 681).is_err());
/// # Ok::<(), payssam::Error>(())
/// ```
/// serde writes and reads `{"price","supply_price","tax"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(try_from = "Parts")]
#[doc(alias = "VAT")]
#[doc(alias = "부가세")]
pub struct Tax {
    price: Won,
    supply_price: u64,
    tax: u64,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Parts {
    price: Won,
    supply_price: u64,
    tax: u64,
}

impl TryFrom<Parts> for Tax {
    type Error = InvalidValue;

    fn try_from(parts: Parts) -> Result<Self, InvalidValue> {
        Tax::new(parts.price, parts.supply_price, parts.tax)
    }
}

impl Tax {
    /// An amount without tax (면세).
    pub fn free(price: Won) -> Self {
        Tax::split(price, price.get())
    }

    /// An amount that includes the tax of 10 % (과세): the supply price is the amount divided by 1.1, rounded
    /// to the nearest won, and the tax is the rest. So 1,000 won are 909 and 91.
    ///
    /// Receipts in Korea are usually split in this way; if yours are not, give the parts to
    /// [`new`](Tax::new).
    pub fn included(price: Won) -> Self {
        // The nearest to price / 1.1; no amount lies half way between two.
        Tax::split(price, (price.get() * 20 + 11) / 22)
    }

    /// Both parts, in won.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] when they do not add up to the amount.
    pub fn new(price: Won, supply_price: u64, tax: u64) -> Result<Self, InvalidValue> {
        if supply_price.checked_add(tax) != Some(price.get()) {
            return Err(InvalidValue::new(
                "tax",
                format!(
                    "a supply price of {supply_price} won and a tax of {tax} won do not add up to {price} won"
                ),
            ));
        }
        Ok(Tax::split(price, supply_price))
    }

    fn split(price: Won, supply_price: u64) -> Self {
        Tax {
            price,
            supply_price,
            tax: price.get() - supply_price,
        }
    }

    /// The whole amount.
    pub fn price(self) -> Won {
        self.price
    }

    /// The supply price, in won (`supplyPrice`).
    pub fn supply_price(self) -> u64 {
        self.supply_price
    }

    /// The tax, in won (`tax`).
    pub fn tax(self) -> u64 {
        self.tax
    }
}
