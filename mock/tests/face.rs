//! The pages of the mock server, without JavaScript.

mod support;

use std::time::Duration;

use payssam::{BillState, Operation};
use payssam_mock::{Fault, MockServer, Schedule, Seed};
use serde_json::{Value, json};
use support::{
    PHONE, control,
    face::{self, PAGES, Page, act, bill, bill_page, get, get_in},
    id,
    markup::{MARKUP, addresses, full_of_markup},
    post, price,
    receiver::Receiver,
    send_request,
    wire::{self, address, request},
    with_bill, with_paid_bill,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
    time::timeout,
};

async fn state(mock: &MockServer, id: &str) -> BillState {
    mock.bill(&id.parse().unwrap()).unwrap().state().clone()
}

#[tokio::test]
async fn a_bill_is_sent_paid_and_cancelled_by_forms_alone() {
    let mock = MockServer::start().await.unwrap();
    let fields = [
        ("bill_id", "2024-0001"),
        ("price", "45,000"),
        ("product", "수강료"),
        ("payer", "김하나"),
    ];
    let sent = act(&mock, "send", &fields).await;
    assert_eq!(sent.status, 200);
    assert!(sent.text().contains("완료:  보내기"), "{}", sent.text());
    assert!(sent.html.contains("45,000"));
    // The payer is a person.
    assert!(!sent.html.contains("김하나"), "{}", sent.html);
    for (name, field, expected) in [
        ("pay", ("by", "card"), BillState::Paid),
        ("cancel", ("", ""), BillState::Cancelled),
    ] {
        let fields = [&bill("2024-0001")[..], &[field]].concat();
        let page = act(&mock, name, &fields).await;
        assert_eq!(page.status, 200, "{name}");
        assert_eq!(state(&mock, "2024-0001").await, expected);
        assert!(page.text().contains("완료"), "{name}");
        assert_eq!(page.header("location"), "");
    }
}

#[tokio::test]
async fn what_is_personal_in_a_form_is_neither_shown_nor_in_an_address_afterwards() {
    let mock = MockServer::start().await.unwrap();
    let token = get(&mock, "/").await.token();
    let personal = [
        ("product", "수강료 010-1234-5678 mock-key"),
        ("payer", "김하나"),
        ("callback_url", "http://127.0.0.1:9/secret/path?key=1"),
    ];
    let hidden = [
        "010-1234-5678",
        "1234-5678",
        "김하나",
        "secret",
        "%EA%B9%80",
    ];
    let common = [("token", &*token), ("bill_id", "a"), ("price", "1000")];
    let fields = [&common[..], &personal].concat();
    let sent = face::post(&mock, "/do/send", &fields).await;
    assert_eq!(sent.status, 303);
    let address = sent.header("location").to_owned();
    let (_, did) = address.split_once("did=").unwrap();
    assert!(did.len() == 32 && did.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // The same form again is refused, and so is a forgery.
    let refused = face::post(&mock, "/do/send", &fields).await;
    assert_eq!(refused.status, 409);
    let url = ("url", "https://payssam.example/secret/path");
    let forged = face::post(&mock, "/do/forge", &[&common[..], &[url]].concat()).await;
    assert_eq!(forged.status, 400);
    for page in [get(&mock, &address).await, refused, forged] {
        for hidden in hidden {
            assert!(!page.html.contains(hidden), "{hidden}: {}", page.html);
            assert!(!address.contains(hidden), "{hidden}: {address}");
        }
        let command = &page.commands()[0];
        assert!(
            command.contains("…") && command.contains("\"a\""),
            "{command}"
        );
        assert!(page.text().contains("가린 값"), "{}", page.text());
    }
    // Where nothing is masked, nothing is said of it.
    let plain = act(&mock, "advance", &[("count", "1"), ("unit", "hours")]).await;
    assert!(!plain.text().contains("가린 값"));
}

/// A bill, what a form does with it, and what comes of it.
#[tokio::test]
async fn every_act_of_a_bill_is_a_form() {
    let mock = MockServer::start().await.unwrap();
    for (id, name, field, expected) in [
        ("a", "pay", ("by", "account"), BillState::Paid),
        ("b", "expire", ("", ""), BillState::Unpaid),
        ("c", "paid-on-site", ("", ""), BillState::Destroyed),
    ] {
        control::post(&mock, "/bills", json!({"bill_id": id, "price": 1000})).await;
        let page = act(&mock, name, &[&bill(id)[..], &[field]].concat()).await;
        assert_eq!(page.status, 200, "{name}");
        assert_eq!(state(&mock, id).await, expected, "{name}");
    }
    assert_eq!(control::get(&mock, "/bills/a").await["paid_by"], "account");
    assert_eq!(control::get(&mock, "/bills/b").await["is_expired"], true);
    assert_eq!(
        control::get(&mock, "/bills/c").await["is_paid_on_site"],
        true
    );
}

#[tokio::test]
async fn every_act_of_callbacks_is_a_form() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    let url = receiver.url();
    for id in ["a", "b", "c"] {
        let wish = json!({"bill_id": id, "price": 1000, "callback_url": url});
        control::post(&mock, "/bills", wish).await;
    }
    act(&mock, "hold", &[]).await;
    for id in ["a", "b", "c"] {
        act(&mock, "pay", &bill(id)).await;
    }
    let held = get(&mock, "/callbacks").await;
    assert_eq!(held.all("id=\"waiting-", "\"").len(), 3);
    assert!(held.html.contains("붙잡아 둠"));
    act(&mock, "reorder", &[]).await;
    act(&mock, "reorder", &[("id", "2")]).await;
    let order = get(&mock, "/callbacks").await.all("id=\"waiting-", "\"");
    assert_eq!(order, ["2", "3", "1"]);
    act(&mock, "deliver", &[("id", "3")]).await;
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 1);
    act(&mock, "let-go", &[]).await;
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 3);
    act(
        &mock,
        "duplicate",
        &[&bill("a")[..], &[("back", "bill")]].concat(),
    )
    .await;
    act(
        &mock,
        "forge",
        &[("url", &url), ("bill_id", "none"), ("price", "7")],
    )
    .await;
    act(
        &mock,
        "forge",
        &[&bill("b")[..], &[("price", "8"), ("back", "bill")]].concat(),
    )
    .await;
    act(&mock, "hold", &[]).await;
    act(&mock, "duplicate", &bill("c")).await;
    act(&mock, "deliver", &[]).await;
    mock.wait_until_idle().await;
    let prices: Vec<String> = receiver
        .bodies()
        .iter()
        .map(|body| serde_json::from_str::<Value>(body).unwrap()["apprPrice"].to_string())
        .collect();
    assert_eq!(prices.len(), 7, "{prices:?}");
    assert_eq!(prices[4..6], ["\"7\"", "\"8\""]);
}

#[tokio::test]
async fn every_act_of_faults_the_clock_and_the_world_is_a_form() {
    let mock = with_bill().await;
    let fields = [
        ("fault", "apply-then-close"),
        ("operation", "bill cancel"),
        ("when", "next"),
        ("count", "1"),
        ("milliseconds", ""),
    ];
    act(&mock, "inject", &fields).await;
    let fields = [
        ("fault", "latency"),
        ("milliseconds", "1"),
        ("when", "probability"),
        ("count", "0.5"),
        ("seed", "7"),
    ];
    act(&mock, "inject", &fields).await;
    let fields = [("fault", "429"), ("when", "per_second"), ("count", "10")];
    act(&mock, "inject", &fields).await;
    let faults = control::get(&mock, "/faults").await;
    let whens: Vec<&str> = faults["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["when"].as_str().unwrap())
        .collect();
    assert_eq!(
        whens,
        [
            "the first 1",
            "with the probability 0.5000 and the seed 7",
            "those beyond 10 per second"
        ]
    );
    assert_eq!(faults["faults"][0]["operation"], "bill cancel");
    act(&mock, "remove-fault", &[("id", "2")]).await;
    assert_eq!(
        control::get(&mock, "/faults").await["faults"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    act(&mock, "clear-faults", &[]).await;
    assert_eq!(control::get(&mock, "/faults").await["faults"], json!([]));

    act(&mock, "advance", &[("count", "2"), ("unit", "days")]).await;
    act(&mock, "advance", &[("count", "1"), ("unit", "hours")]).await;
    assert_eq!(
        control::get(&mock, "/clock").await["ahead_seconds"],
        49 * 3600
    );
    act(&mock, "reset", &[]).await;
    assert_eq!(control::get(&mock, "/bills").await["total"], 0);
}

#[tokio::test]
async fn an_act_that_is_refused_says_why_and_shows_its_command() {
    let mock = with_bill().await;
    let refused = act(&mock, "cancel", &bill(support::ID)).await;
    assert_eq!(refused.status, 409);
    let text = refused.text();
    for part in [
        "처리하지 않았습니다",
        "청구서가 그럴 수 있는 상태가 아닙니다.",
        "MOCK_WRONG_STATE",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(refused.commands().len(), 1);
    // It has no address at which it could be read again.
    assert!(!refused.html.contains("data-events"));
    assert!(refused.html.contains("href=\"/?lang=en\""));
    assert!(
        get(&mock, "/")
            .await
            .html
            .contains("data-events=\"/face/events\"")
    );
    for (name, fields, status) in [
        ("send", &[("bill_id", support::ID), ("price", "1")][..], 409),
        ("send", &[("bill_id", "b"), ("price", "much")], 400),
        ("send", &[("bill_id", "b"), ("price", "")], 400),
        ("advance", &[("count", "0"), ("unit", "hours")], 400),
        ("inject", &[("fault", "apply-then-clos")], 400),
        ("remove-fault", &[("id", "7")], 404),
        ("no-such-act", &[], 404),
    ] {
        assert_eq!(act(&mock, name, fields).await.status, status, "{name}");
    }
}

/// Everything that a form can change.
async fn world(mock: &MockServer) -> Value {
    let snapshot = control::get(mock, "/snapshot").await;
    let ahead = control::get(mock, "/clock").await["ahead_seconds"].clone();
    let [faults, callbacks, bills] =
        ["/faults", "/callbacks", "/bills"].map(|path| control::get(mock, path));
    json!([
        snapshot["bills"],
        ahead,
        faults.await,
        callbacks.await,
        bills.await
    ])
}

/// An act, a form of it that has an effect, and a field of it with values that are none.
type Hostile<'t> = (&'t str, &'t [(&'t str, &'t str)], &'t str, &'t [&'t str]);

const HOSTILE: &[Hostile] = &[
    (
        "send",
        &SEND,
        "price",
        &[
            "1,5",
            "1,50",
            ",500",
            "1,,500",
            "1500,",
            "15,00",
            "1500,000",
            "-1",
            "+1",
            "1.5",
            "1e3",
            "NaN",
            "0x10",
            "",
            " ",
            "１００",
            "99999999999999999999",
        ],
    ),
    ("send", &SEND, "bill_id", &["", "a\nb"]),
    (
        "send",
        &SEND,
        "expires_on",
        &["tomorrow", "2099-02-30", "99-1-1"],
    ),
    (
        "send",
        &SEND,
        "callback_url",
        &["nothing", "file:///etc/passwd", "http://u:p@127.0.0.1/"],
    ),
    ("send", &SEND, "whose", WHOSE),
    ("pay", &BILL, "by", &["", "cash", "Card", "account "]),
    ("pay", &BILL, "merchant", &["", "other"]),
    ("pay", &BILL, "partner", &["", "FIRST"]),
    ("pay", &BILL, "bill_id", &["", "2024-000"]),
    ("expire", &BILL, "member", &["", "other"]),
    ("paid-on-site", &BILL, "bill_id", &["", "none"]),
    ("cancel", &PAID, "bill_id", &["", "none"]),
    ("duplicate", &PAID, "bill_id", &["", "none"]),
    ("duplicate", &PAID, "back", &["callbacks", "Bill"]),
    ("forge", &FORGE, "price", &["1,5", "NaN", "", "0", "-7"]),
    (
        "forge",
        &FORGE,
        "url",
        &[
            "nothing",
            "https://payssam.example/",
            "http://u:p@127.0.0.1/",
        ],
    ),
    ("forge", &FORGE, "bill_id", &[""]),
    ("forge", &FORGE, "back", &["bil"]),
    ("forge", &FORGE, "merchant", &["", "mock-merchant"]),
    ("deliver", &[("id", "1")], "id", NUMBERS),
    ("deliver", &[("id", "1")], "bill_id", &["held", ""]),
    ("deliver", &[("id", "1")], "back", &["bill", "x"]),
    ("reorder", &[("id", "2")], "id", NUMBERS),
    ("reorder", &[("id", "2")], "back", &["bill", "x"]),
    ("hold", &[], "whose", WHOSE),
    ("let-go", &[], "whose", WHOSE),
    ("inject", &INJECT, "whose", WHOSE),
    ("inject", &INJECT, "when", &["", "bogus", "Next", "always"]),
    (
        "inject",
        &INJECT,
        "count",
        &[
            "NaN", "inf", "1e1", "-1", "2", "", "0,5", "0x1", "infinity", ".",
        ],
    ),
    ("inject", &INJECT, "seed", &["NaN", "-1", "1.5", "1,5"]),
    (
        "inject",
        &INJECT,
        "milliseconds",
        &["NaN", "-1", "1.5", "soon", "1,5"],
    ),
    ("inject", &INJECT, "fault", &["", "latenc"]),
    ("inject", &INJECT, "operation", &["bogus", "bill"]),
    (
        "inject",
        &[("fault", "latency"), ("when", "first"), ("count", "1")],
        "count",
        &["1.5", "NaN", "", "0", "1,5"],
    ),
    (
        "inject",
        &[("fault", "latency"), ("when", "every"), ("count", "1")],
        "count",
        &["1.5", "NaN", "", "0"],
    ),
    (
        "inject",
        &[("fault", "429"), ("when", "per_second"), ("count", "1")],
        "count",
        &["1.5", "NaN", ""],
    ),
    (
        "inject",
        &[("fault", "latency"), ("when", "next")],
        "count",
        &["NaN", "many"],
    ),
    ("remove-fault", &[("id", "1")], "id", NUMBERS),
    (
        "advance",
        &[("count", "1"), ("unit", "hours")],
        "unit",
        &["", "weeks", "Hours"],
    ),
    (
        "advance",
        &[("count", "1"), ("unit", "hours")],
        "count",
        &["", "NaN", "1,5", "1.5", "-1", "0"],
    ),
    ("reset", &[], "whose", WHOSE),
    ("reset", &[], "merchant", &["mock-merchant", ""]),
    ("reset", &[], "whos", &["x"]),
    ("clear-faults", &[], "id", &["1"]),
];

const WHOSE: &[&str] = &[
    "garbage",
    " ",
    "null",
    "[]",
    "{}",
    "\"first\"",
    "[\"first\"]",
    "[\"first\",\"mock-member\"]",
    "[null,null,null]",
    "[\"\",\"\",\"\"]",
    "[\"none\",\"mock-member\",\"mock-merchant\"]",
    "[\"first\",\"mock-member\",\"mock-merchant\",\"\"]",
];
const NUMBERS: &[&str] = &[
    "",
    "abc",
    "-1",
    "+1",
    "1.0",
    "1,2",
    "all",
    "99999999999999999999",
];
const SEND: [(&str, &str); 2] = [("bill_id", "new"), ("price", "1,000")];
const BILL: [(&str, &str); 4] = of_bill(support::ID);
const PAID: [(&str, &str); 4] = of_bill("held");
const FORGE: [(&str, &str); 3] = [
    ("url", "http://127.0.0.1:9/"),
    ("bill_id", "none"),
    ("price", "7"),
];
const INJECT: [(&str, &str); 4] = [
    ("fault", "latency"),
    ("when", "probability"),
    ("count", "0.5"),
    ("operation", "receipt read"),
];

const fn of_bill(id: &str) -> [(&str, &str); 4] {
    [
        ("partner", "first"),
        ("member", "mock-member"),
        ("merchant", "mock-merchant"),
        ("bill_id", id),
    ]
}

/// A mock server in which each of these forms would do something.
async fn vulnerable() -> MockServer {
    let mock = with_bill().await;
    control::post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    for id in ["held", "also"] {
        let bill = json!({"bill_id": id, "price": 1000, "callback_url": "http://127.0.0.1:9/"});
        control::post(&mock, "/bills", bill).await;
        control::post(&mock, &format!("/bills/{id}/pay"), json!({})).await;
    }
    let fault = json!({"fault": "latency", "operation": "receipt read", "first": 3});
    control::post(&mock, "/faults", fault).await;
    mock
}

#[tokio::test]
async fn a_field_that_is_not_understood_is_refused_and_never_taken_for_a_default() {
    let mock = vulnerable().await;
    let before = world(&mock).await;
    for (name, fields, field, values) in HOSTILE {
        for value in *values {
            let others = fields.iter().filter(|(known, _)| known != field);
            let fields: Vec<_> = others.copied().chain([(*field, *value)]).collect();
            let page = act(&mock, name, &fields).await;
            let of = format!("{name} {fields:?}");
            assert!((400..=409).contains(&page.status), "{of}: {}", page.status);
            assert!(page.text().contains("처리하지 않았습니다"), "{of}");
            assert!(world(&mock).await == before, "{of}");
        }
    }
    // A field that is there twice may mean either.
    let twice = [&BILL[..], &[("by", "card"), ("by", "account")]].concat();
    assert_eq!(act(&mock, "pay", &twice).await.status, 400);
    let none = [("fault", "latency"), ("count", "1")];
    assert_eq!(act(&mock, "inject", &none).await.status, 400);
    assert!(world(&mock).await == before);
}

#[tokio::test]
async fn the_forms_without_the_hostile_value_do_something() {
    let receiver = Receiver::acknowledging(0).await;
    for (name, fields, ..) in HOSTILE {
        let mock = vulnerable().await;
        let before = world(&mock).await;
        let mut fields = fields.to_vec();
        let url = receiver.url();
        for (name, value) in &mut fields {
            if *name == "url" {
                *value = &url;
            }
        }
        if *name == "hold" {
            control::post(&mock, "/callbacks/hold", json!({"is_held": false})).await;
        }
        let page = act(&mock, name, &fields).await;
        assert_eq!(page.status, 200, "{name} {fields:?}: {}", page.text());
        assert!(
            world(&mock).await != before || *name == "hold",
            "{name} {fields:?}"
        );
    }
}

#[tokio::test]
async fn a_view_of_a_merchant_or_a_state_that_is_not_understood_has_no_bills() {
    let mock = with_bill().await;
    let page = get(&mock, "/?whose=garbage").await;
    assert_eq!(page.all("<tr id=\"", "\"").len(), 0);
    let page = get(&mock, "/?state=bogus").await;
    assert_eq!(page.all("<tr id=\"", "\"").len(), 0);
}

#[tokio::test]
async fn a_refused_form_says_in_the_language_of_the_page_which_field_is_wrong_and_how() {
    let mock = with_bill().await;
    let token = get(&mock, "/").await.token();
    for (name, fields, korean, english) in [
        (
            "send",
            &[("bill_id", "b"), ("price", "much")][..],
            "금액(원) :  1 이상, 최대 10자리의 정수여야 합니다.",
            "Price in won :  price must be a whole number of won",
        ),
        (
            "send",
            &[("bill_id", "b"), ("price", "5"), ("expires_on", "soon")],
            "결제 기한 :  YYYY-MM-DD 형식의 날짜여야 합니다.",
            "Last day :  it must be a date as YYYY-MM-DD",
        ),
        ("send", &[("price", "5")], "값이 없습니다.", "it is missing"),
        (
            "inject",
            &[("fault", "error-code"), ("when", "first"), ("count", "0")],
            "1 이상 2^53 이하의 정수여야 합니다.",
            "it must be a whole number, 1 or more",
        ),
        (
            "advance",
            &[("count", "1"), ("unit", "weeks")],
            "단위 :  양식에서 고를 수 있는 값이어야 합니다.",
            "Unit :  It must be one of those that the form offers.",
        ),
    ] {
        for (chosen, language, expected) in [
            ("", "ko", korean),
            ("", "en", english),
            ("?lang=en", "ko", english),
        ] {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("token", &token).extend_pairs(fields);
            let origin = control::origin(&mock);
            let request = support::http()
                .post(format!("{origin}/do/{name}{chosen}"))
                .header("origin", origin)
                .header("accept-language", language)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.finish());
            let page = Page::of(request.send().await.unwrap()).await;
            assert_eq!(page.status, 400);
            let said = page.text();
            assert!(said.contains(expected), "{expected}: {said}");
            assert!(!said.contains("column"), "{said}");
        }
    }
}

#[tokio::test]
async fn a_value_in_a_rule_is_masked_and_the_rule_stays_whole() {
    let mock = with_paid_bill().await;
    let hash = |text: &str| {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(text);
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    for price in ["1234567890", "01012345678"] {
        let changed = support::changed(support::change_request(), "/bill/price", price.into());
        let hash = hash(&format!("{},{price}", support::ID));
        let changed = support::changed(changed, "/bill/hash", hash.into());
        post(&mock, "/bill/cancel", &changed).await;
    }
    let person = support::changed(
        support::receipt_request(),
        "/cashReceipt/trader",
        "0".into(),
    );
    let person = support::changed(person, "/cashReceipt/issuanceNumber", "1".into());
    post(&mock, "/cash-receipt/issue", &person).await;
    let unpaid = MockServer::start().await.unwrap();
    unpaid.add_bill(id(), price()).unwrap();
    post(&unpaid, "/bill/cancel", &support::change_request()).await;
    let page = get(&mock, "/requests").await;
    let rules = page.all("<p class=\"rule\">", "</p>").concat();
    for rule in [
        "price가 1234567890인데 45000이어야 합니다.",
        "price가 [masked]인데 45000이어야 합니다.",
        "개인의 issuanceNumber는 휴대전화 번호, 0100001234, 13~19자리 숫자 가운데 하나여야 합니다.",
    ] {
        assert!(rules.contains(rule), "{rule}: {rules}");
    }
    assert!(!rules.contains("01012345678"), "{rules}");
    let page = get(&unpaid, "/requests").await.text();
    assert!(
        page.contains("청구서 상태가 미결제인데 결제완료여야 합니다."),
        "{page}"
    );
}

#[tokio::test]
async fn counts_are_said_as_people_say_them() {
    let mock = with_bill().await;
    mock.inject(Fault::WrongEcho, Schedule::always());
    mock.advance_clock(Duration::from_secs(25 * 60 * 60));
    for (language, ahead, faults) in [
        ("en", "1 day 1 hour 0 seconds", "Active faults: 1"),
        ("ko", "1일 1시간 0초", "주입된 장애: 1"),
    ] {
        let text = get_in(&mock, "/clock", language).await.text();
        for part in [ahead, faults] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[tokio::test]
async fn a_form_without_the_token_of_this_process_does_nothing() {
    let mock = with_bill().await;
    let other = MockServer::start().await.unwrap();
    let foreign = get(&other, "/").await.token();
    assert_eq!(foreign.len(), 32);
    assert_ne!(foreign, get(&mock, "/").await.token());
    for token in [None, Some(""), Some("x"), Some(&*foreign)] {
        let token = token.map(|token| ("token", token));
        let fields: Vec<_> = bill(support::ID).into_iter().chain(token).collect();
        for name in ["pay", "expire", "hold", "reset", "inject"] {
            let page = face::post(&mock, &format!("/do/{name}"), &fields).await;
            assert_eq!(page.status, 403, "{name}");
            assert!(page.text().contains("새로고침"), "{}", page.text());
        }
    }
    assert_eq!(mock.bill(&id()).unwrap().history().len(), 1);
}

#[tokio::test]
async fn a_form_that_is_none_or_too_large_does_nothing() {
    let mock = with_bill().await;
    let token = get(&mock, "/").await.token();
    let own = format!("host: {}", address(&mock));
    let body = format!(
        "token={token}&partner=first&member=mock-member&merchant=mock-merchant&bill_id=2024-0001"
    );
    for (content_type, body, status) in [
        ("application/json", body.clone(), 415),
        ("text/plain", body.clone(), 415),
        ("multipart/form-data; boundary=a", body.clone(), 415),
        (
            "application/x-www-form-urlencoded",
            format!("{body}&x={}", "x".repeat(70_000)),
            413,
        ),
    ] {
        let lines = [own.clone(), format!("content-type: {content_type}")];
        let bytes = request("POST", "/do/pay", &lines, &body);
        assert_eq!(wire::send(address(&mock), &bytes).await.status, status);
    }
    let lines = [
        own.clone(),
        "content-type: application/x-www-form-urlencoded".to_owned(),
    ];
    assert_eq!(state(&mock, support::ID).await, BillState::Unpaid);
    let bytes = request("POST", "/do/pay", &lines, &body);
    assert_eq!(wire::send(address(&mock), &bytes).await.status, 303);
    assert_eq!(state(&mock, support::ID).await, BillState::Paid);
}

fn assert_no_markup(page: &Page, of: &str) {
    let html = page.html.to_lowercase();
    for part in ["<img src=x", "<script>", "onerror=a()>", "<b>"] {
        // What is escaped has `&lt;` for `<`.
        assert!(
            !html.contains(part) || part == "onerror=a()>" && !html.contains("<img src=x"),
            "{of}: {part}"
        );
    }
    // The only script and the only images are the mock server's own.
    assert!(html.matches("<script").count() <= 1, "{of}");
    for tag in html
        .split('<')
        .filter(|tag| tag.starts_with("script") || tag.starts_with("img"))
    {
        assert!(tag.contains("src=\"/face/"), "{of}: {tag}");
    }
    for attribute in [
        " style=\"",
        " onclick",
        " onload",
        "javascript:",
        " src=\"http",
        " src=\"//",
        "<iframe",
        "<base",
    ] {
        assert!(!html.contains(attribute), "{of}: {attribute}");
    }
}

#[tokio::test]
async fn markup_in_every_field_is_text_on_every_page() {
    let receiver = Receiver::start(|_, _| (200, MARKUP.to_owned())).await;
    let mock = full_of_markup(&receiver).await;
    let addresses = addresses(&mock).await;
    assert!(addresses.len() > 14, "{addresses:?}");
    let mut texts = String::new();
    for address in &addresses {
        for language in ["ko", "en"] {
            let page = get_in(&mock, address, language).await;
            assert_no_markup(&page, address);
            texts += &page.text();
        }
    }
    let link = control::get(&mock, "/bills").await["bills"][0]["link"].clone();
    let link = link
        .as_str()
        .unwrap()
        .rsplit_once("/pay/")
        .unwrap()
        .1
        .to_owned();
    let page = get(&mock, &format!("/pay/{link}")).await;
    assert_no_markup(&page, "pay");
    texts += &page.text();
    // That it was there.
    for part in [
        MARKUP,
        "<script>a</script>",
        "\"><script>m</script>",
        "'><img src=x>",
    ] {
        assert!(texts.contains(part), "{part}");
    }
    let refused = act(
        &mock,
        "send",
        &[("bill_id", "<script>b</script>,"), ("price", MARKUP)],
    )
    .await;
    assert_eq!(refused.status, 400);
    assert_no_markup(&refused, "send");
}

#[tokio::test]
async fn every_page_has_the_policy_that_nothing_inline_runs_and_nothing_else_is_loaded() {
    let mock = with_bill().await;
    let link = control::get(&mock, "/bills").await["bills"][0]["link"].clone();
    let link = link
        .as_str()
        .unwrap()
        .rsplit_once("/pay/")
        .unwrap()
        .1
        .to_owned();
    let mut pages: Vec<String> = PAGES.map(str::to_owned).into();
    pages.extend([
        bill_page(support::ID),
        bill_page("none"),
        format!("/pay/{link}"),
        "/pay/none".to_owned(),
    ]);
    let mut all = Vec::new();
    for page in &pages {
        all.push(get(&mock, page).await);
    }
    all.push(act(&mock, "no-such-act", &[]).await);
    all.push(face::post(&mock, "/do/pay", &[]).await);
    for page in &all {
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("content-type", "text/html;charset=UTF-8"),
        ] {
            assert_eq!(page.header(name), value, "{name}");
        }
        for address in page
            .all("href=\"", "\"")
            .into_iter()
            .chain(page.all("src=\"", "\""))
        {
            assert!(
                address.starts_with('/') && !address.starts_with("//") || address.starts_with('#'),
                "{address}"
            );
        }
    }
}

#[tokio::test]
async fn the_style_and_the_script_are_sent_again_only_when_they_changed() {
    let mock = MockServer::start().await.unwrap();
    for (path, kind) in [
        ("/face/face.css", "text/css;charset=UTF-8"),
        ("/face/face.js", "text/javascript;charset=UTF-8"),
        ("/face/icon.svg", "image/svg+xml"),
    ] {
        let first = get(&mock, path).await;
        assert_eq!((first.status, first.header("content-type")), (200, kind));
        assert!(first.html.len() > 100);
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        let request = support::http().get(format!("{}{path}", control::origin(&mock)));
        let again = Page::of(request.header("if-none-match", tag).send().await.unwrap()).await;
        assert_eq!((again.status, &*again.html), (304, ""));
    }
}

/// Runs a command, and gives what it printed.
async fn run(command: &str) -> String {
    let mut shell = Command::new("sh");
    let ended = shell
        .args(["-ec", command])
        .env("NO_PROXY", "*")
        .output()
        .await
        .unwrap();
    assert!(
        ended.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    String::from_utf8(ended.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_that_a_button_shows_does_the_same_also_for_hostile_ids() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    let ids = [
        "a",
        "..",
        ".",
        "it's $(touch x)`id`",
        "a b/c?d=e#f%41",
        "\"&<{1..9}[x]\\",
        "한글 청구서",
    ];
    for (number, id) in ids.into_iter().enumerate() {
        // The same id of another merchant, which the commands must not mean.
        let other = json!({"bill_id": id, "price": 1, "merchant": "other '&\" 매장"});
        control::post(&mock, "/bills", other).await;
        let wish = json!({"bill_id": id, "price": 1000, "callback_url": receiver.url()});
        control::post(&mock, "/bills", wish).await;
        let page = get(&mock, &bill_page(id)).await;
        let commands = page.commands();
        let [card, account, expire, on_site, forge] = &commands[..] else {
            panic!("{commands:?}");
        };
        assert!(
            account.contains("account")
                && expire.contains("/expire")
                && on_site.contains("/paid-on-site")
        );
        let _ = run(forge).await;
        match number % 3 {
            0 => drop(run(card).await),
            1 => drop(run(account).await),
            _ => drop(run(on_site).await),
        }
        let is = match number % 3 {
            2 => BillState::Destroyed,
            _ => BillState::Paid,
        };
        assert_eq!(state(&mock, id).await, is, "{id}");
        mock.wait_until_idle().await;
        let commands = get(&mock, &bill_page(id)).await.commands();
        for command in &commands {
            run(command).await;
        }
        let is = match is {
            BillState::Paid => BillState::Cancelled,
            other => other,
        };
        assert_eq!(state(&mock, id).await, is, "{id}");
        let other = mock.with_merchant("other '&\" 매장").unwrap();
        assert_eq!(
            *other.bill(&id.parse().unwrap()).unwrap().state(),
            BillState::Unpaid
        );
    }
    // Those of the other pages.
    mock.wait_until_idle().await;
    control::post(
        &mock,
        "/faults",
        json!({"fault": "latency", "operation": "receipt read"}),
    )
    .await;
    for page in PAGES {
        for command in get(&mock, page).await.commands() {
            if command.contains("@snapshot.json") || command.contains("/reset") {
                continue;
            }
            run(&command).await;
        }
    }
    // And that of what was just done.
    let page = act(&mock, "advance", &[("count", "3"), ("unit", "hours")]).await;
    let before = control::get(&mock, "/clock").await["ahead_seconds"]
        .as_u64()
        .unwrap();
    run(&page.commands()[0]).await;
    let after = control::get(&mock, "/clock").await["ahead_seconds"]
        .as_u64()
        .unwrap();
    assert_eq!(after - before, 3 * 3600);
}

#[tokio::test]
async fn a_list_has_a_hundred_rows_at_most_and_is_filtered_by_its_address() {
    let mock = MockServer::start().await.unwrap();
    for number in 0..250 {
        let state = if number % 5 == 0 { "paid" } else { "unpaid" };
        let product = if number == 7 {
            "피아노"
        } else {
            "수강료"
        };
        let wish = json!({"bill_id": format!("b-{number:03}"), "price": 1000, "state": state, "product": product});
        control::post(&mock, "/bills", wish).await;
    }
    let rows = |page: &Page| page.all("<tr id=\"", "\"").len();
    let first = get(&mock, "/").await;
    assert_eq!(rows(&first), 100);
    assert!(first.html.contains("b-249") && !first.html.contains("b-149"));
    assert!(
        first.text().contains("1 – 100  /  250") || first.text().contains("1–100 / 250"),
        "{}",
        first.text()
    );
    let second = first.all("href=\"/?from=", "\"");
    assert_eq!(second, ["100"]);
    let last = get(&mock, "/?from=200").await;
    assert_eq!(rows(&last), 50);
    assert_eq!(rows(&get(&mock, "/?from=9999999").await), 0);
    let paid = get(&mock, "/?state=paid").await;
    assert_eq!(rows(&paid), 50);
    assert_eq!(rows(&get(&mock, "/?state=F&text=b-24").await), 2);
    let found = get(&mock, "/?text=%ED%94%BC%EC%95%84").await;
    assert_eq!(rows(&found), 1);
    assert!(found.html.contains("b-007"));
    let none = get(&mock, "/?text=nothing").await;
    assert!(none.text().contains("조건에 맞는 청구서가 없습니다."));
}

#[tokio::test]
async fn a_list_shows_the_first_100_characters_of_a_text() {
    let mock = MockServer::start().await.unwrap();
    let product = "수".repeat(20_000);
    let wish = json!({"bill_id": "a", "price": 1000, "product": product});
    control::post(&mock, "/bills", wish).await;
    for path in ["/", "/?text=a", "/callbacks", "/faults", "/clock"] {
        let page = get(&mock, path).await;
        assert!(page.html.len() < 60_000, "{path}");
        assert!(!page.html.contains(&"수".repeat(101)), "{path}");
    }
    let list = get(&mock, "/").await.text();
    assert!(list.contains(&format!("{}…", "수".repeat(100))), "{list}");
    // The bill itself has all of it.
    assert!(get(&mock, &bill_page("a")).await.html.contains(&product));
}

#[tokio::test]
async fn bills_of_several_merchants_with_the_same_id_have_pages_of_their_own() {
    let seed = Seed::parse(
        r#"
        [[merchants]]
        partner = "academy"
        key = "academy-key"
        member = "academy"
        merchant = "gangnam"
        [[merchants]]
        partner = "clinic"
        key = "clinic-key"
        member = "academy"
        merchant = "gangnam"
        [[bills]]
        partner = "academy"
        bill_id = "same"
        price = 1000
        [[bills]]
        partner = "clinic"
        bill_id = "same"
        price = 2000
        "#,
    );
    let mock = MockServer::builder()
        .seed(seed.unwrap())
        .start()
        .await
        .unwrap();
    let list = get(&mock, "/").await;
    let pages: Vec<String> = list.all("href=\"/bill?", "\"");
    assert_eq!(pages.len(), 2);
    assert_ne!(pages[0], pages[1]);
    let page = get(&mock, &format!("/bill?{}", pages[0])).await;
    assert!(page.html.contains("2,000") && !page.html.contains("1,000"));
    assert!(!list.html.contains("academy-key") && !list.html.contains("clinic-key"));
    let token = list.token();
    let fields = [
        ("token", &*token),
        ("partner", "clinic"),
        ("member", "academy"),
        ("merchant", "gangnam"),
        ("bill_id", "same"),
    ];
    assert_eq!(face::post(&mock, "/do/pay", &fields).await.status, 303);
    let bills = control::get(&mock, "/bills").await;
    let states: Vec<&Value> = bills["bills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bill| &bill["state"])
        .collect();
    assert_eq!(states, ["paid", "unpaid"]);
    let whose = url::form_urlencoded::byte_serialize(br#"["academy","academy","gangnam"]"#)
        .collect::<String>();
    let filtered = get(&mock, &format!("/?whose={whose}")).await;
    assert_eq!(filtered.all("<tr id=\"", "\"").len(), 1);
}

#[tokio::test]
async fn a_timeline_has_requests_masked_the_parts_of_the_hash_and_the_rule_that_broke() {
    let mock = MockServer::start().await.unwrap();
    post(
        &mock,
        "/bill",
        &send_request(support::ID, "http://127.0.0.1:1/secret/path"),
    )
    .await;
    // A hash of three parts is that of a send.
    let mut cancel = support::change_request();
    cancel["bill"]["hash"] = support::HASH_WITH_PHONE.into();
    post(&mock, "/bill/cancel", &cancel).await;
    mock.inject(Fault::ErrorCode { applied: false }, Schedule::once());
    post(&mock, "/bill/read", &support::read_request()).await;
    let page = get(&mock, &bill_page(support::ID)).await;
    let text = page.text();
    for part in [
        "sha256(\"2024-0001,",
        "sha256(\"2024-0001,45000\")",
        "billId",
        "phone",
        "VALIDATION_002",
        "발송용 세 부분 해시",
        "error-code",
        "처리되지 않음",
        "\"billId\": \"2024-0001\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let order: Vec<u64> = page
        .all("id=\"entry-", "\"")
        .iter()
        .map(|number| number.parse().unwrap())
        .collect();
    assert!(order.len() == 3 && order.is_sorted(), "{order:?}");
    for page in [page, get(&mock, "/requests").await] {
        for secret in [
            PHONE,
            "mock-key",
            "김하나",
            "secret/path",
            support::HASH_WITH_PHONE,
        ] {
            assert!(!page.html.contains(secret), "{secret}");
        }
    }
}

#[tokio::test]
async fn a_long_timeline_is_shown_in_parts() {
    let mock = with_bill().await;
    for _ in 0..150 {
        post(&mock, "/bill/read", &support::read_request()).await;
    }
    let page = get(&mock, &bill_page(support::ID)).await;
    let numbers = page.all("id=\"entry-", "\"");
    assert_eq!(numbers.len(), 100);
    let earlier = format!("{}&before={}", bill_page(support::ID), numbers[0]);
    let earlier = get(&mock, &earlier).await.all("id=\"entry-", "\"");
    assert_eq!(earlier.len(), 51);
    assert!(!earlier.contains(&numbers[0]));
}

#[tokio::test]
async fn a_callback_shows_its_bytes_how_they_differ_and_when_it_is_due() {
    let receiver = Receiver::start(|_, _| (200, r#"{"code": "0000"}"#.to_owned())).await;
    let mock = MockServer::start().await.unwrap();
    let wish = json!({"bill_id": "a", "price": 1000, "callback_url": receiver.url()});
    control::post(&mock, "/bills", wish).await;
    act(&mock, "pay", &bill("a")).await;
    mock.wait_until_idle().await;
    for address in ["/callbacks", &*bill_page("a")] {
        let page = get(&mock, address).await;
        let text = page.text();
        for part in [
            "9번째 바이트가 0x20입니다. 0x22여야 합니다.",
            "확인되지 않음",
            "재전송 1/24",
            "\"apprState\":\"F\"",
            r#"{"code": "0000"}"#,
            "예정",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // The acknowledgement and what came, from where they differ.
        assert_eq!(page.all("<mark>", "</mark>")[1], r#" "0000"}"#);
        assert!(!page.html.contains("mock-key"));
    }
    act(&mock, "advance", &[("count", "1"), ("unit", "hours")]).await;
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(
        get(&mock, "/callbacks").await.all("id=\"sent-", "\"").len(),
        2
    );
}

#[tokio::test]
async fn what_follows_the_acknowledgement_is_marked_also_a_line_end() {
    let exact = support::receiver::ACKNOWLEDGEMENT;
    for (behind, marked, bytes) in [
        ("\n".to_owned(), "\\n".to_owned(), "47"),
        ("x".repeat(5_000), "x".repeat(1_024 - 46), "at least 1024"),
    ] {
        let receiver = Receiver::start(move |_, _| (200, format!("{exact}{behind}"))).await;
        let mock = MockServer::start().await.unwrap();
        let forgery = json!({"url": receiver.url(), "bill_id": "a", "price": 5});
        control::post(&mock, "/callbacks/forge", forgery).await;
        mock.wait_until_idle().await;
        let page = get_in(&mock, "/callbacks", "en").await;
        assert_eq!(page.all("<mark>", "</mark>"), [marked]);
        let text = page.text();
        assert!(text.contains(&format!("Bytes back {bytes} ")), "{text}");
        assert!(text.contains("it goes on behind the 46 bytes"), "{text}");
        let korean = get(&mock, "/callbacks").await.text();
        assert!(
            korean.contains("정확한 응답 46바이트 뒤에 더 있습니다"),
            "{korean}"
        );
    }
}

#[tokio::test]
async fn active_faults_and_held_callbacks_are_on_every_page() {
    let mock = with_paid_bill().await;
    let pages = || {
        PAGES
            .map(str::to_owned)
            .into_iter()
            .chain([bill_page(support::ID)])
    };
    for page in pages() {
        let text = get(&mock, &page).await;
        assert!(!text.html.contains("class=\"warning\""), "{page}");
    }
    mock.inject(
        Fault::ErrorCode { applied: false },
        Schedule::once().on(Operation::BillRead),
    );
    mock.hold_callbacks();
    for page in pages() {
        let banner = get(&mock, &page).await;
        assert_eq!(
            banner.html.matches("class=\"warning\"").count(),
            2,
            "{page}"
        );
        assert!(banner.html.contains("<code>error-code</code>"), "{page}");
    }
    post(&mock, "/bill/read", &support::read_request()).await;
    let faults = get(&mock, "/faults").await;
    assert!(
        faults.text().contains("만난 요청  1  /  1") || faults.text().contains("만난 요청 1 / 1"),
        "{}",
        faults.text()
    );
    assert_eq!(faults.html.matches("class=\"warning\"").count(), 1);
}

#[tokio::test]
async fn callbacks_that_are_held_for_one_merchant_are_shown_as_held() {
    let mock = MockServer::start().await.unwrap();
    let receiver = Receiver::acknowledging(0).await;
    let held = json!({"is_held": true});
    control::post(&mock, "/callbacks/hold?merchant=mock-merchant", held).await;
    let bill = json!({"bill_id": "1", "price": 1000, "callback_url": receiver.url()});
    control::post(&mock, "/bills", bill).await;
    control::post(&mock, "/bills/1/pay", json!({})).await;
    mock.wait_until_idle().await;
    let page = get(&mock, "/callbacks").await;
    assert!(page.text().contains("붙잡아 둠"), "{}", page.text());
    assert_eq!(page.html.matches("class=\"warning\"").count(), 1);
    assert!(receiver.bodies().is_empty());
}

/// `whose` of a merchant of the first partner and member.
fn whose(merchant: &str) -> String {
    json!(["first", payssam_mock::MEMBER, merchant]).to_string()
}

#[tokio::test]
async fn acts_on_the_callbacks_of_one_merchant_leave_those_of_the_others_alone() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    for (id, merchant) in [("a", "one"), ("b", "one"), ("c", "two"), ("d", "two")] {
        let bill = json!({"bill_id": id, "price": 1, "merchant": merchant, "callback_url": receiver.url()});
        control::post(&mock, "/bills", bill).await;
    }
    let one = whose("one");
    let page = format!(
        "/callbacks?whose={}",
        url::form_urlencoded::byte_serialize(one.as_bytes()).collect::<String>()
    );
    let waiting = async |page: &str| get(&mock, page).await.all("id=\"waiting-", "\"");
    let acts = async |page: &str| get(&mock, page).await.all("action=\"/do/", "\"");
    // The page says whose they are to each of its forms.
    let first = get(&mock, &page).await;
    let said = first.all("name=\"whose\" value=\"", "\"");
    assert_eq!(said, [&*one; 4], "{}", first.html);
    assert!(first.commands()[0].contains("merchant=one"));
    let after = act(&mock, "hold", &[("whose", &one)]).await;
    assert!(after.html.contains("selected"), "the filter is kept");
    assert_eq!(acts(&page).await[0], "let-go");
    assert!(!acts(&page).await.contains(&"hold".to_owned()));
    // All can be held besides, and all that are held can go.
    assert_eq!(acts("/callbacks").await[..2], ["let-go", "hold"]);
    act(&mock, "hold", &[]).await;
    assert_eq!(acts("/callbacks").await[..2], ["let-go", "deliver"]);
    for id in ["a", "b", "c", "d"] {
        control::post(&mock, &format!("/bills/{id}/pay"), json!({})).await;
    }
    assert_eq!(waiting("/callbacks").await, ["1", "2", "3", "4"]);
    assert_eq!(waiting(&page).await, ["1", "2"]);
    act(&mock, "reorder", &[("whose", &one)]).await;
    assert_eq!(waiting("/callbacks").await, ["2", "1", "3", "4"]);
    act(&mock, "reorder", &[("whose", &one), ("id", "1")]).await;
    assert_eq!(waiting("/callbacks").await, ["1", "2", "3", "4"]);
    let after = act(&mock, "deliver", &[("whose", &one)]).await;
    assert!(after.html.contains("selected"), "the filter is kept");
    mock.wait_until_idle().await;
    assert_eq!(waiting("/callbacks").await, ["3", "4"]);
    assert_eq!(receiver.received().len(), 2);
    // What is held for all stays so.
    act(&mock, "let-go", &[("whose", &one)]).await;
    assert_eq!(waiting("/callbacks").await, ["3", "4"]);
    assert_eq!(acts("/callbacks").await[0], "let-go");
    act(&mock, "let-go", &[]).await;
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 4);
}

#[tokio::test]
async fn callbacks_beyond_fifty_are_on_the_next_pages() {
    let mock = MockServer::start().await.unwrap();
    mock.hold_callbacks();
    for number in 1..=120 {
        let bill = json!({"bill_id": format!("b{number}"), "price": 1, "callback_url": "http://127.0.0.1:9/"});
        control::post(&mock, "/bills", bill).await;
        control::post(&mock, &format!("/bills/b{number}/pay"), json!({})).await;
    }
    let mut address = "/callbacks".to_owned();
    let mut seen = Vec::new();
    for count in [50, 50, 20] {
        let page = get(&mock, &address).await;
        let ids = page.all("id=\"waiting-", "\"");
        assert_eq!(ids.len(), count);
        seen.extend(ids);
        let next = page.html.split(" rel=\"next\"").next().unwrap();
        address = next.rsplit("href=\"").next().unwrap().replace('"', "");
    }
    assert_eq!(seen, (1..=120).map(|id| id.to_string()).collect::<Vec<_>>());
    let beyond = get(&mock, "/callbacks?waiting_from=9999").await;
    assert_eq!(beyond.all("id=\"waiting-", "\"").len(), 20);
    assert!(!beyond.html.contains("rel=\"next\"") && beyond.html.contains("rel=\"prev\""));
}

#[tokio::test]
async fn another_choice_begins_at_the_first_page_and_another_language_stays() {
    let mock = MockServer::start().await.unwrap();
    for number in 0..150 {
        let bill = json!({"bill_id": format!("b{number}"), "price": 1000});
        control::post(&mock, "/bills", bill).await;
    }
    let page = get(&mock, "/?text=b&from=100").await;
    let links = page.all("href=\"/?", "\"");
    let of_states: Vec<_> = links
        .iter()
        .filter(|link| link.contains("state="))
        .collect();
    assert_eq!(of_states.len(), 4);
    for link in of_states {
        assert!(!link.contains("from=") && link.contains("text=b"), "{link}");
    }
    assert!(
        links.contains(&"text=b&from=100&lang=en".to_owned()),
        "{links:?}"
    );
}

#[tokio::test]
async fn a_snapshot_is_restored_by_a_form_of_bounded_size() {
    let mock = with_bill().await;
    let snapshot = control::get(&mock, "/snapshot").await.to_string();
    control::post(&mock, "/bills", json!({"bill_id": "b", "price": 1})).await;
    for wrong in [
        "",
        "garbage",
        "[]",
        "null",
        "{}",
        &snapshot[..snapshot.len() - 1],
    ] {
        let refused = act(&mock, "restore", &[("snapshot", wrong)]).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert_eq!(control::get(&mock, "/bills").await["total"], 2, "{wrong}");
    }
    assert!(
        get(&mock, "/clock")
            .await
            .html
            .contains("name=\"snapshot\"")
    );
    let restored = act(&mock, "restore", &[("snapshot", &snapshot)]).await;
    assert_eq!(restored.status, 200);
    assert!(restored.text().contains("복원했습니다."));
    assert!(restored.commands()[0].contains("--json @snapshot.json"));
    assert_eq!(control::get(&mock, "/bills").await["total"], 1);
    // More than any other form may have, but not without end.
    let padded = format!("{snapshot}{}", " ".repeat(100_000));
    assert_eq!(
        act(&mock, "restore", &[("snapshot", &padded)]).await.status,
        200
    );
    let token = get(&mock, "/").await.token();
    let lines = [
        format!("host: {}", address(&mock)),
        "content-type: application/x-www-form-urlencoded".to_owned(),
        "content-length: 4200000".to_owned(),
    ];
    let head = format!(
        "POST /do/restore HTTP/1.1\r\n{}\r\n\r\n",
        lines.join("\r\n")
    );
    let begun = format!("{head}token={token}&snapshot=");
    let mut stream = TcpStream::connect(address(&mock)).await.unwrap();
    stream.write_all(begun.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    // It is refused by its length, or on the way: the rest is not waited for.
    let _ = stream.write_all(&vec![b'x'; 4_199_000]).await;
    let read = timeout(Duration::from_secs(10), stream.read_exact(&mut status)).await;
    read.unwrap().unwrap();
    assert_eq!(&status[9..], b"413");
}

#[tokio::test]
async fn an_address_that_is_none_has_a_page_with_all_headers() {
    let mock = with_bill().await;
    let token = get(&mock, "/").await.token();
    for (method, path, status) in [
        ("POST", "/do/%ff", 404),
        ("POST", "/do/a/b", 404),
        ("POST", "/do/pay/", 404),
        ("POST", "/do/%00", 404),
        ("GET", "/do/pay", 405),
        ("GET", "/do/%ff", 405),
    ] {
        let lines = [
            format!("host: {}", address(&mock)),
            "content-type: application/x-www-form-urlencoded".to_owned(),
        ];
        let bytes = request(method, path, &lines, &format!("token={token}"));
        let response = wire::send(address(&mock), &bytes).await;
        assert_eq!(response.status, status, "{path}");
        for header in [
            "content-type: text/html",
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "cache-control: no-store",
        ] {
            let headers = response.headers.to_lowercase();
            assert!(headers.contains(header), "{path}: {headers}");
        }
    }
}

#[tokio::test]
async fn a_list_of_two_partners_says_whose_each_bill_is() {
    let merchant = |partner: &str| {
        format!(
            "[[merchants]]\npartner = \"{partner}\"\nkey = \"{partner}-key\"\nmember = \"m\"\nmerchant = \"main\"\n"
        )
    };
    let bill = |partner: &str| {
        format!("[[bills]]\npartner = \"{partner}\"\nbill_id = \"same\"\nprice = 1\n")
    };
    let both = |of: &dyn Fn(&str) -> String| of("academy") + &of("clinic");
    let seed = Seed::parse(&(both(&merchant) + &both(&bill))).unwrap();
    let mock = MockServer::builder().seed(seed).start().await.unwrap();
    let page = get(&mock, "/").await;
    let whose = page.all("<span class=\"whose\">", "</span>");
    assert_eq!(whose, ["<bdi>clinic</bdi>", "<bdi>academy</bdi>"]);
    // The other lists too.
    control::post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    let forgery = json!({"bill_id": "same", "price": 1, "url": "http://127.0.0.1:9/"});
    control::post(&mock, "/callbacks/forge?partner=clinic", forgery).await;
    let read = json!({"apiKey": "clinic-key", "member": "m", "merchant": "main", "bill": {"billId": "same"}});
    post(&mock, "/bill/read", &read).await;
    for path in ["/callbacks", "/requests"] {
        let notes = get(&mock, path)
            .await
            .all("<span class=\"note\">", "</span>");
        assert!(
            notes.contains(&"<bdi>clinic</bdi>".to_owned()),
            "{path}: {notes:?}"
        );
    }
}

#[tokio::test]
async fn a_callback_in_the_timeline_says_which_repeat_it_was() {
    let receiver = Receiver::start(|_, _| (500, String::new())).await;
    let mock = MockServer::start().await.unwrap();
    let wish = json!({"bill_id": "a", "price": 1000, "callback_url": receiver.url()});
    control::post(&mock, "/bills", wish).await;
    act(&mock, "pay", &bill("a")).await;
    for _ in 0..2 {
        mock.wait_until_idle().await;
        mock.advance_clock(Duration::from_secs(3600));
    }
    mock.wait_until_idle().await;
    let page = get(&mock, &bill_page("a")).await;
    let timeline = page.all("id=\"entries\"", "</ol>");
    let repeats: Vec<&str> = timeline[0].matches("/24</span>").collect();
    assert_eq!(repeats.len(), 2, "{timeline:?}");
    assert!(timeline[0].contains("재전송 2/24"), "{timeline:?}");
}

#[tokio::test]
async fn every_page_is_whole_in_korean_and_in_english() {
    let mock = MockServer::start().await.unwrap();
    control::post(
        &mock,
        "/bills",
        json!({"bill_id": "a", "price": 1000, "callback_url": "http://127.0.0.1:9/"}),
    )
    .await;
    control::post(&mock, "/bills/a/pay", json!({})).await;
    control::post(
        &mock,
        "/faults",
        json!({"fault": "latency", "probability": 0.5, "seed": 1, "operation": "receipt read"}),
    )
    .await;
    mock.hold_callbacks();
    mock.wait_until_idle().await;
    let is_hangul = |c: char| ('가'..='힣').contains(&c);
    for page in PAGES
        .map(str::to_owned)
        .into_iter()
        .chain([bill_page("a"), bill_page("none")])
    {
        let english = get_in(&mock, &page, "en-US,en;q=0.9").await;
        assert!(english.html.contains("<html lang=\"en\">"), "{page}");
        // The name of the other language, PaySsam's own texts, and what is in an example stay as they are.
        let text = english
            .text()
            .replace("한국어", "")
            .replace("성공하였습니다", "");
        let text = text
            .replace("수강료", "")
            .replace("김하나", "")
            .replace("모의카드", "")
            .replace("신용", "");
        let left: String = text.chars().filter(|c| is_hangul(*c)).collect();
        assert_eq!(left, "", "{page}");
        let korean = get_in(&mock, &page, "fr").await;
        assert!(korean.html.contains("<html lang=\"ko\">"), "{page}");
        assert!(
            korean.text().chars().filter(|c| is_hangul(*c)).count() > 60,
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_language_that_was_chosen_is_kept_in_a_cookie() {
    let mock = MockServer::start().await.unwrap();
    let chosen = get_in(&mock, "/callbacks?whose=x&lang=en", "ko").await;
    assert!(chosen.html.contains("<html lang=\"en\">"));
    let cookie = chosen.header("set-cookie");
    assert!(
        cookie.starts_with("mock_language=en; ") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(get(&mock, "/").await.header("set-cookie"), "");
    let request = support::http().get(format!("{}/", control::origin(&mock)));
    let request = request
        .header("cookie", "mock_language=en")
        .header("accept-language", "ko");
    let page = Page::of(request.send().await.unwrap()).await;
    assert!(page.html.contains("<html lang=\"en\">"));
    // The other language is one link away, on the same page.
    assert!(
        chosen
            .html
            .contains("href=\"/callbacks?whose=x&amp;lang=ko\""),
        "{}",
        chosen.html
    );
}

#[tokio::test]
async fn a_program_that_asks_for_json_at_the_root_is_told_as_before_that_there_is_no_operation() {
    let mock = MockServer::start().await.unwrap();
    let url = format!("{}/", control::origin(&mock));
    for (method, accept) in [
        ("GET", "application/json"),
        ("POST", "*/*"),
        ("PUT", "text/html"),
    ] {
        let request = support::http()
            .request(method.parse().unwrap(), &url)
            .header("accept", accept);
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 404, "{method}");
        let response: Value = response.json().await.unwrap();
        assert_eq!(response["code"], "MOCK_NO_SUCH_PATH", "{method}");
    }
    for accept in [
        "*/*",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "text/html, application/json",
    ] {
        let request = support::http().get(&url).header("accept", accept);
        assert_eq!(
            request.send().await.unwrap().status().as_u16(),
            200,
            "{accept}"
        );
    }
}

#[tokio::test]
async fn a_mock_server_without_bills_says_how_to_connect_and_how_to_send_one() {
    let mock = MockServer::start().await.unwrap();
    let page = get(&mock, "/").await;
    let text = page.text();
    for part in [
        &*mock.base_url(),
        "mock-key",
        "mock-member",
        "mock-merchant",
        "아직 청구서가 없습니다",
    ] {
        assert!(text.contains(part), "{part}");
    }
    run(&page.commands()[0]).await;
    assert_eq!(control::get(&mock, "/bills").await["total"], 1);
    // A key that somebody gave it is not shown.
    let credentials = payssam::Credentials::builder()
        .api_key("own-secret-key")
        .member("m")
        .merchant("s")
        .build();
    let mock = MockServer::builder()
        .credentials(credentials.unwrap())
        .start()
        .await
        .unwrap();
    assert!(!get(&mock, "/").await.html.contains("own-secret-key"));
}

/// A stream of what happens, with its head read.
async fn stream(mock: &MockServer) -> (u16, TcpStream) {
    let mut stream = TcpStream::connect(address(mock)).await.unwrap();
    let own = format!(
        "GET /face/events HTTP/1.1\r\nhost: {}\r\n\r\n",
        address(mock)
    );
    stream.write_all(own.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    (String::from_utf8_lossy(&head)[9..].parse().unwrap(), stream)
}

#[tokio::test]
async fn no_more_than_64_pages_have_a_stream_and_the_control_api_answers_meanwhile() {
    let mock = with_bill().await;
    let mut streams = Vec::new();
    for _ in 0..64 {
        let (status, stream) = stream(&mock).await;
        assert_eq!(status, 200);
        streams.push(stream);
    }
    assert_eq!(stream(&mock).await.0, 503);
    assert_eq!(control::get(&mock, "/bills").await["total"], 1);
    assert_eq!(get(&mock, "/").await.status, 200);
    // A place is free once somebody leaves; that is noticed when the stream says something.
    drop(streams);
    let begun = tokio::time::Instant::now();
    while stream(&mock).await.0 != 200 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        mock.hold_callbacks();
    }
}

#[tokio::test]
async fn the_stream_says_that_something_happened_and_not_what() {
    let mock = with_bill().await;
    let (_, mut stream) = stream(&mock).await;
    let mut said = String::new();
    let mut read_until = async |part: &str| {
        let mut buffer = [0; 4096];
        while !said.contains(part) {
            let read = timeout(Duration::from_secs(10), stream.read(&mut buffer)).await;
            said += &String::from_utf8_lossy(&buffer[..read.unwrap().unwrap()]);
        }
    };
    read_until("x-content-type-options: nosniff\r\n").await;
    read_until("data: 1\n").await;
    mock.pay(&id()).unwrap();
    read_until("id: 2\nevent: happened\ndata: 2\n").await;
    mock.with_merchant("<b>")
        .unwrap()
        .add_bill("x<b>".parse().unwrap(), price())
        .unwrap();
    read_until("data: 3\n").await;
    assert!(
        said.to_lowercase()
            .contains("content-type: text/event-stream")
    );
    assert!(
        !said.contains("2024-0001") && !said.contains("<b>"),
        "{said}"
    );
}

/// The path of the link of a bill.
async fn link(mock: &MockServer, id: &str) -> String {
    let bill = control::get(mock, &format!("/bills/{id}")).await;
    let link = bill["link"].as_str().unwrap();
    link.strip_prefix(&control::origin(mock))
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_payer_pays_by_card_or_account_or_lets_the_bill_expire_without_javascript() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    for (id, choice, status, said) in [
        ("a", "card", 200, "결제했습니다."),
        ("b", "account", 200, "결제했습니다."),
        ("c", "expire", 200, "결제 기한이 지났습니다."),
    ] {
        let wish = json!({"bill_id": id, "price": 45000, "product": "수강료", "payer": "김하나", "callback_url": receiver.url()});
        control::post(&mock, "/bills", wish).await;
        let link = link(&mock, id).await;
        let page = get(&mock, &link).await;
        assert!(!page.html.contains("<script"));
        let text = page.text();
        for part in [
            "모의 결제",
            "실제 돈은 오가지 않습니다",
            "수강료",
            "45,000",
            "김**",
            "미결제",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(
            page.all("name=\"act\" value=\"", "\""),
            ["card", "account", "expire"]
        );
        let token = page.token();
        let fields = [("token", &*token), ("act", choice)];
        let done = face::post(&mock, &link, &fields).await;
        assert_eq!(done.status, status);
        assert!(done.text().contains(said), "{}", done.text());
        // There is nothing to pay any more.
        assert_eq!(done.all("name=\"act\" value=\"", "\""), [""; 0]);
        let again = face::post(&mock, &link, &fields).await.status;
        assert_eq!(again, if id == "c" { 410 } else { 409 });
    }
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 2);
    let kinds: Vec<String> = receiver
        .bodies()
        .iter()
        .map(|body| serde_json::from_str::<Value>(body).unwrap()["apprPayType"].to_string())
        .collect();
    assert_eq!(kinds, ["\"CARD_VAN\"", "\"BANK\""]);
    assert_eq!(state(&mock, "c").await, BillState::Unpaid);
    assert_eq!(control::get(&mock, "/bills/c").await["is_expired"], true);
    let none = get(&mock, "/pay/none").await;
    assert_eq!(none.status, 404);
    assert!(none.text().contains("그런 청구서가 없습니다."));
}

#[tokio::test]
async fn a_form_of_the_payer_without_the_token_of_its_link_does_nothing() {
    let mock = MockServer::start().await.unwrap();
    let mut links = Vec::new();
    for id in ["a", "b"] {
        control::post(&mock, "/bills", json!({"bill_id": id, "price": 1000})).await;
        links.push(link(&mock, id).await);
    }
    let own = get(&mock, &links[0]).await.token();
    let other = get(&mock, &links[1]).await.token();
    let of_acts = get(&mock, "/").await.token();
    assert!(own.len() == 32 && own != other && own != of_acts, "{own}");
    for token in [None, Some(""), Some("x"), Some(&*other), Some(&*of_acts)] {
        for choice in ["card", "account", "expire"] {
            let token = token.map(|token| ("token", token));
            let fields: Vec<_> = token.into_iter().chain([("act", choice)]).collect();
            let page = face::post(&mock, &links[0], &fields).await;
            assert_eq!(page.status, 403, "{fields:?}");
            assert!(page.text().contains("새로고침"), "{}", page.text());
        }
    }
    assert_eq!(mock.bill(&"a".parse().unwrap()).unwrap().history().len(), 1);
    // With it, only what the page offers.
    for choice in ["", "cash", "Card", "account "] {
        assert_eq!(face::choose(&mock, &links[0], choice).await.status, 400);
    }
    let token = [("token", &*own)];
    assert_eq!(face::post(&mock, &links[0], &token).await.status, 400);
    assert_eq!(mock.bill(&"a".parse().unwrap()).unwrap().history().len(), 1);
    let paid = face::choose(&mock, &links[0], "account").await;
    assert_eq!(paid.status, 200);
    assert_eq!(control::get(&mock, "/bills/a").await["paid_by"], "account");
}

#[tokio::test]
async fn a_program_says_to_the_link_how_it_pays_or_is_refused() {
    let mock = MockServer::start().await.unwrap();
    let own = format!("host: {}", address(&mock));
    for (number, (headers, body, status, by)) in [
        ("", "{}", 200, "card"),
        ("", "", 200, "card"),
        ("", r#"{"by": "account"}"#, 200, "account"),
        ("", r#"{"by": "cash"}"#, 400, ""),
        ("", r#"{"act": "expire"}"#, 400, ""),
        ("", "account", 400, ""),
        ("", "[]", 400, ""),
        // What a browser sends is a form of the page.
        ("sec-fetch-site: none", "{}", 415, ""),
        ("sec-fetch-mode: cors", "{}", 415, ""),
        ("origin: http://{own}", "{}", 415, ""),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("b{number}");
        control::post(&mock, "/bills", json!({"bill_id": id, "price": 1000})).await;
        let link = link(&mock, &id).await;
        let mut lines = vec![own.clone(), "content-type: application/json".to_owned()];
        if !headers.is_empty() {
            lines.push(headers.replace("{own}", &address(&mock).to_string()));
        }
        let bytes = request("POST", &link, &lines, body);
        let response = wire::send(address(&mock), &bytes).await;
        assert_eq!(response.status, status, "{headers} {body}");
        let bill = control::get(&mock, &format!("/bills/{id}")).await;
        assert_eq!(bill["paid_by"].as_str().unwrap_or_default(), by, "{body}");
    }
}

#[tokio::test]
async fn the_script_gets_the_parts_of_a_page_that_may_have_changed() {
    let mock = with_bill().await;
    for page in PAGES {
        let whole = get(&mock, page).await;
        let part = get(&mock, &format!("{page}?part=live")).await;
        assert!(part.html.len() < whole.html.len() && !part.html.contains("<html"));
        let ids = |page: &Page| {
            let tags = page
                .html
                .split('<')
                .filter(|tag| tag.split('>').next().unwrap().contains(" data-live"));
            let ids = tags.map(|tag| {
                tag.split("id=\"")
                    .nth(1)
                    .unwrap()
                    .split('"')
                    .next()
                    .unwrap()
                    .to_owned()
            });
            ids.collect::<Vec<_>>()
        };
        assert_eq!(ids(&part), ids(&whole));
        assert!(ids(&part).len() >= 3, "{page}");
    }
}

#[tokio::test]
async fn every_rule_that_broke_is_said_in_the_language_of_the_page() {
    let mock = with_bill().await;
    let send = |pointer: &str, value: Value| {
        support::changed(
            send_request("new", "https://payssam.example/"),
            pointer,
            value,
        )
    };
    let change =
        |pointer: &str, value: Value| support::changed(support::change_request(), pointer, value);
    let receipt =
        |pointer: &str, value: Value| support::changed(support::receipt_request(), pointer, value);
    let text = |text: &str| Value::from(text);
    let hash_of = |text: &str| {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(text);
        Value::from(
            digest
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>(),
        )
    };
    for (path, request) in [
        (
            "/bill/cancel",
            change("/bill/hash", support::HASH_WITH_PHONE.into()),
        ),
        (
            "/bill/cancel",
            change("/bill/hash", support::HASH.to_uppercase().into()),
        ),
        (
            "/bill/cancel",
            change("/bill/hash", hash_of("45000,2024-0001")),
        ),
        (
            "/bill/cancel",
            change("/bill/hash", hash_of("2024-0001;45000")),
        ),
        (
            "/bill/cancel",
            change("/bill/hash", hash_of("2024-0001,45,000")),
        ),
        ("/bill/cancel", change("/bill/hash", text("x"))),
        ("/bill/cancel", support::change_request()),
        ("/bill/cancel", change("/bill/billId", text("none"))),
        ("/bill/cancel", change("/merchant", text("other"))),
        ("/bill/cancel", change("/apiKey", text("nobody"))),
        ("/bill/cancel", change("/bill/price", Value::Null)),
        ("/bill/cancel", change("/bill/price", 7.into())),
        ("/bill", send("/bill/hash", hash_of("new,45000"))),
        (
            "/bill",
            send("/bill/hash", hash_of("new,010-1234-5678,45000")),
        ),
        ("/bill", send("/bill/phone", text("010-1234-5678"))),
        ("/bill", send("/bill/sendType", text("MAIL"))),
        (
            "/bill",
            send("/bill/callbackUrl", text("http://u:p@127.0.0.1/")),
        ),
        (
            "/cash-receipt/issue",
            receipt("/cashReceipt/trader", text("2")),
        ),
        (
            "/cash-receipt/issue",
            receipt("/cashReceipt/tax", text("1")),
        ),
        (
            "/cash-receipt/cancel",
            receipt("/cashReceipt/trader", text("0")),
        ),
    ] {
        support::post_body(&mock, path, request.to_string()).await;
    }
    support::post_body(&mock, "/bill/read", "no JSON").await;
    support::post_body(&mock, "/nothing", "{}").await;
    mock.inject(Fault::ErrorCode { applied: false }, Schedule::once());
    post(&mock, "/bill/read", &support::read_request()).await;
    let rules = |page: &Page| page.all("<p class=\"rule\">", "</p>");
    let korean = rules(&get(&mock, "/requests").await);
    assert!(korean.len() > 20, "{korean:#?}");
    for rule in &korean {
        assert!(!rule.contains("lang=\"en\""), "{rule}");
    }
    let english = rules(&get_in(&mock, "/requests", "en").await);
    assert_eq!(english.len(), korean.len());
    // PaySsam's own sentences are Korean on an English page too, and tagged so; all others are English.
    let is_korean = |rule: &str| rule.contains(|c| ('가'..='힣').contains(&c));
    for rule in &english {
        let tag = is_korean(rule).then_some("lang=\"ko\"");
        let tags: Vec<&str> = rule
            .match_indices("lang=")
            .map(|(at, _)| &rule[at..at + 9])
            .collect();
        assert_eq!(tags, Vec::from_iter(tag), "{rule}");
    }
    let count = english.iter().filter(|rule| is_korean(rule)).count();
    assert!(count > 0 && count < english.len(), "{english:#?}");
}
