//! Any text as a time that PaySsam writes.

#![no_main]

#[allow(dead_code, reason = "the other targets use the rest")]
mod request;

use request::examine;
use libfuzzer_sys::fuzz_target;
use payssam::KoreanTime;

fuzz_target!(|text: &str| {
    if let Ok(time) = text.parse::<KoreanTime>() {
        examine::is_whole(time, text);
    }
});
