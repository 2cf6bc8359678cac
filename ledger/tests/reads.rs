//! What reads prove, however late their responses come: a bill never moves backwards.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::*;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::post,
};
use payssam::{BillId, Client, ConfirmPolicy, Credentials, callback::acknowledge};
use payssam_ledger::{IntentState, Ledger, ManualClock, Merchant, Watch};
use serde_json::{Value, json};

/// What a server says to one read after the other, each after so many milliseconds; the last again and again.
type Script = Arc<Mutex<VecDeque<(Value, u64)>>>;

struct Scripted {
    file: File,
    clock: ManualClock,
    ledger: Ledger,
    client: Client,
    merchant: Merchant,
    id: BillId,
    script: Script,
}

impl Scripted {
    async fn new() -> Self {
        let script = Script::default();
        let routes = Router::new()
            .route("/partner/bill/read", post(respond))
            // The outcome of every send is unknown.
            .route("/partner/bill", post(async || StatusCode::BAD_GATEWAY))
            .with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, routes).into_future());
        let credentials = Credentials::builder()
            .api_key(payssam_mock::API_KEY)
            .member(payssam_mock::MEMBER)
            .merchant(payssam_mock::MERCHANT)
            .build()
            .unwrap();
        let client = Client::builder(credentials)
            .base_url(format!("http://{address}/partner"))
            .build()
            .unwrap();
        let file = File::new();
        let clock = ManualClock::new("2026-03-02T00:00:00Z".parse().unwrap());
        let ledger = builder(&file.0, &clock).open().unwrap();
        file.connect().execute_batch(BOOKS).unwrap();
        Scripted {
            merchant: Merchant::from(client.credentials()),
            file,
            clock,
            ledger,
            client,
            id: BillId::new("1").unwrap(),
            script,
        }
    }

    fn reads_are(&self, script: impl IntoIterator<Item = (Value, u64)>) {
        *self.script.lock().unwrap() = script.into_iter().collect();
    }

    async fn watch(&self) {
        let watch = Watch::new(self.id.clone(), won(45_000));
        self.ledger.watch(&self.merchant, watch).await.unwrap();
    }

    async fn work(&self) {
        let clients = [self.client.clone()];
        self.ledger.run_due(clients, book).await.unwrap();
    }

    fn booked(&self) -> Vec<String> {
        booked(&self.file.connect())
    }

    async fn state(&self) -> Option<&'static str> {
        let shown = self.ledger.show(&self.merchant, &self.id).await.unwrap();
        shown.unwrap().state
    }
}

async fn respond(State(script): State<Script>) -> impl IntoResponse {
    let (response, after) = {
        let mut script = script.lock().unwrap();
        match script.len() {
            1 => script[0].clone(),
            _ => script.pop_front().expect("a script"),
        }
    };
    tokio::time::sleep(Duration::from_millis(after)).await;
    ([(CONTENT_TYPE, "application/json")], response.to_string())
}

/// A bill of 45,000 won in this state.
fn read(state: &str) -> Value {
    json!({"code": "0000", "message": "성공하였습니다.", "data": {
        "billId": "1", "apprState": state, "apprPrice": "45000",
    }})
}

const CALLBACK: &str = r#"{"billId":"1"}"#;

#[tokio::test]
async fn a_read_never_moves_a_bill_backwards() {
    // The states as two reads at the same time show them, the second of which is late; what is known and booked then.
    for (first, late, state, events) in [
        ("F", "W", "paid", &["1 paid 45000"][..]),
        (
            "C",
            "F",
            "cancelled",
            &["1 cancelled by elsewhere, not booked 45000"],
        ),
        (
            "C",
            "W",
            "cancelled",
            &["1 cancelled by elsewhere, not booked 45000"],
        ),
        ("D", "W", "destroyed", &["1 destroyed_elsewhere 45000"]),
    ] {
        let it = Scripted::new().await;
        it.watch().await;
        // The callback leads to a read beside the one of the schedule.
        let response = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
        assert_eq!(response, acknowledge());
        it.reads_are([(read(first), 0), (read(late), 300)]);
        it.work().await;
        let context = format!("{first}, then {late}");
        assert_eq!(it.script.lock().unwrap().len(), 1, "{context}: one read");
        assert_eq!(it.state().await, Some(state), "{context}");
        for _ in 0..5 {
            it.clock.advance(40 * DAY);
            let _ = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
            it.watch().await;
            it.work().await;
        }
        assert_eq!(it.state().await, Some(state), "{context}");
        assert_eq!(it.booked(), events, "{context}");
    }
}

#[tokio::test]
async fn a_paid_bill_whose_amount_cannot_be_read_for_hours_comes_to_a_person() {
    let unreadable = |state: &str| {
        let mut read = read(state);
        read["data"]["apprPrice"] = json!("45,000.5");
        read
    };
    for (is_watched, state) in [(true, "F"), (false, "F"), (true, "X")] {
        let it = Scripted::new().await;
        match is_watched {
            true => it.watch().await,
            false => drop(it.ledger.receive(&it.merchant, CALLBACK).unwrap()),
        }
        it.reads_are([(unreadable(state), 0)]);
        it.work().await;
        assert!(it.booked().is_empty(), "once may be a mistake on the way");
        for _ in 0..100 {
            it.clock.advance(Duration::from_secs(60 * 60));
            it.work().await;
        }
        let booked = it.booked();
        assert_eq!(booked.len(), 1, "{is_watched} {state}: {booked:?}");
        assert!(booked[0].starts_with("1 mismatch"), "{booked:?}");
        // It is booked once it can be read.
        it.reads_are([(read("F"), 0)]);
        for _ in 0..10 {
            it.clock.advance(Duration::from_secs(60 * 60));
            it.work().await;
        }
        assert_eq!(it.booked().len(), 2, "{:?}", it.booked());
        assert_eq!(it.booked()[1], "1 paid 45000");
        assert_eq!(it.state().await, Some("paid"));
    }
}

#[tokio::test]
async fn an_unknown_send_is_not_settled_by_a_bill_of_another_amount_that_has_its_id() {
    for (price, is_ours) in [("50000", false), ("45000", true)] {
        let it = Scripted::new().await;
        let mut unpaid = read("W");
        unpaid["data"]["apprPrice"] = json!(price);
        it.reads_are([(unpaid, 0)]);
        let short = ConfirmPolicy::new().deadline(Duration::from_millis(300));
        let client = it.client.with_confirm(short);
        let intent = it.ledger.send(&client, &bill("1")).await.unwrap();
        for _ in 0..3 {
            it.clock.advance(Duration::from_secs(60 * 60));
            it.ledger.run_due([client.clone()], book).await.unwrap();
        }
        let shown = it.ledger.show(&it.merchant, &it.id).await.unwrap();
        let state = shown.unwrap().intents[0].state();
        match is_ours {
            true => assert_eq!(state, IntentState::Done),
            false => {
                assert_eq!(intent.state(), IntentState::Sending);
                assert_eq!(state, IntentState::Sending);
                assert_eq!(it.booked(), [""; 0]);
            }
        }
    }
}

#[tokio::test]
async fn a_callback_that_comes_while_its_bill_is_read_is_looked_at_within_a_minute() {
    let it = Scripted::new().await;
    it.watch().await;
    let response = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
    assert_eq!(response, acknowledge());
    it.reads_are([(read("W"), 0)]);
    // The callback is looked at less and less.
    for _ in 0..20 {
        it.clock.advance(Duration::from_secs(60 * 60));
        it.work().await;
    }
    it.clock.advance(Duration::from_secs(7 * 60 * 60));
    it.reads_are([(read("W"), 1_000)]);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let response = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
        assert_eq!(response, acknowledge());
    };
    tokio::join!(it.work(), meanwhile);
    it.reads_are([(read("F"), 0)]);
    it.clock.advance(Duration::from_secs(61));
    it.work().await;
    assert_eq!(it.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn a_callback_is_kept_as_long_as_its_reads_are_rejected_for_another_reason_than_its_absence()
{
    let it = Scripted::new().await;
    let response = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
    assert_eq!(response, acknowledge());
    let rejected =
        json!({"code": "PARTNER_006", "message": "계약이 유효하지 않습니다.", "data": null});
    it.reads_are([(rejected, 0)]);
    for _ in 0..20 {
        it.work().await;
        it.clock.advance(DAY);
    }
    assert_eq!(it.ledger.list().await.unwrap().pending_callbacks, 1);
    it.reads_are([(read("F"), 0)]);
    it.work().await;
    assert_eq!(it.booked(), ["1 paid 45000"]);
}

#[tokio::test]
async fn an_approval_number_is_evidence_up_to_40_characters() {
    for (length, is_kept) in [(8, true), (40, true), (41, false)] {
        let it = Scripted::new().await;
        it.watch().await;
        let number = "7".repeat(length);
        let mut paid = read("F");
        paid["data"]["apprNum"] = json!(number);
        it.reads_are([(paid, 0)]);
        it.work().await;
        let shown = it.ledger.show(&it.merchant, &it.id).await.unwrap();
        let events = shown.unwrap().events;
        let kept = events[0].event.approval_number();
        assert_eq!(kept, is_kept.then_some(number.as_str()));
    }
}

#[tokio::test]
async fn a_bill_in_a_state_that_cannot_follow_is_a_mismatch_and_stays_as_it_was() {
    for (first, late, state, events) in [
        ("F", "D", "paid", ["1 paid 45000", "1 mismatch"]),
        (
            "D",
            "F",
            "destroyed",
            ["1 destroyed_elsewhere 45000", "1 mismatch"],
        ),
        (
            "D",
            "C",
            "destroyed",
            ["1 destroyed_elsewhere 45000", "1 mismatch"],
        ),
    ] {
        let it = Scripted::new().await;
        it.watch().await;
        let _ = it.ledger.receive(&it.merchant, CALLBACK).unwrap();
        it.reads_are([(read(first), 0), (read(late), 300)]);
        it.work().await;
        let booked = it.booked();
        assert_eq!(booked.len(), 2, "{first}, then {late}: {booked:?}");
        assert!(
            booked.iter().zip(events).all(|(is, it)| is.starts_with(it)),
            "{first}, then {late}: {booked:?}"
        );
        assert_eq!(it.state().await, Some(state), "{first}, then {late}");
    }
}

#[tokio::test]
async fn a_paid_bill_that_is_read_with_another_amount_is_a_mismatch() {
    let it = Scripted::new().await;
    it.watch().await;
    it.reads_are([(read("W"), 0)]);
    it.work().await;
    assert_eq!(it.state().await, Some("unpaid"));
    it.reads_are([(read("F"), 0)]);
    it.clock.advance(DAY);
    it.work().await;
    assert_eq!(it.booked(), ["1 paid 45000"]);
    let mut another = read("F");
    another["data"]["apprPrice"] = json!("30000");
    it.reads_are([(another, 0)]);
    it.clock.advance(30 * DAY);
    it.work().await;
    assert_eq!(it.booked(), ["1 paid 45000", "1 mismatch 30000"]);
    assert_eq!(it.state().await, Some("paid"));
}

#[tokio::test]
async fn a_paid_bill_that_is_not_found_once_is_watched_all_the_same() {
    let it = Scripted::new().await;
    let watch = Watch::new(it.id.clone(), won(45_000));
    let watch = watch.expires("2026-03-10".parse().unwrap());
    it.ledger.watch(&it.merchant, watch).await.unwrap();
    it.reads_are([(read("F"), 0)]);
    it.work().await;
    // After its last day, and after the days in which an unpaid one is read.
    it.clock.advance(31 * DAY);
    let absent = json!({"code": "BILL_003", "message": "청구서를 찾을 수 없습니다.", "data": null});
    it.reads_are([(absent, 0)]);
    it.work().await;
    it.reads_are([(read("C"), 0)]);
    it.clock.advance(60 * DAY);
    it.work().await;
    assert_eq!(
        it.booked(),
        ["1 paid 45000", "1 cancelled by elsewhere, booked 45000"]
    );
}
