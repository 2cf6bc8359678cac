//! A million lines: the peak of memory of the client process, also when all of them are mismatches; and the calls per
//! second, against a bare loop of the library at the same concurrency:
//! `cargo bench -p payssam-reconcile --bench million`.
//!
//! A server in another process answers. Each run is a process of its own, so that its peak is its own.
//! With `-- pairs` only the calls are compared.

use std::{
    env,
    fs::{self, File},
    io::{self, BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

use payssam::{BillId, Client, Credentials};
use payssam_reconcile::{Class, Ledger, Run, Settings, page, write_csv};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{self, Runtime},
};

const LINES: usize = 1_000_000;
const PAIRS: usize = 101;
const LINES_OF_A_PAIR: usize = 2_000;
const CONCURRENCY: usize = 8;
const MOST_MEGABYTES: f64 = 64.0;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [_, "serve"] => serve(),
        [_, "run", base_url, ledger] => run(base_url, Path::new(ledger)),
        [_, "pairs", base_url, ledger] => pairs(base_url, Path::new(ledger)),
        [_, "pairs"] => only_pairs(),
        _ => measure(),
    }
}

fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, base_url) = started();
    for (name, amount) in [("all agree", 1_000), ("all differ", 999)] {
        let ledger = folder.path().join("books.csv");
        write_ledger(&ledger, LINES, amount);
        let figures = child("run", &base_url, &ledger);
        let (seconds, peak) = figures.split_once(' ').expect("two figures");
        let (seconds, peak): (f64, f64) =
            (seconds.parse().expect("seconds"), peak.parse().expect("MB"));
        println!(
            "{LINES} lines, {name}: {:.0} lines per second, peak {peak:.1} MB",
            LINES as f64 / seconds
        );
        assert!(peak < MOST_MEGABYTES, "more than {MOST_MEGABYTES} MB");
    }
    only_pairs();
}

fn only_pairs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, base_url) = started();
    let ledger = folder.path().join("books.csv");
    write_ledger(&ledger, LINES_OF_A_PAIR, 1_000);
    println!("{}", child("pairs", &base_url, &ledger));
}

fn write_ledger(path: &Path, lines: usize, amount: u64) {
    let mut file = BufWriter::new(File::create(path).expect("a ledger"));
    writeln!(file, "결제일,청구서번호,금액,상태").expect("a header");
    for line in 0..lines {
        let day = 1 + line % 28;
        writeln!(file, "2026-11-{day:02},20261125{line:08},{amount},결제완료").expect("a line");
    }
    file.flush().expect("a ledger");
}

/// Runs one way in a process of its own, and gives what it printed.
fn child(way: &str, base_url: &str, ledger: &Path) -> String {
    let program = env::current_exe().expect("this program");
    let output = Command::new(program)
        .args([way, base_url])
        .arg(ledger)
        .stderr(Stdio::inherit())
        .output()
        .expect("a child");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().to_owned()
}

/// The processor time of this thread in seconds.
fn processor_time() -> f64 {
    let status = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells its time");
    let nanos = status.split(' ').next().expect("a figure");
    nanos.parse::<f64>().expect("a number") / 1e9
}

fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells its peak");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.expect("VmHWM").trim().trim_end_matches(" kB");
    kilobytes.parse::<f64>().expect("a number") / 1024.0
}

fn client(base_url: &str) -> Client {
    let credentials = Credentials::builder()
        .api_key("key")
        .member("m")
        .merchant("s");
    let client = Client::builder(credentials.build().expect("credentials"));
    client.base_url(base_url).build().expect("a client")
}

fn runtime() -> Runtime {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

fn started_run<'l>(ledger: &'l Ledger, client: &Client, path: &Path) -> Run<'l> {
    let mut settings = Settings::default();
    settings.concurrency = CONCURRENCY;
    settings.journal = Some(path.with_extension("journal"));
    Run::start(ledger, client, settings).expect("a run")
}

/// What some calls took: the time, and that of the processor.
#[derive(Clone, Copy)]
struct Took {
    seconds: f64,
    processor: f64,
}

async fn timed(calls: impl Future<Output = ()>) -> Took {
    let (begin, processor) = (Instant::now(), processor_time());
    calls.await;
    Took {
        seconds: begin.elapsed().as_secs_f64(),
        processor: processor_time() - processor,
    }
}

async fn all_of(run: &mut Run<'_>) -> Took {
    timed(async {
        while let Some(finding) = run.next().await.expect("a finding") {
            assert_ne!(finding.class, Class::CouldNotBeRead, "{}", finding.reason);
        }
    })
    .await
}

/// The ledger compared, with a journal and all reports. The seconds are those of the calls.
fn run(base_url: &str, path: &Path) {
    let client = client(base_url);
    let ledger = Ledger::open(path, None, &[]).expect("a ledger");
    let mut run = started_run(&ledger, &client, path);
    let seconds = runtime().block_on(all_of(&mut run)).seconds;
    let report = run.finish().expect("a report");
    let to =
        |extension| BufWriter::new(File::create(path.with_extension(extension)).expect("a file"));
    let findings = || report.findings().expect("findings");
    write_csv(findings(), to("out.csv")).expect("CSV");
    page(report.summary(), findings(), Some("out.csv"), to("html")).expect("a page");
    println!("{seconds} {}", peak());
}

/// The calls per second of a run, with reading the ledger and writing the journal, and of the same reads in a loop over
/// `read_many`, in turns so short that a machine whose speed drifts changes both alike.
fn pairs(base_url: &str, path: &Path) {
    let client = client(base_url);
    let ledger = Ledger::open(path, None, &[]).expect("a ledger");
    let lines = BufReader::new(File::open(path).expect("a ledger")).lines();
    let ids: Vec<BillId> = lines
        .skip(1)
        .map(|line| {
            let line = line.expect("a line");
            BillId::new(line.split(',').nth(1).expect("an id")).expect("an id")
        })
        .collect();
    let runtime = runtime();
    let compared = || {
        let mut run = started_run(&ledger, &client, path);
        let took = runtime.block_on(all_of(&mut run));
        run.finish().expect("a report");
        took
    };
    let bare = || {
        let ids = ids.clone();
        runtime.block_on(timed(async {
            let mut bills = client.bills().read_many(ids).concurrency(CONCURRENCY);
            while let Some((_, bill)) = bills.next().await {
                assert!(bill.expect("a bill").is_paid());
            }
        }))
    };
    compared();
    bare();
    let pairs: Vec<(Took, Took)> = (0..PAIRS)
        .map(|pair| match pair % 2 {
            0 => (bare(), compared()),
            _ => {
                let compared = compared();
                (bare(), compared)
            }
        })
        .collect();
    for (name, of) in [
        (
            "calls per second",
            (|took| took.seconds) as fn(&Took) -> f64,
        ),
        ("calls per second of the processor", |took| took.processor),
    ] {
        let ratios = pairs.iter().map(|(bare, compared)| of(bare) / of(compared));
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_by(f64::total_cmp);
        println!(
            "{CONCURRENCY} at a time: {:.3} of the {name} of a bare loop ({:.3} to {:.3})",
            ratios[PAIRS / 2],
            ratios[PAIRS / 10],
            ratios[PAIRS * 9 / 10]
        );
    }
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn started() -> (Server, String) {
    let mut server = Command::new(env::current_exe().expect("this program"));
    let mut server = server
        .arg("serve")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a server");
    let mut line = String::new();
    let stdout = server.stdout.take().expect("a pipe");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("an address");
    (Server(server), format!("http://{}/partner", line.trim()))
}

/// Says of every bill that 1,000 won were paid for it.
fn serve() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        io::stdout().flush().expect("a pipe");
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
}

async fn answer(mut stream: TcpStream) {
    drop(stream.set_nodelay(true));
    let mut received = Vec::with_capacity(4_096);
    loop {
        let Some(end) = whole_request(&received) else {
            if stream.read_buf(&mut received).await.unwrap_or(0) == 0 {
                return;
            }
            continue;
        };
        let request = String::from_utf8_lossy(&received[..end]).into_owned();
        received.drain(..end);
        let id = request.split("\"billId\":\"").nth(1).unwrap_or_default();
        let id = id.split('"').next().unwrap_or_default();
        let body = format!(
            r#"{{"code":"0000","message":"","data":{{"billId":"{id}","apprState":"F","apprPrice":"1000","apprDt":"20261125093000"}}}}"#
        );
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(response.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The length of the first request, once all of it is there.
fn whole_request(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&received[..head]).expect("a head");
    let lengths = text.lines().filter_map(|line| line.split_once(": "));
    let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = lengths.next()?.1.parse().expect("a length");
    (received.len() >= head + length).then_some(head + length)
}
