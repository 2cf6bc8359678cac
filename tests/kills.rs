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
const CHILD: [&str; 2] = ["--ignored", "a_child_receives_until_it_is_killed"];

/// So many in each of two runs, which wait for their leases at the same time.
const KILLS: usize = 50;

#[tokio::test]
#[ignore = "the other test starts it as a process of its own"]
async fn a_child_receives_until_it_is_killed() {
    if kills::is_child() {
        kills::receive_until_killed().await;
    }
}

#[tokio::test]
async fn killed_processes_book_each_payment_once_with_a_lease_that_is_marked_in_the_transaction() {
    let (one, other) = tokio::join!(kills::run(KILLS, 7, &CHILD), kills::run(KILLS, 8, &CHILD));
    for report in [&one, &other] {
        println!("{report:?}");
        assert_eq!(report.killed, KILLS);
        assert!(report.stopped > 0 && report.payments >= KILLS, "{report:?}");
        assert!(report.cancellations > 0, "{report:?}");
    }
    // Otherwise no kill hit a callback.
    assert!(one.unacknowledged + other.unacknowledged > 0);
}
