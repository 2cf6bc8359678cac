//! How a client is set up, and what is rejected.

mod support {
    pub mod caller;
    pub mod closed_port;
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    Bill, BillId, CancelBill, Cancellation, Client, ClientBuilder, Credentials, Error, RetryPolicy,
    UnknownReason, callback::CallbackUrl,
};

use support::{
    caller::{API_KEY, bill_id, cancel, client},
    closed_port::ClosedPort,
    wire::{Action, Server, http},
};

const READ: &str =
    r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#;

fn builder() -> ClientBuilder {
    Client::builder(
        Credentials::builder()
            .api_key(API_KEY)
            .member("member-1")
            .merchant("merchant-1")
            .build()
            .unwrap(),
    )
}

/// The setting that an error of configuration is about, and what it says.
#[track_caller]
fn config(built: Result<Client, Error>) -> (&'static str, String) {
    let error = built.map(drop).unwrap_err();
    assert_eq!(error.kind(), "config", "{error}");
    assert_eq!(error.outcome().as_str(), "not_sent");
    assert!(error.operation().is_none() && error.bill_id().is_none());
    let message = error.to_string();
    let Error::Config { setting, .. } = error else {
        panic!("{message}");
    };
    let expected = format!("configuration: {setting}: ");
    assert!(message.starts_with(&expected), "{message}");
    assert!(message.ends_with("; nothing was sent"), "{message}");
    (setting, message)
}

// The base URL

#[test]
fn there_is_no_default_base_url() {
    let (setting, message) = config(builder().build());
    assert_eq!(setting, "base url");
    assert!(message.contains("not set"), "{message}");
}

#[test]
fn plain_http_beyond_loopback_needs_the_host_to_be_allowed() {
    let allowed =
        |base_url: &str, host: &str| builder().base_url(base_url).allow_http_for(host).build();
    for base_url in [
        "http://payssam-mock:8787/partner",
        "http://PAYSSAM-MOCK/partner",
        #[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
        "https://another.example/partner",
        "http://127.0.0.1:8787/partner",
    ] {
        assert!(allowed(base_url, "payssam-mock").is_ok(), "{base_url}");
    }
    for (base_url, host, reason) in [
        ("http://another:8787/partner", "payssam-mock", "loopback"),
        ("http://payssam-mock.example/", "payssam-mock", "loopback"),
        ("http://payssam-mock@another/", "payssam-mock", "loopback"),
        ("http://user@payssam-mock/", "payssam-mock", "user"),
        ("ftp://payssam-mock/", "payssam-mock", "https://"),
        ("http://payssam-mock/", "", "loopback"),
        ("http://payssam-mock/", "*", "loopback"),
        ("http://payssam-mock/", "http://payssam-mock", "loopback"),
    ] {
        let (setting, message) = config(allowed(base_url, host));
        assert_eq!(setting, "base url");
        assert!(message.contains(reason), "{base_url} {host}: {message}");
    }
    let url = CallbackUrl::allow_http_for("http://app:8080/hook", "app").unwrap();
    assert_eq!(url.as_str(), "http://app:8080/hook");
    for (url, host) in [
        ("http://app:8080/hook", "other"),
        ("http://app.example/hook", "app"),
        ("http://user@app/hook", "app"),
    ] {
        assert!(
            CallbackUrl::allow_http_for(url, host).is_err(),
            "{url} {host}"
        );
    }
    assert!(CallbackUrl::new("http://app:8080/hook").is_err());
}

#[test]
fn an_unsafe_base_url_is_rejected_with_the_reason() {
    for (base_url, reason) in [
        ("", "not a valid URL"),
        ("sandbox.paymint.co.kr/partner", "not a valid URL"),
        ("/partner", "not a valid URL"),
        ("https://", "not a valid URL"),
        ("http://sandbox.paymint.co.kr/partner", "loopback"),
        ("http://10.0.0.1", "loopback"),
        ("http://0.0.0.0", "loopback"),
        ("http://[::]", "loopback"),
        ("http://128.0.0.1", "loopback"),
        ("http://localhost.example.com", "loopback"),
        ("http://127.0.0.1.example.com", "loopback"),
        ("http://example.com/127.0.0.1", "loopback"),
        ("HTTP://example.com", "loopback"),
        ("ftp://127.0.0.1", "https://"),
        ("file:///etc/hosts", "https://"),
        ("ws://127.0.0.1", "https://"),
        ("https+unix://example.com", "https://"),
        ("localhost:8787", "https://"),
        ("https://user@example.com", "user"),
        ("https://user:password@example.com", "user"),
        ("https://:password@example.com", "user"),
        ("http://user@127.0.0.1", "user"),
        ("https://example.com/?a=b", "query"),
        ("https://example.com/?", "query"),
        ("http://127.0.0.1/partner?key=1", "query"),
        ("https://example.com/#top", "fragment"),
        ("https://example.com/#", "fragment"),
    ] {
        let (setting, message) = config(builder().base_url(base_url).build());
        assert_eq!(setting, "base url", "{base_url}");
        assert!(message.contains(reason), "{base_url}: {message}");
    }
}

#[test]
fn a_base_url_with_a_character_that_is_no_part_of_it_is_refused_by_name() {
    for (c, name) in [
        (' ', "a space (U+0020)"),
        ('\n', "a line end (U+000A)"),
        ('\u{a0}', "a no-break space (U+00A0)"),
        ('\u{feff}', "a byte order mark (U+FEFF)"),
        ('\u{200b}', "an invisible character (U+200B)"),
        ('"', "a quote (U+0022)"),
        ('”', "a quote (U+201D)"),
    ] {
        for (base_url, place) in [
            (format!("{c}http://127.0.0.1:8787/partner"), "begins"),
            (format!("http://127.0.0.1:8787/partner{c}"), "ends"),
        ] {
            let (setting, message) = config(builder().base_url(&base_url).build());
            assert_eq!(setting, "base url");
            let expected = format!("it {place} with {name}, which is no part of it");
            assert!(message.contains(&expected), "{message}");
        }
    }
}

#[test]
fn plain_http_is_allowed_on_loopback_in_all_its_spellings() {
    for base_url in [
        "http://127.0.0.1:8787",
        "http://127.0.0.1",
        "http://127.0.0.1/partner/",
        "http://127.1:8787",
        "http://127.255.255.254",
        "http://2130706433",
        "http://0x7f.1",
        "http://0177.0.0.1",
        "http://localhost:8787",
        "http://LocalHost",
        "HTTP://LOCALHOST",
        "http://[::1]:8787",
        "http://[0:0:0:0:0:0:0:1]",
    ] {
        let built = builder().base_url(base_url).build();
        assert!(built.is_ok(), "{base_url}: {built:?}");
    }
}

#[cfg(any(feature = "tls-by-rustls", feature = "native-tls"))]
#[test]
fn https_is_allowed_everywhere() {
    for base_url in [
        payssam::PAYSSAM_SANDBOX_URL,
        "https://example.com",
        "https://example.com:8443/partner/",
        "https://127.0.0.1",
        "HTTPS://EXAMPLE.COM",
    ] {
        let built = builder().base_url(base_url).build();
        assert!(built.is_ok(), "{base_url}: {built:?}");
    }
}

#[cfg(not(any(feature = "tls-by-rustls", feature = "native-tls")))]
#[test]
fn https_without_a_tls_feature_is_rejected() {
    let (setting, message) = config(builder().base_url(payssam::PAYSSAM_SANDBOX_URL).build());
    assert_eq!(setting, "base url");
    assert!(message.contains("`rustls` or `native-tls`"), "{message}");
}

#[tokio::test]
async fn localhost_is_reached_on_loopback() {
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let named = server.base_url().replace("127.0.0.1", "localhost");
    let read = client(&named).bills().read(&bill_id()).await;
    read.expect("a bill");
    assert_eq!(server.received().1.len(), 1);

    let closed_port = ClosedPort::new();
    let silent = client(&closed_port.base_url().replace("127.0.0.1", "localhost"));
    let error = silent.bills().read(&bill_id()).await.unwrap_err();
    assert_eq!(error.kind(), "not_sent");
}

// Time limits

#[test]
fn a_time_limit_of_zero_is_rejected() {
    let base = || builder().base_url("http://127.0.0.1");
    let (setting, _) = config(base().timeout(Duration::ZERO).build());
    assert_eq!(setting, "timeout");
    let (setting, _) = config(base().connect_timeout(Duration::ZERO).build());
    assert_eq!(setting, "connect timeout");
    let shortest = Duration::from_nanos(1);
    let built = base().timeout(shortest).connect_timeout(shortest).build();
    assert!(built.is_ok(), "{built:?}");
}

#[tokio::test]
async fn each_request_has_the_whole_time_limit() {
    let server = Server::start(|place| match place {
        0 => Action::Write(Vec::new()),
        _ => Action::Write(http("200 OK", READ)),
    })
    .await;
    let client = builder()
        .base_url(server.base_url())
        .timeout(Duration::from_millis(500))
        .retry(RetryPolicy::off())
        .build()
        .unwrap();
    let (bills, id) = (client.bills(), bill_id());
    let first = tokio::time::timeout(Duration::from_secs(20), bills.read(&id)).await;
    let error = first.expect("the limit is kept").unwrap_err();
    assert_eq!(error.kind(), "outcome_unknown");
    client.bills().read(&bill_id()).await.expect("a bill");
}

#[test]
fn with_timeout_rejects_a_limit_of_zero() {
    let client = client("http://127.0.0.1:9");
    let (setting, _) = config(client.with_timeout(Duration::ZERO));
    assert_eq!(setting, "timeout");
    assert!(client.with_timeout(Duration::from_nanos(1)).is_ok());
}

#[tokio::test]
async fn with_timeout_changes_the_limit_of_a_request_and_nothing_else() {
    let silent = Server::start(|_| Action::Write(Vec::new())).await;
    let first = client(&silent.base_url());
    let second = first.with_timeout(Duration::from_millis(200)).unwrap();
    let (bills, id) = (second.bills(), bill_id());
    let ended = tokio::time::timeout(Duration::from_secs(20), bills.read(&id)).await;
    let error = ended.expect("the limit is kept").unwrap_err();
    assert_eq!(error.unknown_reason(), Some(UnknownReason::Timeout));
    assert_eq!(second.retry_policy(), first.retry_policy());
    assert_eq!(second.confirm_policy(), first.confirm_policy());
    assert_eq!(second.credentials().member(), "member-1");
    assert_eq!(second.credentials().merchant(), "merchant-1");
    // The first client keeps its own limit, which is much longer.
    let (bills, id) = (first.bills(), bill_id());
    let ended = tokio::time::timeout(Duration::from_secs(1), bills.read(&id)).await;
    assert!(ended.is_err(), "{ended:?}");

    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let first = client(&server.base_url());
    let second = first.with_timeout(Duration::from_secs(20)).unwrap();
    for client in [&first, &second] {
        client.bills().read(&bill_id()).await.expect("a bill");
    }
    assert_eq!(server.received().0, 1, "they share the connection");
}

// Credentials

#[tokio::test]
async fn each_part_of_the_credentials_is_sent_under_its_name_in_whatever_order_it_is_given() {
    let in_order = Credentials::builder()
        .api_key("the-key")
        .member("the-member")
        .merchant("the-merchant");
    let reversed = Credentials::builder()
        .merchant("the-merchant")
        .member("the-member")
        .api_key("the-key");
    let other = Credentials::builder()
        .api_key("the-key")
        .member("another")
        .merchant("another")
        .build()
        .unwrap();
    let scoped = other.with_merchant("the-merchant").unwrap();
    let scoped = scoped.with_member("the-member").unwrap();
    for credentials in [in_order.build().unwrap(), reversed.build().unwrap(), scoped] {
        assert_eq!(credentials.reveal_api_key(), "the-key");
        assert_eq!(credentials.member(), "the-member");
        assert_eq!(credentials.merchant(), "the-merchant");
        let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
        let client = Client::builder(credentials)
            .base_url(server.base_url())
            .build()
            .unwrap();
        client.bills().read(&bill_id()).await.expect("a bill");
        let (_, requests) = server.received();
        let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["apiKey"], "the-key");
        assert_eq!(body["member"], "the-member");
        assert_eq!(body["merchant"], "the-merchant");
    }
}

#[test]
fn a_part_of_the_credentials_that_is_not_given_is_named() {
    let complete = || {
        let builder = Credentials::builder().api_key("k");
        builder.member("m").merchant("s")
    };
    assert!(complete().build().is_ok());
    for (builder, field) in [
        (Credentials::builder().member("m").merchant("s"), "api key"),
        (Credentials::builder().api_key("k").merchant("s"), "member"),
        (Credentials::builder().api_key("k").member("m"), "merchant"),
        (complete().api_key(""), "api key"),
        (complete().member(""), "member"),
        (complete().merchant(""), "merchant"),
    ] {
        let error = builder.build().unwrap_err();
        let expected = format!("invalid {field}: it is empty; nothing was sent");
        assert_eq!(error.to_string(), expected);
    }
}

// A custom HTTP client

#[tokio::test]
async fn a_custom_http_client_is_used() {
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let client = builder()
        .base_url(server.base_url())
        .http_client(|http| {
            let header = reqwest::header::HeaderValue::from_static("yes");
            let headers = [("x-custom".parse().unwrap(), header)];
            http.user_agent("mine/1.0")
                .default_headers(headers.into_iter().collect())
        })
        .build()
        .unwrap();
    client.bills().read(&bill_id()).await.expect("a bill");
    let (_, requests) = server.received();
    let head = requests[0].to_ascii_lowercase();
    assert!(head.contains("\r\nx-custom: yes\r\n"), "{head}");
    assert!(head.contains("\r\nuser-agent: payssam/"), "{head}");
    assert!(!head.contains("mine/1.0"), "{head}");
    assert!(!head.contains("api-version"), "{head}");
}

#[tokio::test]
async fn a_refused_connection_is_not_sent_with_a_custom_http_client_too() {
    let closed_port = ClosedPort::new();
    let client = builder()
        .base_url(closed_port.base_url())
        .http_client(|_| reqwest::Client::builder())
        .build()
        .unwrap();
    let read = client.bills().read(&bill_id()).await.map(drop);
    let cancelled = client.bills().cancel(&cancel()).await.map(drop);
    for error in [read.unwrap_err(), cancelled.unwrap_err()] {
        assert_eq!(error.kind(), "not_sent");
    }
}

#[tokio::test]
async fn no_custom_http_client_follows_a_redirect_with_the_key() {
    for status in ["301 Moved Permanently", "307 Temporary Redirect"] {
        let elsewhere = Server::start(|_| Action::Write(http("200 OK", READ))).await;
        let target = elsewhere.base_url();
        let server = Server::start(move |_| {
            Action::WriteAndClose(
                format!("HTTP/1.1 {status}\r\nlocation: {target}/bill/cancel\r\ncontent-length: 0\r\n\r\n")
                    .into_bytes(),
            )
        })
        .await;
        let client = builder()
            .base_url(server.base_url())
            .http_client(|_| {
                reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(10))
            })
            .build()
            .unwrap();
        let error = client.bills().cancel(&cancel()).await.unwrap_err();
        assert_eq!(error.kind(), "outcome_unknown", "{status}: {error}");
        assert_eq!(server.received().1.len(), 1);
        assert_eq!(elsewhere.received().0, 0, "connections after {status}");
    }
}

#[tokio::test]
async fn no_custom_http_client_reaches_loopback_through_a_proxy() {
    let proxy = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let address = proxy.base_url();
    let client = builder()
        .base_url(server.base_url())
        .http_client(move |http| http.proxy(reqwest::Proxy::all(&address).unwrap()))
        .build()
        .unwrap();
    client.bills().read(&bill_id()).await.expect("a bill");
    assert_eq!(proxy.received().0, 0);
    assert_eq!(server.received().1.len(), 1);
}

#[tokio::test]
async fn no_custom_http_client_sends_a_request_twice() {
    let server = Server::start(|_| Action::Write(http("503 Service Unavailable", "{}"))).await;
    let address = server.base_url();
    let client = builder()
        .base_url(&address)
        .http_client(|http| {
            http.retry(
                reqwest::retry::for_host("127.0.0.1").classify_fn(|request| request.retryable()),
            )
        })
        .build()
        .unwrap();
    let error = client.bills().cancel(&cancel()).await.unwrap_err();
    assert_eq!(error.kind(), "outcome_unknown");
    assert_eq!(server.received().1.len(), 1);
}

#[test]
fn a_call_outside_a_runtime_is_a_config_error() {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };
    let client = builder().base_url("http://127.0.0.1:1").build().unwrap();
    let (bills, id) = (client.bills(), bill_id());
    let read = pin!(bills.read(&id)).poll(&mut Context::from_waker(Waker::noop()));
    match read {
        Poll::Ready(Err(error)) => {
            assert_eq!(error.kind(), "config");
            assert!(error.to_string().contains("tokio runtime"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_limits_of_time_and_size_hold_for_a_custom_http_client() {
    let limited = |server: &Server| {
        builder()
            .base_url(server.base_url())
            .http_client(|_| reqwest::Client::builder())
            .timeout(Duration::from_millis(200))
            .build()
            .unwrap()
    };
    let silent = Server::start(|_| Action::Write(Vec::new())).await;
    let client = limited(&silent);
    let bills = client.bills();
    let id = bill_id();
    let ended = tokio::time::timeout(Duration::from_secs(20), bills.read(&id)).await;
    let error = ended.expect("the limit is kept").unwrap_err();
    assert_eq!(error.kind(), "outcome_unknown");

    let large =
        Server::start(|_| Action::Write(http("200 OK", &" ".repeat(1024 * 1024 + 1)))).await;
    let client = builder()
        .base_url(large.base_url())
        .http_client(|_| reqwest::Client::builder())
        .build()
        .unwrap();
    let error = client.bills().read(&bill_id()).await.unwrap_err();
    let message = error.to_string();
    assert!(message.contains("larger than 1 MiB"), "{message}");
}

#[test]
fn a_custom_http_client_does_not_allow_an_unsafe_base_url() {
    let built = builder()
        .base_url("http://example.com")
        .http_client(|_| reqwest::Client::builder())
        .build();
    assert_eq!(config(built).0, "base url");
}

// Sharing

#[test]
fn a_client_and_its_values_can_be_sent_to_other_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send + Sync + 'static>() {}
    fn future<T: Send>(_: T) {}
    shared::<Client>();
    shared::<ClientBuilder>();
    shared::<Credentials>();
    shared::<Bill>();
    shared::<Cancellation>();
    shared::<CancelBill>();
    shared::<BillId>();
    shared::<Error>();
    sent::<Result<Bill, Error>>();
    let client = client("http://127.0.0.1:9");
    future(client.bills().read(&bill_id()));
    future(client.bills().cancel(&cancel()));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_run_concurrently() {
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let client = client(&server.base_url());
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.bills().read(&bill_id()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().expect("a bill");
    }
    assert_eq!(server.received().1.len(), 16);
}

// The environment. A process cannot safely change its own, so these tests start themselves as a child.

#[test]
fn what_is_no_part_of_credentials_is_refused_by_name_at_either_end() {
    for (c, name) in [
        (' ', "a space (U+0020)"),
        ('\t', "a tab (U+0009)"),
        ('\n', "a line end (U+000A)"),
        ('\u{a0}', "a no-break space (U+00A0)"),
        ('\u{202f}', "a no-break space (U+202F)"),
        ('\u{3000}', "white space (U+3000)"),
        ('\u{feff}', "a byte order mark (U+FEFF)"),
        ('\u{200b}', "an invisible character (U+200B)"),
        ('"', "a quote (U+0022)"),
        ('\'', "a quote (U+0027)"),
        ('“', "a quote (U+201C)"),
        ('`', "a quote (U+0060)"),
    ] {
        for (text, place) in [
            (format!("{c}secret"), "begins"),
            (format!("secret{c}"), "ends"),
        ] {
            for part in ["api key", "member", "merchant"] {
                let builder = Credentials::builder();
                let of = |name| if part == name { text.as_str() } else { "a" };
                let builder = builder.api_key(of("api key")).member(of("member"));
                let error = builder.merchant(of("merchant")).build().unwrap_err();
                let expected = format!(
                    "invalid {part}: it {place} with {name}, which is no part of it; nothing was sent"
                );
                assert_eq!(error.to_string(), expected);
            }
        }
    }
    let decomposed = "\u{1112}\u{1161}\u{11ab}"; // 한
    let builder = Credentials::builder().api_key("a").member(decomposed);
    let error = builder.merchant("a").build().unwrap_err();
    assert!(error.to_string().contains("composed form (NFC)"), "{error}");
    let inside = Credentials::builder().api_key("a").member("a \"b\" c");
    inside.merchant("한 글").build().unwrap();
}
