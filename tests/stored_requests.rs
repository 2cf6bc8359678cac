//! Requests are data: serde writes and reads them whole, and `Debug` masks what is personal.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod samples;
}

use std::fmt::Debug;

use payssam::{
    CancelBill, CancelReceipt, DestroyBill, IssueReceipt, ReceiptHolder, RegisterMerchant,
    ResendBill, ResidentNumber, SendBill, Tax, Trader, Won,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use support::{
    caller::{bill_id, cancel},
    samples::{self, new_bill},
};

/// What `Debug` must not show.
const PERSONAL: &[&str] = &[
    "01012345678",
    "김하나",
    "늦지 않게",
    "9001011234568",
    "2208162517",
    "1234567890123456",
];

/// Writes and reads a request, which must be `written` and the same again.
#[track_caller]
fn round_trip<T>(request: &T, written: Value)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    assert_eq!(serde_json::to_value(request).unwrap(), written);
    assert_eq!(&serde_json::from_value::<T>(written).unwrap(), request);
    let text = serde_json::to_string(request).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), request);
    for shown in [format!("{request:?}"), format!("{request:#?}")] {
        for personal in PERSONAL {
            assert!(!shown.contains(personal), "{personal} in {shown}");
        }
    }
}

#[test]
fn a_send_is_stored_whole() {
    let smallest = json!({
        "bill_id": "2024-0001",
        "product": "3월 수강료",
        "price": 45_000,
        "payer": "김하나",
        "phone": "01012345678",
        "callback": "https://academy.example/payssam",
        "send_by": "kakaotalk",
        "issuer": null,
        "tax": null,
        "message": null,
        "expires": null,
        "redirect": null,
    });
    round_trip(&samples::send(), smallest.clone());
    let full = SendBill::link(new_bill())
        .issuer("하나 학원")
        .unwrap()
        .tax(Tax::included(Won::new(45_000).unwrap()))
        .unwrap()
        .message("늦지 않게\n내 주세요")
        .unwrap()
        .expires("2026-12-31")
        .unwrap()
        .redirect("https://academy.example/thanks")
        .unwrap();
    let mut written = smallest;
    written["send_by"] = json!("link");
    written["issuer"] = json!("하나 학원");
    written["tax"] = json!({"price": 45_000, "supply_price": 40_909, "tax": 4_091});
    written["message"] = json!("늦지 않게\n내 주세요");
    written["expires"] = json!("2026-12-31");
    written["redirect"] = json!("https://academy.example/thanks");
    round_trip(&full, written);
    round_trip(
        &new_bill(),
        json!({
            "bill_id": "2024-0001",
            "product": "3월 수강료",
            "price": 45_000,
            "payer": "김하나",
            "phone": "01012345678",
            "callback": "https://academy.example/payssam",
        }),
    );
}

#[test]
fn a_cancellation_is_stored_whole() {
    round_trip(
        &cancel(),
        json!({"bill_id": "2024-0001", "price": 45_000, "reason": null}),
    );
    round_trip(
        &cancel().reason("고객 요청").unwrap().check_first(),
        json!({"bill_id": "2024-0001", "price": 45_000, "reason": "고객 요청", "check_first": true}),
    );
}

#[test]
fn a_destroy_and_a_resend_are_stored_whole() {
    round_trip(
        &samples::destroy(),
        json!({"bill_id": "2024-0001", "price": 45_000}),
    );
    round_trip(&ResendBill::new(bill_id()), json!({"bill_id": "2024-0001"}));
}

#[test]
fn a_receipt_is_stored_whole_for_every_kind_of_holder() {
    let price = Won::new(45_000).unwrap();
    let tax = json!({"price": 45_000, "supply_price": 45_000, "tax": 0});
    let written = |holder: Value| json!({"bill_id": "2024-0001", "tax": tax, "holder": holder});
    round_trip(
        &samples::issue(),
        written(json!({"person": {"phone": "01012345678"}})),
    );
    let resident = ResidentNumber::new("900101-1234568").unwrap();
    let holder = ReceiptHolder::Person(resident.into());
    round_trip(
        &IssueReceipt::tax_free(price).to(bill_id(), holder),
        written(json!({"person": {"resident": "9001011234568"}})),
    );
    let holder = ReceiptHolder::Business("220-81-62517".parse().unwrap());
    round_trip(
        &IssueReceipt::tax_free(price).to(bill_id(), holder),
        written(json!({"business": "2208162517"})),
    );
    let holder = ReceiptHolder::Card("1234-5678-9012-3456".parse().unwrap());
    round_trip(
        &IssueReceipt::tax_free(price).to(bill_id(), holder),
        written(json!({"card": "1234567890123456"})),
    );
    round_trip(
        &IssueReceipt::tax_free(price).to(bill_id(), ReceiptHolder::SelfIssue),
        written(json!("self_issue")),
    );
}

#[test]
fn a_receipt_for_a_number_without_check_digit_is_stored_whole() {
    let price = Won::new(45_000).unwrap();
    let resident = ResidentNumber::without_check_digit("900101-1234567").unwrap();
    let issue = IssueReceipt::tax_free(price).to(bill_id(), ReceiptHolder::Person(resident.into()));
    let written = serde_json::to_value(&issue).unwrap();
    round_trip(&issue, written);
}

#[test]
fn a_cancellation_of_a_receipt_is_stored_whole() {
    for (trader, name) in [(Trader::Person, "person"), (Trader::Business, "business")] {
        round_trip(
            &CancelReceipt::new(bill_id(), Won::new(45_000).unwrap(), trader),
            json!({"bill_id": "2024-0001", "price": 45_000, "trader": name}),
        );
    }
}

#[test]
fn a_registration_is_stored_whole() {
    round_trip(
        &samples::new_merchant(),
        json!({
            "member": "m",
            "merchant": "s",
            "business_number": "2208162517",
            "callback": "https://academy.example/mapping",
            "redirect": "https://academy.example/done",
        }),
    );
}

#[test]
fn what_breaks_a_rule_is_not_read_from_a_store() {
    fn is_refused<T: DeserializeOwned + Debug>(written: Value, field: &str, wrong: Value) {
        serde_json::from_value::<T>(written.clone()).expect("it is right without the change");
        let mut changed = written;
        changed[field] = wrong;
        let read = serde_json::from_value::<T>(changed);
        assert!(read.is_err(), "{field}: {read:?}");
    }
    fn write(request: &impl Serialize) -> Value {
        serde_json::to_value(request).unwrap()
    }
    let send = write(&samples::send());
    is_refused::<SendBill>(send.clone(), "phone", json!("02-123-4567"));
    is_refused::<SendBill>(send.clone(), "price", json!(0));
    is_refused::<SendBill>(send.clone(), "callback", json!("http://academy.example"));
    is_refused::<SendBill>(send.clone(), "send_by", json!("letter"));
    let of_another_amount = json!({"price": 50_000, "supply_price": 50_000, "tax": 0});
    is_refused::<SendBill>(send, "tax", of_another_amount);
    is_refused::<CancelBill>(write(&cancel()), "bill_id", json!("a,b"));
    is_refused::<CancelBill>(write(&cancel()), "reason", json!("가".repeat(21)));
    is_refused::<DestroyBill>(write(&samples::destroy()), "price", json!(-1));
    let issue = write(&samples::issue());
    let sum = json!({"price": 45_000, "supply_price": 45_000, "tax": 1});
    is_refused::<IssueReceipt>(issue.clone(), "tax", sum);
    is_refused::<IssueReceipt>(issue.clone(), "holder", json!({"card": "123456789012"}));
    is_refused::<IssueReceipt>(issue, "holder", json!({"business": "2208162518"}));
    let merchant = write(&samples::new_merchant());
    is_refused::<RegisterMerchant>(merchant, "business_number", json!("2208162518"));
}

#[test]
fn a_cancellation_that_was_stored_under_the_former_name_still_checks_first() {
    let stored = json!({"bill_id": "2024-0001", "price": 45_000, "confirm_first": true});
    let cancel: CancelBill = serde_json::from_value(stored).unwrap();
    assert!(cancel.checks_first());
}
