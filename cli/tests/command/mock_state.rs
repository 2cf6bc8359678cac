//! `payssam mock --state` when it is killed, when its disk is full, and what is said about it.

use std::{
    env,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;

use crate::{
    mock_desk::{Folder, call_as, get, post, start},
    support::{
        mock_server::MockServer,
        process::{Running, error_of, nothing, spawn},
        text::one_line,
    },
};

const SEED: &str = "[[bills]]\nbill_id = \"seeded\"\nprice = 1000\n";

#[test]
fn killed_at_any_moment_of_its_first_start_it_begins_with_all_of_its_settings() {
    let folder = Folder::new("first-start");
    let seed = folder.with("world.toml", SEED);
    for number in 0..40 {
        let state = folder.file(&format!("{number}.db"));
        let arguments = [
            "--state",
            &state,
            "--seed",
            &seed,
            "--bill",
            "a:1000:F",
            "--fault",
            "429@resend",
        ];
        let whole = [&["mock", "--listen", "127.0.0.1:0"], &arguments[..]].concat();
        let mut killed = spawn(&whole, &nothing());
        thread::sleep(Duration::from_millis(number * 2));
        killed.0.kill().unwrap();
        killed.0.wait().unwrap();
        let (_mock, base_url) = start(&arguments);
        let bills = get(&base_url, "/bills");
        assert_eq!(bills["total"], 2, "{number}");
        assert_eq!(bills["bills"][0]["state"], "paid", "{number}");
        let faults = get(&base_url, "/faults");
        assert_eq!(faults["faults"][0]["fault"], "429", "{number}");
        post(&base_url, "/reset", json!({}));
        assert_eq!(get(&base_url, "/bills")["total"], 2, "{number}");
    }
}

#[test]
fn killed_while_it_is_reset_or_restored_it_has_the_world_of_before_or_after() {
    let folder = Folder::new("resets");
    let seed = folder.with("world.toml", SEED);
    let state = folder.file("world.db");
    let arguments = ["--state", &state, "--seed", &seed, "--fault", "429@resend"];
    let (mut mock, mut base_url) = start(&arguments);
    for number in 0..30 {
        let bill = json!({"bill_id": number.to_string(), "price": 1});
        post(&base_url, "/bills", bill);
    }
    let snapshot = get(&base_url, "/snapshot").to_string();
    for number in 0..12 {
        let host = host(&base_url);
        let (address, snapshot) = (base_url.clone(), snapshot.clone());
        let busy = thread::spawn(move || {
            // Until it is killed.
            let calls = [("/_mock/reset", "{}"), ("/_mock/restore", &*snapshot)];
            calls.iter().cycle().try_for_each(|(path, body)| {
                let call = || call_as(&host, &address, "POST", path, body);
                match std::panic::catch_unwind(call) {
                    Ok((200, _)) => Ok(()),
                    _ => Err(()),
                }
            })
        });
        thread::sleep(Duration::from_millis(40 + 7 * number));
        mock.child.0.kill().unwrap();
        mock.child.0.wait().unwrap();
        let _ = busy.join();
        (mock, base_url) = start(&arguments);
        let total = get(&base_url, "/bills")["total"].as_u64().unwrap();
        assert!([1, 31].contains(&total), "{total}");
        assert_eq!(get(&base_url, "/bills/seeded")["state"], "unpaid");
        assert_eq!(get(&base_url, "/faults")["faults"][0]["fault"], "429");
    }
}

fn host(base_url: &str) -> String {
    let host = base_url.strip_prefix("http://").unwrap();
    host.strip_suffix("/partner").unwrap().to_owned()
}

#[cfg(unix)]
#[test]
fn nothing_is_claimed_that_the_state_file_does_not_take() {
    let folder = Folder::new("full");
    let state = folder.file("world.db");
    // No file may be larger than 200 KiB (in blocks of 512 bytes), or 400.
    let limited = "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", limited, env!("CARGO_BIN_EXE_payssam")]);
    command.args([
        "--output",
        "json",
        "mock",
        "--quiet",
        "--listen",
        "127.0.0.1:0",
        "--state",
        &state,
    ]);
    for (name, _) in env::vars() {
        if name.starts_with("PAYSSAM_") {
            command.env_remove(name);
        }
    }
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = Running(child.unwrap());
    let mut line = String::new();
    let mut stdout = BufReader::new(child.0.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let base_url = one_line(line.trim_end())["base_url"]
        .as_str()
        .unwrap()
        .to_owned();
    let call = |method: &str, path: &str, body: &str| {
        call_as(&host(&base_url), &base_url, method, path, body)
    };
    let product = "a b c ".repeat(500);
    let mut taken = 0;
    let refused = loop {
        let bill = json!({"bill_id": taken.to_string(), "price": 1, "product": product});
        let (status, response) = call("POST", "/_mock/bills", &bill.to_string());
        if status != 200 {
            break (status, response["code"].clone());
        }
        taken += 1;
        assert!(taken < 1_000, "the file is larger than it may be");
    };
    assert_eq!(refused, (503, "MOCK_STATE_FILE".into()));
    for (method, path, body) in [
        ("GET", "/_mock/bills", ""),
        ("POST", "/_mock/bills/0/pay", "{}"),
        ("POST", "/_mock/reset", "{}"),
        ("POST", "/partner/bill/read", "{}"),
    ] {
        let (status, response) = call(method, path, body);
        assert!(
            (status, &response["code"]) == (503, &"MOCK_STATE_FILE".into()),
            "{path}: {status} {response}"
        );
    }
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    let (_mock, base_url) = start(&["--state", &state]);
    assert_eq!(get(&base_url, "/bills")["total"], taken);
    assert_eq!(get(&base_url, "/bills/0")["state"], "unpaid");
}

#[test]
fn a_ready_file_of_an_earlier_mock_server_is_gone_before_the_start() {
    let folder = Folder::new("stale");
    let ready = folder.with("ready", "http://127.0.0.1:9/partner\n");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    error_of(
        2,
        &["mock", "--listen", &address, "--ready-file", &ready],
        &nothing(),
    );
    assert!(!Path::new(&ready).exists());
}

#[test]
fn the_end_deletes_the_bills_unless_they_are_in_a_state_file() {
    let folder = Folder::new("end");
    let state = folder.file("world.db");
    for (arguments, part) in [
        (&[][..], "deletes its bills"),
        (&["--state", &state], "its bills stay in the state file"),
    ] {
        let mut mock = MockServer::start(arguments, &nothing());
        mock.until_logged(part);
    }
}

#[test]
fn a_host_of_callbacks_has_no_port() {
    for host in ["app:8080", "[::1]:80", "::1", "127.0.0.2:80"] {
        let error = error_of(
            2,
            &["mock", "--listen", "127.0.0.1:0", "--callbacks-to", host],
            &nothing(),
        );
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("without a port"), "{host}: {message}");
    }
}

#[test]
fn no_mistake_in_a_seed_shows_a_key() {
    let folder = Folder::new("keys");
    for (number, line) in ["key = 4712345678", "key_env = \"sk4712345678\""]
        .iter()
        .enumerate()
    {
        let text =
            format!("[[merchants]]\npartner = \"a\"\n{line}\nmember = \"m\"\nmerchant = \"s\"\n");
        let path = folder.with(&format!("{number}.toml"), &text);
        let error = error_of(
            2,
            &["mock", "--listen", "127.0.0.1:0", "--seed", &path],
            &nothing(),
        );
        assert!(!error.to_string().contains("4712"), "{error}");
        assert!(error.to_string().contains("line 3"), "{error}");
    }
    let text = "[[faults]]\nfault = \"429\"\npartner = \"nobody\"\n";
    let path = folder.with("fault.toml", text);
    let error = error_of(
        2,
        &["mock", "--listen", "127.0.0.1:0", "--seed", &path],
        &nothing(),
    );
    assert!(error.to_string().contains("line 3, column 11"), "{error}");
}
