//! A mock of the published documentation: folders with pages, and a local server.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use openapi_compare::finding::Direction;
use openapi_compare::pointer::Pointer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use tempfile::{NamedTempFile, TempDir};
use xtask::openapi::spec::Part;
use xtask::payssam::build;

pub const PAGE: &str = "pages/acceptance.md";
pub const PUBLISHED_AT: &str = "/api/api-v2/acceptance.md";

/// Frozen pages and reconstructions, so that no pull changes what these tests are about, without
/// the generated files.
pub fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published/openapi")
}

/// The checked-in folder, for tests that are about it.
pub fn live() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi")
}

/// The workspace, in which pins name source files.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The frozen page.
pub fn page() -> String {
    fs::read_to_string(frozen().join(PAGE)).unwrap()
}

/// The frozen document.
pub fn upstream() -> Value {
    build::snapshot(&frozen()).unwrap().document
}

/// A property of an operation: its names, joined by `/`.
pub type Property = (String, Direction, String);

/// Every property of every operation of a document.
pub fn properties(document: &Value) -> BTreeSet<Property> {
    let mut places = BTreeSet::new();
    for name in operations(document) {
        let operation = xtask::openapi::spec::operation(document, &name).unwrap();
        for (direction, schema) in [
            (
                Direction::Request,
                xtask::openapi::spec::request(&operation),
            ),
            (
                Direction::Response,
                xtask::openapi::spec::response(&operation),
            ),
        ] {
            let mut paths = BTreeSet::new();
            if let Some(schema) = schema {
                collect(&schema, "", &mut Vec::new(), &mut paths);
            }
            places.extend(
                paths
                    .into_iter()
                    .map(|path| (name.clone(), direction, path)),
            );
        }
    }
    places
}

/// Every operation of a document, such as `POST /bill/read`.
pub fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flat_map(|item| item.keys());
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations
        .filter(|name| {
            xtask::openapi::spec::operation(document, name).is_some_and(|it| it.value.is_object())
        })
        .filter(|name| {
            let methods = [
                "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
            ];
            methods
                .iter()
                .any(|method| name.starts_with(&format!("{method} ")))
        })
        .collect()
}

/// A class that holds itself has no further properties.
fn collect(schema: &Part<'_>, under: &str, open: &mut Vec<Pointer>, found: &mut BTreeSet<String>) {
    for schema in xtask::openapi::spec::meanings(schema.clone()) {
        if open.contains(&schema.at) {
            continue;
        }
        open.push(schema.at.clone());
        for property in schema.child("properties").iter().flat_map(Part::children) {
            let (name, property) = property;
            let path = match under {
                "" => name.to_owned(),
                _ => format!("{under}/{name}"),
            };
            collect(&property, &path, open, found);
            found.insert(path);
        }
        if let Some(items) = schema.child("items") {
            let path = match under {
                "" => "items".to_owned(),
                _ => format!("{under}/items"),
            };
            collect(&items, &path, open, found);
        }
        open.pop();
    }
}

/// The frozen page with one of its texts replaced, everywhere.
pub fn page_with(from: &str, to: &str) -> String {
    let page = page();
    assert!(page.contains(from), "the page has no {from}");
    page.replace(from, to)
}

/// A copy of the frozen folder, built.
pub fn openapi() -> TempDir {
    let copy = TempDir::new().unwrap();
    for (path, bytes) in bytes(&frozen()) {
        let to = copy.path().join(path.strip_prefix(frozen()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    build::write(copy.path()).unwrap();
    copy
}

/// A folder that publishes `page` and a list with it.
pub fn folder(page: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("acceptance.md"), page).unwrap();
    fs::write(folder.path().join("llms.txt"), list(&["acceptance"])).unwrap();
    folder
}

/// An `llms.txt` with these pages.
pub fn list(pages: &[&str]) -> String {
    let line =
        |page: &&str| format!("- [{page}](https://developers.payssam.kr/api/api-v2/{page}.md)\n");
    let lines: String = pages.iter().map(line).collect();
    format!("# Docs\n\n{lines}")
}

/// Every file below `folder` with its bytes.
pub fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// The result of a command.
#[derive(Debug)]
pub struct Ended {
    pub code: u8,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `cargo xtask spec …` on `openapi`.
pub fn spec(openapi: &Path, arguments: &[&str]) -> Ended {
    run(&mut command(openapi, arguments))
}

/// The same, with the certificate of a TLS server as the only one that the platform trusts. Only
/// Linux takes the certificates that it trusts from a variable.
pub fn spec_trusting(server: &TlsServer, openapi: &Path, arguments: &[&str]) -> Ended {
    run(command(openapi, arguments).env("SSL_CERT_FILE", server.certificate.path()))
}

fn command(openapi: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .arg("spec")
        .args(arguments)
        .arg("--openapi-dir")
        .arg(openapi)
        .env("NO_PROXY", "*");
    command
}

fn run(command: &mut Command) -> Ended {
    let output: Output = command.output().unwrap();
    Ended {
        code: output.status.code().unwrap().try_into().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `spec diff` between the frozen spec and `page`.
pub fn diff_with(page: &str, more: &[&str]) -> Ended {
    let folder = folder(page);
    let from = folder.path().to_str().unwrap();
    let arguments: Vec<&str> = ["diff", "--from", from]
        .iter()
        .chain(more)
        .copied()
        .collect();
    spec(openapi().path(), &arguments)
}

/// The changes of a JSON report.
pub fn changes(ended: &Ended) -> Vec<serde_json::Value> {
    let report: serde_json::Value =
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    report["changes"].as_array().unwrap().clone()
}

/// The ids of the changes of a JSON report.
pub fn ids(ended: &Ended) -> Vec<String> {
    let changes = changes(ended);
    let ids = changes.iter().map(|change| change["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

/// A local server with one response per path.
pub struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves complete responses, head and body, by path; every other path is 404.
    pub fn start(responses: &[(&str, String)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let responses: BTreeMap<String, String> = responses
            .iter()
            .map(|(path, response)| ((*path).to_owned(), response.clone()))
            .collect();
        let seen = Arc::clone(&requests);
        // Ends with the process of the test.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                let _ = respond(stream, &responses, &seen);
            }
        });
        Self { address, requests }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A local server that speaks HTTP and HTTPS on one port, and knows which of them was spoken.
pub struct TlsServer {
    host: String,
    certificate: NamedTempFile,
    encrypted: Arc<Mutex<Vec<String>>>,
    in_the_clear: Arc<Mutex<Vec<String>>>,
}

impl TlsServer {
    /// Serves complete responses by path. They may name the server's own host and port.
    pub fn start(responses: impl Fn(&str) -> Vec<(&'static str, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let mut certificate = NamedTempFile::new().unwrap();
        certificate.write_all(made.cert.pem().as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![made.cert.der().clone()],
                made.signing_key.serialize_der().try_into().unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let (encrypted, in_the_clear) = (Arc::default(), Arc::default());
        let responses: BTreeMap<String, String> = responses(&host)
            .into_iter()
            .map(|(path, response)| (path.to_owned(), response))
            .collect();
        let (seen, seen_in_the_clear) = (Arc::clone(&encrypted), Arc::clone(&in_the_clear));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut first = [0];
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                // A TLS record of a handshake begins with 22.
                let _ = match stream.peek(&mut first) {
                    Ok(1) if first == [22] => {
                        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                        respond(StreamOwned::new(connection, stream), &responses, &seen)
                    }
                    _ => respond(stream, &responses, &seen_in_the_clear),
                };
            }
        });
        Self {
            host,
            certificate,
            encrypted,
            in_the_clear,
        }
    }

    pub fn address(&self) -> String {
        format!("https://{}", self.host)
    }

    /// The heads of the requests over TLS so far.
    pub fn requests(&self) -> Vec<String> {
        self.encrypted.lock().unwrap().clone()
    }

    /// The heads of the requests without TLS so far.
    pub fn requests_in_the_clear(&self) -> Vec<String> {
        self.in_the_clear.lock().unwrap().clone()
    }
}

fn respond(
    stream: impl Read + Write,
    responses: &BTreeMap<String, String>,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while reader.read_line(&mut head)? > 2 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head);
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let response = responses.get(&path).map_or(missing, String::as_str);
    let mut stream = reader.into_inner();
    stream.write_all(response.as_bytes())?;
    stream.flush()
}

/// A complete response with a body in Markdown.
pub fn ok(body: &str) -> String {
    response_of("200 OK", "text/markdown; charset=utf-8", body)
}

/// A complete response.
pub fn response_of(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A redirect.
pub fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 308 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}
