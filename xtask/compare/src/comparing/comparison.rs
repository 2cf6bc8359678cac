//! The result of comparing two schemas: what changed, and which schemas inside to compare next.

use std::rc::Rc;

use super::fact::Change;
use super::parts::Parts;

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    Property(&'a str),
    /// Into something without a name of its own: `items`, or a member of `oneOf`.
    Part {
        keyword: &'static str,
        /// Which of the schemas under the keyword; empty if there is one.
        key: Rc<str>,
        shown: Rc<str>,
    },
}

impl Step<'_> {
    /// Into the one schema under a keyword.
    pub fn keyword(keyword: &'static str) -> Self {
        let (key, shown) = ("".into(), keyword.into());
        Step::Part {
            keyword,
            key,
            shown,
        }
    }

    /// Into one of the schemas under a keyword.
    pub fn one_of(keyword: &'static str, key: impl Into<Rc<str>>) -> Self {
        let key = key.into();
        let shown = format!("{keyword}[{key}]").into();
        Step::Part {
            keyword,
            key,
            shown,
        }
    }
}

/// Whether a property is in requests, in responses or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Both,
    ResponsesOnly,
    RequestsOnly,
}

/// A pair of schemas inside that is still to be compared.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    pub step: Step<'a>,
    pub carrier: Carrier,
    pub old: Parts<'a>,
    pub new: Parts<'a>,
}

/// A change of one schema, or of a property in it.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub property: Option<(&'a str, Carrier)>,
    pub change: Change<'a>,
}

#[derive(Debug, Default)]
pub(super) struct Comparison<'a> {
    pub found: Vec<Found<'a>>,
    pub inside: Vec<Inside<'a>>,
}
