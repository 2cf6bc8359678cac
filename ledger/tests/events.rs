//! Each event reaches the handler exactly once in its transaction, in the order of its bill.

#[path = "../../tests/support/log.rs"]
mod log;
use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use crate::support::*;
use log::Log;
use payssam::{BillId, CancelBill, Client, Operation, ResendBill};
use payssam_ledger::{
    Clock, Error, Event, EventKind, IntentState, Ledger, ManualClock, Merchant, Watch,
    rusqlite::{self, DropBehavior, Transaction},
};
use payssam_mock::{Fault, MockServer, Schedule};

async fn watched(world: &World, id: &str) -> BillId {
    let id = world.elsewhere(id);
    let watch = Watch::new(id.clone(), won(45_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    id
}

#[tokio::test]
async fn a_handler_that_fails_commits_nothing_and_holds_up_only_its_own_bill() {
    let world = World::new().await;
    for id in ["1", "2"] {
        let id = watched(&world, id).await;
        world.mock.pay(&id).unwrap();
    }
    let handler = |event: &Event, tx: &mut Transaction<'_>| -> Result<(), io::Error> {
        // Written before it fails, and set to be committed.
        book(event, tx).unwrap();
        if event.bill_id().as_str() == "1" {
            tx.set_drop_behavior(DropBehavior::Commit);
            return Err(io::Error::other("the ledger account is closed"));
        }
        Ok(())
    };
    world
        .ledger
        .run_due([world.client.clone()], handler)
        .await
        .unwrap();
    assert_eq!(world.booked(), ["2 paid 45000"]);
    let open = world.ledger.list().await.unwrap();
    assert_eq!(open.unbooked_events, 1);
    assert!(!open.waits_for_person());
    world.clock.advance(Duration::from_secs(2));
    world.work().await;
    assert_eq!(world.booked(), ["2 paid 45000", "1 paid 45000"]);
}

#[tokio::test]
async fn an_event_whose_handler_always_fails_waits_for_a_person_and_can_be_retried() {
    let world = World::with(|builder| builder.handler_attempts(3)).await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let calls = Arc::new(AtomicU32::new(0));
    for _ in 0..10 {
        let calls = calls.clone();
        let handler = move |event: &Event, _: &mut Transaction<'_>| -> Result<(), io::Error> {
            assert_eq!(
                event.attempt(),
                calls.fetch_add(1, SeqCst),
                "it panics at the second run"
            );
            Err(io::Error::other("no"))
        };
        world
            .ledger
            .run_due([world.client.clone()], handler)
            .await
            .unwrap();
        world.advance(HOUR);
    }
    assert_eq!(calls.load(SeqCst), 3);
    let open = world.ledger.list().await.unwrap();
    assert!(open.waits_for_person() && open.events[0].waits_for_person);
    // What comes later of this bill waits with it.
    world.mock.cancel(&id).unwrap();
    world.advance(2 * DAY);
    world.work().await;
    assert!(world.booked().is_empty());
    assert_eq!(world.ledger.retry(&world.merchant, &id).await.unwrap(), 1);
    world.work().await;
    assert_eq!(
        world.booked(),
        ["1 paid 45000", "1 cancelled by elsewhere, booked 45000"]
    );
}

#[tokio::test]
async fn a_handler_that_panics_or_ends_the_transaction_books_nothing_twice() {
    let world = World::new().await;
    for id in ["1", "2", "3", "4"] {
        let id = watched(&world, id).await;
        world.mock.pay(&id).unwrap();
    }
    let handler = |event: &Event, tx: &mut Transaction<'_>| -> rusqlite::Result<()> {
        match event.bill_id().as_str() {
            "1" => tx.execute_batch("ROLLBACK"),
            "2" => tx.execute_batch("COMMIT"),
            // Another transaction instead.
            "3" => tx.execute_batch("COMMIT; BEGIN"),
            _ => {
                book(event, tx)?;
                panic!("the handler of a test");
            }
        }
    };
    world
        .ledger
        .run_due([world.client.clone()], handler)
        .await
        .unwrap();
    assert!(world.booked().is_empty());
    let open = world.ledger.list().await.unwrap();
    // Somebody must see what the three committed.
    assert_eq!((open.unbooked_events, open.waiting_for_person), (4, 3));
    world.clock.advance(HOUR);
    world.work().await;
    assert_eq!(world.booked(), ["4 paid 45000"]);
}

#[tokio::test]
async fn a_bill_first_seen_as_cancelled_gives_one_cancellation_and_never_a_payment() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    world.mock.cancel(&id).unwrap();
    for _ in 0..5 {
        world.work().await;
        world.advance(30 * DAY);
    }
    assert_eq!(
        world.booked(),
        ["1 cancelled by elsewhere, not booked 45000"]
    );
}

#[tokio::test]
async fn a_cancellation_at_payssams_own_desk_is_found_by_the_sweep_of_paid_bills() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.pay(&id).unwrap();
    world.advance(HOUR);
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000", "1 paid 45000"]);
    world.advance(20 * DAY);
    world.work().await;
    world.mock.cancel(&id).unwrap();
    world.advance(11 * DAY);
    world.work().await;
    assert_eq!(
        world.booked(),
        [
            "1 sent 45000",
            "1 paid 45000",
            "1 cancelled by elsewhere, booked 45000"
        ]
    );
}

#[tokio::test]
async fn a_cancellation_of_ours_says_so_and_that_its_payment_was_booked() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    world.work().await;
    let cancel = CancelBill::new(id, won(45_000));
    let done = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(done.state().as_str(), "done");
    world.work().await;
    assert_eq!(
        world.booked(),
        ["1 paid 45000", "1 cancelled by us, booked 45000"]
    );
}

#[tokio::test]
async fn a_bill_that_is_destroyed_elsewhere_may_have_been_paid_on_site() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.destroy(&id).unwrap();
    world.advance(DAY);
    world.work().await;
    assert_eq!(
        world.booked(),
        ["1 sent 45000", "1 destroyed_elsewhere 45000"]
    );
}

#[tokio::test]
async fn another_amount_is_a_mismatch_and_never_a_payment() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    let watch = Watch::new(id.clone(), won(50_000)).reference("order 7");
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    world.mock.pay(&id).unwrap();
    for _ in 0..3 {
        world.work().await;
        world.advance(7 * DAY);
    }
    assert_eq!(world.booked(), ["1 mismatch 45000"]);
}

#[tokio::test]
async fn equal_ids_of_two_merchants_are_two_bills() {
    let world = World::new().await;
    let other_mock = world.mock.with_merchant("mapo").unwrap();
    let other = quick(&other_mock);
    let id = watched(&world, "1").await;
    other_mock.add_bill(id.clone(), won(45_000)).unwrap();
    let mapo = Merchant::from(other.credentials());
    let watch = Watch::new(id.clone(), won(45_000));
    world.ledger.watch(&mapo, watch).await.unwrap();
    world.mock.pay(&id).unwrap();
    other_mock.pay(&id).unwrap();
    let clients = [world.client.clone(), other];
    world.ledger.run_due(clients, book).await.unwrap();
    let merchants: String = world
        .file
        .connect()
        .query_row(
            "SELECT group_concat(merchant) FROM (SELECT merchant FROM bookings ORDER BY merchant)",
            (),
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(merchants, "mapo,mock-merchant");
}

#[tokio::test]
async fn two_workers_over_one_file_book_each_event_once() {
    let world = World::new().await;
    let other = builder(&world.file.0, &world.clock).open().unwrap();
    for id in 0..40 {
        let id = watched(&world, &format!("bill-{id}")).await;
        world.mock.pay(&id).unwrap();
    }
    let stop = async {
        for _ in 0..1_000 {
            if world.booked().len() >= 40 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        world.ledger.stop();
        other.stop();
    };
    let (one, two, ()) = tokio::join!(
        world.ledger.run([world.client.clone()], book),
        other.run([world.client.clone()], book),
        stop
    );
    one.unwrap();
    two.unwrap();
    let mut booked = world.booked();
    booked.sort();
    booked.dedup();
    assert_eq!((booked.len(), world.booked().len()), (40, 40));
}

#[tokio::test]
async fn a_stop_lets_the_handler_end_and_begins_nothing_new() {
    let world = World::new().await;
    for id in ["1", "2"] {
        let id = watched(&world, id).await;
        world.mock.pay(&id).unwrap();
    }
    let is_in_handler = Arc::new(AtomicBool::new(false));
    let handler = {
        let is_in_handler = is_in_handler.clone();
        move |event: &Event, tx: &mut Transaction<'_>| {
            is_in_handler.store(true, SeqCst);
            std::thread::sleep(Duration::from_millis(200));
            book(event, tx)
        }
    };
    let stop = async {
        while !is_in_handler.load(SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.ledger.stop();
    };
    let (ran, ()) = tokio::join!(world.ledger.run([world.client.clone()], handler), stop);
    ran.unwrap();
    assert_eq!(world.booked().len(), 1);
    world.work().await;
    assert_eq!(world.booked().len(), 2);
}

#[tokio::test]
async fn a_stop_begins_no_event_while_a_request_in_progress_is_waited_for() {
    let world = World::new().await;
    for id in ["1", "2"] {
        let id = watched(&world, id).await;
        world.mock.pay(&id).unwrap();
    }
    let fail = |_: &Event, _: &mut Transaction<'_>| Err(io::Error::other("later"));
    let clients = || [world.client.clone()];
    world.ledger.run_due(clients(), fail).await.unwrap();
    let requests = world.mock.requests().len();
    world.mock.inject(
        Fault::Latency(Duration::from_secs(1)),
        Schedule::always().on(Operation::BillRead),
    );
    watched(&world, "3").await;
    let (in_handler, mut handled) = tokio::sync::mpsc::unbounded_channel();
    let (go_on, stopped) = std::sync::mpsc::channel();
    let handler = move |event: &Event, tx: &mut Transaction<'_>| {
        in_handler.send(()).unwrap();
        stopped.recv().unwrap();
        book(event, tx)
    };
    let stop = async {
        while world.mock.requests().len() == requests {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The events are due again.
        world.clock.advance(Duration::from_secs(2));
        handled.recv().await.unwrap();
        world.ledger.stop();
        // For as many events as would begin.
        for _ in 0..2 {
            go_on.send(()).unwrap();
        }
    };
    let (ran, ()) = tokio::join!(world.ledger.run(clients(), handler), stop);
    ran.unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

/// Looks at the time once an hour only.
#[derive(Clone, Debug)]
struct Patient(ManualClock);

impl Clock for Patient {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }

    fn look_again(&self) -> Duration {
        HOUR
    }
}

/// Waits until that many reads were asked for.
async fn reads_are(world: &World, count: usize) {
    let asked = async {
        while world.asked("/bill/read") < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let asked = tokio::time::timeout(Duration::from_secs(30), asked).await;
    asked.unwrap_or_else(|_| panic!("{count} reads were not made"));
}

#[tokio::test]
async fn a_worker_does_all_that_is_due_before_it_pauses() {
    let world = World::new().await;
    let patient = builder(&world.file.0, &world.clock).clock(Patient(world.clock.clone()));
    let ledger = patient.open().unwrap();
    for number in 0..20 {
        // No read finds it.
        let watch = Watch::new(BillId::new(format!("b{number}")).unwrap(), won(45_000));
        ledger.watch(&world.merchant, watch).await.unwrap();
    }
    let stop = async {
        reads_are(&world, 20).await;
        ledger.stop();
    };
    let (ran, ()) = tokio::join!(ledger.run([world.client.clone()], book), stop);
    ran.unwrap();
}

#[tokio::test]
async fn a_worker_leaves_a_file_that_fails_alone_for_longer_and_longer_and_says_so() {
    let world = World::new().await;
    let patient = builder(&world.file.0, &world.clock).clock(Patient(world.clock.clone()));
    let ledger = patient.open().unwrap();
    watched(&world, "1").await;
    let books = world.file.connect();
    books
        .execute_batch("ALTER TABLE payssam_bills RENAME TO away")
        .unwrap();
    let log = Log::default();
    let recording = log.of_this_thread();
    tokio::time::pause();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(100)).await;
        tokio::time::resume();
        drop(recording);
        assert_eq!(world.asked("/bill/read"), 0);
        books
            .execute_batch("ALTER TABLE away RENAME TO payssam_bills")
            .unwrap();
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(31)).await;
        tokio::time::resume();
        reads_are(&world, 1).await;
        ledger.stop();
    };
    let (ran, ()) = tokio::join!(ledger.run([world.client.clone()], book), stop);
    ran.unwrap();
    let lines = log.take();
    let lines = lines.lines();
    let said: Vec<_> = lines
        .filter_map(|line| line.split_once("WARN payssam_ledger: "))
        .map(|(_, said)| said)
        .collect();
    let pauses = ["500ms", "1s", "2s", "4s", "8s", "16s", "30s", "30s", "30s"];
    assert_eq!(said.len(), pauses.len(), "{said:?}");
    for (line, pause) in said.iter().zip(pauses) {
        let begin = format!("the worker goes on in {pause}: ");
        assert!(line.starts_with(&begin), "{line}");
    }
}

#[tokio::test]
async fn events_that_the_file_refuses_end_one_run_with_an_error_and_are_booked_by_a_lasting_one() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let books = world.file.connect();
    books
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE UPDATE ON payssam_events \
             BEGIN SELECT RAISE(ABORT, 'the disk failed'); END",
        )
        .unwrap();
    let clients = || [world.client.clone()];
    let once = world.ledger.run_due(clients(), book);
    let once = tokio::time::timeout(Duration::from_secs(30), once).await;
    let error = once.expect("it does not end").unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error:?}");
    let mended = async {
        // It has failed once by then.
        tokio::time::sleep(Duration::from_millis(100)).await;
        books.execute_batch("DROP TRIGGER refuse").unwrap();
        let booked = async {
            while world.booked().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let booked = tokio::time::timeout(Duration::from_secs(30), booked).await;
        world.ledger.stop();
        booked.expect("nothing is booked");
    };
    let (ran, ()) = tokio::join!(world.ledger.run(clients(), book), mended);
    ran.unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn a_booking_that_cannot_be_committed_counts_for_its_handler_unless_the_file_is_to_blame() {
    let world = World::with(|builder| builder.handler_attempts(1)).await;
    let books = world.file.connect();
    books
        .execute_batch(
            "CREATE TABLE orders (n INTEGER PRIMARY KEY);
             CREATE TABLE payments (n INTEGER REFERENCES orders DEFERRABLE INITIALLY DEFERRED);",
        )
        .unwrap();
    let second = File::new();
    let beside = rusqlite::Connection::open(&second.0).unwrap();
    beside
        .execute_batch("CREATE TABLE payments (bill_id TEXT); INSERT INTO payments VALUES ('0')")
        .unwrap();
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let path = second.0.to_str().unwrap().to_owned();
    let handler = move |event: &Event, tx: &mut Transaction<'_>| {
        assert_eq!(event.attempt(), 0);
        tx.busy_timeout(Duration::ZERO)?;
        tx.execute("ATTACH ?1 AS beside", [&path])?;
        tx.execute(
            "INSERT INTO beside.payments VALUES (?1)",
            [event.bill_id().as_str()],
        )?;
        book(event, tx)
    };
    // Somebody reads the file beside, so that nothing can be committed to it.
    beside
        .execute_batch("BEGIN; SELECT * FROM payments")
        .unwrap();
    let clients = || [world.client.clone()];
    let busy = world.ledger.run_due(clients(), handler.clone()).await;
    assert!(busy.unwrap_err().is_busy());
    assert_eq!(world.booked(), [""; 0]);
    assert!(!world.ledger.list().await.unwrap().waits_for_person());
    beside.execute_batch("COMMIT").unwrap();
    world.ledger.run_due(clients(), handler).await.unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);

    let id = watched(&world, "2").await;
    world.mock.pay(&id).unwrap();
    let wrong = |_: &Event, tx: &mut Transaction<'_>| {
        tx.pragma_update(None, "defer_foreign_keys", true)?;
        tx.execute("INSERT INTO payments VALUES (4711)", ())
            .map(drop)
    };
    world.ledger.run_due(clients(), wrong).await.unwrap();
    assert!(world.ledger.list().await.unwrap().waits_for_person());
}

/// So many merchants of one mock server, each with a client.
fn merchants(world: &World, count: usize) -> Vec<(MockServer, Client)> {
    let merchant = |number| {
        let mock = world.mock.with_merchant(format!("branch-{number}"));
        let mock = mock.unwrap();
        let patient = mock.client_builder().timeout(Duration::from_secs(20));
        let client = patient.build().unwrap();
        (mock, client)
    };
    (0..count).map(merchant).collect()
}

/// Runs the worker while each request takes long, and stops it once so many of this kind have come. Returns how many of
/// this kind came in all.
async fn requests_of_a_run(
    world: &World,
    merchants: Vec<(MockServer, Client)>,
    operation: &str,
    at_once: usize,
) -> usize {
    let long = Fault::Latency(Duration::from_secs(1));
    world.mock.inject(long, Schedule::always());
    let requests = || {
        let requests = world.mock.requests();
        requests
            .iter()
            .filter(|it| it.path().ends_with(operation))
            .count()
    };
    let stop = async {
        while requests() < at_once {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.ledger.stop();
    };
    let clients = merchants.into_iter().map(|(_, client)| client);
    let (ran, ()) = tokio::join!(world.ledger.run(clients, book), stop);
    ran.unwrap();
    requests()
}

#[tokio::test]
async fn a_stop_begins_no_read_of_another_merchant() {
    let world = World::new().await;
    let merchants = merchants(&world, 12);
    for (mock, client) in &merchants {
        let id = BillId::new("1").unwrap();
        mock.add_bill(id.clone(), won(45_000)).unwrap();
        let merchant = Merchant::from(client.credentials());
        let watch = Watch::new(id, won(45_000));
        world.ledger.watch(&merchant, watch).await.unwrap();
    }
    let reads = requests_of_a_run(&world, merchants, "/bill/read", 8).await;
    assert_eq!(reads, 8);
}

#[tokio::test]
async fn a_stop_begins_no_other_intent() {
    let world = World::new().await;
    let merchants = merchants(&world, 6);
    for (mock, _) in &merchants {
        let nobody = unreachable(mock);
        for number in 0..8 {
            let id = BillId::new(number.to_string()).unwrap();
            let resend = ResendBill::new(id);
            let recorded = world.ledger.resend(&nobody, &resend).await.unwrap();
            assert_eq!(recorded.state(), IntentState::Recorded);
        }
    }
    world.clock.advance(Duration::from_secs(60));
    let resends = requests_of_a_run(&world, merchants, "/bill/resend", 32).await;
    assert_eq!(resends, 32);
}

#[tokio::test]
async fn faults_in_every_third_request_book_each_payment_once_and_lose_none() {
    let world = World::new().await;
    let faults = Fault::ALL.iter().filter(|fault| {
        // Those that only take time are elsewhere.
        !matches!(
            fault,
            Fault::Latency(_) | Fault::SlowDrip(_) | Fault::ApplyThenHang
        )
    });
    let faults: Vec<_> = faults.collect();
    for (seed, fault) in faults.iter().enumerate() {
        let chance = 0.3 / faults.len() as f64;
        world
            .mock
            .inject(**fault, Schedule::probability(chance, seed as u64).unwrap());
    }
    let mut paid = Vec::new();
    for number in 0..30 {
        let id = format!("bill-{number}");
        let _ = world.ledger.send(&world.client, &bill(&id)).await.unwrap();
    }
    for _ in 0..40 {
        world.work().await;
        world.advance(Duration::from_secs(600));
        for number in 0..30 {
            let id = BillId::new(format!("bill-{number}")).unwrap();
            if world.mock.pay(&id).is_ok() {
                paid.push(format!("{id} paid 45000"));
            }
        }
    }
    world.mock.clear_faults();
    world.advance(2 * DAY);
    world.work().await;
    let mut booked: Vec<_> = world.booked();
    booked.retain(|it| it.contains("paid"));
    booked.sort();
    paid.sort();
    assert_eq!((paid.len(), &booked), (30, &paid));
    assert!(world.ledger.list().await.unwrap().intents.is_empty());
}

#[tokio::test]
async fn a_handler_sees_the_books_of_the_event_before() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.pay(&id).unwrap();
    world.advance(HOUR);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let handler = {
        let seen = seen.clone();
        move |event: &Event, tx: &mut Transaction<'_>| {
            let before: i64 =
                tx.query_row("SELECT COUNT(*) FROM bookings", (), |row| row.get(0))?;
            seen.lock().unwrap().push((event.kind(), before));
            book(event, tx)
        }
    };
    world
        .ledger
        .run_due([world.client.clone()], handler)
        .await
        .unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [(EventKind::Sent, 0), (EventKind::Paid, 1)]
    );
}

#[tokio::test]
async fn a_purge_keeps_what_was_booked_so_that_nothing_books_again() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    world.work().await;
    world.mock.cancel(&id).unwrap();
    world.advance(2 * DAY);
    world.work().await;
    assert_eq!(world.ledger.purge(90 * DAY).await.unwrap().bills, 0);
    world.advance(100 * DAY);
    let purged = world.ledger.purge(90 * DAY).await.unwrap();
    assert_eq!((purged.bills, purged.events), (1, 2));
    let body = br#"{"billId":"1","apprState":"F","apprPrice":"45000"}"#;
    let response = world.ledger.receive(&world.merchant, body).unwrap();
    assert_eq!(response, payssam::callback::acknowledge());
    let watch = Watch::new(id, won(45_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    world.work().await;
    assert_eq!(
        world.booked(),
        ["1 paid 45000", "1 cancelled by elsewhere, booked 45000"]
    );
    drop(Ledger::open(&world.file.0).unwrap());
}

#[tokio::test]
async fn a_handler_that_is_paused_for_long_books_once_and_nobody_else_meanwhile() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let other = builder(&world.file.0, &world.clock).open().unwrap();
    let (begin, has_begun) = std::sync::mpsc::channel();
    let (end, may_end) = std::sync::mpsc::channel::<()>();
    let paused = move |event: &Event, tx: &mut Transaction<'_>| {
        begin.send(()).unwrap();
        may_end.recv().unwrap();
        book(event, tx)
    };
    let (ledger, client) = (world.ledger.clone(), world.client.clone());
    let worker = tokio::spawn(async move { ledger.run_due([client], paused).await });
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap())
        .await
        .unwrap();
    let calls = Arc::new(AtomicU32::new(0));
    let counting = {
        let calls = calls.clone();
        move |event: &Event, tx: &mut Transaction<'_>| {
            calls.fetch_add(1, SeqCst);
            book(event, tx)
        }
    };
    // Leases of a minute, and the patience of a day, are over.
    world.clock.advance(2 * DAY);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(world.booked().is_empty());
        end.send(()).unwrap();
        while world.booked().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        other.stop();
    };
    let (ran, ()) = tokio::join!(other.run([world.client.clone()], counting), stop);
    ran.unwrap();
    worker.await.unwrap().unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
    assert_eq!(calls.load(SeqCst), 0);
}

#[tokio::test]
async fn a_mismatch_that_was_purged_is_never_booked_as_a_payment() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    let watch = Watch::new(id.clone(), won(50_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    world.mock.pay(&id).unwrap();
    for _ in 0..2 {
        world.work().await;
        world.advance(100 * DAY);
    }
    assert_eq!(world.booked(), ["1 mismatch 45000"]);
    world.advance(100 * DAY);
    assert_eq!(world.ledger.purge(90 * DAY).await.unwrap().bills, 1);
    let _ = world
        .ledger
        .receive(&world.merchant, br#"{"billId":"1"}"#)
        .unwrap();
    for _ in 0..3 {
        world.work().await;
        world.advance(DAY);
    }
    assert_eq!(world.booked(), ["1 mismatch 45000"]);
}
