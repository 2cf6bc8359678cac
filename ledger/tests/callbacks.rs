//! A callback is a hint to read a bill: stored before it is answered, and believed never.

use std::{sync::Arc, thread, time::Duration};

use crate::support::*;
use payssam::{
    BillId, Operation,
    callback::{acknowledge, retry_later},
};
use payssam_ledger::{Event, Merchant, SystemClock, Watch, rusqlite::Transaction};
use payssam_mock::{Fault, Schedule};

async fn watched(world: &World, id: &str) -> BillId {
    let id = world.elsewhere(id);
    let watch = Watch::new(id.clone(), won(45_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    world.work().await;
    id
}

fn claims(id: &str) -> String {
    format!(r#"{{"billId":{id},"apprState":"F","apprPrice":"45000"}}"#)
}

fn reads(world: &World) -> usize {
    world.asked("/bill/read")
}

#[tokio::test]
async fn a_callback_is_acknowledged_and_its_payment_booked_after_a_read() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    // Ten minutes have not passed: only the callback leads to this read.
    let response = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap();
    assert_eq!(response, acknowledge());
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn what_a_callback_says_is_never_booked() {
    let world = World::new().await;
    watched(&world, "1").await;
    for body in [
        r#"{"billId":"1","apprState":"F","apprPrice":"1"}"#,
        r#"{"billId":"1","apprState":"C"}"#,
    ] {
        let response = world.ledger.receive(&world.merchant, body).unwrap();
        assert_eq!(response, acknowledge());
    }
    for _ in 0..5 {
        world.work().await;
        world.advance(DAY);
    }
    assert!(world.booked().is_empty());
    for body in ["", "no json", "[]", r#"{"apprState":"F"}"#] {
        let response = world.ledger.receive(&world.merchant, body).unwrap();
        assert_eq!(response, retry_later(), "{body}");
    }
}

#[tokio::test]
async fn a_callback_that_comes_while_payssam_is_down_is_verified_after_two_days_without_another() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    world
        .mock
        .inject(Fault::BadGateway { applied: false }, Schedule::always());
    let response = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap();
    assert_eq!(response, acknowledge());
    for _ in 0..20 {
        world.work().await;
        world.advance(3 * HOUR);
    }
    assert!(world.booked().is_empty());
    world.mock.clear_faults();
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 0);
}

#[tokio::test]
async fn forty_eight_hours_without_callbacks_are_made_up_for_by_a_sweep() {
    let world = World::new().await;
    for number in 0..20 {
        let id = world.sent(&format!("b{number}")).await;
        world.mock.pay(&id).unwrap();
    }
    world.advance(2 * DAY);
    world.work().await;
    let booked = world.booked();
    assert_eq!(booked.iter().filter(|it| it.contains("paid")).count(), 20);
}

#[tokio::test]
async fn fifty_deliveries_of_one_callback_over_two_ledgers_are_one_row_one_read_and_one_booking() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let before = reads(&world);
    let other = builder(&world.file.0, &world.clock).open().unwrap();
    let ledgers = [world.ledger.clone(), other.clone()];
    let merchant = Arc::new(world.merchant.clone());
    let senders: Vec<_> = (0..50)
        .map(|number| {
            let (ledger, merchant) = (ledgers[number % 2].clone(), merchant.clone());
            thread::spawn(move || ledger.receive(&merchant, claims("\"1\"")).unwrap())
        })
        .collect();
    for sender in senders {
        assert_eq!(sender.join().unwrap(), acknowledge());
    }
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 1);
    let (one, two) = tokio::join!(
        world.ledger.run_due([world.client.clone()], book),
        other.run_due([world.client.clone()], book)
    );
    one.unwrap();
    two.unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
    assert_eq!(reads(&world) - before, 1);
}

#[tokio::test]
async fn ten_thousand_forgeries_do_not_hide_the_real_one_and_are_bounded() {
    let world = World::with(|builder| builder.reads_per_second(100)).await;
    let id = watched(&world, "real").await;
    world.mock.pay(&id).unwrap();
    let receive = |id: &str| world.ledger.receive(&world.merchant, claims(id)).unwrap();
    let mut acknowledged = 0;
    for number in 0..10_000 {
        if number == 7_000 {
            assert_eq!(receive("\"real\""), acknowledge());
        }
        // Most of the file writes are saved: beyond the limit nothing is stored.
        let response = receive(&format!("\"forged-{number}\""));
        acknowledged += usize::from(response == acknowledge());
    }
    assert_eq!(acknowledged, 1_000);
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 1_001);
    let before = reads(&world);
    let begun = std::time::Instant::now();
    let stop = async {
        while world.booked().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        world.ledger.stop();
    };
    let (ran, ()) = tokio::join!(world.ledger.run([world.client.clone()], book), stop);
    ran.unwrap();
    assert_eq!(world.booked(), ["real paid 45000"]);
    // Forgeries take half of the rate at most.
    let most = 50.0 * begun.elapsed().as_secs_f64() + 10.0;
    let made = reads(&world) - before;
    assert!((made as f64) < most, "{made} reads, {most} at most");
}

#[tokio::test]
async fn forgeries_are_forgotten_after_some_reads_that_find_nothing() {
    let world = World::new().await;
    let response = world
        .ledger
        .receive(&world.merchant, claims("\"forged\""))
        .unwrap();
    assert_eq!(response, acknowledge());
    for _ in 0..10 {
        world.work().await;
        world.advance(12 * HOUR);
    }
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 0);
    assert!(world.booked().is_empty());
    assert!(reads(&world) < 10);
}

#[tokio::test]
async fn a_callback_that_comes_before_its_bill_can_be_read_is_booked_when_it_can() {
    let world = World::new().await;
    let response = world.ledger.receive(&world.merchant, claims("\"1\""));
    assert_eq!(response.unwrap(), acknowledge());
    let mut pause = Duration::from_secs(10);
    for _ in 0..6 {
        world.work().await;
        assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 1);
        world.advance(pause);
        pause *= 2;
    }
    assert_eq!(reads(&world), 6);
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
    // What is verified is not looked at again.
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 0);
}

#[tokio::test]
async fn a_callback_of_a_bill_that_is_never_there_is_forgotten_after_seven_reads_or_48_hours() {
    for (pauses, is_forgotten) in [
        (&[10, 20, 40, 80, 160][..], false),
        (&[10, 20, 40, 80, 160, 320], true),
        (&[48 * 3_600], false),
        (&[48 * 3_600, 3_600], true),
    ] {
        let world = World::new().await;
        let response = world.ledger.receive(&world.merchant, claims("\"1\""));
        assert_eq!(response.unwrap(), acknowledge());
        world.work().await;
        for pause in pauses {
            world.advance(Duration::from_secs(*pause));
            world.work().await;
        }
        assert_eq!(reads(&world), 1 + pauses.len());
        let pending = world.ledger.list().await.unwrap().pending_callbacks;
        assert_eq!(pending == 0, is_forgotten, "{pauses:?}");
    }
}

#[tokio::test]
async fn a_callback_of_an_unpaid_bill_is_looked_at_every_six_hours_at_least_for_48_hours() {
    let world = World::with(|builder| builder.after_expiry(Duration::ZERO)).await;
    let last_day = day_after(&world.clock, 0).parse().unwrap();
    let watch = Watch::new(world.elsewhere("1"), won(45_000)).expires(last_day);
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    // After its last day only a callback leads to a read.
    world.advance(DAY);
    world.work().await;
    let again = || {
        let response = world.ledger.receive(&world.merchant, claims("\"1\""));
        assert_eq!(response.unwrap(), acknowledge());
    };
    let reads_after = async |time: Duration| {
        let before = reads(&world);
        world.advance(time);
        world.work().await;
        reads(&world) - before
    };
    let pending = async || world.ledger.list().await.unwrap().pending_callbacks;
    again();
    assert_eq!(reads_after(Duration::ZERO).await, 1);
    let tick = Duration::from_millis(1);
    let (mut age, mut pause) = (Duration::ZERO, Duration::from_secs(10));
    while age + pause < 48 * HOUR {
        assert_eq!(reads_after(pause - tick).await, 0, "{pause:?}");
        assert_eq!(reads_after(tick).await, 1, "{pause:?}");
        age += pause;
        pause = (2 * pause).min(6 * HOUR);
    }
    assert_eq!(pause, 6 * HOUR);
    // Another one is looked at within a minute.
    let minute = Duration::from_secs(60);
    world.advance(48 * HOUR - age - minute);
    again();
    assert_eq!(reads_after(minute).await, 1);
    assert_eq!(pending().await, 1);
    again();
    assert_eq!(reads_after(minute).await, 1);
    assert_eq!(pending().await, 0);
}

#[tokio::test]
async fn at_most_16_callbacks_of_a_merchant_are_verified_at_once() {
    let world = World::with(|builder| builder.reads_per_second(u32::MAX)).await;
    for number in 0..40 {
        let id = format!("\"forged-{number}\"");
        let response = world.ledger.receive(&world.merchant, claims(&id));
        assert_eq!(response.unwrap(), acknowledge());
    }
    world.mock.inject(Fault::ApplyThenHang, Schedule::always());
    let patient = world.client.with_timeout(Duration::from_secs(60)).unwrap();
    let at_once = async {
        while reads(&world) < 16 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Another one would come now.
        tokio::time::sleep(Duration::from_millis(100)).await;
        reads(&world)
    };
    tokio::select! {
        ended = world.ledger.run([patient], book) => panic!("{ended:?}"),
        at_once = at_once => assert_eq!(at_once, 16),
    }
}

#[tokio::test]
async fn a_callback_of_a_bill_that_nobody_watches_is_booked_after_a_read() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    let response = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap();
    assert_eq!(response, acknowledge());
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn an_id_as_a_number_means_the_bill_with_leading_zeros() {
    let world = World::new().await;
    let id = watched(&world, "0001024").await;
    world.mock.pay(&id).unwrap();
    let response = world
        .ledger
        .receive(&world.merchant, claims("1024"))
        .unwrap();
    assert_eq!(response, acknowledge());
    world.work().await;
    assert_eq!(world.booked(), ["0001024 paid 45000"]);
}

#[tokio::test]
async fn an_id_as_a_number_means_each_bill_that_differs_by_leading_zeros() {
    let world = World::new().await;
    for id in ["1024", "0001024", "01024"] {
        watched(&world, id).await;
    }
    // A callback would say 1024 for each of them.
    world.mock.pay(&"0001024".parse().unwrap()).unwrap();
    let response = world.ledger.receive(&world.merchant, claims("1024"));
    assert_eq!(response.unwrap(), acknowledge());
    world.work().await;
    assert_eq!(world.booked(), ["0001024 paid 45000"]);
    // One that is over does not hide the others.
    world.mock.destroy(&"1024".parse().unwrap()).unwrap();
    world.advance(DAY);
    world.work().await;
    world.mock.pay(&"01024".parse().unwrap()).unwrap();
    let response = world.ledger.receive(&world.merchant, claims("1024"));
    assert_eq!(response.unwrap(), acknowledge());
    world.advance(Duration::from_secs(61));
    world.work().await;
    assert_eq!(
        world.booked(),
        [
            "0001024 paid 45000",
            "1024 destroyed_elsewhere 45000",
            "01024 paid 45000"
        ]
    );
}

#[tokio::test]
async fn a_file_of_callbacks_of_the_version_before_is_migrated_with_what_is_in_it() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let response = world.ledger.receive(&world.merchant, claims("\"1\""));
    assert_eq!(response.unwrap(), acknowledge());
    let mut path = world.file.0.clone().into_os_string();
    path.push("-payssam-callbacks");
    let before = payssam_ledger::rusqlite::Connection::open(&path).unwrap();
    before
        .execute_batch(
            "DROP INDEX payssam_hints_of_strangers;
             ALTER TABLE payssam_hints DROP COLUMN merchant_is_known;
             CREATE INDEX payssam_hints_unknown ON payssam_hints (is_known) WHERE is_known = 0;
             UPDATE payssam_callbacks SET version = 1;",
        )
        .unwrap();
    drop(before);
    let next = builder(&world.file.0, &world.clock).open().unwrap();
    let response = next.receive(&world.merchant, claims("\"2\""));
    assert_eq!(response.unwrap(), acknowledge());
    assert_eq!(next.list().await.unwrap().pending_callbacks, 2);
    next.run_due([world.client.clone()], book).await.unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn a_callback_for_another_merchant_books_nothing_of_this_one() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let mapo = Merchant::new(world.merchant.member(), "mapo");
    let _ = world.ledger.receive(&mapo, claims("\"1\"")).unwrap();
    world.work().await;
    assert!(world.booked().is_empty());
}

#[tokio::test]
async fn a_handler_that_takes_its_time_delays_no_acknowledgement() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    watched(&world, "2").await;
    world.mock.pay(&id).unwrap();
    let (begin, has_begun) = std::sync::mpsc::channel::<()>();
    let (end, may_end) = std::sync::mpsc::channel::<()>();
    let handler = move |event: &Event, tx: &mut Transaction<'_>| {
        begin.send(()).unwrap();
        may_end.recv().unwrap();
        book(event, tx)
    };
    let _ = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap();
    let (ledger, client) = (world.ledger.clone(), world.client.clone());
    let worker = tokio::spawn(async move { ledger.run_due([client], handler).await });
    let has_begun = tokio::task::spawn_blocking(move || has_begun.recv().map(|()| has_begun));
    let _keep = has_begun.await.unwrap().unwrap();
    // The handler holds the write lock of the books now, until it is told to end.
    for _ in 0..20 {
        let response = world
            .ledger
            .receive(&world.merchant, claims("\"2\""))
            .unwrap();
        assert_eq!(response, acknowledge());
    }
    assert!(world.booked().is_empty());
    end.send(()).unwrap();
    worker.await.unwrap().unwrap();
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn a_file_that_is_locked_acknowledges_nothing() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let mut path = world.file.0.clone().into_os_string();
    path.push("-payssam-callbacks");
    let other = payssam_ledger::rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap_err();
    assert!(error.is_busy(), "{error}");
    assert_eq!(error.response(), retry_later());
    other.execute_batch("ROLLBACK").unwrap();
    assert!(world.booked().is_empty());
    let response = world
        .ledger
        .receive(&world.merchant, claims("\"1\""))
        .unwrap();
    assert_eq!(response, acknowledge());
    world.work().await;
    assert_eq!(world.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn one_callback_again_and_again_causes_few_reads() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    let before = reads(&world);
    for _ in 0..50 {
        let _ = world
            .ledger
            .receive(&world.merchant, claims("\"1\""))
            .unwrap();
        world.work().await;
    }
    let made = reads(&world) - before;
    assert!(made <= 6, "{made} reads within one minute");
    world.mock.pay(&id).unwrap();
    world.advance(HOUR);
    world.work().await;
    let before = reads(&world);
    for _ in 0..50 {
        let _ = world
            .ledger
            .receive(&world.merchant, claims("\"1\""))
            .unwrap();
        world.work().await;
    }
    assert_eq!(reads(&world), before, "the payment is known");
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let world = World::new().await;
    for number in 0..20 {
        watched(&world, &format!("b{number}")).await;
    }
    world.advance(HOUR);
    let wait = Fault::TooManyRequests {
        retry_after: Duration::from_secs(2),
    };
    world
        .mock
        .inject(wait, Schedule::once().on(Operation::BillRead));
    let before = reads(&world);
    let made_are = async |count: usize| {
        let made = async {
            while reads(&world) - before < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let made = tokio::time::timeout(Duration::from_secs(20), made).await;
        made.unwrap_or_else(|_| panic!("{count} reads were not made"));
    };
    let stop = async {
        made_are(1).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        let during_the_pause = reads(&world) - before;
        // It goes on when the pause is over.
        made_are(20).await;
        world.ledger.stop();
        during_the_pause
    };
    let (ran, made) = tokio::join!(world.ledger.run([world.client.clone()], book), stop);
    ran.unwrap();
    // Those of the first batch may have been on their way.
    assert!(made <= 8, "{made}");
}

#[tokio::test]
async fn many_callbacks_at_a_locked_file_are_answered_before_a_web_server_gives_up() {
    let world = World::new().await;
    let id = watched(&world, "1").await;
    world.mock.pay(&id).unwrap();
    let mut path = world.file.0.clone().into_os_string();
    path.push("-payssam-callbacks");
    let other = payssam_ledger::rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (sender, answers) = std::sync::mpsc::channel();
    for _ in 0..20 {
        let (ledger, merchant, sender) =
            (world.ledger.clone(), world.merchant.clone(), sender.clone());
        thread::spawn(move || {
            let is_refused = ledger.receive(&merchant, claims("\"1\"")).is_err();
            sender.send(is_refused).unwrap();
        });
    }
    // One after the other they would take 100 seconds.
    for _ in 0..20 {
        let is_refused = answers.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(is_refused);
    }
    other.execute_batch("ROLLBACK").unwrap();
    let response = world.ledger.receive(&world.merchant, claims("\"1\""));
    assert_eq!(response.unwrap(), acknowledge());
}

#[tokio::test]
async fn nothing_waits_in_a_worker_for_a_retry_after_of_an_hour_and_nothing_is_asked_meanwhile() {
    let world = World::new().await;
    for number in 0..20 {
        watched(&world, &format!("b{number}")).await;
    }
    let cancelled = world.elsewhere("cancelled");
    world.mock.pay(&cancelled).unwrap();
    world.mock.inject(
        Fault::CloseAfterReading,
        Schedule::always().on(Operation::BillCancel),
    );
    let cancel = payssam::CancelBill::new(cancelled, won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state().as_str(), "sending");
    let wait = Fault::TooManyRequests { retry_after: HOUR };
    let always = || Schedule::always().on(Operation::BillRead);
    world.mock.inject(wait, always());
    world.advance(Duration::from_secs(3));
    watched(&world, "new").await;
    let asked = world.mock.requests().len();
    for _ in 0..3 {
        world.advance(HOUR);
        // It ends although the pause lasts.
        tokio::time::timeout(Duration::from_secs(30), world.work())
            .await
            .unwrap();
    }
    assert_eq!(world.mock.requests().len(), asked);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.ledger.stop();
    };
    let running = async { tokio::join!(world.ledger.run([world.client.clone()], book), stop) };
    let (ran, ()) = tokio::time::timeout(Duration::from_secs(30), running)
        .await
        .unwrap();
    ran.unwrap();
    assert_eq!(world.mock.requests().len(), asked);
}

#[tokio::test]
async fn forgeries_for_one_merchant_leave_room_for_the_callbacks_of_the_others() {
    let world = World::with(|builder| builder.unknown_callbacks(100)).await;
    watched(&world, "1").await;
    let [mapo, nobody] = ["mapo", "made-up"].map(|it| Merchant::new(world.merchant.member(), it));
    // The ledger has a bill of this merchant, and no worker has a client for it.
    let watch = Watch::new("2".parse().unwrap(), won(45_000));
    world.ledger.watch(&mapo, watch).await.unwrap();
    let acknowledged = |merchant: &Merchant| {
        let is_acknowledged = |number: &usize| {
            let body = claims(&format!("\"forged-{number}\""));
            world.ledger.receive(merchant, body).unwrap() == acknowledge()
        };
        (0..300).filter(is_acknowledged).count()
    };
    assert_eq!(acknowledged(&nobody), 100);
    assert_eq!(acknowledged(&mapo), 100);
    // What merchants are called can be made up, too.
    for number in 0..300 {
        let another = Merchant::new(world.merchant.member(), format!("made-up-{number}"));
        let response = world.ledger.receive(&another, claims("\"1\"")).unwrap();
        assert_eq!(response, retry_later());
    }
    assert_eq!(acknowledged(&world.merchant), 100);
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 300);
    // A known bill always has room.
    for (merchant, id) in [(&world.merchant, "\"1\""), (&mapo, "\"2\"")] {
        let response = world.ledger.receive(merchant, claims(id)).unwrap();
        assert_eq!(response, acknowledge());
    }
}

#[tokio::test]
async fn forgeries_for_one_merchant_do_not_take_the_reads_of_the_others() {
    // The worker looks as often as that of a program does.
    let world = World::with(|builder| builder.clock(SystemClock).reads_per_second(10)).await;
    watched(&world, "1").await;
    let other_mock = world.mock.with_merchant("mapo").unwrap();
    let other = quick(&other_mock);
    let mapo = Merchant::from(other.credentials());
    for number in 0..1_000 {
        let body = claims(&format!("\"forged-{number}\""));
        let response = world.ledger.receive(&world.merchant, body).unwrap();
        assert_eq!(response, acknowledge());
    }
    // It was sent elsewhere, so the ledger does not know it either.
    let id = BillId::new("real").unwrap();
    other_mock.add_bill(id.clone(), won(45_000)).unwrap();
    other_mock.pay(&id).unwrap();
    let response = world.ledger.receive(&mapo, claims("\"real\"")).unwrap();
    assert_eq!(response, acknowledge());
    let before = reads(&world);
    let stop = async {
        let is_booked = async {
            while world.booked().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let is_in_time = tokio::time::timeout(Duration::from_secs(30), is_booked).await;
        world.ledger.stop();
        is_in_time
    };
    let clients = [world.client.clone(), other];
    let (ran, is_in_time) = tokio::join!(world.ledger.run(clients, book), stop);
    ran.unwrap();
    is_in_time.expect("its turn comes");
    assert_eq!(world.booked(), ["real paid 45000"]);
    let made = reads(&world) - before;
    assert!(made < 20, "{made} reads before it");
}
