//! What is sent for each call, to the byte where it matters.

mod support {
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod caller;
    #[allow(dead_code, reason = "other tests use the rest")]
    pub mod calls;
    pub mod samples;
    pub mod spec;
    pub mod wire;
}

use httpmock::{Method::POST, MockServer};
use payssam::{BillId, CancelBill, Client, Credentials, Won, signature};
use serde_json::{Value, json};

use support::{
    caller::{API_KEY, client},
    calls::Call,
    spec::{Body, lengths, properties, request_validator, upstream},
    wire::{Action, Server, http},
};

const READ: &str =
    r#"{"code":"0000","message":"ok","data":{"billId":"2024-0001","apprState":"F"}}"#;
/// The body that a call sends.
async fn sent_body(call: Call) -> Value {
    let server = Server::start(move |_| Action::Write(http("200 OK", call.response()))).await;
    call.make(&client(&server.base_url()))
        .await
        .expect("success");
    let (_, requests) = server.received();
    let (_, body) = requests[0].split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

#[tokio::test]
async fn the_url_is_the_base_url_and_the_path_with_or_without_a_slash_between() {
    for &call in Call::ALL {
        for (place, end) in ["", "/", "//"].into_iter().enumerate() {
            let server = MockServer::start_async().await;
            let root = format!("/partner-{place}");
            let mock = server
                .mock_async(|when, then| {
                    when.method(POST)
                        .path(format!("{root}{}", call.path()))
                        .json_body(call.body());
                    then.status(200).body(call.response());
                })
                .await;
            let client = client(&server.url(format!("{root}{end}")));
            call.make(&client).await.expect("success");
            mock.assert_calls_async(1).await;
        }
    }
}

#[tokio::test]
async fn the_base_url_needs_no_path() {
    for end in ["", "/"] {
        let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
        let client = client(&format!("{}{end}", server.base_url()));
        Call::Read.make(&client).await.expect("success");
        let (_, requests) = server.received();
        assert!(requests[0].starts_with("POST /bill/read HTTP/1.1\r\n"));
    }
}

#[tokio::test]
async fn a_request_carries_these_headers_and_no_other() {
    for &call in Call::ALL {
        let server = Server::start(move |_| Action::Write(http("200 OK", call.response()))).await;
        call.make(&client(&server.base_url()))
            .await
            .expect("success");

        let (_, requests) = server.received();
        let (head, body) = requests[0].split_once("\r\n\r\n").expect("a body");
        let mut headers: Vec<(String, &str)> = head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        headers.sort();

        let specification = upstream();
        let agent = format!(
            "payssam/{} (spec {})",
            env!("CARGO_PKG_VERSION"),
            specification["info"]["version"]
                .as_str()
                .expect("a version")
        );
        let length = body.len().to_string();
        let host = server.base_url().replace("http://", "");
        let expected = [
            ("accept", "application/json"),
            ("content-length", &length),
            ("content-type", "application/json"),
            ("host", &host),
            ("user-agent", &agent),
        ];
        assert_eq!(
            headers,
            expected.map(|(name, value)| (name.to_owned(), value))
        );
    }
}

#[tokio::test]
async fn a_body_has_exactly_the_fields_of_the_call() {
    for &call in Call::ALL {
        assert_eq!(sent_body(call).await, call.body());
    }
}

#[tokio::test]
async fn the_longest_values_that_the_specification_allows_are_sent() {
    let specification = upstream();
    let most = |path, place| {
        let published = properties(&specification, path, Body::Request);
        let (_, most) = published.get(place).map_or((0, None), lengths);
        "가".repeat(most.unwrap_or(1))
    };
    let key = most("/bill/read", "apiKey");
    let credentials = Credentials::builder()
        .api_key(key)
        .member(most("/bill/read", "member"))
        .merchant(most("/bill/read", "merchant"))
        .build();
    let server = Server::start(|_| {
        Action::Write(http("200 OK", r#"{"code":"0000","data":{"apprNum":"1"}}"#))
    })
    .await;
    let client = Client::builder(credentials.unwrap())
        .base_url(server.base_url())
        .build()
        .unwrap();
    let id = BillId::new(most("/bill/read", "bill/billId")).unwrap();
    client.bills().read(&id).await.expect("a bill");
    let cancel = CancelBill::new(id, Won::new(Won::MAX).unwrap())
        .reason(most("/bill/cancel", "bill/cancelReason"))
        .unwrap();
    client.bills().cancel(&cancel).await.expect("success");
    let (_, requests) = server.received();
    for (request, path) in requests.iter().zip(["/bill/read", "/bill/cancel"]) {
        let (_, body) = request.split_once("\r\n\r\n").expect("a body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        let validator = request_validator(&specification, path).expect("a request");
        if let Err(error) = validator.validate(&body) {
            panic!("POST {path}: {error}");
        }
    }
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn cancel_signs_bill_id_and_price_without_phone() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(POST).path("/bill/cancel").json_body_includes(
                r#"{"bill":{"billId":"1024","price":"45000","hash":"c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0"}}"#,
            );
            then.status(200)
                .body(r#"{"code":"0000","message":"ok","data":{"billId":"1024"}}"#);
        })
        .await;
    let cancel = CancelBill::new(BillId::new("1024").unwrap(), Won::new(45_000).unwrap());
    client(&server.base_url())
        .bills()
        .cancel(&cancel)
        .await
        .expect("success");
    mock.assert_calls_async(1).await;
}

#[test]
fn the_hash_is_that_of_the_documented_vectors() {
    let bill_id = BillId::new("1024").unwrap();
    let price = Won::new(45_000).unwrap();
    assert_eq!(
        signature::sign(&bill_id, price).as_str(),
        "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0"
    );
    assert_eq!(
        signature::sign_with_phone(&bill_id, "01012345678", price)
            .unwrap()
            .as_str(),
        "c381cdd2f56bc990da035d998b0bee8df1f12f9d59966483db8306cead9d96e9"
    );
}

#[test]
fn a_phone_number_is_hashed_as_the_digits_that_are_sent_or_not_at_all() {
    let bill_id = BillId::new("1024").unwrap();
    let price = Won::new(45_000).unwrap();
    for phone in [
        "",
        "010-1234-5678",
        "010 1234 5678",
        "+821012345678",
        "０１０",
    ] {
        let error = signature::sign_with_phone(&bill_id, phone, price).unwrap_err();
        assert!(error.to_string().starts_with("invalid phone: "), "{error}");
    }
}

#[tokio::test]
async fn a_bill_id_is_sent_exactly_as_it_was_given() {
    for id in ["3월 수강료/김", "a'b\"c\\d", "👍-1", "?q=1&x#y", "%2F"] {
        let server = MockServer::start_async().await;
        let mock = server
            .mock_async(|when, then| {
                when.method(POST).path("/bill/read").json_body(json!({
                    "apiKey": API_KEY,
                    "member": "member-1",
                    "merchant": "merchant-1",
                    "bill": {"billId": id}
                }));
                then.status(200).json_body(json!({
                    "code": "0000", "message": "ok", "data": {"billId": id, "apprState": "W"}
                }));
            })
            .await;
        let id = BillId::new(id).unwrap();
        let bill = client(&server.base_url()).bills().read(&id).await.unwrap();
        assert_eq!(bill.bill_id(), &id);
        mock.assert_calls_async(1).await;
    }
}

#[tokio::test]
async fn with_merchant_changes_member_and_merchant_and_nothing_else() {
    for &call in Call::ALL {
        let server = Server::start(move |_| Action::Write(http("200 OK", call.response()))).await;
        let first = client(&server.base_url());
        let second = first
            .with_member("member-2")
            .unwrap()
            .with_merchant("merchant-2")
            .unwrap();
        call.make(&first).await.expect("success");
        call.make(&second).await.expect("success");
        call.make(&first).await.expect("success");

        let (_, requests) = server.received();
        assert_eq!(
            requests[1],
            requests[0]
                .replace("member-1", "member-2")
                .replace("merchant-1", "merchant-2")
        );
        let names_the_merchant = call.body().get("member").is_some();
        assert_eq!(requests[1] != requests[0], names_the_merchant);
        assert_eq!(requests[2], requests[0]);
        assert_eq!(second.credentials().member(), "member-2");
        assert_eq!(second.credentials().merchant(), "merchant-2");
    }
}

#[tokio::test]
async fn with_merchant_and_clones_share_the_connection() {
    let server = Server::start(|_| Action::Write(http("200 OK", READ))).await;
    let first = client(&server.base_url());
    let second = first
        .with_member("member-2")
        .unwrap()
        .with_merchant("merchant-2")
        .unwrap();
    for client in [&first, &second, &first.clone(), &second.clone()] {
        Call::Read.make(client).await.expect("success");
    }
    let (connections, requests) = server.received();
    assert_eq!((connections, requests.len()), (1, 4));
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let elsewhere = MockServer::start_async().await;
    let trap = elsewhere
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).body(READ);
        })
        .await;
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start_async().await;
        let door = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(status)
                    .header("location", elsewhere.url("/bill/read"));
            })
            .await;
        for &call in Call::ALL {
            let error = call.make(&client(&server.base_url())).await.unwrap_err();
            assert_eq!(error.kind(), "outcome_unknown", "{status}");
            assert_eq!(error.http_status(), Some(status));
        }
        door.assert_calls_async(Call::ALL.len()).await;
    }
    trap.assert_calls_async(0).await;
}

#[tokio::test]
async fn one_call_is_one_request_whatever_the_response() {
    let rejection = r#"{"code":"BILL_003","message":"x","data":null}"#;
    let unclear = r#"{"code":"ERROR","message":"x","data":null}"#;
    for (status, body) in [
        (500, ""),
        (500, unclear),
        (502, "<html>"),
        (503, ""),
        (429, ""),
        (429, rejection),
        (408, ""),
        (404, ""),
        (400, rejection),
        (200, unclear),
        (200, rejection),
        (200, ""),
    ] {
        let server = MockServer::start_async().await;
        let mock = server
            .mock_async(|when, then| {
                when.any_request();
                then.status(status).header("retry-after", "0").body(body);
            })
            .await;
        for &call in Call::ALL {
            let result = call.make(&client(&server.base_url())).await;
            assert!(result.is_err(), "{status} {body}");
        }
        mock.assert_calls_async(Call::ALL.len()).await;
    }
}

#[tokio::test]
async fn a_request_that_is_lost_on_a_kept_connection_is_not_sent_again() {
    for &call in Call::ALL {
        let server = Server::start(move |place| match place {
            0 => Action::Write(http("200 OK", call.response())),
            _ => Action::WriteAndClose(Vec::new()),
        })
        .await;
        let client = client(&server.base_url());
        call.make(&client).await.expect("success");
        let error = call.make(&client).await.unwrap_err();
        assert_eq!(error.kind(), "outcome_unknown");
        let (connections, requests) = server.received();
        assert_eq!((connections, requests.len()), (1, 2));
    }
}
