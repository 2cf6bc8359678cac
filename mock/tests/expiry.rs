//! Bills expire by the clock of the mock server.

use std::time::Duration;

use crate::support::{code, id, post, read_request, send_request};
use jiff::{Timestamp, ToSpan, civil::Date, tz};
use payssam::{BillState, Error};
use payssam_mock::{MockServer, pay_by_id, pay_by_link};

const HOUR: Duration = Duration::from_secs(60 * 60);
const CALLBACK: &str = "https://academy.example/payssam";

/// Today in Korea, and so many days later.
fn day(later: i64) -> Date {
    let today = tz::offset(9).to_datetime(Timestamp::now()).date();
    today.checked_add(later.days()).unwrap()
}

/// A mock server with a bill that can be paid until tomorrow, and its link.
async fn until_tomorrow() -> (MockServer, String) {
    let mock = MockServer::start().await.unwrap();
    let mut request = send_request(crate::support::ID, CALLBACK);
    request["bill"]["expireDt"] = day(1).to_string().into();
    let sent = post(&mock, "/bill", &request).await;
    let link = sent["data"]["shortUrl"].as_str().unwrap().to_owned();
    (mock, link)
}

fn assert_expired(ended: Result<(), Error>) {
    let error = ended.unwrap_err().to_string();
    assert!(error.contains("expired"), "{error}");
}

#[tokio::test]
async fn a_bill_can_be_paid_before_its_last_day_is_over() {
    let (mock, link) = until_tomorrow().await;
    mock.advance_clock(23 * HOUR);
    pay_by_link(&link).await.unwrap();
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Paid);
}

#[tokio::test]
async fn a_bill_cannot_be_paid_after_its_last_day_and_stays_unpaid() {
    let (mock, link) = until_tomorrow().await;
    mock.advance_clock(48 * HOUR);
    assert_expired(mock.pay(&id()));
    assert_expired(pay_by_link(&link).await);
    assert_expired(pay_by_id(&mock.base_url(), mock.credentials(), &id()).await);
    let read = post(&mock, "/bill/read", &read_request()).await;
    assert_eq!(read["data"]["apprState"], "W");
    mock.destroy(&id()).unwrap();
}

#[tokio::test]
async fn a_bill_that_was_paid_in_time_is_cancelled_after_its_last_day() {
    let (mock, _) = until_tomorrow().await;
    mock.pay(&id()).unwrap();
    mock.advance_clock(48 * HOUR);
    mock.cancel(&id()).unwrap();
}

#[tokio::test]
async fn a_last_day_in_the_past_is_refused_and_the_id_stays_free() {
    let mock = MockServer::start().await.unwrap();
    mock.set_points(55);
    let mut request = send_request(crate::support::ID, CALLBACK);
    for past in [day(-1).to_string(), "2020-01-01".to_owned()] {
        request["bill"]["expireDt"] = past.into();
        assert_eq!(code(&mock, "/bill", &request).await, "MOCK_EXPIRED");
    }
    request["bill"]["expireDt"] = day(1).to_string().into();
    mock.advance_clock(48 * HOUR);
    assert_eq!(code(&mock, "/bill", &request).await, "MOCK_EXPIRED");
    assert!(mock.bill(&id()).is_none());
    request["bill"]["expireDt"] = day(3).to_string().into();
    assert_eq!(code(&mock, "/bill", &request).await, "0000");
}
