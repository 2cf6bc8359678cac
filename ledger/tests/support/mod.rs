//! A mock server, a ledger in a file of its own, and the books of a merchant beside it.
#![allow(dead_code, reason = "each test uses some of it")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use payssam::{BillId, Client, ConfirmPolicy, NewBill, PhoneNumber, RetryPolicy, SendBill, Won};
use payssam_ledger::{
    Clock, Event, EventKind, Ledger, LedgerBuilder, ManualClock, Merchant,
    rusqlite::{self, Connection, Transaction},
};
use payssam_mock::MockServer;

pub const HOUR: Duration = Duration::from_secs(3_600);
pub const DAY: Duration = Duration::from_secs(86_400);
pub const PHONE: &str = "01098765432";
pub const PAYER: &str = "김하나둘셋";

/// A file that is removed with its test.
pub struct File(pub PathBuf);

impl File {
    /// The path of a file that is not there yet.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Relaxed);
        let name = format!("payssam-ledger-{}-{number}.db", process::id());
        let file = File(env::temp_dir().join(name));
        // A process of this number that was killed may have left some.
        file.remove();
        file
    }

    fn remove(&self) {
        for file in self.all() {
            let _ = fs::remove_file(file);
        }
    }

    /// The files that belong to it.
    pub fn all(&self) -> Vec<PathBuf> {
        let ends = ["", "-payssam-callbacks"];
        ends.iter()
            .flat_map(|end| ["", "-journal", "-wal", "-shm"].map(|tail| format!("{end}{tail}")))
            .map(|end| {
                let mut file = self.0.clone().into_os_string();
                file.push(end);
                file.into()
            })
            .filter(|path: &PathBuf| path.exists())
            .collect()
    }

    /// A connection of the merchant's own.
    pub fn connect(&self) -> Connection {
        let books = Connection::open(&self.0).unwrap();
        books.busy_timeout(Duration::from_secs(10)).unwrap();
        books
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

/// All that a test needs.
pub struct World {
    pub mock: MockServer,
    pub client: Client,
    pub merchant: Merchant,
    pub clock: ManualClock,
    pub ledger: Ledger,
    pub file: File,
}

impl World {
    pub async fn new() -> Self {
        World::with(|builder| builder).await
    }

    pub async fn with(settings: impl FnOnce(LedgerBuilder) -> LedgerBuilder) -> Self {
        let mock = MockServer::start().await.unwrap();
        let client = quick(&mock);
        let file = File::new();
        let clock = ManualClock::new(midnight());
        let ledger = settings(builder(&file.0, &clock)).open().unwrap();
        file.connect().execute_batch(BOOKS).unwrap();
        World {
            merchant: Merchant::from(client.credentials()),
            mock,
            client,
            clock,
            ledger,
            file,
        }
    }

    /// Does all that is due, and books it.
    pub async fn work(&self) {
        self.ledger
            .run_due([self.client.clone()], book)
            .await
            .unwrap();
    }

    /// Advances both clocks.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.mock.advance_clock(by);
    }

    /// What was booked, in order.
    pub fn booked(&self) -> Vec<String> {
        booked(&self.file.connect())
    }

    /// How many requests came for this operation, such as `/bill/read`.
    pub fn asked(&self, operation: &str) -> usize {
        let requests = self.mock.requests();
        let asked = requests.iter().filter(|it| it.path().ends_with(operation));
        asked.count()
    }

    /// Sends a bill of 45,000 won.
    pub async fn sent(&self, id: &str) -> BillId {
        let intent = self.ledger.send(&self.client, &bill(id)).await.unwrap();
        assert_eq!(intent.state().as_str(), "done", "{intent:?}");
        BillId::new(id).unwrap()
    }

    /// A bill that was sent elsewhere.
    pub fn elsewhere(&self, id: &str) -> BillId {
        let id = BillId::new(id).unwrap();
        self.mock.add_bill(id.clone(), won(45_000)).unwrap();
        id
    }
}

/// The last midnight in Korea: the mock server's clock is that of the machine, and takes no last day that is over.
pub fn midnight() -> jiff::Timestamp {
    let korea = jiff::tz::offset(9);
    let today = korea.to_datetime(jiff::Timestamp::now()).date();
    let midnight = today.to_datetime(jiff::civil::Time::midnight());
    korea.to_timestamp(midnight).unwrap()
}

/// The day in Korea after so many days of the ledger's clock, such as 2026-12-31.
pub fn day_after(clock: &ManualClock, days: i64) -> String {
    let day = jiff::tz::offset(9).to_datetime(clock.now()).date();
    let day = day.checked_add(jiff::Span::new().days(days)).unwrap();
    day.to_string()
}

pub const BOOKS: &str = "CREATE TABLE IF NOT EXISTS bookings (n INTEGER PRIMARY KEY, merchant TEXT, bill_id TEXT, \
    kind TEXT, won INTEGER, reference TEXT);";

pub fn builder(path: &Path, clock: &ManualClock) -> LedgerBuilder {
    Ledger::builder(path)
        .clock(clock.clone())
        .reads_per_second(10_000)
}

/// A client that does not wait for long.
pub fn quick(mock: &MockServer) -> Client {
    mock.client_builder()
        .timeout(Duration::from_millis(300))
        .confirm(quickly(Duration::from_millis(1_500)))
        .build()
        .unwrap()
}

fn quickly(deadline: Duration) -> ConfirmPolicy {
    ConfirmPolicy::new()
        .deadline(deadline)
        .settling(Duration::from_millis(50))
        .pauses(Duration::from_millis(5), Duration::from_millis(20))
}

pub fn won(won: u64) -> Won {
    Won::new(won).unwrap()
}

pub fn bill_to(id: &str, callback: &str) -> SendBill {
    SendBill::link(NewBill {
        bill_id: BillId::new(id).unwrap(),
        product: "수강료".parse().unwrap(),
        price: won(45_000),
        payer: PAYER.parse().unwrap(),
        phone: PhoneNumber::new(PHONE).unwrap(),
        callback: callback.parse().unwrap(),
    })
}

pub fn bill(id: &str) -> SendBill {
    // No callback is sent outside of loopback.
    bill_to(id, "https://academy.example/payssam")
}

/// A client of the same merchant that reaches nobody.
pub fn unreachable(mock: &MockServer) -> Client {
    Client::builder(mock.credentials().clone())
        .base_url("http://127.0.0.1:9/partner")
        .retry(RetryPolicy::off())
        .confirm(quickly(Duration::from_millis(100)))
        .build()
        .unwrap()
}

/// Books an event in a table without any constraint.
pub fn book(event: &Event, tx: &mut Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO bookings (merchant, bill_id, kind, won, reference) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            event.merchant().merchant(),
            event.bill_id().as_str(),
            kind(event),
            event.amount().map(i64::from),
            event.reference(),
        ),
    )
    .map(drop)
}

fn kind(event: &Event) -> String {
    match (event.kind(), event.by_us(), event.payment_booked()) {
        (EventKind::Cancelled, Some(by_us), booked) => {
            let by = if by_us { "us" } else { "elsewhere" };
            let was = if booked { "booked" } else { "not booked" };
            format!("cancelled by {by}, {was}")
        }
        (kind, ..) => kind.to_string(),
    }
}

pub fn booked(books: &Connection) -> Vec<String> {
    let mut rows = books
        .prepare(
            "SELECT bill_id || ' ' || kind || ' ' || COALESCE(won, '?') FROM bookings ORDER BY n",
        )
        .unwrap();
    let rows = rows.query_map((), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}
