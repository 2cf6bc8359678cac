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
    pub(crate) partner: Option<String>,
    pub(crate) member: Option<String>,
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
    milliseconds: Option<u64>,
    /// Only requests of these.
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    #[serde(default, deserialize_with = "operation")]
    operation: Option<Operation>,
    #[serde(default)]
    next: bool,
    first: Option<u64>,
    every: Option<u64>,
    probability: Option<f64>,
    seed: Option<u64>,
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
        if fields.every == Some(0) {
            return Err("every must be 1 or more".to_owned());
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
    /// The bill, unpaid and without history.
    pub(crate) fn bill(&self) -> MockBill {
        let bill = MockBill::new(self.bill_id.clone(), self.price);
        let bill = match &self.callback_url {
            Some(url) => bill.with_callback_url(url, false),
            None => bill,
        };
        MockBill {
            last_day: self.expires_on,
            product: self.product.as_str().into(),
            payer: masked::person(&self.payer),
            ..bill
        }
    }
}

/// The key of a bill that is to be there; by default of the first partner, and its first member and merchant.
pub(crate) fn key_of(
    wish: &BillWish,
    partners: &Partners,
    default: (&str, &str),
) -> Result<Key, String> {
    let partner = match &wish.partner {
        Some(name) => partners.by_name(name).ok_or_else(|| {
            let known = partners.all().iter().map(|partner| &*partner.name);
            let near = nearest(name, known);
            let near = near.map(|near| format!("; the nearest is `{near}`"));
            format!("there is no partner `{name}`{}", near.unwrap_or_default())
        })?,
        None => &partners.all()[0],
    };
    let is_given = |known: &&(String, String)| {
        wish.member.as_ref().is_none_or(|member| *member == known.0)
            && wish
                .merchant
                .as_ref()
                .is_none_or(|merchant| *merchant == known.1)
    };
    let (member, merchant) = match partner.merchants.iter().find(is_given) {
        Some((member, merchant)) => (&**member, &**merchant),
        None if partner.merchants.is_empty() => (
            wish.member.as_deref().unwrap_or(default.0),
            wish.merchant.as_deref().unwrap_or(default.1),
        ),
        None => {
            let given = wish.merchant.as_deref().or(wish.member.as_deref());
            let given = given.unwrap_or_default();
            let known = partner.merchants.iter().flat_map(|one| [&*one.0, &*one.1]);
            let near = nearest(given, known);
            let near = near.map(|near| format!("; the nearest is `{near}`"));
            return Err(format!(
                "the partner {} has no such member and merchant as `{given}`{}",
                partner.name,
                near.unwrap_or_default()
            ));
        }
    };
    Ok(Key::new(
        &partner.name,
        member,
        merchant,
        wish.bill_id.as_str(),
    ))
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

fn price<'de, D: Deserializer<'de>>(from: D) -> Result<Won, D::Error> {
    Won::new(u64::deserialize(from)?).map_err(de::Error::custom)
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
