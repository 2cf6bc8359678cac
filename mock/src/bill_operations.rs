//! What each operation on a bill does, and what it responds.

use payssam::{BillState, KoreanTime};
use serde_json::{Value, json};

use crate::{
    bill::{MockBill, SendHash},
    checks,
    clock::digits,
    key::Key,
    links::Links,
    masked, moves,
    paid_by::PaidBy,
    partner::Partners,
    reach::Reach,
    rejection::Rejection,
    request_body::{RequestBody, text},
    store::Store,
};

pub(crate) fn read(store: &Store, request: &RequestBody, key: &Key) -> Result<Value, Rejection> {
    let bill = find(store, key)?;
    Ok(status(request.api_key(), bill))
}

pub(crate) fn cancel(
    store: &mut Store,
    request: &RequestBody,
    key: &Key,
    now: KoreanTime,
) -> Result<Value, Rejection> {
    let hash = checks::hash_of_sent(request.bill(), &["billId", "price"], store.bill(key))?;
    let bill = find(store, key)?;
    checks::state(bill, &BillState::Paid)?;
    checks::same_price(&request.bill()["price"], bill)?;
    let bill = store
        .set_state(key, BillState::Cancelled, now)
        .map_err(|_| Rejection::new("MOCK_NOT_PAID", "the bill cannot be cancelled"))?;
    let (payment, cancellation) = (bill.payment.as_ref(), bill.cancellation.as_ref());
    Ok(json!({
        "apiKey": request.api_key(),
        "member": request.member(),
        "merchant": request.merchant(),
        "billId": bill.id().as_str(),
        "hash": hash,
        "apprNum": cancellation.map(|cancellation| &cancellation.number),
        "apprOriginNum": payment.map(|payment| &payment.number),
        "apprCancelDt": cancellation.map(|cancellation| digits(cancellation.at)),
    }))
}

pub(crate) fn send(
    store: &mut Store,
    partners: &mut Partners,
    links: &mut Links,
    reach: &Reach,
    request: &RequestBody,
    now: KoreanTime,
) -> Result<Value, Rejection> {
    let bill = request.bill();
    checks::phone(text(&bill["phone"]))?;
    checks::send_type(text(&bill["sendType"]))?;
    let last_day = checks::expiry_date(text(&bill["expireDt"]), now)?;
    checks::callback_url(text(&bill["callbackUrl"]))?;
    let hash = checks::hash(bill, &["billId", "phone", "price"])?;
    let id = checks::bill_id(text(&bill["billId"]))?;
    let price = checks::price(text(&bill["price"]))?;
    let key = request.bill_key(partners);
    let url = text(&bill["callbackUrl"]);
    let new = MockBill {
        last_day,
        send_hash: Some(SendHash::of(&hash)),
        product: masked::text(text(&bill["productName"]), partners.secrets()),
        payer: masked::person(text(&bill["memberName"])),
        ..MockBill::new(id, price).with_callback_url(url, reach.callback_url(url).is_ok())
    };
    store.can_add(&key, &new)?;
    if let Some(partner) = partners.by_name_mut(key.partner()) {
        partner.points.spend_on_a_bill()?;
    }
    let link = links.add(key.clone());
    let url = links.url(&link);
    store.add(
        key,
        MockBill {
            link: Some(link.into()),
            ..new
        },
    )?;
    Ok(json!({
        "apiKey": request.api_key(),
        "member": request.member(),
        "merchant": request.merchant(),
        "billId": bill["billId"],
        "hash": hash,
        "shortUrl": url,
    }))
}

pub(crate) fn resend(store: &Store, request: &RequestBody, key: &Key) -> Result<Value, Rejection> {
    let bill = find(store, key)?;
    if *bill.state() != BillState::Unpaid {
        let message = format!("the bill is {}, and must be unpaid", bill.state());
        return Err(Rejection::new("BILL_006", message));
    }
    Ok(echo(request))
}

pub(crate) fn destroy(
    store: &mut Store,
    request: &RequestBody,
    key: &Key,
    now: KoreanTime,
) -> Result<Value, Rejection> {
    checks::hash_of_sent(request.bill(), &["billId", "price"], store.bill(key))?;
    let bill = find(store, key)?;
    checks::state(bill, &BillState::Unpaid)?;
    checks::same_price(&request.bill()["price"], bill)?;
    store
        .set_state(key, BillState::Destroyed, now)
        .map_err(|_| Rejection::new("MOCK_PAID", "the bill cannot be destroyed"))?;
    Ok(echo(request))
}

/// The status of a bill, as a read and a callback have it. Fields without
/// a value are empty strings, as integrations saw them.
pub(crate) fn status(api_key: &Value, bill: &MockBill) -> Value {
    let mut data = json!({
        "apiKey": api_key,
        "billId": bill.id().as_str(),
        "apprState": moves::letter(bill.state()),
        "apprPrice": checks::digits(bill.price()),
        "apprDt": "",
        "apprOriginDt": "",
        "apprNum": "",
        "apprOriginNum": "",
        "apprCashNum": "",
        "apprCashTrader": "",
        "apprCashIssuanceNumber": "",
    });
    if let Some(payment) = &bill.payment {
        let latest = bill.cancellation.as_ref().unwrap_or(payment);
        for (field, text) in [
            ("apprDt", &*digits(latest.at)),
            ("apprOriginDt", &digits(payment.at)),
            ("apprNum", &latest.number),
            ("apprOriginNum", &payment.number),
            ("apprMonthly", "0"),
        ] {
            data[field] = text.into();
        }
        let by: &[(&str, &str)] = match bill.paid_by {
            PaidBy::Card => &[
                ("apprPayType", "CARD_VAN"),
                ("apprCardType", "신용"),
                ("apprIssuer", "모의카드"),
                ("apprIssuerNum", "123456******7890"),
            ],
            PaidBy::Account => &[
                ("apprPayType", "BANK"),
                ("apprCardType", ""),
                ("apprIssuer", "모의은행"),
                ("apprIssuerNum", "123******7890"),
            ],
        };
        for (field, text) in by {
            data[*field] = (*text).into();
        }
    }
    data
}

fn echo(request: &RequestBody) -> Value {
    json!({
        "apiKey": request.api_key(),
        "billId": request.bill()["billId"],
    })
}

fn find<'s>(store: &'s Store, key: &Key) -> Result<&'s MockBill, Rejection> {
    store
        .bill(key)
        .ok_or_else(|| Rejection::new("BILL_003", "청구서를 찾을 수 없습니다."))
}
