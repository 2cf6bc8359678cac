//! `payssam inspect` produces the proofs that PaySsam requires before going live.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    process::ChildStderr,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{
    KEY, SEND,
    canned_server::CannedServer,
    mock_server::mock,
    process::{Environment, Running, drained, json_of, nothing, run, spawn, state},
    text::{keys, one_line},
};

/// The most connections at the same time.
const CONNECTIONS: usize = 32;

const MIB: usize = 1024 * 1024;

/// A running inspection, with its callback URL at `/payssam?shop=1`.
struct Inspection {
    child: Running,
    hints: BufReader<ChildStderr>,
    listen: String,
}

impl Inspection {
    /// Options in `more` replace those of the same name.
    fn start(environment: &Environment, more: &[&str]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = free.local_addr().unwrap().to_string();
        drop(free);
        let callback = format!("http://{listen}/payssam?shop=1");
        let arguments = [
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
        let (act, options) = arguments.split_first().unwrap();
        let options = options
            .chunks(2)
            .filter(|option| !more.contains(&option[0]));
        let options: Vec<&str> = options.flatten().copied().collect();
        let mut child = spawn(&[&[*act], &options[..], more].concat(), environment);
        let hints = BufReader::new(child.0.stderr.take().unwrap());
        Inspection {
            child,
            hints,
            listen,
        }
    }

    /// The bill id and the link of the next hint, without the line end.
    fn hint(&mut self) -> (String, String) {
        let mut hint = String::new();
        self.hints.read_line(&mut hint).unwrap();
        let (bill, link) = hint.strip_suffix('\n').unwrap().split_once(": ").unwrap();
        let id = bill.strip_prefix("pay bill ").expect(&hint);
        (id.to_owned(), link.to_owned())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.listen).unwrap();
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).unwrap();
        stream
    }

    /// The response to a request, after which the connection is closed.
    fn send(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = self.connect();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.listen);
        let length = format!("content-length: {}\r\n\r\n", body.len());
        let request = format!("{head}{length}{body}");
        stream.write_all(request.as_bytes()).unwrap();
        until_closed(&mut stream)
    }
}

/// Reads until the other side closes.
fn until_closed(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    match stream.read_to_end(&mut received) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("{error}"),
        _ => String::from_utf8(received).unwrap(),
    }
}

fn status(response: &str) -> u16 {
    response.split(' ').nth(1).expect(response).parse().unwrap()
}

/// A server whose responses to every operation have this link.
fn with_link(link: &str) -> CannedServer {
    CannedServer::with_data(json!({"shortUrl": link}))
}

#[test]
fn an_inspection_gives_the_five_bills_to_hand_in() {
    let (_mock_server, at) = mock(&[]);
    let mut inspection = Inspection::start(&at, &["--output", "json"]);
    for _ in 0..3 {
        let (_, link) = inspection.hint();
        assert_eq!(run(&["mock", "pay", &link], &nothing()).code, 0, "{link}");
    }
    let mut inspection = inspection.child;
    let stdout = drained(inspection.0.stdout.take().unwrap());
    assert_eq!(inspection.exit_code(), 0);
    let proofs = one_line(&stdout.join().unwrap());
    assert_eq!(keys(&proofs).len(), 5);
    for (proof, expected) in [
        ("approved", "paid"),
        ("cancelled", "cancelled"),
        ("destroyed", "destroyed"),
        ("read", "unpaid"),
        ("callback_acknowledged", "paid"),
    ] {
        assert_eq!(state(proofs[proof].as_str().unwrap(), &at), expected);
    }
}

#[test]
fn an_inspection_that_nobody_pays_says_so_and_exits_with_1() {
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
    assert_eq!(ended.code, 1);
    let hints = ended.stderr.lines();
    let bills: Vec<&str> = hints
        .filter_map(|hint| hint.strip_prefix("pay bill ")?.split_once(": "))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(bills.len(), 3);
    let error = format!(
        "error: nobody paid bill {} within 1s (--wait)",
        bills.join(", ")
    );
    assert!(ended.stderr.contains(&error), "{ended:?}");
    assert!(!ended.stderr.contains("김하나"), "{ended:?}");
    assert!(!ended.stderr.contains("01012345678"), "{ended:?}");
}

#[test]
fn an_inspection_that_ends_without_all_payments_tells_paid_from_unpaid_in_json_too() {
    let (_mock_server, at) = mock(&[]);
    let more = ["--wait", "8s", "--output", "json"];
    let mut inspection = Inspection::start(&at, &more);
    let (first, _) = inspection.hint();
    let (second, link) = inspection.hint();
    let (third, _) = inspection.hint();
    assert_eq!(run(&["mock", "pay", &link], &nothing()).code, 0);
    let mut error = String::new();
    inspection.hints.read_to_string(&mut error).unwrap();
    assert_eq!(inspection.child.exit_code(), 1);
    let error = one_line(&error)["error"].take();
    assert_eq!(
        keys(&error),
        ["bill_id", "code", "kind", "message", "operation", "outcome"]
    );
    assert_eq!(error["kind"], "not_paid");
    assert_eq!(error["outcome"], Value::Null);
    assert_eq!(error["bill_id"], first);
    let message = error["message"].as_str().unwrap();
    let text =
        format!("nobody paid bill {first}, {third} within 8s (--wait); bill {second} is paid");
    assert!(message.starts_with(&text), "{message}");
}

#[test]
fn an_inspection_without_a_callback_says_so_and_exits_with_1() {
    let (_mock_server, at) = mock(&[]);
    // Nothing leads from this address to the inspection.
    let more = ["--wait", "8s", "--callback", "http://127.0.0.1:1/payssam"];
    let mut inspection = Inspection::start(&at, &more);
    for _ in 0..3 {
        let (_, link) = inspection.hint();
        assert_eq!(run(&["mock", "pay", &link], &nothing()).code, 0);
    }
    let mut error = String::new();
    inspection.hints.read_to_string(&mut error).unwrap();
    assert_eq!(inspection.child.exit_code(), 1);
    assert!(error.starts_with("error: no callback for bill "), "{error}");
}

#[test]
fn only_a_post_to_the_path_of_the_callback_url_is_taken_for_a_callback() {
    let (_mock_server, at) = mock(&[]);
    let mut inspection = Inspection::start(&at, &[]);
    let (id, link) = inspection.hint();
    let callback = json!({"billId": id, "apprState": "F", "apprPrice": "1000"}).to_string();
    // It is not paid yet.
    let response = inspection.send("POST", "/payssam", &callback);
    assert_eq!(status(&response), 503);
    assert_eq!(run(&["mock", "pay", &link], &nothing()).code, 0);
    for path in [
        "/",
        "/payssam/",
        "/payssam/x",
        "/x/payssam",
        "/PAYSSAM",
        "/payssam%2f",
    ] {
        for method in ["POST", "GET", "OPTIONS"] {
            let response = inspection.send(method, path, &callback);
            assert_eq!(status(&response), 404, "{method} {path}: {response}");
            assert!(!response.contains("0000"), "{response}");
        }
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let response = inspection.send(method, "/payssam?shop=1", &callback);
        assert_eq!(status(&response), 405, "{method}: {response}");
        assert!(response.contains("\r\nallow: POST\r\n"), "{response}");
        assert!(!response.contains("0000"), "{response}");
    }
    for path in ["/payssam", "/payssam?shop=1", "/payssam?another=query"] {
        let response = inspection.send("POST", path, &callback);
        let acknowledgement = "\r\n\r\n{\"code\":\"0000\",\"msg\":\"성공하였습니다.\"}";
        assert_eq!(status(&response), 200, "{path}: {response}");
        assert!(response.ends_with(acknowledgement), "{path}: {response}");
    }
}

#[test]
fn a_callback_about_another_bill_makes_no_request_to_payssam() {
    let payssam = with_link("https://s.example/1");
    let mut inspection = Inspection::start(&payssam.environment(), &[]);
    inspection.hint();
    for body in [
        r#"{"billId":"another","apprState":"F"}"#,
        r#"{"bill_id":"another"}"#,
        "{}",
        "",
        "not JSON",
    ] {
        let response = inspection.send("POST", "/payssam", body);
        assert_eq!(status(&response), 503, "{body}");
    }
    let is_about_another = |request: &Value| request["bill"]["billId"] == "another";
    assert!(!payssam.bodies().iter().any(is_about_another));
}

#[test]
fn a_callback_of_more_than_one_mebibyte_is_refused() {
    let payssam = with_link("https://s.example/1");
    let mut inspection = Inspection::start(&payssam.environment(), &[]);
    inspection.hint();
    let head = "POST /payssam HTTP/1.1\r\nhost: a\r\n";
    let mut stream = inspection.connect();
    let declared = format!("{head}content-length: {}\r\n\r\n", MIB + 1);
    stream.write_all(declared.as_bytes()).unwrap();
    // It is refused before it is sent.
    let response = until_closed(&mut stream);
    assert_eq!(status(&response), 413, "{response}");

    let mut stream = inspection.connect();
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n");
    stream.write_all(chunked.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    let taken = (0..1_000).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok());
    assert!(taken.count() < 1_000);
}

#[test]
fn a_callback_that_never_ends_is_given_up() {
    let payssam = with_link("https://s.example/1");
    let mut inspection = Inspection::start(&payssam.environment(), &[]);
    inspection.hint();
    let head = "POST /payssam HTTP/1.1\r\nhost: a\r\n";
    let open = [
        String::new(),
        format!("{head}x-long: "),
        format!("{head}content-length: 100\r\n\r\n{{"),
        format!("{head}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n"),
    ]
    .map(|begin| {
        let mut stream = inspection.connect();
        stream.write_all(begin.as_bytes()).unwrap();
        stream
    });
    for mut stream in open {
        let response = until_closed(&mut stream);
        let is_given_up = response.is_empty() || status(&response) == 408;
        assert!(is_given_up, "{response}");
    }
    let response = inspection.send("POST", "/payssam", "{}");
    assert_eq!(status(&response), 503);
}

#[test]
fn the_number_of_connections_for_callbacks_is_capped_and_further_ones_wait() {
    let payssam = with_link("https://s.example/1");
    let mut inspection = Inspection::start(&payssam.environment(), &[]);
    inspection.hint();
    let open: Vec<TcpStream> = (0..CONNECTIONS).map(|_| inspection.connect()).collect();
    let mut further = inspection.connect();
    further
        .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .unwrap();
    let limit = |limit| Some(Duration::from_millis(limit));
    further.set_read_timeout(limit(300)).unwrap();
    let early = further.read(&mut [0]);
    assert!(early.is_err(), "{early:?}");
    drop(open);
    further.set_read_timeout(limit(20_000)).unwrap();
    assert_eq!(status(&until_closed(&mut further)), 404);
}

#[test]
fn a_link_is_shown_as_bill_send_shows_it() {
    let unsafe_one = "https://s.example/\u{1b}]0;x\u{7}\u{202e}\r\nerror: 010-1234-5678";
    for (link, shown) in [
        ("https://s.example/1?share=2", "https://s.example/1?share=2"),
        (
            "https://s.example/01012345678",
            "https://s.example/01012345678",
        ),
        (
            "https://s.example/a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
            "https://s.example/a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
        ),
        (
            unsafe_one,
            r"https://s.example/\u{1b}]0;x\u{7}\u{202e}\u{d}\u{a}error: [masked]",
        ),
        ("01012345678", "[masked]"),
        (
            &format!("https://s.example/?apiKey={KEY}"),
            "https://s.example/?apiKey=[masked]",
        ),
        (
            &format!("https://s.example/{KEY}/\u{1b}[31m"),
            r"https://s.example/[masked]/\u{1b}[31m",
        ),
    ] {
        let payssam = with_link(link);
        let sent = json_of(&SEND, &payssam.environment());
        assert_eq!(sent["short_url"], shown);
        for more in [&[][..], &["--reveal"]] {
            let mut inspection = Inspection::start(&payssam.environment(), more);
            assert_eq!(inspection.hint().1, shown, "{more:?}");
        }
    }
}
