//! The page keeps to itself, and runs nothing but its own script: in Debian's Chromium, from a file.

mod pages;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use pages::{Browser, Findings, finding, html, html_of, one_of_each};
use payssam::{BillId, BillState};
use payssam_reconcile::{Class, Finding, Summary};
use serde_json::json;

/// A server that notes what is asked of it.
fn server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = BufReader::new(connection.unwrap());
            let mut line = String::new();
            // A browser also connects without asking.
            if connection.read_line(&mut line).is_ok_and(|read| read > 0) {
                noted.lock().unwrap().push(line.trim_end().to_owned());
                let response = b"HTTP/1.1 404 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                drop(connection.get_mut().write_all(response));
            }
        }
    });
    (port, asked)
}

#[tokio::test]
async fn no_request_leaves_the_page() {
    let Some(browser) = Browser::open_with_logs("en-US").await else {
        return;
    };
    let (port, asked) = server();
    // That a request would be seen.
    let other = format!("<!doctype html><img src=http://127.0.0.1:{port}/seen>");
    let page = browser.show(&other).await;
    let seen = browser.requests().await;
    assert!(
        seen.contains(&format!("http://127.0.0.1:{port}/seen")),
        "{seen:?}"
    );
    assert_eq!(*asked.lock().unwrap(), ["GET /seen HTTP/1.1"]);
    browser.console().await;

    browser
        .show(&html_of(one_of_each(), Some("all.jsonl")))
        .await;
    browser.click(".findings th.bill button").await;
    browser.search("paid").await;
    browser.click("label[for=korean]").await;
    assert_eq!(browser.requests().await, [page]);
    assert_eq!(browser.console().await, [""; 0], "not even a forbidden one");
    // And nothing that got into the page could send or load anything.
    for attempt in [
        "return fetch(arguments[0]).then(() => 'sent', () => 'stopped')",
        "return new Promise((end) => { const it = new Image(); it.onload = it.onerror = () => end('stopped'); it.src = arguments[0] })",
        "const it = document.createElement('form'); it.action = arguments[0]; document.body.append(it); it.submit(); return 'stopped'",
        "const it = document.createElement('iframe'); it.src = arguments[0]; document.body.append(it); return 'stopped'",
        "try { new WebSocket(arguments[0].replace('http', 'ws')) } catch { } return 'stopped'",
        "navigator.sendBeacon(arguments[0], 'x'); return 'stopped'",
    ] {
        let url = json!(format!("http://127.0.0.1:{port}/attempt"));
        assert_eq!(browser.run_with(attempt, url).await, "stopped", "{attempt}");
    }
    let reports = browser.console().await;
    assert!(
        reports.len() >= 6,
        "each is refused by the policy: {reports:?}"
    );
    assert_eq!(*asked.lock().unwrap(), ["GET /seen HTTP/1.1"]);
}

/// What a text would like to be. `p()` notes that it was run.
const HOSTILE: [&str; 16] = [
    "<script>p()</script>",
    "</script><script>p()</script>",
    "</style><script>p()</script>",
    "</title><script>p()</script>",
    "</textarea></table></main><script>p()</script>",
    "\"><img src=x onerror=p()>",
    "' onmouseover='p()' x='",
    "<svg onload=p()>",
    "<iframe srcdoc='<script>parent.p()</script>'>",
    "javascript:p()",
    "data:text/html,<script>p()</script>",
    "{{constructor.constructor('p()')()}} {% raw %} ${p()} <%= p() %> #{p()}",
    "<!--<script>",
    "]]><script>p()</script>",
    "&lt;script&gt;p()&#60;/script&#62;",
    "\u{202e}\u{2066}evil\u{200b}\u{0}\u{1b}[2J",
];

/// As the page shows it.
fn shown(text: &str) -> String {
    payssam::redact::escape(text)
}

/// A finding with this text wherever one from outside can be.
fn hostile(text: &str, line: u64) -> Finding {
    let mut finding = finding(line, Class::Unsettled);
    text.clone_into(&mut finding.reason);
    if let Some(there) = &mut finding.there {
        there.state = BillState::Unknown(text.into());
    }
    // An id is short and has no invisible characters.
    let short: String = text.chars().take(20).collect();
    finding.bill_id = BillId::new(short.trim()).ok();
    finding
}

#[tokio::test]
async fn nothing_in_a_ledger_or_a_response_is_executed() {
    let Some(browser) = Browser::open_with_logs("en-US").await else {
        return;
    };
    let probe = json!({"source": "window.__pwned = []; window.p = () => { window.__pwned.push(Error().stack) }"});
    browser
        .chromium("Page.addScriptToEvaluateOnNewDocument", probe)
        .await;
    // That it would be seen.
    browser
        .show("<!doctype html><svg onload=p()></svg><script>p()</script>")
        .await;
    assert_eq!(browser.run("return __pwned.length").await, 2);

    // All of them at once, in two orders.
    for turn in 0..2 {
        let mut texts = HOSTILE;
        texts.rotate_left(turn * 8);
        let name = texts.concat();
        let findings: Vec<_> = texts
            .iter()
            .zip(2..)
            .map(|(text, line)| hostile(text, line))
            .collect();
        let mut summary = Summary::new(&name, texts[3], None);
        for finding in &findings {
            summary.add(finding);
        }
        let page = browser
            .show(&html(&summary, findings.clone(), Some(texts[9])))
            .await;
        let shown = texts.map(shown);
        assert_eq!(browser.texts("td.why").await, shown, "as text");
        assert_eq!(browser.texts("td.there bdi").await, shown);
        let facts = [shown.concat(), shown[3].clone()];
        assert_eq!(browser.texts(".facts bdi").await, facts);
        assert!(browser.client.title().await.unwrap().ends_with(&facts[0]));
        let ids = findings
            .iter()
            .filter_map(|finding| finding.bill_id.as_ref());
        let ids: Vec<_> = ids.map(ToString::to_string).collect();
        assert!(ids.len() > 10, "{ids:?}");
        assert_eq!(browser.texts("td.bill bdi").await, ids);

        // They are searched, sorted and switched.
        for text in &shown[..3] {
            browser.search(text).await;
            assert!(!browser.lines().await.is_empty(), "{text}");
        }
        browser.click(".findings th.why button").await;
        browser.click("label[for=korean]").await;
        let elements =
            "return ['script', 'style', 'img', 'iframe', 'form', 'base', 'object', 'textarea']
            .map((name) => document.querySelectorAll(name).length)";
        let elements = browser.run(elements).await;
        assert_eq!(elements, json!([1, 1, 0, 0, 0, 0, 0, 0]));
        let handlers = "return Array.from(document.querySelectorAll('*'), (it) => Array.from(it.attributes)).flat()
            .filter((it) => it.name.startsWith('on') || it.name === 'style').length";
        assert_eq!(browser.run(handlers).await, 0);
        let links = "return Array.from(document.links, (it) => it.protocol + it.host + it.search + it.hash)";
        assert_eq!(browser.run(links).await, json!(["file:"]));
        browser.click(".shown a").await;
        assert_eq!(browser.run("return window.__pwned ?? []").await, json!([]));
        browser.client.goto(&page).await.unwrap();
        assert_eq!(browser.run("return __pwned").await, json!([]));
        let requests = browser.requests().await;
        assert!(
            requests.iter().all(|it| it.starts_with("file:")),
            "{requests:?}"
        );
    }
    // Text that got in as markup after all would not be run.
    let refused =
        "try { document.body.innerHTML = '<svg onload=p()>' } catch (error) { return error.name }";
    assert_eq!(browser.run(refused).await, "TypeError");
    assert_eq!(browser.run("return __pwned").await, json!([]));
}
