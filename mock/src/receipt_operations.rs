//! What each operation on a cash receipt does, and what it responds.

use payssam::KoreanTime;
use serde_json::{Value, json};

use crate::{
    checks,
    clock::short_digits,
    key::Key,
    receipt::MockReceipt,
    rejection::Rejection,
    request_body::{RequestBody, text},
    store::{NewReceipt, Store},
    transaction::Transaction,
};

pub(crate) fn issue(
    store: &mut Store,
    request: &RequestBody,
    key: &Key,
    now: KoreanTime,
) -> Result<Value, Rejection> {
    let receipt = request.receipt();
    let hash = checks::hash(receipt, &["billId", "price"])?;
    let field = |name: &str| text(&receipt[name]).to_owned();
    checks::bill_id(text(&receipt["billId"]))?;
    let new = NewReceipt {
        price: checks::price(text(&receipt["price"]))?,
        supply_price: field("supplyPrice"),
        tax: field("tax"),
        trader: field("trader"),
        issuance_number: field("issuanceNumber"),
    };
    checks::amounts(new.price, &new.supply_price, &new.tax)?;
    checks::trader(&new.trader)?;
    checks::issuance_number(&new.issuance_number, &new.trader)?;
    let number = store.issue_receipt(key.clone(), new, now)?;
    Ok(json!({
        "apiKey": request.api_key(),
        "billId": receipt["billId"],
        "hash": hash,
        "trader": receipt["trader"],
        "apprCashNum": number,
        "issuanceNumber": receipt["issuanceNumber"],
    }))
}

pub(crate) fn cancel(
    store: &mut Store,
    request: &RequestBody,
    key: &Key,
    now: KoreanTime,
) -> Result<Value, Rejection> {
    let receipt = request.receipt();
    let hash = checks::hash(receipt, &["billId", "price"])?;
    let found = find(store, key, receipt)?;
    if receipt["trader"] != found.trader {
        return Err(Rejection::new(
            "MOCK_TRADER",
            "trader must be the one that the cash receipt was issued to",
        ));
    }
    let number = store.cancel_receipt(key, now).map_err(|_| {
        Rejection::new(
            "MOCK_ALREADY_CANCELLED",
            "the cash receipt is already cancelled",
        )
    })?;
    Ok(json!({
        "apiKey": request.api_key(),
        "billId": receipt["billId"],
        "hash": hash,
        "apprCashNum": number,
    }))
}

pub(crate) fn read(store: &Store, request: &RequestBody, key: &Key) -> Result<Value, Rejection> {
    let receipt = request.receipt();
    checks::hash(receipt, &["billId", "price"])?;
    let found = find(store, key, receipt)?;
    let issue = entry(found, "F", &found.issue);
    let cancellation = found.cancellation.as_ref();
    // The latest comes first here; no order is promised.
    let entries = cancellation.map(|cancellation| entry(found, "C", cancellation));
    Ok(json!({
        "apiKey": request.api_key(),
        "billId": receipt["billId"],
        "info": entries.into_iter().chain([issue]).collect::<Vec<_>>(),
    }))
}

/// An entry has no `billId`, and a time of 12 digits (observed).
fn entry(receipt: &MockReceipt, state: &str, transaction: &Transaction) -> Value {
    json!({
        "apprPrice": checks::digits(receipt.price()),
        "apprSupplyPrice": receipt.supply_price,
        "apprTax": receipt.tax,
        "trader": receipt.trader,
        "apprNum": transaction.number,
        "apprState": state,
        "apprDt": short_digits(transaction.at),
        "issuanceNumber": receipt.issuance_number,
    })
}

fn find<'s>(store: &'s Store, key: &Key, request: &Value) -> Result<&'s MockReceipt, Rejection> {
    let receipt = store
        .receipt(key)
        .ok_or_else(|| Rejection::new("MOCK_NO_RECEIPT", "there is no such cash receipt"))?;
    checks::same_receipt_price(&request["price"], receipt)?;
    Ok(receipt)
}
