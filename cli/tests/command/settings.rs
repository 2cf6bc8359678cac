//! Where the command takes its settings from.

use serde_json::{Value, json};

use crate::support::{
    CLOSED,
    canned_server::CannedServer,
    process::{at, error_of, json_of},
};

#[test]
fn a_missing_variable_is_named() {
    for name in [
        "PAYSSAM_BASE_URL",
        "PAYSSAM_API_KEY",
        "PAYSSAM_MEMBER",
        "PAYSSAM_MERCHANT",
    ] {
        let mut environment = at(CLOSED);
        environment.remove(name);
        for value in [None, Some("")] {
            environment.extend(value.map(|value| (name.to_owned(), value.to_owned())));
            let error = error_of(2, &["bill", "read", "1"], &environment);
            assert_eq!(
                (&error["kind"], &error["outcome"]),
                (&json!("config"), &json!("not_sent"))
            );
            assert!(error["message"].as_str().unwrap().contains(name), "{error}");
        }
    }
}

#[test]
fn credentials_are_not_taken_from_arguments() {
    let server = CannedServer::with_data(json!({"billId": "1"}));
    for option in ["--api-key", "--member", "--merchant"] {
        let read = ["bill", "read", "1", option, "x"];
        let error = error_of(2, &read, &server.environment());
        assert!(
            error["message"].as_str().unwrap().contains(option),
            "{error}"
        );
    }
    assert_eq!(server.bodies(), [Value::Null; 0]);
}

#[test]
fn the_option_for_the_base_url_replaces_the_variable() {
    let server = CannedServer::with_data(json!({"billId": "1", "apprState": "F"}));
    let environment = at(CLOSED);
    let mut unset = environment.clone();
    unset.remove("PAYSSAM_BASE_URL");
    for arguments in [
        ["--base-url", &server.base_url, "bill", "read", "1"],
        ["bill", "read", "1", "--base-url", &server.base_url],
    ] {
        json_of(&arguments, &environment);
        json_of(&arguments, &unset);
    }
    assert_eq!(server.bodies().len(), 4);
}

#[test]
fn the_base_url_must_be_https_outside_loopback() {
    let url = "http://payssam.example";
    for (arguments, environment) in [
        (&["bill", "read", "1", "--base-url", url][..], at(CLOSED)),
        (&["bill", "read", "1"], at(url)),
    ] {
        let error = error_of(2, arguments, &environment);
        assert!(
            error["message"].as_str().unwrap().contains("https"),
            "{error}"
        );
    }
}
