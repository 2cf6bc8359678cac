//! Resident numbers, phone numbers and payers can come from stdin, which stands in no shell history and no
//! list of processes.

use serde_json::{Value, json};

use crate::support::{
    HASH_WITH_PHONE, PHONE, SEND,
    canned_server::CannedServer,
    process::{Ended, nothing, run, run_with_stdin},
};

const RESIDENT: &str = "900101-1234568";

const INSPECT: [&str; 11] = [
    "inspect",
    "--payer",
    "김하나",
    "--phone",
    PHONE,
    "--callback",
    "http://127.0.0.1:1/payssam",
    "--listen",
    "127.0.0.1:0",
    "--wait",
    "1ms",
];

/// A command that takes a value from stdin: its arguments, the option that is `-`, the value, and where
/// the request has which text.
struct Case {
    arguments: Vec<&'static str>,
    option: &'static str,
    value: &'static str,
    sent: (&'static str, &'static str),
}

fn cases() -> Vec<Case> {
    let send = |option| with_stdin(&SEND, option);
    let issue = |option| {
        vec![
            "receipt", "issue", "--price", "1000", "--taxed", option, "-",
        ]
    };
    let inspect = |option| with_stdin(&INSPECT, option);
    let case = |arguments, option, value, sent| Case {
        arguments,
        option,
        value,
        sent,
    };
    let number = "/cashReceipt/issuanceNumber";
    vec![
        case(
            send("--payer"),
            "--payer",
            "박 둘",
            ("/bill/memberName", "박 둘"),
        ),
        case(
            send("--phone"),
            "--phone",
            "010-2222-3333",
            ("/bill/phone", "01022223333"),
        ),
        case(
            issue("--phone"),
            "--phone",
            "010-2222-3333",
            (number, "01022223333"),
        ),
        case(
            issue("--resident"),
            "--resident",
            RESIDENT,
            (number, "9001011234568"),
        ),
        case(
            issue("--card"),
            "--card",
            "1234-5678-9012-3456",
            (number, "1234567890123456"),
        ),
        case(
            inspect("--payer"),
            "--payer",
            "박 둘",
            ("/bill/memberName", "박 둘"),
        ),
        case(
            inspect("--phone"),
            "--phone",
            "01022223333",
            ("/bill/phone", "01022223333"),
        ),
    ]
}

/// The arguments with `-` in place of the value of an option.
fn with_stdin(arguments: &[&'static str], option: &str) -> Vec<&'static str> {
    let mut arguments = arguments.to_vec();
    let place = arguments.iter().position(|argument| *argument == option);
    arguments[place.unwrap() + 1] = "-";
    arguments
}

fn server() -> CannedServer {
    CannedServer::with_data(json!({"shortUrl": "https://s.example/1"}))
}

/// Asserts that the input is refused, with a message that has these parts and not the input.
#[track_caller]
fn assert_refused(ended: &Ended, input: &str, parts: &[&str]) {
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
    for part in parts {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
    for line in input.lines().filter(|line| line.len() > 3) {
        assert!(!ended.stderr.contains(line), "{ended:?}");
    }
}

#[test]
fn every_option_of_a_person_takes_its_value_from_stdin() {
    for case in cases() {
        let server = server();
        let ended = run_with_stdin(&case.arguments, &server.environment(), case.value);
        let bodies = server.bodies();
        let (place, text) = case.sent;
        let sent = bodies.first().and_then(|body| body.pointer(place));
        assert_eq!(
            sent,
            Some(&Value::from(text)),
            "{:?} {ended:?}",
            case.arguments
        );
    }
    let sign = [
        "sign",
        "--bill-id",
        "1024",
        "--price",
        "45000",
        "--phone",
        "-",
    ];
    let ended = run_with_stdin(&sign, &nothing(), PHONE);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.stdout, format!("{HASH_WITH_PHONE}\n"));
}

#[test]
fn one_line_end_is_left_out() {
    for case in cases() {
        for end in ["\n", "\r\n"] {
            let server = server();
            let input = format!("{}{end}", case.value);
            run_with_stdin(&case.arguments, &server.environment(), &input);
            let (place, text) = case.sent;
            assert_eq!(server.bodies()[0].pointer(place), Some(&Value::from(text)));
        }
        for end in ["\n\n", "\r\n\n", "\n1", "\r\n\r\n"] {
            let server = server();
            let input = format!("{}{end}", case.value);
            let ended = run_with_stdin(&case.arguments, &server.environment(), &input);
            assert_refused(&ended, &input, &["nothing was sent"]);
            assert_eq!(server.bodies(), [Value::Null; 0], "{:?}", case.arguments);
        }
    }
}

#[test]
fn at_most_one_option_comes_from_stdin() {
    for arguments in [
        with_stdin(&with_stdin(&SEND, "--payer"), "--phone"),
        with_stdin(&with_stdin(&INSPECT, "--payer"), "--phone"),
    ] {
        for output in ["text", "json"] {
            let server = server();
            let arguments = [&arguments[..], &["--output", output]].concat();
            let ended = run_with_stdin(&arguments, &server.environment(), PHONE);
            assert_refused(&ended, PHONE, &["--payer", "--phone", "only one"]);
            assert_eq!(server.bodies(), [Value::Null; 0]);
        }
    }
}

#[test]
fn empty_input_is_refused() {
    for case in cases() {
        let server = server();
        for input in ["", "\n", "\r\n"] {
            let ended = run_with_stdin(&case.arguments, &server.environment(), input);
            assert_refused(&ended, input, &[case.option, "stdin", "empty"]);
        }
        // Such as in a service that has no stdin.
        let ended = run(&case.arguments, &server.environment());
        assert_refused(&ended, "", &[case.option, "stdin", "empty"]);
        assert_eq!(server.bodies(), [Value::Null; 0]);
    }
}

#[test]
fn input_of_more_than_1024_bytes_is_refused_and_not_read_to_its_end() {
    for case in cases() {
        let server = server();
        for length in [1_025, 4 * 1024 * 1024] {
            let input = "1".repeat(length);
            let ended = run_with_stdin(&case.arguments, &server.environment(), &input);
            assert_refused(&ended, &input, &[case.option, "stdin", "1024"]);
            assert!(!ended.stderr.contains("11111"), "{ended:?}");
        }
        assert_eq!(server.bodies(), [Value::Null; 0]);
    }
}

#[test]
fn input_that_is_not_valid_is_not_repeated() {
    for case in cases() {
        let server = server();
        for input in ["010-1234-5678x\u{1b}[31m", "9001011234567\u{0}"] {
            let ended = run_with_stdin(&case.arguments, &server.environment(), input);
            assert_refused(&ended, input, &["nothing was sent"]);
            assert!(!ended.stderr.contains("1234"), "{ended:?}");
        }
        assert_eq!(server.bodies(), [Value::Null; 0]);
    }
}

#[test]
fn help_says_which_options_come_from_stdin() {
    let mut options = vec![(vec!["sign"], "--phone")];
    for case in cases() {
        let command = case.arguments.into_iter();
        let command = command.take_while(|argument| !argument.starts_with('-'));
        options.push((command.collect(), case.option));
    }
    for (command, option) in options {
        let help = run(&[&command[..], &["--help"]].concat(), &nothing()).stdout;
        let start = format!("\n      {option} <");
        let (_, about) = help.split_once(&start).expect(&help);
        let about = about.split("\n      --").next().unwrap();
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            about.contains("; - reads it from stdin"),
            "{option}: {about}"
        );
    }
}

#[cfg(unix)]
mod terminal {
    use std::{
        fs::File,
        io::{Read, Write},
        os::unix::ffi::OsStrExt,
        path::Path,
        process::Stdio,
    };

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;
    use crate::support::process::{Running, drained, payssam};

    /// The two ends of a terminal: ours, and that of the command.
    fn terminal() -> (File, File) {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let of_the_command = File::options().read(true).write(true).open(path);
        (File::from(ours), of_the_command.unwrap())
    }

    #[test]
    fn on_a_terminal_one_line_is_asked_for_and_read() {
        let server = server();
        let arguments = with_stdin(&SEND, "--phone");
        let (mut ours, theirs) = terminal();
        let mut command = payssam(&arguments, &server.environment());
        command.stdin(theirs.try_clone().unwrap()).stderr(theirs);
        let mut child = Running(command.spawn().unwrap());
        // The command has the only other copies of its end of the terminal now.
        drop(command);
        let stdout = drained(child.0.stdout.take().unwrap());
        let mut asked = String::new();
        while !asked.ends_with(": ") {
            let mut byte = [0];
            ours.read_exact(&mut byte).unwrap();
            asked.push(char::from(byte[0]));
        }
        assert!(asked.contains("--phone"), "{asked}");
        // There is no end of input: the terminal stays open.
        ours.write_all(b"010-2222-3333\n").unwrap();
        assert_eq!(child.exit_code(), 0);
        assert!(stdout.join().unwrap().contains("https://s.example/1"));
        assert_eq!(server.bodies()[0]["bill"]["phone"], "01022223333");
    }

    #[test]
    fn an_error_stays_one_line_of_json_if_only_stdin_is_a_terminal() {
        let server = server();
        let arguments = with_stdin(&SEND, "--phone");
        let arguments = [&arguments[..], &["--output", "json"]].concat();
        let (mut ours, theirs) = terminal();
        let mut command = payssam(&arguments, &server.environment());
        command.stdin(theirs).stderr(Stdio::piped());
        let mut child = Running(command.spawn().unwrap());
        drop(command);
        let stderr = drained(child.0.stderr.take().unwrap());
        ours.write_all(b"\n").unwrap();
        assert_eq!(child.exit_code(), 2);
        let error = crate::support::text::one_line(&stderr.join().unwrap());
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains("empty"), "{message}");
    }
}
