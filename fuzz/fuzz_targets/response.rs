//! Any bytes as the response to a read of a bill or of a receipt, to a cancellation and to a raw call;
//! the first one is the HTTP status.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::{CANCEL, CLIENT, ID, examine};
use libfuzzer_sys::fuzz_target;
use payssam::contract::responded;

fuzz_target!(|bytes: &[u8]| {
    let Some((status, body)) = examine::response(bytes) else {
        return;
    };
    examine::read(&responded::read(&CLIENT, &ID, status, body), status);
    examine::cancellation(&responded::cancel(&CLIENT, &CANCEL, status, body), status);
    examine::raw_call(&responded::call(&CLIENT, status, body), status);
    examine::receipt(&responded::receipt(&CLIENT, &ID, status, body), status);
});
