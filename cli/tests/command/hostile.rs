//! A hostile response can neither move the terminal, nor forge a line of a log, nor show a secret.

use serde_json::{Map, Value, json};

use crate::support::{
    KEY, SEND,
    canned_server::CannedServer,
    process::{Ended, run_with_stdin},
};

const CARD: &str = "9410123456785678";
const PHONE: &str = "010-9876-5432";

/// What is in every text of the response.
fn poison() -> String {
    format!("\u{1b}[2J\u{9b}31m\n::error::x\r\u{202e}\u{2028}\u{3164}{KEY} {CARD} / {PHONE}")
}

/// The commands that call a server, with everything that they need.
fn commands(server: &CannedServer) -> Vec<Vec<String>> {
    let confirm = "--confirm --deadline 300ms";
    let issue = "receipt issue --price 45000 --phone 01012345678 --tax-free";
    let cancel_receipt = "receipt cancel 1 --price 45000 --trader person";
    let link = server.base_url.replace("/partner", "/pay/1");
    let lines = [
        "bill read 1",
        "bill read 1 --reveal",
        "bill read -",
        "bill read - --reveal",
        "bill cancel 1 --price 45000",
        "bill cancel 1 --price 45000 --reveal",
        &format!("bill cancel 1 --price 45000 {confirm}"),
        "bill cancel 1 --price 45000 --check-first",
        "bill destroy 1 --price 45000",
        "bill destroy 1 --price 45000 --reveal",
        &format!("bill destroy 1 --price 45000 {confirm}"),
        "bill resend 1",
        "bill resend 1 --reveal",
        issue,
        &format!("{issue} --reveal"),
        &format!("{issue} {confirm}"),
        cancel_receipt,
        &format!("{cancel_receipt} --reveal"),
        &format!("{cancel_receipt} {confirm}"),
        "receipt read 1 --price 45000",
        "receipt read 1 --price 45000 --reveal",
        "points",
        "call /bill/rp {}",
        "call /bill/rp {} --reveal",
        "mock pay --bill 1",
        &format!("mock pay {link}"),
    ];
    let words = |line: &str| line.split(' ').map(ToOwned::to_owned).collect();
    let mut commands: Vec<Vec<String>> = lines.into_iter().map(words).collect();
    for options in ["--link", "--reveal", confirm] {
        let send = SEND.map(ToOwned::to_owned).into_iter();
        let options = options.split(' ').map(ToOwned::to_owned);
        commands.push(send.chain(options).collect());
    }
    commands
}

/// Whether nothing draws this character, or it does more than to be drawn.
fn is_hidden(c: char) -> bool {
    c.is_control() || "\u{202e}\u{2028}\u{3164}".contains(c)
}

/// Checks the output of a command. What is masked otherwise, `--reveal` may show.
#[track_caller]
fn is_clean(command: &[&str], ended: &Ended) {
    // The only failure of `mock pay`.
    let is_called = ended.code != 2 || ended.stderr.contains("it responded with HTTP 500");
    assert!(is_called, "{command:?} is not how it is called: {ended:?}");
    let secrets = match command.contains(&"--reveal") {
        true => &[KEY][..],
        false => &[KEY, CARD, PHONE],
    };
    for shown in [&ended.stdout, &ended.stderr] {
        for secret in secrets {
            assert!(
                !shown.contains(secret),
                "{secret} by {command:?}: {ended:?}"
            );
        }
        for line in shown.lines() {
            assert!(!line.starts_with("::"), "{command:?}: {ended:?}");
            let hidden = line.chars().find(|c| is_hidden(*c));
            assert_eq!(hidden, None, "{command:?}: {ended:?}");
        }
    }
}

/// Also as JSON: what a program reads from it is safe to show.
#[track_caller]
fn is_clean_json(command: &[&str], json: &Value) {
    match json {
        Value::String(text) => {
            let hidden = text.chars().find(|c| is_hidden(*c));
            // The data of a raw call is shown as it is JSON.
            assert!(
                hidden.is_none() || command.contains(&"call"),
                "{command:?}: {json}"
            );
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| is_clean_json(command, value)),
        Value::Object(fields) => {
            for (name, value) in fields {
                // What `--reveal` adds is as it came, but for the key, and escaped as JSON is.
                let is_revealed = command.contains(&"--reveal")
                    && ["revealed", "approval_number"].contains(&name.as_str());
                if !is_revealed {
                    is_clean_json(command, value);
                }
            }
        }
        _ => {}
    }
}

fn check_every_command(server: &CannedServer) {
    for command in commands(server) {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        for options in [&["--no-retry"][..], &["--no-retry", "--output", "json"]] {
            let command = [options, &command[..]].concat();
            let ended = run_with_stdin(&command, &server.environment(), "1\n2\n");
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
