//! What a mock server remembers, as JSON: in a snapshot, and row by row in a state file.
//!
//! No key of a partner is in it, and no phone number. Callback URLs and links are, and products as they are shown.
//! All of it is checked when it is read: a snapshot may come from anywhere.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use payssam::{BillId, BillState, KoreanTime, Operation, Won};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bill::{MockBill, SendHash},
    callback_queue::{Callback, REPEATS},
    clock,
    event::Event,
    exchange::Exchange,
    fault::Fault,
    history::{CallbackEntry, History, HistoryEntry},
    injections::Injection,
    key::Key,
    links, masked, moves, object, operation_path,
    paid_by::PaidBy,
    partner::Partners,
    reach::Reach,
    receipt::MockReceipt,
    schedule::{Schedule, Scope, When},
    store::Store,
    transaction::Transaction,
};

/// What is wrong with something that was saved.
pub(crate) type Problem = String;

/// The largest number: JSON has no larger whole ones for all.
const LARGEST: u64 = 1 << 53;

/// The most characters of a name, and of any other text.
const NAME: usize = 60;
const TEXT: usize = 64 * 1024;

/// No time is before this one.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);

fn number(field: &str, number: u64) -> Result<u64, Problem> {
    match number <= LARGEST {
        true => Ok(number),
        false => Err(format!("{field} must be at most {LARGEST}")),
    }
}

fn time(field: &str, at: Timestamp) -> Result<Timestamp, Problem> {
    match at >= EARLIEST {
        true => Ok(at),
        false => Err(format!("{field} must be in 2000 or later")),
    }
}

fn text(field: &str, text: &str, most: usize) -> Result<(), Problem> {
    match text.chars().count() <= most {
        true => Ok(()),
        false => Err(format!("{field} must have at most {most} characters")),
    }
}

/// JSON that is kept as it is, or none.
fn json(field: &str, json: &str) -> Result<(), Problem> {
    text(field, json, TEXT)?;
    match json.is_empty() || serde_json::from_str::<serde_json::Value>(json).is_ok() {
        true => Ok(()),
        false => Err(format!("{field} must be JSON, or empty")),
    }
}

/// Everything.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    #[serde(deserialize_with = "object::one")]
    pub(crate) world: SavedWorld,
    pub(crate) bills: Vec<SavedBill>,
    pub(crate) entries: Vec<SavedEntry>,
    /// Of snapshots that were taken before there were any, there are none.
    #[serde(default)]
    pub(crate) callback_entries: Vec<SavedCallbackEntry>,
    pub(crate) receipts: Vec<SavedReceipt>,
    pub(crate) callbacks: Vec<SavedCallback>,
}

/// The bills, cash receipts and callbacks of a snapshot, checked.
pub(crate) struct Taken {
    pub(crate) bills: Vec<(Key, MockBill)>,
    pub(crate) receipts: Vec<(Key, MockReceipt)>,
    pub(crate) callbacks: Vec<Callback>,
}

impl Snapshot {
    /// What it has of this scope.
    pub(crate) fn take(
        self,
        scope: &Scope,
        partners: &Partners,
        reach: &Reach,
    ) -> Result<Taken, Problem> {
        let world = &self.world;
        let mut numbers = HashSet::new();
        let mut histories = HashMap::<Key, Vec<HistoryEntry>>::new();
        for (index, entry) in self.entries.into_iter().enumerate() {
            if !entry.key.is_of(scope) {
                continue;
            }
            let at = |problem| format!("entries {index}: {problem}");
            if entry.number > world.last_number || !numbers.insert(entry.number) {
                return Err(at(
                    "its number is beyond last_number, or another one's".into()
                ));
            }
            let key = entry.key.key(partners).map_err(at)?;
            let entry = entry.entry().map_err(at)?;
            histories.entry(key).or_default().push(entry);
        }
        let mut of_callbacks = HashMap::<Key, Vec<CallbackEntry>>::new();
        for (index, entry) in self.callback_entries.into_iter().enumerate() {
            if !entry.key.is_of(scope) {
                continue;
            }
            let at = |problem| format!("callback_entries {index}: {problem}");
            if entry.number > world.last_number || !numbers.insert(entry.number) {
                return Err(at(
                    "its number is beyond last_number, or another one's".into()
                ));
            }
            let key = entry.key.key(partners).map_err(at)?;
            let entry = entry.entry(world.last_callback).map_err(at)?;
            of_callbacks.entry(key).or_default().push(entry);
        }
        let mut saved = self.bills;
        saved.sort_by_key(|bill| bill.first);
        let (mut bills, mut names) = (Vec::new(), HashSet::new());
        for (index, bill) in saved.into_iter().enumerate() {
            if !bill.key.is_of(scope) {
                continue;
            }
            let at = |problem| format!("bills {index}: {problem}");
            let key = bill.key.key(partners).map_err(at)?;
            let mut entries = histories.remove(&key).unwrap_or_default();
            entries.sort_by_key(|entry| entry.number);
            let mut callbacks = of_callbacks.remove(&key).unwrap_or_default();
            callbacks.sort_by_key(|entry| entry.number);
            let history = History::of(entries, callbacks);
            let bill = bill
                .bill(history, world.transactions, partners, reach)
                .map_err(at)?;
            if let Some(link) = &bill.link
                && !names.insert(link.clone())
            {
                return Err(at("link is another bill's".into()));
            }
            bills.push((key, bill));
        }
        if let Some(key) = histories.keys().chain(of_callbacks.keys()).next() {
            let id = payssam::redact::escape(key.bill_id());
            return Err(format!("entries: there is no bill {id} for one of them"));
        }
        let mut receipts = Vec::new();
        for (index, receipt) in self.receipts.into_iter().enumerate() {
            if receipt.key.is_of(scope) {
                let at = |problem| format!("receipts {index}: {problem}");
                let key = receipt.key.key(partners).map_err(at)?;
                let receipt = receipt.receipt(world.transactions).map_err(at)?;
                receipts.push((key, receipt));
            }
        }
        let mut saved = self.callbacks;
        saved.sort_by_key(|callback| callback.place);
        let (mut callbacks, mut ids) = (Vec::new(), HashSet::new());
        for (index, callback) in saved.into_iter().enumerate() {
            if !callback.key.is_of(scope) {
                continue;
            }
            let at = |problem| format!("callbacks {index}: {problem}");
            if callback.id > world.last_callback || !ids.insert(callback.id) {
                return Err(at("its id is beyond last_callback, or another one's".into()));
            }
            callbacks.push(callback.callback(partners, reach).map_err(at)?);
        }
        Ok(Taken {
            bills,
            receipts,
            callbacks,
        })
    }
}

/// What there is one of.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedWorld {
    /// How far the clock was advanced.
    pub(crate) ahead_seconds: i64,
    pub(crate) ahead_nanoseconds: i32,
    pub(crate) last_number: u64,
    pub(crate) transactions: u64,
    pub(crate) is_held: bool,
    /// Whose callbacks are held, if not all are.
    #[serde(deserialize_with = "object::all")]
    pub(crate) held: Vec<SavedScope>,
    pub(crate) last_callback: u64,
    pub(crate) last_fault: u64,
    pub(crate) points: BTreeMap<String, u32>,
    #[serde(deserialize_with = "object::all")]
    pub(crate) faults: Vec<SavedFault>,
}

impl SavedWorld {
    pub(crate) fn ahead(&self) -> Result<SignedDuration, Problem> {
        let furthest = clock::FURTHEST.as_secs();
        match (0..=furthest).contains(&self.ahead_seconds)
            && (0..1_000_000_000).contains(&self.ahead_nanoseconds)
        {
            true => Ok(SignedDuration::new(
                self.ahead_seconds,
                self.ahead_nanoseconds,
            )),
            false => Err(format!(
                "world: the clock is advanced by 0 to {furthest} seconds"
            )),
        }
    }

    /// Checks what is checked nowhere else.
    pub(crate) fn check(&self, partners: &Partners) -> Result<(), Problem> {
        let at = |problem| format!("world: {problem}");
        number("last_number", self.last_number).map_err(at)?;
        number("transactions", self.transactions).map_err(at)?;
        number("last_callback", self.last_callback).map_err(at)?;
        number("last_fault", self.last_fault).map_err(at)?;
        for name in self.points.keys() {
            partners.named(name).map_err(at)?;
        }
        Ok(())
    }

    /// The faults, in their order.
    pub(crate) fn injections(&self, partners: &Partners) -> Result<Vec<Injection>, Problem> {
        let mut ids = HashSet::new();
        let injection = |(index, fault): (usize, &SavedFault)| {
            let at = |problem| format!("faults {index}: {problem}");
            if fault.id > self.last_fault || !ids.insert(fault.id) {
                return Err(at("its id is beyond last_fault, or another one's".into()));
            }
            fault.clone().injection(partners).map_err(at)
        };
        self.faults.iter().enumerate().map(injection).collect()
    }

    /// Whose callbacks are held.
    pub(crate) fn held(&self, partners: &Partners) -> Result<Vec<Scope>, Problem> {
        let scopes = self.held.iter().cloned();
        let scopes = scopes.map(|scope| scope.scope(partners));
        scopes
            .collect::<Result<_, _>>()
            .map_err(|problem| format!("held: {problem}"))
    }
}

/// Whose something is, each as far as it is given.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedScope {
    partner: Option<String>,
    member: Option<String>,
    merchant: Option<String>,
}

impl SavedScope {
    pub(crate) fn of(scope: &Scope) -> Self {
        SavedScope {
            partner: scope.partner.clone(),
            member: scope.member.clone(),
            merchant: scope.merchant.clone(),
        }
    }

    fn scope(self, partners: &Partners) -> Result<Scope, Problem> {
        if let Some(name) = &self.partner {
            partners.named(name)?;
        }
        for (field, name) in [("member", &self.member), ("merchant", &self.merchant)] {
            text(field, name.as_deref().unwrap_or_default(), NAME)?;
        }
        Ok(Scope {
            partner: self.partner,
            member: self.member,
            merchant: self.merchant,
        })
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
    fn is_of(&self, scope: &Scope) -> bool {
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

    fn key(&self, partners: &Partners) -> Result<Key, Problem> {
        let partner = partners.named(&self.partner)?;
        text("member", &self.member, NAME)?;
        text("merchant", &self.merchant, NAME)?;
        BillId::new(&self.bill_id).map_err(|error| format!("bill_id: {error}"))?;
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

    /// `last` is the number of the last one that there was.
    fn transaction(self, last: u64) -> Result<Transaction, Problem> {
        let number: Option<u64> = self.number.parse().ok();
        let is_one = |number: &u64| {
            (1..=last).contains(number) && self.number == Store::approval_number(*number)
        };
        if number.filter(is_one).is_none() {
            return Err("a transaction has a number of eight digits, up to transactions".into());
        }
        let at = time("at", self.at)?;
        Ok(Transaction {
            number: self.number,
            at: KoreanTime::from_timestamp(at),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedBill {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    /// The number of its first entry: bills are listed in this order.
    pub(crate) first: u64,
    price: u64,
    state: String,
    product: String,
    payer: String,
    #[serde(deserialize_with = "object::some")]
    payment: Option<SavedTransaction>,
    #[serde(deserialize_with = "object::some")]
    cancellation: Option<SavedTransaction>,
    callback_url: Option<String>,
    last_day: Option<jiff::civil::Date>,
    link: Option<String>,
    is_paid_on_site: bool,
    is_paid_by_account: bool,
    send_hash: Option<String>,
}

impl SavedBill {
    pub(crate) fn of(key: &Key, bill: &MockBill, partners: &Partners) -> Self {
        let url = bill.callback_url.as_deref();
        SavedBill {
            key: SavedKey::of(key),
            first: bill.history().first().map_or(0, |entry| entry.number),
            price: bill.price().get(),
            state: moves::letter(bill.state()).to_owned(),
            product: bill.product.to_string(),
            payer: bill.payer.to_string(),
            payment: bill.payment.as_ref().map(SavedTransaction::of),
            cancellation: bill.cancellation.as_ref().map(SavedTransaction::of),
            callback_url: url.map(|url| partners.named_keys(url)),
            last_day: bill.last_day,
            link: bill.link.as_deref().map(str::to_owned),
            is_paid_on_site: bill.is_paid_on_site,
            is_paid_by_account: bill.paid_by == PaidBy::Account,
            send_hash: bill.send_hash.as_ref().map(|hash| hash.text().to_owned()),
        }
    }

    fn bill(
        self,
        history: History,
        transactions: u64,
        partners: &Partners,
        reach: &Reach,
    ) -> Result<MockBill, Problem> {
        let id = BillId::new(&self.key.bill_id).map_err(|error| format!("bill_id: {error}"))?;
        let price = Won::new(self.price).map_err(|error| format!("price: {error}"))?;
        number("first", self.first)?;
        for (field, of) in [
            ("product", Some(&self.product)),
            ("payer", Some(&self.payer)),
            ("callback_url", self.callback_url.as_ref()),
        ] {
            text(field, of.map_or("", |text| text), TEXT)?;
        }
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
        let was_paid = matches!(state, BillState::Paid | BillState::Cancelled);
        let is_cancelled = state == BillState::Cancelled;
        if (self.payment.is_some(), self.cancellation.is_some()) != (was_paid, is_cancelled) {
            return Err(format!("payment and cancellation do not fit state {state}"));
        }
        if self.is_paid_on_site && state != BillState::Destroyed {
            return Err("is_paid_on_site is for a destroyed bill".into());
        }
        if self
            .link
            .as_deref()
            .is_some_and(|link| !links::is_name(link))
        {
            return Err("link is none of the mock server's".into());
        }
        let transaction = |saved: Option<SavedTransaction>| {
            let taken = saved.map(|saved| saved.transaction(transactions));
            taken.transpose()
        };
        let mut bill = MockBill::new(id, price);
        if let Some(url) = &self.callback_url {
            let url = partners.with_keys(url);
            bill = bill.with_callback_url(&url, reach.callback_url(&url).is_ok());
        }
        let send_hash = self
            .send_hash
            .map(|text| SendHash::of_text(&text).ok_or_else(|| "send_hash: it is none".to_owned()));
        Ok(MockBill {
            state,
            product: masked::text(&self.product, partners.secrets()),
            payer: masked::person(&self.payer),
            payment: transaction(self.payment)?,
            cancellation: transaction(self.cancellation)?,
            last_day: self.last_day,
            link: self.link.map(String::into_boxed_str),
            is_paid_on_site: self.is_paid_on_site,
            paid_by: match self.is_paid_by_account {
                true => PaidBy::Account,
                false => PaidBy::Card,
            },
            send_hash: send_hash.transpose()?,
            history,
            ..bill
        })
    }
}

/// What happened to a callback of a bill.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedCallbackEntry {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    pub(crate) number: u64,
    at: Timestamp,
    callback: u64,
    repeat: u32,
    is_acknowledged: Option<bool>,
}

impl SavedCallbackEntry {
    pub(crate) fn of(key: &Key, entry: &CallbackEntry) -> Self {
        SavedCallbackEntry {
            key: SavedKey::of(key),
            number: entry.number,
            at: entry.at.timestamp(),
            callback: entry.id,
            repeat: entry.repeat,
            is_acknowledged: entry.is_acknowledged,
        }
    }

    fn entry(self, last_callback: u64) -> Result<CallbackEntry, Problem> {
        if self.callback > last_callback {
            return Err("callback is beyond last_callback".into());
        }
        if self.repeat > REPEATS {
            return Err(format!("repeat must be at most {REPEATS}"));
        }
        Ok(CallbackEntry {
            at: KoreanTime::from_timestamp(time("at", self.at)?),
            number: self.number,
            id: self.callback,
            repeat: self.repeat,
            is_acknowledged: self.is_acknowledged,
        })
    }
}

/// An entry in the history of a bill.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(deserialize_with = "object::some")]
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

    fn entry(self) -> Result<HistoryEntry, Problem> {
        text("code", &self.code, NAME)?;
        let event = Event::named(&self.event, &self.code)
            .ok_or_else(|| format!("event: there is no {:?}", self.event))?;
        let at = time("at", self.at)?;
        if let Some(exchange) = &self.exchange {
            json("request", &exchange.request)?;
            json("response", &exchange.response)?;
            text(
                "reason",
                exchange.reason.as_deref().unwrap_or_default(),
                TEXT,
            )?;
            if !(100..=999).contains(&exchange.http_status) {
                return Err("http_status must be one of HTTP".into());
            }
        }
        Ok(HistoryEntry {
            at: KoreanTime::from_timestamp(at),
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

/// A cash receipt. Whom it is for is kept as it is shown: nothing compares it, and a digest of so few digits is soon
/// undone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedReceipt {
    #[serde(flatten)]
    pub(crate) key: SavedKey,
    price: u64,
    supply_price: String,
    tax: String,
    trader: String,
    issuance_number: String,
    #[serde(deserialize_with = "object::one")]
    issue: SavedTransaction,
    #[serde(deserialize_with = "object::some")]
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
            issuance_number: masked::number(&receipt.issuance_number),
            issue: SavedTransaction::of(&receipt.issue),
            cancellation: receipt.cancellation.as_ref().map(SavedTransaction::of),
        }
    }

    fn receipt(self, transactions: u64) -> Result<MockReceipt, Problem> {
        let price = Won::new(self.price).map_err(|error| format!("price: {error}"))?;
        let part = |digits: &str| {
            digits
                .parse()
                .ok()
                .filter(|part: &u64| *part <= price.get())
        };
        let parts = part(&self.supply_price).zip(part(&self.tax));
        if parts.is_none_or(|(supply_price, tax)| supply_price + tax != price.get()) {
            return Err("supply_price and tax must add up to price".into());
        }
        if !matches!(&*self.trader, "0" | "1") {
            return Err("trader must be 0 or 1".into());
        }
        text("issuance_number", &self.issuance_number, NAME)?;
        let cancellation = self
            .cancellation
            .map(|saved| saved.transaction(transactions));
        Ok(MockReceipt {
            price,
            supply_price: self.supply_price,
            tax: self.tax,
            trader: self.trader,
            issuance_number: masked::number(&self.issuance_number),
            issue: self.issue.transaction(transactions)?,
            cancellation: cancellation.transpose()?,
        })
    }
}

/// A callback that is to be sent.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    pub(crate) fn of(callback: &Callback, partners: &Partners) -> Self {
        SavedCallback {
            key: SavedKey::of(&callback.key),
            id: callback.id,
            url: partners.named_keys(callback.url.as_str()),
            body: callback.body.clone(),
            is_forged: callback.is_forged,
            is_released: callback.is_released,
            due: callback.due,
            repeat: callback.repeat,
            place: callback.place,
        }
    }

    fn callback(self, partners: &Partners, reach: &Reach) -> Result<Callback, Problem> {
        let key = self.key.key(partners)?;
        text("url", &self.url, TEXT)?;
        let url = partners.with_keys(&self.url);
        let url = reach
            .callback_url(&url)
            .map_err(|problem| format!("url: {problem}"))?;
        let fields = self.body.as_object();
        let is_body = |fields: &serde_json::Map<String, Value>| {
            fields.values().all(Value::is_string) && !fields.contains_key("apiKey")
        };
        if !fields.is_some_and(is_body) || self.body.to_string().len() > TEXT {
            return Err("body must be an object of texts, without apiKey".into());
        }
        if self.repeat > REPEATS {
            return Err(format!("repeat must be at most {REPEATS}"));
        }
        let id = BillId::new(key.bill_id()).map_err(|error| format!("bill_id: {error}"))?;
        let mut callback = Callback::new(key, url, self.body, id, time("due", self.due)?);
        callback.id = self.id;
        callback.is_forged = self.is_forged;
        callback.is_released = self.is_released;
        callback.repeat = self.repeat;
        Ok(callback)
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
    /// A threshold and a seed, as texts: they have 64 bits.
    Draw(String, String),
}

impl SavedFault {
    pub(crate) fn of(injection: &Injection) -> Self {
        let schedule = &injection.schedule;
        let limited = |count: &u64| (*count).min(LARGEST);
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
                When::First(count) => SavedWhen::First(limited(count)),
                When::Sequence(positions) => {
                    SavedWhen::Sequence(positions.iter().map(limited).collect())
                }
                When::Every(nth) => SavedWhen::Every(limited(nth)),
                When::Beyond(count) => SavedWhen::BeyondPerSecond(limited(count)),
                When::Probability { threshold, seed } => {
                    SavedWhen::Draw(threshold.to_string(), seed.to_string())
                }
            },
            requests: injection.requests,
            met: injection.met,
            second: injection.second,
        }
    }

    fn injection(self, partners: &Partners) -> Result<Injection, Problem> {
        let drawn = |text: &str| text.parse().map_err(|_| "when: it is no number".to_owned());
        let schedule = match self.when {
            SavedWhen::Always => Schedule::always(),
            SavedWhen::First(count) => Schedule::first(number("first", count)?),
            SavedWhen::Sequence(positions) => {
                for position in &positions {
                    number("sequence", *position)?;
                }
                Schedule::sequence(positions)
            }
            SavedWhen::Every(nth) => Schedule::every(number("every", nth)?),
            SavedWhen::BeyondPerSecond(count) => {
                Schedule::beyond_per_second(number("beyond_per_second", count)?)
            }
            SavedWhen::Draw(threshold, seed) => Schedule {
                when: When::Probability {
                    threshold: drawn(&threshold)?,
                    seed: drawn(&seed)?,
                },
                operation: None,
                scope: Scope::default(),
            },
        };
        number("requests", self.requests)?;
        number("second", self.second.0.unsigned_abs())?;
        number("second", self.second.1)?;
        if self.met > self.requests {
            return Err("met must be at most requests".into());
        }
        let scope = SavedScope {
            partner: self.partner,
            member: self.member,
            merchant: self.merchant,
        };
        let schedule = schedule.of_scope(scope.scope(partners)?);
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
    Some(u64::try_from(time.as_millis()).map_or(LARGEST, |time| time.min(LARGEST)))
}

fn fault(name: &str, milliseconds: Option<u64>) -> Result<Fault, Problem> {
    let fault: Fault = name
        .parse()
        .map_err(|error: payssam::Error| error.to_string())?;
    Ok(match milliseconds {
        Some(milliseconds) => {
            fault.with_time(Duration::from_millis(number("milliseconds", milliseconds)?))
        }
        None => fault,
    })
}

fn operation(name: &str) -> Result<Operation, Problem> {
    operation_path::named(name).ok_or_else(|| format!("operation: there is no {name:?}"))
}
