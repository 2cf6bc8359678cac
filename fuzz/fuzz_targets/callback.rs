//! Any bytes as the body of a callback.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::examine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| examine::callback(body));
