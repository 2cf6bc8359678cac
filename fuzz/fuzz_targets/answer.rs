//! Any bytes as the answer to a reading of a bill and of a receipt, to a cancellation and to a raw call;
//! the first one is the HTTP status.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod asked;

use asked::{CANCEL, CLIENT, ID, examine};
use libfuzzer_sys::fuzz_target;
use payssam::contract::responded;

fuzz_target!(|bytes: &[u8]| {
    let Some((status, body)) = examine::answer(bytes) else {
        return;
    };
    examine::reading(&responded::read(&CLIENT, &ID, status, body), status);
    examine::cancellation(&responded::cancel(&CLIENT, &CANCEL, status, body), status);
    examine::raw_call(&responded::call(&CLIENT, status, body), status);
    examine::receipt(&responded::receipt(&CLIENT, &ID, status, body), status);
});
