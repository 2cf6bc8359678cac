//! What the specification requires of the requests, as data that the library checks
//! (`src/raw/rules.rs`). Every text of a page is a string literal here.

use std::{collections::BTreeMap, error::Error};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    operation::{Operation, component, name},
    shape,
};

/// How deep schemas may nest. No call has values that are nested deeper.
const DEEPEST: usize = 24;

/// The module `rules` of the generated client.
pub(crate) fn of(
    spec: &Value,
    operations: &[Operation<'_>],
) -> Result<TokenStream, Box<dyn Error>> {
    let mut rules = Rules {
        schemas: &spec["components"]["schemas"],
        made: BTreeMap::new(),
        depth: 0,
    };
    let mut rows = Vec::new();
    for operation in operations {
        let path = operation.path;
        let unsupported = texts(&operation.definition["x-unsupported"]);
        let request = match operation.request {
            Some(request) => {
                let request = rules.named(request)?;
                let write = quote! { crate::raw::fill::write::<super::types::#request> };
                quote! { Some(Request { schema: &#request, write: #write }) }
            }
            None => quote! { None },
        };
        rows.push(quote! {
            Operation { path: #path, unsupported: &[#(#unsupported),*], request: #request }
        });
    }
    let statics = rules.made.into_values();
    Ok(quote! {
        #[allow(non_upper_case_globals)]
        pub mod rules {
            use crate::raw::rules::{Bound, Kind, Operation, Property, Request, Schema};

            pub static OPERATIONS: &[Operation] = &[#(#rows),*];

            #(#statics)*
        }
    })
}

struct Rules<'s> {
    schemas: &'s Value,
    /// The static of each component that is used.
    made: BTreeMap<String, TokenStream>,
    /// How many schemas contain the one that is being built.
    depth: usize,
}

impl Rules<'_> {
    /// The static of a component. A component may contain itself, and so may a static.
    fn named(&mut self, component: &str) -> Result<proc_macro2::Ident, Box<dyn Error>> {
        let known = self.schemas.get(component);
        let schema = known.ok_or_else(|| format!("there is no component {component:?}"))?;
        let ident = format_ident!("{}", name(component)?);
        if !self.made.contains_key(component) {
            self.made.insert(component.to_owned(), TokenStream::new());
            let rule = self.rule(schema)?;
            let made = quote! { static #ident: Schema = #rule; };
            self.made.insert(component.to_owned(), made);
        }
        Ok(ident)
    }

    /// A reference to the rule of a schema.
    fn reference(&mut self, schema: &Value) -> Result<TokenStream, Box<dyn Error>> {
        if self.depth >= DEEPEST {
            return Ok(quote! { &Schema::ANY });
        }
        self.depth += 1;
        let reference = self.reference_at_depth(schema);
        self.depth -= 1;
        reference
    }

    fn reference_at_depth(&mut self, schema: &Value) -> Result<TokenStream, Box<dyn Error>> {
        match schema.get("$ref") {
            Some(reference) => {
                let ident = self.named(component(reference))?;
                Ok(quote! { &#ident })
            }
            None => {
                let rule = self.rule(schema)?;
                Ok(quote! { &#rule })
            }
        }
    }

    fn references(&mut self, schemas: &Value) -> Result<Vec<TokenStream>, Box<dyn Error>> {
        let schemas = schemas.as_array().into_iter().flatten();
        schemas.map(|schema| self.reference(schema)).collect()
    }

    fn rule(&mut self, schema: &Value) -> Result<TokenStream, Box<dyn Error>> {
        let kind = kind(schema);
        let values: Vec<String> = schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|value| !value.is_null())
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect();
        let (least, most) = (
            option(&schema["minLength"].as_u64()),
            option(&schema["maxLength"].as_u64()),
        );
        let (pattern, format) = (
            option(&schema["pattern"].as_str()),
            option(&schema["format"].as_str()),
        );
        let minimum = bound(&schema["minimum"], &schema["exclusiveMinimum"]);
        let maximum = bound(&schema["maximum"], &schema["exclusiveMaximum"]);
        let multiple_of = option(&schema["multipleOf"].as_f64());
        let properties = self.properties(schema)?;
        let all = self.references(&schema["allOf"])?;
        let mut any = self.references(&schema["anyOf"])?;
        any.extend(self.references(&schema["oneOf"])?);
        Ok(quote! {
            Schema {
                kind: Kind::#kind,
                values: &[#(#values),*],
                min_length: #least,
                max_length: #most,
                pattern: #pattern,
                format: #format,
                minimum: #minimum,
                maximum: #maximum,
                multiple_of: #multiple_of,
                properties: &[#(#properties),*],
                all: &[#(#all),*],
                any: &[#(#any),*],
            }
        })
    }

    fn properties(&mut self, schema: &Value) -> Result<Vec<TokenStream>, Box<dyn Error>> {
        let Some(properties) = schema["properties"].as_object() else {
            return required_alone(schema);
        };
        let fields = shape::fields(properties);
        let required = texts(&schema["required"]);
        let mut rules = Vec::new();
        for (name, property) in properties {
            // Only the server sets a property that is read-only.
            let is_required = required.contains(&name.as_str()) && property["readOnly"] != true;
            let has_field = fields.contains(&name.as_str());
            let schema = self.reference(property)?;
            rules.push(quote! {
                Property { name: #name, required: #is_required, has_field: #has_field, schema: #schema }
            });
        }
        Ok(rules)
    }
}

/// A part of an `allOf` may require what another part describes.
fn required_alone(schema: &Value) -> Result<Vec<TokenStream>, Box<dyn Error>> {
    let property = |name: &str| {
        quote! {
            Property { name: #name, required: true, has_field: true, schema: &Schema::ANY }
        }
    };
    Ok(texts(&schema["required"])
        .into_iter()
        .map(property)
        .collect())
}

fn kind(schema: &Value) -> proc_macro2::Ident {
    let kind = match schema["type"].as_str() {
        _ if schema["not"] == serde_json::json!({}) => "Nothing",
        Some("string") => "Text",
        Some("boolean") => "Boolean",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("array") => "List",
        Some("object") => "Object",
        _ if schema.get("properties").is_some() => "Object",
        _ => "Any",
    };
    format_ident!("{kind}")
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

fn option(value: &Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { Some(#value) },
        None => quote! { None },
    }
}

fn bound(limit: &Value, exclusive: &Value) -> TokenStream {
    let exclusive = exclusive == true;
    match limit.as_f64() {
        Some(limit) => quote! { Some(Bound { limit: #limit, exclusive: #exclusive }) },
        None => quote! { None },
    }
}
