//! The callbacks of the mock server: what is due, to whom, and what came back.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{Url, header::CONTENT_TYPE, redirect};
use tokio::{sync::Notify, time::sleep};

use crate::{Books, REMEMBERED, lock};
use payssam::{BillId, Error, KoreanTime};

/// How long the mock server waits before it sends a callback again that was not acknowledged, as PaySsam
/// does (published for version 1 of the API).
const EVERY: Duration = Duration::from_secs(60 * 60);

/// How often it sends one again: for a day.
const REPEATS: u32 = 24;

/// How long the other side may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a callback is acknowledged with, byte for byte.
const ACKNOWLEDGEMENT: &str = r#"{"code":"0000","msg":"성공하였습니다."}"#;

/// A callback that the mock server sent, and what came back. `Debug` does not show its body.
#[derive(Clone)]
pub struct MockCallback {
    bill_id: BillId,
    at: KoreanTime,
    repeat: u32,
    is_forged: bool,
    http_status: Option<u16>,
    is_acknowledged: bool,
}

impl MockCallback {
    /// The bill that it spoke of.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// When it was sent, by the clock of the mock server.
    pub fn at(&self) -> KoreanTime {
        self.at
    }

    /// How often it had been sent before.
    pub fn repeat(&self) -> u32 {
        self.repeat
    }

    /// Whether it spoke of a payment that nobody made.
    pub fn is_forged(&self) -> bool {
        self.is_forged
    }

    /// The HTTP status of the answer; `None` when there was none.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// Whether the answer was [the expected one](payssam::callback::acknowledge), byte for byte.
    pub fn is_acknowledged(&self) -> bool {
        self.is_acknowledged
    }
}

impl fmt::Debug for MockCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forged = if self.is_forged { "forged, " } else { "" };
        write!(
            formatter,
            "MockCallback({forged}bill {}, repeat {}, HTTP {:?}, acknowledged {})",
            self.bill_id, self.repeat, self.http_status, self.is_acknowledged
        )
    }
}

/// A callback that is to be sent.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) url: Url,
    pub(crate) body: String,
    pub(crate) bill_id: BillId,
    pub(crate) is_forged: bool,
    pub(crate) due: Timestamp,
    pub(crate) repeat: u32,
}

/// What is to be sent, and what was.
#[derive(Default)]
pub(crate) struct Mailbox {
    waiting: Vec<Letter>,
    /// Nothing is sent meanwhile.
    pub(crate) is_held: bool,
    is_sending: bool,
    sent: VecDeque<MockCallback>,
}

impl Mailbox {
    pub(crate) fn post(&mut self, letter: Letter) {
        self.waiting.push(letter);
    }

    pub(crate) fn sent(&self) -> impl Iterator<Item = &MockCallback> {
        self.sent.iter()
    }

    /// Turns the order round in which those that wait are sent.
    pub(crate) fn reverse(&mut self) {
        self.waiting.reverse();
    }

    /// Whether there is nothing to do at this time.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        !self.is_sending && (self.is_held || self.waiting.iter().all(|letter| letter.due > now))
    }

    fn take_due(&mut self, now: Timestamp) -> Option<Letter> {
        let due = self.waiting.iter().position(|letter| letter.due <= now);
        let letter = due
            .filter(|_| !self.is_held)
            .map(|place| self.waiting.remove(place));
        self.is_sending = letter.is_some();
        letter
    }

    fn next_due(&self) -> Option<Timestamp> {
        let next = self.waiting.iter().map(|letter| letter.due).min();
        next.filter(|_| !self.is_held)
    }

    fn note(&mut self, callback: MockCallback) {
        if self.sent.len() == REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(callback);
    }
}

/// What posts the callbacks.
pub(crate) fn http_client() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .map_err(|error| Error::config("http client", error))
}

/// Sends what is due until the task is aborted.
pub(crate) async fn run(http: reqwest::Client, books: Arc<Mutex<Books>>, news: Arc<Notify>) {
    loop {
        let (letter, pause) = {
            let mut books = lock(&books);
            let now = books.now();
            let letter = books.mailbox.take_due(now);
            let pause = books.mailbox.next_due().map(|due| {
                let wait = due.duration_since(now);
                Duration::try_from(wait).unwrap_or_default()
            });
            (letter, pause)
        };
        match (letter, pause) {
            (Some(letter), _) => {
                let (status, is_acknowledged) = deliver(&http, &letter).await;
                file(&mut lock(&books), letter, status, is_acknowledged);
            }
            (None, Some(pause)) => {
                tokio::select! {
                    () = news.notified() => {}
                    () = sleep(pause) => {}
                }
            }
            (None, None) => news.notified().await,
        }
    }
}

async fn deliver(http: &reqwest::Client, letter: &Letter) -> (Option<u16>, bool) {
    let post = http
        .post(letter.url.clone())
        .header(CONTENT_TYPE, "application/json;charset=UTF-8")
        .body(letter.body.clone());
    let Ok(answer) = post.send().await else {
        return (None, false);
    };
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap_or_default();
    let is_acknowledged = status == 200 && body == ACKNOWLEDGEMENT.as_bytes();
    (Some(status), is_acknowledged)
}

/// Writes down what came back, and plans the next time.
fn file(books: &mut Books, letter: Letter, http_status: Option<u16>, is_acknowledged: bool) {
    let callback = MockCallback {
        bill_id: letter.bill_id.clone(),
        at: KoreanTime::from_timestamp(books.now()),
        repeat: letter.repeat,
        is_forged: letter.is_forged,
        http_status,
        is_acknowledged,
    };
    books.mailbox.note(callback);
    let is_last = letter.is_forged || letter.repeat == REPEATS;
    if let Ok(due) = letter.due.checked_add(EVERY)
        && !is_acknowledged
        && !is_last
    {
        books.mailbox.post(Letter {
            due,
            repeat: letter.repeat + 1,
            ..letter
        });
    }
    books.mailbox.is_sending = false;
}
