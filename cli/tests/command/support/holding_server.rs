//! A server that says what it knows of each bill, and holds all requests after so many until its client is gone.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use super::process::{Environment, at};

/// How long the test waits for what must happen.
const AT_MOST: Duration = Duration::from_secs(120);

pub struct HoldingServer {
    address: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// What is said of each bill: its letter, and 1,000 won.
    bills: HashMap<String, char>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The requests, each as its method, its path and its bill.
    reads: Vec<String>,
    /// How many more of them get a response.
    left: usize,
    held: usize,
    open: usize,
    /// Whether nobody is there to hear.
    is_over: bool,
}

impl HoldingServer {
    pub fn start(bills: impl IntoIterator<Item = (String, char)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            bills: bills.into_iter().collect(),
            ..Shared::default()
        });
        let accepting = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, stream) = (accepting.clone(), stream.unwrap());
                shared.state().open += 1;
                thread::spawn(move || {
                    // The client may be gone.
                    let _ = shared.serve(&stream);
                    drop(stream);
                    shared.state().open -= 1;
                    shared.changed.notify_all();
                });
            }
        });
        HoldingServer { address, shared }
    }

    pub fn environment(&self) -> Environment {
        at(&format!("http://{}/partner", self.address))
    }

    /// The requests so far, such as `POST /partner/bill/read bill-7`.
    pub fn reads(&self) -> Vec<String> {
        self.shared.state().reads.clone()
    }

    /// Responds to so many requests from now on, and holds those that come after.
    pub fn respond_to(&self, count: usize) {
        let mut state = self.shared.state();
        (state.left, state.is_over) = (count, false);
    }

    /// Waits until a request is held.
    pub fn wait_until_held(&self) {
        self.shared.wait(|state| state.held > 0);
    }

    /// Once the client is gone: drops what is held, and counts what was still on its way.
    pub fn settle(&self) {
        self.shared.state().is_over = true;
        self.shared.changed.notify_all();
        // Whoever connected before is accepted before.
        let last = TcpStream::connect(&self.address).unwrap();
        last.shutdown(Shutdown::Write).unwrap();
        (&last).read_to_end(&mut Vec::new()).unwrap();
        self.shared.wait(|state| state.open == 0);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn wait(&self, mut until: impl FnMut(&State) -> bool) {
        let waited = self
            .changed
            .wait_timeout_while(self.state(), AT_MOST, |state| !until(state));
        assert!(!waited.unwrap().1.timed_out());
    }

    /// Responds to the requests of one connection.
    fn serve(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let (mut head, mut length) = (String::new(), None);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                if head.is_empty() {
                    head = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
                }
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse::<usize>().ok();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length.unwrap()];
            reader.read_exact(&mut body)?;
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let id = body["bill"]["billId"].as_str().unwrap();
            if !self.may_respond(format!("{head} {id}")) {
                return Ok(());
            }
            let letter = self.bills[id];
            let body = format!(
                r#"{{"code":"0000","data":{{"billId":"{id}","apprState":"{letter}","apprPrice":"1000"}}}}"#
            );
            let mut to = stream;
            write!(
                to,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )?;
        }
    }

    /// Waits for it, if need be. `false` when the client is gone.
    fn may_respond(&self, read: String) -> bool {
        let mut state = self.state();
        state.reads.push(read);
        if state.left == 0 {
            state.held += 1;
            self.changed.notify_all();
            let waits = |state: &mut State| state.left == 0 && !state.is_over;
            state = self.changed.wait_while(state, waits).unwrap();
            state.held -= 1;
        }
        if state.is_over {
            return false;
        }
        state.left -= 1;
        true
    }
}
