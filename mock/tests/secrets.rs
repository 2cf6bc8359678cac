//! What the mock server shows and keeps has no key, and nobody's number.

mod support;

use std::{fs, path::PathBuf};

use payssam_mock::{MockServer, Seed};
use serde_json::{Value, json};
use support::{
    ID, PHONE,
    control::{get, post},
    post as call_payssam, receipt_request,
    receiver::Receiver,
    send_request,
};

const KEY: &str = "academy-key-of-a-test";

async fn start(state_file: Option<PathBuf>) -> MockServer {
    let seed = Seed::parse(&format!(
        "[[merchants]]\npartner = \"academy\"\nkey = \"{KEY}\"\nmember = \"mock-member\"\nmerchant = \"mock-merchant\"\n"
    ));
    let builder = MockServer::builder().seed(seed.unwrap());
    let builder = match state_file {
        Some(path) => builder.state_file(path),
        None => builder,
    };
    builder.start().await.unwrap()
}

fn with_key(mut request: Value) -> Value {
    request["apiKey"] = KEY.into();
    request
}

/// Sends a bill whose every text has secrets, pays it, and issues a receipt.
async fn fill(mock: &MockServer, receiver: &Receiver) {
    let url = format!("{}/hook?key={KEY}", receiver.url());
    let mut send = with_key(send_request(ID, &url));
    send["bill"]["productName"] = format!("수강료 {PHONE} {KEY}").into();
    assert_eq!(call_payssam(mock, "/bill", &send).await["code"], "0000");
    post(mock, "/callbacks/hold", json!({"is_held": true})).await;
    post(mock, &format!("/bills/{ID}/pay"), json!({})).await;
    let product = format!("{KEY} {PHONE}");
    let bill = json!({"bill_id": "b", "price": 1, "product": product, "payer": "김하나", "callback_url": url});
    post(mock, "/bills", bill).await;
    post(
        mock,
        "/callbacks/forge",
        json!({"bill_id": "b", "price": 5}),
    )
    .await;
    let mut receipt = with_key(receipt_request());
    receipt["cashReceipt"]["billId"] = "r".into();
    receipt["cashReceipt"]["hash"] = sha256("r,45000").into();
    let issued = call_payssam(mock, "/cash-receipt/issue", &receipt).await;
    assert_eq!(issued["code"], "0000");
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(text);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn assert_no_secret(text: &str, place: &str) {
    let send_hash = sha256(&format!("{ID},{PHONE},45000"));
    for secret in [KEY, PHONE, &send_hash, "김하나"] {
        assert!(!text.contains(secret), "{place}: {secret}");
    }
}

#[tokio::test]
async fn lists_events_and_snapshots_have_no_key_and_nobodys_number() {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start(None).await;
    fill(&mock, &receiver).await;
    let one = format!("/bills/{ID}");
    for path in [
        "/bills",
        &one,
        "/requests",
        "/events",
        "/callbacks",
        "/snapshot",
    ] {
        assert_no_secret(&get(&mock, path).await.to_string(), path);
    }
}

#[tokio::test]
async fn after_a_restore_callbacks_go_to_the_whole_url_and_a_receipt_shows_two_digits_of_its_number()
 {
    let receiver = Receiver::acknowledging(0).await;
    let mock = start(None).await;
    fill(&mock, &receiver).await;
    let snapshot = get(&mock, "/snapshot").await;
    post(&mock, "/reset", json!({})).await;
    post(&mock, "/restore", snapshot.clone()).await;
    let again = get(&mock, "/snapshot").await;
    assert_eq!(again["bills"], snapshot["bills"]);
    post(&mock, "/callbacks/hold", json!({"is_held": false})).await;
    mock.wait_until_idle().await;
    let targets: Vec<String> = receiver
        .received()
        .into_iter()
        .map(|one| one.target)
        .collect();
    assert_eq!(
        targets,
        [format!("/hook?key={KEY}"), format!("/hook?key={KEY}")]
    );
    let mut read = with_key(receipt_request());
    read["cashReceipt"]["billId"] = "r".into();
    read["cashReceipt"]["hash"] = sha256("r,45000").into();
    let read = call_payssam(&mock, "/cash-receipt/read", &read).await;
    assert_eq!(read["data"]["info"][0]["issuanceNumber"], "*********78");
    assert_eq!(read["data"]["info"][0]["apprSupplyPrice"], "40909");
}

#[tokio::test]
async fn no_file_of_a_state_has_a_key_or_anybodys_number() {
    let folder = std::env::temp_dir().join(format!("payssam-secrets-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let receiver = Receiver::acknowledging(0).await;
    let mock = start(Some(folder.join("world.db"))).await;
    fill(&mock, &receiver).await;
    let mut files = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert_no_secret(&text, &path.display().to_string());
        files += 1;
    }
    assert!(files >= 1);
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_key_that_a_receiver_echoes_is_masked_also_where_it_is_cut() {
    // 1,024 bytes are read.
    for padding in [0, 20, 1_023 - KEY.len(), 1_024 - KEY.len(), 1_000, 1_015] {
        let receiver =
            Receiver::start(move |_, _| (200, format!("{} {KEY}", "x".repeat(padding)))).await;
        let mock = start(None).await;
        let bill = json!({"bill_id": "a", "price": 1, "callback_url": receiver.url()});
        post(&mock, "/bills", bill).await;
        post(&mock, "/bills/a/pay", json!({})).await;
        mock.wait_until_idle().await;
        let list = get(&mock, "/callbacks").await;
        let shown = list["sent"][0]["response"].as_str().unwrap();
        assert!(
            shown.starts_with(&"x".repeat(padding)),
            "{padding}: {shown}"
        );
        assert!(!shown.contains(&KEY[..4]), "{padding}: {shown}");
        assert!(list["sent"][0]["response_bytes"].as_u64().unwrap() > padding as u64);
    }
}

#[tokio::test]
async fn a_secret_is_masked_by_its_name_whatever_its_value_is() {
    let mock = start(None).await;
    let request = json!({
        "apiKey": ["secret-1"], "API_KEY": {"a": "secret-2"}, "x-api-key": "secret-3",
        "bill": {"billId": ID, "phone": {"number": "secret-4"}, "Member-Name": "secret-5",
            "callback_url": ["http://127.0.0.1/secret-6"]},
    });
    call_payssam(&mock, "/bill/read", &request).await;
    let seen = get(&mock, "/requests").await.to_string();
    assert!(seen.contains("billId"), "{seen}");
    assert!(!seen.contains("secret-"), "{seen}");
}
