//! `payssam bill destroy` destroys an unpaid bill.

use serde_json::json;

use crate::support::{
    mock_server::mock,
    process::{json_of, rejection_of, run, state},
    text::row,
};

const DESTROY: [&str; 5] = ["bill", "destroy", "a", "--price", "1000"];
const DESTROY_AND_CONFIRM: [&str; 6] = ["bill", "destroy", "a", "--price", "1000", "--confirm"];

#[test]
fn an_unpaid_bill_is_destroyed_once() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:W"]);
    assert_eq!(
        json_of(&DESTROY, &at),
        json!({"bill_id": "a", "was_already_destroyed": false, "confirmed_by_read": false})
    );
    assert_eq!(state("a", &at), "destroyed");
    assert_eq!(rejection_of(&DESTROY, &at), "MOCK_DESTROYED");
}

#[test]
fn confirm_accepts_a_bill_that_was_already_destroyed() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:D"]);
    assert_eq!(
        json_of(&DESTROY_AND_CONFIRM, &at),
        json!({"bill_id": "a", "was_already_destroyed": true, "confirmed_by_read": true})
    );
    let ended = run(&DESTROY_AND_CONFIRM, &at);
    assert_eq!(row(&ended.stdout, "state"), Some("destroyed (D)"));
    assert_eq!(
        row(&ended.stdout, "confirmed by"),
        Some("a read: it was already destroyed")
    );
}

#[test]
fn confirm_reconciles_a_lost_response_by_reading() {
    let (_mock_server, at) = mock(&["--bill", "a:1000:W", "--fault", "apply-then-close@destroy"]);
    assert_eq!(
        json_of(&DESTROY_AND_CONFIRM, &at),
        json!({"bill_id": "a", "was_already_destroyed": false, "confirmed_by_read": true})
    );
}
