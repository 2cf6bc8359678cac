//! The bills of the mock server: a pure state machine.

use std::collections::HashMap;

use crate::{
    history::{Event, History, HistoryEntry},
    moves,
    receipts::{MockReceipt, Receipts},
};
use payssam::{BillId, BillState, Error, KoreanTime, Won};

/// A bill belongs to the member and merchant that sent it; others do not find it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key([Box<str>; 3]);

impl Key {
    pub(crate) fn new(member: &str, merchant: &str, bill_id: &str) -> Self {
        Key([member.into(), merchant.into(), bill_id.into()])
    }

    pub(crate) fn parts(&self) -> &[Box<str>] {
        &self.0
    }
}

/// What the mock server knows of a bill.
#[derive(Clone, Debug)]
pub struct MockBill {
    id: BillId,
    price: Won,
    state: BillState,
    paid: Option<Transaction>,
    cancelled: Option<Transaction>,
    callback: Option<Box<str>>,
    history: History,
}

/// A payment or a cancellation.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) number: String,
    pub(crate) at: KoreanTime,
}

impl MockBill {
    /// The identifier.
    pub fn id(&self) -> &BillId {
        &self.id
    }

    /// The amount.
    pub fn price(&self) -> Won {
        self.price
    }

    /// Where it stands.
    pub fn state(&self) -> &BillState {
        &self.state
    }

    /// When it was paid.
    pub fn paid_at(&self) -> Option<KoreanTime> {
        self.paid.as_ref().map(|paid| paid.at)
    }

    /// When it was cancelled.
    pub fn cancelled_at(&self) -> Option<KoreanTime> {
        self.cancelled.as_ref().map(|cancelled| cancelled.at)
    }

    /// What really happened to it, the oldest first, whatever its client was told: every change of its
    /// state, and the last 1,000 requests that changed nothing.
    pub fn history(&self) -> &[HistoryEntry] {
        self.history.entries()
    }

    /// How often its payment was cancelled.
    pub fn cancellations(&self) -> usize {
        let entries = self.history().iter();
        entries
            .filter(|entry| *entry.event() == Event::Cancelled)
            .count()
    }

    pub(crate) fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    pub(crate) fn paid(&self) -> Option<&Transaction> {
        self.paid.as_ref()
    }

    pub(crate) fn cancelled(&self) -> Option<&Transaction> {
        self.cancelled.as_ref()
    }
}

/// The state of a bill does not allow the move.
#[derive(Debug)]
pub(crate) struct Immovable;

#[derive(Default)]
pub(crate) struct Ledger {
    bills: HashMap<Key, MockBill>,
    receipts: Receipts,
    transactions: u32,
}

impl Ledger {
    pub(crate) fn add(&mut self, key: Key, id: BillId, price: Won) -> Result<(), Error> {
        if self.is_taken(&key) {
            return Err(Error::invalid_input(
                "bill id",
                "the shop used it before, and it stays taken for good",
            ));
        }
        let bill = MockBill {
            id,
            price,
            state: BillState::Unpaid,
            paid: None,
            cancelled: None,
            callback: None,
            history: History::default(),
        };
        self.bills.insert(key, bill);
        Ok(())
    }

    /// Whether a bill or a receipt has the identifier.
    pub(crate) fn is_taken(&self, key: &Key) -> bool {
        self.bills.contains_key(key) || self.receipts.contains_key(key)
    }

    pub(crate) fn receipt(&self, key: &Key) -> Option<&MockReceipt> {
        self.receipts.get(key)
    }

    /// Issues a receipt, whose identifier must be free.
    pub(crate) fn issue(
        &mut self,
        key: Key,
        price: Won,
        parts: [String; 4],
        at: KoreanTime,
    ) -> String {
        let issued = self.transaction(at);
        let number = issued.number.clone();
        let receipt = MockReceipt {
            price,
            parts,
            issued,
            cancelled: None,
        };
        self.receipts.insert(key, receipt);
        number
    }

    /// Cancels a receipt, unless it is cancelled.
    pub(crate) fn cancel_receipt(
        &mut self,
        key: &Key,
        at: KoreanTime,
    ) -> Result<String, Immovable> {
        let cancelled = self.transaction(at);
        let number = cancelled.number.clone();
        match self.receipts.get_mut(key) {
            Some(receipt) if receipt.cancelled.is_none() => receipt.cancelled = Some(cancelled),
            _ => return Err(Immovable),
        }
        Ok(number)
    }

    fn transaction(&mut self, at: KoreanTime) -> Transaction {
        self.transactions += 1;
        Transaction {
            number: format!("{:08}", self.transactions),
            at,
        }
    }

    pub(crate) fn bill(&self, key: &Key) -> Option<&MockBill> {
        self.bills.get(key)
    }

    /// Says where the payment of a bill is told.
    pub(crate) fn set_callback(&mut self, key: &Key, url: &str) {
        if let Some(bill) = self.bills.get_mut(key) {
            bill.callback = Some(url.into());
        }
    }

    /// Writes down what happened to a bill, if there is such a bill.
    pub(crate) fn note(&mut self, key: &Key, entry: HistoryEntry) {
        if let Some(bill) = self.bills.get_mut(key) {
            bill.history.note(entry);
        }
    }

    /// Moves a bill on, if its state allows that.
    pub(crate) fn step(
        &mut self,
        key: &Key,
        next: BillState,
        at: KoreanTime,
    ) -> Result<&MockBill, Immovable> {
        let transaction = Some(self.transaction(at));
        let bill = self.bills.get_mut(key).ok_or(Immovable)?;
        if !moves::is_allowed(&bill.state, &next) {
            return Err(Immovable);
        }
        match next {
            BillState::Paid => bill.paid = transaction,
            BillState::Cancelled => bill.cancelled = transaction,
            _ => {}
        }
        bill.state = next;
        Ok(bill)
    }
}

#[cfg(test)]
mod tests {
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

    /// A ledger with one bill that took these steps.
    fn after(steps: &[BillState]) -> (Ledger, Key) {
        let mut ledger = Ledger::default();
        let key = Key::new("m", "s", "1");
        let (id, price) = (BillId::new("1").unwrap(), Won::new(1).unwrap());
        ledger.add(key.clone(), id, price).unwrap();
        for step in steps {
            ledger.step(&key, step.clone(), at()).unwrap();
        }
        (ledger, key)
    }

    #[test]
    fn a_bill_moves_only_forward() {
        let histories: [(&[BillState], &[BillState]); 4] = [
            (&[], &[BillState::Paid, BillState::Destroyed]),
            (&[BillState::Paid], &[BillState::Cancelled]),
            (&[BillState::Paid, BillState::Cancelled], &[]),
            (&[BillState::Destroyed], &[]),
        ];
        for (history, allowed) in histories {
            for next in STATES {
                let (mut ledger, key) = after(history);
                let before = ledger.bill(&key).unwrap().state().clone();
                let moved = ledger.step(&key, next.clone(), at()).is_ok();
                assert_eq!(moved, allowed.contains(&next), "{before} to {next}");
                let now = ledger.bill(&key).unwrap().state();
                assert_eq!(*now, if moved { next } else { before });
            }
        }
    }

    #[test]
    fn a_bill_id_stays_taken_for_its_shop_alone() {
        let (mut ledger, key) = after(&[BillState::Destroyed]);
        let (id, price) = (BillId::new("1").unwrap(), Won::new(1).unwrap());
        assert!(ledger.add(key, id.clone(), price).is_err());
        assert!(ledger.add(Key::new("m", "other", "1"), id, price).is_ok());
    }
}
