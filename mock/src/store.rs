//! All bills and cash receipts of the mock server.

use std::collections::HashMap;

use payssam::{BillId, BillState, KoreanTime, Won};

use crate::{
    bill::MockBill, history::HistoryEntry, key::Key, moves, receipt::MockReceipt,
    transaction::Transaction,
};

/// The state does not allow the change.
#[derive(Debug, PartialEq)]
pub(crate) struct NotAllowed;

/// The identifier is already used, and stays so.
#[derive(Debug, PartialEq)]
pub(crate) struct IdTaken;

/// A cash receipt that is to be issued.
pub(crate) struct NewReceipt {
    pub(crate) price: Won,
    pub(crate) supply_price: String,
    pub(crate) tax: String,
    pub(crate) trader: String,
    pub(crate) issuance_number: String,
}

/// All bills and cash receipts. They share one set of identifiers and one count of transactions.
#[derive(Default)]
pub(crate) struct Store {
    bills: HashMap<Key, MockBill>,
    receipts: HashMap<Key, MockReceipt>,
    transactions: u32,
}

impl Store {
    /// Adds an unpaid bill.
    pub(crate) fn add(&mut self, key: Key, id: BillId, price: Won) -> Result<(), IdTaken> {
        if self.is_taken(&key) {
            return Err(IdTaken);
        }
        self.bills.insert(key, MockBill::new(id, price));
        Ok(())
    }

    /// Whether a bill or a cash receipt has the identifier.
    pub(crate) fn is_taken(&self, key: &Key) -> bool {
        self.bills.contains_key(key) || self.receipts.contains_key(key)
    }

    pub(crate) fn bill(&self, key: &Key) -> Option<&MockBill> {
        self.bills.get(key)
    }

    pub(crate) fn receipt(&self, key: &Key) -> Option<&MockReceipt> {
        self.receipts.get(key)
    }

    /// Sets where the callback of a bill is sent.
    pub(crate) fn set_callback_url(&mut self, key: &Key, url: &str) {
        if let Some(bill) = self.bills.get_mut(key) {
            bill.callback_url = Some(url.into());
        }
    }

    /// Adds an entry to the history of a bill, if there is such a bill.
    pub(crate) fn record(&mut self, key: &Key, entry: HistoryEntry) {
        if let Some(bill) = self.bills.get_mut(key) {
            bill.history.push(entry);
        }
    }

    /// Moves a bill to another state.
    pub(crate) fn set_state(
        &mut self,
        key: &Key,
        next: BillState,
        at: KoreanTime,
    ) -> Result<&MockBill, NotAllowed> {
        let transaction = self.transaction(at);
        let bill = self.bills.get_mut(key).ok_or(NotAllowed)?;
        if !moves::is_allowed(&bill.state, &next) {
            return Err(NotAllowed);
        }
        match next {
            BillState::Paid => bill.payment = Some(transaction),
            BillState::Cancelled => bill.cancellation = Some(transaction),
            _ => {}
        }
        bill.state = next;
        Ok(bill)
    }

    /// Issues a cash receipt, and returns its approval number.
    pub(crate) fn issue_receipt(
        &mut self,
        key: Key,
        receipt: NewReceipt,
        at: KoreanTime,
    ) -> Result<String, IdTaken> {
        if self.is_taken(&key) {
            return Err(IdTaken);
        }
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
        Ok(number)
    }

    fn transaction(&mut self, at: KoreanTime) -> Transaction {
        self.transactions += 1;
        Transaction {
            number: format!("{:08}", self.transactions),
            at,
        }
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

    fn new_bill() -> (BillId, Won) {
        (BillId::new("1").unwrap(), Won::new(1).unwrap())
    }

    /// A store with one bill that went through these states.
    fn store(states: &[BillState]) -> (Store, Key) {
        let mut store = Store::default();
        let key = Key::new("member", "merchant", "1");
        let (id, price) = new_bill();
        store.add(key.clone(), id, price).unwrap();
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
    fn a_bill_id_stays_taken_for_its_merchant_alone() {
        let (mut store, key) = store(&[BillState::Destroyed]);
        let (id, price) = new_bill();
        assert_eq!(store.add(key, id.clone(), price), Err(IdTaken));
        let other = Key::new("member", "other", "1");
        assert_eq!(store.add(other, id, price), Ok(()));
    }

    #[test]
    fn bills_and_cash_receipts_share_their_identifiers() {
        let (mut store, key) = store(&[]);
        let (id, price) = new_bill();
        let receipt = || NewReceipt {
            price,
            supply_price: "1".into(),
            tax: "0".into(),
            trader: "0".into(),
            issuance_number: "01012345678".into(),
        };
        assert_eq!(store.issue_receipt(key, receipt(), at()), Err(IdTaken));
        let other = Key::new("member", "merchant", "2");
        assert!(store.issue_receipt(other.clone(), receipt(), at()).is_ok());
        assert_eq!(store.add(other, id, price), Err(IdTaken));
    }
}
