//! A server that gives every request the same response.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};

use super::process::{Environment, at};

/// Gives every request the same response and records the requests.
pub struct CannedServer {
    pub base_url: String,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl CannedServer {
    pub fn responding(status: &'static str, body: impl Into<String>) -> Self {
        let body = body.into();
        CannedServer::start(Some(format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        )))
    }

    /// Success with this `data`.
    pub fn with_data(data: Value) -> Self {
        let body = json!({"code": "0000", "message": "성공하였습니다.", "data": data});
        CannedServer::responding("200 OK", body.to_string())
    }

    /// A rejection, with HTTP 200 as PaySsam sends it.
    pub fn rejecting(code: &str, message: &str) -> Self {
        let body = json!({"code": code, "message": message, "data": null});
        CannedServer::responding("200 OK", body.to_string())
    }

    /// Never responds.
    pub fn silent() -> Self {
        CannedServer::start(None)
    }

    fn start(response: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/partner", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let recorded = bodies.clone();
        thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                recorded.lock().unwrap().push(body_of(&stream));
                match &response {
                    // The client may have disconnected by now.
                    Some(response) => drop(stream.write_all(response.as_bytes())),
                    None => open.push(stream),
                }
            }
        });
        CannedServer { base_url, bodies }
    }

    /// An environment to call this server.
    pub fn environment(&self) -> Environment {
        at(&self.base_url)
    }

    /// The body of every request so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.bodies.lock().unwrap().clone()
    }
}

/// The body of a request, or `null` for whatever else a connection brought.
fn body_of(stream: &TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    match reader.read_exact(&mut body) {
        Ok(()) => serde_json::from_slice(&body).unwrap_or_default(),
        Err(_) => Value::Null,
    }
}
