//! Deprecation and sunset dates.

use serde_json::Value;

use super::fact::{At, Change};
use crate::finding::Kind;

/// Whether something is deprecated, and its sunset date.
#[derive(Clone, Copy)]
pub(super) struct Lifecycle<'a> {
    pub is_deprecated: bool,
    pub sunset: Option<&'a Value>,
}

pub(super) fn changes<'a>(old: Lifecycle<'a>, new: Lifecycle<'a>, here: At<'a>) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    match (old.is_deprecated, new.is_deprecated) {
        (false, true) => {
            let kind = match new.sunset {
                None => Kind::Deprecated,
                Some(_) => Kind::DeprecatedWithSunset,
            };
            changes.push(Change::new(kind, here).became(false, true));
        }
        (true, false) => changes.push(Change::new(Kind::Reactivated, here).became(true, false)),
        _ => {}
    }
    // What is no longer deprecated has no day any more on which it ends.
    let is_moot = old.is_deprecated && !new.is_deprecated && new.sunset.is_none();
    if old.sunset != new.sunset && !is_moot {
        let at = At::newest(old.sunset, new.sunset, here);
        let is_kept = old.is_deprecated && new.is_deprecated;
        let kind = match (old.sunset, new.sunset) {
            (Some(was), Some(is)) if is_kept && !(is_date(was) && is_date(is)) => {
                Kind::SunsetUnreadable
            }
            (was, is) => sunset_kind(was, is),
        };
        let change = Change::new(kind, at);
        changes.push(change.before(old.sunset).after(new.sunset));
    }
    changes
}

fn sunset_kind(old: Option<&Value>, new: Option<&Value>) -> Kind {
    let Some(new) = new else {
        return Kind::SunsetDeleted;
    };
    let Some(after) = day(new) else {
        return Kind::SunsetInvalid;
    };
    match old.and_then(day) {
        None => Kind::SunsetSet,
        Some(before) if after < before => Kind::SunsetEarlier,
        Some(_) => Kind::SunsetLater,
    }
}

/// Whether a sunset is a date.
pub(super) fn is_date(sunset: &Value) -> bool {
    day(sunset).is_some()
}

/// Whether the sunset is still to come.
pub(super) fn is_ahead(sunset: &Value, today: Option<jiff::civil::Date>) -> bool {
    let both = day(sunset).zip(today);
    both.is_some_and(|(day, today)| today < day)
}

/// The day of a date or of a point in time.
fn day(value: &Value) -> Option<jiff::civil::Date> {
    let text = value.as_str()?;
    text.get(..10)?.parse().ok()
}
