//! A signal while nobody reads stderr: what the report says stays true, however long it waits for its reader.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    process::{Running, at, payssam, signal},
    text::one_line,
};

const CANCEL: [&str; 5] = ["bill", "cancel", "a", "--price", "1000"];

/// Runs the command with a stderr that takes nothing more until it is read.
fn spawn(arguments: &[&str], base_url: &str) -> (Running, UnixStream) {
    let (reader, mut writer) = UnixStream::pair().unwrap();
    writer.set_nonblocking(true).unwrap();
    while writer.write(b".").is_ok() {}
    writer.set_nonblocking(false).unwrap();
    let arguments = [&["--output", "json"], arguments].concat();
    let mut command = payssam(&arguments, &at(base_url));
    let child = command.stderr(OwnedFd::from(writer)).spawn().unwrap();
    (Running(child), reader)
}

/// Reads stderr to its end, and gives the exit code and the error.
fn ended(mut running: Running, mut stderr: UnixStream) -> (i32, Value) {
    let mut text = String::new();
    stderr.read_to_string(&mut text).unwrap();
    let text = text.trim_start_matches('.');
    let code = running.exit_code();
    assert_ne!(text, "", "the report is lost; exit code {code}");
    (code, one_line(text)["error"].take())
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Sends SIGTERM, and waits for the thread that reports it: what it reports is decided.
fn interrupt(running: &Running) {
    let tasks = format!("/proc/{}/task", running.0.id());
    let threads = || fs::read_dir(&tasks).unwrap().count();
    let before = threads();
    signal(running, "TERM");
    until("the signal is not reported", || threads() > before);
}

/// The next connection.
fn accept(server: &TcpListener) -> TcpStream {
    server.set_nonblocking(true).unwrap();
    let mut accepted = None;
    until("nobody connects", || {
        accepted = server.accept().ok();
        accepted.is_some()
    });
    let (stream, _) = accepted.unwrap();
    stream.set_nonblocking(false).unwrap();
    stream
}

/// The path and the body of the next request.
fn request(stream: &mut TcpStream) -> (String, Value) {
    let limit = Duration::from_secs(20);
    stream.set_read_timeout(Some(limit)).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let lines = head.to_lowercase();
    let length = lines
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .unwrap();
    let mut body = vec![0; length.trim().parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    (path.to_owned(), serde_json::from_slice(&body).unwrap())
}

/// Responds, and keeps the connection open.
fn respond(stream: &mut TcpStream, response: &Value) {
    let body = response.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    write!(stream, "{head} {}\r\n\r\n{body}", body.len()).unwrap();
}

/// Whether nothing comes for a while. It would come at once.
fn is_silent(stream: &mut TcpStream) -> bool {
    let limit = Duration::from_secs(1);
    stream.set_read_timeout(Some(limit)).unwrap();
    let read = stream.read(&mut [0]);
    matches!(read, Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

/// Whether nothing came until it was closed.
fn is_closed_without_a_byte(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(None).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap() == 0
}

fn bind() -> (TcpListener, String) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/partner", server.local_addr().unwrap());
    (server, base_url)
}

/// Whether somebody waits for a connection to this port to be complete.
fn is_connecting(port: u16) -> bool {
    let sockets = fs::read_to_string("/proc/net/tcp").unwrap();
    let to = format!(":{port:04X}");
    sockets.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields[2].ends_with(&to) && fields[3] == "02"
    })
}

#[test]
fn a_connection_that_is_complete_after_not_sent_was_decided_carries_no_request() {
    let check_first = [&CANCEL[..], &["--check-first"]].concat();
    let commands = [&CANCEL[..], &check_first, &["bill", "read", "a"]];
    thread::scope(|scope| {
        for command in commands {
            scope.spawn(|| carries_no_request_on_a_late_connection(command));
        }
    });
}

fn carries_no_request_on_a_late_connection(command: &[&str]) {
    let (server, base_url) = bind();
    let address = server.local_addr().unwrap();
    // The next one is complete when some of these have been accepted.
    let soon = Duration::from_millis(200);
    let mut queue = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, soon) {
        queue.push(stream);
    }
    let arguments = [command, &["--connect-timeout", "1h", "--timeout", "1h"]].concat();
    let (running, stderr) = spawn(&arguments, &base_url);
    until("it does not connect", || is_connecting(address.port()));
    interrupt(&running);
    let mut stream = accept(&server);
    let is_of_the_queue = |accepted: &TcpStream| {
        let peer = accepted.peer_addr().unwrap();
        let mut queue = queue.iter();
        queue.any(|queued| queued.local_addr().unwrap() == peer)
    };
    while is_of_the_queue(&stream) {
        stream = accept(&server);
    }
    assert!(is_silent(&mut stream), "a request was sent: {arguments:?}");
    let (code, error) = ended(running, stderr);
    assert_eq!((code, &error["outcome"]), (4, &json!("not_sent")));
    assert!(is_closed_without_a_byte(&mut stream), "{arguments:?}");
}

#[test]
fn a_write_on_a_connection_of_a_read_is_not_sent_after_not_sent_was_decided() {
    for is_interrupted in [false, true] {
        let (server, base_url) = bind();
        let arguments = [&CANCEL[..], &["--check-first", "--timeout", "1h"]].concat();
        let (running, stderr) = spawn(&arguments, &base_url);
        let mut stream = accept(&server);
        let (path, read) = request(&mut stream);
        assert_eq!(path, "/partner/bill/read");
        assert_eq!(read["bill"]["billId"], "a");
        if is_interrupted {
            interrupt(&running);
        }
        let paid = json!({"billId": "a", "apprState": "F", "apprPrice": "1000"});
        respond(
            &mut stream,
            &json!({"code": "0000", "message": "", "data": paid}),
        );
        if !is_interrupted {
            assert_eq!(request(&mut stream).0, "/partner/bill/cancel");
            continue;
        }
        assert!(is_silent(&mut stream), "the write was sent");
        let (code, error) = ended(running, stderr);
        assert_eq!((code, &error["outcome"]), (4, &json!("not_sent")));
        assert_eq!(error["operation"], "bill cancel");
        assert!(is_closed_without_a_byte(&mut stream));
    }
}

/// A command whose cancellation was rejected, and that writes its report.
fn reporting() -> (Running, UnixStream) {
    let (server, base_url) = bind();
    let (running, stderr) = spawn(&CANCEL, &base_url);
    let mut stream = accept(&server);
    request(&mut stream);
    respond(
        &mut stream,
        &json!({"code": "BILL_003", "message": "", "data": null}),
    );
    // Then all calls are over, and the main thread waits for nothing but stderr.
    assert!(is_closed_without_a_byte(&mut stream));
    let id = running.0.id();
    let status = format!("/proc/{id}/task/{id}/status");
    until("it does not report", || {
        fs::read_to_string(&status).unwrap().contains("\nState:\tS")
    });
    (running, stderr)
}

#[test]
fn a_signal_after_the_end_of_the_command_does_not_lose_its_report() {
    let (mut running, stderr) = reporting();
    signal(&running, "TERM");
    let deadline = Instant::now() + Duration::from_secs(1);
    while Instant::now() < deadline && running.0.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(5));
    }
    let (code, error) = ended(running, stderr);
    assert_eq!((code, &error["code"]), (3, &json!("BILL_003")));
}

#[test]
fn a_second_signal_ends_a_command_whose_report_nobody_reads() {
    let (mut running, _stderr) = reporting();
    signal(&running, "INT");
    signal(&running, "TERM");
    assert_eq!(running.exit_code(), 3);

    let (server, base_url) = bind();
    let (mut running, _stderr) = spawn(&CANCEL, &base_url);
    let mut stream = accept(&server);
    request(&mut stream);
    interrupt(&running);
    assert_eq!(running.0.try_wait().unwrap(), None);
    signal(&running, "INT");
    assert_eq!(running.exit_code(), 5);
}
