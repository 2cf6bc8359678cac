//! A web page in the developer's browser cannot drive the mock server, nor through it another service of
//! the machine.

use std::collections::BTreeSet;

use crate::support::{
    change_request, id, post, price, read_request, send_request,
    wire::{self, Response, address, request},
};
use payssam::{BillState, Operation};
use payssam_mock::{Fault, MockServer, Schedule, pay_by_link};

const JSON: &str = "content-type: application/json";
const FORM: &str = "content-type: application/x-www-form-urlencoded";

/// A callback URL that gets no callbacks.
const CALLBACK: &str = "https://payssam.example/hook";

/// A mock server with a paid bill that was added and an unpaid one that was sent.
struct Target {
    mock: MockServer,
    /// The path of the link to the second bill.
    link: String,
}

impl Target {
    async fn start() -> Self {
        let mock = MockServer::start().await.unwrap();
        mock.add_bill(id(), price()).unwrap();
        mock.pay(&id()).unwrap();
        let link = send_bill(&mock, "sent").await;
        let origin = format!("http://{}", address(&mock));
        let link = link.strip_prefix(&origin).unwrap().to_owned();
        Target { mock, link }
    }

    /// Header lines with `{own}` for the host and port of the mock server and `{port}` for the port.
    fn headers(&self, lines: &[&str]) -> Vec<String> {
        let own = address(&self.mock);
        let fill = |line: &&str| {
            let line = line.replace("{own}", &own.to_string());
            line.replace("{port}", &own.port().to_string())
        };
        lines.iter().map(fill).collect()
    }

    async fn send(&self, method: &str, path: &str, lines: &[&str], body: &str) -> Response {
        let bytes = request(method, path, &self.headers(lines), body);
        wire::send(address(&self.mock), &bytes).await
    }

    async fn on_every_route(&self, lines: &[&str]) -> Vec<Response> {
        let mut responses = Vec::new();
        for (method, path, body) in self.routes() {
            responses.push(self.send(method, &path, lines, &body).await);
        }
        responses
    }

    /// Every route: method, path and body. The requests to the first two would change a bill.
    fn routes(&self) -> Vec<(&'static str, String, String)> {
        let mut routes: Vec<_> = [
            (
                "POST",
                "/partner/bill/cancel",
                &*change_request().to_string(),
            ),
            ("POST", &self.link, ""),
            ("GET", &self.link, ""),
            ("PUT", &self.link, ""),
            ("POST", "/pay/none", ""),
            ("POST", "/pay", &*change_request().to_string()),
            ("GET", "/partner/bill/read", ""),
            ("OPTIONS", "/partner/bill/cancel", ""),
            ("GET", "/", ""),
            ("POST", "/", ""),
            ("POST", "/elsewhere", ""),
            (
                "POST",
                &format!("/_mock/bills/{}/cancel", crate::support::ID),
                "{}",
            ),
            ("POST", "/_mock/bills/sent/pay", "{}"),
            ("POST", "/_mock/bills/sent/expire", "{}"),
            ("POST", "/_mock/bills/sent/paid-on-site", "{}"),
            (
                "POST",
                "/_mock/callbacks/duplicate",
                r#"{"bill_id": "sent"}"#,
            ),
            ("POST", "/_mock/callbacks/hold", r#"{"is_held": true}"#),
            ("POST", "/_mock/reset", "{}"),
            ("POST", "/_mock/restore", "{}"),
            ("GET", "/_mock/bills", ""),
            ("GET", "/_mock/snapshot", ""),
            ("GET", "/_mock/events/stream", ""),
            ("GET", "/_mock/wait?bill=sent&state=paid", ""),
            ("GET", "/_mock/openapi.json", ""),
            ("DELETE", "/_mock/faults", ""),
            ("OPTIONS", "/_mock/reset", ""),
            ("GET", "/_mock/none", ""),
            ("GET", "/bill?partner=first&id=sent", ""),
            ("GET", "/callbacks", ""),
            ("GET", "/faults", ""),
            ("GET", "/clock", ""),
            ("GET", "/requests", ""),
            ("GET", "/face/events", ""),
            ("GET", "/face/face.css", ""),
            ("GET", "/face/face.js", ""),
            ("POST", "/do/pay", "partner=first&bill_id=sent"),
            ("POST", "/do/reset", ""),
        ]
        .map(|(method, path, body)| (method, path.to_owned(), body.to_owned()))
        .into();
        for operation in Operation::ALL {
            let path = format!("/partner{}", operation.path());
            routes.push(("POST", path, read_request().to_string()));
        }
        routes
    }

    /// Asserts that no request has changed anything, and that none is recorded.
    #[track_caller]
    fn assert_untouched(&self, by: &[&str]) {
        let state = |id: &str| {
            let bill = self.mock.bill(&id.parse().unwrap()).unwrap();
            (bill.state().clone(), bill.history().len())
        };
        assert_eq!(state(crate::support::ID), (BillState::Paid, 2), "{by:?}");
        assert_eq!(state("sent"), (BillState::Unpaid, 1), "{by:?}");
        assert_eq!(self.mock.requests().len(), 1, "{by:?}");
    }
}

/// Sends a bill, and gives its link.
async fn send_bill(mock: &MockServer, id: &str) -> String {
    let sent = post(mock, "/bill", &send_request(id, CALLBACK)).await;
    sent["data"]["shortUrl"].as_str().unwrap().to_owned()
}

/// Asserts that every route refuses requests with these header lines, with this code.
async fn assert_refused(lines: &[&str], code: &str) {
    let target = Target::start().await;
    for response in target.on_every_route(lines).await {
        assert_eq!(response.status, 403, "{lines:?}: {response:?}");
        assert_eq!(response.code(), code, "{lines:?}: {response:?}");
        // With these a browser would let the page read the response.
        assert!(!response.headers.contains("access-control"), "{response:?}");
    }
    target.assert_untouched(lines);
}

#[tokio::test]
async fn a_foreign_host_is_refused_on_every_route() {
    for host in [
        "host: payssam.example:{port}",
        "host: payssam.example",
        "host: 127.0.0.1.payssam.example:{port}",
        "host: localhost.payssam.example:{port}",
        "host: payssam.localhost:{port}",
        "host: localhost.:{port}",
        "host: payssam.example@127.0.0.1:{port}",
        "host: 0.0.0.0:{port}",
        "host: 10.0.0.1:{port}",
        "host: [::]:{port}",
        "host: [fe80::1]:{port}",
        "host: :{port}",
        "host:",
    ] {
        assert_refused(&[host, JSON], "MOCK_FOREIGN_HOST").await;
    }
}

#[tokio::test]
async fn a_host_without_the_port_of_the_mock_server_is_refused_on_every_route() {
    for host in [
        "host: 127.0.0.1",
        "host: localhost",
        "host: 127.0.0.1:1",
        "host: localhost:80",
        "host: [::1]:1",
    ] {
        assert_refused(&[host, JSON], "MOCK_FOREIGN_HOST").await;
    }
}

#[tokio::test]
async fn a_request_without_exactly_one_host_is_refused_on_every_route() {
    assert_refused(&[JSON], "MOCK_FOREIGN_HOST").await;
    for hosts in [
        ["host: {own}", "host: payssam.example"],
        ["host: payssam.example", "host: {own}"],
        ["host: {own}", "host: {own}"],
    ] {
        assert_refused(&[hosts[0], hosts[1], JSON], "MOCK_FOREIGN_HOST").await;
    }
}

#[tokio::test]
async fn a_foreign_host_in_the_target_of_a_request_is_refused() {
    let target = Target::start().await;
    let path = "http://payssam.example/partner/bill/cancel";
    let body = change_request().to_string();
    let response = target
        .send("POST", path, &["host: {own}", JSON], &body)
        .await;
    assert_eq!(response.status, 403, "{response:?}");
    assert_eq!(response.code(), "MOCK_FOREIGN_HOST");
    target.assert_untouched(&[path]);
}

#[tokio::test]
async fn every_name_of_loopback_is_served() {
    let target = Target::start().await;
    for host in [
        "host: 127.0.0.1:{port}",
        "host: 127.1.2.3:{port}",
        "host: localhost:{port}",
        "host: LocalHost:{port}",
        "host: [::1]:{port}",
    ] {
        let body = read_request().to_string();
        let lines = [host, JSON];
        let response = target
            .send("POST", "/partner/bill/read", &lines, &body)
            .await;
        assert_eq!(
            (response.status, &*response.code()),
            (200, "0000"),
            "{host}"
        );
        let page = target.send("GET", &target.link, &[host], "").await;
        assert_eq!(page.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_foreign_origin_is_refused_on_every_route() {
    for origin in [
        "origin: https://payssam.example",
        "origin: http://payssam.example:{port}",
        "origin: null",
        "origin:",
        "origin: http://127.0.0.1",
        "origin: http://127.0.0.1:1",
        "origin: http://127.0.0.2:{port}",
        "origin: http://localhost:{port}",
        "origin: https://{own}",
        "origin: {own}",
        "origin: http://{own}/",
        "origin: http://{own}.payssam.example",
        "origin: http://{own} https://payssam.example",
    ] {
        assert_refused(&["host: {own}", origin, JSON], "MOCK_FOREIGN_ORIGIN").await;
    }
    let two = ["host: {own}", "origin: http://{own}", "origin: null", JSON];
    assert_refused(&two, "MOCK_FOREIGN_ORIGIN").await;
}

#[tokio::test]
async fn what_a_browser_calls_cross_site_or_same_site_is_refused_on_every_route() {
    for site in [
        "sec-fetch-site: cross-site",
        // Another port of this machine is of the same site.
        "sec-fetch-site: same-site",
        "sec-fetch-site: something-new",
        "sec-fetch-site:",
    ] {
        for more in [
            &["sec-fetch-mode: no-cors", "sec-fetch-dest: script"],
            &["sec-fetch-mode: navigate", "sec-fetch-dest: iframe"],
        ] {
            let lines = ["host: {own}", site, more[0], more[1], JSON];
            assert_refused(&lines, "MOCK_FOREIGN_ORIGIN").await;
        }
    }
}

#[tokio::test]
async fn requests_that_are_refused_count_for_no_fault() {
    let target = Target::start().await;
    let once = Schedule::once().on(Operation::BillRead);
    target
        .mock
        .inject(Fault::ErrorCode { applied: false }, once);
    target
        .on_every_route(&["host: payssam.example", JSON])
        .await;
    let own = ["host: {own}", "origin: null", JSON];
    target.on_every_route(&own).await;
    let body = read_request().to_string();
    let path = "/partner/bill/read";
    let read = || target.send("POST", path, &["host: {own}", JSON], &body);
    assert_eq!(read().await.code(), "ERROR");
    assert_eq!(read().await.code(), "0000");
}

#[tokio::test]
async fn a_post_that_is_not_json_is_refused_on_every_route() {
    for content_type in [
        &["content-type: text/plain"][..],
        &["content-type: text/plain;charset=UTF-8"],
        &[FORM],
        &["content-type: multipart/form-data; boundary=application/json"],
        &["content-type: application/jsonp"],
        &["content-type: text/plain; application/json"],
        &["content-type:"],
        &[JSON, "content-type: text/plain"],
        &[],
    ] {
        let target = Target::start().await;
        for (method, path, body) in target.routes() {
            // The forms of pages are no JSON, and need a token.
            if method != "POST" || path.starts_with("/do/") {
                continue;
            }
            let lines = [&["host: {own}"], content_type].concat();
            let response = target.send(method, &path, &lines, &body).await;
            let is_known = path != "/" && path != "/elsewhere";
            let (status, code) = match is_known {
                true => (415, "MOCK_NOT_JSON"),
                false => (404, "MOCK_NO_SUCH_PATH"),
            };
            assert_eq!(
                response.status, status,
                "{path} {content_type:?}: {response:?}"
            );
            assert_eq!(response.code(), code, "{path} {content_type:?}");
        }
        let bill = target.mock.bill(&id()).unwrap();
        assert_eq!(*bill.state(), BillState::Paid, "{content_type:?}");
        let bill = target.mock.bill(&"sent".parse().unwrap()).unwrap();
        assert_eq!(*bill.state(), BillState::Unpaid, "{content_type:?}");
    }
}

#[tokio::test]
async fn json_is_json_with_parameters_and_in_capitals() {
    let target = Target::start().await;
    for content_type in [
        "content-type: application/json",
        "content-type: application/json;charset=UTF-8",
        "content-type: application/json ; charset=utf-8",
        "Content-Type: Application/JSON",
    ] {
        let body = read_request().to_string();
        let lines = ["host: {own}", content_type];
        let response = target
            .send("POST", "/partner/bill/read", &lines, &body)
            .await;
        assert_eq!(response.code(), "0000", "{content_type}");
    }
}

#[tokio::test]
async fn the_payer_opens_the_link_from_another_site_and_pays_on_its_own_page() {
    let target = Target::start().await;
    // What a browser sends when somebody follows the link in a shop or a mail.
    let open = [
        "host: {own}",
        "sec-fetch-site: cross-site",
        "sec-fetch-mode: navigate",
        "sec-fetch-dest: document",
    ];
    let page = target.send("GET", &target.link, &open, "").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<form method=\"post\">"), "{page:?}");
    // No other page may show it in a frame, and the browser has to name it as the origin.
    assert!(page.headers.contains("frame-ancestors 'none'"), "{page:?}");
    assert!(page.headers.contains("x-frame-options: deny"), "{page:?}");
    assert!(
        page.headers.contains("referrer-policy: same-origin"),
        "{page:?}"
    );
    target.assert_untouched(&open);

    // The same navigation to any other route, or as a POST, is refused.
    for (method, path, body) in target.routes() {
        if method == "GET" && path == target.link {
            continue;
        }
        let response = target.send(method, &path, &open, &body).await;
        assert_eq!(response.code(), "MOCK_FOREIGN_ORIGIN", "{method} {path}");
    }
    target.assert_untouched(&open);

    // What a browser sends when the payer presses the button on the page.
    let pay = [
        "host: {own}",
        "origin: http://{own}",
        "sec-fetch-site: same-origin",
        "sec-fetch-mode: navigate",
        "sec-fetch-dest: document",
        FORM,
    ];
    let refused = target.send("POST", &target.link, &pay, "act=card").await;
    assert_eq!(refused.status, 403, "{refused:?}");
    target.assert_untouched(&pay);
    let (_, token) = page.body.split_once("name=\"token\" value=\"").unwrap();
    let form = format!("token={}&act=card", token.split('"').next().unwrap());
    let paid = target.send("POST", &target.link, &pay, &form).await;
    assert_eq!(paid.status, 200, "{paid:?}");
    let bill = target.mock.bill(&"sent".parse().unwrap()).unwrap();
    assert_eq!(*bill.state(), BillState::Paid);
    assert_eq!(
        target.send("POST", &target.link, &pay, &form).await.status,
        409
    );
    assert_eq!(target.send("POST", "/pay/none", &pay, "").await.status, 404);
}

#[tokio::test]
async fn a_program_pays_by_the_link_without_an_origin() {
    let mock = MockServer::start().await.unwrap();
    let link = send_bill(&mock, "sent").await;
    pay_by_link(&link).await.unwrap();
    let bill = mock.bill(&"sent".parse().unwrap()).unwrap();
    assert_eq!(*bill.state(), BillState::Paid);
    let named = send_bill(&mock, "named").await;
    pay_by_link(&named.replace("127.0.0.1", "localhost"))
        .await
        .unwrap();
    let bill = mock.bill(&"named".parse().unwrap()).unwrap();
    assert_eq!(*bill.state(), BillState::Paid);
}

/// The name in a link.
fn name(link: &str) -> &str {
    link.rsplit_once("/pay/").unwrap().1
}

#[tokio::test]
async fn the_link_of_a_bill_cannot_be_guessed() {
    let mut names = BTreeSet::new();
    for _ in 0..3 {
        let mock = MockServer::start().await.unwrap();
        for number in 0..20 {
            // The same bills each time: nothing of a link may follow from them.
            let link = send_bill(&mock, &format!("bill-{number}")).await;
            names.insert(name(&link).to_owned());
        }
    }
    assert_eq!(names.len(), 60);
    for name in &names {
        // 128 bits, of which every place differs from link to link.
        assert_eq!(name.len(), 32, "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name}");
    }
    for place in 0..32 {
        let letters: BTreeSet<u8> = names.iter().map(|name| name.as_bytes()[place]).collect();
        assert!(letters.len() > 4, "{place}: {letters:?}");
    }
}

#[tokio::test]
async fn a_seed_repeats_the_same_faults_although_links_are_random() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let mock = MockServer::start().await.unwrap();
        let half = Schedule::probability(0.5, 7).unwrap();
        mock.inject(Fault::CutResponse, half);
        let (mut received, mut links) = (Vec::new(), Vec::new());
        for number in 0..12 {
            let body = send_request(&format!("bill-{number}"), CALLBACK).to_string();
            let own = format!("host: {}", address(&mock));
            let bytes = request("POST", "/partner/bill", &[own, JSON.to_owned()], &body);
            let response = wire::send(address(&mock), &bytes).await;
            received.push(response.body.len());
            links.extend(
                response
                    .body
                    .rsplit_once("/pay/")
                    .map(|(_, name)| name.to_owned()),
            );
        }
        runs.push((received, links));
    }
    let (first, second) = (&runs[0], &runs[1]);
    assert_eq!(first.0, second.0);
    let lengths: BTreeSet<usize> = first.0.iter().copied().collect();
    assert!(lengths.len() > 1, "{lengths:?}");
    assert!(!first.1.is_empty());
    assert!(
        first
            .1
            .iter()
            .zip(&second.1)
            .all(|(one, other)| one != other)
    );
}
