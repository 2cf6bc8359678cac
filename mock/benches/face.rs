//! How the pages are with 10,000 bills in Debian's Chromium: the first paint, a filter, an update, and whether a task of
//! the page takes longer than 50 milliseconds: `cargo bench -p payssam-mock --bench face`.
//!
//! It fails if there is such a task.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use payssam::{BillId, Won};
use payssam_browser::Browser;
use payssam_mock::MockServer;
use serde_json::{Value, json};

const BILLS: usize = 10_000;
const TIMES: usize = 9;

/// Notes what takes longer than 50 milliseconds, and when a row changes.
const WATCH: &str = "
    window.long = [];
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.long.push([task.startTime, task.duration]);
    }).observe({ type: 'longtask', buffered: true });
";

#[tokio::main]
async fn main() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.expect("a mock server");
    let id = |number: usize| BillId::new(format!("b-{number:05}")).expect("an id");
    let price = Won::new(45_000).expect("an amount");
    for number in 0..BILLS {
        mock.add_bill(id(number), price).expect("room");
    }
    let origin = mock.base_url();
    let origin = origin.strip_suffix("/partner").expect("a base URL");
    browser
        .chromium(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": WATCH}),
        )
        .await;
    let mut long = Vec::new();

    let mut paints = Vec::new();
    for _ in 0..TIMES {
        browser
            .client
            .goto(&format!("{origin}/"))
            .await
            .expect("a page");
        let paint = wait(&browser, "const [it] = performance.getEntriesByName('first-contentful-paint'); return it ? it.startTime : null").await;
        paints.push(paint);
        tokio::time::sleep(Duration::from_millis(300)).await;
        long.extend(tasks(&browser).await);
    }
    say("first paint", paints);
    let rows = browser
        .run("return document.querySelectorAll('#rows tr').length")
        .await;
    assert_eq!(rows, 100);

    let mut filters = Vec::new();
    for number in 0..TIMES {
        let text = format!("b-0{number}12");
        let body = format!(
            "const field = document.getElementById('text');
            window.ended = null;
            const begun = performance.now();
            const watch = () => {{
                const rows = document.querySelectorAll('#rows tr');
                if (rows.length === 10 && rows[0].innerText.includes('{text}')) window.ended = performance.now() - begun;
                else requestAnimationFrame(watch);
            }};
            field.value = '{text}';
            field.dispatchEvent(new Event('input', {{ bubbles: true }}));
            watch();"
        );
        browser.run(&body).await;
        filters.push(wait(&browser, "return window.ended").await);
    }
    say(
        "a filter, of which 150 ms are waiting for the next key",
        filters,
    );
    long.extend(tasks(&browser).await);

    browser
        .client
        .goto(&format!("{origin}/"))
        .await
        .expect("a page");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut updates = Vec::new();
    for number in 0..TIMES {
        let body = "window.ended = null;
            const before = document.querySelectorAll('#rows .F').length;
            const watch = () => {
                if (document.querySelectorAll('#rows .F').length > before) window.ended = performance.timeOrigin + performance.now();
                else requestAnimationFrame(watch);
            };
            watch();";
        browser.run(body).await;
        let begun = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("a clock");
        mock.pay(&id(BILLS - 1 - number)).expect("it is unpaid");
        let ended = wait(&browser, "return window.ended").await;
        updates.push(ended - begun.as_secs_f64() * 1000.0);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    say("an update", updates);

    // Five seconds in which much happens.
    for number in 0..500 {
        mock.pay(&id(BILLS - 100 - number)).expect("it is unpaid");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    long.extend(tasks(&browser).await);
    let bytes = browser
        .run("return document.documentElement.outerHTML.length")
        .await;
    println!("the page has {bytes} characters; tasks over 50 ms: {long:?}");
    assert!(long.is_empty(), "{long:?}");
}

/// What a function returns once that is a number.
async fn wait(browser: &Browser, body: &str) -> f64 {
    for _ in 0..3_000 {
        if let Some(number) = browser.run(body).await.as_f64() {
            return number;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{body} is never a number");
}

/// When the long tasks of the page began, and how long they took.
async fn tasks(browser: &Browser) -> Vec<Value> {
    let tasks = browser.run("return window.long.splice(0)").await;
    tasks.as_array().cloned().unwrap_or_default()
}

fn say(what: &str, mut milliseconds: Vec<f64>) {
    milliseconds.sort_by(f64::total_cmp);
    let median = milliseconds[milliseconds.len() / 2];
    let most = milliseconds[milliseconds.len() - 1];
    println!("{what}: {median:.0} ms in the median, {most:.0} ms at most");
}
