//! The exit codes: 0 success, 2 invalid input or settings, 3 rejected, 4 not sent, 5 unknown.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    CLOSED,
    canned_server::CannedServer,
    mock_server::mock,
    process::{Environment, at, error_of, run},
};

const CANCEL: [&str; 5] = ["bill", "cancel", "2024-0001", "--price", "45000"];

/// The whole error, with its message taken out.
#[track_caller]
fn error_and_message(code: i32, arguments: &[&str], environment: &Environment) -> (Value, String) {
    let mut error = error_of(code, arguments, environment);
    let message = error["message"].take();
    (error, message.as_str().unwrap().to_owned())
}

#[test]
fn a_success_is_0() {
    let (_mock_server, at) = mock(&["--bill", "2024-0001:45000:F"]);
    let ended = run(&CANCEL, &at);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
}

#[test]
fn an_invalid_argument_is_2() {
    let server = CannedServer::with_data(json!({"billId": "1"}));
    let arguments = ["bill", "cancel", "1", "--price", "45,000"];
    let (error, message) = error_and_message(2, &arguments, &server.environment());
    assert_eq!(
        error,
        json!({
            "kind": "invalid_input",
            "outcome": "not_sent",
            "operation": null,
            "code": null,
            "message": null,
            "bill_id": null,
        })
    );
    assert!(message.ends_with("; nothing was sent"), "{message}");
    assert_eq!(server.bodies(), [Value::Null; 0]);
}

#[test]
fn an_invalid_setting_is_2() {
    let (error, message) = error_and_message(2, &CANCEL, &at("http://payssam.example"));
    assert_eq!(
        error,
        json!({
            "kind": "config",
            "outcome": "not_sent",
            "operation": null,
            "code": null,
            "message": null,
            "bill_id": null,
        })
    );
    assert!(message.ends_with("; nothing was sent"), "{message}");
}

#[test]
fn a_rejection_by_payssam_is_3_with_code_and_message() {
    let server = CannedServer::rejecting("BILL_003", "청구서를 찾을 수 없습니다.");
    let ended = run(&CANCEL, &server.environment());
    assert_eq!((ended.code, ended.stdout.as_str()), (3, ""));
    assert_eq!(
        ended.stderr,
        "error: bill cancel rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); \
         nothing changed\n"
    );
    assert_eq!(
        error_of(3, &["bill", "read", "2024-0001"], &server.environment()),
        json!({
            "kind": "rejected",
            "outcome": "rejected",
            "operation": "bill read",
            "code": "BILL_003",
            "message":
                "bill read rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001); \
                 nothing changed",
            "bill_id": "2024-0001",
        })
    );
}

#[test]
fn a_rejection_by_the_state_of_the_bill_is_3() {
    let (_mock_server, at) = mock(&["--bill", "2024-0001:45000:W"]);
    let check = [&CANCEL[..], &["--check-first"]].concat();
    let (error, message) = error_and_message(3, &check, &at);
    assert_eq!(
        error,
        json!({
            "kind": "rejected",
            "outcome": "rejected",
            "operation": "bill cancel",
            "code": null,
            "message": null,
            "bill_id": "2024-0001",
        })
    );
    assert!(message.contains("the bill is unpaid"), "{message}");
}

#[test]
fn a_request_that_was_not_sent_is_4_with_its_cause() {
    let ended = run(&CANCEL, &at(CLOSED));
    assert_eq!((ended.code, ended.stdout.as_str()), (4, ""));
    assert!(ended.stderr.contains("not sent"), "{ended:?}");
    assert!(ended.stderr.contains("\n  cause: "), "{ended:?}");
    let (error, _) = error_and_message(4, &CANCEL, &at(CLOSED));
    assert_eq!(
        error,
        json!({
            "kind": "not_sent",
            "outcome": "not_sent",
            "operation": "bill cancel",
            "code": null,
            "message": null,
            "bill_id": "2024-0001",
        })
    );
}

#[test]
fn an_unknown_outcome_is_5_with_what_to_do_next() {
    let body = "<html>maintenance</html>";
    let server = CannedServer::responding("500 Internal Server Error", body);
    let (error, message) = error_and_message(5, &CANCEL, &server.environment());
    assert!(message.contains("read the bill"), "{message}");
    assert_eq!(
        error,
        json!({
            "kind": "outcome_unknown",
            "outcome": "unknown",
            "operation": "bill cancel",
            "code": null,
            "message": null,
            "bill_id": "2024-0001",
        })
    );
    assert_eq!(server.bodies().len(), 1, "a write is sent once");
}

#[test]
fn no_response_within_the_time_limit_is_5() {
    let server = CannedServer::silent();
    let started = Instant::now();
    let arguments = ["--timeout", "500ms", "--no-retry", "bill", "read", "1"];
    let error = error_of(5, &arguments, &server.environment());
    let took = started.elapsed();
    assert_eq!(error["kind"], "outcome_unknown");
    assert_eq!(server.bodies().len(), 1);
    assert!(
        (Duration::from_millis(500)..Duration::from_secs(10)).contains(&took),
        "{took:?}"
    );
}
