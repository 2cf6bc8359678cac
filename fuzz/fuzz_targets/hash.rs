//! Any texts as the parts of a hash.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::examine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str, u64)| {
    let (id, phone, price) = parts;
    examine::hash(id, phone, price);
});
