//! From `client.json` to the tokens of the requests.
//!
//! Nothing that a page says can become code here: names were made by `xtask`, every other text is
//! either left out ([`shape`]) or a literal ([`rules`]), and doc comments are removed, because
//! rustdoc would run the code in one.

use std::error::Error;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    operation::{Operation, operations},
    rules, shape,
};

/// The types of the requests, the rules that they keep, and one way to fill and write any of them.
pub(crate) fn requests(spec: &str, reconstructed: bool) -> Result<TokenStream, Box<dyn Error>> {
    let spec: Value = serde_json::from_str(spec)?;
    let operations = operations(&spec, reconstructed)?;
    let shape: openapiv3::OpenAPI = serde_json::from_value(shape::of(&spec, &operations))?;

    let mut settings = GenerationSettings::new();
    settings.with_replacement(shape::NUMBER, "crate::raw::fill::Number", [].into_iter());
    let mut generator = Generator::new(&settings);
    // It makes the types on the way to a client, which nobody needs.
    generator.generate_tokens(&shape)?;
    let types = without_docs(generator.get_type_space().to_stream());
    let request = any_request(&operations);
    let rules = rules::of(&spec, &operations)?;
    let version = spec["info"]["version"].as_str().unwrap_or_default();
    Ok(quote! {
        pub mod types { #types }
        pub const API_VERSION: &str = #version;
        #request
        #rules
    })
}

/// One type for all requests, so that the facade names none of them: an operation that is renamed or
/// removed is an error of its calls, not a compile error.
fn any_request(operations: &[Operation<'_>]) -> TokenStream {
    let with_request = |operation: &&Operation<'_>| operation.request.is_some();
    let operations: Vec<&Operation<'_>> = operations.iter().filter(with_request).collect();
    let names: Vec<_> = operations
        .iter()
        .filter_map(|operation| Some(format_ident!("{}", operation.request?)))
        .collect();
    let paths: Vec<_> = operations.iter().map(|operation| operation.path).collect();
    quote! {
        #[derive(::serde::Serialize)]
        #[serde(untagged)]
        pub enum Request {
            #(#names(types::#names),)*
        }

        impl Request {
            pub fn fill<'d, D>(path: &str, fields: D) -> Option<Result<Self, D::Error>>
            where
                D: ::serde::Deserializer<'d>,
            {
                match path {
                    #(#paths => Some(<types::#names as ::serde::Deserialize>::deserialize(fields).map(Request::#names)),)*
                    _ => None,
                }
            }

            pub fn path(&self) -> &'static str {
                match *self {
                    #(Request::#names(_) => #paths,)*
                }
            }
        }
    }
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
