//! A disk that is full: nothing is acknowledged or booked that is not on it, and nothing is lost.
#![cfg(unix)]

mod support;

use std::{
    env,
    io::Error,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use payssam::callback::{acknowledge, retry_later};
use payssam_ledger::{Event, Ledger, Merchant, Watch, rusqlite::Transaction};
use payssam_mock::MEMBER;
use support::*;

const FILE: &str = "PAYSSAM_FULL_FILE";
const BASE_URL: &str = "PAYSSAM_FULL_BASE_URL";
const BODY: &str = r#"{"billId":"1"}"#;

#[tokio::test]
#[ignore = "the other test starts it as a process that may write no file"]
async fn a_child_on_a_full_disk() {
    let Some(file) = env::var_os(FILE) else {
        return;
    };
    let client = payssam::Client::builder(
        payssam::Credentials::builder()
            .api_key(payssam_mock::API_KEY)
            .member(MEMBER)
            .merchant(payssam_mock::MERCHANT)
            .build()
            .unwrap(),
    )
    .base_url(env::var(BASE_URL).unwrap())
    .build()
    .unwrap();
    let merchant = Merchant::from(client.credentials());
    let ledger = Ledger::open(file).unwrap();
    let error = ledger.receive(&merchant, BODY).unwrap_err();
    assert_eq!(error.response(), retry_later());
    let sent = ledger.send(&client, &bill("2")).await;
    assert!(sent.is_err(), "nothing may be sent that is not recorded");
    let calls = Arc::new(AtomicU32::new(0));
    let handler = {
        let calls = calls.clone();
        move |event: &Event, tx: &mut Transaction<'_>| {
            calls.fetch_add(1, SeqCst);
            book(event, tx)
        }
    };
    let stop = async {
        while calls.load(SeqCst) < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        ledger.stop();
    };
    // It goes on, and tries to commit again and again.
    let (ran, ()) = tokio::join!(ledger.run([client], handler), stop);
    ran.unwrap();
    // The exit code of a failed test is 101.
    std::process::exit(42);
}

#[tokio::test]
async fn a_full_disk_acknowledges_sends_and_books_nothing_and_loses_nothing() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    let watch = Watch::new(id.clone(), won(45_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    world.mock.pay(&id).unwrap();
    // Its event is there, and its handler has failed once.
    let fails = |_: &Event, _: &mut Transaction<'_>| Err(Error::other("not now"));
    let clients = [world.client.clone()];
    world.ledger.run_due(clients, fails).await.unwrap();
    let (file, url) = (world.file.0.clone(), world.mock.base_url());
    // No file may be written beyond its first block, as little as the smallest limit of all shells is.
    let child = tokio::task::spawn_blocking(move || {
        Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
            .arg(env::current_exe().unwrap())
            .args(["--ignored", "--exact", "a_child_on_a_full_disk"])
            .env(FILE, file)
            .env(BASE_URL, url)
            .output()
    });
    let child = child.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&child.stderr);
    assert_eq!(child.status.code(), Some(42), "{said}");
    assert!(world.booked().is_empty());
    assert!(world.mock.bill(&"2".parse().unwrap()).is_none());
    let response = world.ledger.receive(&world.merchant, BODY).unwrap();
    assert_eq!(response, acknowledge());
    world.clock.advance(HOUR);
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
}
