//! Which writings of an amount are read, in responses and in callbacks, and which are not.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod examine;
    pub mod wire;
}

use payssam::{Malformed, Won, callback::ApprovalCallback};
use proptest::prelude::*;

use support::{
    caller::{bill_id, client},
    examine,
    wire::{Action, Server, http},
};

/// Texts, as JSON, that say 45,000.
const IS_45_000: &[&str] = &[
    r#""45000""#,
    "45000",
    "45000.0",
    "45000.00",
    r#""45000.0""#,
    r#""45000.00""#,
    r#""45,000""#,
    r#""45,000.00""#,
    r#"" 45000 ""#,
    r#""\t45,000\n""#,
    r#""45000.0000""#,
    "4.5e4",
    "4.5E4",
    "45000e0",
    "450000e-1",
    r#""4.5E4""#,
    r#""4.5E+4""#,
];

/// Texts, as JSON, that say no amount for certain.
const IS_NO_AMOUNT: &[&str] = &[
    r#""45.000""#,
    "45.000",
    "45.5",
    r#""45.5""#,
    r#""4,5000""#,
    r#""45,00""#,
    r#""45,0000""#,
    r#""0,450""#,
    r#""4500,000""#,
    r#"",450""#,
    r#""450,""#,
    r#""45,,000""#,
    r#""45,000,00""#,
    r#""1,234.5""#,
    r#""1.234,00""#,
    r#""45.000.000""#,
    r#""45000.""#,
    r#"".0""#,
    "-1",
    r#""-1""#,
    r#""-45000""#,
    r#""+45000""#,
    r#""45 000""#,
    r#""45\u00a0000""#,
    r#""045000""#,
    r#""４５０００""#,
    r#""45，000""#,
    r#""45000원""#,
    r#""₩45,000""#,
    r#""0xAFC8""#,
    r#""45_000""#,
    r#""NaN""#,
    r#""   ""#,
    "true",
    "[45000]",
    "4.5e0",
    "4.55e1",
    "45e-1",
    "1e400",
    "1e999999999999",
    "1e-400",
    r#""4.5e""#,
    r#""45.e3""#,
    r#""e4""#,
    r#""4,500e1""#,
    r#""4.5e4e0""#,
    r#""99999999999""#,
    "1e10",
    "18446744073709551616",
    "0",
    "0.0",
    "0e0",
];

fn in_a_callback(json: &str) -> Result<Option<Won>, Malformed> {
    let body = format!(r#"{{"billId":"2024-0001","apprPrice":{json}}}"#);
    let callback = ApprovalCallback::parse(body.as_bytes()).expect("a callback");
    callback.approval().price()
}

async fn server(body: String) -> Server {
    Server::start(move |_| Action::Write(http("200 OK", &body))).await
}

async fn in_a_read(json: &str) -> Result<Option<Won>, Malformed> {
    let data = format!(r#"{{"billId":"2024-0001","apprState":"F","apprPrice":{json}}}"#);
    let server = server(format!(r#"{{"code":"0000","data":{data}}}"#)).await;
    let bill = client(&server.base_url()).bills().read(&bill_id()).await;
    bill.expect("it is read").approval().price()
}

#[tokio::test]
async fn an_amount_that_can_be_read_in_one_way_only_is_read() {
    let price = Won::new(45_000).unwrap();
    for json in IS_45_000 {
        assert_eq!(in_a_callback(json), Ok(Some(price)), "{json}");
        assert_eq!(in_a_read(json).await, Ok(Some(price)), "{json}");
    }
    for (json, won) in [
        (r#""1,234,567""#, 1_234_567),
        (r#""9,999,999,999.00""#, Won::MAX),
        ("9.999999999e9", Won::MAX),
        ("1", 1),
        (r#""999""#, 999),
        ("45.0", 45),
    ] {
        assert_eq!(in_a_callback(json).unwrap().unwrap().get(), won, "{json}");
    }
}

#[tokio::test]
async fn an_amount_that_can_be_read_in_two_ways_or_none_is_malformed() {
    for json in IS_NO_AMOUNT {
        for read in [in_a_callback(json), in_a_read(json).await] {
            let malformed = read.expect_err(json);
            assert_eq!(malformed.field(), "apprPrice", "{json}");
        }
    }
    for json in ["null", r#""""#] {
        assert_eq!(in_a_callback(json), Ok(None), "{json}");
    }
}

#[tokio::test]
async fn a_balance_of_zero_is_read_however_it_is_written() {
    for json in ["0", r#""0""#, "0.0", "0e0", "0e30", "0.00e-30", r#""0e30""#] {
        let body = format!(r#"{{"code":"0000","data":{{"balance":{json}}}}}"#);
        let client = client(&server(body).await.base_url());
        let points = client.points().partner().await.unwrap();
        assert_eq!(points.balance(), Ok(Some(0)), "{json}");
    }
}

#[tokio::test]
async fn all_amounts_of_a_receipt_and_balances_are_read_alike() {
    let price = Won::new(45_000).unwrap();
    for json in IS_45_000 {
        let info = format!(
            r#"[{{"apprState":"F","apprPrice":{json},"apprSupplyPrice":{json},"apprTax":{json}}}]"#
        );
        let data = format!(r#"{{"billId":"2024-0001","info":{info},"balance":{json}}}"#);
        let server = server(format!(r#"{{"code":"0000","data":{data}}}"#)).await;
        let client = client(&server.base_url());
        let history = client.receipts().read(&bill_id(), price).await.unwrap();
        let entry = &history.entries().unwrap()[0];
        assert_eq!(entry.price(), Ok(Some(price)), "{json}");
        assert_eq!(entry.supply_price(), Ok(Some(45_000)), "{json}");
        assert_eq!(entry.tax(), Ok(Some(45_000)), "{json}");
        let points = client.points().partner().await.unwrap();
        assert_eq!(points.balance(), Ok(Some(45_000)), "{json}");
    }
    // A part of an amount may be zero, and a balance less.
    let amounts = IS_NO_AMOUNT.iter().filter(|json| {
        let is_too_much = ["1e10", r#""99999999999""#].contains(json);
        !is_too_much && !json.starts_with('0') && !json.contains("-1\"") && **json != "-1"
    });
    for json in amounts.filter(|json| **json != r#""-45000""#) {
        let info = format!(r#"[{{"apprSupplyPrice":{json},"apprTax":{json}}}]"#);
        let data = format!(r#"{{"billId":"2024-0001","info":{info},"balance":{json}}}"#);
        let server = server(format!(r#"{{"code":"0000","data":{data}}}"#)).await;
        let client = client(&server.base_url());
        let history = client.receipts().read(&bill_id(), price).await.unwrap();
        let entry = &history.entries().unwrap()[0];
        assert_eq!(
            entry.supply_price().expect_err(json).field(),
            "apprSupplyPrice"
        );
        assert_eq!(entry.tax().expect_err(json).field(), "apprTax");
        let points = client.points().partner().await.unwrap();
        assert_eq!(points.balance().expect_err(json).field(), "balance");
    }
    for (json, tax, balance) in [
        ("0", Ok(Some(0)), Ok(Some(0))),
        ("0.00", Ok(Some(0)), Ok(Some(0))),
        ("-1", Err(()), Ok(Some(-1))),
        (r#"" -1,234.0 ""#, Err(()), Ok(Some(-1_234))),
        (r#""- 1""#, Err(()), Err(())),
        (r#""--1""#, Err(()), Err(())),
    ] {
        let info = format!(r#"[{{"apprTax":{json}}}]"#);
        let data = format!(r#"{{"billId":"2024-0001","info":{info},"balance":{json}}}"#);
        let server = server(format!(r#"{{"code":"0000","data":{data}}}"#)).await;
        let client = client(&server.base_url());
        let history = client.receipts().read(&bill_id(), price).await.unwrap();
        let entry = &history.entries().unwrap()[0];
        assert_eq!(entry.tax().map_err(drop), tax, "{json}");
        let points = client.points().partner().await.unwrap();
        assert_eq!(points.balance().map_err(drop), balance, "{json}");
    }
}

#[test]
fn what_is_given_to_won_is_digits_alone_as_before() {
    for text in [
        "45,000", "45000.0", "45000.00", " 45000 ", "45000 ", "4.5e4", "045",
    ] {
        assert!(text.parse::<Won>().is_err(), "{text}");
    }
}

/// Texts that are nearly amounts, and texts that are amounts in one of their writings.
fn nearly_an_amount() -> impl Strategy<Value = String> {
    let written = (
        0..100_000_000_000_u64,
        "[ \t]{0,2}",
        "(\\.0{0,5})?",
        any::<bool>(),
    )
        .prop_map(|(won, blanks, decimals, is_grouped)| {
            let number = match is_grouped {
                true => examine::grouped(won),
                false => won.to_string(),
            };
            format!("{blanks}{number}{decimals}{blanks}")
        });
    prop_oneof![
        written,
        "[0-9]{1,6}(\\.[0-9]{1,4})?[eE][+-]?[0-9]{1,2}",
        "[0-9,. eE+-]{0,14}",
        "[1-9][0-9]{0,2}(,[0-9]{2,4}){1,3}(\\.0{1,4})?",
        "\\PC{0,12}",
    ]
}

/// So many cases; a failure is printed and stored nowhere.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all(text in nearly_an_amount()) {
        for json in examine::as_json(&text) {
            examine::amount(&in_a_callback(&json), &json, &text);
        }
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn only_0000_is_success_and_a_number_is_no_code(
        text in prop_oneof![
            Just("0000".to_owned()),
            "[ \t\n]{0,2}0{3,5}[ \t\n]{0,2}",
            "[0-9]{1,5}(\\.0)?",
            "(ERROR|PAYMENT_00[0-9]|BILL_00[0-9]|9970)",
            "\\PC{0,8}",
        ],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        for json in examine::as_json(&text) {
            let read = runtime.block_on(async {
                let server = server(examine::with_code(&json)).await;
                client(&server.base_url()).bills().read(&bill_id()).await
            });
            examine::code(&read, &json, &text);
        }
    }
}
