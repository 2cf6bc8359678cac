//! The pages in Debian's Chromium: by keyboard alone, moving by themselves, on a phone and in the dark.

mod support;

use std::{env, fs, path::PathBuf, time::Duration};

use fantoccini::Locator;
use payssam::BillState;
use payssam_browser::Browser;
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::{Value, json};
use support::{
    control::{self, origin},
    face::{PAGES, bill_page},
    markup::{addresses, full_of_markup},
    post, price,
    receiver::Receiver,
    send_request, wire,
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::Instant};

/// Opens a page.
async fn open(browser: &Browser, mock: &MockServer, path: &str) {
    let address = format!("{}{path}", origin(mock));
    browser.client.goto(&address).await.unwrap();
}

/// Waits until a function of JavaScript with this body returns true, for a minute at most. One that
/// throws, for what it looks for is not there yet, is called again.
async fn until(browser: &Browser, body: &str) {
    let begun = Instant::now();
    loop {
        let ended = browser.client.execute(body, vec![]).await;
        if matches!(&ended, Ok(it) if *it == json!(true)) {
            return;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            let text = browser.run("return document.body.innerText").await;
            panic!("{body}: {ended:?}: {text}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Does what leaves the page, and waits for the next one. A form is sent some time after a click on
/// its button, so the driver does not wait for what comes then.
async fn leave(browser: &Browser, act: impl Future<Output = ()>) {
    browser.run("window.before = 1").await;
    act.await;
    until(
        browser,
        "return !window.before && document.readyState === 'complete'",
    )
    .await;
}

async fn press(browser: &Browser, key: &str, code: u32, text: &str) {
    for kind in ["keyDown", "keyUp"] {
        let text = if kind == "keyDown" { text } else { "" };
        let event = json!({
            "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text,
        });
        browser.chromium("Input.dispatchKeyEvent", event).await;
    }
}

/// Presses the tabulator until what has the focus fits a selector. It is seen wherever it stops.
async fn tab_to(browser: &Browser, selector: &str) {
    let has_focus = format!("return document.activeElement.matches({})", json!(selector));
    for _ in 0..80 {
        press(browser, "Tab", 9, "").await;
        let seen = "const it = document.activeElement;
            const box = it.getBoundingClientRect();
            const style = getComputedStyle(it);
            return it === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                && box.width > 0 && box.top < innerHeight && box.bottom > 0) || it.outerHTML";
        assert_eq!(browser.run(seen).await, json!(true));
        if browser.run(&has_focus).await == json!(true) {
            return;
        }
    }
    panic!("the focus never comes to {selector}");
}

async fn enter(browser: &Browser) {
    leave(browser, press(browser, "Enter", 13, "\r")).await;
}

fn state(mock: &MockServer, id: &str) -> BillState {
    mock.bill(&id.parse().unwrap()).unwrap().state().clone()
}

/// Keeps what is seen, to be looked at.
async fn keep(browser: &Browser, name: &str) {
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
    let bytes = decoded(shot["data"].as_str().unwrap());
    fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
}

fn decoded(base64: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = base64
        .bytes()
        .filter(|byte| *byte != b'=')
        .map(value)
        .collect();
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let bits = four
            .iter()
            .fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit));
        let bits = bits << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

#[tokio::test]
async fn a_bill_is_sent_paid_and_cancelled_by_keyboard_alone() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    open(&browser, &mock, "/").await;
    press(&browser, "Tab", 9, "").await;
    let first = browser.run("return document.activeElement.className").await;
    assert_eq!(first, "skip");
    tab_to(&browser, "#send-callback_url").await;
    for c in receiver.url().chars() {
        browser
            .chromium("Input.insertText", json!({"text": c.to_string()}))
            .await;
    }
    tab_to(&browser, "form.send button.main").await;
    enter(&browser).await;
    let id = browser
        .run("return new URLSearchParams(location.search).get('id')")
        .await;
    let id = id.as_str().unwrap();
    assert_eq!(state(&mock, id), BillState::Unpaid);
    tab_to(&browser, "form[action='/do/pay'] button").await;
    enter(&browser).await;
    assert_eq!(state(&mock, id), BillState::Paid);
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 1);
    // The callback comes to the page by itself.
    until(
        &browser,
        "return document.querySelector('#entries').innerText.includes('확인됨')",
    )
    .await;
    tab_to(&browser, "form[action='/do/cancel'] button").await;
    enter(&browser).await;
    assert_eq!(state(&mock, id), BillState::Cancelled);
    let state = browser.texts("#state-now .badge").await;
    assert_eq!(state, ["취소"]);
    keep(&browser, "cancelled").await;
}

#[tokio::test]
async fn the_table_moves_by_itself_and_keeps_the_focus() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    open(&browser, &mock, "/").await;
    browser.run("window.same = true").await;
    assert_eq!(browser.texts("#empty h2").await, ["아직 청구서가 없습니다"]);
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    until(
        &browser,
        "return document.querySelectorAll('#rows tr').length === 1",
    )
    .await;
    browser
        .run("document.querySelector('#rows a').focus()")
        .await;
    mock.add_bill("b".parse().unwrap(), price()).unwrap();
    mock.pay(&"a".parse().unwrap()).unwrap();
    until(&browser, "return Array.from(document.querySelectorAll('#rows .badge'), (it) => it.innerText).join() === '미결제,결제완료'").await;
    // What changed is marked for a moment.
    until(
        &browser,
        "return document.querySelector('#rows tr.changed') === null",
    )
    .await;
    assert_eq!(
        browser.run("return document.activeElement.innerText").await,
        "a"
    );
    mock.pay(&"b".parse().unwrap()).unwrap();
    until(&browser, "return Array.from(document.querySelectorAll('#rows tr.changed .id'), (it) => it.innerText).join() === 'b'").await;
    // It is said to those who do not see it.
    until(
        &browser,
        "return document.querySelector('#said').textContent === '내용이 바뀌었습니다'",
    )
    .await;
    control::post(
        &mock,
        "/faults",
        json!({"fault": "latency", "operation": "bill read"}),
    )
    .await;
    until(
        &browser,
        "return document.querySelector('#banner').innerText.includes('latency')",
    )
    .await;
    control::post(&mock, "/reset", json!({})).await;
    until(&browser, "return document.querySelector('#empty') !== null && document.querySelector('#banner').innerText === ''").await;
    assert_eq!(browser.run("return window.same").await, true);
}

#[tokio::test]
async fn an_open_page_of_a_bill_that_is_gone_says_so_and_comes_back_with_the_bill() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    let snapshot = control::get(&mock, "/snapshot").await;
    open(&browser, &mock, &bill_page("a")).await;
    browser.run("window.same = true").await;
    assert_eq!(browser.texts("#state-now .badge").await, ["미결제"]);
    control::post(&mock, "/reset", json!({})).await;
    until(
        &browser,
        "return document.querySelector('main').innerText.includes('그런 청구서가 없습니다.')
            && document.querySelector('main form') === null && document.querySelector('#facts') === null",
    )
    .await;
    assert_eq!(
        browser.run("return document.title").await,
        "청구서 · 결제선생 모의 서버"
    );
    control::post(&mock, "/restore", snapshot).await;
    until(
        &browser,
        "return document.querySelector('form[action=\"/do/pay\"]') !== null && document.querySelector('#gone') === null",
    )
    .await;
    assert_eq!(
        browser.run("return document.title").await,
        "청구서 a · 결제선생 모의 서버"
    );
    // And moves by itself as before.
    mock.pay(&"a".parse().unwrap()).unwrap();
    until(
        &browser,
        "return document.querySelector('#state-now .badge').innerText === '결제완료'",
    )
    .await;
    assert_eq!(browser.run("return window.same").await, true);
}

#[tokio::test]
async fn the_shown_time_goes_on_and_follows_the_clock_of_the_mock_server() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    open(&browser, &mock, "/clock").await;
    for place in ["#now time", "#clock-facts .big time"] {
        let text = format!("return document.querySelector('{place}').innerText");
        let first = browser.run(&text).await;
        let moved = format!("return document.querySelector('{place}').innerText > {first}");
        until(&browser, &moved).await;
    }
    let day = "return document.querySelector('#now time').innerText.slice(0, 10)";
    let today = browser.run(day).await;
    mock.advance_clock(Duration::from_secs(3 * 86_400));
    until(
        &browser,
        &format!("return document.querySelector('#now time').innerText.slice(0, 10) > {today}"),
    )
    .await;
}

#[tokio::test]
async fn a_snapshot_that_is_restored_from_a_file_says_so_until_the_page_is_left() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    let snapshot = control::get(&mock, "/snapshot").await.to_string();
    control::post(&mock, "/reset", json!({})).await;
    open(&browser, &mock, "/clock").await;
    let choose = format!(
        "const files = new DataTransfer(); files.items.add(new File([{}], 'snapshot.json'));
        document.querySelector('#snapshot').files = files.files; document.querySelector('#restore').requestSubmit();",
        json!(snapshot)
    );
    browser.run(&choose).await;
    let is_said = "const it = document.querySelector('#restored'); return !it.hidden && it.innerText === '복원했습니다.'";
    until(&browser, is_said).await;
    // Also after what happened came to the page.
    mock.inject(Fault::ErrorCode { applied: false }, Schedule::once());
    until(
        &browser,
        "return document.querySelector('#banner .warning') !== null",
    )
    .await;
    assert_eq!(browser.run(is_said).await, true);
    assert!(mock.bill(&"a".parse().unwrap()).is_some());
}

#[tokio::test]
async fn the_filter_works_without_leaving_the_page_and_stays_in_the_address() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    for number in 0..150 {
        let state = if number % 10 == 0 { "paid" } else { "unpaid" };
        let wish = json!({"bill_id": format!("b-{number:03}"), "price": 1000, "state": state});
        control::post(&mock, "/bills", wish).await;
    }
    open(&browser, &mock, "/").await;
    browser.run("window.same = true").await;
    browser.click("#states a.F").await;
    until(
        &browser,
        "return document.querySelectorAll('#rows tr').length === 15",
    )
    .await;
    let field = browser.client.find(Locator::Id("text")).await.unwrap();
    field.send_keys("b-01").await.unwrap();
    until(
        &browser,
        "return document.querySelectorAll('#rows tr').length === 1",
    )
    .await;
    let query = browser.run("return location.search").await;
    assert_eq!(query, "?text=b-01&state=F");
    let language = "return document.querySelector('a.language').getAttribute('href')";
    assert_eq!(browser.run(language).await, "/?text=b-01&state=F&lang=en");
    assert_eq!(
        browser.run("return document.activeElement.id").await,
        "text"
    );
    assert_eq!(browser.run("return window.same").await, true);
    // The same by the address alone.
    open(&browser, &mock, "/?text=b-01&state=F").await;
    assert_eq!(browser.texts("#rows td.id").await, ["b-010"]);
}

#[tokio::test]
async fn a_page_is_right_again_after_a_lost_stream() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let mock = MockServer::builder()
        .state_file(&file)
        .start()
        .await
        .unwrap();
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    open(&browser, &mock, "/").await;
    browser.run("window.same = true").await;
    let address = mock.address();
    drop(mock);
    until(
        &browser,
        "return document.querySelector('#connection').innerText.includes('연결이 끊겼습니다')",
    )
    .await;
    assert_eq!(browser.texts("#rows .badge").await, ["미결제"]);
    keep(&browser, "lost").await;
    let again = || {
        MockServer::builder()
            .state_file(&file)
            .listen(address)
            .start()
    };
    let begun = Instant::now();
    let mock = loop {
        match again().await {
            Ok(mock) => break mock,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    mock.pay(&"a".parse().unwrap()).unwrap();
    until(&browser, "return document.querySelector('#connection').hidden && document.querySelector('#rows .badge').innerText === '결제완료'").await;
    // And goes on by itself.
    mock.cancel(&"a".parse().unwrap()).unwrap();
    until(
        &browser,
        "return document.querySelector('#rows .badge').innerText === '취소'",
    )
    .await;
    assert_eq!(browser.run("return window.same").await, true);
}

#[tokio::test]
async fn a_page_is_right_again_after_it_was_hidden() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    open(&browser, &mock, "/").await;
    until(&browser, "return document.readyState === 'complete'").await;
    let hide = |is_hidden: bool| {
        format!(
            "Object.defineProperty(document, 'hidden', {{ value: {is_hidden}, configurable: true }});
            document.dispatchEvent(new Event('visibilitychange'));"
        )
    };
    browser.run(&hide(true)).await;
    mock.pay(&"a".parse().unwrap()).unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(browser.texts("#rows .badge").await, ["미결제"]);
    browser.run(&hide(false)).await;
    until(
        &browser,
        "return document.querySelector('#rows .badge').innerText === '결제완료'",
    )
    .await;
    mock.cancel(&"a".parse().unwrap()).unwrap();
    until(
        &browser,
        "return document.querySelector('#rows .badge').innerText === '취소'",
    )
    .await;
}

#[tokio::test]
async fn a_page_without_a_stream_of_its_own_reads_from_time_to_time_and_says_so() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    mock.add_bill("a".parse().unwrap(), price()).unwrap();
    let mut streams = Vec::new();
    for _ in 0..64 {
        let address = wire::address(&mock);
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /face/events HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    open(&browser, &mock, "/").await;
    until(
        &browser,
        "return document.querySelector('#connection').innerText.includes('몇 초마다')",
    )
    .await;
    mock.pay(&"a".parse().unwrap()).unwrap();
    until(
        &browser,
        "return document.querySelector('#rows .badge').innerText === '결제완료'",
    )
    .await;
}

#[tokio::test]
async fn markup_in_every_field_executes_nothing() {
    let Some(browser) = Browser::open_with_logs("ko-KR").await else {
        return;
    };
    let receiver = Receiver::start(|_, _| {
        (
            200,
            "<script>a()</script><img src=x onerror=a()>".to_owned(),
        )
    })
    .await;
    let mock = full_of_markup(&receiver).await;
    let spy = json!({"source": "window.a = () => { window.ran = true; }; addEventListener('securitypolicyviolation', () => { window.violated = true; });"});
    browser
        .chromium("Page.addScriptToEvaluateOnNewDocument", spy)
        .await;
    let mut all = addresses(&mock).await;
    let bills = control::get(&mock, "/bills").await;
    let link = bills["bills"][0]["link"].as_str().unwrap();
    all.push(link.strip_prefix(&origin(&mock)).unwrap().to_owned());
    for address in &all {
        open(&browser, &mock, address).await;
        // Also what comes later by the script.
        control::post(&mock, "/faults", json!({"fault": "latency", "operation": "receipt read", "member": "<img src=x onerror=a()>"})).await;
        if !address.starts_with("/pay/") {
            until(
                &browser,
                "return document.querySelector('#banner .warning') !== null",
            )
            .await;
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
        let found = "return [typeof window.a, window.ran || false, window.violated || false, document.querySelectorAll('img[src=x], script:not([src]), b').length]";
        assert_eq!(
            browser.run(found).await,
            json!(["function", false, false, 0]),
            "{address}"
        );
        let own = origin(&mock);
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
async fn found_by(browser: &Browser, axe: &str) -> Value {
    browser
        .run(&format!("{axe}; window.axe = window.axe || axe;"))
        .await;
    let begin = "window.found = null; axe.run(document, {resultTypes: ['violations']})
        .then((it) => { window.found = it.violations.map((one) => [one.id, one.impact, one.nodes.map((node) => [node.html.slice(0, 160), node.failureSummary])]); })
        .catch((error) => { window.found = [String(error)]; })";
    browser.run(begin).await;
    until(browser, "return window.found !== null").await;
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
        open(&browser, mock, &page).await;
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
            assert_eq!(found_by(&browser, &axe).await, json!([]), "{name}");
            let widths = browser
                .run("return [document.documentElement.scrollWidth <= innerWidth, innerWidth]")
                .await;
            assert_eq!(widths, json!([true, width]), "{name}");
        }
    }
}

#[tokio::test]
async fn the_payer_pays_on_a_phone() {
    let Some(browser) = Browser::open("ko-KR").await else {
        return;
    };
    let mock = MockServer::start().await.unwrap();
    let wish = json!({"bill_id": "a", "price": 45000, "product": "3월 수강료", "payer": "김하나"});
    let bill = control::post(&mock, "/bills", wish).await;
    browser.resize(390, 844).await;
    browser
        .client
        .goto(bill["link"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(browser.run("return document.scripts.length").await, 0);
    let sizes = "return Array.from(document.querySelectorAll('button'), (it) => it.getBoundingClientRect().height >= 44 && it.getBoundingClientRect().right <= 390)";
    assert_eq!(browser.run(sizes).await, json!([true, true, true]));
    keep(&browser, "payer").await;
    leave(&browser, browser.click("form:nth-of-type(2) button")).await;
    assert_eq!(browser.texts(".said").await, ["결제했습니다."]);
    assert_eq!(browser.texts(".badge").await, ["결제완료"]);
    assert_eq!(control::get(&mock, "/bills/a").await["paid_by"], "account");
    keep(&browser, "payer-paid").await;
}
