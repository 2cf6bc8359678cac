//! The right name for one that is not known.

/// The known name that is nearest to this one, if one is near.
pub(crate) fn nearest<'k>(
    given: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let distance =
        |name: &&str| strsim::damerau_levenshtein(&given.to_lowercase(), &name.to_lowercase());
    let name = known.into_iter().min_by_key(distance)?;
    (distance(&name) <= (name.chars().count() / 2).max(1)).then_some(name)
}

/// That there is nothing of this kind with this name, and which name is nearest.
pub(crate) fn no_such<'k>(
    kind: &str,
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> String {
    let near = nearest(name, known).map(|near| format!("; the nearest is `{near}`"));
    format!("there is no {kind} `{name}`{}", near.unwrap_or_default())
}

/// What serde says about an unknown name, with the nearest that it expects.
pub(crate) fn explained(problem: &str) -> String {
    let is_unknown = problem.contains("unknown field `") || problem.contains("unknown variant `");
    let names: Vec<&str> = problem.split('`').skip(1).step_by(2).collect();
    match names.split_first() {
        Some((given, known)) if is_unknown => match nearest(given, known.iter().copied()) {
            Some(name) => format!("{problem}; the nearest is `{name}`"),
            None => problem.to_owned(),
        },
        _ => problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_no_far_one() {
        assert_eq!(nearest("Prise", ["price", "state"]), Some("price"));
        assert_eq!(nearest("xyzzy", ["price", "state"]), None);
        let said = explained("unknown field `prise`, expected one of `price`, `state` at line 1");
        assert!(said.ends_with("the nearest is `price`"), "{said}");
        assert_eq!(explained("missing field `price`"), "missing field `price`");
    }
}
