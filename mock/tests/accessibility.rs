//! The pages in Debian's Chromium as axe-core sees them, in both languages and schemes, on a phone and on a screen.

mod support;

use std::{env, fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use payssam_browser::Browser;
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::{Value, json};
use support::{
    control::{self, origin},
    face::{PAGES, bill_page},
    post,
    receiver::Receiver,
    send_request,
};

/// Keeps what is seen in target/tmp/face, with `KEEP_PAGES=1`, to be looked at.
async fn keep(browser: &Browser, name: &str) {
    if env::var_os("KEEP_PAGES").is_none() {
        return;
    }
    let height = browser
        .run("return document.documentElement.scrollHeight")
        .await;
    let width = browser.run("return innerWidth").await;
    let clip = json!({"x": 0, "y": 0, "width": width, "height": height.as_u64().unwrap().min(3000), "scale": 1});
    let shot = browser
        .chromium(
            "Page.captureScreenshot",
            json!({"clip": clip, "captureBeyondViewport": true}),
        )
        .await;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("face");
    fs::create_dir_all(&folder).unwrap();
    let bytes = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
}

/// A mock server in which there is something of everything.
async fn full(receiver: &Receiver) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    let products = [
        "3월 수강료",
        "피아노 레슨",
        "교재비",
        "여름 특강 (초등 4학년)",
    ];
    let payers = ["김하나", "이두리", "박세찬", "최네온"];
    for number in 0..120_usize {
        let state = ["unpaid", "paid", "unpaid", "cancelled", "paid", "destroyed"][number % 6];
        let mut wish = json!({
            "bill_id": format!("2026-{number:04}"), "price": 10_000 + 35_000 * (number % 7), "state": state,
            "product": products[number % 4], "payer": payers[number % 4], "callback_url": receiver.url(),
        });
        if number % 3 == 0 {
            wish["expires_on"] = "2099-12-31".into();
        }
        control::post(&mock, "/bills", wish).await;
    }
    post(&mock, "/bill", &send_request(support::ID, &receiver.url())).await;
    let mut wrong = support::change_request();
    wrong["bill"]["hash"] = support::HASH_WITH_PHONE.into();
    post(&mock, "/bill/cancel", &wrong).await;
    post(&mock, "/bill/read", &support::read_request()).await;
    mock.pay(&support::id()).unwrap();
    mock.wait_until_idle().await;
    post(&mock, "/bill/cancel", &support::change_request()).await;
    control::post(&mock, "/bills/2026-0110/expire", json!({})).await;
    control::post(&mock, "/bills/2026-0108/paid-on-site", json!({})).await;
    let fault = json!({"fault": "apply-then-close", "operation": "bill cancel", "every": 3});
    control::post(&mock, "/faults", fault).await;
    mock.inject(
        Fault::ErrorCode { applied: false },
        Schedule::probability(0.25, 7).unwrap(),
    );
    control::post(&mock, "/callbacks/hold", json!({"is_held": true})).await;
    control::post(&mock, "/bills/2026-0114/pay", json!({"by": "account"})).await;
    control::post(
        &mock,
        "/callbacks/forge",
        json!({"bill_id": "2026-0002", "price": 1000}),
    )
    .await;
    mock
}

fn axe() -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pages/node_modules/axe-core/axe.min.js");
    let text = fs::read_to_string(file).ok();
    if text.is_none() {
        let hint = "there is no axe-core: npm ci --ignore-scripts --prefix mock/tests/pages";
        assert!(
            env::var_os("ALLOW_SKIPS").is_some_and(|it| it == "1"),
            "{hint}, or set ALLOW_SKIPS=1"
        );
        eprintln!("skipped: {hint}");
    }
    text
}

/// What axe-core finds in the page.
async fn found_by(browser: &Browser) -> Value {
    let begin = "window.found = null; axe.run(document, {resultTypes: ['violations']})
        .then((it) => { window.found = it.violations.map((one) => [one.id, one.impact, one.nodes.map((node) => [node.html.slice(0, 160), node.failureSummary])]); })
        .catch((error) => { window.found = [String(error)]; })";
    browser.run(begin).await;
    browser.until("return window.found !== null").await;
    browser.run("return window.found").await
}

#[tokio::test]
async fn axe_finds_nothing_and_nothing_is_wider_than_the_window_in_korean_light_390() {
    finds_nothing("ko-KR", "light", 390).await;
}

#[tokio::test]
async fn axe_finds_nothing_and_nothing_is_wider_than_the_window_in_english_dark_1280() {
    finds_nothing("en-US", "dark", 1280).await;
}

/// Looks at each page as a person with these settings does.
async fn finds_nothing(language: &str, scheme: &str, width: u32) {
    let Some(axe) = axe() else {
        return;
    };
    let receiver = Receiver::start(|number, _| match number % 2 {
        0 => (200, support::receiver::ACKNOWLEDGEMENT.to_owned()),
        _ => (200, r#"{"code": "0000", "msg": "OK"}"#.to_owned()),
    })
    .await;
    let mock = full(&receiver).await;
    let empty = MockServer::start().await.unwrap();
    let link = |id: &'static str| {
        let mock = mock.clone();
        async move {
            let bill = control::get(&mock, &format!("/bills/{id}")).await;
            let link = bill["link"].as_str().unwrap().to_owned();
            link.strip_prefix(&origin(&mock)).unwrap().to_owned()
        }
    };
    let mut pages: Vec<(String, String)> = Vec::new();
    for page in PAGES {
        let name = page.trim_start_matches('/');
        pages.push((
            if name.is_empty() { "bills" } else { name }.to_owned(),
            page.to_owned(),
        ));
    }
    pages.push(("bill".to_owned(), bill_page(support::ID)));
    pages.push(("bill-unpaid".to_owned(), bill_page("2026-0116")));
    pages.push(("bill-paid".to_owned(), bill_page("2026-0114")));
    pages.push(("no-bill".to_owned(), bill_page("none")));
    pages.push(("none-fit".to_owned(), "/?text=nothing".to_owned()));
    pages.push(("pay".to_owned(), link("2026-0116").await));
    pages.push(("pay-paid".to_owned(), link("2026-0114").await));
    let Some(browser) = Browser::open(language).await else {
        return;
    };
    browser.resize(width, 844).await;
    browser
        .chromium(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": axe}),
        )
        .await;
    browser.prefer(scheme).await;
    let of_empty = PAGES.map(|page| {
        (
            &empty,
            format!("empty-{}", page.trim_start_matches('/')),
            page.to_owned(),
        )
    });
    let of_full = pages
        .iter()
        .map(|(name, page)| (&mock, name.clone(), page.clone()));
    for (mock, name, page) in of_full.chain(of_empty) {
        let address = format!("{}{page}", origin(mock));
        browser.client.goto(&address).await.unwrap();
        let tag = browser.run("return document.documentElement.lang").await;
        assert_eq!(tag, language[..2]);
        for is_open in [false, true] {
            browser
                .run(&format!(
                    "for (const it of document.querySelectorAll('details')) it.open = {is_open}"
                ))
                .await;
            let name = format!(
                "{name}-{scheme}-{width}{}",
                if is_open { "-open" } else { "" }
            );
            keep(&browser, &name).await;
            assert_eq!(found_by(&browser).await, json!([]), "{name}");
            let widths = browser
                .run("return [document.documentElement.scrollWidth <= innerWidth, innerWidth]")
                .await;
            assert_eq!(widths, json!([true, width]), "{name}");
        }
    }
}
