//! Any text as the result code of a read and of a cancellation, as a JSON string, and as a JSON number if it is
//! one.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::{CANCEL, CLIENT, ID, examine};
use libfuzzer_sys::fuzz_target;
use payssam::contract::responded;

fuzz_target!(|text: &str| {
    for json in examine::as_json(text) {
        let body = examine::with_code(&json);
        let read = responded::read(&CLIENT, &ID, 200, body.as_bytes());
        examine::code(&read, &json, text);
        let cancelled = responded::cancel(&CLIENT, &CANCEL, 200, body.as_bytes());
        examine::code(&cancelled, &json, text);
    }
});
