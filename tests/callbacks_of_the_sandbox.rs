//! What the sandbox posts when a bill is paid, and what a receiver makes of it.
#![cfg(all(feature = "preview", feature = "sandbox"))]

mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BillState, Client, NewBill, PayerName, PhoneNumber, ProductName, Send, Won,
    callback::{self, ApprovalCallback, CallbackUrl, NotVerified, Part, Seen, SeenInMemory},
    sandbox::Sandbox,
};
use support::wire::{Server, Turn, http};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn price() -> Won {
    Won::new(45_000).unwrap()
}

fn id(number: u32) -> BillId {
    BillId::new(format!("bill-{number}")).unwrap()
}

fn acknowledgement() -> Turn {
    Turn::Say(http("200 OK", callback::acknowledge().body()))
}

/// A receiver that acknowledges everything from its `from`th callback on, and refuses those before.
async fn receiver(from: usize) -> Server {
    Server::start(move |place| match place >= from {
        true => acknowledgement(),
        false => Turn::Say(http("500 Internal Server Error", "")),
    })
    .await
}

fn bodies(receiver: &Server) -> Vec<String> {
    let (_, requests) = receiver.heard();
    let body = |request: &String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    requests.iter().map(body).collect()
}

fn callbacks(receiver: &Server) -> Vec<ApprovalCallback> {
    let bodies = bodies(receiver);
    let parse = |body: &String| ApprovalCallback::parse(body.as_bytes()).unwrap();
    bodies.iter().map(parse).collect()
}

/// A sandbox with so many bills, whose payments are told to this receiver.
async fn sandbox(bills: u32, receiver: &Server) -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().unwrap();
    for number in 0..bills {
        let bill = NewBill {
            id: id(number),
            product: ProductName::new("수강료").unwrap(),
            price: price(),
            payer: PayerName::new("김하나").unwrap(),
            phone: PhoneNumber::new("01012345678").unwrap(),
            callback: CallbackUrl::new(format!("{}/hook?shop=1", receiver.base_url())).unwrap(),
        };
        client.bills().send(Send::talk(bill)).await.unwrap();
    }
    (sandbox, client)
}

#[tokio::test]
async fn a_payment_is_told_once_when_it_is_acknowledged() {
    let receiver = receiver(0).await;
    let (sandbox, client) = sandbox(1, &receiver).await;
    sandbox.pay(&id(0)).unwrap();
    sandbox.settled().await;
    let [callback] = &callbacks(&receiver)[..] else {
        panic!("{:?}", bodies(&receiver));
    };
    assert_eq!(callback.bill_id(), &id(0));
    assert_eq!(callback.state(), Some(&BillState::Paid));
    assert_eq!(callback.matches_key(sandbox.credentials()), Some(true));
    let approval = callback.verify(&client).await.unwrap();
    assert_eq!(approval.amount(), price());
    let (_, requests) = receiver.heard();
    assert!(requests[0].starts_with("POST /hook?shop=1 HTTP/1.1\r\n"));
    sandbox.turn_clock(48 * HOUR);
    sandbox.settled().await;
    let [sent] = &sandbox.callbacks()[..] else {
        panic!("{:?}", sandbox.callbacks());
    };
    assert!(sent.is_acknowledged() && !sent.is_forged());
    assert_eq!((sent.repeat(), sent.http_status()), (0, Some(200)));
}

#[tokio::test]
async fn it_comes_again_every_hour_for_a_day_until_it_is_acknowledged() {
    let receiver = receiver(3).await;
    let (sandbox, _client) = sandbox(1, &receiver).await;
    sandbox.pay(&id(0)).unwrap();
    sandbox.settled().await;
    for hour in 1..=3 {
        assert_eq!(bodies(&receiver).len(), hour);
        sandbox.turn_clock(HOUR - Duration::from_secs(60));
        sandbox.settled().await;
        assert_eq!(bodies(&receiver).len(), hour, "not within the hour");
        sandbox.turn_clock(Duration::from_secs(60));
        sandbox.settled().await;
    }
    sandbox.turn_clock(48 * HOUR);
    sandbox.settled().await;
    let bodies = bodies(&receiver);
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn after_a_day_it_comes_no_more() {
    let receiver = receiver(usize::MAX).await;
    let (sandbox, _client) = sandbox(1, &receiver).await;
    sandbox.pay(&id(0)).unwrap();
    sandbox.turn_clock(48 * HOUR);
    sandbox.settled().await;
    let sent = sandbox.callbacks();
    assert_eq!(sent.len(), 25);
    assert_eq!(sent[24].repeat(), 24);
    assert!(sent.iter().all(|callback| !callback.is_acknowledged()));
    assert_eq!(sent[0].http_status(), Some(500));
}

#[tokio::test]
async fn anything_but_the_very_bytes_is_no_acknowledgement() {
    for answer in [
        r#"{"code":"0000","message":"성공하였습니다."}"#,
        r#"{"code": "0000", "msg": "성공하였습니다."}"#,
        r#"{"code":"0000"}"#,
        "OK",
        "",
        callback::retry_later().body(),
    ] {
        let receiver = Server::start(move |_| Turn::Say(http("200 OK", answer))).await;
        let (sandbox, _client) = sandbox(1, &receiver).await;
        sandbox.pay(&id(0)).unwrap();
        sandbox.turn_clock(HOUR);
        sandbox.settled().await;
        assert_eq!(bodies(&receiver).len(), 2, "{answer}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_noted() {
    let receiver = receiver(0).await;
    let (sandbox, _client) = sandbox(1, &receiver).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    sandbox.forge_callback(&address, &id(0), price()).unwrap();
    sandbox.settled().await;
    assert_eq!(sandbox.callbacks()[0].http_status(), None);
}

#[tokio::test]
async fn a_duplicate_is_booked_once() {
    let receiver = receiver(0).await;
    let (sandbox, client) = sandbox(1, &receiver).await;
    sandbox.pay(&id(0)).unwrap();
    sandbox.duplicate_callback(&id(0)).unwrap();
    sandbox.settled().await;
    let seen = SeenInMemory::default();
    let mut booked = 0;
    for callback in callbacks(&receiver) {
        let approval = callback.verify(&client).await.unwrap();
        booked += u32::from(seen.claim(&approval).unwrap());
    }
    assert_eq!((bodies(&receiver).len(), booked), (2, 1));
    assert!(sandbox.duplicate_callback(&id(7)).is_err());
}

#[tokio::test]
async fn callbacks_can_come_in_another_order() {
    let receiver = receiver(0).await;
    let (sandbox, _client) = sandbox(3, &receiver).await;
    sandbox.hold_callbacks();
    for number in 0..3 {
        sandbox.pay(&id(number)).unwrap();
    }
    sandbox.settled().await;
    assert!(bodies(&receiver).is_empty());
    sandbox.release_callbacks();
    sandbox.settled().await;
    let order: Vec<BillId> = callbacks(&receiver)
        .iter()
        .map(|callback| callback.bill_id().clone())
        .collect();
    assert_eq!(order, [id(2), id(1), id(0)]);
}

#[tokio::test]
async fn a_forged_callback_is_not_verified() {
    let receiver = receiver(0).await;
    let (sandbox, client) = sandbox(2, &receiver).await;
    let hook = receiver.base_url();
    // Not paid; paid with less; not there at all.
    sandbox.forge_callback(&hook, &id(0), price()).unwrap();
    sandbox.hold_callbacks();
    sandbox.pay(&id(1)).unwrap();
    sandbox.release_callbacks();
    let more = Won::new(45_001).unwrap();
    sandbox.forge_callback(&hook, &id(1), more).unwrap();
    sandbox.forge_callback(&hook, &id(9), price()).unwrap();
    sandbox.settled().await;
    let mut found = Vec::new();
    for callback in callbacks(&receiver) {
        found.push(match callback.verify(&client).await {
            Ok(_) => "verified",
            Err(NotVerified::Differs {
                part: Part::State, ..
            }) => "state",
            Err(NotVerified::Differs {
                part: Part::Amount, ..
            }) => "amount",
            Err(NotVerified::Unread { .. }) => "unread",
            Err(other) => panic!("{other}"),
        });
    }
    found.sort_unstable();
    assert_eq!(found, ["amount", "state", "unread", "verified"]);
    let forged = sandbox.callbacks();
    assert_eq!(forged.iter().filter(|sent| sent.is_forged()).count(), 3);
    assert!(
        sandbox
            .forge_callback("https://payssam.example", &id(0), price())
            .is_err()
    );
}

#[tokio::test]
async fn the_payer_pays_by_the_link() {
    let receiver = receiver(0).await;
    let (sandbox, client) = sandbox(1, &receiver).await;
    let bill = NewBill {
        id: id(5),
        product: ProductName::new("수강료").unwrap(),
        price: price(),
        payer: PayerName::new("김하나").unwrap(),
        phone: PhoneNumber::new("01012345678").unwrap(),
        callback: CallbackUrl::new(receiver.base_url()).unwrap(),
    };
    let sent = client.bills().send(Send::link(bill)).await.unwrap();
    let link = sent.short_url().unwrap().unwrap();
    let payer = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = payer.get(link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("method=\"post\""), "{page}");
    assert_eq!(payer.post(link).send().await.unwrap().status(), 200);
    assert_eq!(payer.post(link).send().await.unwrap().status(), 409);
    let nowhere = link.rsplit_once('/').unwrap().0.to_owned() + "/none";
    assert_eq!(payer.post(nowhere).send().await.unwrap().status(), 404);
    sandbox.settled().await;
    assert_eq!(callbacks(&receiver)[0].bill_id(), &id(5));
    let bill = client.bills().read(&id(5)).await.unwrap();
    assert_eq!(*bill.state(), BillState::Paid);
}

#[tokio::test]
async fn the_clock_of_the_sandbox_is_that_of_its_bills() {
    let receiver = receiver(0).await;
    let (sandbox, client) = sandbox(1, &receiver).await;
    let before = jiff::Timestamp::now();
    sandbox.turn_clock(24 * HOUR);
    sandbox.pay(&id(0)).unwrap();
    let bill = client.bills().read(&id(0)).await.unwrap();
    let paid = bill.approval().approved_at().unwrap().unwrap();
    let ahead = paid.timestamp().duration_since(before);
    assert!(ahead.as_hours() >= 23, "{ahead}");
}

#[tokio::test]
async fn nothing_that_is_shown_of_a_callback_holds_the_key() {
    let receiver = receiver(0).await;
    let (sandbox, _client) = sandbox(1, &receiver).await;
    sandbox.pay(&id(0)).unwrap();
    sandbox.settled().await;
    let shown = format!("{:?} {:?}", sandbox.callbacks(), callbacks(&receiver));
    assert!(!shown.contains(payssam::sandbox::API_KEY), "{shown}");
}
