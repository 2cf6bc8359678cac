//! What was asked of PaySsam is carried to a certain outcome, once.

use std::{
    fs, iter,
    sync::{Arc, Barrier},
    time::Duration,
};

use crate::support::*;
use payssam::{
    BillId, BillState, CancelBill, Client, ConfirmPolicy, Credentials, DestroyBill, IssueReceipt,
    Operation, PhoneNumber, ReceiptHolder, ResendBill,
};
use payssam_ledger::{Clock, Error, Intent, IntentState, Ledger, ManualClock, Reference, Watch};
use payssam_mock::{Event as Happened, Fault, Schedule};

fn happened(world: &World, id: &BillId, event: Happened) -> usize {
    let bill = world.mock.bill(id).unwrap();
    let is_it = |entry: &&payssam_mock::HistoryEntry| *entry.event() == event;
    bill.history().iter().filter(is_it).count()
}

/// The process that makes this call dies as soon as that has happened.
async fn dies(call: impl Future<Output = Result<Intent, Error>>, when: impl Fn() -> bool) {
    let happens = async {
        while !when() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        ended = call => panic!("{ended:?}"),
        () = happens => {}
    }
}

#[tokio::test]
async fn a_bill_is_sent_and_its_event_has_the_reference() {
    let world = World::new().await;
    let sent = world
        .ledger
        .send(&world.client, &bill("1").reference("order 4711"))
        .await
        .unwrap();
    assert_eq!(sent.state(), IntentState::Done);
    let link = sent.short_url().unwrap();
    let shown = format!("{sent:?} {}", serde_json::to_string(&sent).unwrap());
    assert!(!shown.contains(link), "{shown}");
    world.work().await;
    let reference: String = world
        .file
        .connect()
        .query_row("SELECT reference FROM bookings", (), |row| row.get(0))
        .unwrap();
    assert_eq!(reference, "order 4711");
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

#[tokio::test]
async fn an_intent_says_what_was_asked_for_when_and_what_became_of_it() {
    let world = World::new().await;
    let send = bill("1").reference("order 4711");
    let sent = world.ledger.send(&world.client, &send).await.unwrap();
    let sent_at = world.clock.now();
    assert_eq!(sent.price(), Some(won(45_000)));
    assert_eq!(sent.reference(), Some("order 4711"));
    assert_eq!(sent.recorded_at(), sent_at);
    assert_eq!(sent.result(), None);
    world.advance(HOUR);
    let resend = ResendBill::new(sent.bill_id().clone());
    let resent = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(resent.price(), None);
    assert_eq!(resent.reference(), None);
    assert_eq!(resent.short_url(), None);
    let destroy = DestroyBill::new(sent.bill_id().clone(), won(45_000));
    for _ in 0..2 {
        let destroyed = world.ledger.destroy(&world.client, &destroy).await.unwrap();
        assert_eq!(destroyed.price(), Some(won(45_000)));
        assert_eq!(destroyed.recorded_at(), sent_at + HOUR);
    }
    let cancel = CancelBill::new(sent.bill_id().clone(), won(45_000));
    let refused = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(refused.state(), IntentState::Rejected);
    assert_eq!(refused.result(), Some("MOCK_DESTROYED"));
}

#[test]
fn an_intent_is_open_until_it_is_done_or_certainly_not_or_nobody_can_tell() {
    let open = [
        IntentState::Recorded,
        IntentState::Sending,
        IntentState::WaitsForPerson,
    ];
    assert!(open.into_iter().all(IntentState::is_open));
    let ended = [
        IntentState::Done,
        IntentState::Rejected,
        IntentState::NotSent,
        IntentState::Unknown,
    ];
    assert!(!ended.into_iter().any(IntentState::is_open));
}

#[tokio::test]
async fn a_bill_that_payssam_rejects_is_rejected_with_its_code_and_can_be_sent_again() {
    let world = World::new().await;
    let rejected = world
        .ledger
        .send(&with_a_wrong_key(&world), &bill("1"))
        .await;
    let rejected = rejected.unwrap();
    assert_eq!(rejected.state(), IntentState::Rejected, "{rejected:?}");
    assert_eq!(rejected.result(), Some("PARTNER_002"));
    world.advance(DAY);
    world.work().await;
    assert_eq!(world.booked(), [""; 0]);
    assert_eq!(world.asked("/bill/read"), 0, "it never came to be");
    world.sent("1").await;
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

/// A client of the same merchant with a key that PaySsam does not know.
fn with_a_wrong_key(world: &World) -> Client {
    let wrong = Credentials::builder()
        .api_key("another-key-than-the-right-one")
        .member(world.merchant.member())
        .merchant(world.merchant.merchant())
        .build()
        .unwrap();
    let wrong = Client::builder(wrong).base_url(world.mock.base_url());
    wrong.build().unwrap()
}

#[tokio::test]
async fn only_a_bill_whose_own_sending_is_rejected_is_forgotten() {
    let world = World::new().await;
    let send = world
        .ledger
        .send(&with_a_wrong_key(&world), &bill("1"))
        .await;
    assert_eq!(send.unwrap().state(), IntentState::Rejected);
    let uncertain = world.ledger.uncertain_bills(&world.merchant).await;
    assert_eq!(uncertain.unwrap(), 0);
    // Of a bill that was sent, and not read yet: only a paid one can be cancelled.
    let id = world.sent("2").await;
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let cancel = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(cancel.state(), IntentState::Rejected);
    world.mock.pay(&id).unwrap();
    world.advance(HOUR);
    world.work().await;
    assert_eq!(world.booked(), ["2 sent 45000", "2 paid 45000"]);
}

#[tokio::test]
async fn a_send_that_is_rejected_forgets_no_bill_of_which_a_cancellation_is_uncertain() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.mock.inject(Fault::ApplyThenClose, Schedule::always());
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    world.advance(3 * DAY);
    world.work().await;
    assert!(world.ledger.list().await.unwrap().waits_for_person());
    world.mock.clear_faults();
    let send = world
        .ledger
        .send(&with_a_wrong_key(&world), &bill("1"))
        .await;
    assert_eq!(send.unwrap().state(), IntentState::Rejected);
    world.advance(DAY);
    world.work().await;
    assert!(!world.ledger.list().await.unwrap().waits_for_person());
    assert_eq!(world.booked(), ["1 cancelled by us, not booked 45000"]);
}

#[tokio::test]
async fn an_uncertain_intent_is_resumed_after_some_seconds() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    let lost = Schedule::always().on(Operation::BillCancel);
    world.mock.inject(Fault::CloseAfterReading, lost);
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    world.mock.clear_faults();
    world.advance(Duration::from_secs(5));
    world.work().await;
    assert_eq!(*world.mock.bill(&id).unwrap().state(), BillState::Cancelled);
    assert_eq!(world.ledger.list().await.unwrap().open_intents, 0);
}

#[tokio::test]
async fn what_payssam_has_no_time_for_was_not_sent_and_is_sent_later_or_never() {
    let world = World::new().await;
    let wait = Fault::TooManyRequests { retry_after: HOUR };
    for (id, is_late) in [("1", false), ("2", true)] {
        world
            .mock
            .inject(wait, Schedule::once().on(Operation::BillSend));
        let first = world.ledger.send(&world.client, &bill(id)).await.unwrap();
        assert_eq!(first.state(), IntentState::Recorded, "{first:?}");
        if is_late {
            world.advance(HOUR);
        }
        let second = world.ledger.send(&world.client, &bill(id)).await.unwrap();
        let expected = match is_late {
            true => IntentState::NotSent,
            false => IntentState::Done,
        };
        assert_eq!(second.state(), expected, "{second:?}");
    }
}

#[tokio::test]
async fn one_that_may_have_left_is_open_still_when_nobody_can_be_reached_to_resume_it() {
    let world = World::new().await;
    let nobody = unreachable(&world.mock);
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    for operation in [Operation::BillCancel, Operation::BillSend] {
        let lost = Schedule::always().on(operation);
        world.mock.inject(Fault::CloseAfterReading, lost);
    }
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let _open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    let _open = world.ledger.send(&world.client, &bill("2")).await.unwrap();
    // Longer than what was never sent may wait.
    for _ in 0..3 {
        world.advance(HOUR);
        world.ledger.run_due([nobody.clone()], book).await.unwrap();
        let open = world.ledger.list().await.unwrap().intents;
        let states: Vec<_> = open.iter().map(Intent::state).collect();
        assert_eq!(states, [IntentState::Sending; 2]);
    }
    world.mock.clear_faults();
    world.advance(HOUR);
    world.work().await;
    assert_eq!(world.ledger.list().await.unwrap().open_intents, 0);
    assert_eq!(world.mock.bill(&id).unwrap().cancellations(), 1);
    assert!(world.mock.bill(&"2".parse().unwrap()).is_some());
}

#[tokio::test]
async fn one_run_does_all_that_is_due_however_much_it_is() {
    let world = World::new().await;
    for number in 0..20 {
        let watch = Watch::new(world.elsewhere(&format!("b{number}")), won(45_000));
        world.ledger.watch(&world.merchant, watch).await.unwrap();
    }
    assert_eq!(world.ledger.list().await.unwrap().due_reads, 20);
    world.work().await;
    assert_eq!(world.asked("/bill/read"), 20);
    assert_eq!(world.ledger.list().await.unwrap().due_reads, 0);

    let world = World::new().await;
    let nobody = unreachable(&world.mock);
    for number in 0..20 {
        let resend = ResendBill::new(world.elsewhere(&format!("b{number}")));
        let recorded = world.ledger.resend(&nobody, &resend).await.unwrap();
        assert_eq!(recorded.state(), IntentState::Recorded);
    }
    world.advance(Duration::from_secs(60));
    world.work().await;
    assert_eq!(world.asked("/bill/resend"), 20);
}

#[tokio::test]
async fn a_lost_response_is_settled_by_reads_and_nothing_is_made_twice() {
    for (fault, operation) in [
        (Fault::ApplyThenClose, Operation::BillSend),
        (Fault::ApplyThenHang, Operation::BillCancel),
        (Fault::CloseAfterReading, Operation::BillCancel),
        (
            Fault::InProgress(Duration::from_millis(100)),
            Operation::BillCancel,
        ),
    ] {
        let world = World::new().await;
        world.mock.inject(fault, Schedule::once().on(operation));
        let id = world.sent("1").await;
        world.mock.pay(&id).unwrap();
        let done = world
            .ledger
            .cancel(&world.client, &CancelBill::new(id.clone(), won(45_000)))
            .await
            .unwrap();
        assert_eq!(done.state(), IntentState::Done, "{fault}: {done:?}");
        assert_eq!(happened(&world, &id, Happened::Added), 1);
        assert_eq!(happened(&world, &id, Happened::Cancelled), 1);
        world.work().await;
        // Nobody read it as paid.
        assert_eq!(
            world.booked(),
            ["1 sent 45000", "1 cancelled by us, not booked 45000"]
        );
    }
}

#[tokio::test]
async fn an_intent_that_was_never_sent_is_sent_within_its_hour_and_never_later() {
    let world = World::new().await;
    let nobody = unreachable(&world.mock);
    for id in ["1", "2"] {
        let intent = world.ledger.send(&nobody, &bill(id)).await.unwrap();
        assert_eq!(intent.state(), IntentState::Recorded);
        assert!(intent.error().is_some());
        if id == "1" {
            world.clock.advance(HOUR / 2);
            world.work().await;
            assert!(world.mock.bill(&"1".parse().unwrap()).is_some());
        } else {
            world.clock.advance(HOUR);
            world.work().await;
            assert!(world.mock.bill(&"2".parse().unwrap()).is_none());
        }
    }
    let second = BillId::new("2").unwrap();
    let shown = world.ledger.show(&world.merchant, &second);
    let shown = shown.await.unwrap().unwrap();
    assert_eq!(shown.intents[0].state(), IntentState::NotSent);
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

#[tokio::test]
async fn one_that_may_have_left_is_resumed_and_after_24_hours_waits_for_a_person_never_rejected() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.mock.inject(
        Fault::ServerError { applied: false },
        Schedule::always().on(Operation::BillCancel),
    );
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    for _ in 0..4 {
        world.clock.advance(8 * HOUR);
        world.work().await;
    }
    let list = world.ledger.list().await.unwrap();
    assert_eq!(list.intents[0].state(), IntentState::WaitsForPerson);
    assert!(list.waits_for_person());
    let asked = |world: &World| {
        let is_it = |request: &&payssam_mock::MockRequest| request.path().ends_with("/bill/cancel");
        world.mock.requests().iter().filter(is_it).count()
    };
    let before = asked(&world);
    world.clock.advance(100 * DAY);
    world.work().await;
    assert_eq!(asked(&world), before, "nobody wanted it");
    // A person looks at it.
    world.mock.clear_faults();
    assert_eq!(world.ledger.retry(&world.merchant, &id).await.unwrap(), 1);
    world.work().await;
    assert_eq!(*world.mock.bill(&id).unwrap().state(), BillState::Cancelled);
    assert!(!world.ledger.list().await.unwrap().waits_for_person());
}

#[tokio::test]
async fn two_ledgers_that_cancel_one_bill_at_the_same_time_make_one_cancellation() {
    let world = World::new().await;
    let other = builder(&world.file.0, &world.clock).open().unwrap();
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.mock.inject(
        Fault::Latency(Duration::from_millis(100)),
        Schedule::always().on(Operation::BillCancel),
    );
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let (one, two) = tokio::join!(
        world.ledger.cancel(&world.client, &cancel),
        other.cancel(&world.client, &cancel)
    );
    assert_eq!(one.unwrap().state(), IntentState::Done);
    assert_eq!(two.unwrap().state(), IntentState::Done);
    let asked = |request: &&payssam_mock::MockRequest| request.path().ends_with("/bill/cancel");
    assert_eq!(world.mock.requests().iter().filter(asked).count(), 1);
}

#[tokio::test]
async fn whoever_loses_its_claim_to_another_makes_no_further_request() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    // The response to the first cancellation never comes.
    let hangs = Fault::Latency(Duration::from_secs(600));
    let once = Schedule::once().on(Operation::BillCancel);
    world.mock.inject(hangs, once);
    let asked = |end: &str| {
        let requests = world.mock.requests();
        let asked = requests.iter().filter(|it| it.path().ends_with(end));
        asked.count()
    };
    let cancel = CancelBill::new(id.clone(), won(45_000));
    // It would read, and might cancel again, after its time limit, which is later than the next look at the claim.
    let client = world.client.with_timeout(Duration::from_secs(25)).unwrap();
    let client = client.with_confirm(ConfirmPolicy::new().deadline(Duration::from_secs(60)));
    let first = world.ledger.cancel(&client, &cancel);
    let other = async {
        while asked("/bill/cancel") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // For another process the lease of the first is over.
        let clock = ManualClock::new(midnight() + Duration::from_secs(120));
        let other = builder(&world.file.0, &clock).open().unwrap();
        let ended = other.cancel(&world.client, &cancel).await.unwrap();
        assert_eq!(ended.state(), IntentState::Done);
        let so_far = (asked("/bill/cancel"), asked("/bill/read"));
        // To the next look of the first at its claim.
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(16)).await;
        tokio::time::resume();
        so_far
    };
    let (first, after_the_other) = tokio::join!(first, other);
    assert_eq!(first.unwrap().state(), IntentState::Done);
    let in_all = (asked("/bill/cancel"), asked("/bill/read"));
    assert_eq!(in_all, after_the_other);
    assert_eq!(in_all.0, 2, "the first, and its resumption");
}

/// Makes every renewal of a claim fail from now on.
const NO_RENEWAL: &str = "CREATE TRIGGER no_renewal BEFORE UPDATE OF leased_until ON payssam_intents \
    BEGIN SELECT RAISE(ABORT, 'the disk failed'); END";

/// Lets so much time pass for requests and renewals.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    // The file is written to meanwhile.
    tokio::time::sleep(Duration::from_millis(40)).await;
}

/// A client whose request takes so long, and which waits for it.
fn slow(world: &World, operation: Operation, response: Duration) -> Client {
    let once = Schedule::once().on(operation);
    world.mock.inject(Fault::Latency(response), once);
    let client = world.client.with_timeout(HOUR).unwrap();
    client.with_confirm(ConfirmPolicy::new().deadline(2 * HOUR))
}

#[tokio::test]
async fn a_request_that_takes_longer_than_its_claim_keeps_it_by_renewals_even_if_one_fails() {
    for fails_once in [false, true] {
        let world = World::new().await;
        let id = world.elsewhere("1");
        world.mock.pay(&id).unwrap();
        let client = slow(&world, Operation::BillCancel, Duration::from_secs(70));
        let cancel = CancelBill::new(id.clone(), won(45_000));
        let cancelled = world.ledger.cancel(&client, &cancel);
        let cancelled = tokio::time::timeout(Duration::from_secs(100), cancelled);
        let time = async {
            while world.asked("/bill/cancel") == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let books = world.file.connect();
            for renewal in 0..5 {
                if fails_once && renewal == 0 {
                    books.execute_batch(NO_RENEWAL).unwrap();
                }
                pass(Duration::from_secs(16)).await;
                books
                    .execute_batch("DROP TRIGGER IF EXISTS no_renewal")
                    .unwrap();
            }
        };
        let (cancelled, ()) = tokio::join!(cancelled, time);
        let cancelled = cancelled.expect("the response came").unwrap();
        assert_eq!(cancelled.state(), IntentState::Done);
        assert_eq!(world.asked("/bill/cancel"), 1);
    }
}

#[tokio::test]
async fn whoever_cannot_renew_its_claim_gives_it_up_before_it_ends() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    let client = slow(&world, Operation::BillCancel, HOUR / 2);
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let mut first = std::pin::pin!(world.ledger.cancel(&client, &cancel));
    let pass_all = async {
        while world.asked("/bill/cancel") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        pass(Duration::from_secs(16)).await;
        world.file.connect().execute_batch(NO_RENEWAL).unwrap();
        // The last renewal is good until a minute after it.
        for seconds in [16, 16, 16, 5] {
            pass(Duration::from_secs(seconds)).await;
        }
    };
    tokio::select! {
        ended = &mut first => panic!("{ended:?}"),
        () = pass_all => {}
    }
    pass(Duration::from_secs(8)).await;
    // Its claim is over for all others too, and nothing can be written.
    world.clock.advance(Duration::from_secs(61));
    let ended = tokio::time::timeout(Duration::from_secs(20), first).await;
    let ended = ended.expect("it waits for its response still");
    assert!(matches!(ended, Err(Error::Open(_))), "{ended:?}");
    assert_eq!(world.asked("/bill/cancel"), 1);
}

#[tokio::test]
async fn other_content_under_a_known_id_is_refused_without_a_request() {
    let world = World::new().await;
    let id = world.sent("1").await;
    let before = world.mock.requests().len();
    let other = bill_to("1", "https://academy.example/other");
    let refused = world.ledger.send(&world.client, &other).await;
    assert!(
        matches!(refused, Err(Error::OtherContent { .. })),
        "{refused:?}"
    );
    let again = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(again.state(), IntentState::Done);
    assert_eq!(world.mock.requests().len(), before);
    // A cancellation that PaySsam rejected can be corrected.
    world.mock.pay(&id).unwrap();
    let wrong = CancelBill::new(id.clone(), won(1_000)).check_first();
    let wrong = world.ledger.cancel(&world.client, &wrong).await.unwrap();
    assert_eq!(wrong.state(), IntentState::Rejected, "{wrong:?}");
    let right = CancelBill::new(id.clone(), won(45_000));
    let right = world.ledger.cancel(&world.client, &right).await.unwrap();
    assert_eq!(right.state(), IntentState::Done);
    let other = CancelBill::new(id, won(45_000))
        .reason("고객 요청")
        .unwrap();
    let refused = world.ledger.cancel(&world.client, &other).await;
    assert!(
        matches!(refused, Err(Error::OtherContent { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn nothing_personal_is_in_any_file_once_the_outcome_is_certain() {
    let world = World::new().await;
    let is_in_a_file = |text: &str| {
        world.file.all().iter().any(|path| {
            let bytes = fs::read(path).unwrap();
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
    };
    world.mock.inject(
        Fault::ServerError { applied: false },
        Schedule::always().on(Operation::BillSend),
    );
    let open = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    assert!(is_in_a_file(PHONE), "the whole request is kept meanwhile");
    world.mock.clear_faults();
    let holder = ReceiptHolder::Person(PhoneNumber::new("01055556666").unwrap().into());
    let issue = IssueReceipt::taxed(won(11_000)).to("R1".parse().unwrap(), holder);
    let issued = world
        .ledger
        .issue_receipt(&world.client, &issue)
        .await
        .unwrap();
    assert_eq!(issued.state(), IntentState::Done);
    let cancel = issue.cancellation();
    let cancelled = world.ledger.cancel_receipt(&world.client, &cancel);
    assert_eq!(cancelled.await.unwrap().state(), IntentState::Done);
    world.clock.advance(HOUR / 4);
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000"]);
    for text in [PHONE, PAYER, "01055556666", payssam_mock::API_KEY] {
        assert!(!is_in_a_file(text), "{text}");
    }
}

#[tokio::test]
async fn a_cancellation_that_is_refused_while_another_request_is_in_progress_is_rejected() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.pay(&id).unwrap();
    world.mock.inject(
        Fault::InProgress(Duration::from_millis(500)),
        Schedule::once().on(Operation::BillResend),
    );
    let resend = ResendBill::new(id.clone());
    let lost = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(lost.state(), IntentState::Unknown);
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let refused = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(refused.state(), IntentState::Rejected, "{refused:?}");
    assert_eq!(refused.result(), Some("MOCK_IN_PROGRESS"));
    assert_eq!(*world.mock.bill(&id).unwrap().state(), BillState::Paid);
    // Nothing of it happened, so it is asked for again.
    world.mock.wait_until_idle().await;
    let cancelled = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(cancelled.state(), IntentState::Done, "{cancelled:?}");
}

#[tokio::test]
async fn a_resend_whose_response_is_lost_is_unknown_and_never_repeated() {
    let world = World::new().await;
    let id = world.sent("1").await;
    let resend = ResendBill::new(id.clone());
    let done = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(done.state(), IntentState::Done);
    world.mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::BillResend),
    );
    let lost = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(lost.state(), IntentState::Unknown);
    world.clock.advance(2 * DAY);
    world.work().await;
    assert_eq!(happened(&world, &id, Happened::Resent), 2);
}

#[tokio::test]
async fn a_resend_of_a_process_that_died_is_unknown_also_where_nobody_has_a_client() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.advance(Duration::from_secs(1));
    let once = Schedule::once().on(Operation::BillResend);
    world.mock.inject(Fault::ApplyThenHang, once);
    let resend = ResendBill::new(id.clone());
    let call = world.ledger.resend(&world.client, &resend);
    dies(call, || happened(&world, &id, Happened::Resent) == 1).await;
    let mapo = quick(&world.mock.with_merchant("mapo").unwrap());
    world.advance(25 * HOUR);
    world.ledger.run_due([mapo], book).await.unwrap();
    let shown = world.ledger.show(&world.merchant, &id).await.unwrap();
    let intents = shown.unwrap().intents;
    assert_eq!(intents[1].state(), IntentState::Unknown);
    assert_eq!(intents[1].result(), Some("response_lost"));
    assert!(!world.ledger.list().await.unwrap().waits_for_person());
}

#[tokio::test]
async fn a_resend_that_is_rejected_by_a_code_that_proves_nothing_is_unknown() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.inject(
        Fault::RejectThenApply(Duration::from_millis(10)),
        Schedule::once().on(Operation::BillResend),
    );
    let resend = ResendBill::new(id.clone());
    let unclear = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(unclear.state(), IntentState::Unknown, "{unclear:?}");
    world.mock.wait_until_idle().await;
    assert_eq!(happened(&world, &id, Happened::Resent), 1);
}

#[tokio::test]
async fn a_bill_that_is_destroyed_gives_one_event() {
    let world = World::new().await;
    let id = world.sent("1").await;
    world.mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::BillDestroy),
    );
    let destroy = DestroyBill::new(id, won(45_000));
    let done = world.ledger.destroy(&world.client, &destroy).await.unwrap();
    assert_eq!(done.state(), IntentState::Done);
    world.clock.advance(30 * DAY);
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000", "1 destroyed 45000"]);
}

#[tokio::test]
async fn a_dropped_call_is_resumed_by_the_next_start() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.mock.inject(
        Fault::ApplyThenHang,
        Schedule::once().on(Operation::BillCancel),
    );
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let call = world.ledger.cancel(&world.client, &cancel);
    dies(call, || world.mock.bill(&id).unwrap().cancellations() == 1).await;
    let next = builder(&world.file.0, &world.clock).open().unwrap();
    world.clock.advance(Duration::from_secs(61));
    next.run_due([world.client.clone()], book).await.unwrap();
    assert_eq!(world.mock.bill(&id).unwrap().cancellations(), 1);
    assert_eq!(world.booked(), ["1 cancelled by us, not booked 45000"]);
    assert!(next.list().await.unwrap().intents.is_empty());
}

#[test]
fn tables_of_a_newer_version_are_refused_and_left_alone() {
    let file = File::new();
    drop(Ledger::open(&file.0).unwrap());
    let books = file.connect();
    books
        .execute_batch("UPDATE payssam_ledger SET version = 99")
        .unwrap();
    let refused = Ledger::open(&file.0).unwrap_err();
    assert!(matches!(refused, Error::Newer { .. }), "{refused}");
    assert!(refused.to_string().contains("version 99"), "{refused}");
}

#[cfg(unix)]
#[test]
fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let file = File::new();
    let ledger = Ledger::open(&file.0).unwrap();
    let files = file.all();
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path:?}: {mode:o}");
    }
    drop(ledger);
}

#[tokio::test]
async fn what_was_left_for_days_is_not_sent_again_but_a_read_may_settle_it() {
    let world = World::new().await;
    for id in ["1", "2"] {
        let id = world.elsewhere(id);
        world.mock.pay(&id).unwrap();
        let fault = match id.as_str() {
            "1" => Fault::ApplyThenHang,
            _ => Fault::CloseAfterReading,
        };
        world
            .mock
            .inject(fault, Schedule::once().on(Operation::BillCancel));
        world.mock.inject(
            Fault::ApplyThenHang,
            Schedule::always().on(Operation::BillRead),
        );
        let cancel = CancelBill::new(id, won(45_000));
        let call = world.ledger.cancel(&world.client, &cancel);
        let reads = |request: &payssam_mock::MockRequest| request.path().ends_with("/bill/read");
        let before = world.mock.requests().len();
        dies(call, || world.mock.requests()[before..].iter().any(reads)).await;
        world.mock.clear_faults();
    }
    world.advance(3 * DAY);
    world.work().await;
    // The first took effect. Somebody may have returned the money of the second by hand.
    let states = ["1", "2"].map(|id| {
        let bill = world.mock.bill(&id.parse().unwrap()).unwrap();
        bill.state().clone()
    });
    assert_eq!(states, [BillState::Cancelled, BillState::Paid]);
    let open = world.ledger.list().await.unwrap();
    assert_eq!(open.intents.len(), 1);
    assert_eq!(open.intents[0].state(), IntentState::WaitsForPerson);
    let mut booked = world.booked();
    booked.sort();
    let expected = ["1 cancelled by us, not booked 45000", "2 paid 45000"];
    assert_eq!(booked, expected);
}

#[tokio::test]
async fn a_destruction_of_which_nobody_could_tell_is_done_when_a_read_shows_it() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    for operation in [Operation::BillDestroy, Operation::BillRead] {
        let lost = Schedule::always().on(operation);
        world.mock.inject(Fault::ApplyThenClose, lost);
    }
    let destroy = DestroyBill::new(id.clone(), won(45_000));
    let open = world.ledger.destroy(&world.client, &destroy).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    let asked = world.asked("/bill/destroy");
    world.mock.clear_faults();
    // Longer than it is resumed.
    world.advance(3 * DAY);
    world.work().await;
    let shown = world.ledger.show(&world.merchant, &id).await.unwrap();
    assert_eq!(shown.unwrap().intents[0].state(), IntentState::Done);
    assert_eq!(world.asked("/bill/destroy"), asked);
    assert_eq!(world.booked(), ["1 destroyed 45000"]);
}

#[tokio::test]
async fn a_send_of_which_nobody_could_tell_is_done_when_a_read_shows_its_bill() {
    let world = World::new().await;
    let lost = Schedule::always();
    world.mock.inject(Fault::ApplyThenClose, lost);
    let open = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    let asked = world.asked("/bill");
    assert!(asked > 0);
    world.mock.clear_faults();
    // Longer than it is resumed.
    world.advance(3 * DAY);
    world.work().await;
    let shown = world.ledger.show(&world.merchant, open.bill_id()).await;
    let shown = shown.unwrap().unwrap();
    assert_eq!(shown.intents[0].state(), IntentState::Done);
    assert_eq!(world.asked("/bill"), asked);
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

#[tokio::test]
async fn a_receipt_that_waits_for_a_person_is_not_read_as_a_bill() {
    let world = World::new().await;
    world
        .mock
        .inject(Fault::CloseAfterReading, Schedule::always());
    let holder = ReceiptHolder::Person(PhoneNumber::new("01055556666").unwrap().into());
    let issue = IssueReceipt::taxed(won(11_000)).to("R1".parse().unwrap(), holder);
    let open = world.ledger.issue_receipt(&world.client, &issue).await;
    assert_eq!(open.unwrap().state(), IntentState::Sending);
    world.advance(3 * DAY);
    world.work().await;
    let list = world.ledger.list().await.unwrap();
    assert!(list.waits_for_person(), "{:?}", list.intents);
    assert_eq!(list.due_reads, 0);
    world.advance(DAY);
    world.work().await;
    assert_eq!(world.asked("/bill/read"), 0);
}

#[tokio::test]
async fn a_payment_is_booked_while_the_send_of_its_bill_waits_for_its_response() {
    let world = World::new().await;
    let id = BillId::new("1").unwrap();
    let lost = Schedule::once().on(Operation::BillSend);
    world.mock.inject(Fault::ApplyThenHang, lost);
    let client = world.client.with_timeout(HOUR).unwrap();
    let request = bill("1");
    let send = world.ledger.send(&client, &request);
    let meanwhile = async {
        while world.mock.bill(&id).is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        world.mock.pay(&id).unwrap();
        let callback = r#"{"billId":"1","apprState":"F","apprPrice":"45000"}"#;
        let _ = world.ledger.receive(&world.merchant, callback).unwrap();
        world.work().await;
        world.booked()
    };
    let (sent, booked) = tokio::join!(send, meanwhile);
    assert_eq!(booked, ["1 sent 45000", "1 paid 45000"]);
    assert_eq!(sent.unwrap().state(), IntentState::Done);
}

#[tokio::test]
async fn an_unpaid_bill_is_read_less_and_less_and_not_for_ever() {
    let world = World::new().await;
    let last_day = day_after(&world.clock, 29);
    let send = bill("1").expires(last_day.as_str()).unwrap();
    let sent = world.ledger.send(&world.client, &send).await.unwrap();
    assert_eq!(sent.state(), IntentState::Done, "{sent:?}");
    let reads = |world: &World| {
        let is_read = |request: &&payssam_mock::MockRequest| request.path().ends_with("/bill/read");
        world.mock.requests().iter().filter(is_read).count()
    };
    let mut of_days = Vec::new();
    for _ in 0..60 {
        let before = reads(&world);
        for _ in 0..24 {
            world.clock.advance(HOUR);
            world.work().await;
        }
        of_days.push(reads(&world) - before);
    }
    assert!((8..=24).contains(&of_days[0]), "{of_days:?}");
    assert!(
        of_days[20..30].iter().all(|reads| *reads <= 1),
        "{of_days:?}"
    );
    // Seven days after its last day.
    assert!(of_days[30..37].contains(&1), "{of_days:?}");
    assert!(of_days[38..].iter().all(|reads| *reads == 0), "{of_days:?}");
}

#[tokio::test]
async fn a_bill_is_read_ten_minutes_after_it_was_sent_and_without_a_last_day_once_a_week_for_ever()
{
    let world = World::new().await;
    let id = world.sent("1").await;
    let reads_after = async |time: Duration| {
        let before = world.asked("/bill/read");
        world.clock.advance(time);
        world.work().await;
        world.asked("/bill/read") - before
    };
    let tick = Duration::from_millis(1);
    let ten_minutes = Duration::from_secs(600);
    assert_eq!(reads_after(ten_minutes - tick).await, 0);
    assert_eq!(reads_after(tick).await, 1);
    assert_eq!(reads_after(ten_minutes - tick).await, 0);
    assert_eq!(reads_after(tick).await, 1);
    world.clock.advance(1_000 * DAY);
    world.work().await;
    for _ in 0..3 {
        assert_eq!(reads_after(7 * DAY - tick).await, 0);
        assert_eq!(reads_after(tick).await, 1);
    }
    let shown = world.ledger.show(&world.merchant, &id).await.unwrap();
    let next = shown.unwrap().next_read_at.unwrap();
    assert_eq!(next, world.clock.now() + 7 * DAY);
}

#[tokio::test]
async fn a_setting_of_years_is_kept_as_it_is() {
    let world = World::with(|builder| builder.watch_paid([1_000 * DAY])).await;
    let id = world.sent("1").await;
    world.mock.pay(&id).unwrap();
    world.advance(HOUR);
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000", "1 paid 45000"]);
    let shown = world.ledger.show(&world.merchant, &id).await.unwrap();
    let next = shown.unwrap().next_read_at.unwrap();
    assert_eq!(next, world.clock.now() + 1_000 * DAY);
}

#[tokio::test]
async fn a_bill_that_somebody_else_sent_is_not_taken_for_ours() {
    let world = World::new().await;
    world.elsewhere("1");
    // A read of an unpaid bill states the amount here.
    let intent = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(intent.state(), IntentState::Done, "{intent:?}");
    assert!(intent.was_already());
    let ours = world.ledger.send(&world.client, &bill("2")).await.unwrap();
    assert!(!ours.was_already());
    let handler = |event: &payssam_ledger::Event,
                   tx: &mut payssam_ledger::rusqlite::Transaction<'_>| {
        assert_eq!(event.by_us(), Some(event.bill_id().as_str() == "2"));
        book(event, tx)
    };
    world
        .ledger
        .run_due([world.client.clone()], handler)
        .await
        .unwrap();
    assert_eq!(world.booked(), ["1 sent 45000", "2 sent 45000"]);
}

#[tokio::test]
async fn a_read_while_a_bill_is_sent_does_not_take_one_that_somebody_else_sent_for_ours() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    let client = slow(&world, Operation::BillSend, Duration::from_secs(30));
    let request = bill("1");
    let send = world.ledger.send(&client, &request);
    let meanwhile = async {
        while world.asked("/bill") == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let watch = Watch::new(id.clone(), won(45_000));
        world.ledger.watch(&world.merchant, watch).await.unwrap();
        world.work().await;
        assert_eq!(world.booked(), [""; 0]);
        let shown = world.ledger.show(&world.merchant, &id).await.unwrap();
        assert_eq!(shown.unwrap().state, Some("unpaid"));
        pass(Duration::from_secs(31)).await;
    };
    let (sent, ()) = tokio::join!(send, meanwhile);
    assert!(sent.unwrap().was_already());
    let handler = |event: &payssam_ledger::Event,
                   tx: &mut payssam_ledger::rusqlite::Transaction<'_>| {
        assert_eq!(event.by_us(), Some(false));
        book(event, tx)
    };
    let clients = [world.client.clone()];
    world.ledger.run_due(clients, handler).await.unwrap();
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

#[tokio::test]
async fn nothing_is_sent_while_the_file_is_locked() {
    let world = World::new().await;
    let other = world.file.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = world
        .ledger
        .send(&world.client, &bill("1"))
        .await
        .unwrap_err();
    assert!(refused.is_busy(), "{refused}");
    assert!(world.mock.requests().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    let sent = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(sent.state(), IntentState::Done);
}

#[tokio::test]
async fn an_outcome_waits_for_a_file_that_is_locked() {
    let world = World::new().await;
    world.mock.inject(
        Fault::ApplyThenHang,
        Schedule::once().on(Operation::BillSend),
    );
    let locked = tokio::task::spawn_blocking({
        let (path, mock) = (world.file.0.clone(), world.mock.clone());
        move || {
            while mock.requests().is_empty() {
                std::thread::sleep(Duration::from_millis(2));
            }
            let other = payssam_ledger::rusqlite::Connection::open(path).unwrap();
            other.busy_timeout(Duration::from_secs(5)).unwrap();
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            // Longer than anybody waits for a lock at once.
            std::thread::sleep(Duration::from_secs(6));
            other.execute_batch("ROLLBACK").unwrap();
        }
    });
    let sent = world.ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(sent.state(), IntentState::Done);
    locked.await.unwrap();
    world.work().await;
    assert_eq!(world.booked(), ["1 sent 45000"]);
}

#[tokio::test]
async fn a_bill_that_ended_before_its_send_was_resumed_was_sent_all_the_same() {
    for ends in ["cancelled", "destroyed"] {
        let world = World::new().await;
        world.mock.inject(
            Fault::ApplyThenHang,
            Schedule::once().on(Operation::BillSend),
        );
        let send = bill("1");
        let call = world.ledger.send(&world.client, &send);
        let id = BillId::new("1").unwrap();
        dies(call, || world.mock.bill(&id).is_some()).await;
        if ends == "cancelled" {
            world.mock.pay(&id).unwrap();
            world.mock.cancel(&id).unwrap();
        } else {
            world.mock.destroy(&id).unwrap();
        }
        world.advance(HOUR / 2);
        world.work().await;
        let last = match ends {
            "cancelled" => "1 cancelled by elsewhere, not booked 45000",
            _ => "1 destroyed_elsewhere 45000",
        };
        world.advance(HOUR);
        world.work().await;
        assert_eq!(world.booked(), ["1 sent 45000", last]);
        assert!(world.ledger.list().await.unwrap().intents.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn the_permissions_of_a_file_that_was_there_are_its_owners_own() {
    use std::os::unix::fs::PermissionsExt;

    let file = File::new();
    fs::write(&file.0, "").unwrap();
    fs::set_permissions(&file.0, fs::Permissions::from_mode(0o640)).unwrap();
    drop(Ledger::open(&file.0).unwrap());
    let mode = fs::metadata(&file.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[tokio::test(flavor = "current_thread")]
async fn a_locked_file_does_not_block_the_other_work_of_a_runtime() {
    let world = World::new().await;
    let other = world.file.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (ledger, client) = (world.ledger.clone(), world.client.clone());
    let send = tokio::spawn(async move { ledger.send(&client, &bill("1")).await });
    // The only worker goes on with this meanwhile.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(!send.is_finished());
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(send.await.unwrap().unwrap().state(), IntentState::Done);
}

#[tokio::test]
async fn an_erased_request_and_its_certain_outcome_are_one_commit() {
    let world = World::new().await;
    // Whoever writes an outcome without erasing the request, or erases it before, fails here.
    world
        .file
        .connect()
        .execute_batch(
            "CREATE TRIGGER judge AFTER UPDATE ON payssam_intents WHEN \
             (NEW.request IS NULL) <> (NEW.state IN ('done', 'rejected', 'not_sent', 'unknown')) \
             BEGIN SELECT RAISE(ABORT, 'an outcome without its erasure'); END",
        )
        .unwrap();
    let id = world.sent("1").await;
    world.mock.pay(&id).unwrap();
    let wrong = CancelBill::new(id.clone(), won(1_000)).check_first();
    let wrong = world.ledger.cancel(&world.client, &wrong).await.unwrap();
    assert_eq!(wrong.state(), IntentState::Rejected);
    let right = CancelBill::new(id.clone(), won(45_000));
    let right = world.ledger.cancel(&world.client, &right).await.unwrap();
    assert_eq!(right.state(), IntentState::Done);
    world.mock.inject(
        Fault::ApplyThenClose,
        Schedule::once().on(Operation::BillResend),
    );
    let second = world.sent("2").await;
    let resend = ResendBill::new(second);
    let lost = world.ledger.resend(&world.client, &resend).await.unwrap();
    assert_eq!(lost.state(), IntentState::Unknown);
    world.work().await;
}

#[tokio::test]
async fn what_nobody_has_a_client_for_waits_for_a_person_after_24_hours() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    world.mock.inject(
        Fault::ServerError { applied: false },
        Schedule::always().on(Operation::BillCancel),
    );
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    let mapo = quick(&world.mock.with_merchant("mapo").unwrap());
    for (hours, waits) in [(23, false), (2, true)] {
        world.advance(hours * HOUR);
        world.ledger.run_due([mapo.clone()], book).await.unwrap();
        let open = world.ledger.list().await.unwrap();
        assert_eq!(open.waits_for_person(), waits, "{:?}", open.intents);
    }
}

#[tokio::test]
async fn what_nobody_has_a_client_for_and_was_never_sent_is_not_sent_after_its_hour() {
    let world = World::new().await;
    let nobody = unreachable(&world.mock);
    let recorded = world.ledger.send(&nobody, &bill("1")).await.unwrap();
    let resend = ResendBill::new("2".parse().unwrap());
    let _recorded = world.ledger.resend(&nobody, &resend).await.unwrap();
    let mapo = quick(&world.mock.with_merchant("mapo").unwrap());
    world.advance(HOUR);
    world.ledger.run_due([mapo], book).await.unwrap();
    assert_eq!(world.ledger.list().await.unwrap().open_intents, 0);
    for id in [recorded.bill_id(), &"2".parse().unwrap()] {
        let shown = world.ledger.show(&world.merchant, id).await.unwrap();
        let intent = &shown.unwrap().intents[0];
        assert_eq!(intent.state(), IntentState::NotSent);
        assert_eq!(intent.result(), Some("not_after"));
    }
}

#[tokio::test]
async fn a_stored_request_that_cannot_be_read_holds_up_no_other_work() {
    let world = World::new().await;
    world.mock.inject(
        Fault::ServerError { applied: false },
        Schedule::always().on(Operation::BillSend),
    );
    for id in ["1", "2"] {
        let open = world.ledger.send(&world.client, &bill(id)).await.unwrap();
        assert_eq!(open.state(), IntentState::Sending);
    }
    world.mock.clear_faults();
    // As a newer version might write it.
    world
        .file
        .connect()
        .execute_batch("UPDATE payssam_intents SET request = '{}' WHERE bill_id = '1'")
        .unwrap();
    world.advance(HOUR / 4);
    world.work().await;
    assert_eq!(world.booked(), ["2 sent 45000"]);
    assert!(world.mock.bill(&"1".parse().unwrap()).is_none());
    world.advance(DAY);
    world.work().await;
    let open = world.ledger.list().await.unwrap();
    assert!(open.waits_for_person(), "{:?}", open.intents);
}

#[tokio::test]
async fn a_retry_after_of_years_keeps_no_intent_from_the_person_who_must_look_at_it() {
    let world = World::new().await;
    let id = world.elsewhere("1");
    world.mock.pay(&id).unwrap();
    let wait = Fault::TooManyRequests {
        retry_after: 3_000 * DAY,
    };
    world
        .mock
        .inject(wait, Schedule::always().on(Operation::BillCancel));
    world.mock.inject(
        Fault::CloseAfterReading,
        Schedule::once().on(Operation::BillCancel),
    );
    let cancel = CancelBill::new(id.clone(), won(45_000));
    let open = world.ledger.cancel(&world.client, &cancel).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending, "{open:?}");
    world.advance(25 * HOUR);
    world.work().await;
    let open = world.ledger.list().await.unwrap();
    assert!(open.waits_for_person(), "{:?}", open.intents);
}

#[tokio::test]
async fn a_ledger_is_opened_while_another_process_writes() {
    let world = World::new().await;
    let watch = Watch::new(world.elsewhere("1"), won(45_000));
    world.ledger.watch(&world.merchant, watch).await.unwrap();
    let other = world.file.connect();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let next = builder(&world.file.0, &world.clock).open().unwrap();
    assert_eq!(next.list().await.unwrap().due_reads, 1);
    let response = next.receive(&world.merchant, r#"{"billId":"1"}"#).unwrap();
    assert_eq!(response, payssam::callback::acknowledge());
    other.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn many_may_open_a_new_file_at_the_same_time() {
    // Few, and often: then two change the journal of a file at the same moment, for which SQLite does not wait.
    for openers in iter::repeat_n(16, 10).chain(iter::repeat_n(3, 300)) {
        let file = File::new();
        let start = Arc::new(Barrier::new(openers));
        let openers: Vec<_> = (0..openers)
            .map(|_| {
                let (path, start) = (file.0.clone(), start.clone());
                std::thread::spawn(move || {
                    start.wait();
                    Ledger::open(path).map(drop)
                })
            })
            .collect();
        for opener in openers {
            opener.join().unwrap().unwrap();
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_with_two_names_is_one_ledger() {
    let world = World::new().await;
    world.sent("1").await;
    let link = File::new();
    std::os::unix::fs::symlink(&world.file.0, &link.0).unwrap();
    let other = builder(&link.0, &world.clock).open().unwrap();
    let _ = other.receive(&world.merchant, r#"{"billId":"1"}"#).unwrap();
    assert_eq!(world.ledger.list().await.unwrap().pending_callbacks, 1);
    // Both compare what is asked for with the same key.
    for ledger in [&world.ledger, &other] {
        let same = ledger.send(&world.client, &bill("1")).await.unwrap();
        assert_eq!(same.state(), IntentState::Done);
        let another = bill_to("1", "https://academy.example/other");
        let refused = ledger.send(&world.client, &another).await;
        assert!(
            matches!(refused, Err(Error::OtherContent { .. })),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn the_digest_of_a_request_says_nothing_without_the_key_of_its_own_ledger() {
    let digest = async || -> Vec<u8> {
        let world = World::new().await;
        world.sent("1").await;
        let books = world.file.connect();
        books
            .query_row("SELECT digest FROM payssam_intents", (), |row| row.get(0))
            .unwrap()
    };
    let (one, other) = (digest().await, digest().await);
    assert_eq!(one.len(), 32);
    assert_ne!(one, other, "of the same request");
}

#[tokio::test]
async fn without_its_file_of_callbacks_a_ledger_knows_what_was_sent_by_its_price() {
    let world = World::new().await;
    let id = world.sent("1").await;
    let lost = Schedule::always().on(Operation::BillSend);
    world.mock.inject(Fault::CloseAfterReading, lost);
    let open = world.ledger.send(&world.client, &bill("2")).await.unwrap();
    assert_eq!(open.state(), IntentState::Sending);
    world.mock.clear_faults();
    let (merchant, clock, path) = (&world.merchant, &world.clock, &world.file.0);
    drop(world.ledger);
    for file in world.file.all() {
        if file.to_string_lossy().contains("-payssam-callbacks") {
            fs::remove_file(file).unwrap();
        }
    }
    let ledger = builder(path, clock).open().unwrap();
    let asked = world.mock.requests().len();
    let same = ledger.send(&world.client, &bill("1")).await.unwrap();
    assert_eq!(same.state(), IntentState::Done);
    // Nobody can tell any more that it differs.
    let other = bill_to("1", "https://academy.example/other");
    let same = ledger.send(&world.client, &other).await.unwrap();
    assert_eq!(same.state(), IntentState::Done);
    assert_eq!(world.mock.requests().len(), asked);
    // What is asked for from now on is compared by all that it says, also after another start.
    let destroy = DestroyBill::new(id.clone(), won(45_000));
    let _done = ledger.destroy(&world.client, &destroy).await.unwrap();
    drop(ledger);
    let ledger = builder(path, clock).open().unwrap();
    let other = destroy.reference("another");
    let refused = ledger.destroy(&world.client, &other).await;
    assert!(
        matches!(refused, Err(Error::OtherContent { .. })),
        "{refused:?}"
    );
    let shown = ledger.show(merchant, &id).await.unwrap().unwrap();
    assert_eq!(shown.intents.len(), 2);
}
