//! Amounts as people write them.

use payssam::Won;

/// What a cell says of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Amount(Won),
    /// An empty cell, `-` or `0`.
    Nothing,
}

/// Reads a cell in compatibility form (NFKC), such as `45000`, `45,000`, `45,000원`, `₩45,000` or `45000.00`.
///
/// A text that can mean two amounts is none: `45.000` is 45 to one reader and 45,000 to another.
pub(super) fn read(cell: &str) -> Result<Written, &'static str> {
    let text = cell.trim();
    if text.is_empty() || text == "-" {
        return Ok(Written::Nothing);
    }
    if text.starts_with(['-', '(', '−', '△', '▲']) || text.ends_with('-') {
        return Err("a negative amount; write what was paid, and the state beside it");
    }
    let digits = without_currency(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_whole = match fraction.len() {
        0 => !digits.contains('.'),
        1 | 2 => fraction.bytes().all(|byte| byte == b'0'),
        _ => false,
    };
    if !is_whole {
        return Err("not a whole number of won");
    }
    let plain = match whole.contains(',') {
        false => whole.to_owned(),
        true if is_grouped(whole) => whole.replace(',', ""),
        true => return Err("an amount whose commas do not group thousands"),
    };
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("no amount of won");
    }
    if plain == "0" {
        return Ok(Written::Nothing);
    }
    match plain.parse() {
        Ok(amount) => Ok(Written::Amount(amount)),
        Err(_) => Err("no amount from 1 to 9,999,999,999 won without leading zeros"),
    }
}

/// Without the won sign, which an old Korean font shows for a backslash, or the unit.
fn without_currency(text: &str) -> &str {
    let mut rest = text;
    for sign in ["₩", "\\", "KRW", "krw", "W"] {
        if let Some(after) = rest.strip_prefix(sign) {
            rest = after.trim_start();
            break;
        }
    }
    for unit in ["원", "₩", "KRW", "krw", "won"] {
        if let Some(before) = rest.strip_suffix(unit) {
            rest = before.trim_end();
            break;
        }
    }
    rest
}

fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()));
    first && groups.all(|group| group.len() == 3)
}
