//! `payssam bill send` and `resend`.

use serde_json::{Value, json};

use crate::support::{
    HASH_WITH_PHONE, PHONE, SEND,
    canned_server::CannedServer,
    mock_server::mock,
    process::{json_of, rejection_of, run, state},
    text::row,
};

fn send<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SEND[..], more].concat()
}

#[test]
fn a_bill_is_sent_as_the_arguments_say() {
    let server =
        CannedServer::with_data(json!({"billId": "1024", "shortUrl": "https://s.example/1"}));
    let required = json!({
        "billId": "1024",
        "sendType": "TALK",
        "productName": "3월 수강료",
        "price": "45000",
        "memberName": "김하나",
        "phone": PHONE,
        "hash": HASH_WITH_PHONE,
        "callbackUrl": "https://academy.example/payssam",
    });
    let mut everything = required.clone();
    for (field, value) in [
        ("sendType", "URL"),
        ("billIssuer", "하나 학원"),
        ("message", "늦지 않게"),
        ("expireDt", "2099-12-31"),
        ("supplyPrice", "40909"),
        ("tax", "4091"),
        ("pageRedirectUrl", "https://academy.example/thanks"),
    ] {
        everything[field] = json!(value);
    }
    json_of(&send(&["--id", "1024"]), &server.environment());
    let all = [
        "--id",
        "1024",
        "--link",
        "--issuer",
        "하나 학원",
        "--message",
        "늦지 않게",
        "--expires",
        "2099-12-31",
        "--taxed",
        "--redirect",
        "https://academy.example/thanks",
    ];
    json_of(&send(&all), &server.environment());
    let request = |bill| {
        json!({
            "apiKey": "the-key", "member": "the-member", "merchant": "the-merchant", "bill": bill,
        })
    };
    assert_eq!(server.bodies(), [request(required), request(everything)]);
}

#[test]
fn the_result_has_the_id_and_the_link() {
    let (_mock_server, at) = mock(&[]);
    for more in [&[][..], &["--confirm"]] {
        let id = format!("a{}", more.len());
        let arguments = [&send(&["--id", &id])[..], more].concat();
        let mut sent = json_of(&arguments, &at);
        let link = sent["short_url"].take();
        assert!(
            link.as_str().unwrap().starts_with("http://127.0.0.1:"),
            "{link}"
        );
        assert_eq!(
            sent,
            json!({"bill_id": id, "short_url": null, "was_already_there": false, "confirmed_by_read": false})
        );
        assert_eq!(state(&id, &at), "unpaid");
    }
}

#[test]
fn a_new_id_is_generated_and_text_shows_it_with_the_link() {
    let (_mock_server, at) = mock(&[]);
    let ended = run(&send(&["--link"]), &at);
    assert_eq!(ended.code, 0, "{ended:?}");
    let id = row(&ended.stdout, "bill id").unwrap();
    assert_eq!(id.len(), 20);
    let link = row(&ended.stdout, "link").unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    assert_eq!(state(id, &at), "unpaid");
}

#[test]
fn confirm_reconciles_a_lost_response_by_reading() {
    let (_mock_server, at) = mock(&["--fault", "apply-then-close@send"]);
    assert_eq!(
        json_of(&send(&["--id", "a", "--confirm"]), &at),
        json!({"bill_id": "a", "short_url": null, "was_already_there": false, "confirmed_by_read": true})
    );
    let ended = run(&send(&["--id", "b", "--confirm"]), &at);
    assert_eq!(
        row(&ended.stdout, "confirmed by"),
        Some("a read, because no response confirmed it")
    );
    let message = row(&ended.stdout, "message").unwrap();
    assert!(message.contains("payssam bill resend"), "{message}");
    let ended = run(&send(&["--id", "c", "--confirm", "--link"]), &at);
    let link = row(&ended.stdout, "link").unwrap();
    assert!(link.starts_with("lost with the response"), "{link}");
}

#[test]
fn an_unknown_outcome_warns_against_another_id() {
    let (_mock_server, at) = mock(&["--fault", "apply-then-close@send"]);
    let ended = run(&send(&["--id", "a"]), &at);
    assert_eq!(ended.code, 5);
    assert!(
        ended.stderr.contains("never send it under another id"),
        "{ended:?}"
    );
}

#[test]
fn an_id_that_was_used_is_rejected() {
    let (_mock_server, at) = mock(&["--bill", "a:45000:D"]);
    let arguments = send(&["--id", "a"]);
    assert_eq!(rejection_of(&arguments, &at), "BILL_001");
    // With --confirm by the state of the bill that has it.
    let arguments = [&arguments[..], &["--confirm"]].concat();
    assert_eq!(rejection_of(&arguments, &at), Value::Null);
    assert!(run(&arguments, &at).stderr.contains("is destroyed"));
}

#[test]
fn confirm_finds_the_bill_that_is_already_there() {
    let (_mock_server, at) = mock(&[]);
    let arguments = send(&["--id", "a", "--confirm"]);
    assert_eq!(json_of(&arguments, &at)["was_already_there"], false);
    for more in [&[][..], &["--resuming"]] {
        let arguments = [&arguments[..], more].concat();
        assert_eq!(json_of(&arguments, &at)["was_already_there"], true);
        assert_eq!(
            row(&run(&arguments, &at).stdout, "confirmed by"),
            Some("a read: it was already sent")
        );
    }
}

#[test]
fn an_unpaid_bill_is_resent() {
    let (_mock_server, at) = mock(&["--bill", "b:1000:F"]);
    json_of(&send(&["--id", "a"]), &at);
    assert_eq!(
        json_of(&["bill", "resend", "a"], &at),
        json!({"bill_id": "a"})
    );
    let ended = run(&["bill", "resend", "a"], &at);
    assert_eq!(ended.stdout, "bill id  a\nmessage  resent\n");
    let code: Value = rejection_of(&["bill", "resend", "b"], &at);
    assert_eq!(code, "BILL_006");
}
