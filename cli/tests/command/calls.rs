//! `payssam call` calls operations that have no command of their own.

use serde_json::json;

use crate::support::{
    CLOSED, PHONE,
    canned_server::CannedServer,
    process::{at, error_of, json_of, run, run_with_stdin},
};

#[test]
fn the_fields_are_sent_with_the_credentials_and_the_data_is_printed() {
    let server = CannedServer::with_data(json!({"billId": "a", "ok": true}));
    let fields = r#"{"bill":{"billId":"a"},"member":null}"#;
    let call = ["call", "/bill/rp", fields];
    let ended = run(&call, &server.environment());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.stdout, "{\"billId\":\"a\",\"ok\":true}\n");
    assert_eq!(
        json_of(&call, &server.environment()),
        json!({"path": "/bill/rp", "data": {"billId": "a", "ok": true}})
    );
    let sent = json!({
        "apiKey": "the-key",
        "merchant": "the-merchant",
        "bill": {"billId": "a"},
    });
    assert_eq!(server.bodies(), [sent.clone(), sent]);
}

#[test]
fn the_fields_can_come_from_stdin_which_no_other_process_sees() {
    let server = CannedServer::with_data(json!(null));
    let fields = json!({"phone": PHONE}).to_string();
    let ended = run_with_stdin(&["call", "/a", "-"], &server.environment(), &fields);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(server.bodies()[0]["phone"], PHONE);
}

#[test]
fn personal_data_is_masked_and_reveal_shows_all_but_the_key() {
    let data = json!({
        "apiKey": "the-key",
        "list": [{"phone": PHONE, "member_name": "김철수", "hash": "abc"}],
        "words": "전화 010-1234-5678, key the-key",
        "number": 1_234_567_890,
        "price": "45000",
        "expireDt": "2026-11-24",
        "none": {"phone": null},
    });
    let server = CannedServer::with_data(data.clone());
    let call = ["call", "/a", "{}"];
    assert_eq!(
        json_of(&call, &server.environment())["data"],
        json!({
            "apiKey": "[masked]",
            "list": [{"phone": "[masked]", "member_name": "[masked]", "hash": "[masked]"}],
            "words": "전화 [masked], key [masked]",
            "number": "[masked]",
            "price": "45000",
            "expireDt": "2026-11-24",
            "none": {"phone": null},
        })
    );
    let mut revealed = data;
    revealed["apiKey"] = json!("[masked]");
    revealed["words"] = json!("전화 010-1234-5678, key [masked]");
    let reveal = [&call[..], &["--reveal"]].concat();
    assert_eq!(json_of(&reveal, &server.environment())["data"], revealed);
}

#[test]
fn a_response_that_cannot_be_masked_is_shown_only_with_reveal() {
    let response = r#"{"code":"0000","data":{"phone":"01012345678","n":1e999999}}"#;
    let server = CannedServer::responding("200 OK", response);
    let ended = run(&["call", "/a", "{}"], &server.environment());
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "\"[masked]\"\n"));
    let ended = run(&["call", "/a", "{}", "--reveal"], &server.environment());
    let whole = "{\"phone\":\"01012345678\",\"n\":1e999999}\n";
    assert_eq!((ended.code, ended.stdout.as_str()), (0, whole));
}

#[test]
fn an_invalid_path_or_body_is_invalid_input_and_is_not_repeated() {
    for (path, body) in [
        ("bill/rp", "{}"),
        ("/bill/../rp", "{}"),
        ("/bill/rp", "01012345678 x"),
        ("/bill/rp", "[]"),
        ("/bill/rp", r#"{"apiKey":"01012345678"}"#),
    ] {
        let error = error_of(2, &["call", path, body], &at(CLOSED));
        assert_eq!(error["kind"], "invalid_input");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("nothing was sent"), "{message}");
        assert!(!message.contains("0101"), "{message}");
    }
}

#[test]
fn a_call_ends_with_the_exit_codes_of_every_other_command_and_is_not_retried() {
    let server = CannedServer::rejecting("PARTNER_001", "no");
    let ended = run(&["call", "/a", "{}"], &server.environment());
    assert_eq!(ended.code, 3);
    assert_eq!(
        ended.stderr,
        "error: raw call rejected: PARTNER_001 no (/a); nothing changed\n"
    );
    assert_eq!(run(&["call", "/a", "{}"], &at(CLOSED)).code, 4);
    let server = CannedServer::responding("502 Bad Gateway", "");
    let ended = run(&["call", "/a", "{}"], &server.environment());
    assert_eq!(ended.code, 5);
    assert_eq!(server.bodies().len(), 1);
}
