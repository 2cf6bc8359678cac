//! What `payssam mock` says on stderr.

use std::net::TcpListener;

use payssam_mock::{API_KEY, MEMBER, MERCHANT};
use serde_json::{Value, json};

use crate::support::{
    KEY, PHONE, SEND,
    mock_server::{MockServer, mock},
    process::{Environment, at, json_of, nothing, run},
};

/// The environment of a mock server that announced itself in JSON.
fn environment(mock: &mut MockServer) -> Environment {
    let announcement: Value = serde_json::from_str(&mock.line()).unwrap();
    let base_url = announcement["base_url"].as_str().unwrap();
    let mut environment = at(base_url);
    for (name, value) in [
        ("PAYSSAM_API_KEY", API_KEY),
        ("PAYSSAM_MEMBER", MEMBER),
        ("PAYSSAM_MERCHANT", MERCHANT),
    ] {
        environment.insert(name.into(), value.into());
    }
    environment
}

/// Posts fields of a bill, with a hash that may be wrong, as a client in another language might.
fn call(path: &str, bill: &Value, environment: &Environment) {
    let body = json!({"bill": bill}).to_string();
    assert_eq!(run(&["call", path, &body], environment).code, 3);
}

#[test]
fn a_request_is_one_line_with_time_method_path_bill_and_code() {
    let (mut mock, environment) = mock(&["--bill", "a:1000:W"]);
    json_of(&["bill", "read", "a"], &environment);
    let line = mock.until_logged("POST");
    let (at, rest) = line.split_once(' ').unwrap();
    assert!(at.ends_with("+09:00") && at.len() == 25, "{line}");
    assert_eq!(rest, "POST /bill/read bill a: 0000");
    run(&["bill", "read", "b"], &environment);
    let line = mock.until_logged("bill b");
    assert!(
        line.contains("POST /bill/read bill b: BILL_003, "),
        "{line}"
    );
}

#[test]
fn the_reason_of_a_refusal_is_in_the_line() {
    let (mut mock, environment) = mock(&["--bill", "1024:45000:F"]);
    for (path, bill, part) in [
        (
            "/bill/cancel",
            json!({"billId": "1024", "price": "45000", "hash": crate::support::HASH_WITH_PHONE}),
            "three-part hash",
        ),
        (
            "/bill/cancel",
            json!({"billId": "1024", "price": "44000",
                "hash": "d9c4a4ba6da4ddf8d5aef0b5b8ddbc48e8fdebcd7e51e9ceea7da2a0a3bf4d3a"}),
            "hash",
        ),
    ] {
        call(path, &bill, &environment);
        let line = mock.until_logged(path);
        assert!(line.contains(part), "{line}");
    }
    run(
        &["bill", "cancel", "1024", "--price", "44000"],
        &environment,
    );
    let line = mock.until_logged("MOCK_PRICE_DIFFERS");
    assert!(
        line.ends_with("price is 44000, and must be 45000"),
        "{line}"
    );
}

#[test]
fn faults_and_callbacks_are_lines_too_and_dead_and_foreign_addresses_are_named() {
    let (mut mock, environment) = mock(&["--fault", "error-code-applied@read"]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/secret-path", free.local_addr().unwrap());
    drop(free);
    let (options, _) = SEND.split_at(10);
    for (id, url) in [
        ("dead", &*dead),
        ("far", "https://academy.example/secret-path"),
        ("tls", "https://127.0.0.1:1/secret-path"),
    ] {
        let send = [options, &["--callback", url, "--id", id]].concat();
        json_of(&send, &environment);
        json_of(&["mock", "pay", "--bill", id], &environment);
    }
    run(&["--no-retry", "bill", "read", "far"], &environment);
    let line = mock.until_logged(" callback bill dead");
    assert!(
        line.contains("/[masked]: not acknowledged, nobody listens there, so no callback was sent"),
        "{line}"
    );
    let line = mock.until_logged(" no callback bill far");
    assert!(
        line.contains("to https://academy.example/[masked]: "),
        "{line}"
    );
    assert!(line.contains("not on loopback"), "{line}");
    let line = mock.until_logged(" no callback bill tls");
    assert!(line.contains("is https"), "{line}");
    let line = mock.until_logged(" fault ");
    assert!(
        line.contains(" fault error-code-applied: POST /bill/read bill far: "),
        "{line}"
    );
}

#[test]
fn with_output_json_each_line_is_an_object() {
    let mut mock = MockServer::start(&["--output", "json", "--bill", "a:1000:W"], &nothing());
    let environment = environment(&mut mock);
    json_of(&["bill", "read", "a"], &environment);
    let line = mock.until_logged("request");
    let mut line: Value = serde_json::from_str(&line).unwrap();
    let at = line["log"].as_object_mut().unwrap().remove("at").unwrap();
    assert!(at.as_str().unwrap().ends_with("+09:00"), "{at}");
    assert_eq!(
        line,
        json!({"log": {
            "kind": "request", "method": "POST", "path": "/bill/read", "bill_id": "a",
            "http_status": 200, "code": "0000",
        }})
    );
}

#[test]
fn quiet_switches_the_log_off() {
    let (mock, environment) = mock(&["--bill", "a:1000:W", "--quiet"]);
    json_of(&["bill", "read", "a"], &environment);
    let (_, stderr) = mock.stop();
    assert!(!stderr.contains("/bill/read"), "{stderr}");
}

#[test]
fn the_log_shows_no_key_phone_hash_link_or_control_character() {
    let mine: Environment = at("unused")
        .into_iter()
        .filter(|(name, _)| name != "PAYSSAM_BASE_URL")
        .collect();
    let mut mock = MockServer::start(&[], &mine);
    let mut environment = mock.exports(1);
    environment.extend(mine);
    let sent = json_of(&[&SEND[..], &["--id", "a"]].concat(), &environment);
    let link = sent["short_url"].as_str().unwrap();
    json_of(&["mock", "pay", link], &environment);
    let hostile = format!("/{KEY}/{PHONE}");
    run(&["call", &hostile, "{}"], &environment);
    call(
        "/bill/read",
        &json!({"billId": "x\u{1b}[31m\u{202e}\n"}),
        &environment,
    );
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.push(mock.until_logged("POST"));
    }
    let (_, name) = link.rsplit_once('/').unwrap();
    for line in lines {
        for secret in [
            KEY,
            PHONE,
            name,
            "\u{1b}",
            "\u{202e}",
            "academy.example/payssam",
        ] {
            assert!(!line.contains(secret), "{line:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_does_not_stop_the_mock_server() {
    // Nobody reads this stderr, and a pipe takes 64 KiB.
    let (mock, environment) = mock(&["--bill", "a:1000:W"]);
    let base_url = environment["PAYSSAM_BASE_URL"].clone();
    let address = base_url.strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/partner").unwrap().to_owned();
    for _ in 0..1_500 {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        let path = "a".repeat(90);
        let request =
            format!("GET /partner/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    json_of(&["bill", "read", "a"], &environment);
    drop(mock);
}
