//! What a mock server remembers, as JSON: in a snapshot, and row by row in a state file.
//!
//! No key of a partner is in it, and no phone number. Callback URLs and links are.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use payssam::{BillId, BillState, KoreanTime, Operation, Won};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bill::MockBill,
    callback_queue::Callback,
    event::Event,
    exchange::Exchange,
    fault::Fault,
    history::{History, HistoryEntry},
    injections::{Injection, Position},
    key::Key,
    moves, operation_path,
    paid_by::PaidBy,
    partner::Partners,
    reach::Reach,
    receipt::MockReceipt,
    schedule::{Schedule, Scope, When},
    transaction::Transaction,
};

/// What is wrong with something that was saved.
pub(crate) type Problem = String;

/// Everything.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    pub(crate) world: SavedWorld,
    pub(crate) bills: Vec<SavedBill>,
    pub(crate) entries: Vec<SavedEntry>,
    pub(crate) receipts: Vec<SavedReceipt>,
    pub(crate) callbacks: Vec<SavedCallback>,
    pub(crate) positions: Vec<SavedPosition>,
}

/// What there is one of.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedWorld {
    /// How far the clock was advanced.
    pub(crate) ahead_seconds: i64,
    pub(crate) ahead_nanoseconds: i32,
    pub(crate) last_number: u64,
    pub(crate) transactions: u32,
    pub(crate) is_held: bool,
    pub(crate) last_callback: u64,
    pub(crate) points: BTreeMap<String, u32>,
    pub(crate) faults: Vec<SavedFault>,
}

impl SavedWorld {
    pub(crate) fn ahead(&self) -> Result<SignedDuration, Problem> {
        match self.ahead_seconds < 0 || !(0..1_000_000_000).contains(&self.ahead_nanoseconds) {
            true => Err("the clock can only be advanced".to_owned()),
            false => Ok(SignedDuration::new(
                self.ahead_seconds,
                self.ahead_nanoseconds,
            )),
        }
    }
}

/// Whose a bill or a cash receipt is.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SavedKey {
    partner: String,
    member: String,
    merchant: String,
    bill_id: String,
}

impl SavedKey {
    pub(crate) fn is_of(&self, scope: &Scope) -> bool {
        let is =
            |given: &Option<String>, known: &String| given.as_ref().is_none_or(|it| it == known);
        is(&scope.partner, &self.partner)
            && is(&scope.member, &self.member)
            && is(&scope.merchant, &self.merchant)
    }

    pub(crate) fn of(key: &Key) -> Self {
        SavedKey {
            partner: key.partner().to_owned(),
            member: key.member().to_owned(),
            merchant: key.merchant().to_owned(),
            bill_id: key.bill_id().to_owned(),
        }
    }

    pub(crate) fn key(&self, partners: &Partners) -> Result<Key, Problem> {
        let partner = partners
            .by_name(&self.partner)
            .ok_or_else(|| format!("there is no partner {:?}", self.partner))?;
        Ok(Key::new(
            &partner.name,
            &self.member,
            &self.merchant,
            &self.bill_id,
        ))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedTransaction {
    number: String,
    at: Timestamp,
}

impl SavedTransaction {
    fn of(transaction: &Transaction) -> Self {
        SavedTransaction {
            number: transaction.number.clone(),
            at: transaction.at.timestamp(),
        }
    }

    fn transaction(self) -> Transaction {
        Transaction {
            number: self.number,
            at: KoreanTime::from_timestamp(self.at),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SavedBill {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    /// The number of its first entry: bills are listed in this order.
    pub(crate) first: u64,
    price: u64,
    state: String,
    product: String,
    payer: String,
    payment: Option<SavedTransaction>,
    cancellation: Option<SavedTransaction>,
    callback_url: Option<String>,
    last_day: Option<jiff::civil::Date>,
    link: Option<String>,
    is_paid_on_site: bool,
    #[serde(default)]
    is_paid_by_account: bool,
}

impl SavedBill {
    pub(crate) fn of(key: &Key, bill: &MockBill) -> Self {
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        SavedBill {
            key: SavedKey::of(key),
            first: bill.history().first().map_or(0, |entry| entry.number),
            price: bill.price().get(),
            state: moves::letter(bill.state()).to_owned(),
            product: bill.product.to_string(),
            payer: bill.payer.to_string(),
            payment: bill.payment.as_ref().map(SavedTransaction::of),
            cancellation: bill.cancellation.as_ref().map(SavedTransaction::of),
            callback_url: text(&bill.callback_url),
            last_day: bill.last_day,
            link: text(&bill.link),
            is_paid_on_site: bill.is_paid_on_site,
            is_paid_by_account: bill.paid_by == PaidBy::Account,
        }
    }

    pub(crate) fn bill(
        self,
        entries: Vec<HistoryEntry>,
        reach: &Reach,
    ) -> Result<MockBill, Problem> {
        let id = BillId::new(&self.key.bill_id).map_err(|error| format!("bill_id: {error}"))?;
        let price = Won::new(self.price).map_err(|error| format!("price: {error}"))?;
        let states = [
            BillState::Unpaid,
            BillState::Paid,
            BillState::Cancelled,
            BillState::Destroyed,
        ];
        let mut states = states.into_iter();
        let state = states
            .find(|state| moves::letter(state) == self.state)
            .ok_or_else(|| format!("state: {:?} is not W, F, C or D", self.state))?;
        let mut bill = MockBill::new(id, price);
        if let Some(url) = &self.callback_url {
            bill = bill.with_callback_url(url, reach.callback_url(url).is_ok());
        }
        Ok(MockBill {
            state,
            product: self.product.into(),
            payer: self.payer.into(),
            payment: self.payment.map(SavedTransaction::transaction),
            cancellation: self.cancellation.map(SavedTransaction::transaction),
            last_day: self.last_day,
            link: self.link.map(String::into_boxed_str),
            is_paid_on_site: self.is_paid_on_site,
            paid_by: match self.is_paid_by_account {
                true => PaidBy::Account,
                false => PaidBy::Card,
            },
            history: History::of(entries),
            ..bill
        })
    }
}

/// An entry in the history of a bill.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedEntry {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    pub(crate) number: u64,
    at: Timestamp,
    event: String,
    code: String,
    operation: Option<String>,
    fault: Option<String>,
    milliseconds: Option<u64>,
    exchange: Option<SavedExchange>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedExchange {
    request: String,
    response: String,
    http_status: u16,
    reason: Option<String>,
}

impl SavedEntry {
    pub(crate) fn of(key: &Key, entry: &HistoryEntry) -> Self {
        let code = match entry.event() {
            Event::Rejected(code) => code.to_string(),
            _ => String::new(),
        };
        SavedEntry {
            key: SavedKey::of(key),
            number: entry.number,
            at: entry.at.timestamp(),
            event: entry.event.name().to_owned(),
            code,
            operation: entry
                .operation
                .map(|operation| operation.as_str().to_owned()),
            fault: entry.fault.map(|fault| fault.name().to_owned()),
            milliseconds: entry.fault.and_then(milliseconds),
            exchange: entry.exchange.as_ref().map(|exchange| SavedExchange {
                request: exchange.request.to_string(),
                response: exchange.response.to_string(),
                http_status: exchange.http_status,
                reason: exchange.reason.as_deref().map(str::to_owned),
            }),
        }
    }

    pub(crate) fn entry(self) -> Result<HistoryEntry, Problem> {
        let event = Event::named(&self.event, &self.code)
            .ok_or_else(|| format!("event: there is no {:?}", self.event))?;
        Ok(HistoryEntry {
            at: KoreanTime::from_timestamp(self.at),
            event,
            operation: self.operation.as_deref().map(operation).transpose()?,
            fault: match self.fault {
                Some(name) => Some(fault(&name, self.milliseconds)?),
                None => None,
            },
            number: self.number,
            exchange: self.exchange.map(|exchange| {
                Arc::new(Exchange {
                    request: exchange.request.into(),
                    response: exchange.response.into(),
                    http_status: exchange.http_status,
                    reason: exchange.reason.map(String::into_boxed_str),
                })
            }),
        })
    }
}

/// A cash receipt.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedReceipt {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    price: u64,
    supply_price: String,
    tax: String,
    trader: String,
    issuance_number: String,
    issue: SavedTransaction,
    cancellation: Option<SavedTransaction>,
}

impl SavedReceipt {
    pub(crate) fn of(key: &Key, receipt: &MockReceipt) -> Self {
        SavedReceipt {
            key: SavedKey::of(key),
            price: receipt.price().get(),
            supply_price: receipt.supply_price.clone(),
            tax: receipt.tax.clone(),
            trader: receipt.trader.clone(),
            issuance_number: receipt.issuance_number.clone(),
            issue: SavedTransaction::of(&receipt.issue),
            cancellation: receipt.cancellation.as_ref().map(SavedTransaction::of),
        }
    }

    pub(crate) fn receipt(self) -> Result<MockReceipt, Problem> {
        Ok(MockReceipt {
            price: Won::new(self.price).map_err(|error| format!("price: {error}"))?,
            supply_price: self.supply_price,
            tax: self.tax,
            trader: self.trader,
            issuance_number: self.issuance_number,
            issue: self.issue.transaction(),
            cancellation: self.cancellation.map(SavedTransaction::transaction),
        })
    }
}

/// A callback that is to be sent.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedCallback {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    pub(crate) id: u64,
    url: String,
    body: Value,
    is_forged: bool,
    is_released: bool,
    due: Timestamp,
    repeat: u32,
    /// Its place among those that wait.
    pub(crate) place: u64,
}

impl SavedCallback {
    pub(crate) fn of(callback: &Callback) -> Self {
        SavedCallback {
            key: SavedKey::of(&callback.key),
            id: callback.id,
            url: callback.url.to_string(),
            body: callback.body.clone(),
            is_forged: callback.is_forged,
            is_released: callback.is_released,
            due: callback.due,
            repeat: callback.repeat,
            place: callback.place,
        }
    }

    pub(crate) fn callback(self, partners: &Partners, reach: &Reach) -> Result<Callback, Problem> {
        let key = self.key.key(partners)?;
        let url = reach.callback_url(&self.url).map_err(str::to_owned)?;
        let id = BillId::new(key.bill_id()).map_err(|error| format!("bill_id: {error}"))?;
        let mut callback = Callback::new(key, url, self.body, id, self.due);
        callback.id = self.id;
        callback.is_forged = self.is_forged;
        callback.is_released = self.is_released;
        callback.repeat = self.repeat;
        Ok(callback)
    }
}

/// How many requests of an operation came for a bill.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedPosition {
    /// A hash of its key, as text: JSON has no numbers of 64 bits for all.
    bill: String,
    operation: String,
    requests: u64,
}

impl SavedPosition {
    pub(crate) fn of((bill, operation): &Position, requests: u64) -> Self {
        SavedPosition {
            bill: bill.to_string(),
            operation: operation.as_str().to_owned(),
            requests,
        }
    }

    /// Its id among them.
    pub(crate) fn id(&self) -> String {
        format!("{} {}", self.operation, self.bill)
    }

    pub(crate) fn position(&self) -> Result<(Position, u64), Problem> {
        let bill = self.bill.parse().map_err(|_| "bill: it is no number")?;
        Ok(((bill, operation(&self.operation)?), self.requests))
    }
}

/// A fault that is injected, and how far its schedule is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedFault {
    id: u64,
    fault: String,
    milliseconds: Option<u64>,
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
    operation: Option<String>,
    when: SavedWhen,
    requests: u64,
    met: u64,
    second: (i64, u64),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SavedWhen {
    Always,
    First(u64),
    Sequence(Vec<u64>),
    Every(u64),
    BeyondPerSecond(u64),
    /// A threshold and a seed.
    Draw(String, String),
}

impl SavedFault {
    pub(crate) fn of(injection: &Injection) -> Self {
        let schedule = &injection.schedule;
        SavedFault {
            id: injection.id,
            fault: injection.fault.name().to_owned(),
            milliseconds: milliseconds(injection.fault),
            partner: schedule.scope.partner.clone(),
            member: schedule.scope.member.clone(),
            merchant: schedule.scope.merchant.clone(),
            operation: schedule
                .operation
                .map(|operation| operation.as_str().to_owned()),
            when: match &schedule.when {
                When::Always => SavedWhen::Always,
                When::First(count) => SavedWhen::First(*count),
                When::Sequence(positions) => {
                    SavedWhen::Sequence(positions.iter().copied().collect())
                }
                When::Every(nth) => SavedWhen::Every(*nth),
                When::Beyond(count) => SavedWhen::BeyondPerSecond(*count),
                When::Probability { threshold, seed } => {
                    SavedWhen::Draw(threshold.to_string(), seed.to_string())
                }
            },
            requests: injection.requests,
            met: injection.met,
            second: injection.second,
        }
    }

    pub(crate) fn injection(self) -> Result<Injection, Problem> {
        let number = |text: &str| text.parse().map_err(|_| "when: it is no number".to_owned());
        let schedule = match self.when {
            SavedWhen::Always => Schedule::always(),
            SavedWhen::First(count) => Schedule::first(count),
            SavedWhen::Sequence(positions) => Schedule::sequence(positions),
            SavedWhen::Every(nth) => Schedule::every(nth),
            SavedWhen::BeyondPerSecond(count) => Schedule::beyond_per_second(count),
            SavedWhen::Draw(threshold, seed) => Schedule {
                when: When::Probability {
                    threshold: number(&threshold)?,
                    seed: number(&seed)?,
                },
                operation: None,
                scope: Scope::default(),
            },
        };
        let schedule = schedule.of_scope(Scope {
            partner: self.partner,
            member: self.member,
            merchant: self.merchant,
        });
        Ok(Injection {
            id: self.id,
            fault: fault(&self.fault, self.milliseconds)?,
            schedule: match &self.operation {
                Some(name) => schedule.on(operation(name)?),
                None => schedule,
            },
            requests: self.requests,
            met: self.met,
            second: self.second,
        })
    }
}

fn milliseconds(fault: Fault) -> Option<u64> {
    let time = fault.time()?;
    Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

fn fault(name: &str, milliseconds: Option<u64>) -> Result<Fault, Problem> {
    let fault: Fault = name
        .parse()
        .map_err(|error: payssam::Error| error.to_string())?;
    Ok(match milliseconds {
        Some(milliseconds) => fault.with_time(Duration::from_millis(milliseconds)),
        None => fault,
    })
}

fn operation(name: &str) -> Result<Operation, Problem> {
    operation_path::named(name).ok_or_else(|| format!("operation: there is no {name:?}"))
}
