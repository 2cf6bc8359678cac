//! What the mock server posts when a bill is paid, and what a receiver makes of it.
mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod wire;
}

use std::time::Duration;

use payssam::{
    BillId, BillState, Client, NewBill, PayerName, PhoneNumber, ProductName, SendBill, Won,
    callback::{self, ApprovalCallback, CallbackUrl, NotVerified, Part, Seen, SeenInMemory},
};
use payssam_mock::MockServer;
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

/// A mock server with so many bills, whose payments are told to this receiver.
async fn mock(bills: u32, receiver: &Server) -> (MockServer, Client) {
    let mock = MockServer::start().await.unwrap();
    let client = mock.client().unwrap();
    for number in 0..bills {
        let bill = NewBill {
            id: id(number),
            product: ProductName::new("수강료").unwrap(),
            price: price(),
            payer: PayerName::new("김하나").unwrap(),
            phone: PhoneNumber::new("01012345678").unwrap(),
            callback: CallbackUrl::new(format!("{}/hook?shop=1", receiver.base_url())).unwrap(),
        };
        client.bills().send(&SendBill::kakaotalk(bill)).await.unwrap();
    }
    (mock, client)
}

#[tokio::test]
async fn a_payment_is_told_once_when_it_is_acknowledged() {
    let receiver = receiver(0).await;
    let (mock, client) = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let [callback] = &callbacks(&receiver)[..] else {
        panic!("{:?}", bodies(&receiver));
    };
    assert_eq!(callback.bill_id(), &id(0));
    assert_eq!(callback.state(), Some(&BillState::Paid));
    assert_eq!(callback.matches_key(mock.credentials()), Some(true));
    let approval = callback.verify(&client).await.unwrap();
    assert_eq!(approval.amount(), price());
    let (_, requests) = receiver.heard();
    assert!(requests[0].starts_with("POST /hook?shop=1 HTTP/1.1\r\n"));
    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let [sent] = &mock.callbacks()[..] else {
        panic!("{:?}", mock.callbacks());
    };
    assert!(sent.is_acknowledged() && !sent.is_forged());
    assert_eq!((sent.repeat(), sent.http_status()), (0, Some(200)));
}

#[tokio::test]
async fn it_comes_again_every_hour_for_a_day_until_it_is_acknowledged() {
    let receiver = receiver(3).await;
    let (mock, _client) = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    for hour in 1..=3 {
        assert_eq!(bodies(&receiver).len(), hour);
        mock.advance_clock(HOUR - Duration::from_secs(60));
        mock.wait_until_idle().await;
        assert_eq!(bodies(&receiver).len(), hour, "not within the hour");
        mock.advance_clock(Duration::from_secs(60));
        mock.wait_until_idle().await;
    }
    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let bodies = bodies(&receiver);
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn after_a_day_it_comes_no_more() {
    let receiver = receiver(usize::MAX).await;
    let (mock, _client) = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let sent = mock.callbacks();
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
        let (mock, _client) = mock(1, &receiver).await;
        mock.pay(&id(0)).unwrap();
        mock.advance_clock(HOUR);
        mock.wait_until_idle().await;
        assert_eq!(bodies(&receiver).len(), 2, "{answer}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_noted() {
    let receiver = receiver(0).await;
    let (mock, _client) = mock(1, &receiver).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    mock.forge_callback(&address, &id(0), price()).unwrap();
    mock.wait_until_idle().await;
    assert_eq!(mock.callbacks()[0].http_status(), None);
}

#[tokio::test]
async fn a_duplicate_is_booked_once() {
    let receiver = receiver(0).await;
    let (mock, client) = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.duplicate_callback(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let seen = SeenInMemory::default();
    let mut booked = 0;
    for callback in callbacks(&receiver) {
        let approval = callback.verify(&client).await.unwrap();
        booked += u32::from(seen.claim(&approval).unwrap());
    }
    assert_eq!((bodies(&receiver).len(), booked), (2, 1));
    assert!(mock.duplicate_callback(&id(7)).is_err());
}

#[tokio::test]
async fn callbacks_can_come_in_another_order() {
    let receiver = receiver(0).await;
    let (mock, _client) = mock(3, &receiver).await;
    mock.hold_callbacks();
    for number in 0..3 {
        mock.pay(&id(number)).unwrap();
    }
    mock.wait_until_idle().await;
    assert!(bodies(&receiver).is_empty());
    mock.release_callbacks();
    mock.wait_until_idle().await;
    let order: Vec<BillId> = callbacks(&receiver)
        .iter()
        .map(|callback| callback.bill_id().clone())
        .collect();
    assert_eq!(order, [id(2), id(1), id(0)]);
}

#[tokio::test]
async fn a_forged_callback_is_not_verified() {
    let receiver = receiver(0).await;
    let (mock, client) = mock(2, &receiver).await;
    let hook = receiver.base_url();
    // Not paid; paid with less; not there at all.
    mock.forge_callback(&hook, &id(0), price()).unwrap();
    mock.hold_callbacks();
    mock.pay(&id(1)).unwrap();
    mock.release_callbacks();
    let more = Won::new(45_001).unwrap();
    mock.forge_callback(&hook, &id(1), more).unwrap();
    mock.forge_callback(&hook, &id(9), price()).unwrap();
    mock.wait_until_idle().await;
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
            Err(NotVerified::NotRead { .. }) => "unread",
            Err(other) => panic!("{other}"),
        });
    }
    found.sort_unstable();
    assert_eq!(found, ["amount", "state", "unread", "verified"]);
    let forged = mock.callbacks();
    assert_eq!(forged.iter().filter(|sent| sent.is_forged()).count(), 3);
    assert!(
        mock.forge_callback("https://payssam.example", &id(0), price())
            .is_err()
    );
}

#[tokio::test]
async fn the_payer_pays_by_the_link() {
    let receiver = receiver(0).await;
    let (mock, client) = mock(1, &receiver).await;
    let bill = NewBill {
        id: id(5),
        product: ProductName::new("수강료").unwrap(),
        price: price(),
        payer: PayerName::new("김하나").unwrap(),
        phone: PhoneNumber::new("01012345678").unwrap(),
        callback: CallbackUrl::new(receiver.base_url()).unwrap(),
    };
    let sent = client.bills().send(&SendBill::link(bill)).await.unwrap();
    let link = sent.short_url().unwrap().unwrap();
    let payer = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = payer.get(link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("method=\"post\""), "{page}");
    assert_eq!(payer.post(link).send().await.unwrap().status(), 200);
    assert_eq!(payer.post(link).send().await.unwrap().status(), 409);
    let nowhere = link.rsplit_once('/').unwrap().0.to_owned() + "/none";
    assert_eq!(payer.post(nowhere).send().await.unwrap().status(), 404);
    mock.wait_until_idle().await;
    assert_eq!(callbacks(&receiver)[0].bill_id(), &id(5));
    let bill = client.bills().read(&id(5)).await.unwrap();
    assert_eq!(*bill.state(), BillState::Paid);
}

#[tokio::test]
async fn the_clock_of_the_mock_server_is_that_of_its_bills() {
    let receiver = receiver(0).await;
    let (mock, client) = mock(1, &receiver).await;
    let before = jiff::Timestamp::now();
    mock.advance_clock(24 * HOUR);
    mock.pay(&id(0)).unwrap();
    let bill = client.bills().read(&id(0)).await.unwrap();
    let paid = bill.approval().approved_at().unwrap().unwrap();
    let ahead = paid.timestamp().duration_since(before);
    assert!(ahead.as_hours() >= 23, "{ahead}");
}

#[tokio::test]
async fn nothing_that_is_shown_of_a_callback_holds_the_key() {
    let receiver = receiver(0).await;
    let (mock, _client) = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let shown = format!("{:?} {:?}", mock.callbacks(), callbacks(&receiver));
    assert!(!shown.contains(payssam_mock::API_KEY), "{shown}");
}
