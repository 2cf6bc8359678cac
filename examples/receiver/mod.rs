//! A callback handler that books each payment once, for any web framework, and a test of it: callbacks that
//! arrive in the wrong order, twice, or forged.

use std::sync::Mutex;

use payssam::{
    BillId, Client, Error, NewBill, PhoneNumber, SendBill, Won,
    callback::{ApprovalCallback, Response, Seen, SeenInMemory, acknowledge, retry_later},
};
use payssam_mock::MockServer;

pub struct Receiver {
    client: Client,
    seen: SeenInMemory,
    booked: Mutex<Vec<(BillId, Won)>>,
}

impl Receiver {
    pub fn new(client: Client) -> Self {
        Receiver {
            client,
            seen: SeenInMemory::default(),
            booked: Mutex::default(),
        }
    }

    /// Books what a read of the bill shows, once.
    pub async fn receive(&self, body: &[u8]) -> Response {
        let Ok(callback) = ApprovalCallback::parse(body) else {
            return retry_later();
        };
        let approval = match callback.verify(&self.client).await {
            Ok(approval) => approval,
            Err(error) => {
                println!("{error}");
                return retry_later();
            }
        };
        match self.seen.claim(&approval) {
            Ok(true) => {
                println!(
                    "booked: bill {}, {} won",
                    approval.bill_id(),
                    approval.amount()
                );
                let mut booked = self.booked.lock().expect("no panic while it was held");
                booked.push((approval.bill_id().clone(), approval.amount()));
            }
            Ok(false) => println!("duplicate: bill {}", approval.bill_id()),
            Err(never) => match never {},
        }
        acknowledge()
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

    let booked = receiver.booked.lock().expect("no panic while it was held");
    assert_eq!(booked.len(), 2, "each payment is booked once: {booked:?}");
    let sent = mock.callbacks();
    println!("{} callbacks, {} payments booked", sent.len(), booked.len());
    Ok(())
}
