//! A seed: merchants with their keys, bills and faults, from a file.

use std::sync::{Arc, Mutex};

use crate::support::{
    control::{self, get},
    post, post_body,
};
use payssam::{BillState, Credentials};
use payssam_mock::{API_KEY, MockServer, Seed};
use serde_json::{Value, json};
use tokio::sync::Barrier;

const TOML: &str = r#"
[[merchants]]
partner = "academy"
key = "academy-key"
member = "academy"
merchant = "gangnam"
points = 100

[[merchants]]
partner = "academy"
member = "academy"
merchant = "jamsil"

[[merchants]]
partner = "clinic"
key = "clinic-key"
member = "clinic"
merchant = "main"

[[bills]]
bill_id = "1"
price = 1000

[[bills]]
merchant = "jamsil"
bill_id = "1"
price = 2000
state = "paid"

[[bills]]
partner = "clinic"
bill_id = "1"
price = 3000
state = "C"
product = "진료비"
payer = "김하나"
expires_on = "2099-12-31"

[[faults]]
fault = "error-code"
operation = "bill resend"
first = 2
"#;

async fn start(seed: &str) -> MockServer {
    let seed = Seed::parse(seed).unwrap();
    MockServer::builder().seed(seed).start().await.unwrap()
}

fn read(key: &str, member: &str, merchant: &str) -> Value {
    json!({"apiKey": key, "member": member, "merchant": merchant, "bill": {"billId": "1"}})
}

/// The code of a read, and the state of the bill.
async fn reading(mock: &MockServer, key: &str, member: &str, merchant: &str) -> (String, Value) {
    let mut response = post(mock, "/bill/read", &read(key, member, merchant)).await;
    let state = response["data"]["apprState"].take();
    (response["code"].as_str().unwrap().to_owned(), state)
}

#[tokio::test]
async fn partners_and_merchants_of_a_seed_never_see_each_other() {
    let mock = start(TOML).await;
    for (key, member, merchant, code, state) in [
        ("academy-key", "academy", "gangnam", "0000", json!("W")),
        ("academy-key", "academy", "jamsil", "0000", json!("F")),
        ("clinic-key", "clinic", "main", "0000", json!("C")),
        (
            "clinic-key",
            "academy",
            "gangnam",
            "PARTNER_004",
            json!(null),
        ),
        ("academy-key", "clinic", "main", "PARTNER_004", json!(null)),
        ("academy-key", "academy", "main", "PARTNER_004", json!(null)),
        (API_KEY, "academy", "gangnam", "PARTNER_002", json!(null)),
        ("other", "academy", "gangnam", "PARTNER_002", json!(null)),
    ] {
        let found = reading(&mock, key, member, merchant).await;
        assert_eq!(found, (code.to_owned(), state), "{key} {member} {merchant}");
    }
    // Two handles of two partners.
    let credentials = |key: &str, member: &str, merchant: &str| {
        let builder = Credentials::builder().api_key(key);
        builder.member(member).merchant(merchant).build().unwrap()
    };
    let clinic = mock
        .with_credentials(credentials("clinic-key", "clinic", "main"))
        .unwrap();
    let id = "1".parse().unwrap();
    assert_eq!(*mock.bill(&id).unwrap().state(), BillState::Unpaid);
    assert_eq!(*clinic.bill(&id).unwrap().state(), BillState::Cancelled);
    assert!(
        mock.with_credentials(credentials("other", "a", "b"))
            .is_err()
    );
    let read = clinic.client().unwrap().bills().read(&id).await.unwrap();
    assert_eq!(*read.state(), BillState::Cancelled);
}

#[tokio::test]
async fn each_partner_has_its_own_points() {
    let mock = start(TOML).await;
    let list = get(&mock, "/partners").await;
    let points: Vec<u64> = list["partners"]
        .as_array()
        .unwrap()
        .iter()
        .map(|partner| partner["points"].as_u64().unwrap())
        .collect();
    assert_eq!(points, [100, 1_000_000_000]);
    let balance = post(
        &mock,
        "/read/remain_count",
        &json!({"apiKey": "academy-key"}),
    )
    .await;
    assert_eq!(balance["data"]["balance"], 100);
    assert!(!list.to_string().contains("key"), "{list}");
}

#[tokio::test]
async fn a_seed_in_json_is_as_one_in_toml() {
    let as_json = json!({
        "merchants": [
            {"partner": "academy", "key": "academy-key", "member": "academy", "merchant": "gangnam", "points": 100},
            {"partner": "academy", "member": "academy", "merchant": "jamsil"},
            {"partner": "clinic", "key": "clinic-key", "member": "clinic", "merchant": "main"},
        ],
        "bills": [
            {"bill_id": "1", "price": 1000},
            {"merchant": "jamsil", "bill_id": "1", "price": 2000, "state": "paid"},
            {"partner": "clinic", "bill_id": "1", "price": 3000, "state": "C", "product": "진료비", "payer": "김하나",
                "expires_on": "2099-12-31"},
        ],
        "faults": [{"fault": "error-code", "operation": "bill resend", "first": 2}],
    });
    let (toml, as_json) = (start(TOML).await, start(&as_json.to_string()).await);
    for path in ["/faults", "/partners"] {
        assert_eq!(get(&toml, path).await, get(&as_json, path).await);
    }
    let bills = |list: Value| {
        let bills = list["bills"].as_array().unwrap().clone();
        let same = bills.into_iter().map(|mut bill| {
            for changing in ["link", "last_event", "paid_at", "cancelled_at"] {
                bill[changing].take();
            }
            bill
        });
        same.collect::<Vec<_>>()
    };
    let found = bills(get(&toml, "/bills").await);
    assert_eq!(found, bills(get(&as_json, "/bills").await));
    assert_eq!(found.len(), 3);
}

#[tokio::test]
async fn a_reset_brings_the_seed_back() {
    let mock = start(TOML).await;
    let before = get(&mock, "/bills").await["bills"].clone();
    control::post(&mock, "/bills/1/pay?merchant=gangnam", json!({})).await;
    control::post(&mock, "/bills", json!({"bill_id": "2", "price": 1})).await;
    control::call(&mock, "DELETE", "/faults", "").await;
    control::post(&mock, "/reset", json!({})).await;
    assert_eq!(get(&mock, "/bills").await["bills"], before);
    assert_eq!(
        get(&mock, "/faults").await["faults"][0]["fault"],
        "error-code"
    );
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_key_that_is_not_known_is_in_no_log_and_reaches_no_bill() {
    let secret = "somebody-elses-key";
    let mock = start(TOML).await;
    let mut log = mock.log();
    let mut request = read(secret, "academy", "gangnam");
    request["bill"]["billId"] = secret.into();
    post(&mock, "/bill/read", &request).await;
    post_body(&mock, &format!("/{secret}"), request.to_string()).await;
    let entry = log.next().await.unwrap();
    assert_eq!(entry.code(), Some("PARTNER_002"));
    let mut all = format!("{entry} {entry:?}");
    let entry = log.next().await.unwrap();
    all += &format!("{entry} {entry:?}");
    for path in ["/requests", "/events", "/bills", "/snapshot"] {
        all += &get(&mock, path).await.to_string();
    }
    assert!(!all.contains(secret), "{all}");
    assert_eq!(
        get(&mock, "/bills/1?merchant=gangnam").await["history"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_mistake_has_its_line_its_column_and_the_nearest_right_name() {
    for (seed, line, column, part) in [
        ("[[bill]]\n", 1, 3, "the nearest is `bills`"),
        (
            "[[bills]]\nbill_id = \"1\"\nprise = 1\n",
            3,
            1,
            "the nearest is `price`",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\nstate = \"payed\"\n",
            4,
            9,
            "the nearest is `paid`",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = \"1\"\n",
            3,
            9,
            "price must be a whole number of won",
        ),
        ("[[bills]]\nbill_id = \"1\"\nprice = 0\n", 3, 9, "won"),
        ("[[bills]]\nbill_id = \"1,2\"\nprice = 1\n", 2, 11, "comma"),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\nexpires_on = \"31.12.2099\"\n",
            4,
            14,
            "YYYY-MM-DD",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\n",
            1,
            1,
            "missing field `price`",
        ),
        (
            "[[faults]]\nfault = \"aply-then-close\"\n",
            2,
            9,
            "the nearest is `apply-then-close`",
        ),
        (
            "[[faults]]\nfault = \"429\"\noperation = \"bill cancl\"\n",
            3,
            13,
            "the nearest is `bill cancel`",
        ),
        (
            "[[faults]]\nfault = \"429\"\n\n[[faults]]\nfault = \"429\"\nfirst = 1\nevery = 2\n",
            4,
            1,
            "give one of",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\n[[bills]]\nbill_id = \"2\"\n",
            4,
            1,
            "missing field `price`",
        ),
        ("[[bills]\n", 1, 9, ""),
        (
            "[[merchants]]\npartner = \"a\"\nmember = \"m\"\nmerchant = \"s\"\n",
            2,
            11,
            "has no key",
        ),
        (
            "[[merchants]]\npartner = \"a\"\nkey = \"k\"\nmember = \"m\"\nmerchant = \"\"\n",
            5,
            12,
            "merchant",
        ),
        (
            "[[merchants]]\npartner = \"academy\"\nkey = \"k\"\nmember = \"m\"\nmerchant = \"s\"\n[[bills]]\n\
             partner = \"acadmy\"\nbill_id = \"1\"\nprice = 1\n",
            7,
            11,
            "the nearest is `academy`",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\n[[bills]]\nbill_id = \"1\"\nprice = 1\n",
            5,
            11,
            "already",
        ),
        ("{\"bill\": []}", 1, 2, "the nearest is `bills`"),
        (
            "{\n \"bills\": [\n  {\"bill_id\": \"1\",\n   \"prise\": 1}]}",
            4,
            4,
            "the nearest is `price`",
        ),
        (
            "{\n \"faults\": [{\"fault\": \"latensy\"}]}",
            2,
            23,
            "the nearest is `latency`",
        ),
        ("{\n \"faults\": [}", 2, 13, ""),
    ] {
        let mistake = Seed::parse(seed).expect_err(seed);
        let text = mistake.to_string();
        assert_eq!(
            (mistake.line(), mistake.column()),
            (line, column),
            "{seed}: {text}"
        );
        assert!(text.contains(part), "{seed}: {text}");
        assert!(
            text.starts_with(&format!("line {line}, column {column}: ")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_mistake_that_shows_at_the_start_has_its_place_too() {
    let merchants = "[[merchants]]\npartner = \"a\"\nkey_env = \"PAYSSAM_MOCK_NO_SUCH\"\nmember = \"m\"\nmerchant = \"s\"\n";
    let same = merchants.replace("key_env = \"PAYSSAM_MOCK_NO_SUCH\"", "key = \"k\"");
    for (seed, place, part) in [
        (merchants.to_owned(), "line 3, column 11", "is not set"),
        (
            format!("{same}[[bills]]\nmerchant = \"sss\"\nbill_id = \"1\"\nprice = 1\n"),
            "line 7, column 12",
            "there is no merchant `sss`",
        ),
        (
            same.clone() + &same.replace("\"a\"", "\"b\""),
            "line 7, column 11",
            "another partner has this key",
        ),
    ] {
        let parsed = Seed::parse(&seed).unwrap();
        let error = MockServer::builder()
            .seed(parsed)
            .start()
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(place) && text.contains(part),
            "{seed}: {text}"
        );
    }
}

#[test]
fn a_mistake_is_where_it_is_and_not_where_its_word_stands_as_well() {
    let merchant =
        "[[merchants]]\npartner = \"a\"\nkey = \"kkkk\"\nmember = \"m\"\nmerchant = \"s\"\n";
    for (seed, line, column, part) in [
        // A comment is no table.
        (
            "# [[bills]]\n[[bills]]\nbill_id = \"1\"\nprice = 1\n# [[bills]]\n[[bills]]\nbill_id = \"2\"\n".to_owned(),
            6,
            1,
            "missing field `price`",
        ),
        (format!("{merchant}{merchant}"), 10, 12, "already"),
        (
            "[[faults]]\nfault = \"429\"\n[[faults]]\nfault = \"429\"\nfirst = 0\n".to_owned(),
            5,
            9,
            "1 or more",
        ),
        (
            "[[faults]]\nfault = \"429\"\nevery = 0\n".to_owned(),
            3,
            9,
            "1 or more",
        ),
        (
            "[[faults]]\nfault = \"429\"\nfirst = 9007199254740993\n".to_owned(),
            3,
            9,
            "at most 2^53",
        ),
        (
            "[[faults]]\nfault = \"429\"\nmerchant = \"\"\n".to_owned(),
            3,
            12,
            "a name",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\nmember = \" \"\n".to_owned(),
            4,
            10,
            "a name",
        ),
        (merchant.replace("\"a\"", "\"\""), 2, 11, "a name"),
        (
            format!("{merchant}[[faults]]\nfault = \"429\"\npartner = \"A1\"\n"),
            8,
            11,
            "there is no partner `A1`",
        ),
        (
            "{\"bills\": [{\"bill_id\": \"1\", \"price\": 1},\n  {\"bill_id\": \"2\"}]}".to_owned(),
            2,
            3,
            "missing field `price`",
        ),
        (
            "{\"faults\": [{\"fault\": \"429\"},\n {\"fault\": \"429\", \"first\": 0, \"operation\": \"bill read\"}]}".to_owned(),
            2,
            28,
            "1 or more",
        ),
        (
            "{\"faults\": [{\"fault\": \"429\"},\n {\"fault\": \"429\", \"first\": 1, \"every\": 2}]}".to_owned(),
            2,
            40,
            "give one of",
        ),
        ("{\"bills\": [[\"1\", 1000]]}".to_owned(), 1, 12, "an object"),
    ] {
        let mistake = Seed::parse(&seed).expect_err(&seed);
        let text = mistake.to_string();
        assert_eq!(
            (mistake.line(), mistake.column()),
            (line, column),
            "{seed}: {text}"
        );
        assert!(text.contains(part), "{seed}: {text}");
    }
}

/// The mistake of a seed, which may show at the start only.
async fn mistake_of(seed: &str) -> String {
    match Seed::parse(seed) {
        Ok(seed) => {
            let started = MockServer::builder().seed(seed).start().await;
            started.unwrap_err().to_string()
        }
        Err(mistake) => mistake.to_string(),
    }
}

#[tokio::test]
async fn a_fault_or_a_bill_of_somebody_who_is_none_is_a_mistake_with_its_place() {
    for (more, place, part) in [
        (
            "[[faults]]\nfault = \"429\"\nmerchant = \"jamsi\"\n",
            "line 45, column 12",
            "the nearest is `jamsil`",
        ),
        (
            "[[faults]]\nfault = \"429\"\nmember = \"clinik\"\n",
            "line 45, column 10",
            "the nearest is `clinic`",
        ),
        (
            "[[faults]]\nfault = \"429\"\npartner = \"clinic\"\nmerchant = \"jamsil\"\n",
            "line 46, column 12",
            "there is no merchant `jamsil`",
        ),
        (
            "[[bills]]\nbill_id = \"9\"\nprice = 1\nmember = \"gangnam\"\n",
            "line 46, column 10",
            "there is no member `gangnam`",
        ),
        (
            "[[bills]]\nbill_id = \"1\"\nprice = 1\npartner = \"academy\"\n",
            "line 44, column 11",
            "used before",
        ),
        (
            "[[bills]]\nbill_id = \"9\"\nprice = 1\nstate = \"paid\"\nexpires_on = \"2020-01-01\"\n",
            "line 47, column 14",
            "cannot be paid",
        ),
        (
            "[[bills]]\nbill_id = \"9\"\nprice = 1\ncallback_url = \"http://u@127.0.0.1/\"\n",
            "line 46, column 16",
            "no user",
        ),
    ] {
        let text = mistake_of(&format!("{TOML}{more}")).await;
        assert!(
            text.contains(place) && text.contains(part),
            "{more}: {text}"
        );
    }
    let text = mistake_of("[[faults]]\nfault = \"429\"\npartner = \"frist\"\n").await;
    assert!(
        text.contains("line 3, column 11") && text.contains("nearest is `first`"),
        "{text}"
    );
}

#[tokio::test]
async fn no_mistake_quotes_what_is_a_key_or_may_be_one() {
    let rest = "member = \"m\"\nmerchant = \"s\"\n";
    for (line, place) in [
        ("key = 4712345678", "line 3, column 7"),
        ("key = -4712345678", "line 3, column 7"),
        ("key = 47.12345678", "line 3, column 7"),
        ("key = 4712-12-11", ""),
        ("key = [4712]", "line 3, column 7"),
        ("key = {a = 4712}", "line 3, column 7"),
        ("key = 47123abc", ""),
        ("key = abc-4712", ""),
        ("key_env = 4712", "line 3, column 11"),
        ("key_env = \"4712abc\"", "line 3, column 11"),
        ("key_env = \"sk-4712-abc\"", "line 3, column 11"),
        ("key_env = \"abcdef4712abcdef4712\"", "line 3, column 11"),
        ("key = \"4712 4712 \"", "line 3, column 7"),
    ] {
        let text = mistake_of(&format!("[[merchants]]\npartner = \"a\"\n{line}\n{rest}")).await;
        assert!(!text.contains("4712"), "{line}: {text}");
        assert!(
            text.contains(place) && text.contains("line 3"),
            "{line}: {text}"
        );
    }
    for value in [
        "4712",
        "-4712",
        "47.124712",
        "[4712]",
        "{\"a\": 4712}",
        "4712abc",
        "true",
    ] {
        for field in ["key", "key_env"] {
            let seed = format!(
                "{{\"merchants\": [{{\"partner\": \"a\", \"member\": \"m\", \"merchant\": \"s\", \"{field}\": {value}}}]}}"
            );
            let text = mistake_of(&seed).await;
            assert!(!text.contains("4712"), "{seed}: {text}");
        }
    }
}

#[tokio::test]
async fn with_a_seed_an_empty_member_is_refused() {
    let mock = start(TOML).await;
    for (member, merchant) in [("", "gangnam"), ("academy", ""), ("", "")] {
        let (code, state) = reading(&mock, "academy-key", member, merchant).await;
        assert!(
            ["PARTNER_004", "VALIDATION_002"].contains(&&*code),
            "{code}"
        );
        assert_eq!(state, json!(null));
    }
    let balance = json!({"apiKey": "academy-key", "member": "", "merchant": ""});
    let balance = post(&mock, "/read/merchant/remain_count", &balance).await;
    assert_ne!(balance["code"], "0000");
}

#[tokio::test]
async fn the_key_of_the_environment_is_taken_besides_those_of_the_seed() {
    let own = Credentials::builder()
        .api_key("own-key")
        .member("m")
        .merchant("s");
    let builder = MockServer::builder().seed(Seed::parse(TOML).unwrap());
    let mock = builder
        .credentials(own.build().unwrap())
        .start()
        .await
        .unwrap();
    assert_eq!(reading(&mock, "own-key", "m", "s").await.0, "BILL_003");
    assert_eq!(
        reading(&mock, "clinic-key", "clinic", "main").await.0,
        "0000"
    );
    assert_eq!(reading(&mock, API_KEY, "m", "s").await.0, "PARTNER_002");
}

#[tokio::test]
async fn a_fault_and_a_reset_of_one_merchant_are_of_no_concern_to_another() {
    let mock = start(TOML).await;
    let only_jamsil = json!({"fault": "error-code", "merchant": "jamsil"});
    control::post(&mock, "/faults", only_jamsil).await;
    for (merchant, price) in [("gangnam", 10), ("jamsil", 20)] {
        let bill = json!({"bill_id": "2", "price": price, "merchant": merchant});
        control::post(&mock, "/bills", bill).await;
    }
    for (merchant, code) in [
        ("gangnam", "0000"),
        ("jamsil", "ERROR"),
        ("gangnam", "0000"),
    ] {
        assert_eq!(
            reading(&mock, "academy-key", "academy", merchant).await.0,
            code
        );
    }
    let before = get(&mock, "/bills?merchant=gangnam").await["bills"].clone();
    control::post(&mock, "/reset?merchant=jamsil", json!({})).await;
    assert_eq!(get(&mock, "/bills?merchant=gangnam").await["bills"], before);
    let own = get(&mock, "/bills?merchant=jamsil").await;
    assert_eq!(
        (&own["total"], &own["bills"][0]["state"]),
        (&1.into(), &"paid".into())
    );
    // The fault of everybody stays, the one of the merchant is gone.
    let faults = get(&mock, "/faults").await;
    assert_eq!(faults["faults"].as_array().unwrap().len(), 1);
    assert_eq!(
        reading(&mock, "academy-key", "academy", "jamsil").await.0,
        "0000"
    );
    // The id is free again for that merchant alone.
    let bill =
        |merchant: &str| json!({"bill_id": "2", "price": 1, "merchant": merchant}).to_string();
    assert_eq!(
        control::call(&mock, "POST", "/bills", &bill("jamsil"))
            .await
            .0,
        200
    );
    assert_eq!(
        control::call(&mock, "POST", "/bills", &bill("gangnam"))
            .await
            .0,
        409
    );
}

const ROUNDS: usize = 20;

/// A test suite of one merchant: in every round it adds bills, pays some, injects a fault, and resets what is its own.
async fn suite(
    mock: Arc<MockServer>,
    barrier: Arc<Barrier>,
    turns: Arc<Mutex<Vec<&'static str>>>,
    merchant: &'static str,
    first: &str,
) {
    let whose = format!("merchant={merchant}");
    for round in 0..ROUNDS {
        // Both are in the same half of a round.
        barrier.wait().await;
        let mut added = Vec::new();
        for number in 0..5 + round % 3 {
            let bill_id = format!("{round}-{number}");
            let bill = json!({"bill_id": bill_id, "price": 10, "merchant": merchant});
            control::post(&mock, "/bills", bill).await;
            turns.lock().unwrap().push(merchant);
            if number % 2 == 0 {
                let path = format!("/bills/{bill_id}/pay?{whose}");
                control::post(&mock, &path, json!({})).await;
            }
            added.push((bill_id, ["paid", "unpaid"][number % 2].to_owned()));
        }
        // Only one of both has a fault in this round.
        let has_fault = (round % 2 == 0) == (merchant == "gangnam");
        if has_fault {
            let fault = json!({"fault": "error-code", "merchant": merchant});
            control::post(&mock, "/faults", fault).await;
        }
        barrier.wait().await;
        let code = if has_fault { "ERROR" } else { "0000" };
        for _ in 0..5 {
            let read = reading(&mock, "academy-key", "academy", merchant).await;
            turns.lock().unwrap().push(merchant);
            assert_eq!(read.0, code, "{merchant} {round}");
        }
        let list = get(&mock, &format!("/bills?{whose}")).await;
        let bills = list["bills"].as_array().unwrap().iter().rev();
        let text = |bill: &Value, field: &str| bill[field].as_str().unwrap().to_owned();
        let mut found: Vec<_> = bills
            .map(|bill| (text(bill, "bill_id"), text(bill, "state")))
            .collect();
        assert_eq!(found.remove(0), ("1".to_owned(), first.to_owned()));
        assert_eq!(found, added, "{merchant} {round}");
        control::post(&mock, &format!("/reset?{whose}"), json!({})).await;
        let list = get(&mock, &format!("/bills?{whose}")).await;
        assert_eq!(list["total"], 1, "{merchant} {round}");
        let read = reading(&mock, "academy-key", "academy", merchant).await;
        assert_eq!(read.0, "0000", "{merchant} {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_test_suites_share_a_mock_server_without_faults_or_resets_of_each_other() {
    let mock = Arc::new(start(TOML).await);
    let barrier = Arc::new(Barrier::new(2));
    let turns = Arc::new(Mutex::new(Vec::new()));
    let run = |merchant, first| {
        let suite = suite(
            mock.clone(),
            barrier.clone(),
            turns.clone(),
            merchant,
            first,
        );
        tokio::spawn(suite)
    };
    tokio::try_join!(run("gangnam", "unpaid"), run("jamsil", "paid")).unwrap();
    let turns = turns.lock().unwrap();
    let changes = turns.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes >= 2 * ROUNDS, "one after the other: {turns:?}");
}
