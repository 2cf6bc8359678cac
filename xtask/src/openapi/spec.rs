//! Finds operations, references and bodies in a published document.

use std::collections::VecDeque;

use serde_json::Value;

use openapi_compare::pointer::{Pointer, percent_decoded};

/// A part of a document, and its place.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// The document.
    pub document: &'a Value,
    /// Where in it.
    pub at: Pointer,
    /// What is there.
    pub value: &'a Value,
}

impl<'a> Part<'a> {
    /// The whole document.
    pub fn whole(document: &'a Value) -> Self {
        Self {
            document,
            at: Pointer::root(),
            value: document,
        }
    }

    /// A member of this object. `null` counts as missing.
    pub fn child(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self {
            document: self.document,
            at: self.at.child(key),
            value,
        })
    }

    /// The members of this object, or none.
    pub fn children(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let (document, at) = (self.document, self.at.clone());
        let members = self.value.as_object().into_iter().flatten();
        members
            .filter(|(_, value)| !value.is_null())
            .map(move |(key, value)| {
                let at = at.child(key);
                (
                    key.as_str(),
                    Self {
                        document,
                        at,
                        value,
                    },
                )
            })
    }

    /// The items of this array, or none.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let (document, at) = (self.document, self.at.clone());
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self {
            document,
            at: at.child(index),
            value,
        })
    }

    /// The target of this reference, or the part itself if it is not a reference. `None` if the
    /// target does not exist, is outside of the document, or refers back.
    pub fn followed(self) -> Option<Self> {
        let mut part = self;
        for _ in 0..FARTHEST {
            let Some(reference) = part.child("$ref") else {
                return Some(part);
            };
            part = part.referred(reference.value.as_str()?)?;
        }
        None
    }

    /// The target of a reference in this part.
    pub fn referred(&self, reference: &str) -> Option<Self> {
        let path = reference.strip_prefix('#')?;
        // A schema may have its own definitions, and refer to them.
        if path.starts_with("/$defs/") || path.starts_with("/definitions/") {
            let mut homes = self.at.ancestors();
            if let Some(found) = homes.find_map(|home| self.at_text(&format!("{home}{path}"))) {
                return Some(found);
            }
        }
        self.at_text(path).or_else(|| {
            let decoded = path.contains('%').then(|| percent_decoded(path));
            self.at_text(&decoded?)
        })
    }

    fn at_text(&self, path: &str) -> Option<Self> {
        let at = Pointer::parse(path)?;
        let value = at.find_in(self.document)?;
        Some(Self {
            document: self.document,
            at,
            value,
        })
    }
}

/// Whether a key of a path item is an HTTP method.
pub(crate) fn is_method(key: &str) -> bool {
    matches!(
        key,
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
    )
}

/// An operation by its name, such as `POST /bill/cancel`.
pub fn operation<'a>(document: &'a Value, name: &str) -> Option<Part<'a>> {
    let (method, path) = name.split_once(' ')?;
    let item = Part::whole(document)
        .child("paths")?
        .child(path)?
        .followed()?;
    item.child(&method.to_ascii_lowercase())
}

/// The schema of an operation's request.
pub fn request<'a>(operation: &Part<'a>) -> Option<Part<'a>> {
    let body = operation.child("requestBody")?.followed()?;
    let (_, media_type) = request_content(&body)?;
    media_type.child("schema")
}

/// What a request body has in JSON, with the name of the media type.
pub fn request_content<'a>(body: &Part<'a>) -> Option<(&'a str, Part<'a>)> {
    json(body, &["application/json", "*/*", "application/*"])
}

/// How many references are followed at most. References in a circle end here.
const FARTHEST: usize = 64;

/// A property of a schema, through references and compositions; for the name `items` also its
/// items.
pub fn inside<'a>(schema: &Part<'a>, name: &str) -> Option<Part<'a>> {
    meanings(schema.clone()).into_iter().find_map(|schema| {
        let property = schema.child("properties").and_then(|all| all.child(name));
        property.or_else(|| schema.child(name).filter(|_| name == "items"))
    })
}

/// The description of a schema: its own, else that of what it refers to or is composed of.
pub fn description<'a>(schema: &Part<'a>) -> Option<Part<'a>> {
    let mut meanings = meanings(schema.clone()).into_iter();
    meanings.find_map(|schema| schema.child("description"))
}

/// A schema and all that it refers to or is composed of, the nearest first.
pub fn meanings(schema: Part<'_>) -> Vec<Part<'_>> {
    let mut found: Vec<Part<'_>> = Vec::new();
    let mut open = VecDeque::from([schema]);
    while let Some(schema) = open.pop_front() {
        if found.len() == FARTHEST || found.iter().any(|known| known.at == schema.at) {
            continue;
        }
        let reference = schema.value.get("$ref").and_then(Value::as_str);
        open.extend(reference.and_then(|reference| schema.referred(reference)));
        for keyword in ["allOf", "oneOf", "anyOf"] {
            open.extend(schema.child(keyword).iter().flat_map(Part::items));
        }
        found.push(schema);
    }
    found
}

/// The success response: 200, else the lowest other 2xx, else 2XX, else the default.
pub fn success<'a>(operation: &Part<'a>) -> Option<Part<'a>> {
    let responses = operation.child("responses")?;
    let rank = |status: &str| match status.to_ascii_uppercase().as_str() {
        "200" => Some(0),
        "2XX" => Some(1000),
        "DEFAULT" => Some(1001),
        other => other
            .parse()
            .ok()
            .filter(|status| (200..300).contains(status)),
    };
    let ranked = responses
        .children()
        .filter_map(|(status, response)| Some((rank(status)?, response)));
    let (_, response) = ranked.min_by_key(|(rank, _): &(u16, _)| *rank)?;
    response.followed()
}

/// The schema of the success response.
pub fn response<'a>(operation: &Part<'a>) -> Option<Part<'a>> {
    let (_, media_type) = json(&success(operation)?, &["application/json", "*/*"])?;
    media_type.child("schema")
}

/// The first of these media types that a body has, else one that ends in `+json`.
fn json<'a>(body: &Part<'a>, preferred: &[&str]) -> Option<(&'a str, Part<'a>)> {
    let content = body.child("content")?;
    let find = |is_wanted: &dyn Fn(&str) -> bool| {
        let wanted = content
            .children()
            .filter(|(name, _)| is_wanted(&essence(name)));
        wanted.min_by_key(|(name, _)| *name)
    };
    preferred
        .iter()
        .find_map(|name| find(&|it| it == *name))
        .or_else(|| find(&|it| it.ends_with("+json")))
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> String {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}
