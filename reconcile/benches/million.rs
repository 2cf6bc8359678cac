//! A million lines: the peak of memory of the client process, also when all of them are mismatches; and the calls per
//! second, against a bare loop of the library at the same concurrency:
//! `cargo bench -p payssam-reconcile --bench million`.
//!
//! A server in another process answers. Each run is a process of its own, so that its peak is its own. Figures of calls
//! are medians over pairs of runs, one after the other.

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
    runtime,
};

const LINES: usize = 1_000_000;
const PAIRS: usize = 15;
const LINES_OF_A_PAIR: usize = 20_000;
const CONCURRENCY: usize = 8;
const MOST_MEGABYTES: f64 = 64.0;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [_, "serve"] => serve(),
        [_, "run", base_url, ledger] => run(base_url, Path::new(ledger)),
        [_, "bare", base_url, ledger] => bare(base_url, Path::new(ledger)),
        _ => measure(),
    }
}

fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_server, base_url) = started();
    for (name, amount) in [("all agree", 1_000), ("all differ", 999)] {
        let ledger = folder.path().join("books.csv");
        write_ledger(&ledger, LINES, amount);
        let (seconds, peak) = child("run", &base_url, &ledger);
        println!(
            "{LINES} lines, {name}: {:.0} lines per second, peak {peak:.1} MB",
            LINES as f64 / seconds
        );
        assert!(peak < MOST_MEGABYTES, "more than {MOST_MEGABYTES} MB");
    }
    let ledger = folder.path().join("books.csv");
    write_ledger(&ledger, LINES_OF_A_PAIR, 1_000);
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let ways = match pair % 2 {
                0 => ["run", "bare"],
                _ => ["bare", "run"],
            };
            let [first, second] = ways.map(|way| child(way, &base_url, &ledger).0);
            match pair % 2 {
                0 => second / first,
                _ => first / second,
            }
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{CONCURRENCY} at a time: {:.3} of the calls per second of a bare loop ({:.3} to {:.3})",
        ratios[PAIRS / 2],
        ratios[0],
        ratios[PAIRS - 1]
    );
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

/// Runs one way in a process of its own: its seconds, and its peak in MB.
fn child(way: &str, base_url: &str, ledger: &Path) -> (f64, f64) {
    let program = env::current_exe().expect("this program");
    let output = Command::new(program)
        .args([way, base_url])
        .arg(ledger)
        .stderr(Stdio::inherit())
        .output()
        .expect("a child");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    let (seconds, peak) = text.trim().split_once(' ').expect("two figures");
    (seconds.parse().expect("seconds"), peak.parse().expect("MB"))
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

/// The ledger compared, with a journal and all reports. The seconds are those of the calls.
fn run(base_url: &str, path: &Path) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let client = client(base_url);
    let ledger = Ledger::open(path, None, &[]).expect("a ledger");
    let mut settings = Settings::default();
    settings.concurrency = CONCURRENCY;
    settings.journal = Some(path.with_extension("journal"));
    let mut run = Run::start(&ledger, &client, settings).expect("a run");
    let begin = Instant::now();
    runtime.expect("a runtime").block_on(async {
        while let Some(finding) = run.next().await.expect("a finding") {
            assert_ne!(finding.class, Class::CouldNotBeRead, "{}", finding.reason);
        }
    });
    let seconds = begin.elapsed().as_secs_f64();
    let report = run.finish().expect("a report");
    let to =
        |extension| BufWriter::new(File::create(path.with_extension(extension)).expect("a file"));
    let findings = || report.findings().expect("findings");
    write_csv(findings(), to("out.csv")).expect("CSV");
    page(report.summary(), findings(), Some("out.csv"), to("html")).expect("a page");
    println!("{seconds} {}", peak());
}

/// The same reads in a loop over `read_many`.
fn bare(base_url: &str, path: &Path) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let client = client(base_url);
    let ids = BufReader::new(File::open(path).expect("a ledger"))
        .lines()
        .skip(1)
        .map(|line| {
            let line = line.expect("a line");
            BillId::new(line.split(',').nth(1).expect("an id")).expect("an id")
        });
    // Only the calls are compared.
    let ids: Vec<BillId> = ids.collect();
    let begin = Instant::now();
    runtime.expect("a runtime").block_on(async {
        let mut bills = client.bills().read_many(ids).concurrency(CONCURRENCY);
        while let Some((_, bill)) = bills.next().await {
            assert!(bill.expect("a bill").is_paid());
        }
    });
    println!("{} {}", begin.elapsed().as_secs_f64(), peak());
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
