//! Help, version and usage errors.

use serde_json::json;

use crate::support::{
    process::{nothing, run},
    text::assert_in_order,
};

const COMMANDS: [&[&str]; 18] = [
    &[],
    &["demo"],
    &["bill"],
    &["bill", "read"],
    &["bill", "cancel"],
    &["bill", "send"],
    &["bill", "resend"],
    &["bill", "destroy"],
    &["receipt"],
    &["receipt", "issue"],
    &["receipt", "read"],
    &["receipt", "cancel"],
    &["points"],
    &["call"],
    &["inspect"],
    &["sign"],
    &["mock"],
    &["mock", "pay"],
];

#[test]
fn every_command_has_help_on_stdout_and_that_is_success() {
    for command in COMMANDS {
        for more in [&["--help"][..], &["--help", "--output", "json"]] {
            let ended = run(&[command, more].concat(), &nothing());
            assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{command:?}");
            let usage = [&["Usage: payssam"], command].concat().join(" ");
            assert!(ended.stdout.contains(&usage), "{ended:?}");
        }
    }
}

#[test]
fn help_lists_the_exit_codes_and_examples() {
    for command in COMMANDS {
        if matches!(command, ["bill"] | ["receipt"] | ["mock", "pay"]) {
            continue;
        }
        let help = run(&[command, &["--help"]].concat(), &nothing()).stdout;
        let example = [&["  payssam"], command].concat().join(" ");
        assert_in_order(
            &help,
            &[
                "Examples:\n",
                &example,
                "Exit codes:\n  0  success",
                "\n  2  ",
                "\n  3  ",
                "\n  4  ",
                "\n  5  ",
            ],
        );
    }
}

#[test]
fn help_names_the_environment_variables() {
    for command in [&[][..], &["bill"], &["receipt", "issue"], &["points"]] {
        let help = run(&[command, &["--help"]].concat(), &nothing()).stdout;
        assert_in_order(
            &help,
            &[
                "PAYSSAM_BASE_URL",
                "PAYSSAM_API_KEY",
                "PAYSSAM_MEMBER",
                "PAYSSAM_MERCHANT",
                "PAYSSAM_API_KEY_FILE",
            ],
        );
    }
    let help = run(&["mock", "--help"], &nothing()).stdout;
    let files = [
        "PAYSSAM_API_KEY_FILE",
        "PAYSSAM_MEMBER_FILE",
        "PAYSSAM_MERCHANT_FILE",
    ];
    assert_in_order(&help, &files);
    let help = run(&["mock", "pay", "--help"], &nothing()).stdout;
    assert_in_order(&help, &["PAYSSAM_BASE_URL", "PAYSSAM_BASE_URL_FILE"]);
}

#[test]
fn the_examples_have_a_callback_url_that_nobody_guesses() {
    for command in [&["bill", "send"][..], &["inspect"]] {
        let help = run(&[command, &["--help"]].concat(), &nothing()).stdout;
        let (_, url) = help.split_once("--callback https://").unwrap();
        let url = url.split_whitespace().next().unwrap();
        let (_, tail) = url.rsplit_once('/').unwrap();
        let is_random = tail.len() >= 32 && tail.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_random, "{url}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let ended = run(&["--version"], &nothing());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(
        ended.stdout,
        format!("payssam {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_usage_error_is_2_in_the_requested_format() {
    for arguments in [
        &["--output", "json", "bill", "read"][..],
        &["bill", "read", "--output=json"],
        &["bill", "--output", "json"],
        &["--output=json", "refund", "1"],
        &["bill", "cancel", "1", "--output", "json"],
        &["sign", "--api-key", "k", "--output", "json"],
    ] {
        let ended = run(arguments, &nothing());
        assert_eq!(ended.code, 2, "{ended:?}");
        let mut error = ended.error();
        let message = error["message"].take();
        let message = message.as_str().unwrap();
        assert!(message.contains("Usage: payssam"), "{message}");
        assert!(!message.contains('\u{1b}'), "{message}");
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
    }
    for arguments in [
        &["bill", "read"][..],
        &["bill"],
        &["--output", "xml", "demo"],
    ] {
        let ended = run(arguments, &nothing());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.starts_with("error: "), "{ended:?}");
    }
}

#[test]
fn without_arguments_the_help_is_on_stderr() {
    let ended = run(&[], &nothing());
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    assert!(ended.stderr.contains("payssam demo"), "{ended:?}");
}
