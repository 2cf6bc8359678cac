//! Any bytes in the place of the JSON that a callback carries, which has the fields of a reading.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod asked;

use asked::{CLIENT, ID, examine};
use libfuzzer_sys::fuzz_target;
use payssam::contract::answered;

fuzz_target!(|data: &[u8]| {
    let body = examine::with_data(data);
    examine::reading(&answered::read(&CLIENT, &ID, 200, &body), 200);
});
