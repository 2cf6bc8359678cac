//! Days as people write them.

use jiff::{Timestamp, civil::Date, tz::Offset};

/// Reads a day in Korea from `2026-11-25`, `2026. 11. 25.`, `2026/11/25`, `2026년 11월 25일`, `20261125`, with or without a
/// time behind it. A time with a zone of its own is converted. `None` for anything else: it only sorts lines into days.
pub(super) fn read(cell: &str) -> Option<Date> {
    let text = cell.trim();
    let may_have_zone = text.contains(['T', 'Z', '+']);
    if let Some(instant) = may_have_zone
        .then(|| text.parse::<Timestamp>().ok())
        .flatten()
    {
        let korea = Offset::constant(9).to_datetime(instant);
        return Some(korea.date());
    }
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty());
    let first = numbers.next().filter(|first| text.starts_with(first))?;
    let (year, month, day) = match first.len() {
        4 => (first, numbers.next()?, numbers.next()?),
        8 | 12 | 14 => (&first[..4], &first[4..6], &first[6..8]),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
