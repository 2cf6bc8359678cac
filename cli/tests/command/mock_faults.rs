//! `payssam mock --fault` injects faults, and `--seed` repeats them.

use std::io::{BufRead, BufReader};

use payssam_mock::{API_KEY, Fault, MEMBER, MERCHANT};
use serde_json::Value;

use crate::support::{
    mock_server::{MockServer, mock},
    process::{Environment, error_of, nothing, run, spawn},
    text::one_line,
};

#[test]
fn a_fault_is_injected_into_its_operation_every_time() {
    let (_mock_server, environment) = mock(&[
        "--bill",
        "a:1000:F",
        "--fault",
        "429@read",
        "--fault",
        "apply-then-close@cancel",
    ]);
    let read = ["--no-retry", "bill", "read", "a"];
    let error = error_of(3, &read, &environment);
    assert_eq!(error["code"], "MOCK_TOO_MANY_REQUESTS");
    for _ in 0..2 {
        let cancel = ["bill", "cancel", "a", "--price", "1000"];
        assert_eq!(error_of(5, &cancel, &environment)["code"], Value::Null);
    }
}

#[test]
fn an_unknown_fault_or_operation_prints_the_known_ones() {
    let names: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    let names = names.join(", ");
    for (fault, parts) in [
        (
            "earthquake:0.5@read",
            [
                "invalid fault: ",
                "earthquake",
                &names,
                "(in --fault earthquake:0.5@read)",
            ],
        ),
        ("", ["invalid fault: ", "", &names, "(in --fault )"]),
        (
            "latency@refund",
            [
                "invalid operation: ",
                "refund",
                "read, cancel, send, resend, destroy, receipt-issue, receipt-cancel, receipt-read",
                "(in --fault latency@refund)",
            ],
        ),
        (
            "latency@",
            [
                "invalid operation: ",
                "",
                "read, cancel, send, resend, destroy, receipt-issue, receipt-cancel, receipt-read",
                "(in --fault latency@)",
            ],
        ),
    ] {
        assert_invalid(fault, &parts);
    }
}

#[test]
fn a_probability_is_a_number_from_0_to_1() {
    for fault in [
        "latency:",
        "latency:1.5",
        "latency:-0.1",
        "latency:half",
        "latency:NaN",
    ] {
        assert_invalid(fault, &["invalid probability: ", "from 0 to 1", fault]);
    }
}

#[track_caller]
fn assert_invalid(fault: &str, parts: &[&str]) {
    let mock = ["mock", "--listen", "127.0.0.1:0", "--fault", fault];
    let error = error_of(2, &mock, &nothing());
    assert_eq!(error["kind"], "invalid_input");
    for part in parts {
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
    }
}

#[test]
fn the_same_seed_repeats_the_same_faults() {
    let (seed, codes) = codes_with(&[]);
    assert_eq!(codes_with(&["--seed", &seed.to_string()]), (seed, codes));
    let (seed, codes) = codes_with(&["--seed", "7"]);
    assert_eq!(seed, 7);
    assert!(codes.contains(&0) && codes.contains(&5), "{codes:?}");
}

/// The seed, and the exit codes of twelve reads of which about half meet a fault.
fn codes_with(seed: &[&str]) -> (u64, Vec<i32>) {
    let bills: Vec<String> = (0..12).map(|number| format!("{number}:1000:F")).collect();
    let mut arguments = vec!["--output", "json", "--fault", "200-empty:0.5"];
    arguments.extend(seed);
    for bill in &bills {
        arguments.extend(["--bill", bill]);
    }
    let mut mock = MockServer::start(&arguments, &nothing());
    let announcement = one_line(&mock.line());
    let environment: Environment = [
        (
            "PAYSSAM_BASE_URL",
            announcement["base_url"].as_str().unwrap(),
        ),
        ("PAYSSAM_API_KEY", API_KEY),
        ("PAYSSAM_MEMBER", MEMBER),
        ("PAYSSAM_MERCHANT", MERCHANT),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let codes = (0..12).map(|number: u8| {
        let id = number.to_string();
        run(&["--no-retry", "bill", "read", &id], &environment).code
    });
    let codes = codes.collect();
    (announcement["seed"].as_u64().unwrap(), codes)
}

#[test]
fn any_is_every_fault_in_the_share_that_was_asked_for() {
    // Faults that hang would hold the test up, so the requests are counted by what the log says.
    let mut mock = MockServer::start(
        &["--fault", "any:1@points-partner", "--seed", "7"],
        &nothing(),
    );
    let environment = mock.exports(4);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..12 {
        spawn(
            &["--no-retry", "--timeout", "100ms", "points"],
            &environment,
        )
        .exit_code();
        let line = mock.until_logged(" fault ");
        let (_, rest) = line.split_once(" fault ").unwrap();
        seen.insert(rest.split_once(": ").unwrap().0.to_owned());
    }
    assert!(seen.len() > 3, "{seen:?}");
    assert_invalid("any:2", &["invalid probability: ", "(in --fault any:2)"]);
    assert_invalid("any@refund", &["invalid operation: "]);
}

#[test]
fn the_seed_is_printed_where_there_are_faults() {
    let mut mock = MockServer::start(&["--fault", "latency:0.5", "--seed", "7"], &nothing());
    mock.exports(4);
    let mut hints = BufReader::new(mock.child.0.stderr.take().unwrap()).lines();
    assert!(hints.any(|hint| hint.unwrap().contains("--seed 7 repeats")));
}

#[test]
fn a_seed_without_faults_is_invalid_input() {
    let error = error_of(2, &["mock", "--seed", "7"], &nothing());
    assert!(
        error["message"].as_str().unwrap().contains("--fault"),
        "{error}"
    );
}
