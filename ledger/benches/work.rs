//! What the worker does in a second, and what memory a sweep needs:
//! `cargo bench -p payssam-ledger --bench work`.
//!
//! It fails if the sweep of 1,000,000 due bills needs 5 MB more than that of 10,000 at its peak. Both make 10,000 reads.

#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    env, fs,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use payssam_ledger::{Event, Ledger, Watch, rusqlite::Transaction};
use payssam_mock::MockServer;
use support::{File, World, book, won};

const READS: u64 = 10_000;
const EVENTS: usize = 2_000;

const BASE_URL: &str = "PAYSSAM_WORK_BASE_URL";
const DUE: &str = "PAYSSAM_WORK_DUE";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Ok(due) = env::var(DUE) {
        return runtime.block_on(sweep(due.parse().expect("a number")));
    }
    runtime.block_on(events());
    runtime.block_on(peaks());
}

/// Books events, each in a commit of its own.
async fn events() {
    let world = World::new().await;
    for number in 0..EVENTS {
        let id = world.elsewhere(&format!("b{number}"));
        world.mock.pay(&id).expect("it is unpaid");
        let watch = Watch::new(id, won(45_000));
        let watched = world.ledger.watch(&world.merchant, watch).await;
        watched.expect("a database");
    }
    // Every event is there before the first is booked.
    let refuses = |_: &Event, _: &mut Transaction<'_>| Err(std::io::Error::other("not yet"));
    let clients = [world.client.clone()];
    let begun = Instant::now();
    let ran = world.ledger.run_due(clients, refuses).await;
    ran.expect("a database");
    println!(
        "{EVENTS} bills read, and each event refused once: {:.0} in a second",
        EVENTS as f64 / begun.elapsed().as_secs_f64()
    );
    world.clock.advance(Duration::from_secs(10));
    let begun = Instant::now();
    world.work().await;
    let elapsed = begun.elapsed().as_secs_f64();
    assert_eq!(world.booked().len(), EVENTS);
    println!(
        "{EVENTS} events booked: {:.0} in a second",
        EVENTS as f64 / elapsed
    );
}

async fn peaks() {
    let mock = MockServer::start().await.expect("a mock server");
    let mut peaks = Vec::new();
    for due in [READS, 1_000_000] {
        let url = mock.base_url();
        let child = tokio::task::spawn_blocking(move || {
            Command::new(env::current_exe().expect("this program"))
                .env(DUE, due.to_string())
                .env(BASE_URL, url)
                .output()
        });
        let output = child.await.expect("no panic").expect("a process");
        let text = String::from_utf8_lossy(&output.stdout);
        let peak: u64 = text.trim().parse().unwrap_or_else(|_| {
            panic!("{text}{}", String::from_utf8_lossy(&output.stderr));
        });
        println!("{READS} reads of {due} due bills: {peak} KiB at the peak");
        peaks.push(peak);
    }
    assert!(peaks[1] < peaks[0] + 5 * 1024, "{peaks:?}");
}

/// Reads so many bills that are due, and prints the peak of memory in KiB.
async fn sweep(due: u64) {
    let credentials = payssam::Credentials::builder()
        .api_key(payssam_mock::API_KEY)
        .member(payssam_mock::MEMBER)
        .merchant(payssam_mock::MERCHANT)
        .build()
        .expect("credentials");
    let client = payssam::Client::builder(credentials)
        .base_url(env::var(BASE_URL).expect("an address"))
        .build()
        .expect("a client");
    let file = File::new();
    let ledger = Ledger::builder(&file.0).reads_per_second(1_000_000).open();
    let ledger = ledger.expect("a ledger");
    // The way through the API would take an hour.
    let rows = file.connect().execute(
        "INSERT INTO payssam_bills (member, merchant, bill_id, price, is_watched, known_since, next_read_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3) \
         SELECT ?1, ?2, 'b' || i, 45000, 1, 0, i FROM n",
        (payssam_mock::MEMBER, payssam_mock::MERCHANT, due as i64),
    );
    assert_eq!(rows.expect("bills") as u64, due);
    let calls = Arc::new(AtomicUsize::new(0));
    let counting = {
        let calls = calls.clone();
        move |event: &Event, tx: &mut Transaction<'_>| {
            calls.fetch_add(1, SeqCst);
            book(event, tx)
        }
    };
    let stop = async {
        while ledger.list().await.expect("a list").due_reads > due - READS {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        ledger.stop();
    };
    let (ran, ()) = tokio::join!(ledger.run([client], counting), stop);
    ran.expect("a run");
    // There are no such bills.
    assert_eq!(calls.load(SeqCst), 0);
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.expect("a peak").trim().trim_end_matches(" kB");
    println!("{peak}");
}
