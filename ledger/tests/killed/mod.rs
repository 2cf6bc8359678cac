//! Processes that send, cancel, destroy, receive callbacks and book over one ledger, and are killed at seeded points: at
//! a step of the ledger, or at any moment.
//!
//! The judge is the mock server's history of each bill and a table without any constraint, never the ledger's own
//! tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::Write,
    mem,
    net::TcpListener,
    os::fd::{AsFd, OwnedFd},
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering::SeqCst},
    thread,
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
    BillId, BillState, CancelBill, Client, ConfirmPolicy, Credentials, DestroyBill, Operation,
    ResendBill, RetryPolicy,
};
use payssam_ledger::{IntentState, Ledger, ManualClock, Merchant};
use payssam_mock::{API_KEY, Event, Fault, MEMBER, MockServer, Schedule};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

use crate::support::{self, File, HOUR, bill_to, won};

/// Merchants whose bills have equal ids.
const MERCHANTS: [&str; 2] = ["gangnam", "mapo"];

/// How much later the next process starts: after the lease of what the one before had claimed, and often within the hour
/// in which an intent may be sent.
const LATER: Duration = Duration::from_secs(130);

/// The steps of a ledger.
pub const STEPS: [&str; 14] = [
    "before intent",
    "intent",
    "before request",
    "response",
    "outcome",
    "before hint",
    "hint",
    ACKNOWLEDGED,
    "before read",
    "read",
    "before claim",
    "claim",
    "booking",
    "commit",
];

/// The step behind those of a ledger itself: the response to a callback was written.
const ACKNOWLEDGED: &str = "acknowledgement";

const START: &str = "2026-03-02T00:00:00Z";

/// What tells a child what to do.
const BASE_URL: &str = "PAYSSAM_KILLED_BASE_URL";
const FILE: &str = "PAYSSAM_KILLED_FILE";
const NOW: &str = "PAYSSAM_KILLED_SECONDS";
const POINT: &str = "PAYSSAM_KILLED_POINT";
const ACTS: &str = "PAYSSAM_KILLED_ACTS";

/// What happened in a run.
#[derive(Debug, Default)]
pub struct Report {
    pub killed: usize,
    /// How often a process was killed at each step of the ledger.
    pub at: BTreeMap<String, usize>,
    /// Bills that exist at the mock server.
    pub bills: usize,
    pub payments: usize,
    pub cancellations: usize,
    pub destroyed: usize,
    /// Messages that were sent again, each at most as often as somebody asked for it.
    pub resent: usize,
    /// Acts that were recorded by a process that was killed before it knew what became of them.
    pub orphans: usize,
}

/// Whether this process is a child.
pub fn is_child() -> bool {
    env::var_os(FILE).is_some()
}

// The parent

/// Kills so many processes, and compares what was booked with what the mock server knows. `arguments` make this program
/// a child.
///
/// # Panics
///
/// When anything was booked twice or not at all, or an intent was lost or doubled.
pub async fn run(kills: usize, seed: u64, arguments: &[&str]) -> Report {
    let mut run = Run::start(seed, arguments).await;
    for number in 0..kills {
        run.kill_one(number).await;
        run.traffic();
    }
    run.finish().await;
    run.judge()
}

/// Delivers one callback fifty times to two processes at once, and returns what was booked.
pub async fn deliver_fifty_times(arguments: &[&str]) -> Vec<String> {
    let mut run = Run::start(0, arguments).await;
    run.mocks[0].clear_faults();
    let first = run.child(1, &["send 0 b0".to_owned()]);
    let second = run.child(1, &[]);
    let books = run.file.connect();
    let id = BillId::new("b0").unwrap();
    let is_booked = async |kind: &str| {
        while !support::booked(&books).iter().any(|it| it.contains(kind)) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), is_booked("sent"))
        .await
        .unwrap();
    run.mocks[0].pay(&id).unwrap();
    for _ in 0..49 {
        run.mocks[0].duplicate_callback(&id).unwrap();
    }
    run.mocks[0].wait_until_idle().await;
    let callbacks = run.mocks[0].callbacks();
    assert_eq!(callbacks.len(), 50);
    assert!(callbacks.iter().all(|it| it.is_acknowledged()));
    timeout(Duration::from_secs(20), is_booked("paid"))
        .await
        .unwrap();
    // What would come twice would come now.
    sleep(Duration::from_millis(500)).await;
    drop((first, second));
    support::booked(&books)
}

/// The bills that two processes cancel.
pub const CANCELLED: [&str; 8] = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"];

/// Lets two processes cancel the same bills at the same time, asks the mock server what was made of it, and returns what
/// was booked.
///
/// # Panics
///
/// When more or less than one cancellation was asked for or made of a bill.
pub async fn cancel_from_two_processes(arguments: &[&str]) -> Vec<String> {
    let mut run = Run::start(0, arguments).await;
    let mock = run.mocks[0].clone();
    mock.clear_faults();
    // So long that the other one asks, too.
    mock.inject(
        Fault::Latency(Duration::from_millis(300)),
        Schedule::always().on(Operation::BillCancel),
    );
    for id in CANCELLED {
        let id = BillId::new(id).unwrap();
        mock.add_bill(id.clone(), won(45_000)).unwrap();
        mock.pay(&id).unwrap();
    }
    let acts = CANCELLED.map(|id| format!("cancel 0 {id}"));
    let mut children = [run.child(1, &acts), run.child(1, &acts)];
    for (_, lines) in &mut children {
        let mut ended = Vec::new();
        let all = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line == "idle" {
                    return;
                }
                ended.extend(line.strip_prefix("ended ").map(str::to_owned));
            }
            panic!("a child ended by itself");
        };
        timeout(Duration::from_secs(30), all).await.unwrap();
        assert_eq!(ended, acts, "each process knows the outcome");
    }
    for id in CANCELLED {
        let bill = mock.bill(&BillId::new(id).unwrap()).unwrap();
        let history = bill.history();
        assert_eq!(bill.cancellations(), 1, "{id}: {history:?}");
    }
    let asked = mock.requests();
    let asked = asked
        .iter()
        .filter(|it| it.path().ends_with("/bill/cancel"));
    assert_eq!(asked.count(), CANCELLED.len(), "requests to cancel");
    drop(children);
    // What is left to be booked, and what would be booked twice.
    run.elapsed += HOUR;
    let ledger = ledger(&run.file.0, run.elapsed);
    let clients = MERCHANTS.map(|merchant| client(&mock.base_url(), merchant));
    ledger.run_due(clients, support::book).await.unwrap();
    let mut booked = support::booked(&run.file.connect());
    booked.sort();
    booked
}

struct Run<'a> {
    seed: u64,
    random: fastrand::Rng,
    arguments: &'a [&'a str],
    mocks: [MockServer; MERCHANTS.len()],
    listener: TcpListener,
    file: File,
    elapsed: Duration,
    /// The bills that were to be sent.
    asked: Vec<String>,
    /// How often each bill was to be resent, such as `0 b7`.
    resends: BTreeMap<String, usize>,
    /// The acts that were certainly recorded, such as `send 0 b7`.
    recorded: BTreeSet<String>,
    /// Whether the process that runs has recorded an act and not said that it ended.
    is_open: bool,
    report: Report,
}

impl<'a> Run<'a> {
    async fn start(seed: u64, arguments: &'a [&'a str]) -> Self {
        let mock = MockServer::start().await.unwrap();
        let mocks = MERCHANTS.map(|merchant| mock.with_merchant(merchant).unwrap());
        let faults = [
            Fault::CloseBeforeReading,
            Fault::CloseAfterReading,
            Fault::ApplyThenClose,
            Fault::CutResponse,
            Fault::BadGateway { applied: false },
            Fault::BadGateway { applied: true },
            Fault::ServerError { applied: true },
            Fault::ErrorCode { applied: false },
            Fault::ErrorCode { applied: true },
            Fault::EmptyResponse { applied: true },
            Fault::WrongEcho,
            Fault::NumbersForStrings,
            Fault::NoApprovalNumber,
            Fault::InProgress(Duration::from_millis(20)),
            Fault::RejectThenApply(Duration::from_millis(20)),
        ];
        for (number, fault) in faults.iter().enumerate() {
            let chance = 0.3 / faults.len() as f64;
            let some = Schedule::probability(chance, seed.wrapping_add(number as u64)).unwrap();
            mock.inject(*fault, some);
        }
        let file = File::new();
        let books = file.connect();
        books.pragma_update(None, "journal_mode", "WAL").unwrap();
        books.execute_batch(support::BOOKS).unwrap();
        Run {
            seed,
            random: fastrand::Rng::with_seed(seed),
            arguments,
            mocks,
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
            file,
            elapsed: Duration::ZERO,
            asked: Vec::new(),
            resends: BTreeMap::new(),
            recorded: BTreeSet::new(),
            is_open: false,
            report: Report::default(),
        }
    }

    /// Starts a process with some acts, and kills it.
    async fn kill_one(&mut self, number: usize) {
        let acts = self.acts(number);
        let (mut child, mut lines) = self.child(number, &acts);
        // The listener of a process that is killed is that of the next one, too.
        let at_any_moment = number % 4 == 3;
        let moment = Duration::from_micros(self.random.u64(20_000..250_000));
        let reports = self.listen(&mut lines);
        let limit = if at_any_moment {
            moment
        } else {
            Duration::from_secs(20)
        };
        if let Ok(Some(step)) = timeout(limit, reports).await {
            *self.report.at.entry(step).or_default() += 1;
        }
        // SIGKILL.
        child.start_kill().unwrap();
        child.wait().await.unwrap();
        // What it said before it died.
        while let Ok(Some(line)) = lines.next_line().await {
            self.note(&line);
        }
        self.report.orphans += usize::from(mem::take(&mut self.is_open));
        self.report.killed += 1;
        self.elapsed += LATER;
        self.mocks[0].advance_clock(LATER);
    }

    /// Notes what a child says, until it is where it is to be killed; `None` when it has nothing more to do.
    async fn listen(&mut self, lines: &mut Lines<BufReader<ChildStdout>>) -> Option<String> {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(step) = line.strip_prefix("at ") {
                return Some(step.to_owned());
            }
            if line == "idle" {
                return None;
            }
            self.note(&line);
        }
        panic!("seed {}: a child ended by itself", self.seed);
    }

    fn note(&mut self, line: &str) {
        if let Some(act) = line.strip_prefix("recorded ") {
            self.recorded.insert(act.to_owned());
            self.is_open = true;
        } else if line.starts_with("ended ") {
            self.is_open = false;
        }
    }

    /// What the next process is to do: bills of equal ids, and now and then a cancellation or a destruction.
    fn acts(&mut self, number: usize) -> Vec<String> {
        let id = format!("b{number}");
        let mut acts = Vec::new();
        for which in 0..MERCHANTS.len() {
            if number % 3 == which {
                for (older, state, act) in [
                    (2..9, BillState::Paid, "cancel"),
                    (9..14, BillState::Unpaid, "destroy"),
                    (1..4, BillState::Unpaid, "resend"),
                    (1..4, BillState::Unpaid, "resend"),
                    (3..9, BillState::Unpaid, "resend"),
                ] {
                    let older = number.saturating_sub(self.random.usize(older));
                    let older = BillId::new(format!("b{older}")).unwrap();
                    let bill = self.mocks[which].bill(&older);
                    if bill.is_some_and(|bill| *bill.state() == state) {
                        acts.push(format!("{act} {which} {older}"));
                        if act == "resend" {
                            *self.resends.entry(format!("{which} {older}")).or_default() += 1;
                        }
                    }
                }
            }
            acts.push(format!("send {which} {id}"));
        }
        self.random.shuffle(&mut acts);
        self.asked.push(id);
        acts
    }

    fn child(&mut self, number: usize, acts: &[String]) -> (Child, Lines<BufReader<ChildStdout>>) {
        let listener: OwnedFd = self.listener.try_clone().unwrap().into();
        // Some come far enough to do what others left.
        let farthest = [8, 30, 120][self.random.usize(..3)];
        let mut point = self.random.u32(1..farthest).to_string();
        if number.is_multiple_of(2) {
            let step = STEPS[number / 2 % STEPS.len()];
            point = format!("{}:{step}", self.random.u32(1..4));
        }
        let mut child = Command::new(env::current_exe().unwrap())
            .args(self.arguments)
            .env(BASE_URL, self.mocks[0].base_url())
            .env(FILE, &self.file.0)
            .env(NOW, self.elapsed.as_secs().to_string())
            .env(POINT, if self.seed == 0 { "1000000" } else { &point })
            .env(ACTS, acts.join(","))
            .env(
                "PAYSSAM_KILLED_CALLBACKS",
                self.listener.local_addr().unwrap().to_string(),
            )
            .stdin(Stdio::from(listener))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        (child, lines)
    }

    /// Payers pay, and somebody cancels or destroys at PaySsam's own desk.
    fn traffic(&mut self) {
        for id in self.asked.iter().rev().take(6) {
            let id = BillId::new(id).unwrap();
            for mock in &self.mocks {
                match self.random.u8(..24) {
                    0..8 => drop(mock.pay(&id)),
                    8 => drop(mock.cancel(&id)),
                    9 => drop(mock.destroy(&id)),
                    _ => {}
                }
            }
        }
    }

    /// Lets the ledger do what is left, without faults.
    async fn finish(&mut self) {
        self.mocks[0].clear_faults();
        let clients = || MERCHANTS.map(|merchant| client(&self.mocks[0].base_url(), merchant));
        // Soon, what may be resumed; much later, what is only read.
        for later in [LATER, LATER, 100 * HOUR, 100 * HOUR] {
            self.elapsed += later;
            let ledger = ledger(&self.file.0, self.elapsed);
            ledger.run_due(clients(), support::book).await.unwrap();
        }
    }

    fn judge(mut self) -> Report {
        let books = self.file.connect();
        let mut rows = books
            .prepare("SELECT merchant || ' ' || bill_id || ' ' || kind, COUNT(*) FROM bookings GROUP BY 1")
            .unwrap();
        let rows = rows.query_map((), |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
        let mut booked: BTreeMap<String, i64> = rows.unwrap().map(Result::unwrap).collect();
        for (which, (mock, merchant)) in self.mocks.iter().zip(MERCHANTS).enumerate() {
            for id in &self.asked {
                let mut times = |kind: &str| {
                    booked
                        .remove(&format!("{merchant} {id} {kind}"))
                        .unwrap_or(0)
                };
                let kinds = [
                    "sent",
                    "paid",
                    "cancelled by us, booked",
                    "cancelled by us, not booked",
                    "cancelled by elsewhere, booked",
                    "cancelled by elsewhere, not booked",
                    "destroyed",
                    "destroyed_elsewhere",
                ]
                .map(&mut times);
                let [
                    sent,
                    paid,
                    us,
                    us_unbooked,
                    other,
                    other_unbooked,
                    destroyed,
                    destroyed_elsewhere,
                ] = kinds;
                let context = format!("seed {}: {id} of {merchant}: {kinds:?}", self.seed);
                let is_recorded =
                    |act: &str| self.recorded.contains(&format!("{act} {which} {id}"));
                let Some(bill) = mock.bill(&BillId::new(id).unwrap()) else {
                    assert!(!is_recorded("send"), "{context}: an intent was lost");
                    assert_eq!(kinds, [0; 8], "{context}: there is no such bill");
                    continue;
                };
                let happened = |event: Event| {
                    let is_it = |entry: &&payssam_mock::HistoryEntry| *entry.event() == event;
                    bill.history().iter().filter(is_it).count() as i64
                };
                let history = bill.history();
                assert_eq!(
                    (happened(Event::Added), sent),
                    (1, 1),
                    "{context}: {history:?}"
                );
                let cancelled = [us, us_unbooked, other, other_unbooked];
                let cancellations: i64 = cancelled.iter().sum();
                let destructions = destroyed + destroyed_elsewhere;
                let is = |state: BillState| i64::from(*bill.state() == state);
                let expected = (is(BillState::Cancelled), is(BillState::Destroyed));
                assert_eq!(
                    (cancellations, destructions),
                    expected,
                    "{context}: {history:?}"
                );
                // One that was cancelled before anybody read it as paid was not paid for the books.
                let is_right = match cancellations {
                    0 => paid == happened(Event::Paid),
                    _ => paid == us + other,
                };
                assert!(
                    is_right && happened(Event::Paid) <= 1,
                    "{context}: {history:?}"
                );
                assert!(happened(Event::Cancelled) <= 1, "{context}: {history:?}");
                let resent = usize::try_from(happened(Event::Resent)).unwrap();
                let asked = self.resends.get(&format!("{which} {id}"));
                assert!(
                    resent <= asked.copied().unwrap_or(0),
                    "{context}: a message was repeated: {history:?}"
                );
                self.report.resent += resent;
                // While a send that was lost is asked for again, the mock server refuses others, and nothing of them
                // happens.
                let is_refused = |operation: Operation| {
                    let mut entries = history.iter().rev();
                    let last = entries.find(|entry| entry.operation() == Some(operation));
                    matches!(
                        last.map(|entry| entry.event()),
                        Some(Event::Rejected(code)) if code.to_string() == "MOCK_IN_PROGRESS"
                    )
                };
                if is_recorded("cancel") && !is_refused(Operation::BillCancel) {
                    assert_eq!(
                        *bill.state(),
                        BillState::Cancelled,
                        "{context}: an intent was lost: {history:?}"
                    );
                }
                if is_recorded("destroy") && !is_refused(Operation::BillDestroy) {
                    // Somebody may have paid it before.
                    assert_ne!(
                        *bill.state(),
                        BillState::Unpaid,
                        "{context}: an intent was lost: {history:?}"
                    );
                }
                self.report.bills += 1;
                self.report.payments += paid as usize;
                self.report.cancellations += cancellations as usize;
                self.report.destroyed += destructions as usize;
            }
        }
        assert!(booked.is_empty(), "seed {}: {booked:?}", self.seed);
        self.report
    }
}

// Both

fn client(base_url: &str, merchant: &str) -> Client {
    let credentials = Credentials::builder()
        .api_key(API_KEY)
        .member(MEMBER)
        .merchant(merchant)
        .build()
        .unwrap();
    Client::builder(credentials)
        .base_url(base_url)
        .timeout(Duration::from_millis(1_000))
        .retry(RetryPolicy::off())
        .confirm(
            ConfirmPolicy::new()
                .deadline(Duration::from_millis(1_500))
                .settling(Duration::from_millis(80))
                .pauses(Duration::from_millis(5), Duration::from_millis(20)),
        )
        .build()
        .unwrap()
}

fn ledger(file: &std::path::Path, elapsed: Duration) -> Ledger {
    let clock = ManualClock::new(START.parse().unwrap());
    clock.advance(elapsed);
    support::builder(file, &clock).open().unwrap()
}

// The child

/// Works until it is killed.
pub async fn work_until_killed() {
    let variable = |name| env::var(name).expect("a child of this test");
    let point = variable(POINT);
    let (count, step) = point.split_once(':').unwrap_or((&point, ""));
    tracing::subscriber::set_global_default(Steps {
        left: AtomicU32::new(count.parse().unwrap()),
        step: step.to_owned(),
    })
    .unwrap();
    let elapsed = Duration::from_secs(variable(NOW).parse().unwrap());
    let ledger = ledger(variable(FILE).as_ref(), elapsed);
    let clients = MERCHANTS.map(|merchant| client(&variable(BASE_URL), merchant));
    let stdin = std::io::stdin().as_fd().try_clone_to_owned().unwrap();
    let listener = TcpListener::from(stdin);
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let routes = Router::new()
        .route("/{merchant}", post(on_callback))
        .with_state(ledger.clone());
    tokio::spawn(axum::serve(listener, routes).into_future());
    let worker = ledger.clone();
    let workers = clients.clone();
    tokio::spawn(async move { worker.run(workers, support::book).await });
    let callbacks = variable("PAYSSAM_KILLED_CALLBACKS");
    for act in variable(ACTS).split(',').filter(|act| !act.is_empty()) {
        *CURRENT.lock().unwrap() = act.to_owned();
        let parts: Vec<_> = act.split(' ').collect();
        let [verb, which, id] = parts[..] else {
            panic!("{act}");
        };
        let which: usize = which.parse().unwrap();
        let (client, id) = (&clients[which], BillId::new(id).unwrap());
        let intent = match verb {
            "send" => {
                let url = format!("http://{callbacks}/{}", MERCHANTS[which]);
                ledger.send(client, &bill_to(id.as_str(), &url)).await
            }
            "cancel" => {
                ledger
                    .cancel(client, &CancelBill::new(id, won(45_000)))
                    .await
            }
            "resend" => ledger.resend(client, &ResendBill::new(id)).await,
            _ => {
                ledger
                    .destroy(client, &DestroyBill::new(id, won(45_000)))
                    .await
            }
        };
        let state = intent.map(|intent| intent.state());
        if state.is_ok_and(|state| state != IntentState::Recorded) {
            say(&format!("ended {act}"));
        }
    }
    CURRENT.lock().unwrap().clear();
    // Callbacks and events that are left.
    sleep(Duration::from_millis(150)).await;
    say("idle");
    // No test takes so long; it must not outlive one that was killed itself.
    sleep(Duration::from_secs(60)).await;
}

async fn on_callback(
    State(ledger): State<Ledger>,
    Path(merchant): Path<String>,
    body: Bytes,
) -> impl IntoResponse {
    let merchant = Merchant::new(MEMBER, merchant);
    let received = tokio::task::spawn_blocking(move || ledger.receive(&merchant, body));
    let response = received
        .await
        .unwrap()
        .unwrap_or_else(|error| error.response());
    let status = StatusCode::from_u16(response.http_status()).unwrap();
    tokio::spawn(async {
        // The server writes it meanwhile.
        sleep(Duration::from_millis(5)).await;
        tracing::debug!(target: "payssam_ledger::step", step = ACKNOWLEDGED);
    });
    (
        status,
        [(CONTENT_TYPE, response.content_type())],
        response.body(),
    )
}

fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // The parent may have killed this process already.
    let _ = writeln!(stdout, "{line}");
    let _ = stdout.flush();
}

/// The act that this process is in.
static CURRENT: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

/// Counts the steps of the ledger, and stops at one of them for ever.
struct Steps {
    left: AtomicU32,
    /// The only step that counts; empty for all.
    step: String,
}

impl tracing::Subscriber for Steps {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "payssam_ledger::step"
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut name = Name(String::new());
        event.record(&mut name);
        if name.0 == "intent" {
            say(&format!("recorded {}", CURRENT.lock().unwrap()));
        }
        let counts = self.step.is_empty() || self.step == name.0;
        if counts && self.left.fetch_sub(1, SeqCst) == 1 {
            say(&format!("at {}", name.0));
            loop {
                thread::park();
            }
        }
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

struct Name(String);

impl tracing::field::Visit for Name {
    fn record_str(&mut self, _: &tracing::field::Field, value: &str) {
        value.clone_into(&mut self.0);
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}
