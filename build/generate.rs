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
    let write = write_request(&operations);
    let rules = rules::of(&spec, &operations)?;
    let version = spec["info"]["version"].as_str().unwrap_or_default();
    Ok(quote! {
        pub mod types { #types }
        pub const API_VERSION: &str = #version;
        #write
        #rules
    })
}

/// One function for all requests, so that the facade names no type of them: an operation that is renamed or
/// removed is an error of its calls, not a compile error.
fn write_request(operations: &[Operation<'_>]) -> TokenStream {
    let with_request = operations
        .iter()
        .filter_map(|operation| Some((operation.path, format_ident!("{}", operation.request?))));
    let (paths, names): (Vec<_>, Vec<_>) = with_request.unzip();
    quote! {
        pub fn write_request<'d, D>(path: &str, fields: D) -> Option<Result<Vec<u8>, D::Error>>
        where
            D: ::serde::Deserializer<'d>,
        {
            fn write<'d, T, D>(fields: D) -> Result<Vec<u8>, D::Error>
            where
                T: ::serde::Deserialize<'d> + ::serde::Serialize,
                D: ::serde::Deserializer<'d>,
            {
                let request = T::deserialize(fields)?;
                let mut json = Vec::with_capacity(512);
                ::serde_json::to_writer(&mut json, &request).map_err(::serde::de::Error::custom)?;
                Ok(json)
            }
            match path {
                #(#paths => Some(write::<types::#names, D>(fields)),)*
                _ => None,
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
