//! A callback handler that books each payment once, for any web framework, and a test of it: callbacks that
//! arrive in the wrong order, twice, or forged.

use std::sync::Mutex;

use payssam::{
    BillId, Client, Error, NewBill, PhoneNumber, SendBill, Won,
    callback::{
        ApprovalCallback, Booking, NotVerified, PaymentKey, PaymentKind, Response, SeenInMemory,
        book_once, retry_later,
    },
};
use payssam_mock::MockServer;

pub struct Receiver {
    client: Client,
    seen: SeenInMemory,
    books: Mutex<Vec<PaymentKey>>,
}

impl Receiver {
    pub fn new(client: Client) -> Self {
        Receiver {
            client,
            seen: SeenInMemory::new(),
            books: Mutex::default(),
        }
    }

    /// Books what a read of the bill shows, once, and acknowledges only what is booked.
    pub async fn receive(&self, body: &[u8]) -> Response {
        let Ok(callback) = ApprovalCallback::parse(body) else {
            return retry_later();
        };
        let booked = match callback.verify(&self.client).await {
            Ok(payment) => {
                book_once(&self.seen, &payment, |_claim| {
                    self.book(payment.key(), Some(payment.amount()))
                })
                .await
            }
            Err(NotVerified::CancelledSince(cancellation)) => {
                book_once(&self.seen, &*cancellation, |_claim| {
                    self.book(cancellation.key(), cancellation.amount())
                })
                .await
            }
            Err(error) => {
                println!("{error}");
                return error.response();
            }
        };
        match booked {
            Ok(end) => {
                if end == Booking::Duplicate {
                    println!("duplicate: bill {}", callback.bill_id());
                }
                end.response()
            }
            Err(error) => {
                println!("{error}");
                error.response()
            }
        }
    }

    /// Writes to the books, which are a list here.
    async fn book(&self, key: &PaymentKey, amount: Option<Won>) -> Result<(), &'static str> {
        let mut books = self.books.lock().map_err(|_| "the books are broken")?;
        let amount = amount.map(|won| format!(", {won} won"));
        println!(
            "booked: bill {}, {}{}",
            key.bill_id(),
            key.kind(),
            amount.unwrap_or_default()
        );
        books.push(key.clone());
        Ok(())
    }
}

/// Sends two bills and forges a callback, then pays both bills: their callbacks arrive in the wrong order,
/// and each of them twice.
pub async fn try_out(
    mock: &MockServer,
    receiver: &Receiver,
    callback_url: &str,
) -> Result<(), Error> {
    let price = Won::new(45_000)?;
    let mut ids = Vec::new();
    for product in ["3월 수강료", "4월 수강료"] {
        let bill = NewBill {
            bill_id: BillId::generate(),
            product: product.parse()?,
            price,
            payer: "김하나".parse()?,
            phone: PhoneNumber::new("010-1234-5678")?,
            callback: callback_url.parse()?,
        };
        ids.push(bill.bill_id.clone());
        let send = SendBill::kakaotalk(bill);
        let sent = receiver.client.bills().send_and_confirm(&send).await?;
        println!("sent: bill {}, {:?}", sent.bill_id(), sent.short_url());
    }
    mock.forge_callback(callback_url, &ids[0], price)?;
    mock.wait_until_idle().await;
    mock.hold_callbacks();
    for id in &ids {
        mock.pay(id)?;
        mock.duplicate_callback(id)?;
    }
    mock.release_callbacks();
    mock.wait_until_idle().await;

    let booked = receiver.books.lock().expect("no panic while it was held");
    assert_eq!(booked.len(), 2, "each payment is booked once: {booked:?}");
    assert!(booked.iter().all(|key| key.kind() == PaymentKind::Paid));
    let sent = mock.callbacks();
    println!("{} callbacks, {} payments booked", sent.len(), booked.len());
    Ok(())
}
