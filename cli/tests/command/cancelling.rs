//! `payssam bill cancel` cancels a payment; `--confirm` reconciles an unknown outcome, and `--check-first`
//! cancels only what was paid with this amount.

use serde_json::{Value, json};

use crate::support::{
    CLOSED, HASH,
    canned_server::CannedServer,
    mock_server::mock,
    process::{at, error_of, json_of, nothing, rejection_of, run, state},
    text::{keys, row},
};

const CANCEL: [&str; 5] = ["bill", "cancel", "a", "--price", "1000"];

fn cancel<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&CANCEL[..], more].concat()
}

#[test]
fn a_paid_bill_is_cancelled_once() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:F"]);
    let ended = run(&cancel(&["--reason", "고객 요청"]), &at);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(row(&ended.stdout, "bill id"), Some("a"));
    assert_eq!(row(&ended.stdout, "state"), Some("cancelled (C)"));
    let cancelled_at = row(&ended.stdout, "cancelled at");
    assert!(
        cancelled_at.is_some_and(|at| at.ends_with(" KST")),
        "{ended:?}"
    );
    assert_eq!(state("a", &at), "cancelled");
    assert_eq!(rejection_of(&CANCEL, &at), "MOCK_ALREADY_CANCELLED");
}

#[test]
fn a_cancellation_is_sent_as_the_arguments_say() {
    let server = CannedServer::with_data(json!({"billId": "1024"}));
    let reason = "가".repeat(20);
    let arguments = [
        "bill", "cancel", "1024", "--price", "45000", "--reason", &reason,
    ];
    json_of(&arguments, &server.environment());
    assert_eq!(
        server.bodies(),
        [json!({
            "apiKey": "the-key",
            "member": "the-member",
            "merchant": "the-merchant",
            "bill": {
                "billId": "1024",
                "price": "45000",
                "hash": HASH,
                "cancelReason": reason,
            },
        })]
    );
}

#[test]
fn in_json_a_cancellation_has_its_numbers_and_time() {
    let server = CannedServer::with_data(json!({
        "apiKey": "the-key", "member": "s", "merchant": "u", "billId": "1024",
        "hash": HASH, "apprNum": "2", "apprOriginNum": "1", "apprCancelDt": "20260102030405",
    }));
    let cancel = ["bill", "cancel", "1024", "--price", "45000"];
    let cancellation = json!({
        "bill_id": "1024",
        "approval_number": "2",
        "original_approval_number": "1",
        "cancelled_at": "2026-01-02T03:04:05+09:00",
    });
    for more in [&[][..], &["--reveal"]] {
        let arguments = [&cancel[..], more].concat();
        assert_eq!(json_of(&arguments, &server.environment()), cancellation);
    }
    let mut confirmed = cancellation;
    confirmed["was_already_cancelled"] = json!(false);
    confirmed["confirmed_by_read"] = json!(false);
    let arguments = [&cancel[..], &["--confirm"]].concat();
    assert_eq!(json_of(&arguments, &server.environment()), confirmed);
}

#[test]
fn confirm_reconciles_a_lost_response_by_reading() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-close@cancel"]);
    let confirmed = json_of(&cancel(&["--confirm"]), &at);
    assert_eq!(
        keys(&confirmed),
        [
            "approval_number",
            "bill_id",
            "cancelled_at",
            "confirmed_by_read",
            "original_approval_number",
            "was_already_cancelled",
        ]
    );
    assert_eq!(confirmed["bill_id"], "a");
    assert_eq!(confirmed["confirmed_by_read"], true);
    assert_eq!(confirmed["was_already_cancelled"], false);
    assert_ne!(confirmed["cancelled_at"], Value::Null);
}

#[test]
fn confirm_says_in_text_what_confirms_the_cancellation() {
    let (_mock_server, environment) = mock(&["--bill", "a:1000:F"]);
    let confirmed_by = || {
        let ended = run(&cancel(&["--confirm"]), &environment);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        assert_eq!(row(&ended.stdout, "bill id"), Some("a"));
        row(&ended.stdout, "confirmed by").unwrap().to_owned()
    };
    assert_eq!(confirmed_by(), "PaySsam's response");
    assert_eq!(confirmed_by(), "a read: it was already cancelled");
    let (_mock_server, environment) =
        mock(&["--bill", "a:1000:F", "--fault", "apply-then-close@cancel"]);
    let ended = run(&cancel(&["--confirm"]), &environment);
    assert_eq!(
        row(&ended.stdout, "confirmed by"),
        Some("a read, because no response confirmed it")
    );
}

#[test]
fn confirm_gives_up_at_its_deadline_and_counts_its_requests() {
    let server = CannedServer::responding("502 Bad Gateway", "");
    let arguments = cancel(&["--confirm", "--deadline", "1s"]);
    let error = error_of(5, &arguments, &server.environment());
    assert_eq!(error["outcome"], "unknown");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("after 1 cancellation and "), "{message}");
    let bodies = server.bodies();
    let is_write = |body: &&Value| body["bill"]["price"] == "1000";
    assert_eq!(bodies.iter().filter(is_write).count(), 1, "{bodies:?}");
    assert!(bodies.len() > 1);
}

#[test]
fn check_first_cancels_a_bill_that_was_paid_with_this_amount() {
    let (_mock_server, environment) = mock(&["--bill", "a:1000:F"]);
    let checked = cancel(&["--check-first"]);
    assert_eq!(json_of(&checked, &environment)["bill_id"], "a");
    let again = cancel(&["--check-first", "--confirm"]);
    let again = json_of(&again, &environment);
    assert_eq!(again["was_already_cancelled"], true);
    assert_eq!(again["confirmed_by_read"], true);
}

#[test]
fn check_first_rejects_a_bill_that_is_not_paid_with_this_amount_and_sends_no_cancellation() {
    for (data, problem) in [
        (
            json!({"billId": "a", "apprState": "F", "apprPrice": "2000"}),
            "the bill was paid with 2000 won, not with 1000 won",
        ),
        (
            json!({"billId": "a", "apprState": "F"}),
            "PaySsam does not say with how much the bill was paid",
        ),
        (
            json!({"billId": "a", "apprState": "W"}),
            "the bill is unpaid",
        ),
        (
            json!({"billId": "a", "apprState": "D"}),
            "the bill is destroyed",
        ),
    ] {
        for more in [
            &["--check-first"][..],
            &["--check-first", "--confirm"],
            &["--confirm-first"],
        ] {
            let server = CannedServer::with_data(data.clone());
            let error = error_of(3, &cancel(more), &server.environment());
            assert_eq!(error["kind"], "rejected");
            assert_eq!(error["outcome"], "rejected");
            assert_eq!(error["code"], Value::Null);
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(problem), "{message}");
            let read = json!({"billId": "a"});
            let bills: Vec<Value> = server
                .bodies()
                .iter_mut()
                .map(|body| body["bill"].take())
                .collect();
            assert_eq!(bills, [read], "{more:?}");
        }
    }
}

#[test]
fn check_first_cancels_nothing_that_it_could_not_read() {
    let error = error_of(4, &cancel(&["--check-first"]), &at(CLOSED));
    assert_eq!(error["outcome"], "not_sent");
    let server = CannedServer::responding("502 Bad Gateway", "");
    let arguments = cancel(&["--check-first", "--no-retry"]);
    let error = error_of(4, &arguments, &server.environment());
    assert_eq!(error["outcome"], "not_sent");
    assert_eq!(server.bodies().len(), 1);
}

#[test]
fn confirm_first_is_a_hidden_alias_of_check_first() {
    let help = run(&["bill", "cancel", "--help"], &nothing()).stdout;
    assert!(help.contains("--check-first"), "{help}");
    assert!(!help.contains("--confirm-first"), "{help}");
    let (_mock_server, at) = mock(&["--bill", "a:1000:F"]);
    assert_eq!(json_of(&cancel(&["--confirm-first"]), &at)["bill_id"], "a");
}

#[test]
fn a_deadline_needs_confirm_and_a_valid_duration() {
    let error = error_of(2, &cancel(&["--deadline", "1s"]), &at(CLOSED));
    assert!(
        error["message"].as_str().unwrap().contains("--confirm"),
        "{error}"
    );
    let arguments = cancel(&["--confirm", "--deadline", "soon"]);
    let error = error_of(2, &arguments, &at(CLOSED));
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("invalid deadline: "), "{message}");
}

#[test]
fn a_resumed_cancellation_is_not_rejected_for_an_earlier_one() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:F"]);
    let wrong = ["bill", "cancel", "a", "--price", "44000", "--confirm"];
    assert_eq!(run(&wrong, &at).code, 3);
    let resuming = [&wrong[..], &["--resuming", "--deadline", "1s"]].concat();
    let ended = run(&resuming, &at);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.stderr.contains("the price was wrong"), "{ended:?}");
    let usage = run(
        &["bill", "cancel", "a", "--price", "44000", "--resuming"],
        &at,
    );
    assert_eq!(usage.code, 2, "it needs --confirm");
}
