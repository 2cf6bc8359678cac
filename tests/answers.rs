//! What to answer to a callback: each row of the table in the documentation of `callback`, over HTTP, by what the
//! mock server takes for an acknowledgement.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod database;
    pub mod seen_in_file;
}

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::post,
};
use payssam::{
    BillId, Client, NewBill, Operation, PhoneNumber, SendBill, Won,
    callback::{
        self, ApprovalCallback, Claimed, NotVerified, PaymentKey, PaymentKind, Seen, acknowledge,
        book_once, retry_later,
    },
};
use payssam_mock::{Fault, MockServer, Schedule};
use rusqlite::TransactionBehavior;
use serde_json::Value;
use support::{database::Database, seen_in_file::SeenInFile};
use tokio::net::TcpListener;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn price() -> Won {
    Won::new(45_000).unwrap()
}

fn id() -> BillId {
    BillId::new("2024-0001").unwrap()
}

/// A program that receives callbacks as the documentation of `book_once` says.
struct Program {
    client: Client,
    seen: SeenInFile,
    booked: Mutex<Vec<PaymentKey>>,
    /// Whether its own database fails to book.
    fails: AtomicBool,
}

impl Program {
    async fn book(&self, key: &PaymentKey) -> io::Result<()> {
        match self.fails.load(SeqCst) {
            true => Err(io::Error::other("the disk is full")),
            false => {
                self.booked.lock().unwrap().push(key.clone());
                Ok(())
            }
        }
    }

    async fn receive(&self, body: &[u8]) -> callback::Response {
        let Ok(callback) = ApprovalCallback::parse(body) else {
            return callback::retry_later();
        };
        let booked = match callback.verify(&self.client).await {
            Ok(payment) => book_once(&self.seen, &payment, |_| self.book(payment.key())).await,
            Err(NotVerified::CancelledSince(cancellation)) => {
                let book = |_| self.book(cancellation.key());
                book_once(&self.seen, &*cancellation, book).await
            }
            Err(error) => return error.response(),
        };
        match booked {
            Ok(end) => end.response(),
            Err(error) => error.response(),
        }
    }

    /// What it has booked.
    fn kinds(&self) -> Vec<PaymentKind> {
        let booked = self.booked.lock().unwrap();
        booked.iter().map(PaymentKey::kind).collect()
    }
}

async fn on_callback(State(program): State<Arc<Program>>, body: Bytes) -> impl IntoResponse {
    let response = program.receive(&body).await;
    let status = StatusCode::from_u16(response.http_status()).unwrap();
    let content_type = [(CONTENT_TYPE, response.content_type())];
    (status, content_type, response.body())
}

struct Scene {
    mock: MockServer,
    program: Arc<Program>,
    url: String,
    database: Database,
}

impl Scene {
    /// A program, and an unpaid bill whose callbacks go to it.
    async fn new() -> Self {
        let mock = MockServer::start().await.unwrap();
        let database = Database::new("answers");
        let program = Arc::new(Program {
            client: mock.client().unwrap(),
            seen: SeenInFile::open(&database.0).unwrap(),
            booked: Mutex::default(),
            fails: AtomicBool::new(false),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/payssam", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/payssam", post(on_callback))
            .with_state(program.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let bill = NewBill {
            bill_id: id(),
            product: "수강료".parse().unwrap(),
            price: price(),
            payer: "김하나".parse().unwrap(),
            phone: PhoneNumber::new("01012345678").unwrap(),
            callback: url.parse().unwrap(),
        };
        let send = SendBill::link(bill);
        program.client.bills().send(&send).await.unwrap();
        Scene {
            mock,
            program,
            url,
            database,
        }
    }

    /// Whether the last callback was acknowledged, once all were sent.
    async fn is_acknowledged(&self) -> bool {
        self.mock.wait_until_idle().await;
        let sent = self.mock.callbacks();
        sent.last().expect("a callback").is_acknowledged()
    }

    async fn is_acknowledged_an_hour_later(&self) -> bool {
        self.mock.advance_clock(HOUR);
        self.is_acknowledged().await
    }
}

const PAID: [PaymentKind; 1] = [PaymentKind::Paid];
const NOTHING: [PaymentKind; 0] = [];

#[tokio::test]
async fn a_valid_callback_is_acknowledged() {
    let scene = Scene::new().await;
    scene.mock.pay(&id()).unwrap();
    assert!(scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn a_duplicate_is_acknowledged_and_not_booked_again() {
    let scene = Scene::new().await;
    scene.mock.pay(&id()).unwrap();
    for _ in 0..3 {
        scene.mock.duplicate_callback(&id()).unwrap();
        assert!(scene.is_acknowledged().await);
    }
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn a_payment_in_progress_is_to_be_sent_again() {
    let scene = Scene::new().await;
    scene.mock.hold_callbacks();
    scene.mock.pay(&id()).unwrap();
    let client = &scene.program.client;
    let payment = client.bills().verify_payment(&id()).await.unwrap();
    // Another process.
    let other = SeenInFile::open(&scene.database.0).unwrap();
    let Claimed::Yours(claim) = other.claim(payment.key(), HOUR).await.unwrap() else {
        panic!("nobody else claims it");
    };
    scene.mock.release_callbacks();
    assert!(!scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), NOTHING);
    other.release(&claim).await.unwrap();
    assert!(scene.is_acknowledged_an_hour_later().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn a_callback_of_a_bill_that_is_not_paid_yet_or_forged_is_to_be_sent_again() {
    let scene = Scene::new().await;
    scene
        .mock
        .forge_callback(&scene.url, &id(), price())
        .unwrap();
    assert!(!scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), NOTHING);
    // The same bytes, and now they are true.
    scene.mock.hold_callbacks();
    scene.mock.pay(&id()).unwrap();
    scene
        .mock
        .forge_callback(&scene.url, &id(), price())
        .unwrap();
    scene.mock.release_callbacks();
    assert!(scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn a_callback_of_an_unknown_bill_is_to_be_sent_again() {
    let scene = Scene::new().await;
    let unknown = BillId::new("unknown").unwrap();
    scene
        .mock
        .forge_callback(&scene.url, &unknown, price())
        .unwrap();
    assert!(!scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), NOTHING);
}

#[tokio::test]
async fn a_payment_that_was_cancelled_since_is_acknowledged_after_the_cancellation_was_booked() {
    let scene = Scene::new().await;
    scene.mock.hold_callbacks();
    scene.mock.pay(&id()).unwrap();
    scene.mock.cancel(&id()).unwrap();
    scene.program.fails.store(true, SeqCst);
    scene.mock.release_callbacks();
    assert!(!scene.is_acknowledged().await, "it could not be booked");
    scene.program.fails.store(false, SeqCst);
    assert!(scene.is_acknowledged_an_hour_later().await);
    scene.mock.duplicate_callback(&id()).unwrap();
    assert!(scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), [PaymentKind::Cancelled]);
}

#[tokio::test]
async fn a_callback_with_another_amount_is_to_be_sent_again() {
    let scene = Scene::new().await;
    scene.mock.pay(&id()).unwrap();
    scene.mock.wait_until_idle().await;
    let more = Won::new(45_001).unwrap();
    scene.mock.forge_callback(&scene.url, &id(), more).unwrap();
    assert!(!scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn while_payssam_cannot_be_reached_a_callback_is_to_be_sent_again() {
    for fault in [
        Fault::CloseBeforeReading,
        Fault::BadGateway { applied: false },
        Fault::ErrorCode { applied: false },
    ] {
        let scene = Scene::new().await;
        let every_read = Schedule::always().on(Operation::BillRead);
        scene.mock.inject(fault, every_read);
        scene.mock.pay(&id()).unwrap();
        assert!(!scene.is_acknowledged().await, "{fault}");
        assert_eq!(scene.program.kinds(), NOTHING);
        scene.mock.clear_faults();
        assert!(scene.is_acknowledged_an_hour_later().await, "{fault}");
        assert_eq!(scene.program.kinds(), PAID);
    }
}

#[tokio::test]
async fn while_its_own_database_fails_a_callback_is_to_be_sent_again() {
    // The booking fails.
    let scene = Scene::new().await;
    scene.program.fails.store(true, SeqCst);
    scene.mock.pay(&id()).unwrap();
    assert!(!scene.is_acknowledged().await);
    scene.program.fails.store(false, SeqCst);
    assert!(scene.is_acknowledged_an_hour_later().await);
    assert_eq!(scene.program.kinds(), PAID);

    // The store of claims fails.
    let scene = Scene::new().await;
    let books = scene.database.connect();
    books
        .execute_batch("ALTER TABLE payssam_seen RENAME TO elsewhere")
        .unwrap();
    scene.mock.pay(&id()).unwrap();
    assert!(!scene.is_acknowledged().await);
    assert_eq!(scene.program.kinds(), NOTHING);
    books
        .execute_batch("ALTER TABLE elsewhere RENAME TO payssam_seen")
        .unwrap();
    assert!(scene.is_acknowledged_an_hour_later().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[tokio::test]
async fn while_its_own_database_is_locked_a_callback_is_to_be_sent_again() {
    let scene = Scene::new().await;
    let mut other = scene.database.connect();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .unwrap();
    scene.mock.pay(&id()).unwrap();
    assert!(!scene.is_acknowledged().await);
    let sent = scene.mock.callbacks();
    assert_eq!(sent[0].http_status(), Some(retry_later().http_status()));
    assert_eq!(scene.program.kinds(), NOTHING);
    drop(lock);
    assert!(scene.is_acknowledged_an_hour_later().await);
    assert_eq!(scene.program.kinds(), PAID);
}

#[test]
fn the_acknowledgement_is_exact_and_retry_later_is_not_one() {
    let response = acknowledge();
    let expected = r#"{"code":"0000","msg":"성공하였습니다."}"#;
    assert_eq!((response.http_status(), response.body()), (200, expected));
    assert!(response.content_type().starts_with("application/json"));
    let later = retry_later();
    assert_ne!((later.http_status(), later.body()), (200, expected));
    let later: Value = serde_json::from_str(later.body()).unwrap();
    assert_ne!(later["code"], "0000");
}
