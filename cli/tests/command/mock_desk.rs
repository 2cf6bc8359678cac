//! `payssam mock` as a server that others share: seeds, state files, ready files, and networks of containers.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

#[cfg(unix)]
use crate::support::process::signal;
use crate::support::{
    mock_server::MockServer,
    process::{Environment, error_of, nothing, run},
    text::one_line,
};

/// A folder of a test, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("payssam-desk-{}-{name}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub fn with(&self, name: &str, text: &str) -> String {
        let path = self.file(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts a mock server with JSON output, and gives its base URL.
pub fn start(arguments: &[&str]) -> (MockServer, String) {
    let arguments = [&["--output", "json"], arguments].concat();
    let mut mock = MockServer::start(&arguments, &nothing());
    let ready = one_line(&mock.line());
    let base_url = ready["base_url"].as_str().unwrap().to_owned();
    (mock, base_url)
}

/// Calls a mock server on loopback under this host name, without an HTTP library.
pub fn call_as(host: &str, base_url: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let port = base_url
        .rsplit_once(':')
        .unwrap()
        .1
        .split('/')
        .next()
        .unwrap();
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let status = response.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

fn call(base_url: &str, method: &str, path: &str, body: &str) -> Value {
    let host = base_url.strip_prefix("http://").unwrap();
    let host = host.strip_suffix("/partner").unwrap();
    let (status, response) = call_as(host, base_url, method, path, body);
    assert_eq!(status, 200, "{method} {path}: {response}");
    response
}

pub fn get(base_url: &str, path: &str) -> Value {
    call(base_url, "GET", &format!("/_mock{path}"), "")
}

pub fn post(base_url: &str, path: &str, body: Value) -> Value {
    call(
        base_url,
        "POST",
        &format!("/_mock{path}"),
        &body.to_string(),
    )
}

const SEED: &str = r#"
[[merchants]]
partner = "academy"
key = "academy-key"
member = "academy"
merchant = "main"

[[bills]]
bill_id = "seeded"
price = 1000
"#;

fn read(key: &str) -> String {
    json!({"apiKey": key, "member": "academy", "merchant": "main", "bill": {"billId": "seeded"}})
        .to_string()
}

#[test]
fn the_keys_of_a_seed_are_taken_and_any_other_gets_partner_002_and_is_never_logged() {
    let folder = Folder::new("seed");
    let seed = folder.with("world.toml", SEED);
    let (mut mock, base_url) = start(&["--seed", &seed]);
    let code = |key: &str| {
        let response = call(&base_url, "POST", "/partner/bill/read", &read(key));
        response["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code("academy-key"), "0000");
    assert_eq!(code("mock-key"), "PARTNER_002");
    assert_eq!(code("somebody-elses-key"), "PARTNER_002");
    mock.until_logged("PARTNER_002");
    let logged = mock.until_logged("PARTNER_002");
    assert!(!logged.contains("somebody"), "{logged}");
    let (stdout, _) = mock.stop_with_log();
    assert!(!stdout.contains("academy-key"), "{stdout}");
}

#[test]
fn member_and_merchant_that_a_seed_names_first_are_printed_and_its_key_is_not() {
    let folder = Folder::new("seed-printed");
    let seed = folder.with("world.toml", SEED);
    let mut mock = MockServer::start(&["--seed", &seed], &nothing());
    let printed = mock.exports(3);
    let value = |name: &str| {
        let found = printed.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(value("PAYSSAM_MEMBER"), Some("academy"));
    assert_eq!(value("PAYSSAM_MERCHANT"), Some("main"));
    // Its own line about the seed is the last that it says at its start.
    let address = value("PAYSSAM_BASE_URL").unwrap();
    post(address, "/clock/advance", json!({"days": 1}));
    let (stdout, stderr) = mock.stop();
    assert_eq!(stdout, "");
    assert!(stderr.contains("set PAYSSAM_API_KEY"), "{stderr}");
    assert!(!stderr.contains("academy-key"), "{stderr}");
}

#[test]
fn a_key_of_the_seed_in_the_environment_means_the_first_merchant_of_it() {
    let folder = Folder::new("seed-key");
    let first = "[[merchants]]\nkey = \"first-key\"\npartner = \"first\"\nmember = \"f\"\nmerchant = \"f\"\n";
    let seed = folder.with(
        "world.toml",
        &format!(
            "{first}{}",
            SEED.replace("bill_id", "partner = \"academy\"\nbill_id")
        ),
    );
    let own = [("PAYSSAM_API_KEY".to_owned(), "academy-key".to_owned())];
    let mut environment: Environment = own.into();
    let mut mock = MockServer::start(&["--seed", &seed], &environment);
    environment.extend(mock.exports(3));
    let said = mock.until_logged("set PAYSSAM_API_KEY");
    assert!(
        said.starts_with("Member and merchant are of the seed."),
        "{said}"
    );
    let ended = run(&["bill", "read", "seeded"], &environment);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    drop(mock);

    // A program that it runs has them too.
    let payssam = env!("CARGO_BIN_EXE_payssam");
    let arguments = [
        "mock",
        "--listen",
        "127.0.0.1:0",
        "--quiet",
        "--seed",
        &seed,
        "--",
        payssam,
        "bill",
        "read",
        "seeded",
    ];
    environment.retain(|name, _| name == "PAYSSAM_API_KEY");
    let ended = run(&arguments, &environment);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn a_mistake_in_a_seed_ends_with_2_and_its_line_its_column_and_the_nearest_name() {
    let folder = Folder::new("mistakes");
    for (name, text, parts) in [
        (
            "a.toml",
            "[[bills]]\nbill_id = \"1\"\nprise = 1\n",
            &["line 3, column 1", "nearest is `price`"][..],
        ),
        (
            "b.json",
            "{\"faults\": [{\"fault\": \"latensy\"}]}",
            &["line 1, column 23", "nearest is `latency`"],
        ),
        ("c.toml", "\u{1b}[31m", &["line 1"]),
    ] {
        let path = folder.with(name, text);
        let error = error_of(2, &["mock", "--seed", &path], &nothing());
        let message = error["message"].as_str().unwrap();
        for part in parts.iter().chain(&[name]) {
            assert!(message.contains(part), "{name}: {message}");
        }
        assert!(!message.contains('\u{1b}'), "{message:?}");
    }
    for arguments in [
        &["mock", "--seed", "7"][..],
        &["mock", "--seed", "/no/such/file"],
        &["mock", "--fault", "429", "--seed", "7", "--seed", "8"],
    ] {
        assert_eq!(error_of(2, arguments, &nothing())["kind"], "invalid_input");
    }
}

/// What a state file keeps.
fn kept(base_url: &str) -> [Value; 5] {
    let mut callbacks = get(base_url, "/callbacks");
    callbacks["sent"].take();
    callbacks["total_sent"].take();
    let mut clock = get(base_url, "/clock");
    clock["now"].take();
    let mut bills = get(base_url, "/bills");
    bills["last_event"].take();
    // The port is another one.
    for bill in bills["bills"].as_array_mut().unwrap() {
        let link = bill["link"]
            .as_str()
            .unwrap()
            .rsplit_once('/')
            .unwrap()
            .1
            .to_owned();
        bill["link"] = link.into();
    }
    let mut history = get(base_url, "/bills/b");
    history["link"].take();
    [bills, history, get(base_url, "/faults"), clock, callbacks]
}

#[test]
fn after_kill_9_and_a_restart_bills_faults_clock_and_due_callbacks_are_the_same() {
    let folder = Folder::new("kill");
    let state = folder.file("world.db");
    let arguments = [
        "--state",
        &state,
        "--bill",
        "a:1000:W",
        "--fault",
        "429@resend",
    ];
    let (mut mock, mut base_url) = start(&arguments);
    // Nobody listens there, so the callback is due again in an hour.
    let bill = json!({"bill_id": "b", "price": 2000, "callback_url": "http://127.0.0.1:9/hook"});
    post(&base_url, "/bills", bill);
    post(&base_url, "/clock/advance", json!({"hours": 30}));
    let read = json!({
        "apiKey": "mock-key", "member": "mock-member", "merchant": "mock-merchant", "bill": {"billId": "b"},
    });
    let cancel = json!({"fault": "error-code", "operation": "bill read", "every": 3});
    post(&base_url, "/faults", cancel);
    call(&base_url, "POST", "/partner/bill/read", &read.to_string());
    post(&base_url, "/bills/b/pay", json!({}));
    let deadline = Instant::now() + Duration::from_secs(30);
    while get(&base_url, "/callbacks")["sent"] == json!([]) {
        assert!(Instant::now() < deadline, "no callback was sent");
    }
    let mut restarts = 0;
    loop {
        let before = kept(&base_url);
        let waiting = before[4]["waiting"].as_array().unwrap();
        assert_eq!((waiting.len(), &waiting[0]["repeat"]), (1, &1.into()));
        assert_eq!(before[3]["ahead_seconds"], 30 * 3600);
        // SIGKILL, on Unix.
        mock.child.0.kill().unwrap();
        mock.child.0.wait().unwrap();
        (mock, base_url) = start(&arguments);
        assert_eq!(kept(&base_url), before);
        restarts += 1;
        if restarts == 2 {
            break;
        }
    }
    // One read came before, so the second from now on fails.
    let code = || {
        let response = call(&base_url, "POST", "/partner/bill/read", &read.to_string());
        response["code"].as_str().unwrap().to_owned()
    };
    assert_eq!([code(), code(), code()], ["0000", "ERROR", "0000"]);
    // A reset brings back the start, which the file has too.
    post(&base_url, "/reset", json!({}));
    assert_eq!(get(&base_url, "/bills")["total"], 1);
}

#[test]
fn each_request_that_was_responded_to_before_a_kill_is_in_the_state_file() {
    let folder = Folder::new("kills");
    let state = folder.file("world.db");
    let mut bills = 0;
    for _ in 0..5 {
        let (mut mock, base_url) = start(&["--state", &state]);
        assert_eq!(get(&base_url, "/bills")["total"], bills);
        for _ in 0..20 {
            bills += 1;
            post(
                &base_url,
                "/bills",
                json!({"bill_id": bills.to_string(), "price": 1}),
            );
        }
        mock.child.0.kill().unwrap();
        mock.child.0.wait().unwrap();
    }
}

#[test]
fn a_state_file_is_for_one_mock_server_and_for_its_owner_alone_and_has_no_key() {
    let folder = Folder::new("state");
    let state = folder.file("world.db");
    let seed = folder.with("world.toml", SEED);
    let (_mock, base_url) = start(&["--state", &state, "--seed", &seed]);
    call(
        &base_url,
        "POST",
        "/partner/bill/read",
        &read("academy-key"),
    );
    call(
        &base_url,
        "POST",
        "/partner/bill/read",
        &read("somebody-elses-key"),
    );
    let error = error_of(
        2,
        &["mock", "--listen", "127.0.0.1:0", "--state", &state],
        &nothing(),
    );
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("another mock server has it open"),
        "{message}"
    );
    for name in fs::read_dir(&folder.0).unwrap() {
        let path = name.unwrap().path();
        if path.extension() == Some("toml".as_ref()) {
            continue;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
        let bytes = fs::read(&path).unwrap();
        let has = |secret: &str| {
            bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        };
        assert!(
            !has("academy-key") && !has("somebody-elses-key"),
            "{}",
            path.display()
        );
    }
    let foreign = folder.with(
        "foreign.db",
        "this is no database, and longer than a header of one",
    );
    let error = error_of(
        2,
        &["mock", "--listen", "127.0.0.1:0", "--state", &foreign],
        &nothing(),
    );
    assert!(
        error["message"].as_str().unwrap().contains("no state file"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_ready_file_is_there_while_it_can_be_called_and_sigterm_ends_it_clean() {
    let folder = Folder::new("ready");
    let ready = folder.file("ready");
    let state = folder.file("world.db");
    let mut mock = MockServer::start(&["--ready-file", &ready, "--state", &state], &nothing());
    mock.line();
    let line = mock.until_logged("ready: ");
    let base_url = fs::read_to_string(&ready).unwrap();
    assert_eq!(line, format!("ready: {}", base_url.trim_end()));
    post(
        base_url.trim_end(),
        "/bills",
        json!({"bill_id": "a", "price": 1}),
    );
    signal(&mock.child, "TERM");
    assert_eq!(mock.child.exit_code(), 0);
    assert!(!Path::new(&ready).exists());
    let (_mock, base_url) = start(&["--state", &state]);
    assert_eq!(get(&base_url, "/bills")["total"], 1);
    let error = error_of(
        2,
        &[
            "mock",
            "--listen",
            "127.0.0.1:0",
            "--ready-file",
            "/no/such/folder/ready",
        ],
        &nothing(),
    );
    assert!(
        error["message"].as_str().unwrap().contains("ready file"),
        "{error}"
    );
}

#[test]
fn beyond_loopback_each_permission_is_explicit_and_warned_of() {
    let (mut mock, base_url) = start(&[
        "--listen",
        "0.0.0.0:0",
        "--allow-host",
        "payssam-mock",
        "--callbacks-to",
        "app",
    ]);
    for option in [
        "--listen 0.0.0.0",
        "--allow-host payssam-mock",
        "--callbacks-to app",
    ] {
        let line = mock.until_logged(option);
        assert!(one_line(&line)["warning"].is_string(), "{line}");
    }
    let port = base_url.strip_prefix("http://payssam-mock:").unwrap();
    let port = port.strip_suffix("/partner").unwrap();
    let status = |host: &str| call_as(host, &base_url, "GET", "/_mock/bills", "").0;
    for (host, expected) in [
        (format!("payssam-mock:{port}"), 200),
        (format!("PAYSSAM-MOCK:{port}"), 200),
        (format!("127.0.0.1:{port}"), 200),
        ("payssam-mock".to_owned(), 403),
        (format!("app:{port}"), 403),
        (format!("payssam.example:{port}"), 403),
        (format!("0.0.0.0:{port}"), 403),
    ] {
        assert_eq!(status(&host), expected, "{host}");
    }
    let callback = json!({"bill_id": "a", "price": 1, "callback_url": "http://app/hook"});
    let response = call_as(
        &format!("127.0.0.1:{port}"),
        &base_url,
        "POST",
        "/_mock/bills",
        &callback.to_string(),
    );
    assert_eq!(
        (response.0, &response.1["is_called_back"]),
        (200, &true.into())
    );
    for host in ["", "a/b", "*", "user@host"] {
        let ended = run(
            &["mock", "--listen", "127.0.0.1:0", "--allow-host", host],
            &nothing(),
        );
        assert_eq!(ended.code, 2, "{host}: {ended:?}");
    }
}
