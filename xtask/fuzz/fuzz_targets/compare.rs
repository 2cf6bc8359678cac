//! Any two documents, separated by a line `---`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use xtask::compare::compare;

fuzz_target!(|text: &str| {
    let Some((old, new)) = text.split_once("\n---\n") else {
        return;
    };
    let (Ok(old), Ok(new)) = (serde_json::from_str(old), serde_json::from_str(new)) else {
        return;
    };
    let (old, new): (Value, Value) = (old, new);
    if let Ok(same) = compare(&old, &old, None) {
        assert_eq!(same, []);
    }
    let _ = compare(&old, &new, None);
});
