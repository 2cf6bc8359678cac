//! What the ledger believes of its bills, as `payssam reconcile` compares it.

use crate::support::*;
use payssam::{CancelBill, DestroyBill, Operation};
use payssam_ledger::{Merchant, Watch};
use payssam_mock::{Fault, Schedule};

#[tokio::test]
async fn bills_that_certainly_exist_are_listed_in_the_order_of_their_ids() {
    let world = World::new().await;
    let (ledger, client) = (&world.ledger, &world.client);
    world.sent("b").await;
    let cancelled = world.sent("c").await;
    world.mock.pay(&cancelled).unwrap();
    let _done = ledger
        .cancel(client, &CancelBill::new(cancelled, won(45_000)))
        .await
        .unwrap();
    let destroyed = world.sent("a").await;
    let _done = ledger
        .destroy(client, &DestroyBill::new(destroyed, won(45_000)))
        .await
        .unwrap();
    // Nobody has read it, so nothing is believed of it.
    let merchant = Merchant::from(client.credentials());
    let watched = world.elsewhere("d");
    ledger
        .watch(&merchant, Watch::new(watched, won(45_000)))
        .await
        .unwrap();

    let bills = ledger.bills(&merchant, None).await.unwrap();
    let shown: Vec<_> = bills
        .iter()
        .map(|bill| serde_json::to_string(bill).unwrap())
        .collect();
    let line = |id: &str, state: &str, day: &str| {
        format!(r#"{{"bill_id":"{id}","amount":45000,"state":"{state}","day":{day}}}"#)
    };
    assert_eq!(shown[0], line("a", "destroyed", "null"));
    assert_eq!(shown[1], line("b", "unpaid", "null"));
    assert!(shown[2].starts_with(r#"{"bill_id":"c","amount":45000,"state":"cancelled""#));
    assert_eq!(shown.len(), 3, "{shown:?}");

    let after = ledger
        .bills(&merchant, Some(&bills[1].bill_id))
        .await
        .unwrap();
    assert_eq!(after, bills[2..]);
    let other = Merchant::new("another", merchant.merchant());
    assert!(ledger.bills(&other, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn bills_whose_sending_is_uncertain_are_counted_and_are_no_lines() {
    let world = World::new().await;
    let merchant = Merchant::from(world.client.credentials());
    let count = async || world.ledger.uncertain_bills(&merchant).await.unwrap();
    assert_eq!(count().await, 0);
    world.sent("a").await;
    assert_eq!(count().await, 0);
    // Neither the response to the send nor any read arrives.
    for operation in [Operation::BillSend, Operation::BillRead] {
        let lost = Schedule::always().on(operation);
        world.mock.inject(Fault::ApplyThenClose, lost);
    }
    for id in ["b", "c"] {
        let intent = world.ledger.send(&world.client, &bill(id)).await.unwrap();
        assert!(intent.state().is_open(), "{intent:?}");
    }
    assert_eq!(count().await, 2);
    let bills = world.ledger.bills(&merchant, None).await.unwrap();
    assert_eq!(bills.len(), 1);
    let other = Merchant::new("another", merchant.merchant());
    assert_eq!(world.ledger.uncertain_bills(&other).await.unwrap(), 0);

    world.mock.clear_faults();
    world.advance(HOUR);
    world.work().await;
    assert_eq!(count().await, 0);
    assert_eq!(world.ledger.bills(&merchant, None).await.unwrap().len(), 3);
}
