//! A hostile response can neither move the terminal, nor forge a line of a log, nor show a secret.

use serde_json::{Map, Value, json};

use crate::support::{
    KEY, SEND,
    canned_server::CannedServer,
    process::{Ended, run},
};

const CARD: &str = "9410123456785678";
const PHONE: &str = "010-9876-5432";

/// What is in every text of the response.
fn poison() -> String {
    format!("\u{1b}[2J\u{9b}31m\n::error::x\r\u{202e}\u{2028}\u{3164}{KEY} {CARD} / {PHONE}")
}

/// The commands that call PaySsam, with everything that they need.
fn commands() -> Vec<Vec<&'static str>> {
    let receipt = ["--price", "45000"];
    vec![
        SEND.to_vec(),
        [&SEND[..], &["--confirm", "--deadline", "1s"]].concat(),
        vec!["bill", "read", "1"],
        vec!["bill", "cancel", "1", "--price", "45000"],
        vec![
            "bill",
            "cancel",
            "1",
            "--price",
            "45000",
            "--confirm",
            "--deadline",
            "1s",
        ],
        vec!["bill", "cancel", "1", "--price", "45000", "--check-first"],
        vec!["bill", "destroy", "1", "--price", "45000"],
        vec!["bill", "resend", "1"],
        [
            &["receipt", "issue", "--phone", "01012345678", "--tax-free"],
            &receipt[..],
        ]
        .concat(),
        [
            &["receipt", "cancel", "1", "--trader", "person"],
            &receipt[..],
        ]
        .concat(),
        [&["receipt", "read", "1"], &receipt[..]].concat(),
        vec!["points"],
        vec!["call", "/bill/rp", "{}"],
    ]
}

/// Checks the output of a command.
#[track_caller]
fn is_clean(command: &[&str], ended: &Ended) {
    assert_ne!(
        ended.code, 2,
        "{command:?} is not how it is called: {ended:?}"
    );
    for shown in [&ended.stdout, &ended.stderr] {
        for secret in [KEY, CARD, PHONE] {
            assert!(
                !shown.contains(secret),
                "{secret} by {command:?}: {ended:?}"
            );
        }
        for line in shown.lines() {
            assert!(!line.starts_with("::"), "{command:?}: {ended:?}");
            let hidden = line
                .chars()
                .find(|&c| c.is_control() || "\u{202e}\u{2028}\u{3164}".contains(c));
            assert_eq!(hidden, None, "{command:?}: {ended:?}");
        }
    }
}

/// Also as JSON: what a program reads from it is safe to show.
#[track_caller]
fn is_clean_json(command: &[&str], json: &Value) {
    match json {
        Value::String(text) => {
            let hidden = text
                .chars()
                .find(|&c| c.is_control() || "\u{202e}\u{2028}\u{3164}".contains(c));
            // The data of a raw call is shown as it is JSON.
            assert!(
                hidden.is_none() || command[0] == "call",
                "{command:?}: {json}"
            );
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| is_clean_json(command, value)),
        Value::Object(fields) => fields
            .values()
            .for_each(|value| is_clean_json(command, value)),
        _ => {}
    }
}

fn check_every_command(server: &CannedServer) {
    for command in commands() {
        for options in [&["--no-retry"][..], &["--no-retry", "--output", "json"]] {
            let command = [&command[..], options].concat();
            let ended = run(&command, &server.environment());
            is_clean(&command, &ended);
            for line in ended.stdout.lines().chain(ended.stderr.lines()) {
                if let Ok(json) = serde_json::from_str(line) {
                    is_clean_json(&command, &json);
                }
            }
        }
    }
}

#[test]
fn no_command_shows_a_field_of_a_success_as_it_came() {
    let spec: Value = serde_json::from_str(payssam::OPENAPI).unwrap();
    let schemas = spec["components"]["schemas"].as_object().unwrap();
    let mut data = Map::new();
    for schema in schemas.values() {
        for name in schema["properties"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
        {
            data.insert(name.clone(), poison().into());
        }
    }
    assert!(
        data.contains_key("apprIssuer") && data.contains_key("shortUrl"),
        "{data:?}"
    );
    data.remove("hash");
    data.remove("billId");
    data.remove("info");
    data.insert("info".into(), json!([data.clone()]));
    for state in ["F", "C"] {
        data["apprState"] = state.into();
        check_every_command(&CannedServer::with_data(data.clone().into()));
    }
    data["apprState"] = poison().into();
    check_every_command(&CannedServer::with_data(data.into()));
}

#[test]
fn no_command_shows_a_text_of_a_rejection_as_it_came() {
    check_every_command(&CannedServer::rejecting(&poison(), &poison()));
    check_every_command(&CannedServer::responding(
        "500 Internal Server Error",
        poison(),
    ));
}
