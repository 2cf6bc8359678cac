//! Many callers at once, with fewer files than callers: `cargo bench --bench crowd` (Linux).
//!
//! - 10,000 concurrent reads in a process that may have 256 files open: each is done or provably not sent.
//! - 3,000 blocking clients, each with a thread and a connection: each reads, and leaves nothing behind.
//!
//! Each crowd is a process of its own; `VmHWM` is its peak.

use std::{env, error::Error, fs, process::Command, thread, time::Duration};

use payssam::{BillId, Client, Credentials, Outcome, RetryPolicy, blocking};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    task::JoinSet,
};

const CALLS: usize = 10_000;
const FILES: usize = 256;
const CLIENTS: usize = 3_000;
/// How many blocking clients are called at a time.
const CALLERS: usize = 8;

const BODY: &str = r#"{"code":"0000","message":"m","data":{"billId":"2024-0001","apprState":"F"}}"#;

fn main() -> Result<(), Box<dyn Error>> {
    match (env::var("PAYSSAM_CROWD"), env::var("PAYSSAM_ADDRESS")) {
        (Ok(crowd), Ok(address)) if crowd == "calls" => Runtime::new()?.block_on(calls(&address)),
        (Ok(_), Ok(address)) => clients(&address),
        _ => {
            let server = Runtime::new()?;
            let listener = server.block_on(TcpListener::bind("127.0.0.1:0"))?;
            let address = listener.local_addr()?.to_string();
            server.spawn(serve(listener));
            run("calls", &address, Some(FILES))?;
            run("clients", &address, None)
        }
    }
}

/// Runs this program again as a crowd, with at most so many open files.
fn run(crowd: &str, address: &str, files: Option<usize>) -> Result<(), Box<dyn Error>> {
    let limit = files.map_or("true".to_owned(), |files| format!("ulimit -n {files}"));
    let status = Command::new("sh")
        .args(["-c", &format!("{limit} && exec \"$0\"")])
        .arg(env::current_exe()?)
        .env("PAYSSAM_CROWD", crowd)
        .env("PAYSSAM_ADDRESS", address)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("the crowd of {crowd} ended with {status}").into()),
    }
}

async fn serve(listener: TcpListener) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(respond(stream));
        }
    }
}

/// Responds to each request; one arrives whole, because it is small.
async fn respond(mut stream: TcpStream) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", BODY.len());
    let mut request = [0; 4096];
    while let Ok(1..) = stream.read(&mut request).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if stream
            .write_all((head.clone() + BODY).as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}

fn client(address: &str) -> Result<Client, payssam::Error> {
    let credentials = Credentials::builder()
        .api_key("key")
        .member("member")
        .merchant("merchant")
        .build()?;
    Client::builder(credentials)
        .base_url(format!("http://{address}"))
        .connect_timeout(Duration::from_secs(60))
        .timeout(Duration::from_secs(120))
        .retry(RetryPolicy::off())
        .build()
}

async fn calls(address: &str) -> Result<(), Box<dyn Error>> {
    let client = client(address)?;
    let id = BillId::new("2024-0001")?;
    client.bills().read(&id).await?;
    let files = open_files()?;
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (client, id) = (client.clone(), id.clone());
        calls.spawn(async move { client.bills().read(&id).await });
    }
    let (mut done, mut not_sent) = (0, 0);
    while let Some(call) = calls.join_next().await {
        match call? {
            Ok(_) => done += 1,
            Err(error) if error.outcome() == Outcome::NotSent => not_sent += 1,
            Err(error) => return Err(error.into()),
        }
    }
    client.bills().read(&id).await?;
    drop(client);
    assert_eq!(done + not_sent, CALLS);
    // The connections of the pool close when their tasks run next.
    leaves(files, open_files)?;
    println!(
        "{CALLS} concurrent reads with {FILES} files: {done} done, {not_sent} not sent, peak {} MiB",
        peak()?
    );
    Ok(())
}

fn clients(address: &str) -> Result<(), Box<dyn Error>> {
    let id = BillId::new("2024-0001")?;
    // The first runtime of a process opens what all others share.
    let first = blocking::Client::new(client(address)?)?;
    first.bills().read(&id)?;
    let (files, threads) = (open_files()?, threads()?);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| blocking::Client::new(client(address)?))
        .collect::<Result<_, _>>()?;
    thread::scope(|scope| {
        for part in clients.chunks(CLIENTS / CALLERS) {
            let id = &id;
            scope.spawn(move || {
                for client in part {
                    client.bills().read(id).expect("a bill");
                }
            });
        }
    });
    println!(
        "{CLIENTS} blocking clients: {CLIENTS} reads done, peak {} MiB",
        peak()?
    );
    drop(clients);
    leaves(threads, self::threads)?;
    leaves(files, open_files)
}

/// Waits until no more of something is left than there was before. While all files are open, they cannot be counted.
fn leaves(before: usize, now: fn() -> Result<usize, Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    for _ in 0..1_000 {
        if now().is_ok_and(|now| now <= before) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Err(format!("{} are left of {before}", now()?).into())
}

fn open_files() -> Result<usize, Box<dyn Error>> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

fn threads() -> Result<usize, Box<dyn Error>> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}

/// The peak of the memory of this process, in MiB.
fn peak() -> Result<usize, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .ok_or("the kernel tells no peak")?;
    Ok(peak.trim().parse::<usize>()? / 1024)
}
