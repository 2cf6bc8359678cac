//! What comparing two schemas comes to: what changed, and what lies inside.

use std::rc::Rc;

use serde_json::Value;

use super::fact::Change;

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    /// Into a part that describes the same value, such as a member of `allOf`.
    Stay,
    Property(&'a str),
    /// Into something without a name of its own: `items`, or a member of `oneOf`.
    Part(Rc<str>),
    /// Into what must not hold. What is wider there is narrower here, so the changes inside are
    /// told as one change of the whole.
    Denial,
}

/// Who carries a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Both,
    AnswersOnly,
    RequestsOnly,
}

/// What a comparison of two schemas leaves to be compared.
#[derive(Debug)]
pub(super) struct Inside<'a> {
    pub step: Step<'a>,
    pub carrier: Carrier,
    pub old: &'a Value,
    pub new: &'a Value,
}

/// A change of one schema, or of a property that stands in it.
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
