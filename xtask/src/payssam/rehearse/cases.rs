//! Changes that PaySsam could publish, each with its expected result, written by hand.

mod demands;
mod fields;
mod hostile;
mod limits;
mod names;
mod pages;
mod prose;
mod responses;

use super::case::Case;

/// Every case, in the order in which they are rehearsed.
pub fn all() -> impl Iterator<Item = &'static Case> {
    [
        fields::CASES,
        limits::CASES,
        names::CASES,
        responses::CASES,
        demands::CASES,
        pages::CASES,
        prose::CASES,
        hostile::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Whether the texts of a case try to inject code.
pub fn is_hostile(case: &Case) -> bool {
    hostile::CASES.iter().any(|it| it.name == case.name)
}
