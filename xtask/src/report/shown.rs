//! Escapes and shortens text from a page, to be shown in one line.

use serde_json::Value;

use super::outside::Outside;
use openapi_compare::finding::{Finding, Level};

/// The most characters of one value that are shown.
const LONGEST: usize = 60;
/// How many equal characters are shown before the first difference.
const LEAD: usize = 12;

/// A change as the formats for people show it: everything that a page may have written is text from
/// outside.
pub(super) struct Shown<'r> {
    pub level: Level,
    pub id: Outside<'r>,
    pub operation: Option<Outside<'r>>,
    pub message: Outside<'r>,
    pub sides: Option<(Outside<'r>, Outside<'r>)>,
    pub implemented_by: Option<Outside<'r>>,
    pub fingerprint: Outside<'r>,
}

impl<'r> Shown<'r> {
    pub fn of(finding: &'r Finding) -> Self {
        Self {
            level: finding.level,
            id: Outside::of(&finding.id),
            operation: finding.operation.as_ref().map(Outside::of),
            message: Outside::of(&finding.message),
            sides: sides(finding).map(|(before, after)| (Outside::of(before), Outside::of(after))),
            implemented_by: finding.implemented_by.as_ref().map(Outside::of),
            fingerprint: Outside::of(&finding.fingerprint),
        }
    }
}

/// Both values of a change as JSON in one line, `nothing` for a missing one; `None` if both are
/// missing. They are shortened, except strings that go into generated code.
fn sides(finding: &Finding) -> Option<(String, String)> {
    let (before, after) = (finding.before.as_ref(), finding.after.as_ref());
    if before.is_none() && after.is_none() {
        return None;
    }
    let (before, after) = (before.map(json), after.map(json));
    if finding.kind.enters_generated_code() {
        return Some(
            [before, after]
                .map(|text| text.unwrap_or_else(nothing))
                .into(),
        );
    }
    let skipped = skipped(
        before.as_deref().unwrap_or_default(),
        after.as_deref().unwrap_or_default(),
    );
    let side = |text: Option<String>| text.map_or_else(nothing, |text| short(&text, skipped));
    Some((side(before), side(after)))
}

fn nothing() -> String {
    "nothing".to_owned()
}

fn json(value: &Value) -> String {
    Outside::of(value.to_string()).in_line().to_string()
}

/// How many characters at the beginning of two long values can be left out because they are equal.
fn skipped(before: &str, after: &str) -> usize {
    if before.chars().count().max(after.chars().count()) <= LONGEST {
        return 0;
    }
    let equal = before
        .chars()
        .zip(after.chars())
        .take_while(|(one, other)| one == other)
        .count();
    equal.saturating_sub(LEAD)
}

fn short(text: &str, skipped: usize) -> String {
    let rest = text.chars().count() - skipped;
    let mut short = String::from(if skipped > 0 { "…" } else { "" });
    short.extend(text.chars().skip(skipped).take(LONGEST));
    if rest > LONGEST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_compare::finding::{Kind, Scope};
    use serde_json::json;

    fn change(kind: Kind, before: Option<Value>, after: Option<Value>) -> Finding {
        Finding {
            kind,
            scope: Scope::Api,
            id: String::new(),
            level: Level::Doc,
            operation: None,
            operation_id: None,
            direction: None,
            path: None,
            pointer: String::new(),
            before,
            after,
            message: String::new(),
            fingerprint: String::new(),
            implemented_by: None,
        }
    }

    fn shown(before: Value, after: Value) -> (String, String) {
        sides(&change(Kind::InfoChanged, Some(before), Some(after))).unwrap()
    }

    #[test]
    fn a_missing_side_is_nothing_and_a_null_is_null() {
        assert_eq!(sides(&change(Kind::EndpointAdded, None, None)), None);
        assert_eq!(
            sides(&change(Kind::InfoChanged, Some(Value::Null), None)),
            Some(("null".to_owned(), "nothing".to_owned()))
        );
    }

    #[test]
    fn long_values_are_shown_from_their_first_difference() {
        let same = "가".repeat(500);
        let (before, after) = shown(json!(format!("{same}끝")), json!(format!("{same}시작")));
        assert_eq!(before, format!("…{}끝\"", "가".repeat(LEAD)));
        assert_eq!(after, format!("…{}시작\"", "가".repeat(LEAD)));
    }

    #[test]
    fn long_values_are_cut() {
        let (before, after) = shown(json!("x".repeat(500)), json!("y"));
        assert_eq!(before.chars().count(), LONGEST + 1);
        assert!(before.ends_with("x…"));
        assert_eq!(after, "\"y\"");
    }

    #[test]
    fn what_goes_into_generated_code_is_shown_whole() {
        let long = "```".repeat(100);
        let change = change(Kind::VersionChanged, Some(json!("v0")), Some(json!(long)));
        assert_eq!(
            sides(&change),
            Some(("\"v0\"".to_owned(), format!("\"{long}\"")))
        );
    }

    #[test]
    fn a_long_value_that_grew_shows_what_was_added() {
        let same = "x".repeat(100);
        let (before, after) = shown(json!(same), json!(format!("{same} and more")));
        assert!(before.ends_with("x\""), "{before}");
        assert!(after.ends_with("x and more\""), "{after}");
    }
}
