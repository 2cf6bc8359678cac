//! From `client.json` to the tokens of the requests.
//!
//! Nothing that a page says can become code here: names were made by `xtask`, every other text is
//! either left out ([`shape`]) or a literal ([`rules`]), and doc comments are removed, because
//! rustdoc would run the code in one.

use std::error::Error;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator};
use quote::quote;
use serde_json::Value;

use crate::{operation::operations, rules, shape};

/// The types of the requests, and the rules that they keep.
pub(crate) fn requests(spec: &str, reconstructed: bool) -> Result<TokenStream, Box<dyn Error>> {
    let spec: Value = serde_json::from_str(spec)?;
    let operations = operations(&spec, reconstructed)?;
    let shape = shape::of(&spec, &operations);

    let mut settings = GenerationSettings::new();
    settings.with_replacement(shape::NUMBER, "crate::raw::fill::Number", [].into_iter());
    let mut generator = Generator::new(&settings);
    // It makes the types on the way to a client, which nobody needs.
    generator.generate_tokens(&shape)?;
    let types = without_docs(generator.get_type_space().to_stream());
    let rules = rules::of(&spec, &operations)?;
    let version = spec["info"]["version"].as_str().unwrap_or_default();
    Ok(quote! {
        pub mod types { #types }
        pub const API_VERSION: &str = #version;
        #rules
    })
}

/// The tokens without `#[doc = …]`.
fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_doc = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#')
            && matches!(tokens.peek(), Some(TokenTree::Group(group)) if documents(group));
        match token {
            _ if is_doc => drop(tokens.next()),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_docs(group.stream()));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn documents(attribute: &Group) -> bool {
    let first = attribute.stream().into_iter().next();
    attribute.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}
