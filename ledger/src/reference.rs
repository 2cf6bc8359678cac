//! A merchant's own reference, which travels with an intent into every event.

use crate::error::Error;

/// The longest, in characters.
const LONGEST: usize = 200;

pub(crate) fn check(reference: Option<&str>) -> Result<(), Error> {
    match reference.is_some_and(|it| it.chars().count() > LONGEST) {
        true => Err(Error::Invalid {
            what: "reference",
            problem: "it is longer than 200 characters",
        }),
        false => Ok(()),
    }
}
