//! What the mock server answers to a request: a pure function of the request, the bills and the time.

use std::collections::HashMap;

use jiff::civil::Date;
use reqwest::Url;
use serde_json::{Value, json};

use crate::{
    bills::{Key, Ledger, MockBill, Transaction},
    fault::Fault,
    hash,
    history::{Event, HistoryEntry},
    limits::{Breach, Limits},
    loopback,
    receipts::MockReceipt,
    schedule::Concern,
};
use payssam::{BillId, BillState, Error, InvalidValue, KoreanTime, Operation, ResultCode, Won};

/// An answer: HTTP status and JSON.
pub(crate) struct Reply {
    pub(crate) http_status: u16,
    pub(crate) body: Value,
}

impl Reply {
    /// An envelope that holds no data.
    pub(crate) fn without_data(http_status: u16, code: &str, message: &str) -> Self {
        Reply {
            http_status,
            body: json!({"code": code, "message": message, "data": null}),
        }
    }

    /// What PaySsam says when it does not know itself.
    pub(crate) fn error() -> Self {
        Reply::without_data(200, "ERROR", "처리 중 오류가 발생하였습니다.")
    }
}

/// What a request is about and what goes wrong with it.
#[derive(Clone, Copy)]
pub(crate) struct Struck<'r> {
    pub(crate) concern: Option<&'r Concern>,
    pub(crate) fault: Option<Fault>,
}

impl Struck<'_> {
    fn operation(&self) -> Option<Operation> {
        self.concern.map(|concern| concern.operation)
    }
}

/// A refusal: HTTP status, code and message.
struct Refusal(u16, &'static str, String);

/// The rules of the mock server and its bills.
pub(crate) struct Service {
    api_key: String,
    limits: Limits,
    pub(crate) ledger: Ledger,
    /// The points of the partner.
    pub(crate) points: u32,
    /// Where the links to bills begin.
    links_at: String,
    /// The bills by the last name of their links.
    links: HashMap<String, Key>,
}

/// What a sending costs (relayed).
const POINTS_A_BILL: u32 = 55;

impl Service {
    pub(crate) fn new(api_key: &str, links_at: String) -> Result<Self, Error> {
        Ok(Service {
            api_key: api_key.to_owned(),
            limits: Limits::new()?,
            ledger: Ledger::default(),
            points: 1_000_000_000,
            links_at,
            links: HashMap::new(),
        })
    }

    /// Answers a request to a path behind the base URL.
    pub(crate) fn answer(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        struck: Struck<'_>,
        now: KoreanTime,
    ) -> Reply {
        let served = self.serve(method, path, body, now);
        let event = match (&served, struck.operation()) {
            (Err(Refusal(_, code, _)), _) => Event::Refused(ResultCode::new(*code)),
            (Ok(_), Some(Operation::BillCancel)) => Event::Cancelled,
            (Ok(_), Some(Operation::BillSend)) => Event::Added,
            (Ok(_), Some(Operation::BillResend)) => Event::Resent,
            (Ok(_), Some(Operation::BillDestroy)) => Event::Destroyed,
            (Ok(_), _) => Event::Read,
        };
        self.note(struck, event, now);
        match served {
            Ok(data) => Reply {
                http_status: 200,
                body: json!({"code": "0000", "message": "성공하였습니다.", "data": data}),
            },
            Err(Refusal(http_status, code, message)) => {
                Reply::without_data(http_status, code, &message)
            }
        }
    }

    /// The bill that a link leads to.
    pub(crate) fn linked(&self, link: &str) -> Option<&Key> {
        self.links.get(link)
    }

    /// Where a payment is told, and in which words: those of a reading.
    pub(crate) fn letter(&self, key: &Key) -> Option<(Url, String)> {
        let bill = self.ledger.bill(key)?;
        let url = loopback::address(bill.callback()?)?;
        Some((url, self.words(bill)))
    }

    /// What a callback says of a bill. PaySsam's own hold the key at times, and at times they do not
    /// (measured); these do, because that is what a receiver must bear.
    pub(crate) fn words(&self, bill: &MockBill) -> String {
        let api_key = Value::from(self.api_key.as_str());
        let shop = Shop {
            api_key: &api_key,
            member: &Value::Null,
            merchant: &Value::Null,
        };
        read_data(&shop, bill).to_string()
    }

    /// Answers a request that a fault keeps from being carried out.
    pub(crate) fn turn_away(&mut self, struck: Struck<'_>, now: KoreanTime) -> Reply {
        self.note(struck, Event::NotApplied, now);
        Reply::error()
    }

    fn note(&mut self, struck: Struck<'_>, event: Event, at: KoreanTime) {
        let Some(concern) = struck.concern else {
            return;
        };
        let entry = HistoryEntry {
            at,
            event,
            operation: Some(concern.operation),
            fault: struck.fault,
        };
        self.ledger.note(&concern.key, entry);
    }

    fn serve(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        now: KoreanTime,
    ) -> Result<Value, Refusal> {
        if !self.limits.knows(path) {
            return Err(Refusal(
                404,
                "MOCK_NO_SUCH_PATH",
                "no operation lies there".into(),
            ));
        }
        if method != "POST" {
            return Err(Refusal(
                405,
                "MOCK_NOT_POST",
                "every operation is a POST".into(),
            ));
        }
        let request: Value = serde_json::from_slice(body).map_err(|error| {
            Refusal(
                400,
                "MOCK_MALFORMED_JSON",
                format!("the body is no JSON: {error}"),
            )
        })?;
        self.check(path, &request)?;
        let shop = Shop::of(&request);
        let (bill, receipt) = (&request["bill"], &request["cashReceipt"]);
        match path {
            "/bill/read" => self.read(&shop, bill),
            "/bill/cancel" => self.cancel(&shop, bill, now),
            "/bill" => self.send(&shop, bill),
            "/bill/resend" => self.resend(&shop, bill),
            "/bill/destroy" => self.destroy(&shop, bill, now),
            "/cash-receipt/issue" => self.issue(&shop, receipt, now),
            "/cash-receipt/cancel" => self.cancel_receipt(&shop, receipt, now),
            "/cash-receipt/read" => self.read_receipt(&shop, receipt),
            "/read/remain_count" => Ok(points(self.points)),
            // This partner's contract draws the points from the partner.
            "/read/merchant/remain_count" => Ok(points(0)),
            "/auth/mapping" => Ok(json!({"url": "https://sandbox.invalid/mapping"})),
            _ => Err(Refusal(
                501,
                "MOCK_NOT_SERVED",
                "the mock server does not serve this operation".into(),
            )),
        }
    }

    fn check(&self, path: &str, request: &Value) -> Result<(), Refusal> {
        let breach = self.limits.check(path, request).err();
        match &request["apiKey"] {
            Value::String(key) if *key == self.api_key => {}
            Value::String(key) if !key.is_empty() => match &breach {
                Some(Breach::TooLong(field, _)) if field == "apiKey" => {}
                _ => return Err(refusal("PARTNER_003", "정상적인 파트너가 아닙니다.")),
            },
            _ if request.is_object() => {
                return Err(refusal("PARTNER_002", "apiKey 정보를 확인할 수 없습니다."));
            }
            _ => {}
        }
        match breach {
            None => Ok(()),
            Some(Breach::Missing(field)) => Err(refusal(
                "VALIDATION_002",
                format!("{field}는 필수값입니다."),
            )),
            Some(Breach::TooLong(field, limit)) => Err(refusal(
                "VALIDATION_002",
                format!("{field}는 최대 {limit}자입니다."),
            )),
            Some(Breach::NotText(field)) => Err(refusal(
                "MOCK_NOT_TEXT",
                format!("{field} must be a JSON string"),
            )),
            Some(Breach::NotAnObject(field)) => Err(refusal(
                "MOCK_NOT_AN_OBJECT",
                match field.as_str() {
                    "" => "the request must be a JSON object".to_owned(),
                    _ => format!("{field} must be a JSON object"),
                },
            )),
        }
    }

    fn read(&self, shop: &Shop<'_>, bill: &Value) -> Result<Value, Refusal> {
        let found = self.find(&shop.key(bill))?;
        Ok(read_data(shop, found))
    }

    fn cancel(&mut self, shop: &Shop<'_>, bill: &Value, now: KoreanTime) -> Result<Value, Refusal> {
        let hash = check_hash(bill, &["billId", "price"])?;
        let key = shop.key(bill);
        let found = self.find(&key)?;
        check_state(found, &BillState::Paid)?;
        check_price(bill, found)?;
        let cancelled = self
            .ledger
            .step(&key, BillState::Cancelled, now)
            .map_err(|_| refusal("MOCK_NOT_PAID", "the bill cannot be cancelled"))?;
        Ok(cancel_data(shop, cancelled, hash.as_str()))
    }

    fn send(&mut self, shop: &Shop<'_>, bill: &Value) -> Result<Value, Refusal> {
        let (phone, expires) = (string(&bill["phone"]), string(&bill["expireDt"]));
        if !phone.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refusal("MOCK_PHONE", "the phone must be digits alone"));
        }
        if !["TALK", "URL"].contains(&string(&bill["sendType"])) {
            return Err(refusal("MOCK_SEND_TYPE", "sendType is TALK or URL"));
        }
        if !expires.is_empty() && (expires.len() != 10 || expires.parse::<Date>().is_err()) {
            return Err(refusal("MOCK_EXPIRE_DT", "expireDt is no YYYY-MM-DD"));
        }
        let hash = check_hash(bill, &["billId", "phone", "price"])?;
        let invalid = |error: InvalidValue| refusal("MOCK_INVALID", error.to_string());
        let id: BillId = string(&bill["billId"]).parse().map_err(invalid)?;
        let price: Won = string(&bill["price"]).parse().map_err(invalid)?;
        if self.ledger.is_taken(&shop.key(bill)) {
            return Err(id_used());
        }
        self.points = self
            .points
            .checked_sub(POINTS_A_BILL)
            .ok_or_else(|| refusal("POINT_001", "포인트가 부족합니다"))?;
        let key = shop.key(bill);
        self.ledger
            .add(key.clone(), id, price)
            .map_err(|_| id_used())?;
        self.ledger.set_callback(&key, string(&bill["callbackUrl"]));
        let link = format!("{}-{}", self.links.len() + 1, &hash.as_str()[..8]);
        let short_url = format!("{}{link}", self.links_at);
        self.links.insert(link, key);
        Ok(json!({
            "apiKey": shop.api_key,
            "member": shop.member,
            "merchant": shop.merchant,
            "billId": bill["billId"],
            "hash": hash.as_str(),
            "shortUrl": short_url,
        }))
    }

    fn resend(&self, shop: &Shop<'_>, bill: &Value) -> Result<Value, Refusal> {
        let found = self.find(&shop.key(bill))?;
        if *found.state() != BillState::Unpaid {
            let words = format!("the bill is {}", found.state());
            return Err(refusal("BILL_006", words));
        }
        Ok(json!({
            "apiKey": shop.api_key,
            "billId": bill["billId"],
        }))
    }

    fn destroy(
        &mut self,
        shop: &Shop<'_>,
        bill: &Value,
        now: KoreanTime,
    ) -> Result<Value, Refusal> {
        check_hash(bill, &["billId", "price"])?;
        let key = shop.key(bill);
        let found = self.find(&key)?;
        check_state(found, &BillState::Unpaid)?;
        check_price(bill, found)?;
        self.ledger
            .step(&key, BillState::Destroyed, now)
            .map_err(|_| refusal("MOCK_PAID", "the bill cannot be destroyed"))?;
        Ok(json!({
            "apiKey": shop.api_key,
            "billId": bill["billId"],
        }))
    }

    fn issue(
        &mut self,
        shop: &Shop<'_>,
        receipt: &Value,
        now: KoreanTime,
    ) -> Result<Value, Refusal> {
        let hash = check_hash(receipt, &["billId", "price"])?;
        let invalid = |error: InvalidValue| refusal("MOCK_INVALID", error.to_string());
        let text = |field: &str| string(&receipt[field]).to_owned();
        string(&receipt["billId"])
            .parse::<BillId>()
            .map_err(invalid)?;
        let price: Won = string(&receipt["price"]).parse().map_err(invalid)?;
        let parts = ["supplyPrice", "tax", "trader", "issuanceNumber"].map(text);
        let [supply_price, tax, trader, number] = &parts;
        let sum = supply_price
            .parse()
            .ok()
            .zip(tax.parse().ok())
            .and_then(|(supply_price, tax): (u64, u64)| supply_price.checked_add(tax));
        if sum != Some(price.get()) {
            return Err(refusal(
                "MOCK_AMOUNTS",
                "supplyPrice and tax do not add up to price",
            ));
        }
        if !["0", "1"].contains(&trader.as_str()) {
            return Err(refusal("MOCK_TRADER", "trader is 0 or 1"));
        }
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refusal(
                "MOCK_ISSUANCE_NUMBER",
                "issuanceNumber must be digits alone",
            ));
        }
        let key = shop.key(receipt);
        if self.ledger.is_taken(&key) {
            return Err(id_used());
        }
        let (trader, issuance_number) = (trader.clone(), number.clone());
        let number = self.ledger.issue(key, price, parts, now);
        Ok(json!({
            "apiKey": shop.api_key,
            "billId": receipt["billId"],
            "hash": hash.as_str(),
            "trader": trader,
            "apprCashNum": number,
            "issuanceNumber": issuance_number,
        }))
    }

    fn cancel_receipt(
        &mut self,
        shop: &Shop<'_>,
        receipt: &Value,
        now: KoreanTime,
    ) -> Result<Value, Refusal> {
        let hash = check_hash(receipt, &["billId", "price"])?;
        let key = shop.key(receipt);
        let found = self.find_receipt(&key, receipt)?;
        if receipt["trader"] != found.parts[2] {
            return Err(refusal("MOCK_TRADER", "it was issued to another trader"));
        }
        let number = self
            .ledger
            .cancel_receipt(&key, now)
            .map_err(|_| refusal("MOCK_ALREADY_CANCELLED", "the receipt is cancelled"))?;
        Ok(json!({
            "apiKey": shop.api_key,
            "billId": receipt["billId"],
            "hash": hash.as_str(),
            "apprCashNum": number,
        }))
    }

    fn read_receipt(&self, shop: &Shop<'_>, receipt: &Value) -> Result<Value, Refusal> {
        check_hash(receipt, &["billId", "price"])?;
        let found = self.find_receipt(&shop.key(receipt), receipt)?;
        let issued = receipt_entry(found, "F", &found.issued);
        let cancelled = found.cancelled.as_ref();
        // The latest comes first here; no order is promised.
        let entries = cancelled.map(|cancelled| receipt_entry(found, "C", cancelled));
        Ok(json!({
            "apiKey": shop.api_key,
            "billId": receipt["billId"],
            "info": entries.into_iter().chain([issued]).collect::<Vec<_>>(),
        }))
    }

    fn find_receipt(&self, key: &Key, receipt: &Value) -> Result<&MockReceipt, Refusal> {
        let found = self.ledger.receipt(key);
        let found = found.ok_or_else(|| refusal("MOCK_NO_RECEIPT", "there is no such receipt"))?;
        if receipt["price"] != found.price().to_string() {
            return Err(refusal(
                "MOCK_PRICE_DIFFERS",
                "the price is not that of the receipt",
            ));
        }
        Ok(found)
    }

    fn find(&self, key: &Key) -> Result<&MockBill, Refusal> {
        self.ledger
            .bill(key)
            .ok_or_else(|| refusal("BILL_003", "청구서를 찾을 수 없습니다."))
    }
}

fn id_used() -> Refusal {
    refusal("BILL_001", "the bill id was used before")
}

fn points(balance: u32) -> Value {
    json!({"balance": balance, "chargeUrl": "https://sandbox.invalid/charge"})
}

/// An entry has no billId, and a time of 12 digits (measured).
fn receipt_entry(receipt: &MockReceipt, state: &str, transaction: &Transaction) -> Value {
    let [supply_price, tax, trader, number] = &receipt.parts;
    json!({
        "apprPrice": receipt.price().to_string(),
        "apprSupplyPrice": supply_price,
        "apprTax": tax,
        "trader": trader,
        "apprNum": transaction.number,
        "apprState": state,
        "apprDt": &transaction.at.digits()[2..],
        "issuanceNumber": number,
    })
}

/// The hash over these fields of a bill, if the request has it.
fn check_hash(bill: &Value, parts: &[&str]) -> Result<String, Refusal> {
    let parts: Vec<&str> = parts.iter().map(|part| string(&bill[part])).collect();
    let hash = hash::of(&parts);
    if bill["hash"] != hash {
        return Err(refusal("VALIDATION_002", "해싱값을 확인하시기 바랍니다."));
    }
    Ok(hash)
}

/// PaySsam's codes for a bill in another state are not known.
fn check_state(found: &MockBill, needed: &BillState) -> Result<(), Refusal> {
    let code = match found.state() {
        state if state == needed => return Ok(()),
        BillState::Paid => "MOCK_PAID",
        BillState::Cancelled => "MOCK_ALREADY_CANCELLED",
        BillState::Destroyed => "MOCK_DESTROYED",
        _ => "MOCK_NOT_PAID",
    };
    Err(refusal(code, format!("the bill is {}", found.state())))
}

fn check_price(bill: &Value, found: &MockBill) -> Result<(), Refusal> {
    if bill["price"] == found.price().to_string() {
        return Ok(());
    }
    Err(refusal(
        "MOCK_PRICE_DIFFERS",
        "the price is not that of the bill",
    ))
}

/// What a request is about: the bill, found or not, and what is asked for.
pub(crate) fn concern(path: &str, body: &[u8]) -> Option<Concern> {
    let mut known = Operation::ALL.iter();
    let operation = *known.find(|operation| operation.path() == path)?;
    let request: Value = serde_json::from_slice(body).ok()?;
    let inner = request.get("cashReceipt").unwrap_or(&request["bill"]);
    let key = Shop::of(&request).key(inner);
    Some(Concern { operation, key })
}

/// Who asks, as the request says it.
struct Shop<'r> {
    api_key: &'r Value,
    member: &'r Value,
    merchant: &'r Value,
}

impl<'r> Shop<'r> {
    fn of(request: &'r Value) -> Self {
        Shop {
            api_key: &request["apiKey"],
            member: &request["member"],
            merchant: &request["merchant"],
        }
    }

    fn key(&self, bill: &Value) -> Key {
        Key::new(
            string(self.member),
            string(self.merchant),
            string(&bill["billId"]),
        )
    }
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn refusal(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal(200, code, message.into())
}

/// What the mock server tells of a card payment. Fields that a payment has not are empty, as
/// integrations saw them.
fn read_data(shop: &Shop<'_>, bill: &MockBill) -> Value {
    let mut data = json!({
        "apiKey": shop.api_key,
        "billId": bill.id(),
        "apprState": bill.state().letter(),
        "apprPrice": bill.price().to_string(),
        "apprDt": "",
        "apprOriginDt": "",
        "apprNum": "",
        "apprOriginNum": "",
        "apprCashNum": "",
        "apprCashTrader": "",
        "apprCashIssuanceNumber": "",
    });
    if let Some(paid) = bill.paid() {
        let latest = bill.cancelled().unwrap_or(paid);
        for (field, text) in [
            ("apprPayType", "CARD_VAN"),
            ("apprCardType", "신용"),
            ("apprDt", &latest.at.digits()),
            ("apprOriginDt", &paid.at.digits()),
            ("apprIssuer", "샌드박스카드"),
            ("apprIssuerNum", "123456******7890"),
            ("apprNum", &latest.number),
            ("apprOriginNum", &paid.number),
            ("apprMonthly", "0"),
        ] {
            data[field] = text.into();
        }
    }
    data
}

fn cancel_data(shop: &Shop<'_>, bill: &MockBill, hash: &str) -> Value {
    let (paid, cancelled) = (bill.paid(), bill.cancelled());
    json!({
        "apiKey": shop.api_key,
        "member": shop.member,
        "merchant": shop.merchant,
        "billId": bill.id(),
        "hash": hash,
        "apprNum": cancelled.map(|cancelled| &cancelled.number),
        "apprOriginNum": paid.map(|paid| &paid.number),
        "apprCancelDt": cancelled.map(|cancelled| cancelled.at.digits()),
    })
}
