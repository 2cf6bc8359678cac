//! `payssam mock -- COMMAND` runs a command with the mock server, and ends with it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
};

use crate::support::{
    process::{
        Running, at, drained, error_of, json_of, nothing, payssam, run, run_with_stdin, spawn,
    },
    setting_file::SettingFile,
};

const PAYSSAM: &str = env!("CARGO_BIN_EXE_payssam");

#[test]
fn the_command_finds_the_mock_server_by_its_variables() {
    let arguments = [
        "mock", "--bill", "a:1000:F", "--quiet", "--", PAYSSAM, "--output", "json", "bill", "read",
        "a",
    ];
    let read = json_of(&arguments, &nothing());
    assert_eq!(read["state"], "paid");
    // The key, member and merchant of the environment are those of the mock server, the base URL is not.
    let mut environment = at("https://sandbox.paymint.co.kr/partner");
    let file = SettingFile::new("the-key-of-a-file");
    environment = file.instead_of("PAYSSAM_API_KEY", environment);
    environment.insert("PAYSSAM_BASE_URL_FILE".into(), "/no/such/file".into());
    assert_eq!(run(&arguments, &environment).code, 0);
    let script = "env | grep -c _FILE";
    let ended = run(&["mock", "--", "sh", "-c", script], &environment);
    assert_eq!(ended.stdout, "0\n");
}

#[test]
fn stdin_stdout_and_stderr_are_those_of_the_command() {
    let script = "read line; echo \"out $line\"; echo \"err $line\" >&2";
    let ended = run_with_stdin(&["mock", "--", "sh", "-c", script], &nothing(), "in\n");
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (0, "out in\n", "err in\n")
    );
}

#[test]
fn the_mock_server_ends_with_the_command_and_with_its_exit_code() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("exit 255", 255),
        ("kill -KILL $$", 137),
    ] {
        let ended = run(&["mock", "--", "sh", "-c", script], &nothing());
        assert_eq!(ended.code, code, "{script}");
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn a_command_that_cannot_be_run_is_invalid_input() {
    let error = error_of(2, &["mock", "--", "/no/such\u{1b}command"], &nothing());
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with(r"invalid command: /no/such\u{1b}command cannot be run"),
        "{message}"
    );
}

#[test]
fn several_run_at_the_same_time_each_on_a_port_of_its_own() {
    let arguments = [
        "mock",
        "--",
        "sh",
        "-c",
        "echo $PAYSSAM_BASE_URL; read line",
    ];
    let mut first = spawn_with_open_stdin(&arguments);
    let mut second = spawn_with_open_stdin(&arguments);
    let mut urls = [&mut first, &mut second].map(|running| {
        let mut url = String::new();
        BufReader::new(running.0.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        url
    });
    urls.sort();
    assert_ne!(urls[0], urls[1]);
    for mut running in [first, second] {
        drop(running.0.stdin.take());
        running.exit_code();
    }
}

fn spawn_with_open_stdin(arguments: &[&str]) -> Running {
    let mut command = payssam(arguments, &nothing());
    Running(command.stdin(Stdio::piped()).spawn().unwrap())
}

#[test]
fn a_signal_is_passed_on_to_the_command() {
    for (signal, name) in [("-INT", "INT"), ("-TERM", "TERM"), ("-HUP", "HUP")] {
        let script = format!(
            "trap 'echo got {name}; exit 9' {name}; echo ready; while :; do sleep 0.05; done"
        );
        let mut running = spawn(&["mock", "--", "sh", "-c", &script], &nothing());
        let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
        let stderr = drained(running.0.stderr.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let pid = running.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, format!("got {name}\n"));
        assert_eq!(running.exit_code(), 9);
        drop(stderr.join());
    }
}

#[test]
fn the_log_is_whole_when_the_command_has_ended() {
    let script = "\"$0\" bill read a >/dev/null; \"$0\" bill read b 2>/dev/null; exit 0";
    let arguments = [
        "mock", "--bill", "a:1000:F", "--", "sh", "-c", script, PAYSSAM,
    ];
    let ended = run(&arguments, &nothing());
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{ended:?}");
    assert!(
        lines[0].ends_with("POST /bill/read bill a: 0000"),
        "{ended:?}"
    );
    assert!(
        lines[1].contains("POST /bill/read bill b: BILL_003"),
        "{ended:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_when_it_began_is_ignored_by_the_command_too() {
    let script = "trap '' HUP; exec \"$0\" mock -- sh -c 'echo ready; read line; echo \"$line\"'";
    let mut command = Command::new("sh");
    command.args(["-c", script, PAYSSAM]).env_clear();
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut running = Running(command.spawn().unwrap());
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let pid = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-HUP", &pid])
            .status()
            .unwrap()
            .success()
    );
    running
        .0
        .stdin
        .take()
        .unwrap()
        .write_all(b"still here\n")
        .unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), running.exit_code()), ("still here\n", 0));
}
