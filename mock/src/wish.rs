//! Bills and faults as a person writes them: in a seed, and to the control API.

use std::{fmt, time::Duration};

use jiff::civil::Date;
use payssam::{BillId, BillState, Operation, Won};
use serde::{Deserialize, Deserializer, de};

use crate::{
    bill::MockBill,
    fault::Fault,
    key::Key,
    masked,
    nearest::nearest,
    operation_path,
    partner::Partners,
    schedule::{Schedule, Scope},
};

/// A bill that is to be there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BillWish {
    /// The partner, the member and the merchant; by default the first.
    #[serde(default, deserialize_with = "name")]
    pub(crate) partner: Option<String>,
    #[serde(default, deserialize_with = "name")]
    pub(crate) member: Option<String>,
    #[serde(default, deserialize_with = "name")]
    pub(crate) merchant: Option<String>,
    pub(crate) bill_id: BillId,
    #[serde(deserialize_with = "price")]
    pub(crate) price: Won,
    #[serde(default = "unpaid", deserialize_with = "state")]
    pub(crate) state: BillState,
    #[serde(default)]
    pub(crate) product: String,
    #[serde(default)]
    pub(crate) payer: String,
    pub(crate) callback_url: Option<String>,
    #[serde(default, deserialize_with = "day")]
    pub(crate) expires_on: Option<Date>,
}

/// A fault that is to be injected.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "FaultFields")]
pub(crate) struct FaultWish {
    pub(crate) fault: Fault,
    pub(crate) schedule: Schedule,
}

/// Its fields. At most one of those that say when is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultFields {
    #[serde(deserialize_with = "fault")]
    fault: Fault,
    #[serde(default, deserialize_with = "number")]
    milliseconds: Option<u64>,
    /// Only requests of these.
    #[serde(default, deserialize_with = "name")]
    partner: Option<String>,
    #[serde(default, deserialize_with = "name")]
    member: Option<String>,
    #[serde(default, deserialize_with = "name")]
    merchant: Option<String>,
    #[serde(default, deserialize_with = "operation")]
    operation: Option<Operation>,
    #[serde(default)]
    next: bool,
    #[serde(default, deserialize_with = "count")]
    first: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    every: Option<u64>,
    #[serde(default, deserialize_with = "given")]
    probability: Option<f64>,
    #[serde(default, deserialize_with = "given")]
    seed: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    per_second: Option<u64>,
}

impl TryFrom<FaultFields> for FaultWish {
    type Error = String;

    fn try_from(fields: FaultFields) -> Result<Self, String> {
        let given = [
            fields.next,
            fields.first.is_some(),
            fields.every.is_some(),
            fields.probability.is_some(),
            fields.per_second.is_some(),
        ];
        if given.into_iter().filter(|is_given| *is_given).count() > 1 {
            return Err(
                "give one of next, first, every, probability and per_second, or none for all requests"
                    .to_owned(),
            );
        }
        if fields.seed.is_some() && fields.probability.is_none() {
            return Err("a seed needs a probability".to_owned());
        }
        let schedule = match &fields {
            FaultFields { next: true, .. } => Schedule::once(),
            FaultFields {
                first: Some(count), ..
            } => Schedule::first(*count),
            FaultFields {
                every: Some(nth), ..
            } => Schedule::every(*nth),
            FaultFields {
                per_second: Some(count),
                ..
            } => Schedule::beyond_per_second(*count),
            FaultFields {
                probability: Some(probability),
                seed,
                ..
            } => Schedule::probability(*probability, seed.unwrap_or_default())
                .map_err(|_| "probability must be a number from 0 to 1".to_owned())?,
            _ => Schedule::always(),
        };
        let schedule = schedule.of_scope(Scope {
            partner: fields.partner,
            member: fields.member,
            merchant: fields.merchant,
        });
        let schedule = match fields.operation {
            Some(operation) => schedule.on(operation),
            None => schedule,
        };
        let fault = match fields.milliseconds {
            Some(_) if fields.fault.time().is_none() => {
                return Err(format!("{} takes no milliseconds", fields.fault));
            }
            Some(milliseconds) => fields.fault.with_time(Duration::from_millis(milliseconds)),
            None => fields.fault,
        };
        Ok(FaultWish { fault, schedule })
    }
}

impl BillWish {
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            partner: self.partner.clone(),
            member: self.member.clone(),
            merchant: self.merchant.clone(),
        }
    }

    /// Whether it is to be paid, or was.
    pub(crate) fn is_paid(&self) -> bool {
        matches!(self.state, BillState::Paid | BillState::Cancelled)
    }

    /// The bill, unpaid and without history. Its texts have none of these keys.
    pub(crate) fn bill<'k>(&self, keys: impl Iterator<Item = &'k str>) -> MockBill {
        let bill = MockBill::new(self.bill_id.clone(), self.price);
        let bill = match &self.callback_url {
            Some(url) => bill.with_callback_url(url, false),
            None => bill,
        };
        MockBill {
            last_day: self.expires_on,
            product: masked::text(&self.product, keys),
            payer: masked::person(&self.payer),
            ..bill
        }
    }
}

/// The key of a bill; what is not given is the first partner, and its first member and merchant that fit.
pub(crate) fn key_of(
    scope: &Scope,
    bill_id: &str,
    partners: &Partners,
    default: (&str, &str),
) -> Result<Key, String> {
    partners.check(scope).map_err(|(_, problem)| problem)?;
    let named = scope
        .partner
        .as_deref()
        .and_then(|name| partners.by_name(name));
    let partner = named.unwrap_or(&partners.all()[0]);
    let of_partner = Scope {
        partner: Some(partner.name.to_string()),
        ..scope.clone()
    };
    partners
        .check(&of_partner)
        .map_err(|(_, problem)| problem)?;
    let (member, merchant) = match partner.merchants.iter().find(|known| scope.fits(known)) {
        Some((member, merchant)) => (&**member, &**merchant),
        None => (
            scope.member.as_deref().unwrap_or(default.0),
            scope.merchant.as_deref().unwrap_or(default.1),
        ),
    };
    Ok(Key::new(&partner.name, member, merchant, bill_id))
}

fn unpaid() -> BillState {
    BillState::Unpaid
}

/// The error of a name that is not known.
fn unknown<'k, E: de::Error>(
    what: &str,
    given: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> E {
    let all = known.clone().collect::<Vec<_>>().join(", ");
    let near = nearest(given, known).map(|name| format!("the nearest is `{name}`; "));
    E::custom(fmt::format(format_args!(
        "unknown {what} `{given}`; {}all are {all}",
        near.unwrap_or_default()
    )))
}

/// A price in won, as a number.
pub(crate) fn price<'de, D: Deserializer<'de>>(from: D) -> Result<Won, D::Error> {
    let expected = "price must be a whole number of won, 1 or more, of at most 10 digits, without quotes and commas";
    let won = whole(from, expected)?;
    Won::new(won).map_err(|_| de::Error::custom(expected))
}

/// The largest number: JSON has no larger whole ones for all.
const LARGEST: u64 = 1 << 53;

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let expected = "it must be a whole number from 0 to 2^53";
    match whole(from, expected)? {
        number @ 0..=LARGEST => Ok(Some(number)),
        _ => Err(de::Error::custom(expected)),
    }
}

fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let expected = "it must be a whole number, 1 or more, and at most 2^53";
    match whole(from, expected)? {
        number @ 1..=LARGEST => Ok(Some(number)),
        _ => Err(de::Error::custom(expected)),
    }
}

/// A whole number, or what it must be.
fn whole<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<u64, D::Error> {
    struct Whole(&'static str);
    impl de::Visitor<'_> for Whole {
        type Value = u64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
            Ok(number)
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<u64, E> {
            u64::try_from(number).map_err(|_| E::custom(self.0))
        }
    }
    from.deserialize_u64(Whole(expected))
}

/// A field that may be missing, but not null: that would mean no limit, and was hardly meant so.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The name of a partner, a member or a merchant.
pub(crate) fn name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    check_name(&text).map_err(de::Error::custom)?;
    Ok(Some(text))
}

/// Whether a text can be the name of a partner, a member or a merchant. What is in it is up to whoever sends it.
pub(crate) fn check_name(text: &str) -> Result<(), &'static str> {
    match !text.trim().is_empty() && text.chars().count() <= 60 {
        true => Ok(()),
        false => Err("it must be a name of 1 to 60 characters"),
    }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(from)?;
    let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    day.map(Some)
        .ok_or_else(|| de::Error::custom("it must be a date as YYYY-MM-DD, in quotes"))
}

pub(crate) fn known_state(text: &str) -> Option<BillState> {
    match BillState::from(text) {
        BillState::Unknown(_) => None,
        state => Some(state),
    }
}

fn state<'de, D: Deserializer<'de>>(from: D) -> Result<BillState, D::Error> {
    let text = String::deserialize(from)?;
    known_state(&text).ok_or_else(|| {
        let known = ["unpaid", "paid", "cancelled", "destroyed"];
        unknown("state", &text, known.into_iter())
    })
}

fn fault<'de, D: Deserializer<'de>>(from: D) -> Result<Fault, D::Error> {
    let text = String::deserialize(from)?;
    let known = Fault::ALL.iter().map(|fault| fault.name());
    text.parse().map_err(|_| unknown("fault", &text, known))
}

fn operation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Operation>, D::Error> {
    let text = String::deserialize(from)?;
    let known = Operation::ALL.iter().map(|operation| operation.as_str());
    operation_path::named(&text)
        .map(Some)
        .ok_or_else(|| unknown("operation", &text, known))
}
