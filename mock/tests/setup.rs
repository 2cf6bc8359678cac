//! Where the mock server listens, which credentials it accepts, and when it stops.

mod support;

use std::{
    env,
    net::{TcpListener, TcpStream},
    pin::pin,
    process::Command,
    task::{Context, Poll, Waker},
    time::Duration,
};

use payssam::Credentials;
use payssam_mock::{API_KEY, MEMBER, MERCHANT, MockServer};
use support::{changed, code, id, price, read_request, wire::address, with_bill};
use tokio::time::sleep;

/// Tells a test that it runs in a process of its own.
const IS_CHILD: &str = "PAYSSAM_MOCK_TEST_IS_CHILD";

#[tokio::test]
async fn it_listens_on_a_free_port_of_loopback() {
    let (one, other) = (
        MockServer::start().await.unwrap(),
        MockServer::start().await.unwrap(),
    );
    assert_eq!(address(&one).ip().to_string(), "127.0.0.1");
    assert_ne!(address(&one).port(), address(&other).port());
    assert_eq!(one.credentials().member(), MEMBER);
    assert_eq!(one.credentials().merchant(), MERCHANT);
}

#[tokio::test]
async fn it_listens_where_it_is_told_to() {
    // Somebody else may take a port as soon as it is free.
    for _ in 0..20 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        let builder = MockServer::builder().listen(address);
        let error = builder.clone().start().await.unwrap_err();
        assert!(error.to_string().contains(&address.to_string()), "{error}");
        drop(free);
        if let Ok(mock) = builder.start().await {
            assert_eq!(support::wire::address(&mock), address);
            return;
        }
    }
    panic!("it listens on no port that was free");
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let builder = MockServer::builder().listen(address.parse().unwrap());
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.kind(), "config");
        assert!(error.to_string().contains("loopback only"), "{error}");
    }
}

#[test]
fn it_needs_a_tokio_runtime() {
    let start = pin!(MockServer::start());
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Err(error)) = start.poll(&mut context) else {
        panic!("it started");
    };
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}

#[tokio::test]
async fn it_accepts_the_given_credentials_alone() {
    let credentials = Credentials::builder()
        .api_key("key")
        .member("member")
        .merchant("merchant")
        .build()
        .unwrap();
    let builder = MockServer::builder().credentials(credentials);
    let mock = builder.start().await.unwrap();
    mock.add_bill(id(), price()).unwrap();
    assert_eq!(mock.credentials().merchant(), "merchant");
    mock.client().unwrap().bills().read(&id()).await.unwrap();
    assert_eq!(
        code(&mock, "/bill/read", &read_request()).await,
        "PARTNER_002"
    );
    let own = changed(read_request(), "/apiKey", "key".into());
    assert_eq!(code(&mock, "/bill/read", &own).await, "BILL_003");
}

/// Runs a test of this file again in a process with these variables.
fn run_with(test: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(env::current_exe().unwrap());
    for name in ["PAYSSAM_API_KEY", "PAYSSAM_MEMBER", "PAYSSAM_MERCHANT"] {
        child.env_remove(name);
    }
    child.args([test, "--exact"]).env(IS_CHILD, "1");
    let ended = child.envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn credentials_come_from_the_environment() {
    if env::var_os(IS_CHILD).is_none() {
        run_with(
            "credentials_come_from_the_environment",
            &[("PAYSSAM_API_KEY", "from-env"), ("PAYSSAM_MEMBER", "m-env")],
        );
        return;
    }
    let builder = MockServer::builder().credentials_from_env().unwrap();
    let mock = builder.start().await.unwrap();
    let credentials = mock.credentials();
    assert_eq!(credentials.reveal_api_key(), "from-env");
    assert_eq!(credentials.member(), "m-env");
    assert_eq!(credentials.merchant(), MERCHANT);
}

#[tokio::test]
async fn variables_that_are_empty_or_not_set_leave_the_default_credentials() {
    if env::var_os(IS_CHILD).is_none() {
        run_with(
            "variables_that_are_empty_or_not_set_leave_the_default_credentials",
            &[("PAYSSAM_MERCHANT", "")],
        );
        return;
    }
    let builder = MockServer::builder().credentials_from_env().unwrap();
    let mock = builder.start().await.unwrap();
    let credentials = mock.credentials();
    assert_eq!(credentials.reveal_api_key(), API_KEY);
    assert_eq!(credentials.member(), MEMBER);
    assert_eq!(credentials.merchant(), MERCHANT);
}

#[tokio::test]
async fn another_merchant_must_have_valid_codes() {
    let mock = MockServer::start().await.unwrap();
    let other = mock.with_member("a").unwrap().with_merchant("b").unwrap();
    assert_eq!(other.base_url(), mock.base_url());
    assert_eq!(other.credentials().merchant(), "b");
    assert!(mock.with_member("").is_err());
}

#[tokio::test]
async fn it_stops_with_its_last_handle() {
    let mock = with_bill().await;
    let client = mock.client().unwrap();
    let address = address(&mock);
    let second = mock.clone();
    drop(mock);
    client.bills().read(&id()).await.unwrap();
    drop(second);
    // A process that another test starts just now has the listener until it runs its own program.
    let mut connected = true;
    for _ in 0..1_000 {
        sleep(Duration::from_millis(5)).await;
        connected = TcpStream::connect(address).is_ok();
        if !connected {
            break;
        }
    }
    assert!(!connected);
    let error = client.bills().read(&id()).await.unwrap_err();
    assert!(
        matches!(error.kind(), "not_sent" | "outcome_unknown"),
        "{error}"
    );
}

#[tokio::test]
async fn debug_output_of_a_handle_shows_where_it_listens_and_no_key() {
    let mock = MockServer::start().await.unwrap();
    let shown = format!("{mock:?}");
    assert!(shown.contains(&mock.base_url()), "{shown}");
    assert!(!shown.contains(API_KEY), "{shown}");
}
