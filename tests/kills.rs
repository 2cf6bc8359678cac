//! Processes are killed at any moment over one SQLite file: each payment is booked once, and none is lost.
#![cfg(unix)]

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod database;
    pub mod kills;
    pub mod seen_in_file;
    pub mod stranger;
}

use support::kills;

/// How this program becomes a child.
const CHILD: [&str; 3] = [
    "--ignored",
    "--exact",
    "a_child_receives_until_it_is_killed",
];

const KILLS: usize = 100;

#[tokio::test]
#[ignore = "the other test starts it as a process of its own"]
async fn a_child_receives_until_it_is_killed() {
    if kills::is_child() {
        kills::receive_until_killed().await;
    }
}

#[tokio::test]
async fn killed_processes_book_each_payment_once_with_a_lease_that_is_marked_in_the_transaction() {
    let report = kills::run(KILLS, 7, &CHILD).await;
    println!("{report:?}");
    assert_eq!(report.killed, KILLS);
    assert!(report.stopped > 0 && report.payments >= KILLS, "{report:?}");
    assert!(report.cancellations > 0, "{report:?}");
    // Otherwise no kill hit a callback.
    assert!(report.unacknowledged > 0, "{report:?}");
}
