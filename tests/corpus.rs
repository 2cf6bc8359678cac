//! The corpus of the fuzz targets, as responses over a real socket and through the public API.

#[allow(dead_code, reason = "other tests use the rest")]
mod support {
    pub mod caller;
    pub mod examine;
    pub mod wire;
}

use std::{fs, path::Path};

use payssam::{BillId, Client, KoreanTime, Won, callback::ApprovalCallback};
use support::{
    caller::client,
    examine,
    wire::{Action, Server},
};

/// The contents of the corpus of a fuzz target, with the names of the files.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the corpus of {target} is empty");
    files
}

/// A server that gives these responses one after the other.
async fn responding(responses: Vec<(u16, Vec<u8>)>) -> (Server, Client) {
    let server = Server::start(move |place| {
        let (status, body) = &responses[place];
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Action::WriteAndClose([head.as_bytes(), body].concat())
    })
    .await;
    let client = client(&server.base_url());
    (server, client)
}

/// Gives these responses to reads, and examines the result of each.
async fn are_read(responses: Vec<(u16, Vec<u8>)>) {
    let statuses: Vec<u16> = responses.iter().map(|(status, _)| *status).collect();
    let (_server, client) = responding(responses).await;
    for status in statuses {
        let read = client.bills().read(&examine::bill_id()).await;
        examine::read(&read, status);
    }
}

#[tokio::test]
async fn every_response_of_the_corpus_is_examined_for_each_kind_of_call() {
    let responses: Vec<(u16, Vec<u8>)> = corpus("response")
        .iter()
        .filter_map(|(_, bytes)| examine::response(bytes))
        // A 204 has no body over a wire.
        .filter(|(status, body)| *status != 204 || body.is_empty())
        .map(|(status, body)| (status, body.to_vec()))
        .collect();
    assert!(responses.len() > 50);
    are_read(responses.clone()).await;
    let statuses: Vec<u16> = responses.iter().map(|(status, _)| *status).collect();
    let (_server, client) = responding(responses.clone()).await;
    for status in &statuses {
        let cancelled = client.bills().cancel(&examine::cancel()).await;
        examine::cancellation(&cancelled, *status);
    }
    let (_server, client) = responding(responses.clone()).await;
    for status in &statuses {
        let called = client.call("/a", serde_json::json!({})).await;
        examine::raw_call(&called, *status);
    }
    {
        let price = payssam::Won::new(45_000).expect("a price");
        let (_server, client) = responding(responses).await;
        for status in &statuses {
            let read = client.receipts().read(&examine::bill_id(), price).await;
            examine::receipt(&read, *status);
        }
    }
}

#[test]
fn every_callback_of_the_corpus_is_read_or_rejected() {
    let mut read = Vec::new();
    for (name, body) in corpus("callback") {
        examine::callback(&body);
        if ApprovalCallback::parse(&body).is_ok() {
            read.push(name);
        }
    }
    assert_eq!(
        read,
        ["escaped-names", "numbers", "paid", "snake-case", "with-key"]
    );
}

#[tokio::test]
async fn every_signature_picture_of_the_corpus_is_decoded_or_malformed() {
    let mut decoded = Vec::new();
    for (name, bytes) in corpus("base64") {
        let Ok(text) = str::from_utf8(&bytes) else {
            continue;
        };
        let (_server, client) =
            responding(vec![(200, examine::with_field("apprSign", text))]).await;
        let read = client.bills().read(&examine::bill_id()).await;
        examine::read(&read, 200);
        // An empty picture is no data at all.
        let Ok(bill) = read else {
            assert_eq!(name, "empty");
            continue;
        };
        match bill.approval().healthcare().sign() {
            Ok(sign) => {
                assert!(sign.is_some_and(|bytes| !bytes.is_empty()), "{name}");
                decoded.push(name);
            }
            Err(malformed) => assert_eq!(malformed.field(), "apprSign"),
        }
    }
    assert_eq!(decoded, ["png", "two-pads", "unpadded"]);
}

#[test]
fn every_date_of_the_corpus_is_the_right_time_or_rejected() {
    let mut times = 0;
    for (name, bytes) in corpus("date") {
        let Ok(text) = str::from_utf8(&bytes) else {
            continue;
        };
        if let Ok(time) = text.parse::<KoreanTime>() {
            examine::is_whole(time, text);
            times += 1;
        }
        let is_time = |name: &str| ["full", "short", "leap-day"].contains(&name);
        if is_time(&name) {
            assert!(text.parse::<KoreanTime>().is_ok(), "{name}");
        }
        if ["no-leap-day", "no-month", "second-60", "letters", "empty"].contains(&name.as_str()) {
            assert!(text.parse::<KoreanTime>().is_err(), "{name}");
        }
    }
    assert!(times > 3);
}

#[tokio::test]
async fn every_amount_of_the_corpus_is_read_exactly_or_malformed() {
    let mut read = Vec::new();
    for (name, bytes) in corpus("amount") {
        let Ok(text) = str::from_utf8(&bytes) else {
            continue;
        };
        for json in examine::as_json(text) {
            let body = examine::with_amount(&json).into_bytes();
            let (_server, client) = responding(vec![(200, body)]).await;
            let bill = client.bills().read(&examine::bill_id()).await.unwrap();
            let price = bill.approval().price();
            examine::amount(&price, &json, text);
            if json.starts_with('"') && matches!(price, Ok(Some(_))) {
                read.push(name.clone());
            }
        }
    }
    let expected = [
        "blanks",
        "decimals",
        "digits",
        "exponent",
        "exponent-down",
        "groups",
        "groups-decimals",
    ];
    assert_eq!(read, expected);
}

#[tokio::test]
async fn every_code_of_the_corpus_is_success_only_if_it_is_0000() {
    for (name, bytes) in corpus("code") {
        let text = str::from_utf8(&bytes).unwrap();
        for json in examine::as_json(text) {
            let body = examine::with_code(&json).into_bytes();
            let (_server, client) = responding(vec![(200, body.clone()), (200, body)]).await;
            let read = client.bills().read(&examine::bill_id()).await;
            examine::code(&read, &json, text);
            let cancelled = client.bills().cancel(&examine::cancel()).await;
            examine::code(&cancelled, &json, text);
            assert!(name != "success" || cancelled.is_ok() || !json.starts_with('"'));
        }
    }
}

#[test]
fn every_text_of_the_corpus_is_hashed_or_rejected() {
    let mut hashed = 0;
    for (_, bytes) in corpus("hash") {
        let text = String::from_utf8_lossy(&bytes);
        let middle = text.chars().count() / 2;
        let id: String = text.chars().take(middle).collect();
        let phone: String = text.chars().skip(middle).collect();
        let price = u64::from(bytes.first().copied().unwrap_or(1));
        examine::hash(&id, &phone, price);
        hashed += usize::from(BillId::new(&id).is_ok() && Won::new(price).is_ok());
    }
    assert!(hashed > 0, "nothing was hashed");
}
