//! All bills and cash receipts of the mock server.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use payssam::{BillState, Error, KoreanTime, Won};

use crate::{
    bill::MockBill,
    history::{CallbackEntry, HistoryEntry},
    key::Key,
    moves,
    receipt::MockReceipt,
    rejection::Rejection,
    transaction::Transaction,
};

/// The state does not allow the change.
#[derive(Debug, PartialEq)]
pub(crate) struct NotAllowed;

/// Why a bill is not moved to another state.
#[derive(Debug, PartialEq)]
pub(crate) enum NotMoved {
    NoSuchBill,
    State {
        before: BillState,
        next: BillState,
    },
    /// Its last day is over.
    Expired(Date),
}

impl From<NotMoved> for Error {
    fn from(problem: NotMoved) -> Self {
        match problem {
            NotMoved::NoSuchBill => Error::invalid_input(
                "bill id",
                "the mock server has no such bill of this merchant: add or send it first",
            ),
            NotMoved::State { before, next } => Error::invalid_input(
                "bill state",
                format!("a bill that is {before} cannot become {next}"),
            ),
            NotMoved::Expired(last) => Error::invalid_input(
                "bill",
                format!("it expired: {last} was the last day on which it could be paid"),
            ),
        }
    }
}

/// Why a bill or a cash receipt is not added.
#[derive(Debug, PartialEq)]
pub(crate) enum NotAdded {
    /// The identifier is already used, and stays so.
    IdTaken,
    /// There is no room for more.
    Full,
}

impl From<NotAdded> for Error {
    fn from(problem: NotAdded) -> Self {
        match problem {
            NotAdded::IdTaken => Error::invalid_input(
                "bill id",
                "this merchant already used it, and an id stays taken: choose another",
            ),
            NotAdded::Full => Error::invalid_input(
                "bill",
                "the bills and cash receipts of this mock server take 256 MiB: start another",
            ),
        }
    }
}

impl From<NotAdded> for Rejection {
    fn from(problem: NotAdded) -> Self {
        match problem {
            NotAdded::IdTaken => Rejection::new("BILL_001", "the bill id was used before"),
            NotAdded::Full => Rejection::with_http_status(
                507,
                "MOCK_FULL",
                "the bills and cash receipts of this mock server take 256 MiB: start another",
            ),
        }
    }
}

/// The most bytes of all bills and cash receipts, with their histories and links.
const CAPACITY: usize = 256 * 1024 * 1024;

/// The bytes of the link to a bill, without its key.
const LINK: usize = 128;

/// The bytes by which a bill is found by its id alone, and in its order, without its key.
const INDEX: usize = 64;

/// A cash receipt that is to be issued.
pub(crate) struct NewReceipt {
    pub(crate) price: Won,
    pub(crate) supply_price: String,
    pub(crate) tax: String,
    pub(crate) trader: String,
    pub(crate) issuance_number: String,
}

impl NewReceipt {
    fn text_bytes(&self) -> usize {
        self.supply_price.len() + self.tax.len() + self.trader.len() + self.issuance_number.len()
    }
}

/// The bytes that a bill takes, with its link.
fn bill_bytes(key: &Key, bill: &MockBill) -> usize {
    4 * key.bytes() + LINK + INDEX + key.bill_id().len() + bill.bytes()
}

/// All bills and cash receipts. They share one set of identifiers and one count of transactions.
#[derive(Default)]
pub(crate) struct Store {
    bills: HashMap<Key, MockBill>,
    receipts: HashMap<Key, MockReceipt>,
    /// The bills in the order in which they were added.
    order: Vec<Key>,
    /// The bills with an id, of all merchants.
    ids: HashMap<Box<str>, Vec<Key>>,
    pub(crate) transactions: u64,
    /// The bytes that all this takes, and the links to the bills.
    bytes: usize,
    /// What changed since somebody looked, if somebody does.
    pub(crate) touched: Option<Touched>,
}

/// What changed.
#[derive(Default)]
pub(crate) struct Touched {
    pub(crate) bills: HashSet<Key>,
    pub(crate) receipts: HashSet<Key>,
    /// Entries of histories that came, by their number.
    pub(crate) entries: Vec<(Key, u64)>,
    /// The numbers of those that went.
    pub(crate) gone: Vec<u64>,
    /// The same of callbacks.
    pub(crate) callbacks: Vec<(Key, u64)>,
    pub(crate) callbacks_gone: Vec<u64>,
}

impl Store {
    /// Adds an unpaid bill.
    pub(crate) fn add(&mut self, key: Key, bill: MockBill) -> Result<(), NotAdded> {
        self.can_add(&key, &bill)?;
        self.bytes += bill_bytes(&key, &bill);
        self.order.push(key.clone());
        self.ids
            .entry(key.bill_id().into())
            .or_default()
            .push(key.clone());
        if let Some(touched) = &mut self.touched {
            touched.bills.insert(key.clone());
        }
        self.bills.insert(key, bill);
        Ok(())
    }

    /// All bills, the latest first.
    pub(crate) fn bills(&self) -> impl DoubleEndedIterator<Item = (&Key, &MockBill)> {
        let keys = self.order.iter().rev();
        keys.filter_map(|key| Some((key, self.bills.get(key)?)))
    }

    /// The bills with this id, of all merchants.
    pub(crate) fn keys(&self, bill_id: &str) -> &[Key] {
        self.ids.get(bill_id).map_or(&[], Vec::as_slice)
    }

    /// All cash receipts, in no order.
    pub(crate) fn receipts(&self) -> impl Iterator<Item = (&Key, &MockReceipt)> {
        self.receipts.iter()
    }

    /// Takes a bill or a cash receipt as it was saved.
    pub(crate) fn take_bill(&mut self, key: Key, bill: MockBill) -> Result<(), NotAdded> {
        let history = bill.history.bytes();
        self.check(&key, bill_bytes(&key, &bill) + history)?;
        self.add(key, bill)?;
        self.bytes += history;
        Ok(())
    }

    pub(crate) fn take_receipt(&mut self, key: Key, receipt: MockReceipt) -> Result<(), NotAdded> {
        let bytes = key.bytes() + size_of::<MockReceipt>() + receipt.text_bytes();
        self.check(&key, bytes)?;
        self.bytes += bytes;
        if let Some(touched) = &mut self.touched {
            touched.receipts.insert(key.clone());
        }
        self.receipts.insert(key, receipt);
        Ok(())
    }

    /// Removes the bills and cash receipts of these keys. Their ids can be used again.
    pub(crate) fn remove(&mut self, is_meant: impl Fn(&Key) -> bool) {
        let mut freed = 0;
        self.bills.retain(|key, bill| {
            let stays = !is_meant(key);
            if !stays {
                freed += bill_bytes(key, bill) + bill.history.bytes();
            }
            stays
        });
        self.receipts.retain(|key, receipt| {
            let stays = !is_meant(key);
            if !stays {
                freed += key.bytes() + size_of::<MockReceipt>() + receipt.text_bytes();
            }
            stays
        });
        self.order.retain(|key| !is_meant(key));
        self.ids.retain(|_, keys| {
            keys.retain(|key| !is_meant(key));
            !keys.is_empty()
        });
        self.bytes = self.bytes.saturating_sub(freed);
    }

    /// Changes a bill in place.
    pub(crate) fn bill_mut(&mut self, key: &Key) -> Option<&mut MockBill> {
        let bill = self.bills.get_mut(key)?;
        if let Some(touched) = &mut self.touched {
            touched.bills.insert(key.clone());
        }
        Some(bill)
    }

    /// Whether a bill can be added.
    pub(crate) fn can_add(&self, key: &Key, bill: &MockBill) -> Result<(), NotAdded> {
        self.check(key, bill_bytes(key, bill))
    }

    fn check(&self, key: &Key, bytes: usize) -> Result<(), NotAdded> {
        if self.bills.contains_key(key) || self.receipts.contains_key(key) {
            return Err(NotAdded::IdTaken);
        }
        match self.bytes + bytes <= CAPACITY {
            true => Ok(()),
            false => Err(NotAdded::Full),
        }
    }

    pub(crate) fn bill(&self, key: &Key) -> Option<&MockBill> {
        self.bills.get(key)
    }

    /// Why there is no bill under this key.
    pub(crate) fn why_not_found(&self, key: &Key) -> &'static str {
        // Other partners are none of its business.
        let is_of_partner = |known: &Key| known.partner() == key.partner();
        match self.keys(key.bill_id()).iter().any(is_of_partner) {
            true => {
                "another member or merchant sent the bill with this id: a bill is found only with those \
                 that sent it"
            }
            false => "there is no bill with this id",
        }
    }

    pub(crate) fn receipt(&self, key: &Key) -> Option<&MockReceipt> {
        self.receipts.get(key)
    }

    /// Adds an entry to the history of a bill, if there is such a bill.
    pub(crate) fn record(&mut self, key: &Key, entry: HistoryEntry) {
        if let Some(bill) = self.bills.get_mut(key) {
            let (has_room, number) = (self.bytes < CAPACITY, entry.number);
            let pushed = bill.history.push(entry, has_room);
            self.bytes += pushed.grown;
            self.bytes = self.bytes.saturating_sub(pushed.shrunk);
            if let Some(touched) = &mut self.touched {
                touched.entries.push((key.clone(), number));
                touched.gone.extend(pushed.dropped);
            }
        }
    }

    /// Adds what happened to a callback to the history of its bill, if there is such a bill.
    pub(crate) fn record_callback(&mut self, key: &Key, entry: CallbackEntry) {
        if let Some(bill) = self.bills.get_mut(key) {
            let pushed = bill.history.push_callback(entry, self.bytes < CAPACITY);
            self.bytes += pushed.grown;
            self.bytes = self.bytes.saturating_sub(pushed.shrunk);
            if let Some(touched) = &mut self.touched {
                touched.callbacks.push((key.clone(), entry.number));
                touched.callbacks_gone.extend(pushed.dropped);
            }
        }
    }

    /// Moves a bill to another state.
    pub(crate) fn set_state(
        &mut self,
        key: &Key,
        next: BillState,
        at: KoreanTime,
    ) -> Result<&MockBill, NotMoved> {
        let transaction = self.transaction(at);
        let bill = self.bills.get_mut(key).ok_or(NotMoved::NoSuchBill)?;
        if !moves::is_allowed(&bill.state, &next) {
            let before = bill.state.clone();
            return Err(NotMoved::State { before, next });
        }
        if let Some(last) = bill.last_day.filter(|_| bill.has_expired(at))
            && next == BillState::Paid
        {
            return Err(NotMoved::Expired(last));
        }
        match next {
            BillState::Paid => bill.payment = Some(transaction),
            BillState::Cancelled => bill.cancellation = Some(transaction),
            _ => {}
        }
        bill.state = next;
        if let Some(touched) = &mut self.touched {
            touched.bills.insert(key.clone());
        }
        Ok(bill)
    }

    /// Issues a cash receipt, and returns its approval number.
    pub(crate) fn issue_receipt(
        &mut self,
        key: Key,
        receipt: NewReceipt,
        at: KoreanTime,
    ) -> Result<String, NotAdded> {
        let bytes = key.bytes() + size_of::<MockReceipt>() + receipt.text_bytes();
        self.check(&key, bytes)?;
        self.bytes += bytes;
        let issue = self.transaction(at);
        let number = issue.number.clone();
        let receipt = MockReceipt {
            price: receipt.price,
            supply_price: receipt.supply_price,
            tax: receipt.tax,
            trader: receipt.trader,
            issuance_number: receipt.issuance_number,
            issue,
            cancellation: None,
        };
        if let Some(touched) = &mut self.touched {
            touched.receipts.insert(key.clone());
        }
        self.receipts.insert(key, receipt);
        Ok(number)
    }

    /// Cancels a cash receipt that is not cancelled, and returns the approval number of the cancellation.
    pub(crate) fn cancel_receipt(
        &mut self,
        key: &Key,
        at: KoreanTime,
    ) -> Result<String, NotAllowed> {
        let cancellation = self.transaction(at);
        let number = cancellation.number.clone();
        match self.receipts.get_mut(key) {
            Some(receipt) if !receipt.is_cancelled() => receipt.cancellation = Some(cancellation),
            _ => return Err(NotAllowed),
        }
        if let Some(touched) = &mut self.touched {
            touched.receipts.insert(key.clone());
        }
        Ok(number)
    }

    fn transaction(&mut self, at: KoreanTime) -> Transaction {
        self.transactions += 1;
        Transaction {
            number: Store::approval_number(self.transactions),
            at,
        }
    }

    /// The approval number of a transaction.
    pub(crate) fn approval_number(transaction: u64) -> String {
        format!("{transaction:08}")
    }
}

#[cfg(test)]
mod tests {
    use payssam::BillId;

    use super::*;

    const STATES: [BillState; 4] = [
        BillState::Unpaid,
        BillState::Paid,
        BillState::Cancelled,
        BillState::Destroyed,
    ];

    fn at() -> KoreanTime {
        "20260102030405".parse().unwrap()
    }

    fn new_bill() -> MockBill {
        MockBill::new(BillId::new("1").unwrap(), Won::new(1).unwrap())
    }

    /// A store with one bill that went through these states.
    fn store(states: &[BillState]) -> (Store, Key) {
        let mut store = Store::default();
        let key = Key::new(&"p".into(), "member", "merchant", "1");
        store.add(key.clone(), new_bill()).unwrap();
        for state in states {
            store.set_state(&key, state.clone(), at()).unwrap();
        }
        (store, key)
    }

    #[test]
    fn a_bill_changes_only_as_the_moves_allow() {
        let histories: [(&[BillState], &[BillState]); 4] = [
            (&[], &[BillState::Paid, BillState::Destroyed]),
            (&[BillState::Paid], &[BillState::Cancelled]),
            (&[BillState::Paid, BillState::Cancelled], &[]),
            (&[BillState::Destroyed], &[]),
        ];
        for (history, allowed) in histories {
            for next in STATES {
                let (mut store, key) = store(history);
                let before = store.bill(&key).unwrap().state().clone();
                let moved = store.set_state(&key, next.clone(), at()).is_ok();
                assert_eq!(moved, allowed.contains(&next), "{before} to {next}");
                let now = store.bill(&key).unwrap().state();
                assert_eq!(*now, if moved { next } else { before });
            }
        }
    }

    #[test]
    fn the_callback_url_of_a_bill_counts_and_on_loopback_that_of_its_callback_too() {
        let bytes = |url: &str| {
            let mut store = Store::default();
            let bill = new_bill().with_callback_url(url, url.starts_with("http:"));
            store.add(Key::new(&"".into(), "", "", ""), bill).unwrap();
            store.bytes
        };
        let (short, long) = ("https://payssam.example/", "a".repeat(1_000));
        assert_eq!(bytes(&format!("{short}{long}")) - bytes(short), 1_000);
        let short = "http://127.0.0.1:8080/";
        assert_eq!(bytes(&format!("{short}{long}")) - bytes(short), 2_000);
    }

    #[test]
    fn every_text_of_a_receipt_counts() {
        let bytes = |lengths: [usize; 4]| {
            let [supply_price, tax, trader, issuance_number] =
                lengths.map(|length| "0".repeat(length));
            let receipt = NewReceipt {
                price: Won::new(1).unwrap(),
                supply_price,
                tax,
                trader,
                issuance_number,
            };
            let mut store = Store::default();
            let key = Key::new(&"".into(), "", "", "");
            store.issue_receipt(key, receipt, at()).unwrap();
            store.bytes
        };
        assert_eq!(bytes([1, 20, 300, 4_000]) - bytes([0; 4]), 4_321);
    }

    #[test]
    fn a_bill_id_stays_taken_for_its_merchant_alone() {
        let (mut store, key) = store(&[BillState::Destroyed]);
        assert_eq!(store.add(key, new_bill()), Err(NotAdded::IdTaken));
        let other = Key::new(&"p".into(), "member", "other", "1");
        assert_eq!(store.add(other, new_bill()), Ok(()));
    }

    #[test]
    fn bills_and_cash_receipts_share_their_identifiers() {
        let (mut store, key) = store(&[]);
        let receipt = || NewReceipt {
            price: Won::new(1).unwrap(),
            supply_price: "1".into(),
            tax: "0".into(),
            trader: "0".into(),
            issuance_number: "01012345678".into(),
        };
        let issued = store.issue_receipt(key, receipt(), at());
        assert_eq!(issued, Err(NotAdded::IdTaken));
        let other = Key::new(&"p".into(), "member", "merchant", "2");
        assert!(store.issue_receipt(other.clone(), receipt(), at()).is_ok());
        assert_eq!(store.add(other, new_bill()), Err(NotAdded::IdTaken));
    }
}
