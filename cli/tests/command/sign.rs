//! `payssam sign` prints hashes.

use serde_json::json;

use crate::support::{
    HASH, HASH_WITH_PHONE, PHONE,
    process::{nothing, run},
};

const SIGN: [&str; 5] = ["sign", "--bill-id", "1024", "--price", "45000"];

#[test]
fn the_hash_is_that_of_two_parts_or_with_a_phone_of_three() {
    let ended = run(&SIGN, &nothing());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.stdout, format!("{HASH}\n"));
    let ended = run(&[&SIGN[..], &["--phone", PHONE]].concat(), &nothing());
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert_eq!(ended.stdout, format!("{HASH_WITH_PHONE}\n"));
}

#[test]
fn json_can_be_requested_before_or_after_the_command() {
    for arguments in [
        [&["--output", "json"], &SIGN[..]].concat(),
        [&SIGN[..], &["--output", "json"]].concat(),
        [&SIGN[..], &["--output=json"]].concat(),
    ] {
        assert_eq!(run(&arguments, &nothing()).json(), json!({"hash": HASH}));
    }
}
