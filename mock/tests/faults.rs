//! Faults: which requests they are injected into, what they look like on the wire, and whether the
//! request is applied.

use std::time::{Duration, Instant};

use crate::support::{
    ID, change_request, code, http, id, post, price, read_request, with_bill, with_paid_bill,
};
use payssam::{BillId, BillState, Operation};
use payssam_mock::{Event, Fault, MockServer, Schedule};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// No response may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long the tests wait for a response that does not come.
const SILENCE: Duration = Duration::from_millis(300);

/// What a client sees of a response, byte by byte.
#[derive(Debug)]
struct Wire {
    bytes: String,
    /// How the connection ended; `None` when it was still open after a while.
    end: Option<End>,
}

#[derive(Debug, PartialEq)]
enum End {
    Closed,
    Reset,
}

impl Wire {
    fn status(&self) -> u16 {
        let status = self.bytes.split(' ').nth(1);
        status.and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let (head, _) = self.bytes.split_once("\r\n\r\n")?;
        let name = format!("{name}: ");
        head.lines().find_map(|line| line.strip_prefix(&name))
    }

    fn body(&self) -> &str {
        self.bytes
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body)
    }

    fn claimed_length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.body().len(), self.claimed_length());
        serde_json::from_str(self.body()).unwrap()
    }

    fn is_html(&self) -> bool {
        self.header("content-type") == Some("text/html;charset=UTF-8")
            && self.body().starts_with("<!doctype html>")
    }
}

/// Cancels the bill over a connection of its own.
async fn cancel(mock: &MockServer) -> Wire {
    cancel_within(mock, PATIENCE).await
}

async fn cancel_within(mock: &MockServer, wait: Duration) -> Wire {
    let url = mock.base_url();
    let address = url.trim_start_matches("http://");
    let (address, _) = address.split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = change_request().to_string();
    let request = format!(
        "POST /partner/bill/cancel HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = match timeout(wait, stream.read_to_end(&mut bytes)).await {
        Ok(Ok(_)) => Some(End::Closed),
        Ok(Err(_)) => Some(End::Reset),
        Err(_) => None,
    };
    let bytes = String::from_utf8(bytes).unwrap();
    Wire { bytes, end }
}

/// Checks what each kind of fault is documented to look like.
fn assert_documented(fault: Fault, wire: &Wire, name: &str) {
    match fault {
        Fault::Latency(_) | Fault::SlowDrip(_) => {
            assert_eq!(wire.json()["code"], "0000", "{name}");
        }
        Fault::CloseBeforeReading => {
            assert_eq!((wire.bytes.as_str(), &wire.end), ("", &Some(End::Reset)));
        }
        Fault::CloseAfterReading | Fault::ApplyThenClose | Fault::InProgress(_) => {
            assert_eq!((wire.bytes.as_str(), &wire.end), ("", &Some(End::Closed)));
        }
        Fault::ApplyThenHang => assert_eq!((wire.bytes.as_str(), &wire.end), ("", &None)),
        Fault::CutResponse => {
            assert!((1..wire.claimed_length()).contains(&wire.body().len()));
        }
        Fault::LyingLength => assert_eq!(wire.claimed_length(), wire.body().len() / 2),
        Fault::BadGateway { .. } => assert!(wire.status() == 502 && wire.is_html()),
        Fault::HtmlPage { .. } => assert!(wire.status() == 200 && wire.is_html()),
        Fault::EmptyResponse { .. } => {
            assert_eq!((wire.status(), wire.body()), (200, ""));
        }
        Fault::ServerError { .. } => {
            assert_eq!(wire.status(), 500);
            assert_eq!(wire.json()["code"], "ERROR");
        }
        Fault::ErrorCode { .. } => {
            assert_eq!(wire.status(), 200);
            assert_eq!(wire.json()["code"], "ERROR");
        }
        Fault::Payment001 { .. } => assert_eq!(wire.json()["code"], "PAYMENT_001"),
        Fault::TooManyRequests { .. } => {
            assert_eq!(wire.status(), 429);
            assert_eq!(wire.header("retry-after"), Some("1"));
        }
        Fault::RedirectElsewhere => {
            assert_eq!(wire.status(), 307);
            assert_eq!(wire.header("location"), Some("/elsewhere"));
        }
        Fault::WrongEcho => {
            let other = wire.json()["data"]["billId"].clone();
            assert!(other.is_string() && other != ID, "{other}");
        }
        Fault::MsgForMessage => {
            assert_eq!(wire.json()["msg"], "성공하였습니다.");
            assert_eq!(wire.json().get("message"), None);
        }
        Fault::NumbersForStrings => {
            assert!(wire.json()["data"]["apprNum"].is_u64());
            assert!(wire.json()["data"]["apprCancelDt"].is_u64());
            assert_eq!(wire.json()["data"]["billId"], ID);
        }
        Fault::NoApprovalNumber => {
            let data = &wire.json()["data"];
            assert_eq!(data["billId"], ID);
            assert!(data["apprCancelDt"].is_string());
            for number in ["apprNum", "apprOriginNum"] {
                assert_eq!(data.get(number), None);
            }
        }
        Fault::RejectThenApply(_) => {
            assert_eq!(wire.status(), 200);
            assert_eq!(wire.json()["code"], "MOCK_UNLISTED");
        }
        Fault::PaddedCode => assert_eq!(wire.json()["code"], " 0000\t"),
        other => panic!("{other} has no test of its own"),
    }
}

#[tokio::test]
async fn every_fault_is_on_the_wire_and_in_the_history_what_its_documentation_says() {
    for fault in Fault::ALL {
        // The same faults without the long pauses.
        let fault = match fault {
            Fault::Latency(_) => Fault::Latency(Duration::from_millis(20)),
            Fault::SlowDrip(_) => Fault::SlowDrip(Duration::from_millis(1)),
            Fault::InProgress(_) => Fault::InProgress(Duration::from_millis(20)),
            Fault::RejectThenApply(_) => Fault::RejectThenApply(Duration::from_millis(20)),
            other => *other,
        };
        let name = fault.name();
        let mock = with_paid_bill().await;
        mock.inject(fault, Schedule::once());
        let wait = match fault {
            Fault::ApplyThenHang => SILENCE,
            _ => PATIENCE,
        };
        let wire = cancel_within(&mock, wait).await;
        assert_documented(fault, &wire, name);
        mock.wait_until_idle().await;
        let (event, state) = match fault.applies() {
            true => (Event::Cancelled, BillState::Cancelled),
            false => (Event::NotApplied, BillState::Paid),
        };
        let bill = mock.bill(&id()).unwrap();
        assert_eq!(*bill.state(), state, "{name}");
        let last = bill.history().last().unwrap();
        assert_eq!(*last.event(), event, "{name}");
        assert_eq!(last.operation(), Some(Operation::BillCancel), "{name}");
        assert_eq!(last.fault(), Some(fault), "{name}");
        assert!(format!("{last:?}").ends_with(&format!("with {name}")));
    }
}

#[tokio::test]
async fn a_request_in_progress_refuses_other_writes_of_its_bill_until_it_is_applied() {
    let mock = with_paid_bill().await;
    let once = || Schedule::once().on(Operation::BillCancel);
    mock.inject(Fault::InProgress(Duration::from_millis(500)), once());
    assert_eq!(cancel(&mock).await.bytes, "");
    for (path, request) in [
        ("/bill/cancel", change_request()),
        ("/bill/destroy", change_request()),
        ("/bill/resend", read_request()),
    ] {
        assert_eq!(code(&mock, path, &request).await, "MOCK_IN_PROGRESS");
    }
    let read = post(&mock, "/bill/read", &read_request()).await;
    assert_eq!(
        read["data"]["apprState"], "F",
        "reads show the state of before"
    );
    mock.wait_until_idle().await;
    let bill = mock.bill(&id()).unwrap();
    assert_eq!(*bill.state(), BillState::Cancelled);
    assert_eq!(bill.cancellations(), 1);
    let again = code(&mock, "/bill/cancel", &change_request()).await;
    assert_ne!(again, "MOCK_IN_PROGRESS");

    // A read in progress refuses nothing.
    let mock = with_paid_bill().await;
    let once = Schedule::once().on(Operation::BillRead);
    mock.inject(Fault::InProgress(Duration::from_secs(600)), once);
    let url = format!("{}/bill/read", mock.base_url());
    let read = http().post(url).header("content-type", "application/json");
    read.body(read_request().to_string())
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&mock, "/bill/cancel", &change_request()).await, "0000");
}

#[tokio::test]
async fn a_request_that_was_rejected_with_an_unlisted_code_is_applied_later() {
    let mock = with_paid_bill().await;
    mock.inject(
        Fault::RejectThenApply(Duration::from_millis(300)),
        Schedule::once(),
    );
    assert_eq!(cancel(&mock).await.json()["code"], "MOCK_UNLISTED");
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Paid);
    mock.wait_until_idle().await;
    assert_eq!(*mock.bill(&id()).unwrap().state(), BillState::Cancelled);
}

#[tokio::test]
async fn latency_and_a_slow_drip_take_their_time() {
    for (fault, at_least) in [
        (Fault::Latency(Duration::from_millis(100)), 100),
        (Fault::SlowDrip(Duration::from_millis(10)), 160),
    ] {
        let mock = with_paid_bill().await;
        mock.inject(fault, Schedule::once());
        let start = Instant::now();
        cancel(&mock).await;
        assert!(start.elapsed().as_millis() >= at_least, "{fault}");
    }
}

#[tokio::test]
async fn a_late_request_is_applied_though_the_client_has_disconnected() {
    let mock = with_paid_bill().await;
    mock.inject(Fault::Latency(Duration::from_millis(400)), Schedule::once());
    let url = format!("{}/bill/cancel", mock.base_url());
    let request = http().post(url).header("content-type", "application/json");
    let request = request.body(change_request().to_string());
    let request = request.timeout(Duration::from_millis(200));
    assert!(request.send().await.unwrap_err().is_timeout());
    let is_cancelled = async {
        while *mock.bill(&id()).unwrap().state() != BillState::Cancelled {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, is_cancelled).await.unwrap();
}

#[tokio::test]
async fn the_time_to_wait_is_rounded_up_to_whole_seconds() {
    let millis = Duration::from_millis;
    for (retry_after, seconds) in [
        (millis(0), "0"),
        (millis(1), "1"),
        (millis(1_000), "1"),
        (millis(1_001), "2"),
        (Duration::from_secs(u64::MAX), "18446744073709551615"),
        (Duration::MAX, "18446744073709551615"),
    ] {
        let mock = with_paid_bill().await;
        mock.inject(Fault::TooManyRequests { retry_after }, Schedule::once());
        assert_eq!(cancel(&mock).await.header("retry-after"), Some(seconds));
    }
}

#[tokio::test]
async fn the_longest_pauses_and_clocks_are_no_panic() {
    let mock = with_paid_bill().await;
    for _ in 0..2 {
        mock.advance_clock(Duration::MAX);
    }
    for pause in [Duration::MAX, Duration::from_secs(i64::MAX as u64)] {
        for fault in [Fault::Latency(pause), Fault::SlowDrip(pause)] {
            let mock = with_paid_bill().await;
            mock.inject(fault, Schedule::once());
            let silent = timeout(SILENCE, post(&mock, "/bill/read", &read_request())).await;
            assert!(silent.is_err());
            // The server is still there.
            assert_eq!(code(&mock, "/bill/read", &read_request()).await, "0000");
        }
    }
    assert_eq!(code(&mock, "/bill/read", &read_request()).await, "0000");
}

/// Which of the first ten reads of a bill met the fault `error-code`.
async fn met(mock: &MockServer, bill_id: &str) -> Vec<u64> {
    let mut request = read_request();
    request["bill"]["billId"] = bill_id.into();
    let mut met = Vec::new();
    for position in 1..=10 {
        if code(mock, "/bill/read", &request).await == "ERROR" {
            met.push(position);
        }
    }
    met
}

const ERROR: Fault = Fault::ErrorCode { applied: false };

#[tokio::test]
async fn a_schedule_chooses_the_requests() {
    let all: Vec<u64> = (1..=10).collect();
    for (schedule, expected) in [
        (Schedule::always(), &all[..]),
        (Schedule::once(), &[1]),
        (Schedule::first(3), &[1, 2, 3]),
        (Schedule::sequence([2, 5, 9]), &[2, 5, 9]),
        (Schedule::sequence([]), &[]),
        (Schedule::probability(0.0, 1).unwrap(), &[]),
        (Schedule::probability(1.0, 1).unwrap(), &all),
        (Schedule::first(2).on(Operation::BillRead), &[1, 2]),
        (Schedule::always().on(Operation::BillCancel), &[]),
    ] {
        let mock = with_bill().await;
        mock.inject(ERROR, schedule.clone());
        assert_eq!(met(&mock, ID).await, expected, "{schedule:?}");
    }
}

#[tokio::test]
async fn a_schedule_of_one_operation_counts_no_other() {
    let mock = with_bill().await;
    mock.inject(ERROR, Schedule::sequence([2]).on(Operation::BillResend));
    let request = read_request();
    for (path, expected) in [
        ("/bill/resend", "0000"),
        ("/bill/read", "0000"),
        ("/bill/resend", "ERROR"),
        ("/bill/resend", "0000"),
    ] {
        assert_eq!(code(&mock, path, &request).await, expected);
    }
}

#[tokio::test]
async fn a_schedule_begins_to_count_with_its_injection() {
    let mock = with_bill().await;
    post(&mock, "/bill/read", &read_request()).await;
    mock.inject(ERROR, Schedule::sequence([2]));
    assert_eq!(met(&mock, ID).await, [2]);
}

#[tokio::test]
async fn a_request_meets_the_earliest_injection_and_all_injections_count_it() {
    let mock = with_paid_bill().await;
    mock.inject(Fault::RedirectElsewhere, Schedule::once());
    mock.inject(Fault::BadGateway { applied: false }, Schedule::first(2));
    let statuses = [
        cancel(&mock).await.status(),
        cancel(&mock).await.status(),
        cancel(&mock).await.status(),
    ];
    assert_eq!(statuses, [307, 502, 200]);
}

#[tokio::test]
async fn cleared_faults_are_met_no_more() {
    let mock = with_bill().await;
    mock.inject(ERROR, Schedule::always());
    assert_eq!(met(&mock, ID).await.len(), 10);
    mock.clear_faults();
    assert_eq!(met(&mock, ID).await, [0; 0]);
}

#[tokio::test]
async fn a_seed_repeats_the_same_faults_whatever_other_faults_and_bills_there_are() {
    let met_with = |seed, is_alone: bool| async move {
        let mock = with_bill().await;
        let other = BillId::new("other").unwrap();
        mock.add_bill(other.clone(), price()).unwrap();
        if !is_alone {
            let never = Schedule::probability(0.0, 3).unwrap();
            mock.inject(Fault::ApplyThenClose, never.clone());
            met(&mock, ID).await;
            mock.clear_faults();
            mock.inject(Fault::ApplyThenClose, never);
        }
        mock.inject(ERROR, Schedule::probability(0.5, seed).unwrap());
        let id = if is_alone { ID } else { other.as_str() };
        met(&mock, id).await
    };
    let first = met_with(7, true).await;
    assert!((1..10).contains(&first.len()), "{first:?}");
    assert_eq!(first, met_with(7, false).await);
    assert_ne!(first, met_with(8, true).await);
}

#[tokio::test]
async fn a_probability_is_about_the_share_of_requests_that_meet_the_fault() {
    let mock = MockServer::start().await.unwrap();
    mock.inject(ERROR, Schedule::probability(0.25, 1).unwrap());
    let mut count = 0;
    for number in 0..40 {
        let id = BillId::new(format!("bill-{number}")).unwrap();
        mock.add_bill(id.clone(), price()).unwrap();
        count += met(&mock, id.as_str()).await.len();
    }
    assert!((70..=130).contains(&count), "{count} of 400");
}

#[test]
fn a_probability_is_a_number_from_0_to_1() {
    for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = Schedule::probability(wrong, 1).unwrap_err();
        assert!(error.to_string().contains("from 0 to 1"), "{error}");
    }
}

#[test]
fn every_fault_has_a_name_of_its_own_that_is_parsed_back() {
    let mut names: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    for (fault, name) in Fault::ALL.iter().zip(&names) {
        assert_eq!(name.parse::<Fault>().unwrap(), *fault);
        assert_eq!(fault.to_string(), *name);
    }
    assert!(names.contains(&"apply-then-close") && names.contains(&"cut-response"));
    assert_eq!("cut-answer".parse::<Fault>().unwrap(), Fault::CutResponse);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fault::ALL.len());
    let error = "nonsense".parse::<Fault>().unwrap_err().to_string();
    assert!(
        error.contains("unknown fault nonsense; use one of latency,"),
        "{error}"
    );
}
