//! A signal during a call ends the command with the error of a request that was not sent, or whose outcome is
//! unknown.

use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{
    SEND,
    canned_server::CannedServer,
    folder::Folder,
    mock_server::mock,
    process::{Ended, Environment, Running, at, drained, json_of, payssam, signal, spawn, state},
};

const SIGNALS: [&str; 3] = ["INT", "TERM", "HUP"];

fn ended(mut running: Running) -> Ended {
    let stdout = drained(running.0.stdout.take().unwrap());
    let stderr = drained(running.0.stderr.take().unwrap());
    Ended {
        code: running.exit_code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

fn json(arguments: &[&str], environment: &Environment) -> Running {
    spawn(&[&["--output", "json"], arguments].concat(), environment)
}

/// Waits until the process listens for signals.
fn until_it_listens(running: &Running) {
    let status = format!("/proc/{}/status", running.0.id());
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        let Ok(status) = fs::read_to_string(&status) else {
            // Only Linux tells.
            thread::sleep(Duration::from_secs(1));
            return;
        };
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
        // SIGTERM is the 15th.
        if caught >> 14 & 1 == 1 {
            // The signals before and after it are listened for within the same step.
            thread::sleep(Duration::from_millis(50));
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("the command does not listen for signals");
}

#[test]
fn a_write_that_may_have_left_is_an_unknown_outcome() {
    for name in SIGNALS {
        let (mut mock, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@cancel"]);
        let running = json(&["bill", "cancel", "a", "--price", "1000"], &at);
        mock.until_logged("POST /bill/cancel");
        signal(&running, name);
        let ended = ended(running);
        assert_eq!(ended.code, 5, "{name}: {ended:?}");
        let error = ended.error();
        assert_eq!(error["kind"], "outcome_unknown");
        assert_eq!(error["outcome"], "unknown");
        assert_eq!(error["operation"], "bill cancel");
        assert_eq!(error["bill_id"], "a");
        let message = error["message"].as_str().unwrap();
        for part in [
            &*format!("interrupted by SIG{name}"),
            "read the bill before you repeat it",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(state("a", &at), "cancelled");
    }
}

#[test]
fn every_write_names_itself_and_its_bill() {
    let send = [&SEND[..], &["--id", "a"]].concat();
    let receipt = [
        "receipt",
        "issue",
        "--id",
        "a",
        "--price",
        "1000",
        "--phone",
        "01012345678",
        "--tax-free",
    ];
    for (arguments, operation) in [
        (&send[..], "bill send"),
        (&["bill", "resend", "a"], "bill resend"),
        (&["bill", "destroy", "a", "--price", "1000"], "bill destroy"),
        (&receipt, "receipt issue"),
        (
            &[
                "receipt", "cancel", "a", "--price", "1000", "--trader", "person",
            ],
            "receipt cancel",
        ),
        (&["call", "/bill/rp", "{}"], "raw call"),
    ] {
        let payssam = CannedServer::silent();
        let mut running = json(arguments, &payssam.environment());
        let deadline = Instant::now() + Duration::from_secs(20);
        while payssam.bodies().is_empty() && Instant::now() < deadline {
            if running.0.try_wait().unwrap().is_some() {
                panic!("{:?}", ended(running));
            }
            thread::sleep(Duration::from_millis(5));
        }
        signal(&running, "TERM");
        let ended = ended(running);
        assert_eq!(ended.code, 5, "{ended:?}");
        let error = ended.error();
        assert_eq!(error["operation"], operation);
        let is_raw = operation == "raw call";
        let expected = if is_raw { Value::Null } else { "a".into() };
        assert_eq!(error["bill_id"], expected);
    }
}

#[test]
fn in_text_the_error_says_so_too() {
    let (mut mock, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@cancel"]);
    let running = spawn(&["bill", "cancel", "a", "--price", "1000"], &at);
    mock.until_logged("POST /bill/cancel");
    signal(&running, "INT");
    let ended = ended(running);
    assert_eq!((ended.code, ended.stdout.as_str()), (5, ""));
    let error = "error: bill cancel outcome unknown: the command was interrupted by SIGINT (bill a); it may \
                 have been carried out: ";
    assert!(ended.stderr.starts_with(error), "{ended:?}");
}

#[test]
fn a_bill_that_may_have_been_sent_is_named_though_its_id_was_generated() {
    let (mut mock, at) = mock(&["--fault", "apply-then-hang@send"]);
    let running = json(&SEND, &at);
    mock.until_logged("POST /bill ");
    signal(&running, "TERM");
    let error = ended(running).error();
    assert_eq!(error["outcome"], "unknown");
    assert_eq!(state(error["bill_id"].as_str().unwrap(), &at), "unpaid");
}

#[test]
fn a_write_that_is_being_confirmed_is_an_unknown_outcome() {
    let (mut mock, at) = mock(&[
        "--bill",
        "a:1000:F",
        "--fault",
        "apply-then-close@cancel",
        "--fault",
        "apply-then-hang@read",
    ]);
    let running = json(
        &["bill", "cancel", "a", "--price", "1000", "--confirm"],
        &at,
    );
    mock.until_logged("POST /bill/read");
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(ended.error()["operation"], "bill cancel");
}

#[test]
fn a_write_that_waits_for_its_first_read_was_not_sent() {
    let (mut mock, environment) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@read"]);
    let cancel = ["bill", "cancel", "a", "--price", "1000", "--check-first"];
    let running = json(&cancel, &environment);
    mock.until_logged("POST /bill/read");
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 4, "{ended:?}");
    let error = ended.error();
    assert_eq!(error["kind"], "not_sent");
    assert_eq!(error["outcome"], "not_sent");
    assert_eq!(error["operation"], "bill cancel");
    assert_eq!(error["bill_id"], "a");
}

#[test]
fn a_write_that_is_resumed_is_an_unknown_outcome_even_before_its_first_request() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}/partner", silent.local_addr().unwrap());
    let cancel = [
        "bill",
        "cancel",
        "a",
        "--price",
        "1000",
        "--confirm",
        "--resuming",
    ];
    let running = json(&cancel, &at(&base_url));
    let (_open, _) = silent.accept().unwrap();
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(ended.error()["operation"], "bill cancel");
}

#[test]
fn a_read_that_was_interrupted_changed_nothing() {
    let (mut mock, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@read"]);
    let running = json(&["bill", "read", "a"], &at);
    mock.until_logged("POST /bill/read");
    signal(&running, "INT");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    let error = ended.error();
    assert_eq!(error["operation"], "bill read");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.ends_with("nothing changed, read again"),
        "{message}"
    );
}

#[test]
fn before_a_connection_is_complete_nothing_was_sent() {
    for name in SIGNALS {
        // It accepts, and never says a word of TLS.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("https://{}/partner", silent.local_addr().unwrap());
        for arguments in [
            &["bill", "cancel", "a", "--price", "1000"][..],
            &["bill", "read", "a"],
        ] {
            let running = json(arguments, &at(&base_url));
            let (_open, _) = silent.accept().unwrap();
            signal(&running, name);
            let ended = ended(running);
            assert_eq!(ended.code, 4, "{ended:?}");
            let error = ended.error();
            assert_eq!(error["kind"], "not_sent");
            assert_eq!(error["bill_id"], "a");
            let message = error["message"].as_str().unwrap();
            assert!(
                message.contains("nothing changed, it is safe to retry"),
                "{message}"
            );
        }
    }
}

#[test]
fn while_it_waits_for_stdin_nothing_was_sent() {
    let (_mock, at) = mock(&[]);
    let mut send = SEND.to_vec();
    let payer = send.iter().position(|option| *option == "--payer").unwrap();
    send[payer + 1] = "-";
    for (output, name) in [("json", "INT"), ("text", "HUP")] {
        let arguments = [&["--output", output][..], &send].concat();
        let mut command = payssam(&arguments, &at);
        let running = Running(command.stdin(Stdio::piped()).spawn().unwrap());
        until_it_listens(&running);
        signal(&running, name);
        // It ends although stdin stays open.
        let mut running = running;
        let stdin = running.0.stdin.take();
        let ended = ended(running);
        drop(stdin);
        assert_eq!(ended.code, 4, "{ended:?}");
        assert!(ended.stderr.contains("bill send not sent: "), "{ended:?}");
        if output == "json" {
            assert_eq!(ended.error()["operation"], "bill send");
        }
    }
}

#[test]
fn an_inspection_that_waits_for_payments_was_only_reading() {
    let (mut mock, at) = mock(&[]);
    let running = json(
        &[
            "inspect",
            "--payer",
            "김하나",
            "--phone",
            "01012345678",
            "--listen",
            "127.0.0.1:0",
            "--callback",
            "http://127.0.0.1:1/payssam",
        ],
        &at,
    );
    // One read of the bill for that proof, and two of one that is to be paid.
    for _ in 0..3 {
        mock.until_logged("POST /bill/read");
    }
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    let error = ended.stderr.lines().last().unwrap();
    assert!(error.contains(r#""operation":"bill read""#), "{ended:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_when_the_command_began_stays_ignored() {
    let (mut mock, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@cancel"]);
    let script = "trap '' HUP; exec \"$0\" bill cancel a --price 1000";
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_payssam")])
        .env_clear()
        .envs(&at)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let running = Running(command.spawn().unwrap());
    mock.until_logged("POST /bill/cancel");
    signal(&running, "HUP");
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.stderr.contains("SIGTERM"), "{ended:?}");
}

#[test]
fn what_a_ledger_has_written_down_is_unknown_and_goes_on_in_the_ledger() {
    let (mut mock, at) = mock(&["--bill", "a:1000:F", "--fault", "apply-then-hang@cancel"]);
    let folder = Folder::new("interrupted");
    let database = folder.path("books.db");
    let ledger = ["ledger", "--database", &database];
    let cancel = [&ledger[..], &["cancel", "a", "--price", "1000"]].concat();
    let running = json(&cancel, &at);
    mock.until_logged("POST /bill/cancel");
    signal(&running, "TERM");
    let ended = ended(running);
    assert_eq!(ended.code, 5, "{ended:?}");
    let error = ended.error();
    assert_eq!(error["outcome"], "unknown");
    assert_eq!(error["operation"], "bill cancel");
    assert_eq!(error["bill_id"], "a");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("payssam ledger run"), "{message}");
    let open = json_of(&[&ledger[..], &["list"]].concat(), &at);
    assert_eq!(open["intents"][0]["state"], "sending");
}

#[test]
fn a_worker_of_a_ledger_that_is_asked_to_stop_lets_its_program_end_and_begins_nothing_new() {
    let (_mock, at) = mock(&["--bill", "a:1000:F", "--bill", "b:1000:F"]);
    let folder = Folder::new("stopped");
    let database = folder.path("books.db");
    let ledger = ["ledger", "--database", &database];
    for id in ["a", "b"] {
        json_of(
            &[&ledger[..], &["watch", id, "--price", "1000"]].concat(),
            &at,
        );
    }
    let (begun, booked) = (folder.path("begun"), folder.path("booked"));
    for (number, once) in [&["--once"][..], &[]].into_iter().enumerate() {
        let script = format!("touch '{begun}'; sleep 1; cat >> '{booked}'; exit 0");
        let program = ["--exec", "/bin/sh", "--", "-c", &script];
        let running = spawn(&[&ledger[..], &["run"], once, &program].concat(), &at);
        let deadline = Instant::now() + Duration::from_secs(20);
        while !fs::exists(&begun).unwrap() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        signal(&running, "TERM");
        let ended = ended(running);
        assert_eq!(ended.code, 0, "{ended:?}");
        let lines = fs::read_to_string(&booked).unwrap();
        assert_eq!(lines.lines().count(), number + 1, "{lines}");
        fs::remove_file(&begun).unwrap();
    }
    let open = json_of(&[&ledger[..], &["list"]].concat(), &at);
    assert_eq!(open["unbooked_events"], 0);
}
