//! What the command `payssam` promises: its words, its JSON and its exit codes.
//!
//! Every test runs the real command as a child with an environment of its own, against servers on
//! loopback only.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long any child may take.
const PATIENCE: Duration = Duration::from_secs(30);

const HASH_OF_TWO: &str = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
const HASH_OF_THREE: &str = "c381cdd2f56bc990da035d998b0bee8df1f12f9d59966483db8306cead9d96e9";

/// A child that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn end(&mut self) -> i32 {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code().expect("the command was killed by a signal");
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the command did not end in {PATIENCE:?}");
    }
}

#[derive(Debug)]
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn json(&self) -> Value {
        assert_eq!(
            self.stdout.trim_end().lines().count(),
            1,
            "one line: {self:?}"
        );
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The inside of the JSON error, which is one line on stderr and all there is.
    fn error(&self) -> Value {
        assert_eq!(self.stdout, "", "{self:?}");
        assert_eq!(
            self.stderr.trim_end().lines().count(),
            1,
            "one line: {self:?}"
        );
        let mut whole: Value = serde_json::from_str(&self.stderr).unwrap();
        let whole = whole.as_object_mut().unwrap();
        assert_eq!(keys_of(whole), ["error"]);
        let error = whole.remove("error").unwrap();
        assert_eq!(
            keys(&error),
            ["bill_id", "code", "outcome", "kind", "message", "operation"]
        );
        error
    }
}

fn keys(value: &Value) -> Vec<&str> {
    keys_of(value.as_object().unwrap())
}

fn keys_of(object: &serde_json::Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

type Environment = BTreeMap<String, String>;

/// The command, with nothing of this process's environment but what the system needs.
fn payssam(arguments: &[&str], environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payssam"));
    command
        .args(arguments)
        .env_clear()
        .envs(["SystemRoot", "PATH"].map(|name| (name, env::var_os(name).unwrap_or_default())))
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn spawn(arguments: &[&str], environment: &Environment) -> Running {
    Running(payssam(arguments, environment).spawn().unwrap())
}

fn run(arguments: &[&str], environment: &Environment) -> Ended {
    let mut child = spawn(arguments, environment);
    let stdout = drained(child.0.stdout.take().unwrap());
    let stderr = drained(child.0.stderr.take().unwrap());
    Ended {
        code: child.end(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

fn drained(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
}

fn nothing() -> Environment {
    Environment::new()
}

fn at(base_url: &str) -> Environment {
    [
        ("PAYSSAM_BASE_URL", base_url),
        ("PAYSSAM_API_KEY", "the-key"),
        ("PAYSSAM_MEMBER", "the-member"),
        ("PAYSSAM_MERCHANT", "the-merchant"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// `payssam mock`, running.
struct MockServer {
    child: Running,
    stdout: BufReader<std::process::ChildStdout>,
}

impl MockServer {
    fn start(arguments: &[&str], environment: &Environment) -> Self {
        let arguments = [&["mock", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child = spawn(&arguments, environment);
        let stdout = BufReader::new(child.0.stdout.take().unwrap());
        MockServer { child, stdout }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the mock server ended");
        line.trim_end().to_owned()
    }

    /// The variables of the next `count` export lines.
    fn exports(&mut self, count: usize) -> Environment {
        (0..count)
            .map(|_| {
                let line = self.line();
                let (name, value) = line
                    .strip_prefix("export ")
                    .unwrap()
                    .split_once('=')
                    .unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect()
    }

    /// Stops it, and gives what it printed besides and to stderr.
    fn stop(mut self) -> (String, String) {
        self.child.0.kill().unwrap();
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        let mut pipe = self.child.0.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        (stdout, stderr)
    }
}

/// A server that gives every request the same answer and remembers the bodies.
struct Server {
    base_url: String,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl Server {
    fn answering(status: &'static str, body: impl Into<String>) -> Self {
        let body = body.into();
        Server::serving(Some(format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        )))
    }

    /// Success with this `data`.
    fn with_data(data: Value) -> Self {
        let body = json!({"code": "0000", "message": "성공하였습니다.", "data": data});
        Server::answering("200 OK", body.to_string())
    }

    fn silent() -> Self {
        Server::serving(None)
    }

    fn serving(answer: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/partner", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let seen = bodies.clone();
        thread::spawn(move || {
            let mut kept = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                seen.lock().unwrap().push(body_of(&stream));
                match &answer {
                    Some(answer) => stream.write_all(answer.as_bytes()).unwrap(),
                    None => kept.push(stream),
                }
            }
        });
        Server { base_url, bodies }
    }

    fn environment(&self) -> Environment {
        at(&self.base_url)
    }

    fn bodies(&self) -> Vec<Value> {
        self.bodies.lock().unwrap().clone()
    }
}

fn body_of(stream: &TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// A base URL at which nobody listens: a port that no test is ever given.
const CLOSED: &str = "http://127.0.0.1:1/partner";

fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("{part:?} is missing, or not in its place, in:\n{text}");
        };
        rest = after;
    }
}

/// The value of a row of text output.
fn row<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    text.lines()
        .find_map(|line| line.strip_prefix(label)?.strip_prefix("  "))
        .map(str::trim)
}

mod demo {
    use super::*;

    #[test]
    fn tells_the_life_of_a_bill_and_what_to_do_next() {
        let ended = run(&["demo"], &nothing());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(ended.stderr, "");
        assert_in_order(
            &ended.stdout,
            &[
                "청구서",
                "결제선생",
                "http://127.0.0.1:",
                "in the mock server",
                "→ unpaid (W)",
                "45,000 won",
                "in the mock server",
                "→ paid (F)",
                "POST /bill/read",
                "→ paid (F)",
                "45,000 won",
                " KST",
                "POST /bill/cancel",
                "→ cancelled (C)",
                " KST",
                "POST /bill/read",
                "→ cancelled (C)",
                "export PAYSSAM_BASE_URL=",
                "export PAYSSAM_API_KEY=",
                "export PAYSSAM_MEMBER=",
                "export PAYSSAM_MERCHANT=",
                "payssam bill read",
            ],
        );
    }

    #[test]
    fn in_json_is_one_object_with_each_step_as_the_library_serializes_it() {
        let ended = run(&["demo", "--output", "json"], &nothing());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let told = ended.json();
        assert_eq!(keys(&told), ["steps"]);
        let steps = told["steps"].as_array().unwrap();
        let outline: Vec<_> = steps
            .iter()
            .map(|step| (step["step"].as_str().unwrap(), step["operation"].as_str()))
            .collect();
        assert_eq!(
            outline,
            [
                ("start_mock_server", None),
                ("add_bill", None),
                ("pay", None),
                ("read", Some("bill read")),
                ("cancel", Some("bill cancel")),
                ("read_again", Some("bill read")),
            ]
        );
        assert!(
            steps
                .iter()
                .all(|step| step.as_object().unwrap().contains_key("operation"))
        );
        let (paid, cancelled) = (&steps[3]["bill"], &steps[5]["bill"]);
        assert_eq!(keys(paid), ["approval", "id", "state"]);
        assert_eq!(
            (&paid["state"], &cancelled["state"]),
            (&json!("paid"), &json!("cancelled"))
        );
        assert_eq!(paid["approval"]["price"], 45_000);
        assert_eq!(
            keys(&steps[4]["cancellation"]),
            [
                "approval_number",
                "bill_id",
                "cancelled_at",
                "original_approval_number"
            ]
        );
    }

    #[test]
    fn calls_nobody_but_its_own_mock_server() {
        let elsewhere = Server::answering("500 Internal Server Error", "");
        let mut environment = elsewhere.environment();
        environment.insert("HTTP_PROXY".into(), elsewhere.base_url.clone());
        environment.insert("http_proxy".into(), elsewhere.base_url.clone());
        let ended = run(&["demo", "--base-url", &elsewhere.base_url], &environment);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(elsewhere.bodies(), [Value::Null; 0]);
    }
}

mod mock {
    use super::*;

    #[test]
    fn prints_export_lines_with_which_bills_in_all_states_are_read_and_cancelled() {
        let mut mock = MockServer::start(
            &[
                "--bill",
                "a:1000:W",
                "--bill",
                "b:2000:paid",
                "--bill",
                "c:3000:C",
                "--bill",
                "d:2024:4000:destroyed",
            ],
            &nothing(),
        );
        let environment = mock.exports(4);
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
        for (id, state, amount) in [
            ("a", "unpaid (W)", "1,000 won"),
            ("b", "paid (F)", "2,000 won"),
            ("c", "cancelled (C)", "3,000 won"),
            ("d:2024", "destroyed (D)", "4,000 won"),
        ] {
            let read = run(&["bill", "read", id], &environment);
            assert_eq!((read.code, read.stderr.as_str()), (0, ""));
            let label = |label| row(&read.stdout, label);
            assert_eq!(label("bill id"), Some(id), "{}", read.stdout);
            assert_eq!(label("state  "), Some(state), "{}", read.stdout);
            assert_eq!(label("amount "), Some(amount), "{}", read.stdout);
        }
        let cancel = [
            "bill",
            "cancel",
            "b",
            "--price",
            "2000",
            "--reason",
            "고객 요청",
        ];
        let cancelled = run(&cancel, &environment);
        assert_eq!((cancelled.code, cancelled.stderr.as_str()), (0, ""));
        assert_eq!(
            row(&cancelled.stdout, "state  "),
            Some("cancelled (C)"),
            "{}",
            cancelled.stdout
        );
        assert!(
            row(&cancelled.stdout, "cancelled at").is_some_and(|at| at.ends_with(" KST")),
            "{}",
            cancelled.stdout
        );
        let read = run(&["bill", "read", "b", "--output", "json"], &environment);
        assert_eq!(read.json()["state"], "cancelled");
        assert_eq!(run(&cancel, &environment).code, 3);
    }

    #[cfg(unix)]
    #[test]
    fn prints_lines_that_a_shell_can_read() {
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
    fn in_json_prints_one_object_with_its_own_key() {
        let mut mock = MockServer::start(&["--output", "json"], &nothing());
        let told: Value = serde_json::from_str(&mock.line()).unwrap();
        assert_eq!(keys(&told), ["api_key", "base_url", "member", "merchant"]);
        let environment = [
            ("PAYSSAM_BASE_URL", "base_url"),
            ("PAYSSAM_API_KEY", "api_key"),
            ("PAYSSAM_MEMBER", "member"),
            ("PAYSSAM_MERCHANT", "merchant"),
        ]
        .map(|(name, key)| (name.to_owned(), told[key].as_str().unwrap().to_owned()));
        let read = run(
            &["--output", "json", "bill", "read", "x"],
            &environment.into(),
        );
        assert_eq!(read.error()["code"], "BILL_003");
        assert_eq!(mock.stop(), (String::new(), String::new()));
    }

    #[test]
    fn takes_its_key_from_the_environment_and_never_prints_it() {
        let mine: Environment = at("unused")
            .into_iter()
            .filter(|(name, _)| name != "PAYSSAM_BASE_URL")
            .collect();
        let bill = ["--bill", "a:1000:F"];
        let mut mock = MockServer::start(&bill, &mine);
        let mut environment = mock.exports(1);
        environment.extend(mine.clone());
        let read = run(&["bill", "read", "a"], &environment);
        assert_eq!(read.code, 0, "{read:?}");
        environment.insert("PAYSSAM_API_KEY".into(), "mock-key".into());
        let read = run(&["bill", "read", "a"], &environment);
        assert_eq!(read.code, 3, "{read:?}");
        assert!(read.stderr.contains("PARTNER_003"), "{read:?}");
        let (stdout, stderr) = mock.stop();
        assert!(!stdout.contains("the-key") && !stdout.contains("mock-key"));
        assert!(!stderr.contains("the-key"));
        assert!(stderr.contains("Ctrl-C"), "{stderr}");

        let mut mock = MockServer::start(&["--output", "json"], &mine);
        let told: Value = serde_json::from_str(&mock.line()).unwrap();
        assert_eq!(keys(&told), ["base_url", "member", "merchant"]);
        assert_eq!(told["member"], "the-member");
    }

    #[cfg(unix)]
    #[test]
    fn ends_well_when_it_is_told_to_stop() {
        for signal in ["-INT", "-TERM"] {
            let mut mock = MockServer::start(&[], &nothing());
            mock.line();
            let pid = mock.child.0.id().to_string();
            let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
            assert!(sent.success());
            assert_eq!(mock.child.end(), 0, "{signal}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_be() {
        for (arguments, words) in [
            (
                &["--bill", "a:1000:X"][..],
                &[
                    "bill state",
                    "W, F, C or D",
                    "unpaid, paid, cancelled or destroyed",
                    "a:1000:X",
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
                &["bill id", "a:2:F"],
            ),
            (
                &["--fault", "earthquake:0.5@read"],
                &[
                    "fault",
                    "no earthquake",
                    "--fault earthquake:0.5@read",
                    "latency, close-before-reading, close-after-reading, apply-then-close, \
                     apply-then-hang, cut-answer, lying-length, 502-html, 502-html-applied, \
                     500-envelope, 500-envelope-applied, 200-html, 200-html-applied, 200-empty, \
                     200-empty-applied, wrong-echo, slow-drip, error-code, error-code-applied, \
                     payment-001, payment-001-applied, 429, 307, msg-for-message, \
                     numbers-for-strings",
                ],
            ),
            (&["--fault", ""], &["fault", "latency"]),
            (&["--fault", "latency:"], &["probability", "from 0 to 1"]),
            (&["--fault", "latency:1.5"], &["probability", "latency:1.5"]),
            (&["--fault", "latency:half"], &["probability"]),
            (&["--fault", "latency:NaN"], &["probability"]),
            (
                &["--fault", "latency@refund"],
                &[
                    "operation",
                    "no refund",
                    "read, cancel, send, resend, destroy, receipt-issue",
                ],
            ),
            (
                &["--fault", "latency@"],
                &["operation", "read, cancel, send"],
            ),
        ] {
            let ended = run(
                &[
                    &["mock", "--listen", "127.0.0.1:0", "--output", "json"],
                    arguments,
                ]
                .concat(),
                &nothing(),
            );
            let error = ended.error();
            assert_eq!((ended.code, &error["kind"]), (2, &json!("invalid_input")));
            for word in words {
                assert!(error["message"].as_str().unwrap().contains(word), "{error}");
            }
        }
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            let ended = run(&["mock", "--listen", address], &nothing());
            assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
            assert!(ended.stderr.contains("loopback"), "{ended:?}");
        }
        let ended = run(&["mock", "--listen", "8787"], &nothing());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains("127.0.0.1:8787"), "{ended:?}");
    }

    #[test]
    fn misbehaves_as_it_is_told_to() {
        let faults = ["--fault", "429@read", "--fault", "apply-then-close@cancel"];
        let bill = ["--bill", "a:1000:F"];
        let mut mock = MockServer::start(&[&bill[..], &faults].concat(), &nothing());
        let environment = mock.exports(4);
        let read = ["--no-retry", "bill", "read", "a", "--output", "json"];
        let ended = run(&read, &environment);
        assert_eq!(ended.code, 3);
        assert_eq!(ended.error()["code"], "MOCK_TOO_MANY_REQUESTS");
        let cancel = ["bill", "cancel", "a", "--price", "1000", "--output", "json"];
        let ended = run(&cancel, &environment);
        assert_eq!((ended.code, &ended.error()["code"]), (5, &Value::Null));
        let ended = run(&cancel, &environment);
        assert_eq!(ended.code, 5, "it strikes again");
    }

    #[test]
    fn strikes_the_same_requests_again_by_its_seed() {
        let bills: Vec<String> = (0..12).map(|number| format!("{number}:1000:F")).collect();
        let strikes = |seed: &[&str]| {
            let mut arguments = vec!["--output", "json", "--fault", "200-empty:0.5"];
            arguments.extend(seed);
            for bill in &bills {
                arguments.extend(["--bill", bill]);
            }
            let mut mock = MockServer::start(&arguments, &nothing());
            let told: Value = serde_json::from_str(&mock.line()).unwrap();
            let environment = at(told["base_url"].as_str().unwrap());
            let environment = environment
                .into_iter()
                .map(|(name, value)| match name.as_str() {
                    "PAYSSAM_API_KEY" => (name, "mock-key".into()),
                    "PAYSSAM_MEMBER" => (name, "mock-member".into()),
                    "PAYSSAM_MERCHANT" => (name, "mock-merchant".into()),
                    _ => (name, value),
                })
                .collect();
            let codes: Vec<i32> = (0..12)
                .map(|number| {
                    let id = number.to_string();
                    run(&["--no-retry", "bill", "read", &id], &environment).code
                })
                .collect();
            (told["seed"].as_u64().unwrap(), codes)
        };
        let (seed, codes) = strikes(&[]);
        assert_eq!(strikes(&["--seed", &seed.to_string()]), (seed, codes));
        let (seed, codes) = strikes(&["--seed", "7"]);
        assert_eq!(seed, 7);
        assert!(codes.contains(&0) && codes.contains(&5), "{codes:?}");
    }

    #[test]
    fn tells_the_seed_only_where_there_are_faults() {
        let mut mock = MockServer::start(&["--fault", "latency:0.5", "--seed", "7"], &nothing());
        mock.exports(4);
        let mut hints = BufReader::new(mock.child.0.stderr.take().unwrap()).lines();
        assert!(hints.any(|hint| hint.unwrap().contains("--seed 7 repeats it")));
        let ended = run(&["mock", "--seed", "7"], &nothing());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains("--fault"), "{ended:?}");
    }

    #[test]
    fn names_the_address_that_is_taken() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let ended = run(&["mock", "--listen", &address], &nothing());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains(&address), "{ended:?}");
    }
}

mod safe_cancellation {
    use super::*;

    const CANCEL: [&str; 5] = ["bill", "cancel", "a", "--price", "1000"];

    fn cancel(more: &[&str], environment: &Environment) -> Ended {
        run(&[&CANCEL[..], more].concat(), environment)
    }

    #[test]
    fn confirm_finds_out_what_became_of_a_lost_answer() {
        let faults = ["--fault", "apply-then-close@cancel"];
        let bill = ["--bill", "a:1000:F"];
        let mut mock = MockServer::start(&[&bill[..], &faults].concat(), &nothing());
        let environment = mock.exports(4);
        let ended = cancel(&["--confirm", "--output", "json"], &environment);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let done = ended.json();
        assert_eq!(
            keys(&done),
            [
                "already",
                "approval_number",
                "bill_id",
                "cancelled_at",
                "confirmed_by_read",
                "original_approval_number"
            ]
        );
        assert_eq!(done["confirmed_by_read"], true);
        assert_eq!(done["already"], false);
        let ended = cancel(&["--confirm"], &environment);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        assert_eq!(row(&ended.stdout, "bill id"), Some("a"));
        assert!(row(&ended.stdout, "confirmed by").is_some(), "{ended:?}");
        let ended = cancel(
            &["--confirm", "--confirm-first", "--output=json"],
            &environment,
        );
        assert_eq!(ended.json()["already"], true);
    }

    #[test]
    fn confirm_gives_up_at_its_deadline_and_says_what_was_tried() {
        let server = Server::answering("502 Bad Gateway", "");
        let ended = cancel(
            &["--confirm", "--deadline", "1s", "--output=json"],
            &server.environment(),
        );
        assert_eq!(ended.code, 5);
        let error = ended.error();
        assert_eq!(error["outcome"], "unknown");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("after 1 cancellation and "), "{message}");
        assert!(server.bodies().len() > 1);
    }

    #[test]
    fn confirm_first_cancels_nothing_that_is_not_paid_with_this_amount() {
        let bills = ["--bill", "a:2000:F"];
        let mut mock = MockServer::start(&bills, &nothing());
        let environment = mock.exports(4);
        for more in [&["--confirm-first"][..], &["--confirm-first", "--confirm"]] {
            let ended = cancel(&[more, &["--output=json"]].concat(), &environment);
            assert_eq!(ended.code, 2);
            assert_eq!(ended.error()["outcome"], "not_sent");
            let read = run(&["bill", "read", "a", "--output=json"], &environment);
            assert_eq!(read.json()["state"], "paid");
        }
    }

    #[test]
    fn a_deadline_goes_with_confirm_only() {
        let ended = cancel(&["--deadline", "1s"], &at(CLOSED));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains("--confirm"), "{ended:?}");
        let ended = cancel(&["--confirm", "--deadline", "soon"], &at(CLOSED));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    }

    #[test]
    fn a_reading_is_made_three_times_unless_it_may_not_be() {
        for (more, expected) in [(&[][..], 3), (&["--no-retry"], 1)] {
            let server = Server::answering("502 Bad Gateway", "");
            let arguments = [&["bill", "read", "a"][..], more].concat();
            let ended = run(&arguments, &server.environment());
            assert_eq!(ended.code, 5);
            assert_eq!(server.bodies().len(), expected);
        }
    }
}

mod life {
    use super::*;

    const SEND: [&str; 12] = [
        "bill",
        "send",
        "--price",
        "45000",
        "--product",
        "3월 수강료",
        "--payer",
        "김하나",
        "--phone",
        "010-1234-5678",
        "--callback",
        "https://academy.example/payssam",
    ];

    /// Runs the command, which must succeed, and gives its JSON.
    fn json_of(arguments: &[&str], environment: &Environment) -> Value {
        let arguments = [&["--output", "json"], arguments].concat();
        let ended = run(&arguments, environment);
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (0, ""),
            "{arguments:?}"
        );
        ended.json()
    }

    fn state(id: &str, environment: &Environment) -> Value {
        json_of(&["bill", "read", id], environment)["state"].take()
    }

    /// The code of the refusal that the command ends with.
    fn refusal(arguments: &[&str], environment: &Environment) -> Value {
        let arguments = [&["--output", "json"], arguments].concat();
        let ended = run(&arguments, environment);
        assert_eq!(ended.code, 3, "{ended:?}");
        ended.error()["code"].take()
    }

    fn mock(more: &[&str]) -> (MockServer, Environment) {
        let mut mock = MockServer::start(more, &nothing());
        let environment = mock.exports(4);
        (mock, environment)
    }

    #[test]
    fn a_bill_goes_through_every_path_of_its_states_by_the_command_alone() {
        let (_mock_server, at) = mock(&[]);
        let send = |id: &str| json_of(&[&SEND[..], &["--id", id, "--confirm"]].concat(), &at);
        let (cancel, destroy) = (
            ["bill", "cancel", "a", "--price", "45000", "--confirm"],
            ["bill", "destroy", "a", "--price", "45000", "--confirm"],
        );

        // Unpaid, paid, cancelled.
        let sent = send("a");
        assert_eq!(sent["bill_id"], "a");
        assert_eq!(sent["confirmed_by_read"], false);
        assert_eq!(state("a", &at), "unpaid");
        assert_eq!(
            json_of(&["bill", "resend", "a"], &at),
            json!({"bill_id": "a"})
        );
        assert_eq!(refusal(&cancel, &at), "MOCK_NOT_PAID");
        let link = sent["short_url"].as_str().unwrap();
        let paid = json_of(&["mock", "pay", link], &at);
        assert_eq!(paid, json!({"link": link, "paid": true}));
        assert_eq!(state("a", &at), "paid");
        assert_eq!(run(&["mock", "pay", link], &at).code, 2);
        assert_eq!(refusal(&["bill", "resend", "a"], &at), "BILL_006");
        assert_eq!(refusal(&destroy, &at), "MOCK_PAID");
        assert_eq!(json_of(&cancel, &at)["already"], false);
        assert_eq!(state("a", &at), "cancelled");
        assert_eq!(json_of(&cancel, &at)["already"], true);
        assert_eq!(refusal(&destroy, &at), "MOCK_ALREADY_CANCELLED");
        assert_eq!(run(&["mock", "pay", link], &at).code, 2);

        // Unpaid, destroyed.
        let sent = send("b");
        let (cancel, destroy) = (
            ["bill", "cancel", "b", "--price", "45000", "--confirm"],
            ["bill", "destroy", "b", "--price", "45000", "--confirm"],
        );
        let destroyed = json_of(&destroy, &at);
        assert_eq!(
            destroyed,
            json!({"bill_id": "b", "already": false, "confirmed_by_read": false})
        );
        assert_eq!(state("b", &at), "destroyed");
        assert_eq!(json_of(&destroy, &at)["already"], true);
        assert_eq!(refusal(&cancel, &at), "MOCK_DESTROYED");
        let link = sent["short_url"].as_str().unwrap();
        assert_eq!(run(&["mock", "pay", link], &at).code, 2);

        // An id is taken for good.
        let again = [&SEND[..], &["--id", "b"]].concat();
        assert_eq!(refusal(&again, &at), "BILL_001");
    }

    #[test]
    fn a_new_bill_gets_a_new_id_and_text_names_it_with_its_link() {
        let (_mock_server, at) = mock(&[]);
        let all = [
            "--link",
            "--issuer",
            "하나 학원",
            "--message",
            "늦지 않게",
            "--expires",
            "2099-12-31",
            "--taxed",
            "--redirect",
            "https://academy.example/thanks",
        ];
        let ended = run(&[&SEND[..], &all].concat(), &at);
        assert_eq!(ended.code, 0, "{ended:?}");
        let id = row(&ended.stdout, "bill id").unwrap();
        assert_eq!(id.len(), 20);
        assert!(
            row(&ended.stdout, "link   ")
                .unwrap()
                .starts_with("http://127.0.0.1:")
        );
        assert_eq!(state(id, &at), "unpaid");
    }

    #[test]
    fn a_lost_answer_is_found_with_confirm() {
        let (_mock_server, at) = mock(&[
            "--fault",
            "apply-then-close@send",
            "--fault",
            "apply-then-close@destroy",
            "--fault",
            "apply-then-close@receipt-issue",
        ]);
        let sent = json_of(&[&SEND[..], &["--id", "a", "--confirm"]].concat(), &at);
        assert_eq!(sent["confirmed_by_read"], true);
        assert_eq!(sent["short_url"], Value::Null);
        let destroy = ["bill", "destroy", "a", "--price", "45000", "--confirm"];
        assert_eq!(json_of(&destroy, &at)["confirmed_by_read"], true);
        let issue = [
            "receipt",
            "issue",
            "--price",
            "1000",
            "--taxed",
            "--confirm",
        ];
        let issue = [&issue[..], &["--phone", "01012345678"]].concat();
        assert_eq!(json_of(&issue, &at)["confirmed_by_read"], true);
        let unsure = run(&[&SEND[..], &["--id", "b"]].concat(), &at);
        assert_eq!(unsure.code, 5);
        assert!(
            unsure.stderr.contains("never under another id"),
            "{unsure:?}"
        );
    }

    #[test]
    fn what_breaks_a_rule_is_2_and_personal_data_is_not_repeated() {
        for (place, wrong, named) in [
            (3, "45,000", "price"),
            (5, "", "product name"),
            (7, "", "payer name"),
            (9, "02-1234-5678", "phone"),
            (11, "http://academy.example", "callback url"),
        ] {
            let mut arguments = SEND;
            arguments[place] = wrong;
            let ended = run(&arguments, &at(CLOSED));
            assert_eq!(ended.code, 2, "{wrong}");
            let words = format!("error: invalid {named}: ");
            assert!(ended.stderr.starts_with(&words), "{ended:?}");
            assert!(!ended.stderr.contains("1234-5678"), "{ended:?}");
        }
    }

    #[test]
    fn a_receipt_is_issued_read_and_cancelled() {
        let (_mock_server, at) = mock(&[]);
        let issue = [
            "receipt",
            "issue",
            "--id",
            "r",
            "--price",
            "7500",
            "--taxed",
            "--business",
            "220-81-62517",
        ];
        let issued = json_of(&issue, &at);
        assert_eq!(
            issued,
            json!({
                "bill_id": "r",
                "state": "issued",
                "approval_number": "[masked]",
                "already": false,
                "confirmed_by_read": false,
            })
        );
        assert_eq!(refusal(&issue, &at), "BILL_001");
        let read = ["receipt", "read", "r", "--price", "7500"];
        let entry = &json_of(&read, &at)["entries"][0];
        assert_eq!(entry["state"], "issued");
        assert_eq!(entry["supply_price"], "6818");
        assert_eq!(entry["tax"], "682");
        assert_eq!(entry["issuance_number"], "[masked]");
        let revealed = json_of(&[&read[..], &["--reveal"]].concat(), &at);
        assert_eq!(revealed["revealed"][0]["issuance_number"], "2208162517");
        let cancel = |trader| {
            [
                "receipt",
                "cancel",
                "r",
                "--price",
                "7500",
                "--confirm",
                "--trader",
                trader,
            ]
        };
        assert_eq!(refusal(&cancel("person"), &at), "MOCK_TRADER");
        assert_eq!(json_of(&cancel("business"), &at)["state"], "cancelled");
        assert_eq!(json_of(&cancel("business"), &at)["already"], true);
        let ended = run(&read, &at);
        assert_in_order(&ended.stdout, &["cancelled (C)", "7,500 won", "issued (F)"]);
        assert!(!ended.stdout.contains("2208162517"), "{ended:?}");
    }

    #[test]
    fn a_receipt_needs_one_tax_and_one_holder() {
        for arguments in [
            &["--taxed"][..],
            &["--phone", "01012345678"],
            &["--taxed", "--tax-free", "--phone", "01012345678"],
            &[
                "--taxed",
                "--phone",
                "01012345678",
                "--business",
                "2208162517",
            ],
            &["--tax", "1001", "--phone", "01012345678"],
            &["--tax", "x", "--phone", "01012345678"],
            &["--taxed", "--business", "2208162518"],
        ] {
            let issue = [&["receipt", "issue", "--price", "1000"], arguments].concat();
            let ended = run(&issue, &at(CLOSED));
            assert_eq!(ended.code, 2, "{arguments:?}");
            assert!(!ended.stderr.contains("2208162518"), "{ended:?}");
        }
    }

    #[test]
    fn points_are_those_of_the_partner_and_of_the_shop() {
        let (_mock_server, at) = mock(&[]);
        let points = json_of(&["points"], &at);
        assert_eq!(points["partner"]["balance"], 1_000_000_000);
        assert_eq!(points["merchant"]["balance"], 0);
        let ended = run(&["points"], &at);
        assert_eq!(
            row(&ended.stdout, "points of the partner"),
            Some("1000000000")
        );
    }

    #[test]
    fn an_inspection_gives_the_five_bills_to_hand_in() {
        let (_mock_server, at) = mock(&[]);
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = free.local_addr().unwrap().to_string();
        drop(free);
        let callback = format!("http://{listen}/payssam");
        let arguments = [
            "--output",
            "json",
            "inspect",
            "--payer",
            "김하나",
            "--phone",
            "01012345678",
            "--callback",
            &callback,
            "--listen",
            &listen,
            "--wait",
            "28s",
        ];
        let mut inspection = spawn(&arguments, &at);
        let mut hints = BufReader::new(inspection.0.stderr.take().unwrap());
        for _ in 0..3 {
            let mut hint = String::new();
            hints.read_line(&mut hint).unwrap();
            let (told, link) = hint.trim_end().split_once(": ").unwrap();
            assert!(told.starts_with("pay bill "), "{hint}");
            assert_eq!(run(&["mock", "pay", link], &at).code, 0, "{hint}");
        }
        let stdout = drained(inspection.0.stdout.take().unwrap());
        assert_eq!(inspection.end(), 0);
        let proofs: Value = serde_json::from_str(&stdout.join().unwrap()).unwrap();
        for (proof, expected) in [
            ("approved", "paid"),
            ("cancelled", "cancelled"),
            ("destroyed", "destroyed"),
            ("read", "unpaid"),
            ("called_back", "paid"),
        ] {
            assert_eq!(state(proofs[proof].as_str().unwrap(), &at), expected);
        }
    }

    #[test]
    fn an_inspection_that_nobody_pays_ends_and_says_which_bill() {
        let (_mock_server, at) = mock(&[]);
        let arguments = [
            "inspect",
            "--payer",
            "김하나",
            "--phone",
            "01012345678",
            "--wait",
            "1s",
            "--callback",
            "http://127.0.0.1:1",
            "--listen",
            "127.0.0.1:0",
        ];
        let ended = run(&arguments, &at);
        assert_eq!(ended.code, 5);
        let words = "it was not paid within the time that --wait gives";
        assert!(ended.stderr.contains(words), "{ended:?}");
        assert!(!ended.stderr.contains("김하나"), "{ended:?}");
    }

    #[test]
    fn only_a_bill_of_a_mock_server_on_this_machine_is_paid() {
        for link in [
            "https://payssam.example/pay/1",
            "not a link",
            "http://127.0.0.1:1/pay/1",
        ] {
            let ended = run(&["mock", "pay", link], &nothing());
            assert_eq!(ended.code, 2, "{link}");
        }
    }
}

mod call {
    use super::*;

    #[test]
    fn sends_the_fields_with_the_envelope_and_prints_the_data() {
        let server = Server::with_data(json!({"billId": "a", "ok": true}));
        let fields = r#"{"bill":{"billId":"a"},"member":null}"#;
        let ended = run(&["call", "/bill/rp", fields], &server.environment());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        assert_eq!(ended.stdout, "{\"billId\":\"a\",\"ok\":true}\n");
        let ended = run(
            &["--output", "json", "call", "/bill/rp", fields],
            &server.environment(),
        );
        assert_eq!(
            ended.json(),
            json!({"path": "/bill/rp", "data": {"billId": "a", "ok": true}})
        );
        let sent = json!({
            "apiKey": "the-key",
            "merchant": "the-merchant",
            "bill": {"billId": "a"},
        });
        assert_eq!(server.bodies(), [sent.clone(), sent]);
    }

    #[test]
    fn takes_the_fields_from_stdin_where_no_other_process_sees_them() {
        let server = Server::with_data(json!(null));
        let mut command = payssam(&["call", "/a", "-"], &server.environment());
        let mut child = Running(command.stdin(Stdio::piped()).spawn().unwrap());
        let mut stdin = child.0.stdin.take().unwrap();
        stdin.write_all(br#"{"phone":"01012345678"}"#).unwrap();
        drop(stdin);
        assert_eq!(child.end(), 0);
        assert_eq!(server.bodies()[0]["phone"], "01012345678");
    }

    #[test]
    fn masks_what_is_personal_and_reveals_all_but_the_key() {
        let data = json!({
            "apiKey": "the-key",
            "list": [{"phone": "01012345678", "member_name": "김철수", "hash": "abc"}],
            "words": "전화 010-1234-5678, key the-key",
            "number": 1_234_567_890,
            "price": "45000",
            "expireDt": "2026-11-24",
            "none": {"phone": null},
        });
        let server = Server::with_data(data.clone());
        let arguments = ["call", "/a", "{}", "--output", "json"];
        let ended = run(&arguments, &server.environment());
        assert_eq!(
            ended.json()["data"],
            json!({
                "apiKey": "[masked]",
                "list": [{"phone": "[masked]", "member_name": "[masked]", "hash": "[masked]"}],
                "words": "전화 [masked], key [masked]",
                "number": "[masked]",
                "price": "45000",
                "expireDt": "2026-11-24",
                "none": {"phone": null},
            })
        );
        let ended = run(
            &[&arguments[..], &["--reveal"]].concat(),
            &server.environment(),
        );
        let mut revealed = data;
        revealed["apiKey"] = json!("[masked]");
        revealed["words"] = json!("전화 010-1234-5678, key [masked]");
        assert_eq!(ended.json()["data"], revealed);
    }

    #[test]
    fn an_answer_that_cannot_be_masked_is_shown_only_when_it_is_asked_for() {
        let answer = r#"{"code":"0000","data":{"phone":"01012345678","n":1e999999}}"#;
        let server = Server::answering("200 OK", answer);
        let ended = run(&["call", "/a", "{}"], &server.environment());
        assert_eq!((ended.code, ended.stdout.as_str()), (0, "\"[masked]\"\n"));
        let ended = run(&["call", "/a", "{}", "--reveal"], &server.environment());
        let whole = "{\"phone\":\"01012345678\",\"n\":1e999999}\n";
        assert_eq!((ended.code, ended.stdout.as_str()), (0, whole));
    }

    #[test]
    fn a_terminal_cannot_be_steered_by_an_answer() {
        let server = Server::with_data(json!({"a": "\u{9b}31m\u{202e}"}));
        let ended = run(&["call", "/a", "{}"], &server.environment());
        assert_eq!(ended.stdout, "{\"a\":\"\\u009b31m\\u202e\"}\n");
    }

    #[test]
    fn what_cannot_be_sent_is_2_and_is_not_repeated() {
        let environment = at(CLOSED);
        for (path, body) in [
            ("bill/rp", "{}"),
            ("/bill/../rp", "{}"),
            ("/bill/rp", "01012345678 x"),
            ("/bill/rp", "[]"),
            ("/bill/rp", r#"{"apiKey":"01012345678"}"#),
        ] {
            let ended = run(&["call", path, body, "--output", "json"], &environment);
            assert_eq!(ended.code, 2, "{path} {body}");
            let message = ended.error()["message"].to_string();
            assert!(message.contains("nothing was sent"), "{message}");
            assert!(!message.contains("0101"), "{message}");
        }
    }

    #[test]
    fn ends_with_the_exit_codes_of_every_other_call() {
        let refusal = json!({"code": "PARTNER_001", "message": "no", "data": null});
        let server = Server::answering("200 OK", refusal.to_string());
        let ended = run(&["call", "/a", "{}"], &server.environment());
        assert_eq!(ended.code, 3);
        let words = "error: raw call rejected: PARTNER_001 no (/a)\n";
        assert_eq!(ended.stderr, words);
        assert_eq!(run(&["call", "/a", "{}"], &at(CLOSED)).code, 4);
        let server = Server::answering("502 Bad Gateway", "");
        let ended = run(&["call", "/a", "{}"], &server.environment());
        assert_eq!(ended.code, 5);
        assert_eq!(server.bodies().len(), 1);
    }
}

mod exit_codes {
    use super::*;

    #[test]
    fn a_refusal_is_3_and_says_code_and_message() {
        let refusal =
            json!({"code": "BILL_003", "message": "청구서를 찾을 수 없습니다.", "data": null});
        let server = Server::answering("200 OK", refusal.to_string());
        let ended = run(
            &["bill", "cancel", "2024-0001", "--price", "45000"],
            &server.environment(),
        );
        assert_eq!((ended.code, ended.stdout.as_str()), (3, ""));
        assert_eq!(
            ended.stderr,
            "error: bill cancel rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001)\n"
        );
        let ended = run(
            &["bill", "read", "2024-0001", "--output", "json"],
            &server.environment(),
        );
        assert_eq!(ended.code, 3);
        assert_eq!(
            ended.error(),
            json!({
                "kind": "rejected",
                "outcome": "rejected",
                "operation": "bill read",
                "code": "BILL_003",
                "message":
                    "bill read rejected: BILL_003 청구서를 찾을 수 없습니다. (bill 2024-0001)",
                "bill_id": "2024-0001",
            })
        );
    }

    #[test]
    fn a_closed_port_is_4_and_says_why() {
        let environment = at(CLOSED);
        let ended = run(&["bill", "cancel", "1", "--price", "1"], &environment);
        assert_eq!((ended.code, ended.stdout.as_str()), (4, ""));
        assert!(ended.stderr.contains("not sent"), "{ended:?}");
        assert!(ended.stderr.contains("\n  cause: "), "{ended:?}");
        let ended = run(
            &["--output", "json", "bill", "cancel", "1", "--price", "1"],
            &environment,
        );
        assert_eq!(ended.code, 4);
        let mut error = ended.error();
        error["message"].take();
        assert_eq!(
            error,
            json!({
                "kind": "not_sent",
                "outcome": "not_sent",
                "operation": "bill cancel",
                "code": null,
                "message": null,
                "bill_id": "1",
            })
        );
    }

    #[test]
    fn an_http_500_is_5() {
        let server = Server::answering("500 Internal Server Error", "<html>maintenance</html>");
        let arguments = ["bill", "cancel", "1", "--price", "1", "--output=json"];
        let ended = run(&arguments, &server.environment());
        assert_eq!(ended.code, 5);
        let mut error = ended.error();
        let message = error["message"].take();
        assert!(
            message.as_str().unwrap().contains("read the bill"),
            "{message}"
        );
        assert_eq!(
            error,
            json!({
                "kind": "outcome_unknown",
                "outcome": "unknown",
                "operation": "bill cancel",
                "code": null,
                "message": null,
                "bill_id": "1",
            })
        );
        assert_eq!(server.bodies().len(), 1, "a write is sent once");
    }

    #[test]
    fn no_answer_within_the_time_limit_is_5() {
        let server = Server::silent();
        let started = Instant::now();
        let arguments = [
            "--timeout",
            "500ms",
            "--no-retry",
            "bill",
            "read",
            "1",
            "--output",
            "json",
        ];
        let ended = run(&arguments, &server.environment());
        let took = started.elapsed();
        assert_eq!(ended.code, 5);
        assert_eq!(ended.error()["kind"], "outcome_unknown");
        assert_eq!(server.bodies().len(), 1);
        assert!(
            (Duration::from_millis(500)..Duration::from_secs(10)).contains(&took),
            "{took:?}"
        );
    }

    #[test]
    fn help_and_version_are_0_on_stdout() {
        for arguments in [
            &["--help"][..],
            &["--version"],
            &["demo", "--help"],
            &["bill", "--help"],
            &["bill", "read", "--help"],
            &["bill", "cancel", "--help", "--output", "json"],
            &["sign", "--help"],
            &["mock", "--help"],
        ] {
            let ended = run(arguments, &nothing());
            assert_eq!(
                (ended.code, ended.stderr.as_str()),
                (0, ""),
                "{arguments:?}"
            );
            assert!(ended.stdout.contains("payssam"), "{ended:?}");
        }
        assert_eq!(
            run(&["--version"], &nothing()).stdout,
            format!("payssam {}\n", env!("CARGO_PKG_VERSION"))
        );
        for arguments in [&["--help"][..], &["bill", "cancel", "--help"]] {
            let help = run(arguments, &nothing()).stdout;
            assert_in_order(&help, &["Exit codes:", "0 ", "2 ", "3 ", "4 ", "5 "]);
        }
    }

    #[test]
    fn arguments_that_make_no_sense_are_2_in_the_form_that_was_asked_for() {
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
        let ended = run(&[], &nothing());
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        assert!(ended.stderr.contains("payssam demo"), "{ended:?}");
    }
}

mod input {
    use super::*;

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
                let ended = run(&["bill", "read", "1", "--output", "json"], &environment);
                assert_eq!(ended.code, 2);
                let error = ended.error();
                assert_eq!(
                    (&error["kind"], &error["outcome"]),
                    (&json!("config"), &json!("not_sent"))
                );
                assert!(error["message"].as_str().unwrap().contains(name), "{error}");
            }
        }
    }

    #[test]
    fn a_value_that_breaks_a_rule_is_2_and_nothing_is_sent() {
        let server = Server::with_data(json!({"billId": "1"}));
        let too_long = "일".repeat(21);
        let cancel = |price| ["bill", "cancel", "1", "--price", price];
        let mut cases: Vec<(Vec<&str>, &str)> = Vec::new();
        for price in [
            "45,000",
            "045",
            "+5",
            "-5",
            "0",
            "",
            "1.5",
            "45000원",
            "10000000000",
        ] {
            cases.push((cancel(price).into(), "price"));
            cases.push((vec!["sign", "--bill-id", "1", "--price", price], "price"));
        }
        for id in ["2024,0001", "", " 1", "1\u{200b}", "1\u{1b}[31m", &too_long] {
            cases.push((vec!["bill", "read", id], "bill id"));
            cases.push((vec!["bill", "cancel", id, "--price", "1"], "bill id"));
            cases.push((vec!["sign", "--bill-id", id, "--price", "1"], "bill id"));
        }
        for reason in [too_long.as_str(), "a\nb"] {
            let arguments = [&cancel("1")[..], &["--reason", reason]].concat();
            cases.push((arguments, "cancel reason"));
        }
        for phone in ["010-1234-5678", "", "+82"] {
            let sign = ["sign", "--bill-id", "1", "--price", "1", "--phone", phone];
            cases.push((sign.into(), "phone"));
        }
        for (option, field) in [
            ("--timeout", "timeout"),
            ("--connect-timeout", "connect timeout"),
        ] {
            for duration in ["0s", "0ms", "-1s", "1s ago", "5", "soon", ""] {
                cases.push((vec!["bill", "read", "1", option, duration], field));
            }
        }
        for (arguments, field) in cases {
            let arguments = [&["--output", "json"], &arguments[..]].concat();
            let ended = run(&arguments, &server.environment());
            assert_eq!(ended.code, 2, "{arguments:?}: {ended:?}");
            let error = ended.error();
            assert_eq!(error["kind"], "invalid_input", "{arguments:?}: {error}");
            let message = error["message"].as_str().unwrap();
            assert!(
                message.starts_with(&format!("invalid {field}: ")),
                "{message}"
            );
        }
        assert_eq!(server.bodies(), [Value::Null; 0]);
    }

    #[test]
    fn credentials_are_not_taken_from_arguments() {
        let server = Server::with_data(json!({"billId": "1"}));
        for option in ["--api-key", "--member", "--merchant"] {
            let ended = run(&["bill", "read", "1", option, "x"], &server.environment());
            assert_eq!(ended.code, 2, "{ended:?}");
        }
        assert_eq!(server.bodies(), [Value::Null; 0]);
    }

    #[test]
    fn a_cancellation_is_sent_as_the_arguments_say() {
        let server = Server::with_data(json!({"billId": "1024"}));
        let reason = "가".repeat(20);
        let arguments = [
            "bill", "cancel", "1024", "--price", "45000", "--reason", &reason,
        ];
        let ended = run(&arguments, &server.environment());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert_eq!(
            server.bodies(),
            [json!({
                "apiKey": "the-key",
                "member": "the-member",
                "merchant": "the-merchant",
                "bill": {
                    "billId": "1024",
                    "price": "45000",
                    "hash": HASH_OF_TWO,
                    "cancelReason": reason,
                },
            })]
        );
    }

    #[test]
    fn the_option_for_the_base_url_wins_over_the_environment() {
        let server = Server::with_data(json!({"billId": "1", "apprState": "F"}));
        let environment = at(CLOSED);
        for arguments in [
            ["--base-url", &server.base_url, "bill", "read", "1"],
            ["bill", "read", "1", "--base-url", &server.base_url],
        ] {
            assert_eq!(run(&arguments, &environment).code, 0);
        }
        assert_eq!(server.bodies().len(), 2);
        let ended = run(
            &["bill", "read", "1", "--base-url", "http://payssam.example"],
            &environment,
        );
        assert_eq!(ended.code, 2);
        assert!(ended.stderr.contains("https"), "{ended:?}");
    }
}

mod sign {
    use super::*;

    #[test]
    fn gives_both_vectors() {
        let two = ["sign", "--bill-id", "1024", "--price", "45000"];
        let three = [&two[..], &["--phone", "01012345678"]].concat();
        let ended = run(&two, &nothing());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        assert_eq!(ended.stdout, format!("{HASH_OF_TWO}\n"));
        let ended = run(&three, &nothing());
        assert_eq!(ended.stdout, format!("{HASH_OF_THREE}\n"));
    }

    #[test]
    fn gives_json_whether_it_is_asked_for_before_the_subcommand_or_after() {
        let sign = ["sign", "--bill-id", "1024", "--price", "45000"];
        for arguments in [
            [&["--output", "json"], &sign[..]].concat(),
            [&sign[..], &["--output", "json"]].concat(),
            [&sign[..], &["--output=json"]].concat(),
        ] {
            assert_eq!(
                run(&arguments, &nothing()).json(),
                json!({"hash": HASH_OF_TWO})
            );
        }
    }
}

mod shown {
    use super::*;

    const CARD: &str = "1234567812345678";
    const RECEIPT: &str = "987654321";
    const PHONE: &str = "01012345678";
    /// Base64 of 9 bytes.
    const SIGN: &str = "c2lnbmF0dXJl";

    fn full() -> Value {
        json!({
            "apiKey": "the-key",
            "billId": "1",
            "apprPayType": "CARD_VAN",
            "apprCardType": "신용",
            "apprDt": "20260102030405",
            "apprOriginDt": "260102030405",
            "apprPrice": 1234567,
            "apprIssuer": "국민카드",
            "apprIssuerCd": "01",
            "apprIssuerNum": CARD,
            "apprAcquirerCd": "02",
            "apprAcquirerNm": "매입사",
            "apprNum": "30001",
            "apprOriginNum": "30000",
            "apprResCd": "0000",
            "apprMonthly": "3",
            "apprState": "F",
            "apprCashNum": RECEIPT,
            "apprCashTrader": "0",
            "apprCashIssuanceNumber": PHONE,
            "apprCardMerchantNum": "m-7",
            "catId": "t-8",
            "dscTxNum": "x-9",
            "cardType": "c-1",
            "apprSign": SIGN,
            "udItem": {"order": "mine"},
        })
    }

    #[test]
    fn every_field_is_a_row_and_personal_ones_are_masked() {
        let server = Server::with_data(full());
        let ended = run(&["bill", "read", "1"], &server.environment());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let rows: Vec<(&str, &str)> = ended
            .stdout
            .lines()
            .map(|line| line.split_once("  ").unwrap())
            .map(|(label, value)| (label, value.trim()))
            .collect();
        assert_eq!(
            rows,
            [
                ("bill id", "1"),
                ("state", "paid (F)"),
                ("amount", "1,234,567 won"),
                ("approved at", "2026-01-02 03:04:05 KST"),
                ("originally approved at", "2026-01-02 03:04:05 KST"),
                ("pay type", "CARD_VAN"),
                ("card type", "신용"),
                ("common card type", "c-1"),
                ("instalments", "3 months"),
                ("issuer", "국민카드"),
                ("issuer code", "01"),
                ("card or account", "****5678"),
                ("acquirer", "매입사"),
                ("acquirer code", "02"),
                ("approval number", "30001"),
                ("original approval number", "30000"),
                ("response code", "0000"),
                ("cash receipt number", "[masked]"),
                ("cash receipt trader", "0"),
                ("cash receipt for", "[masked]"),
                ("card merchant number", "m-7"),
                ("terminal id", "t-8"),
                ("transaction number", "x-9"),
                ("signature", "9 bytes, never shown"),
                ("partner's item", "16 bytes of JSON, shown with --reveal"),
            ]
        );
        let columns: Vec<usize> = ended
            .stdout
            .lines()
            .zip(&rows)
            .map(|(line, (_, value))| line.find(value).unwrap())
            .collect();
        assert!(
            columns.iter().skip(1).all(|column| *column == 26),
            "{columns:?}"
        );
    }

    #[test]
    fn reveal_shows_what_is_masked_but_neither_the_signature_nor_the_key() {
        let server = Server::with_data(full());
        let arguments = ["bill", "read", "1", "--reveal"];
        let text = run(&arguments, &server.environment()).stdout;
        assert_eq!(row(&text, "card or account"), Some(CARD));
        assert_eq!(row(&text, "cash receipt number"), Some(RECEIPT));
        assert_eq!(row(&text, "cash receipt for"), Some(PHONE));
        assert_eq!(row(&text, "partner's item"), Some(r#"{"order":"mine"}"#));

        let json = [&arguments[..], &["--output", "json"]].concat();
        let json = run(&json, &server.environment()).json();
        assert_eq!(keys(&json), ["approval", "id", "revealed", "state"]);
        assert_eq!(
            json["revealed"],
            json!({
                "issuer_number": CARD,
                "cash_receipt_approval_number": RECEIPT,
                "cash_receipt_issuance_number": PHONE,
                "user_item": {"order": "mine"},
            })
        );
        for shown in [text, json.to_string()] {
            assert!(
                !shown.contains(SIGN) && !shown.contains("the-key"),
                "{shown}"
            );
        }
    }

    #[test]
    fn json_without_reveal_is_what_the_library_serializes() {
        let server = Server::with_data(full());
        let arguments = ["bill", "read", "1", "--output", "json"];
        let ended = run(&arguments, &server.environment());
        let json = ended.json();
        assert_eq!(keys(&json), ["approval", "id", "state"]);
        assert_eq!((&json["id"], &json["state"]), (&json!("1"), &json!("paid")));
        let approval = &json["approval"];
        assert_eq!(approval["price"], 1_234_567);
        assert_eq!(approval["approved_at"], "2026-01-02T03:04:05+09:00");
        assert_eq!(approval["issuer_number"], "****5678");
        for secret in [CARD, RECEIPT, PHONE, SIGN, "mine", "the-key"] {
            assert!(!ended.stdout.contains(secret), "{}", ended.stdout);
        }
    }

    #[test]
    fn empty_fields_are_left_out() {
        let server = Server::with_data(json!({
            "billId": "1", "apprState": "W", "apprDt": "", "apprIssuer": null, "udItem": null,
        }));
        let ended = run(&["bill", "read", "1"], &server.environment());
        assert_eq!(ended.stdout, "bill id  1\nstate    unpaid (W)\n");
        let ended = run(
            &["bill", "read", "1", "--reveal", "--output", "json"],
            &server.environment(),
        );
        assert_eq!(
            ended.json(),
            json!({"id": "1", "state": "unpaid", "approval": {}, "revealed": {}})
        );
    }

    #[test]
    fn malformed_fields_are_shown_as_they_came_with_a_note_but_stay_masked() {
        let server = Server::with_data(json!({
            "billId": "1",
            "apprState": "X",
            "apprDt": "20261332",
            "apprPrice": "12,000",
            "apprMonthly": "three",
            "apprIssuer": {"name": "카드"},
            "apprIssuerNum": [CARD],
            "apprCashIssuanceNumber": {"phone": PHONE},
            "apprSign": "secret!",
        }));
        let ended = run(&["bill", "read", "1"], &server.environment());
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
        let text = &ended.stdout;
        assert_eq!(row(text, "state  "), Some("unknown (X)"));
        for (label, raw, field) in [
            ("amount", "12,000", "apprPrice"),
            ("approved at", "20261332", "apprDt"),
            ("instalments", "three", "apprMonthly"),
            ("issuer ", r#"{"name":"카드"}"#, "apprIssuer"),
            ("card or account", "****5678", "apprIssuerNum"),
            ("cash receipt for", "[masked]", "apprCashIssuanceNumber"),
            ("signature", "7 bytes", "apprSign"),
        ] {
            let value = row(text, label).unwrap_or_default();
            let note = format!("{raw}  ({field} in PaySsam's answer is malformed: ");
            assert!(value.starts_with(&note), "{label}: {value}");
        }
        for secret in [CARD, PHONE, "secret!"] {
            assert!(!text.contains(secret), "{text}");
        }
    }

    #[test]
    fn a_terminal_cannot_be_steered_by_an_answer() {
        let evil = "\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\r\n\u{7}";
        let server = Server::with_data(json!({
            "billId": "1",
            "apprState": evil,
            "apprIssuer": evil,
            "apprIssuerNum": format!("*{evil}"),
            "apprDt": evil,
            "udItem": {"item": evil},
        }));
        let refusal = json!({"code": format!("X{evil}"), "message": evil, "data": null});
        let refusing = Server::answering("200 OK", refusal.to_string());
        for arguments in [
            &["bill", "read", "1"][..],
            &["bill", "read", "1", "--reveal"],
            &["bill", "read", "1", "--reveal", "--output", "json"],
        ] {
            let ended = run(arguments, &server.environment());
            assert_eq!(ended.code, 0);
            assert_visible(&ended.stdout);
            assert!(ended.stdout.contains(r"[31m"), "{ended:?}");
            let ended = run(arguments, &refusing.environment());
            assert_eq!(ended.code, 3);
            assert_visible(&ended.stderr);
            assert!(ended.stderr.contains(r"[31m"), "{ended:?}");
        }
        let text = run(&["bill", "read", "1"], &server.environment()).stdout;
        assert!(
            text.contains(r"\u{1b}[31m\u{9b}2J\u{202e}\u{200b}\u{d}\u{a}\u{7}"),
            "{text}"
        );
    }

    fn assert_visible(text: &str) {
        let hidden =
            |c: &char| (c.is_control() && *c != '\n') || ['\u{202e}', '\u{200b}'].contains(c);
        assert_eq!(text.chars().find(hidden), None, "{text:?}");
    }

    #[test]
    fn personal_data_in_a_message_is_shown_only_with_reveal() {
        let refusal = json!({
            "code": "VALIDATION_002", "message": format!("번호 {PHONE} 확인"), "data": null,
        });
        let server = Server::answering("200 OK", refusal.to_string());
        for act in [
            &["bill", "read", "1"][..],
            &["bill", "cancel", "1", "--price", "1"],
        ] {
            let ended = run(act, &server.environment());
            assert_eq!(ended.code, 3);
            assert!(!ended.stderr.contains(PHONE), "{ended:?}");
            let reveal = [act, &["--reveal"]].concat();
            let ended = run(&reveal, &server.environment());
            assert!(
                ended
                    .stderr
                    .ends_with(&format!("\n  message: 번호 {PHONE} 확인\n")),
                "{ended:?}"
            );
            let json = [&reveal[..], &["--output", "json"]].concat();
            let ended = run(&json, &server.environment());
            assert_eq!(ended.error()["code"], "VALIDATION_002");
            assert!(!ended.stderr.contains(PHONE), "{ended:?}");
        }
    }

    #[test]
    fn a_cancellation_in_json_is_what_the_library_serializes() {
        let server = Server::with_data(json!({
            "apiKey": "the-key", "member": "s", "merchant": "u", "billId": "1024",
            "hash": HASH_OF_TWO, "apprNum": "2", "apprOriginNum": "1",
            "apprCancelDt": "20260102030405",
        }));
        for more in [&[][..], &["--reveal"]] {
            let arguments = [
                "bill", "cancel", "1024", "--price", "45000", "--output", "json",
            ];
            let ended = run(&[&arguments[..], more].concat(), &server.environment());
            assert_eq!(
                ended.json(),
                json!({
                    "bill_id": "1024",
                    "approval_number": "2",
                    "original_approval_number": "1",
                    "cancelled_at": "2026-01-02T03:04:05+09:00",
                })
            );
        }
    }
}

mod pipes {
    use super::*;

    #[test]
    fn a_stdout_that_nobody_reads_changes_nothing() {
        let server = Server::with_data(json!({"billId": "1024"}));
        for arguments in [
            &["demo"][..],
            &["demo", "--output", "json"],
            &["--help"],
            &["sign", "--bill-id", "1024", "--price", "45000"],
            &["bill", "cancel", "1024", "--price", "45000"],
        ] {
            let mut child = spawn(arguments, &server.environment());
            drop(child.0.stdout.take());
            let stderr = drained(child.0.stderr.take().unwrap());
            assert_eq!(child.end(), 0, "{arguments:?}");
            assert_eq!(stderr.join().unwrap(), "", "{arguments:?}");
        }
        assert_eq!(server.bodies().len(), 1, "the cancellation was sent");
    }

    #[test]
    fn a_stderr_that_nobody_reads_does_not_change_the_exit_code() {
        for (arguments, code) in [
            (&["bill", "read", "1"][..], 4),
            (&["bill", "read", "1", "--output", "json"], 4),
            (&["bill"], 2),
        ] {
            let mut child = spawn(arguments, &at(CLOSED));
            drop(child.0.stderr.take());
            assert_eq!(child.end(), code, "{arguments:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_result_that_cannot_be_written_is_complained_about() {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = payssam(&["sign", "--bill-id", "1", "--price", "1"], &nothing());
        let ended = command.stdout(full).output().unwrap();
        assert_eq!(ended.status.code(), Some(0));
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert!(stderr.starts_with("warning: done, but "), "{stderr}");
    }
}
