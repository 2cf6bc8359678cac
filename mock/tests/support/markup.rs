//! A mock server in which every field has markup.

use payssam::Operation;
use payssam_mock::{Fault, MockServer, Schedule};
use serde_json::json;

use super::{
    control,
    face::{PAGES, get},
    post_body,
    receiver::Receiver,
    send_request,
};

/// Markup that would run, or break out of an attribute.
pub const MARKUP: &str = "<img src=x onerror=a()>\"'><script>a()</script>&lt;";

/// A mock server in which every field that somebody can choose has markup.
pub async fn full_of_markup(receiver: &Receiver) -> MockServer {
    let mock = MockServer::start().await.unwrap();
    let [member, merchant] = ["\"><script>m</script>", "'><img src=x>"];
    let wish = json!({
        "bill_id": "<script>a</script>", "price": 1000, "product": MARKUP, "payer": MARKUP,
        "member": member, "merchant": merchant, "callback_url": format!("{}/<b>\"'", receiver.url()),
    });
    control::post(&mock, "/bills", wish).await;
    control::post(&mock, "/bills/%3Cscript%3Ea%3C%2Fscript%3E/pay", json!({})).await;
    for path in ["/bill/read", "/bill/cancel", "/bill"] {
        let mut body = send_request("<script>a</script>", MARKUP);
        body["member"] = member.into();
        body["merchant"] = merchant.into();
        body["bill"]["memberName"] = MARKUP.into();
        body["bill"]["<b>field</b>"] = MARKUP.into();
        post_body(&mock, path, body.to_string()).await;
    }
    mock.inject(
        Fault::ApplyThenClose,
        Schedule::always().on(Operation::ReceiptRead),
    );
    let fault = json!({"fault": "latency", "operation": "receipt read", "merchant": merchant, "member": MARKUP});
    control::post(&mock, "/faults", fault).await;
    mock.wait_until_idle().await;
    mock
}

/// Those addresses at which markup shows, in the page and in its parameters.
pub async fn addresses(mock: &MockServer) -> Vec<String> {
    let list = get(mock, "/").await;
    let bills = list
        .all("href=\"/bill?", "\"")
        .into_iter()
        .map(|query| format!("/bill?{query}"));
    let mut all: Vec<String> = PAGES.map(str::to_owned).into();
    all.extend(bills);
    let encoded: String = url::form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect();
    for page in [
        "/?text=",
        "/?state=",
        "/?whose=",
        "/?from=",
        "/?did=",
        "/?lang=",
        "/requests?before=",
        "/bill?id=",
        "/?a=",
    ] {
        all.push(format!("{page}{encoded}"));
    }
    all
}
