//! Processes that receive callbacks, book in one SQLite file, and are killed at any moment.
//!
//! The mock server's history says which payments there were, and a table without any constraint which of them
//! were booked. Neither is the library's own.

use std::{
    collections::BTreeMap,
    env,
    net::TcpListener,
    os::fd::{AsFd, OwnedFd},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::post,
};
use payssam::{
    BillId, BillState, Client, Credentials, NewBill, Operation, PhoneNumber, SendBill, VerifyLimit,
    Won,
    callback::{self, ApprovalCallback, NotVerified, PaymentKey, book_once},
};
use payssam_mock::{API_KEY, Event, Fault, MEMBER, MockCallback, MockServer, Schedule};
use rusqlite::Connection;
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use super::{database::Database, seen_in_file::SeenInFile, stranger};

/// Merchants whose bills have equal ids.
const MERCHANTS: [&str; 2] = ["gangnam", "mapo"];

/// How many processes receive callbacks at the same time.
const PROCESSES: usize = 2;

/// The lease of a claim: short, so that the callbacks of a day are enough.
const LEASE: Duration = Duration::from_millis(250);

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What tells a child what to do.
const BASE_URL: &str = "PAYSSAM_KILLS_BASE_URL";
const FILE: &str = "PAYSSAM_KILLS_FILE";

/// What happened in a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The processes that were killed.
    pub killed: usize,
    /// The processes that were stopped for longer than a lease, and went on.
    pub stopped: usize,
    /// Those of the last 1,000 callbacks that nothing acknowledged, so that they were sent again.
    pub unacknowledged: usize,
    /// The payments, each of which was booked once.
    pub payments: usize,
    /// The bookings of cancellations.
    pub cancellations: usize,
}

/// Whether this process is a child, which receives callbacks until it is killed.
pub fn is_child() -> bool {
    env::var_os(FILE).is_some()
}

// The parent

/// Kills processes at so many moments, until every callback is acknowledged, and compares the bookings with what
/// the mock server knows. `arguments` make this program a child.
///
/// # Panics
///
/// When a payment was booked twice, or not at all, or a callback is never acknowledged.
pub async fn run(kills: usize, seed: u64, arguments: &[&str]) -> Report {
    let mut run = Run::start(seed, arguments).await;
    for number in 0..kills {
        run.some_traffic(number).await;
        run.interrupt(number).await;
        if number % 5 == 0 {
            run.advance();
        }
    }
    run.acknowledge_all().await;
    run.judge()
}

struct Run<'a> {
    context: String,
    random: fastrand::Rng,
    mocks: [MockServer; MERCHANTS.len()],
    clients: [Client; MERCHANTS.len()],
    somebody: reqwest::Client,
    listener: TcpListener,
    database: Database,
    arguments: &'a [&'a str],
    processes: Vec<Process>,
    /// The bills of both merchants.
    ids: Vec<BillId>,
    duplicates: JoinSet<()>,
    report: Report,
}

/// A child that is killed with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'a> Run<'a> {
    async fn start(seed: u64, arguments: &'a [&'a str]) -> Self {
        let mock = MockServer::start().await.unwrap();
        let mocks = MERCHANTS.map(|merchant| mock.with_merchant(merchant).unwrap());
        for (fault, seed) in [
            (Fault::NumbersForStrings, seed),
            (Fault::NoApprovalNumber, seed.wrapping_add(1)),
        ] {
            let some = Schedule::probability(0.3, seed).unwrap();
            mock.inject(fault, some.on(Operation::BillRead));
        }
        let database = Database::new("kills");
        let books = database.connect();
        books
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                CREATE TABLE bookings (merchant TEXT, bill_id TEXT, kind TEXT, won INTEGER);",
            )
            .unwrap();
        let mut run = Run {
            context: format!("seed {seed}"),
            random: fastrand::Rng::with_seed(seed),
            clients: mocks.each_ref().map(|mock| mock.client().unwrap()),
            somebody: stranger::client(),
            mocks,
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
            database,
            arguments,
            processes: Vec::new(),
            ids: Vec::new(),
            duplicates: JoinSet::new(),
            report: Report::default(),
        };
        for _ in 0..PROCESSES {
            let process = run.process();
            run.processes.push(process);
        }
        run
    }

    /// Starts a child. All of them accept from one listener, so that no callback finds a closed port.
    fn process(&self) -> Process {
        let listener: OwnedFd = self.listener.try_clone().unwrap().into();
        let child = Command::new(env::current_exe().unwrap())
            .args(self.arguments)
            .env(BASE_URL, self.mocks[0].base_url())
            .env(FILE, &self.database.0)
            .stdin(Stdio::from(listener))
            .stdout(Stdio::null())
            .spawn();
        Process(child.unwrap())
    }

    fn url(&self, merchant: &str) -> String {
        format!("http://{}/{merchant}", self.listener.local_addr().unwrap())
    }

    /// A new bill of each merchant is paid; some older ones are cancelled, or called back once more, by the mock
    /// server and by somebody else.
    async fn some_traffic(&mut self, number: usize) {
        let id = BillId::new(format!("bill-{number}")).unwrap();
        for ((mock, client), merchant) in self.mocks.iter().zip(&self.clients).zip(MERCHANTS) {
            let bill = NewBill {
                bill_id: id.clone(),
                product: "수강료".parse().unwrap(),
                price: Won::new(45_000).unwrap(),
                payer: "김하나".parse().unwrap(),
                phone: PhoneNumber::new("01012345678").unwrap(),
                callback: self.url(merchant).parse().unwrap(),
            };
            client.bills().send(&SendBill::link(bill)).await.unwrap();
            mock.pay(&id).unwrap();
        }
        self.ids.push(id);
        for _ in 0..2 {
            let which = self.random.usize(..MERCHANTS.len());
            let id = self.random.choice(&self.ids).unwrap().clone();
            self.mocks[which].duplicate_callback(&id).unwrap();
            if self.random.u8(..4) == 0 {
                // It may be cancelled already.
                let _ = self.mocks[which].cancel(&id);
            }
            let call_back = self.call_back(&id, MERCHANTS[which]);
            self.duplicates.spawn(call_back);
        }
    }

    /// Somebody posts a callback. Whatever becomes of it: the mock server sends its own.
    fn call_back(&self, id: &BillId, merchant: &str) -> impl Future<Output = ()> + use<> {
        let body = format!(r#"{{"billId":"{id}"}}"#);
        let post = self.somebody.post(self.url(merchant)).body(body);
        async move { drop(post.send().await) }
    }

    /// Kills a process after any time, and starts another; now and then it is stopped for longer than a lease
    /// instead.
    async fn interrupt(&mut self, number: usize) {
        let micros = self.random.u64(..30_000);
        sleep(Duration::from_micros(micros)).await;
        let victim = self.random.usize(..PROCESSES);
        if number % 5 == 4 {
            let id = self.processes[victim].0.id().to_string();
            let signal = |name: &str| {
                let sent = Command::new("kill").args([name, &id]).status();
                assert!(sent.unwrap().success(), "kill {name} {id}");
            };
            signal("-STOP");
            sleep(LEASE).await;
            // What it was booking is called back meanwhile, to the others.
            let newest: Vec<BillId> = self.ids.iter().rev().take(3).cloned().collect();
            let mut taken_over = JoinSet::new();
            for (id, merchant) in newest.iter().flat_map(|id| MERCHANTS.map(|one| (id, one))) {
                taken_over.spawn(self.call_back(id, merchant));
            }
            // Some of them may have reached the one that is stopped.
            let _ = tokio::time::timeout(2 * LEASE, taken_over.join_all()).await;
            signal("-CONT");
            sleep(LEASE / 5).await;
            self.report.stopped += 1;
        }
        self.processes[victim] = {
            // The one before is killed when it is dropped, which is now.
            let process = &mut self.processes[victim].0;
            process.kill().unwrap();
            process.wait().unwrap();
            self.process()
        };
        self.report.killed += 1;
    }

    fn advance(&self) {
        self.mocks[0].advance_clock(HOUR);
    }

    /// Lets hours pass until no callback is sent any more.
    async fn acknowledge_all(&mut self) {
        self.mocks[0].wait_until_idle().await;
        let newest = |run: &Self| run.mocks[0].callbacks().last().map(|sent| sent.at());
        // More than a callback is repeated.
        for _ in 0..30 {
            sleep(LEASE / 2).await;
            let before = newest(self);
            self.advance();
            self.mocks[0].wait_until_idle().await;
            if newest(self) == before {
                self.duplicates.shutdown().await;
                let sent = self.mocks[0].callbacks();
                let is_open = |sent: &&MockCallback| !sent.is_acknowledged();
                self.report.unacknowledged = sent.iter().filter(is_open).count();
                return;
            }
        }
        panic!("{}: some callback is never acknowledged", self.context);
    }

    /// Compares the bookings with the history of each bill.
    fn judge(mut self) -> Report {
        self.processes.clear();
        let books = self.database.connect();
        let mut statement = books
            .prepare(
                "SELECT merchant, bill_id, kind, won, COUNT(*) FROM bookings GROUP BY 1, 2, 3, 4",
            )
            .unwrap();
        let rows = statement.query_map((), |row| {
            let key: (String, String, String, i64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((key, row.get(4)?))
        });
        let mut booked: BTreeMap<_, i64> = rows.unwrap().map(Result::unwrap).collect();
        for (mock, merchant) in self.mocks.iter().zip(MERCHANTS) {
            for id in &self.ids {
                let bill = mock.bill(id).unwrap();
                let mut times = |kind: &str| {
                    let row = (merchant.to_owned(), id.to_string(), kind.to_owned(), 45_000);
                    booked.remove(&row).unwrap_or_default()
                };
                let (paid, cancelled) = (times("paid"), times("cancelled"));
                let is_cancelled = *bill.state() == BillState::Cancelled;
                let is_right = match is_cancelled {
                    // It may have been cancelled before anybody read it as paid, or after its callback was
                    // acknowledged.
                    true => paid <= 1 && cancelled <= 1 && paid + cancelled >= 1,
                    false => (paid, cancelled) == (1, 0),
                };
                let payments = bill.history().iter();
                let payments = payments.filter(|entry| *entry.event() == Event::Paid);
                assert!(
                    is_right && payments.count() == 1,
                    "{}: bill {id} of {merchant} was booked {paid} times as paid and {cancelled} times \
                     as cancelled: {:?}",
                    self.context,
                    bill.history()
                );
                self.report.payments += paid as usize;
                self.report.cancellations += cancelled as usize;
            }
        }
        assert!(booked.is_empty(), "{}: {booked:?}", self.context);
        self.report
    }
}

// The child

struct App {
    client: Client,
    file: String,
    seen: SeenInFile,
}

/// Receives callbacks on the listener that it was given as its stdin.
pub async fn receive_until_killed() {
    let variable = |name| env::var(name).expect("a child of this test");
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member(MEMBER)
        .merchant(MERCHANTS[0])
        .build()
        .unwrap();
    let client = Client::builder(credentials)
        .base_url(variable(BASE_URL))
        .verify_limit(
            VerifyLimit::new()
                .per_minute(usize::MAX)
                .per_bill_and_minute(usize::MAX),
        )
        .build()
        .unwrap();
    let file = variable(FILE);
    let app = App {
        client,
        seen: SeenInFile::open(&file).unwrap().with_lease(LEASE),
        file,
    };
    let stdin = std::io::stdin().as_fd().try_clone_to_owned().unwrap();
    let listener = TcpListener::from(stdin);
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let routes = Router::new()
        .route("/{merchant}", post(on_callback))
        .with_state(Arc::new(app));
    let served = axum::serve(listener, routes);
    // No test takes so long; it must not outlive one that was killed itself.
    let _ = tokio::time::timeout(Duration::from_secs(300), served.into_future()).await;
}

async fn on_callback(
    State(app): State<Arc<App>>,
    Path(merchant): Path<String>,
    body: Bytes,
) -> impl IntoResponse {
    let response = receive(&app, &merchant, &body).await;
    pause().await;
    let status = StatusCode::from_u16(response.http_status()).unwrap();
    let content_type = [(CONTENT_TYPE, response.content_type())];
    (status, content_type, response.body())
}

async fn receive(app: &App, merchant: &str, body: &[u8]) -> callback::Response {
    let client = app.client.with_merchant(merchant).unwrap();
    let Ok(callback) = ApprovalCallback::parse(body) else {
        return callback::retry_later();
    };
    let key = match callback.verify(&client).await {
        Ok(payment) => payment.key().clone(),
        Err(NotVerified::CancelledSince(cancellation)) => cancellation.key().clone(),
        Err(error) => return error.response(),
    };
    pause().await;
    with_a_lease(app, key).await
}

/// Claims with a lease, and marks the claim in the transaction that books.
async fn with_a_lease(app: &App, key: PaymentKey) -> callback::Response {
    let file = app.file.clone();
    let booking = book_once(&app.seen, &key, |claim| {
        let key = key.clone();
        async move {
            pause().await;
            let booked = spawn_blocking(move || {
                let mut books = connect(&file)?;
                // A thread goes on after its future was dropped.
                for _ in 0..5 {
                    pause_here();
                }
                let transaction = books.transaction()?;
                book(&transaction, &key)?;
                pause_here();
                match SeenInFile::mark_booked_in(&transaction, &claim)? {
                    true => transaction.commit(),
                    false => transaction.rollback(),
                }
            });
            booked.await.unwrap()
        }
    });
    match booking.await {
        Ok(end) => end.response(),
        Err(error) => error.response(),
    }
}

fn connect(file: &str) -> rusqlite::Result<Connection> {
    let books = Connection::open(file)?;
    books.busy_timeout(Duration::from_millis(200))?;
    Ok(books)
}

fn book(books: &Connection, key: &PaymentKey) -> rusqlite::Result<()> {
    let row = (
        key.merchant(),
        key.bill_id().as_str(),
        key.kind().as_str(),
        45_000,
    );
    books
        .execute("INSERT INTO bookings VALUES (?1, ?2, ?3, ?4)", row)
        .map(drop)
}

/// Makes the moments between two steps long enough to be killed in.
async fn pause() {
    sleep(Duration::from_micros(fastrand::u64(..2_000))).await;
}

fn pause_here() {
    std::thread::sleep(Duration::from_micros(fastrand::u64(..2_000)));
}
