//! Callbacks: when the mock server sends them, what they say, and when they come again.

use std::{
    convert::Infallible,
    io::{Read, Write},
    time::Duration,
};

use crate::support::{
    http, post, price,
    receiver::{ACKNOWLEDGEMENT, Receiver},
    send_request,
};
use payssam::{
    BillId, BillState, Won,
    callback::{ApprovalCallback, Booking, NotVerified, Part, SeenInMemory, book_once},
};
use payssam_mock::{API_KEY, MockCallback, MockServer, pay_by_link};
use serde_json::Value;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn id(number: u32) -> BillId {
    BillId::new(format!("bill-{number}")).unwrap()
}

fn callbacks(receiver: &Receiver) -> Vec<ApprovalCallback> {
    let bodies = receiver.bodies();
    let parse = |body: &String| ApprovalCallback::parse(body.as_bytes()).unwrap();
    bodies.iter().map(parse).collect()
}

/// Sends a bill, and gives its link.
async fn send(mock: &MockServer, number: u32, callback_url: &str) -> String {
    let request = send_request(id(number).as_str(), callback_url);
    let response = post(mock, "/bill", &request).await;
    response["data"]["shortUrl"].as_str().unwrap().to_owned()
}

/// A mock server with so many bills whose callbacks go to this receiver.
async fn mock(bills: u32, receiver: &Receiver) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    for number in 0..bills {
        send(
            &mock,
            number,
            &format!("{}/hook?merchant=1", receiver.url()),
        )
        .await;
    }
    mock
}

#[tokio::test]
async fn a_payment_sends_one_callback_if_it_is_acknowledged() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.wait_until_idle().await;
    assert!(receiver.received().is_empty());
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let [received] = &receiver.received()[..] else {
        panic!("{:?}", receiver.bodies());
    };
    assert_eq!(received.method, "POST");
    assert_eq!(received.target, "/hook?merchant=1");
    assert_eq!(received.content_type, "application/json;charset=UTF-8");

    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let [sent] = &mock.callbacks()[..] else {
        panic!("{:?}", mock.callbacks());
    };
    assert_eq!(sent.bill_id(), &id(0));
    assert!(sent.is_acknowledged() && !sent.is_forged());
    assert_eq!((sent.repeat(), sent.http_status()), (0, Some(200)));
}

#[tokio::test]
async fn a_callback_says_what_a_read_says() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let mut request = send_request(id(0).as_str(), "");
    request["bill"] = serde_json::json!({"billId": id(0).as_str()});
    let read = post(&mock, "/bill/read", &request).await;
    let callback: Value = serde_json::from_str(&receiver.bodies()[0]).unwrap();
    assert_eq!(callback, read["data"]);
    assert_eq!(callback["apprState"], "F");
}

#[tokio::test]
async fn the_library_verifies_a_callback() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let callback = callbacks(&receiver).remove(0);
    assert_eq!(callback.bill_id(), &id(0));
    assert_eq!(callback.state(), Some(&BillState::Paid));
    assert_eq!(callback.matches_key(mock.credentials()), Some(true));
    let approval = callback.verify(&mock.client().unwrap()).await.unwrap();
    assert_eq!(approval.amount(), price());
}

#[tokio::test]
async fn a_callback_comes_again_every_hour_until_it_is_acknowledged() {
    let receiver = Receiver::acknowledging(3).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    for hour in 1..=3 {
        assert_eq!(receiver.bodies().len(), hour);
        mock.advance_clock(HOUR - Duration::from_secs(60));
        mock.wait_until_idle().await;
        assert_eq!(receiver.bodies().len(), hour, "not within the hour");
        mock.advance_clock(Duration::from_secs(60));
        mock.wait_until_idle().await;
    }
    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[tokio::test]
async fn a_callback_comes_again_24_times_at_most() {
    let receiver = Receiver::acknowledging(usize::MAX).await;
    let mock = mock(1, &receiver).await;
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
async fn only_the_exact_bytes_with_http_200_acknowledge_a_callback() {
    for (status, body) in [
        (200, r#"{"code":"0000","message":"성공하였습니다."}"#),
        (200, r#"{"code": "0000", "msg": "성공하였습니다."}"#),
        (200, r#"{"code":"0000"}"#),
        (200, "OK"),
        (200, ""),
        (201, ACKNOWLEDGEMENT),
        (500, ACKNOWLEDGEMENT),
    ] {
        let receiver = Receiver::start(move |_, _| (status, body.to_owned())).await;
        let mock = mock(1, &receiver).await;
        mock.pay(&id(0)).unwrap();
        mock.advance_clock(HOUR);
        mock.wait_until_idle().await;
        assert_eq!(receiver.bodies().len(), 2, "{status} {body}");
    }
}

/// Listens on loopback, answers the first connection with these bytes, and gives how many were taken
/// before the mock server closed it.
fn answering(bytes: Vec<u8>) -> (String, std::thread::JoinHandle<usize>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let mut taken = 0;
        for piece in bytes.chunks(64 * 1024) {
            match stream.write_all(piece) {
                Ok(()) => taken += piece.len(),
                Err(_) => break,
            }
        }
        taken
    });
    (url, taken)
}

#[tokio::test]
async fn an_acknowledgement_that_is_cut_off_does_not_count() {
    for length in [ACKNOWLEDGEMENT.len(), ACKNOWLEDGEMENT.len() + 1] {
        let response =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{ACKNOWLEDGEMENT}");
        let (url, _) = answering(response.into());
        let mock = MockServer::start().await.unwrap();
        mock.forge_callback(&url, &id(0), price()).unwrap();
        mock.wait_until_idle().await;
        let is_whole = length == ACKNOWLEDGEMENT.len();
        assert_eq!(mock.callbacks()[0].is_acknowledged(), is_whole);
    }
}

#[tokio::test]
async fn no_more_than_1024_bytes_of_a_response_are_read() {
    let large = 64 * 1024 * 1024;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {large}\r\n\r\n{ACKNOWLEDGEMENT}");
    let mut response = head.into_bytes();
    response.resize(large, b' ');
    let (url, taken) = answering(response);
    let mock = MockServer::start().await.unwrap();
    mock.forge_callback(&url, &id(0), price()).unwrap();
    mock.wait_until_idle().await;
    assert!(!mock.callbacks()[0].is_acknowledged());
    // The rest is what the buffers of the system hold.
    assert!(taken.join().unwrap() < large / 2);
}

#[tokio::test]
async fn what_the_library_responds_acknowledges_a_callback_or_asks_for_it_again() {
    let acknowledge = payssam::callback::acknowledge().body();
    let retry_later = payssam::callback::retry_later().body();
    for (body, count) in [(acknowledge, 1), (retry_later, 2)] {
        let receiver = Receiver::start(move |_, _| (200, body.to_owned())).await;
        let mock = mock(1, &receiver).await;
        mock.pay(&id(0)).unwrap();
        mock.advance_clock(HOUR);
        mock.wait_until_idle().await;
        assert_eq!(receiver.bodies().len(), count, "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let receiver = Receiver::start(|_, _| (307, String::new())).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    assert_eq!(mock.callbacks()[0].http_status(), Some(307));
    assert!(!mock.callbacks()[0].is_acknowledged());
}

#[tokio::test]
async fn a_receiver_that_does_not_respond_is_recorded_without_a_status() {
    let mock = MockServer::start().await.unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    mock.forge_callback(&url, &id(0), price()).unwrap();
    mock.wait_until_idle().await;
    let [sent] = &mock.callbacks()[..] else {
        panic!("{:?}", mock.callbacks());
    };
    assert_eq!(sent.http_status(), None);
    assert!(!sent.is_acknowledged());
}

#[tokio::test]
async fn a_callback_url_outside_loopback_gets_no_callback() {
    let mock = MockServer::start().await.unwrap();
    send(&mock, 0, "https://payssam.example/hook").await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    assert!(mock.callbacks().is_empty());
    assert!(mock.duplicate_callback(&id(0)).is_err());
}

#[tokio::test]
async fn a_callback_url_with_a_user_or_a_password_is_rejected_and_nothing_is_sent_to_it() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    for user in ["user:secret@", "user@", ":secret@", "user%40:secret@"] {
        let url = receiver.url().replace("http://", &format!("http://{user}"));
        let response = post(&mock, "/bill", &send_request(id(0).as_str(), &url)).await;
        assert_eq!(response["code"], "MOCK_CALLBACK_URL", "{url}");
        let message = response["message"].as_str().unwrap();
        assert!(!message.contains("secret"), "{message}");
        let error = mock.forge_callback(&url, &id(0), price()).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        let link = url + "/pay/1";
        let error = pay_by_link(&link).await.unwrap_err().to_string();
        assert!(error.contains("not a link of a mock server"), "{error}");
    }
    mock.wait_until_idle().await;
    assert!(mock.bill(&id(0)).is_none());
    assert!(mock.callbacks().is_empty());
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn localhost_is_reached_on_loopback() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    for (number, host) in ["localhost", "LocalHost"].into_iter().enumerate() {
        let url = receiver.url().replace("127.0.0.1", host);
        let number = u32::try_from(number).unwrap();
        send(&mock, number, &format!("{url}/hook")).await;
        mock.pay(&id(number)).unwrap();
    }
    mock.wait_until_idle().await;
    assert_eq!(receiver.received().len(), 2);
    assert!(mock.callbacks().iter().all(MockCallback::is_acknowledged));
}

#[tokio::test]
async fn a_duplicate_callback_is_booked_once() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    let client = mock.client().unwrap();
    mock.pay(&id(0)).unwrap();
    mock.duplicate_callback(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let seen = SeenInMemory::default();
    let mut ends = Vec::new();
    for callback in callbacks(&receiver) {
        let payment = callback.verify(&client).await.unwrap();
        let end = book_once(&seen, &payment, |_| async { Ok::<_, Infallible>(()) });
        ends.push(end.await.unwrap());
    }
    assert_eq!(ends, [Booking::Booked, Booking::Duplicate]);
}

#[tokio::test]
async fn only_a_bill_that_was_paid_and_has_a_callback_url_has_a_duplicate() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.add_bill(id(7), price()).unwrap();
    mock.pay(&id(7)).unwrap();
    for number in [0, 7, 8] {
        let error = mock.duplicate_callback(&id(number)).unwrap_err();
        assert!(error.to_string().contains("has no callback"), "{error}");
    }
    mock.wait_until_idle().await;
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn callbacks_that_were_held_come_in_reverse_order() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(3, &receiver).await;
    mock.hold_callbacks();
    for number in 0..3 {
        mock.pay(&id(number)).unwrap();
    }
    mock.wait_until_idle().await;
    assert!(receiver.received().is_empty());
    mock.release_callbacks();
    mock.wait_until_idle().await;
    let order: Vec<BillId> = callbacks(&receiver)
        .iter()
        .map(|callback| callback.bill_id().clone())
        .collect();
    assert_eq!(order, [id(2), id(1), id(0)]);
}

#[tokio::test]
async fn the_library_does_not_verify_a_forged_callback() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(2, &receiver).await;
    let client = mock.client().unwrap();
    let hook = receiver.url();
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
    let sent = mock.callbacks();
    assert_eq!(sent.iter().filter(|sent| sent.is_forged()).count(), 3);
}

#[tokio::test]
async fn a_forged_callback_has_no_key_and_does_not_come_again() {
    let receiver = Receiver::acknowledging(usize::MAX).await;
    let mock = MockServer::start().await.unwrap();
    mock.forge_callback(&receiver.url(), &id(0), price())
        .unwrap();
    mock.advance_clock(48 * HOUR);
    mock.wait_until_idle().await;
    let [body] = &receiver.bodies()[..] else {
        panic!("{:?}", receiver.bodies());
    };
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["billId"], "bill-0");
    assert_eq!(body["apprState"], "F");
    assert_eq!(body["apprPrice"], "45000");
    assert_eq!(body.get("apiKey"), None);
}

#[tokio::test]
async fn a_forged_callback_goes_to_loopback_only() {
    let mock = MockServer::start().await.unwrap();
    let error = mock
        .forge_callback("https://payssam.example", &id(0), price())
        .unwrap_err();
    assert!(error.to_string().contains("loopback only"), "{error}");
}

#[tokio::test]
async fn the_payer_pays_on_the_page_of_the_link() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = MockServer::start().await.unwrap();
    let link = send(&mock, 5, &receiver.url()).await;
    let payer = http();
    let page = payer.get(&link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("method=\"post\""), "{page}");
    assert_eq!(*mock.bill(&id(5)).unwrap().state(), BillState::Unpaid);
    // As the browser does when the button of the page is pressed.
    let origin = mock.base_url().replace("/partner", "");
    let (_, token) = page.split_once("name=\"token\" value=\"").unwrap();
    let fields = format!("token={}&act=card", token.split('"').next().unwrap());
    let press = async |link: &str| {
        let form = payer
            .post(link)
            .header("origin", &origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.clone());
        form.send().await.unwrap().status()
    };
    assert_eq!(press(&link).await, 200);
    assert_eq!(*mock.bill(&id(5)).unwrap().state(), BillState::Paid);
    assert_eq!(press(&link).await, 409);
    let nowhere = link.rsplit_once('/').unwrap().0.to_owned() + "/none";
    assert_eq!(press(&nowhere).await, 404);
    mock.wait_until_idle().await;
    assert_eq!(callbacks(&receiver)[0].bill_id(), &id(5));
}

#[tokio::test]
async fn a_bill_is_paid_by_its_link_once() {
    let mock = MockServer::start().await.unwrap();
    let link = send(&mock, 5, "https://payssam.example/hook").await;
    pay_by_link(&link).await.unwrap();
    assert_eq!(*mock.bill(&id(5)).unwrap().state(), BillState::Paid);
    let error = |link: String| async move { pay_by_link(&link).await.unwrap_err().to_string() };
    assert!(error(link.clone()).await.contains("not unpaid"));
    let (links, _) = link.rsplit_once('/').unwrap();
    assert!(
        error(format!("{links}/9-none"))
            .await
            .contains("no such bill")
    );
    let elsewhere = Receiver::start(|_, _| (500, String::new())).await;
    let elsewhere = error(format!("{}/pay/1", elsewhere.url())).await;
    assert!(
        elsewhere.contains("no mock server at this address"),
        "{elsewhere}"
    );
    let operation = format!("{}/bill/read", mock.base_url());
    for link in [
        "https://payssam.example/pay/1",
        &operation,
        "not a link",
        "",
    ] {
        let message = error(link.to_owned()).await;
        assert!(message.contains("not a link of a mock server"), "{message}");
    }
    drop(mock);
    tokio::task::yield_now().await;
    let stopped = error(link).await;
    assert!(stopped.contains("did not respond"), "{stopped}");
}

#[tokio::test]
async fn times_follow_the_clock_of_the_mock_server() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    let before = jiff::Timestamp::now();
    mock.advance_clock(24 * HOUR);
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    let client = mock.client().unwrap();
    let bill = client.bills().read(&id(0)).await.unwrap();
    let paid = bill.approval().approved_at().unwrap().unwrap();
    for at in [paid, mock.callbacks()[0].at()] {
        let ahead = at.timestamp().duration_since(before);
        assert!((23..=24).contains(&ahead.as_hours()), "{ahead}");
    }
    let bill = mock.bill(&id(0)).unwrap();
    assert_eq!(bill.paid_at(), Some(paid));
    assert_eq!(bill.history()[1].at(), paid);
}

#[tokio::test]
async fn debug_output_of_callbacks_does_not_show_the_key() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    assert!(receiver.bodies()[0].contains(API_KEY));
    let shown = format!("{:?} {:?}", mock.callbacks(), callbacks(&receiver));
    assert!(shown.contains("bill-0"), "{shown}");
    assert!(!shown.contains(API_KEY), "{shown}");
}

#[tokio::test]
async fn a_cancellation_sends_no_callback() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.cancel(&id(0)).unwrap();
    mock.wait_until_idle().await;
    assert_eq!(receiver.bodies().len(), 1);
}

#[tokio::test]
async fn a_duplicate_callback_is_the_same_bytes_also_after_a_cancellation() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = mock(1, &receiver).await;
    mock.pay(&id(0)).unwrap();
    mock.wait_until_idle().await;
    mock.advance_clock(Duration::from_secs(60));
    mock.cancel(&id(0)).unwrap();
    mock.duplicate_callback(&id(0)).unwrap();
    mock.wait_until_idle().await;
    assert!(receiver.bodies()[0].contains(r#""apprState":"F""#));
    assert_eq!(receiver.bodies()[1], receiver.bodies()[0]);
}

#[tokio::test]
async fn callbacks_go_beyond_loopback_only_to_a_host_that_was_allowed() {
    let receiver = Receiver::acknowledging(0).await;
    let port = receiver.url().rsplit_once(':').unwrap().1.to_owned();
    // An address that leads to this machine, and is none of 127.0.0.0/8 and ::1.
    let host = "[::ffff:7f00:1]";
    let url = format!("http://{host}:{port}/hook");
    let refusing = MockServer::start().await.unwrap();
    send(&refusing, 1, &url).await;
    refusing.pay(&id(1)).unwrap();
    refusing.wait_until_idle().await;
    assert!(refusing.forge_callback(&url, &id(1), price()).is_err());
    assert!(receiver.received().is_empty());

    let builder = MockServer::builder().callbacks_to(host);
    let allowing = builder.start().await.unwrap();
    send(&allowing, 1, &url).await;
    allowing.pay(&id(1)).unwrap();
    allowing.wait_until_idle().await;
    assert!(allowing.callbacks()[0].is_acknowledged());
    assert_eq!(receiver.received().len(), 1);
    for other in [
        "http://[::ffff:7f00:2]/",
        "https://[::ffff:7f00:1]/",
        "http://u@[::ffff:7f00:1]/",
    ] {
        assert!(
            allowing.forge_callback(other, &id(1), price()).is_err(),
            "{other}"
        );
    }
}
