//! Every text of a response is shown masked, escaped and cut: in `Display`, `Debug`, serde and the log.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod calls;
    pub mod log;
    pub mod samples;
    pub mod wire;
}

use std::{collections::BTreeSet, sync::LazyLock, time::Duration};

use payssam::{ConfirmPolicy, Error, Operation, redact};
use serde_json::{Map, Value, json};
use support::{
    caller::{API_KEY, bill_id, cancel, client},
    calls::Call,
    log::Log,
    samples,
    wire::{Action, Server, http},
};
use tracing_subscriber::util::SubscriberInitExt;

const CARD: &str = "9410123456785678";
const SPACED_CARD: &str = "9410 1234 5678 5678";
const PHONE: &str = "010-9876-5432";

/// What a hostile response has in every text.
fn poison() -> String {
    format!(
        "\u{1b}[2J\u{9b}31m\n::error::x\r\u{202e}\u{2028}\u{3164}{API_KEY} {CARD} / {SPACED_CARD} / {PHONE}"
    )
}

/// Checks one line that is shown.
#[track_caller]
fn is_clean(shown: &str) {
    for secret in [API_KEY, CARD, SPACED_CARD, PHONE] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let hidden = shown.chars().find(|&c| redact::is_invisible(c));
    assert_eq!(hidden, None, "in {shown}");
}

/// Checks every text in JSON.
#[track_caller]
fn is_clean_json(json: &Value) {
    match json {
        Value::String(text) => is_clean(text),
        Value::Array(values) => values.iter().for_each(is_clean_json),
        Value::Object(fields) => fields.values().for_each(is_clean_json),
        other => is_clean(&other.to_string()),
    }
}

#[track_caller]
fn is_clean_error(error: &Error) {
    is_clean(&error.to_string());
    is_clean(&format!("{error:?}"));
    is_clean_json(&serde_json::to_value(error).unwrap());
    for attempt in error.attempts() {
        is_clean(&attempt.to_string());
        is_clean(&format!("{attempt:?}"));
    }
    if let Some(response) = error.response() {
        is_clean(&response.to_string());
        is_clean(&format!("{response:?}"));
        is_clean(&response.message().to_string());
        if let Some(code) = response.code() {
            is_clean(&code.to_string());
            is_clean(&format!("{code:?}"));
            is_clean_json(&serde_json::to_value(code).unwrap());
        }
    }
}

/// All that this process writes to its log, from [`watch`] on.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    log.subscriber().init();
    log
});

/// Starts to record the log.
fn watch() {
    LazyLock::force(&LOG);
}

/// Checks every line that any test wrote since the last check.
#[track_caller]
fn is_clean_log() {
    let lines = LOG.take();
    assert!(!lines.is_empty());
    // Each line begins with its time.
    for line in lines.lines() {
        assert!(line.starts_with("20"), "{line}");
        is_clean(line);
    }
}

/// The names of all fields that the specification knows, in any request or response.
fn field_names() -> BTreeSet<String> {
    fn collect(json: &Value, names: &mut BTreeSet<String>) {
        match json {
            Value::Object(fields) => {
                if let Some(Value::Object(properties)) = fields.get("properties") {
                    names.extend(properties.keys().cloned());
                }
                fields.values().for_each(|value| collect(value, names));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    collect(&serde_json::from_str(payssam::OPENAPI).unwrap(), &mut names);
    assert!(names.len() > 40, "{names:?}");
    names
}

/// A response with poison in every field, but for those that would contradict the request.
fn poisoned_success() -> String {
    let mut data: Map<String, Value> = field_names()
        .into_iter()
        .map(|name| (name, poison().into()))
        .collect();
    data.remove("billId");
    data.remove("hash");
    let entry = data.clone();
    data.insert("info".into(), json!([entry]));
    json!({"code": "0000", "message": poison(), "data": data}).to_string()
}

async fn responding(body: String) -> Server {
    Server::start(move |_| Action::Write(http("200 OK", &body))).await
}

#[tokio::test]
async fn no_field_of_a_success_is_shown_as_it_came() {
    watch();
    let server = responding(poisoned_success()).await;
    let client = client(&server.base_url());
    for call in Call::ALL {
        let shown = call
            .show(&client)
            .await
            .unwrap_or_else(|error| panic!("{call:?}: {error}"));
        is_clean(&shown.debug);
        is_clean_json(&shown.json);
    }
    let bill = client.bills().read(&bill_id()).await.unwrap();
    let (approval, state) = (bill.approval(), bill.state());
    is_clean(&format!(
        "{approval:?} {:?} {:?}",
        approval.cash_receipt(),
        approval.healthcare()
    ));
    is_clean(&format!("{state} {state:?} {:?}", approval.pay_type()));
    is_clean(&approval.pay_type().unwrap().to_string());
    is_clean_json(&serde_json::to_value(state).unwrap());
    is_clean(&format!(
        "{:?}",
        client.call("/bill/rp", json!({})).await.unwrap()
    ));
    is_clean_log();
}

#[tokio::test]
async fn no_field_of_a_response_holds_the_key() {
    let server = responding(poisoned_success()).await;
    let bill = client(&server.base_url())
        .bills()
        .read(&bill_id())
        .await
        .unwrap();
    for name in field_names() {
        let raw = bill.approval().raw(&name).unwrap_or_default();
        assert!(!raw.contains(API_KEY), "{name}");
    }
    let as_it_came = poison().replace(API_KEY, redact::MASKED);
    assert_eq!(bill.approval().issuer_name(), Some(as_it_came.as_str()));
}

#[tokio::test]
async fn no_text_of_an_error_is_shown_as_it_came() {
    watch();
    for body in [
        json!({"code": poison(), "message": poison(), "data": null}),
        json!({"code": "ERROR", "message": poison(), "data": poison()}),
        json!({"code": "BILL_003", "msg": poison()}),
        json!({"code": "0000", "message": poison(), "data": {"billId": poison()}}),
    ] {
        let server = responding(body.to_string()).await;
        let client = client(&server.base_url());
        for call in Call::ALL {
            if let Err(error) = call.make(&client).await {
                is_clean_error(&error);
            }
        }
        if let Err(error) = client.call("/bill/rp", json!({})).await {
            is_clean_error(&error);
        }
    }
    is_clean_log();
}

#[tokio::test]
async fn no_state_in_an_error_is_shown_as_it_came() {
    let read = json!({
        "code": "0000", "message": "ok", "data": {"billId": "2024-0001", "apprState": poison()},
    });
    let server = responding(read.to_string()).await;
    let client = client(&server.base_url());
    let error = client
        .bills()
        .cancel(&cancel().check_first())
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(error.kind(), "rejected");
    is_clean_error(&error);
    let state = error.state().expect("the state that was read");
    is_clean(&format!("{state} {state:?}"));

    let refused = json!({"code": "BILL_006", "message": "no", "data": null}).to_string();
    let server = Server::start(move |place| {
        let body = if place == 0 {
            &refused
        } else {
            &read.to_string()
        };
        Action::Write(http("200 OK", body))
    })
    .await;
    let policy = ConfirmPolicy::new().deadline(std::time::Duration::from_millis(200));
    let client = support::caller::client(&server.base_url()).with_confirm(policy);
    let error = client
        .bills()
        .destroy_and_confirm(&samples::destroy())
        .await
        .map(drop)
        .unwrap_err();
    assert!(error.attempts().len() > 1);
    is_clean_error(&error);
}

#[tokio::test]
async fn a_confirmed_write_shows_no_text_as_it_came() {
    let server = responding(poisoned_success()).await;
    let client = client(&server.base_url());
    let cancelled = client.bills().cancel_and_confirm(&cancel()).await.unwrap();
    let sent = client
        .bills()
        .send_and_confirm(&samples::send())
        .await
        .unwrap();
    let issued = client
        .receipts()
        .issue_and_confirm(&samples::issue())
        .await
        .unwrap();
    is_clean(&format!("{cancelled:?} {sent:?} {issued:?}"));
    is_clean_json(&json!([cancelled, sent, issued]));
}

#[tokio::test]
async fn a_link_is_shown_whole_and_what_is_none_is_masked() {
    let link = "https://pay.example/receipt/bill/0123456789abcdef0123456789abcdee?share=123456789";
    for (came, shown) in [(link, link), (CARD, redact::MASKED)] {
        let data = json!({"billId": "2024-0001", "shortUrl": came, "chargeUrl": came});
        let body = json!({"code": "0000", "message": "ok", "data": data});
        let server = responding(body.to_string()).await;
        let client = client(&server.base_url());
        let sent = client.bills().send(&samples::send()).await.unwrap();
        assert_eq!(sent.short_url(), Some(came));
        assert_eq!(serde_json::to_value(&sent).unwrap()["short_url"], shown);
    }
}

#[tokio::test]
async fn an_error_by_state_and_a_payment_that_is_not_verified_have_at_most_500_characters() {
    let huge = "한".repeat(50_000);
    let policy = ConfirmPolicy::new().deadline(Duration::from_millis(300));
    for state in ["D", "W", huge.as_str()] {
        for code in ["0000", "ERROR", huge.as_str()] {
            let data = json!({"billId": "2024-0001", "apprState": state, "apprPrice": "45000"});
            let body = json!({"code": code, "message": huge, "data": data}).to_string();
            let server = responding(body).await;
            let client = client(&server.base_url()).with_confirm(policy);
            let checked = cancel().check_first();
            let id = payssam::BillId::new("한".repeat(20)).unwrap();
            let price = payssam::Won::new(45_000).unwrap();
            let errors = [
                client
                    .bills()
                    .cancel(&checked)
                    .await
                    .unwrap_err()
                    .to_string(),
                not_verified(
                    client
                        .bills()
                        .verify_payment(&bill_id())
                        .expecting(price)
                        .await,
                ),
                not_verified(client.bills().verify_payment(&id).expecting(price).await),
            ];
            for text in errors {
                let count = text.chars().count();
                assert!(count <= 500, "{count} characters: {text}");
                is_clean(&text);
                let says_what_to_do = text.contains("nothing") || text.contains("safe to retry");
                assert!(says_what_to_do, "{text}");
            }
        }
    }
}

fn not_verified<T: std::fmt::Debug>(ended: Result<T, payssam::callback::NotVerified>) -> String {
    ended.unwrap_err().to_string()
}

#[tokio::test]
async fn an_error_has_at_most_500_characters_and_still_says_what_to_do() {
    let huge = "\u{1b}한".repeat(50_000);
    for code in ["ERROR", "BILL_003", huge.as_str()] {
        let body = json!({"code": code, "message": huge, "data": null}).to_string();
        let server = responding(body).await;
        let client = client(&server.base_url());
        for &operation in Operation::ALL {
            let call = Call::of(operation);
            let short = json!({"code": "ERROR", "message": "short", "data": null}).to_string();
            let advice = {
                let server = responding(short).await;
                let client = support::caller::client(&server.base_url());
                call.make(&client).await.unwrap_err().to_string()
            };
            let error = call.make(&client).await.unwrap_err();
            for text in [error.to_string(), error.response().unwrap().to_string()] {
                assert!(
                    text.chars().count() <= 500,
                    "{} characters",
                    text.chars().count()
                );
                is_clean(&text);
            }
            if code == "ERROR" {
                let (_, end) = advice.split_once("short").unwrap();
                assert!(error.to_string().ends_with(end), "{error}");
            }
            assert!(error.raw_message() == Some(huge.as_str()), "{error}");
        }
    }
}
