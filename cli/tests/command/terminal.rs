//! Text from outside cannot control a terminal.

use serde_json::json;

use crate::support::{canned_server::CannedServer, process::run};

const EVIL: &str = "\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\r\n\u{7}";

fn assert_visible(text: &str) {
    let hidden = |c: &char| (c.is_control() && *c != '\n') || ['\u{202e}', '\u{200b}'].contains(c);
    assert_eq!(text.chars().find(hidden), None, "{text:?}");
}

#[test]
fn invisible_characters_in_a_response_are_escaped() {
    let server = CannedServer::with_data(json!({
        "billId": "1",
        "apprState": EVIL,
        "apprIssuer": EVIL,
        "apprIssuerNum": format!("*{EVIL}"),
        "apprDt": EVIL,
        "udItem": {"item": EVIL},
    }));
    for more in [&[][..], &["--reveal"], &["--reveal", "--output", "json"]] {
        let read = [&["bill", "read", "1"], more].concat();
        let ended = run(&read, &server.environment());
        assert_eq!(ended.code, 0);
        assert_visible(&ended.stdout);
        assert!(ended.stdout.contains("[31m"), "{ended:?}");
    }
    let text = run(&["bill", "read", "1"], &server.environment()).stdout;
    assert!(
        text.contains(r"\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\u{d}\u{a}\u{7}"),
        "{text}"
    );
}

#[test]
fn invisible_characters_in_an_error_are_escaped() {
    let server = CannedServer::rejecting(&format!("X{EVIL}"), EVIL);
    for more in [&[][..], &["--reveal"], &["--reveal", "--output", "json"]] {
        let read = [&["bill", "read", "1"], more].concat();
        let ended = run(&read, &server.environment());
        assert_eq!(ended.code, 3);
        assert_visible(&ended.stderr);
        assert!(ended.stderr.contains("[31m"), "{ended:?}");
    }
}

#[test]
fn invisible_characters_in_the_data_of_a_call_are_escaped() {
    let server = CannedServer::with_data(json!({"a": "\u{9b}31m\u{202e}"}));
    let ended = run(&["call", "/a", "{}"], &server.environment());
    assert_eq!(ended.stdout, "{\"a\":\"\\u009b31m\\u202e\"}\n");
}
