//! Any text as the picture of a signature, which is read as base64 with or without padding.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::{CLIENT, ID, examine};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use libfuzzer_sys::fuzz_target;
use payssam::contract::responded;

fuzz_target!(|text: &str| {
    let body = examine::with_field("apprSign", text);
    let read = responded::read(&CLIENT, &ID, 200, &body);
    examine::read(&read, 200);
    if let Ok(bill) = read
        && let Ok(Some(picture)) = bill.approval().healthcare().sign()
    {
        let digits = text.trim_end_matches('=');
        assert_eq!(BASE64_STANDARD_NO_PAD.encode(picture), digits);
    }
});
