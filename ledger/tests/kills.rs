//! Processes are killed at seeded points over one ledger: each payment is booked once, and no intent is lost or doubled.
#![cfg(unix)]

mod killed;
mod support;

/// How this program becomes a child.
const CHILD: [&str; 4] = [
    "--ignored",
    "--exact",
    "--nocapture",
    "a_child_works_until_it_is_killed",
];

const KILLS: usize = 200;

#[test]
#[ignore = "the other test starts it as a process of its own"]
fn a_child_works_until_it_is_killed() {
    if killed::is_child() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(killed::work_until_killed());
    }
}

#[tokio::test]
async fn fifty_deliveries_of_one_callback_over_two_processes_are_one_booking() {
    let booked = killed::deliver_fifty_times(&CHILD).await;
    assert_eq!(booked, ["b0 sent 45000", "b0 paid 45000"]);
}

#[tokio::test]
async fn two_processes_that_cancel_one_bill_at_the_same_time_make_one_cancellation() {
    let booked = killed::cancel_from_two_processes(&CHILD).await;
    let cancelled = |id| format!("{id} cancelled by us, not booked 45000");
    let expected: Vec<_> = killed::CANCELLED.map(cancelled).into();
    assert_eq!(booked, expected);
}

#[tokio::test]
async fn killed_processes_book_each_payment_once_and_neither_lose_nor_double_an_intent() {
    let report = killed::run(KILLS, 19, &CHILD).await;
    println!("{report:?}");
    assert_eq!(report.killed, KILLS);
    // Otherwise no kill hit what it is to show.
    assert!(report.payments > KILLS / 4, "{report:?}");
    assert!(
        report.cancellations > 5 && report.destroyed > 5 && report.resent > 5 && report.orphans > 5,
        "{report:?}"
    );
    for step in killed::STEPS {
        assert!(
            report.at.contains_key(step),
            "nothing was killed at {step}: {report:?}"
        );
    }
}
