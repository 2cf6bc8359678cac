//! The commands together take a bill through every path of its states.

use crate::support::{
    SEND,
    mock_server::mock,
    process::{Environment, json_of, nothing, rejection_of, run, state},
};

fn send(id: &str, at: &Environment) -> String {
    let sent = json_of(&[&SEND[..], &["--id", id, "--confirm"]].concat(), at);
    sent["short_url"].as_str().unwrap().to_owned()
}

fn pay(link: &str) -> i32 {
    run(&["mock", "pay", link], &nothing()).code
}

#[test]
fn a_bill_is_sent_paid_and_cancelled_and_each_state_rejects_what_it_does_not_allow() {
    let (_mock_server, at) = mock(&[]);
    let cancel = ["bill", "cancel", "a", "--price", "45000", "--confirm"];
    let destroy = ["bill", "destroy", "a", "--price", "45000", "--confirm"];
    let link = send("a", &at);
    assert_eq!(state("a", &at), "unpaid");
    assert_eq!(rejection_of(&cancel, &at), "MOCK_NOT_PAID");
    assert_eq!(pay(&link), 0);
    assert_eq!(state("a", &at), "paid");
    assert_eq!(pay(&link), 2);
    assert_eq!(rejection_of(&["bill", "resend", "a"], &at), "BILL_006");
    assert_eq!(rejection_of(&destroy, &at), "MOCK_PAID");
    assert_eq!(json_of(&cancel, &at)["was_already_cancelled"], false);
    assert_eq!(state("a", &at), "cancelled");
    assert_eq!(json_of(&cancel, &at)["was_already_cancelled"], true);
    assert_eq!(rejection_of(&destroy, &at), "MOCK_ALREADY_CANCELLED");
    assert_eq!(pay(&link), 2);
}

#[test]
fn a_bill_is_sent_and_destroyed_and_its_id_stays_used() {
    let (_mock_server, at) = mock(&[]);
    let cancel = ["bill", "cancel", "b", "--price", "45000", "--confirm"];
    let destroy = ["bill", "destroy", "b", "--price", "45000", "--confirm"];
    let link = send("b", &at);
    assert_eq!(json_of(&destroy, &at)["was_already_destroyed"], false);
    assert_eq!(state("b", &at), "destroyed");
    assert_eq!(json_of(&destroy, &at)["was_already_destroyed"], true);
    assert_eq!(rejection_of(&cancel, &at), "MOCK_DESTROYED");
    assert_eq!(pay(&link), 2);
    let again = [&SEND[..], &["--id", "b"]].concat();
    assert_eq!(rejection_of(&again, &at), "BILL_001");
}
