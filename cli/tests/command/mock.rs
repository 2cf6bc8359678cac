//! `payssam mock` runs a mock server that other commands can use.

use std::net::TcpListener;
#[cfg(unix)]
use std::process::Command;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::support::process::signal;
use crate::support::{
    CLOSED, KEY,
    mock_server::{MockServer, mock},
    process::{Environment, at, error_of, json_of, nothing, payssam, rejection_of, run, state},
    setting_file::SettingFile,
    text::{keys, one_line, row},
};

#[test]
fn the_export_lines_are_all_that_other_commands_need() {
    let (_mock_server, environment) = mock(&["--bill", "a:1000:W"]);
    let names: Vec<&str> = environment.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "PAYSSAM_API_KEY",
            "PAYSSAM_BASE_URL",
            "PAYSSAM_MEMBER",
            "PAYSSAM_MERCHANT"
        ]
    );
    assert_eq!(state("a", &environment), "unpaid");
}

#[test]
fn bills_are_added_in_every_state_and_their_ids_may_contain_colons() {
    let (_mock_server, environment) = mock(&[
        "--bill",
        "a:1000:W",
        "--bill",
        "b:2000:paid",
        "--bill",
        "c:3000:C",
        "--bill",
        "d:2024:4000:destroyed",
    ]);
    for (id, state, amount) in [
        ("a", "unpaid (W)", None),
        ("b", "paid (F)", Some("2,000 won")),
        ("c", "cancelled (C)", Some("3,000 won")),
        ("d:2024", "destroyed (D)", None),
    ] {
        let read = run(&["bill", "read", id], &environment);
        assert_eq!((read.code, read.stderr.as_str()), (0, ""));
        assert_eq!(row(&read.stdout, "bill id"), Some(id), "{}", read.stdout);
        assert_eq!(row(&read.stdout, "state"), Some(state), "{}", read.stdout);
        assert_eq!(row(&read.stdout, "amount"), amount, "{}", read.stdout);
    }
}

#[cfg(unix)]
#[test]
fn a_shell_can_run_the_export_lines() {
    let mut mock = MockServer::start(&["--bill", "a:1000:W"], &nothing());
    let lines: Vec<String> = (0..4).map(|_| mock.line()).collect();
    let script = format!("{}\n\"$0\" bill read a", lines.join("\n"));
    let mut shell = Command::new("sh");
    let read = shell
        .args(["-c", &script, env!("CARGO_BIN_EXE_payssam")])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(read.status.code(), Some(0), "{read:?}");
    assert!(String::from_utf8_lossy(&read.stdout).contains("unpaid (W)"));
}

#[test]
fn in_json_it_prints_one_object_and_nothing_else_if_it_is_quiet() {
    let mut mock = MockServer::start(&["--output", "json", "--quiet"], &nothing());
    let announcement = one_line(&mock.line());
    assert_eq!(
        keys(&announcement),
        ["api_key", "base_url", "member", "merchant"]
    );
    let environment = [
        ("PAYSSAM_BASE_URL", "base_url"),
        ("PAYSSAM_API_KEY", "api_key"),
        ("PAYSSAM_MEMBER", "member"),
        ("PAYSSAM_MERCHANT", "merchant"),
    ]
    .map(|(name, key)| {
        (
            name.to_owned(),
            announcement[key].as_str().unwrap().to_owned(),
        )
    });
    assert_eq!(
        rejection_of(&["bill", "read", "x"], &environment.into()),
        "BILL_003"
    );
    assert_eq!(mock.stop(), (String::new(), String::new()));
}

#[test]
fn credentials_of_the_environment_are_used_and_not_printed() {
    let mine: Environment = at("unused")
        .into_iter()
        .filter(|(name, _)| name != "PAYSSAM_BASE_URL")
        .collect();
    let mut mock = MockServer::start(&["--bill", "a:1000:F"], &mine);
    let mut environment = mock.exports(1);
    environment.extend(mine.clone());
    assert_eq!(state("a", &environment), "paid");
    environment.insert("PAYSSAM_API_KEY".into(), "mock-key".into());
    assert_eq!(
        rejection_of(&["bill", "read", "a"], &environment),
        "PARTNER_002"
    );
    let (stdout, stderr) = mock.stop();
    assert_eq!(stdout, "");
    assert!(!stderr.contains(KEY));
    assert!(stderr.contains("Ctrl-C"), "{stderr}");

    let mut mock = MockServer::start(&["--output", "json"], &mine);
    let announcement = one_line(&mock.line());
    assert_eq!(keys(&announcement), ["base_url", "member", "merchant"]);
    assert_eq!(announcement["member"], "the-member");
}

#[test]
fn credentials_of_files_are_used_and_not_printed() {
    for (name, value, announced) in [
        ("PAYSSAM_API_KEY", "key-of-a-file", None),
        ("PAYSSAM_MEMBER", "member-of-a-file", Some("member")),
        ("PAYSSAM_MERCHANT", "merchant-of-a-file", Some("merchant")),
    ] {
        let file = SettingFile::new(value);
        let mine = file.instead_of(name, nothing());
        let mut mock = MockServer::start(&["--bill", "a:1000:F"], &mine);
        let mut environment = mock.exports(3);
        assert!(!environment.contains_key(name), "{environment:?}");
        environment.extend(mine.clone());
        assert_eq!(state("a", &environment), "paid");
        let (stdout, stderr) = mock.stop();
        assert_eq!(stdout, "");
        let hint = "set the same variables there too";
        assert!(stderr.contains(hint), "{stderr}");
        assert!(!stderr.contains(value), "{stderr}");

        let mut mock = MockServer::start(&["--output", "json"], &mine);
        let announcement = one_line(&mock.line());
        let printed = announced.map(|key| announcement[key].as_str().unwrap());
        assert_eq!(printed, announced.map(|_| value));
        let has_key = announcement.get("api_key").is_some();
        assert_eq!(has_key, name != "PAYSSAM_API_KEY", "{announcement}");
    }
}

#[test]
fn a_default_is_printed_when_a_variable_or_its_file_is_empty() {
    let file = SettingFile::new("");
    let mut environment = file.instead_of("PAYSSAM_API_KEY", nothing());
    environment.insert("PAYSSAM_MEMBER".into(), String::new());
    let mut mock = MockServer::start(&["--bill", "a:1000:F"], &environment);
    assert_eq!(state("a", &mock.exports(4)), "paid");
    let (_, stderr) = mock.stop();
    assert!(!stderr.contains("there too"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn it_ends_with_success_on_sigint_sigterm_and_sighup() {
    for name in ["INT", "TERM", "HUP"] {
        let mut mock = MockServer::start(&[], &nothing());
        mock.line();
        signal(&mock.child, name);
        assert_eq!(mock.child.exit_code(), 0, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_when_it_began_does_not_end_it() {
    use crate::support::process::Running;
    use std::{io::BufRead as _, process::Stdio, time::Duration};
    // A shell that runs it in the background ignores the one, `nohup` the other.
    for ignored in ["INT", "HUP"] {
        let script = format!("trap '' {ignored}; exec \"$0\" mock --listen 127.0.0.1:0");
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", &script, env!("CARGO_BIN_EXE_payssam")]);
        let shell = shell.env_clear().stderr(Stdio::null());
        let mut running = Running(shell.stdout(Stdio::piped()).spawn().unwrap());
        let mut announced = std::io::BufReader::new(running.0.stdout.take().unwrap());
        announced.read_line(&mut String::new()).unwrap();
        signal(&running, ignored);
        // A process that is not to be ended has no event to wait for.
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(running.0.try_wait().unwrap(), None, "{ignored}");
        signal(&running, "TERM");
        assert_eq!(running.exit_code(), 0);
    }
}

#[test]
fn an_invalid_bill_is_invalid_input_and_is_named() {
    for (arguments, parts) in [
        (
            &["--bill", "a:1000:X"][..],
            &[
                "bill state",
                "W, F, C or D",
                "unpaid, paid, cancelled or destroyed",
                "(in --bill a:1000:X)",
            ][..],
        ),
        (&["--bill", "a:1000:f"], &["bill state"]),
        (&["--bill", "a:1,000:F"], &["price", "a:1,000:F"]),
        (&["--bill", "a:0:F"], &["price"]),
        (&["--bill", "a,b:1000:F"], &["bill id", "comma"]),
        (&["--bill", ":1000:F"], &["bill id"]),
        (&["--bill", "1000:F"], &["ID:PRICE:STATE"]),
        (
            &["--bill", "a:1:W", "--bill", "a:2:F"],
            &["bill id", "(in --bill a:2:F)"],
        ),
    ] {
        let mock = [&["mock", "--listen", "127.0.0.1:0"], arguments].concat();
        let error = error_of(2, &mock, &nothing());
        assert_eq!(error["kind"], "invalid_input");
        for part in parts {
            assert!(error["message"].as_str().unwrap().contains(part), "{error}");
        }
    }
}

#[test]
fn it_listens_on_an_address_of_this_machine_with_a_port() {
    let error = error_of(2, &["mock", "--listen", "192.0.2.1:80"], &nothing());
    assert_eq!(error["kind"], "config");
    let error = error_of(2, &["mock", "--listen", "8787"], &nothing());
    assert_eq!(error["kind"], "invalid_input");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("127.0.0.1:8787"), "{message}");
}

#[test]
fn an_address_that_is_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = error_of(2, &["mock", "--listen", &address], &nothing());
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(&address), "{message}");
}

#[test]
fn mock_pay_pays_an_unpaid_bill_by_its_link_once() {
    let (_mock_server, environment) = mock(&[]);
    let send = [&crate::support::SEND[..], &["--id", "a"]].concat();
    let sent = json_of(&send, &environment);
    let link = sent["short_url"].as_str().unwrap();
    let pay = ["mock", "pay", link];
    assert_eq!(
        json_of(&pay, &nothing()),
        json!({"link": link, "paid": true})
    );
    assert_eq!(state("a", &environment), "paid");
    assert_eq!(error_of(2, &pay, &nothing())["kind"], "invalid_input");
}

#[test]
fn mock_pay_pays_an_unpaid_bill_by_its_id_once() {
    let (_mock_server, environment) = mock(&["--bill", "a:1000:W"]);
    let pay = ["mock", "pay", "--bill", "a"];
    assert_eq!(
        json_of(&pay, &environment),
        json!({"bill_id": "a", "paid": true})
    );
    assert_eq!(state("a", &environment), "paid");
    for (id, part) in [("a", "not unpaid"), ("b", "no such bill"), ("a,b", "comma")] {
        let error = error_of(2, &["mock", "pay", "--bill", id], &environment);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn mock_pay_by_id_needs_the_credentials_of_the_mock_server() {
    let (_mock_server, mut environment) = mock(&["--bill", "a:1000:W"]);
    environment.insert("PAYSSAM_API_KEY".into(), "another-key".into());
    let pay = ["mock", "pay", "--bill", "a"];
    assert_eq!(error_of(2, &pay, &environment)["kind"], "invalid_input");
    environment.insert("PAYSSAM_API_KEY".into(), "mock-key".into());
    environment.insert("PAYSSAM_MERCHANT".into(), "another".into());
    assert_eq!(error_of(2, &pay, &environment)["kind"], "invalid_input");
    environment.insert("PAYSSAM_MERCHANT".into(), "mock-merchant".into());
    assert_eq!(state("a", &environment), "unpaid");
    assert_eq!(json_of(&pay, &environment)["paid"], true);
}

#[test]
fn mock_pay_by_id_pays_at_the_mock_server_of_the_file_with_the_base_url() {
    let (_mock_server, environment) = mock(&["--bill", "a:1000:W"]);
    let file = SettingFile::new(&environment["PAYSSAM_BASE_URL"]);
    let with_file = file.instead_of("PAYSSAM_BASE_URL", environment.clone());
    assert_eq!(
        json_of(&["mock", "pay", "--bill", "a"], &with_file),
        json!({"bill_id": "a", "paid": true})
    );
    assert_eq!(state("a", &environment), "paid");
}

#[test]
fn mock_pay_by_id_goes_nowhere_when_the_base_url_of_the_environment_cannot_be_read() {
    let file = SettingFile::new(CLOSED);
    let both = file.instead_of("PAYSSAM_BASE_URL", nothing());
    let both = [both, at(CLOSED)].into_iter().flatten().collect();
    let missing = ("PAYSSAM_BASE_URL_FILE".to_owned(), "/no/such/file".into());
    let pay = ["--output", "json", "mock", "pay", "--bill", "a"];
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut commands = vec![payssam(&pay, &both), payssam(&pay, &[missing].into())];
    #[cfg(unix)]
    {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let mut command = payssam(&pay, &nothing());
        command.env(
            "PAYSSAM_BASE_URL",
            OsStr::from_bytes(b"http://127.0.0.1:1/\xff"),
        );
        commands.push(command);
    }
    for mut command in commands {
        let ended = command.output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        let error = one_line(&String::from_utf8(ended.stderr).unwrap())["error"].take();
        assert_eq!(error["kind"], "config", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("PAYSSAM_BASE_URL"), "{message}");
    }
}

#[test]
fn mock_pay_takes_either_a_link_or_an_id() {
    let link = "http://127.0.0.1:1/pay/1";
    for arguments in [&["mock", "pay"][..], &["mock", "pay", link, "--bill", "a"]] {
        assert_eq!(error_of(2, arguments, &nothing())["kind"], "invalid_input");
    }
    for base_url in [
        "https://sandbox.paymint.co.kr/partner",
        "http://10.0.0.1/partner",
    ] {
        let pay = ["--base-url", base_url, "mock", "pay", "--bill", "a"];
        let error = error_of(2, &pay, &nothing());
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("not a mock server on this machine"),
            "{message}"
        );
    }
}

#[test]
fn a_bill_whose_last_day_is_in_the_past_is_refused() {
    let (_mock_server, environment) = mock(&[]);
    let send = [&crate::support::SEND[..], &["--expires", "2020-01-01"]].concat();
    assert_eq!(rejection_of(&send, &environment), "MOCK_EXPIRED");
}

#[test]
fn mock_pay_calls_mock_servers_on_this_machine_only() {
    for link in [
        "https://payssam.example/pay/1",
        "not a link",
        "http://127.0.0.1:1/pay/1",
    ] {
        let error = error_of(2, &["mock", "pay", link], &nothing());
        assert_eq!(error["kind"], "invalid_input");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("mock server"), "{message}");
    }
}

#[test]
fn sandbox_is_a_hidden_alias_of_mock() {
    let help = |command| run(&[command, "--help"], &nothing());
    assert_eq!(help("sandbox").code, 0);
    assert_eq!(help("sandbox").stdout, help("mock").stdout);
    let error = error_of(2, &["sandbox", "--listen", "8787"], &nothing());
    assert_ne!(error["message"], Value::Null);
    let listed = run(&["--help"], &nothing()).stdout;
    assert!(listed.contains("\n  mock "), "{listed}");
    assert!(!listed.contains("\n  sandbox"), "{listed}");
}
