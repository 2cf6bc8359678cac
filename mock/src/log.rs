//! What the mock server says about each request, fault and callback.

use std::fmt::{self, Write as _};

use payssam::{
    KoreanTime,
    redact::{MASKED, escape, shown},
};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

use crate::{fault::Fault, partner};

/// How many entries wait for a reader of the log. What it is too slow for is counted instead.
const WAITING: usize = 1_024;

/// The most characters of a text of a client, such as its path.
const LONGEST: usize = 100;

/// The most characters of a reason.
const LONGEST_REASON: usize = 300;

/// The log of a mock server, from [`MockServer::log`](crate::MockServer::log) on.
///
/// 1,024 entries wait for its reader at most. If it reads more slowly than they come, the oldest are dropped,
/// and an entry of the kind [`Missed`](LogKind::Missed) says how many.
///
/// ```
/// use payssam::{BillId, Won};
/// use payssam_mock::{LogKind, MockServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), payssam::Error> {
/// let mock = MockServer::start().await?;
/// let mut log = mock.log();
/// let id = BillId::new("2024-0001")?;
/// mock.add_bill(id.clone(), Won::new(45_000)?)?;
/// mock.client()?.bills().read(&id).await?;
///
/// let entry = log.next().await.expect("the mock server runs");
/// assert_eq!(entry.kind(), LogKind::Request);
/// assert_eq!(entry.code(), Some("0000"));
/// assert!(entry.to_string().ends_with("POST /bill/read bill 2024-0001: 0000"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockLog(Receiver<LogEntry>);

impl MockLog {
    /// Waits for the next entry; `None` once the mock server has stopped and all its entries were read.
    pub async fn next(&mut self) -> Option<LogEntry> {
        match self.0.recv().await {
            Ok(entry) => Some(entry),
            Err(RecvError::Lagged(count)) => Some(LogEntry::missed(count)),
            Err(RecvError::Closed) => None,
        }
    }
}

/// What an entry of the log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogKind {
    /// A request was carried out, rejected or refused.
    Request,
    /// A request met a fault.
    Fault,
    /// A callback was sent, or could not be.
    Callback,
    /// No callback is sent for a bill, because of its callback URL.
    NoCallback,
    /// The state file cannot be written: every request is refused until it can.
    StateFile,
    /// The reader of the log was too slow for some entries.
    Missed,
}

impl LogKind {
    /// The name, such as `no_callback`.
    pub fn as_str(self) -> &'static str {
        match self {
            LogKind::Request => "request",
            LogKind::Fault => "fault",
            LogKind::Callback => "callback",
            LogKind::NoCallback => "no_callback",
            LogKind::StateFile => "state_file",
            LogKind::Missed => "missed",
        }
    }
}

/// An entry of the [log](MockLog). `Display` writes it on one line.
///
/// Texts of clients are cut, and invisible characters in them are escaped. No entry has the key, a phone
/// number, a hash, the number of a receipt or the link of a bill; of a callback URL it has the server only.
#[derive(Clone, Debug)]
pub struct LogEntry {
    at: Option<KoreanTime>,
    kind: LogKind,
    /// Method and path.
    request: Option<(Box<str>, Box<str>)>,
    bill_id: Option<Box<str>>,
    fault: Option<Fault>,
    http_status: Option<u16>,
    code: Option<Box<str>>,
    reason: Option<Box<str>>,
    address: Option<Box<str>>,
    repeat: Option<u32>,
    is_acknowledged: Option<bool>,
    missed: Option<u64>,
}

/// Its texts are as they came until it is written.
impl LogEntry {
    pub(crate) fn new(kind: LogKind, at: KoreanTime) -> Self {
        LogEntry {
            at: Some(at),
            ..LogEntry::without_time(kind)
        }
    }

    fn without_time(kind: LogKind) -> Self {
        LogEntry {
            at: None,
            kind,
            request: None,
            bill_id: None,
            fault: None,
            http_status: None,
            code: None,
            reason: None,
            address: None,
            repeat: None,
            is_acknowledged: None,
            missed: None,
        }
    }

    fn missed(count: u64) -> Self {
        LogEntry {
            missed: Some(count),
            ..LogEntry::without_time(LogKind::Missed)
        }
    }

    pub(crate) fn request(mut self, method: &str, path: &str) -> Self {
        self.request = Some((method.into(), path.into()));
        self
    }

    /// An empty id is none.
    pub(crate) fn bill(mut self, id: &str) -> Self {
        self.bill_id = (!id.is_empty()).then(|| id.into());
        self
    }

    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    pub(crate) fn response(mut self, http_status: u16, code: Option<&str>) -> Self {
        self.http_status = Some(http_status);
        self.code = code.map(Into::into);
        self
    }

    pub(crate) fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Where a callback is sent: only the server is kept of it.
    pub(crate) fn callback(mut self, url: &str, repeat: Option<u32>) -> Self {
        self.address = Some(shown_address(url).into());
        self.repeat = repeat;
        self
    }

    pub(crate) fn acknowledged(mut self, http_status: Option<u16>, is_acknowledged: bool) -> Self {
        self.http_status = http_status;
        self.is_acknowledged = Some(is_acknowledged);
        self
    }

    /// The entry as it may be shown. The key is replaced first: what masking or cutting leaves of it is not found
    /// any more.
    fn shown(mut self, keys: &[&str]) -> Self {
        let without_key = |text: &str| partner::without(text, keys.iter().copied());
        let masked = |text: &str| shown(&without_key(text));
        let escaped = |text: &str| escape(&without_key(text));
        let request = self.request.as_ref();
        self.request = request.map(|(method, path)| {
            let [method, path] = [method, path].map(|text| cut(&masked(text), LONGEST));
            (method, path)
        });
        self.bill_id = self.bill_id.map(|id| cut(&escaped(&id), LONGEST));
        self.code = self.code.map(|code| cut(&masked(&code), LONGEST));
        let reason = self.reason.as_deref().map(masked);
        self.reason = reason.map(|reason| cut(&reason, LONGEST_REASON));
        let address = self.address.as_deref().map(without_key);
        self.address = address.map(|address| cut(&address, LONGEST));
        self
    }

    /// When it happened, by the clock of the mock server; `None` for entries that were missed.
    pub fn at(&self) -> Option<KoreanTime> {
        self.at
    }

    /// What it is about.
    pub fn kind(&self) -> LogKind {
        self.kind
    }

    /// The HTTP method of the request.
    pub fn method(&self) -> Option<&str> {
        Some(&self.request.as_ref()?.0)
    }

    /// The path of the request behind the base URL.
    pub fn path(&self) -> Option<&str> {
        Some(&self.request.as_ref()?.1)
    }

    /// The id of the bill or the cash receipt, as the request has it.
    pub fn bill_id(&self) -> Option<&str> {
        self.bill_id.as_deref()
    }

    /// The fault that the request met.
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The HTTP status: for a request, of the response that a fault may have changed or withheld; for a
    /// callback, of the response of its receiver.
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The result code for the request. A fault may have kept it from the client.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Why the request was rejected or not carried out, or why there was no callback.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The server of the callback URL, such as `http://127.0.0.1:8080/[masked]`.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// How often the callback had been sent before.
    pub fn repeat(&self) -> Option<u32> {
        self.repeat
    }

    /// Whether the receiver acknowledged the callback.
    pub fn is_acknowledged(&self) -> Option<bool> {
        self.is_acknowledged
    }

    /// How many entries the reader of the log missed.
    pub fn missed_entries(&self) -> Option<u64> {
        self.missed
    }
}

impl fmt::Display for LogEntry {
    /// Such as `2026-01-02T03:04:05+09:00 POST /bill/read bill 2024-0001: 0000`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.at {
            write!(formatter, "{at} ")?;
        }
        match self.kind {
            LogKind::Missed => {
                let count = self.missed.unwrap_or_default();
                return write!(formatter, "{count} entries are missing here");
            }
            LogKind::Request => {}
            LogKind::Fault => {
                let fault = self.fault.map_or("", Fault::name);
                write!(formatter, "fault {fault}: ")?;
            }
            LogKind::Callback => formatter.write_str("callback")?,
            LogKind::NoCallback => formatter.write_str("no callback")?,
            LogKind::StateFile => formatter.write_str("state file")?,
        }
        if let Some((method, path)) = &self.request {
            write!(formatter, "{method} {path}")?;
        }
        if let Some(id) = &self.bill_id {
            write!(formatter, " bill {id}")?;
        }
        if let Some(address) = &self.address {
            write!(formatter, " to {address}")?;
        }
        if let Some(repeat @ 1..) = self.repeat {
            write!(formatter, " (repeat {repeat})")?;
        }
        let mut ending = String::new();
        let mut add = |part: fmt::Arguments<'_>| {
            let before = if ending.is_empty() { ": " } else { ", " };
            write!(ending, "{before}{part}")
        };
        match (&self.code, self.http_status) {
            (Some(code), Some(200) | None) => add(format_args!("{code}"))?,
            (Some(code), Some(status)) => add(format_args!("HTTP {status}, {code}"))?,
            (None, Some(status)) => add(format_args!("HTTP {status}"))?,
            (None, None) => {}
        }
        match self.is_acknowledged {
            Some(true) => add(format_args!("acknowledged"))?,
            Some(false) => add(format_args!("not acknowledged"))?,
            None => {}
        }
        if let Some(reason) = &self.reason {
            add(format_args!("{reason}"))?;
        }
        formatter.write_str(&ending)
    }
}

/// The server of an address; whoever knows more of a callback URL can post to it.
pub(crate) fn shown_address(url: &str) -> String {
    let server = url::Url::parse(url).map(|url| url.origin().ascii_serialization());
    format!("{}/{MASKED}", server.unwrap_or_default())
}

fn cut(text: &str, limit: usize) -> Box<str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Where entries are written. Nothing is kept while nobody reads the log.
#[derive(Default)]
pub(crate) struct LogWriter(Option<Sender<LogEntry>>);

impl LogWriter {
    pub(crate) fn read(&mut self) -> MockLog {
        let new = || broadcast::channel(WAITING).0;
        MockLog(self.0.get_or_insert_with(new).subscribe())
    }

    /// The readers come to the end of the log.
    pub(crate) fn close(&mut self) {
        self.0 = None;
    }

    /// Whether somebody reads the log.
    pub(crate) fn is_read(&self) -> bool {
        let sender = self.0.as_ref();
        sender.is_some_and(|sender| sender.receiver_count() > 0)
    }

    /// Writes an entry as it may be shown, without these keys.
    pub(crate) fn write(&self, entry: LogEntry, keys: &[&str]) {
        if let Some(sender) = &self.0 {
            // It fails only when nobody reads the log any more.
            let _ = sender.send(entry.shown(keys));
        }
    }
}
