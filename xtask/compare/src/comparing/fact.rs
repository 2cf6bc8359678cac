//! Facts: what changed and where, but not how bad it is. Only [`Kind::FurtherPlaces`] has a level,
//! because it represents several facts.

use std::rc::Rc;

use serde_json::Value;

use crate::finding::{Kind, Scope};

/// Which of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The older one.
    Old,
    /// The newer one.
    New,
}

impl Side {
    /// The word for it in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Old => "old",
            Side::New => "new",
        }
    }
}

/// An operation, named as in the newer document if it is there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    pub(super) name: String,
    pub(super) id: Option<String>,
    /// What identifies it: its method and its older path, and for a callback the operation around it.
    pub(super) key: String,
}

/// A place in one of the documents, identified by the value there.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub side: Side,
    pub value: &'a Value,
}

impl<'a> At<'a> {
    pub fn old(value: &'a Value) -> Self {
        let side = Side::Old;
        At { side, value }
    }

    pub fn new(value: &'a Value) -> Self {
        let side = Side::New;
        At { side, value }
    }

    /// In the newer document, or in the older one if it is gone from there.
    pub fn newest(old: Option<&'a Value>, new: Option<&'a Value>, or: At<'a>) -> Self {
        match (old, new) {
            (_, Some(new)) => At::new(new),
            (Some(old), None) => At::old(old),
            (None, None) => or,
        }
    }
}

/// A value before or after.
#[derive(Clone, Debug)]
pub(super) enum Content<'a> {
    /// A part of a document.
    Part(&'a Value),
    /// Made from parts.
    Made(Rc<Value>),
}

impl Content<'_> {
    pub fn made(value: impl Into<Value>) -> Self {
        Content::Made(Rc::new(value.into()))
    }

    pub fn value(&self) -> &Value {
        match self {
            Content::Part(value) => value,
            Content::Made(value) => value,
        }
    }
}

/// A change of one schema, wherever that schema is used.
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    pub kind: Kind,
    pub at: At<'a>,
    pub before: Option<Content<'a>>,
    pub after: Option<Content<'a>>,
    /// What it is about, where both values do not tell it from others at its place.
    pub subject: Option<Rc<str>>,
}

impl<'a> Change<'a> {
    pub fn new(kind: Kind, at: At<'a>) -> Self {
        Change {
            kind,
            at,
            before: None,
            after: None,
            subject: None,
        }
    }

    pub fn about(mut self, subject: impl Into<Rc<str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub fn before(mut self, value: Option<&'a Value>) -> Self {
        self.before = value.map(Content::Part);
        self
    }

    pub fn after(mut self, value: Option<&'a Value>) -> Self {
        self.after = value.map(Content::Part);
        self
    }

    pub fn before_made(mut self, value: impl Into<Value>) -> Self {
        self.before = Some(Content::made(value));
        self
    }

    pub fn after_made(mut self, value: impl Into<Value>) -> Self {
        self.after = Some(Content::made(value));
        self
    }

    pub fn became(mut self, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        self.before = Some(Content::made(before));
        self.after = Some(Content::made(after));
        self
    }
}

/// The key of a response.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// As it is written in the newer document.
    pub shown: Rc<str>,
    /// What identifies it: the key in the older document, and the newer one if that is another.
    pub key: Rc<str>,
}

/// A place in the API.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub operation: Option<Rc<Operation>>,
    pub scope: Scope,
    pub response: Option<Response>,
    /// Where a parameter stands.
    pub location: Option<&'static str>,
    pub path: Option<Rc<str>>,
    /// The way to it from the operation or the document, in steps of [`step`]. Names are the older
    /// document's, so that nothing else that changes moves it.
    pub within: Option<Rc<str>>,
}

impl Place {
    pub fn of_operation(operation: Rc<Operation>) -> Self {
        Place {
            operation: Some(operation),
            scope: Scope::Operation,
            ..Place::of_api()
        }
    }

    pub fn of_api() -> Self {
        Place {
            operation: None,
            scope: Scope::Api,
            response: None,
            location: None,
            path: None,
            within: None,
        }
    }

    pub fn within(mut self, kind: &str, name: &str) -> Self {
        self.within = Some(step(self.within.as_deref(), kind, name));
        self
    }
}

/// One step further: a name, with what kind of name it is. No two ways have the same text.
pub(super) fn step(around: Option<&str>, kind: &str, name: &str) -> Rc<str> {
    let around = around.unwrap_or_default();
    let escaped;
    let name = match name.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        false => name,
        true => {
            escaped = name.replace('~', "~0").replace('/', "~1");
            &escaped
        }
    };
    [around, "/", kind, ":", name].concat().into()
}

/// One change and its place.
#[derive(Clone, Debug)]
pub(super) struct Fact<'a> {
    pub place: Place,
    pub change: Change<'a>,
}
