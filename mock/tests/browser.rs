//! The pages in Debian's Chromium: by keyboard alone, moving by themselves, and on a phone.

mod support;

use std::time::Duration;

use fantoccini::Locator;
use payssam::BillState;
use payssam_browser::Browser;
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::json;
use support::{
    control::{self, origin},
    face::bill_page,
    price,
    receiver::Receiver,
    wire,
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::Instant};

/// Opens a page.
async fn open(browser: &Browser, mock: &MockServer, path: &str) {
    let address = format!("{}{path}", origin(mock));
    browser.client.goto(&address).await.unwrap();
}

/// Does what leaves the page, and waits for the next one. A form is sent some time after a click on
/// its button, so the driver does not wait for what comes then.
async fn leave(browser: &Browser, act: impl Future<Output = ()>) {
    browser.run("window.before = 1").await;
    act.await;
    browser
        .until("return !window.before && document.readyState === 'complete'")
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
    browser
        .until("return document.querySelector('#entries').innerText.includes('확인됨')")
        .await;
    tab_to(&browser, "form[action='/do/cancel'] button").await;
    enter(&browser).await;
    assert_eq!(state(&mock, id), BillState::Cancelled);
    let state = browser.texts("#state-now .badge").await;
    assert_eq!(state, ["취소"]);
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
    browser
        .until("return document.querySelectorAll('#rows tr').length === 1")
        .await;
    browser
        .run("document.querySelector('#rows a').focus()")
        .await;
    mock.add_bill("b".parse().unwrap(), price()).unwrap();
    mock.pay(&"a".parse().unwrap()).unwrap();
    browser.until("return Array.from(document.querySelectorAll('#rows .badge'), (it) => it.innerText).join() === '미결제,결제완료'").await;
    // What changed is marked for a moment.
    browser
        .until("return document.querySelector('#rows tr.changed') === null")
        .await;
    assert_eq!(
        browser.run("return document.activeElement.innerText").await,
        "a"
    );
    browser
        .run(
            "window.marked = new Set();
            new MutationObserver(() => {
                for (const id of document.querySelectorAll('#rows tr.changed .id')) marked.add(id.innerText);
            }).observe(document.body, { subtree: true, attributes: true, childList: true });",
        )
        .await;
    mock.pay(&"b".parse().unwrap()).unwrap();
    browser
        .until("return Array.from(window.marked).join() === 'b'")
        .await;
    // It is said to those who do not see it.
    browser
        .until("return document.querySelector('#said').textContent === '내용이 바뀌었습니다'")
        .await;
    control::post(
        &mock,
        "/faults",
        json!({"fault": "latency", "operation": "bill read"}),
    )
    .await;
    browser
        .until("return document.querySelector('#banner').innerText.includes('latency')")
        .await;
    control::post(&mock, "/reset", json!({})).await;
    browser.until("return document.querySelector('#empty') !== null && document.querySelector('#banner').innerText === ''").await;
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
    browser.until("return document.querySelector('main').innerText.includes('그런 청구서가 없습니다.')
            && document.querySelector('main form') === null && document.querySelector('#facts') === null",
    )
    .await;
    assert_eq!(
        browser.run("return document.title").await,
        "청구서 · 결제선생 모의 서버"
    );
    control::post(&mock, "/restore", snapshot).await;
    browser.until("return document.querySelector('form[action=\"/do/pay\"]') !== null && document.querySelector('#gone') === null",
    )
    .await;
    assert_eq!(
        browser.run("return document.title").await,
        "청구서 a · 결제선생 모의 서버"
    );
    // And moves by itself as before.
    mock.pay(&"a".parse().unwrap()).unwrap();
    browser
        .until("return document.querySelector('#state-now .badge').innerText === '결제완료'")
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
        browser.until(&moved).await;
    }
    let day = "return document.querySelector('#now time').innerText.slice(0, 10)";
    let today = browser.run(day).await;
    mock.advance_clock(Duration::from_secs(3 * 86_400));
    browser
        .until(&format!(
            "return document.querySelector('#now time').innerText.slice(0, 10) > {today}"
        ))
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
    browser.until(is_said).await;
    // Also after what happened came to the page.
    mock.inject(Fault::ErrorCode { applied: false }, Schedule::once());
    browser
        .until("return document.querySelector('#banner .warning') !== null")
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
    browser
        .until("return document.querySelectorAll('#rows tr').length === 15")
        .await;
    let field = browser.client.find(Locator::Id("text")).await.unwrap();
    field.send_keys("b-01").await.unwrap();
    browser
        .until("return document.querySelectorAll('#rows tr').length === 1")
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
    browser
        .until(
            "return document.querySelector('#connection').innerText.includes('연결이 끊겼습니다')",
        )
        .await;
    assert_eq!(browser.texts("#rows .badge").await, ["미결제"]);
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
    browser.until("return document.querySelector('#connection').hidden && document.querySelector('#rows .badge').innerText === '결제완료'").await;
    // And goes on by itself.
    mock.cancel(&"a".parse().unwrap()).unwrap();
    browser
        .until("return document.querySelector('#rows .badge').innerText === '취소'")
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
    browser
        .until("return document.readyState === 'complete'")
        .await;
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
    browser
        .until("return document.querySelector('#rows .badge').innerText === '결제완료'")
        .await;
    mock.cancel(&"a".parse().unwrap()).unwrap();
    browser
        .until("return document.querySelector('#rows .badge').innerText === '취소'")
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
    // Ten times as often as for people.
    let often =
        "const every = setInterval; window.setInterval = (act, wait) => every(act, wait / 10);";
    browser
        .chromium(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": often}),
        )
        .await;
    open(&browser, &mock, "/").await;
    browser
        .until("return document.querySelector('#connection').innerText.includes('몇 초마다')")
        .await;
    mock.pay(&"a".parse().unwrap()).unwrap();
    browser
        .until("return document.querySelector('#rows .badge').innerText === '결제완료'")
        .await;
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
    leave(&browser, browser.click("form:nth-of-type(2) button")).await;
    assert_eq!(browser.texts(".said").await, ["결제했습니다."]);
    assert_eq!(browser.texts(".badge").await, ["결제완료"]);
    assert_eq!(control::get(&mock, "/bills/a").await["paid_by"], "account");
}
