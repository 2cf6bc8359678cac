//! Markup in every field that a page shows, in Debian's Chromium: nothing of it is executed.

mod support;

use std::time::Duration;

use payssam_browser::Browser;
use payssam_mock::MockServer;
use serde_json::json;
use support::{
    control::{self, origin},
    markup::{addresses, full_of_markup},
    receiver::Receiver,
};

#[tokio::test]
async fn markup_in_every_field_executes_nothing() {
    let receiver = Receiver::start(|_, _| {
        (
            200,
            "<script>a()</script><img src=x onerror=a()>".to_owned(),
        )
    })
    .await;
    let mock = full_of_markup(&receiver).await;
    let mut all = addresses(&mock).await;
    let bills = control::get(&mock, "/bills").await;
    let link = bills["bills"][0]["link"].as_str().unwrap();
    all.push(link.strip_prefix(&origin(&mock)).unwrap().to_owned());
    let (some, others) = all.split_at(all.len() / 2);
    tokio::join!(execute_nothing(&mock, some), execute_nothing(&mock, others));
}

/// Opens the pages in a browser of its own, and waits whether any markup in them executes.
async fn execute_nothing(mock: &MockServer, pages: &[String]) {
    let Some(browser) = Browser::open_with_logs("ko-KR").await else {
        return;
    };
    let spy = json!({"source": "window.a = () => { window.ran = true; }; addEventListener('securitypolicyviolation', () => { window.violated = true; });"});
    browser
        .chromium("Page.addScriptToEvaluateOnNewDocument", spy)
        .await;
    for address in pages {
        let page = format!("{}{address}", origin(mock));
        browser.client.goto(&page).await.unwrap();
        // Also what comes later by the script.
        control::post(mock, "/faults", json!({"fault": "latency", "operation": "receipt read", "member": "<img src=x onerror=a()>"})).await;
        if !address.starts_with("/pay/") {
            browser
                .until("return document.querySelector('#banner .warning') !== null")
                .await;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        let found = "return [typeof window.a, window.ran || false, window.violated || false, document.querySelectorAll('img[src=x], script:not([src]), b').length]";
        assert_eq!(
            browser.run(found).await,
            json!(["function", false, false, 0]),
            "{address}"
        );
        let own = origin(mock);
        let loaded = "return performance.getEntriesByType('resource').map((it) => it.name)";
        for name in browser.run(loaded).await.as_array().unwrap() {
            assert!(name.as_str().unwrap().starts_with(&own), "{name}");
        }
    }
    let console = browser.console().await;
    let of_markup = console
        .iter()
        .filter(|line| line.contains("Refused") || line.contains("Content Security"));
    assert_eq!(of_markup.count(), 0, "{console:?}");
}
