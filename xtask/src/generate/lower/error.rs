//! Why a document can't be lowered.

use serde_json::Value;

use openapi_compare::pointer::{self, Pointer};

/// Why a document can't be lowered. Pointers lead into the assembled document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A keyword without a lowering step.
    #[error(
        "assembled spec, {}: no lowering step knows this keyword; add one in xtask/src/generate/lower/", pointer.shown()
    )]
    Unknown {
        /// The keyword.
        pointer: Pointer,
    },
    /// A part has another shape than OpenAPI gives it, or than the generator takes.
    #[error("assembled spec, {}: expected {expected}, found {}", pointer.shown(), pointer::shown(found))]
    Shape {
        /// The part.
        pointer: Pointer,
        /// What is expected there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A schema has too many combinations of alternatives.
    #[error(
        "assembled spec, {}: this schema has more than {most} combinations of alternatives, which is too many to generate code from", pointer.shown()
    )]
    Explodes {
        /// The schema.
        pointer: Pointer,
        /// How many may be.
        most: u64,
    },
    /// The schemas are too many, too large or too deep.
    #[error(
        "assembled spec, {}: more than {most} {what}; the last one is at {}", pointer.shown(), pointer::shown(place)
    )]
    TooLarge {
        /// The schema.
        pointer: Pointer,
        /// The place that is too many.
        place: String,
        /// How many may be.
        most: usize,
        /// What there are too many of.
        what: &'static str,
    },
}

/// Shorthand of the steps: a shape error at `at`.
pub(super) fn shape(at: &Pointer, expected: &'static str, found: &Value) -> Error {
    Error::Shape {
        pointer: at.clone(),
        expected,
        found: found.to_string(),
    }
}
