//! Any text as the amount of a bill that is read, as a JSON string, and as a JSON number if it is one.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::{CLIENT, ID, examine};
use libfuzzer_sys::fuzz_target;
use payssam::contract::responded;

fuzz_target!(|text: &str| {
    for json in examine::as_json(text) {
        let body = examine::with_amount(&json);
        let read = responded::read(&CLIENT, &ID, 200, body.as_bytes());
        let bill = read.expect("it is a bill");
        examine::amount(&bill.approval().price(), &json, text);
    }
});
