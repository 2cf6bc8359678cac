//! Any bytes as a documentation page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::page::{decode, normalise, read, words};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes.to_vec(), "page.md") else {
        return;
    };
    let normal = normalise(&text);
    assert_eq!(normalise(&normal), normal);
    for text in [text, normal] {
        if let Ok(page) = read(&text, "page.md", true) {
            for section in page.sections {
                assert!(!section.text.contains("  "), "{:?}", section.text);
            }
        }
        let _ = words(&text);
    }
});
