//! A bill of the mock server.

use std::fmt;

use jiff::civil::Date;
use payssam::{BillId, BillState, KoreanTime, Won, redact::MASKED};

use crate::{
    clock,
    event::Event,
    history::{History, HistoryEntry},
    log,
    paid_by::PaidBy,
    transaction::Transaction,
};

/// The bytes of the approval numbers of a payment and its cancellation.
const TRANSACTIONS: usize = 32;

/// The bytes of a callback that is to be sent, without its URL.
const CALLBACK: usize = 1536;

/// The first four digits of the hash of the request that sent a bill, to recognize it. It is over the phone number of
/// the payer, which could be guessed from the whole.
#[derive(Clone)]
pub(crate) struct SendHash(Box<str>);

impl SendHash {
    pub(crate) fn of(hash: &str) -> Self {
        SendHash(hash.chars().take(4).collect::<String>().into())
    }

    /// As it was saved.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let is_one = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| SendHash(text.into()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Whether a hash may be the one.
    pub(crate) fn may_be(&self, hash: &str) -> bool {
        hash.len() == 64 && hash.starts_with(&*self.0)
    }
}

impl fmt::Debug for SendHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

/// What the mock server knows of a bill.
#[derive(Clone, Debug)]
pub struct MockBill {
    pub(crate) id: BillId,
    pub(crate) price: Won,
    pub(crate) state: BillState,
    pub(crate) payment: Option<Transaction>,
    pub(crate) paid_by: PaidBy,
    pub(crate) cancellation: Option<Transaction>,
    pub(crate) callback_url: Option<Box<str>>,
    /// The same as it may be shown.
    pub(crate) shown_callback_url: Option<Box<str>>,
    /// Whether its callback is sent to that URL.
    pub(crate) is_called_back: bool,
    /// Only as it may be shown.
    pub(crate) product: Box<str>,
    /// Only as it may be shown.
    pub(crate) payer: Box<str>,
    /// The name of its link.
    pub(crate) link: Option<Box<str>>,
    /// Whether it was destroyed because it was paid on site.
    pub(crate) is_paid_on_site: bool,
    /// The last day on which it can be paid, in Korea.
    pub(crate) last_day: Option<Date>,
    /// To recognize it where another hash is needed.
    pub(crate) send_hash: Option<SendHash>,
    pub(crate) history: History,
}

impl MockBill {
    /// An unpaid bill without history.
    pub(crate) fn new(id: BillId, price: Won) -> Self {
        MockBill {
            id,
            price,
            state: BillState::Unpaid,
            payment: None,
            paid_by: PaidBy::default(),
            cancellation: None,
            callback_url: None,
            shown_callback_url: None,
            is_called_back: false,
            product: Box::default(),
            payer: Box::default(),
            link: None,
            is_paid_on_site: false,
            last_day: None,
            send_hash: None,
            history: History::default(),
        }
    }

    /// The same bill with a callback URL.
    pub(crate) fn with_callback_url(mut self, url: &str, is_called_back: bool) -> Self {
        self.callback_url = Some(url.into());
        self.shown_callback_url = Some(log::shown_address(url).into());
        self.is_called_back = is_called_back;
        self
    }

    /// The bytes that it takes without its history: its own, and those of its callback once it is paid.
    pub(crate) fn bytes(&self) -> usize {
        let url = self.callback_url.as_deref().unwrap_or_default();
        let callback = match self.is_called_back {
            true => CALLBACK + url.len(),
            false => 0,
        };
        let texts = self.product.len() + self.payer.len();
        let hash = self.send_hash.as_ref().map_or(0, |hash| hash.text().len());
        size_of_val(self)
            + TRANSACTIONS
            + self.id.as_str().len()
            + url.len()
            + self.shown_callback_url.as_ref().map_or(0, |url| url.len())
            + hash
            + callback
            + texts
    }

    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The amount in won.
    pub fn price(&self) -> Won {
        self.price
    }

    /// The state that it really has.
    pub fn state(&self) -> &BillState {
        &self.state
    }

    /// Whether its last day was over in Korea at this time.
    pub(crate) fn has_expired(&self, at: KoreanTime) -> bool {
        self.last_day.is_some_and(|last| clock::day(at) > last)
    }

    /// When it was paid; it stays known after a cancellation.
    pub fn paid_at(&self) -> Option<KoreanTime> {
        self.payment.as_ref().map(|payment| payment.at)
    }

    /// When its payment was cancelled.
    pub fn cancelled_at(&self) -> Option<KoreanTime> {
        self.cancellation
            .as_ref()
            .map(|cancellation| cancellation.at)
    }

    /// What really happened to the bill, the oldest first, whatever response the client got: every change of
    /// its state, and the last 1,000 requests that changed nothing (the last one, if the mock server is full).
    pub fn history(&self) -> &[HistoryEntry] {
        self.history.entries()
    }

    /// How often its payment was cancelled: 0 or 1. More would be a mistake of the mock server.
    pub fn cancellations(&self) -> usize {
        let entries = self.history().iter();
        entries
            .filter(|entry| *entry.event() == Event::Cancelled)
            .count()
    }
}
