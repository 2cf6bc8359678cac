//! Any text as the list of pages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reqwest::Url;
use xtask::payssam::fetch::Index;

fuzz_target!(|text: &str| {
    let root = Url::parse("https://docs.example.com/llms.txt").expect("an address");
    let index = Index::parse(text, &root);
    let listing = index.compare(&[]).expect("no page, no page under http");
    assert!(listing.unknown.is_empty() && listing.gone.is_empty());
});
