//! Any page, and the code that would be generated from it, which must be Rust without documentation.

#![no_main]

#[path = "../../../build/generate.rs"]
mod generate;
#[path = "../../../build/operation.rs"]
mod operation;
#[path = "../../../build/rules.rs"]
mod rules;
#[path = "../../../build/shape.rs"]
mod shape;

use libfuzzer_sys::fuzz_target;
use proc_macro2::{TokenStream, TokenTree};
use xtask::generate::{assemble::assemble, lower::lower};
use xtask::page::read;

fuzz_target!(|text: &str| {
    let Ok(page) = read(text, "page.md", true) else {
        return;
    };
    let Ok(upstream) = assemble(&page.fences) else {
        return;
    };
    let Ok(client) = lower(&upstream) else {
        return;
    };
    let tokens = generate::requests(&client.to_string(), true).expect("what lowering gives");
    assert!(!documents(tokens.clone()));
    syn::parse2::<syn::File>(tokens).expect("Rust");
});

fn documents(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => documents(group.stream()),
        TokenTree::Ident(name) => name == "doc",
        _ => false,
    })
}
