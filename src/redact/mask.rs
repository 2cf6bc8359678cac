//! Masks numbers and keys in texts.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::invisible::is_invisible;

/// Replaces what is masked.
pub const MASKED: &str = "[masked]";

/// Masks, in a text from outside, what may be a phone, card, account or receipt number (nine or more
/// digits, also in full width, whatever spaces, dots, dashes or invisible characters are between them) and
/// what may be a hash or a key (32 or more letters and digits in a row, with a digit among them).
///
/// Dates and times in their usual forms, and prices with commas, are left as they are.
///
/// ```
/// use payssam::redact::mask;
///
/// assert_eq!(mask("call 010-1234-5678"), "call [masked]");
/// assert_eq!(mask("1,234,567,890원 on 2024-01-02 12:30:45"), "1,234,567,890원 on 2024-01-02 12:30:45");
/// ```
pub fn mask(text: &str) -> String {
    // Whatever is masked is long and has a digit.
    match text.len() < FEWEST || !text.chars().any(char::is_numeric) {
        true => text.to_owned(),
        false => mask_numbers(&mask_keys(text)),
    }
}

/// The fewest letters and digits of a hash or a key.
const FEWEST_OF_A_KEY: usize = 32;

/// The fewest digits of what is masked.
const FEWEST: usize = 9;

/// The value of a digit, also in the full width that Korean keyboards have.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// Unicode's dashes but for those that stand for `~`, and what looks like one.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{58a}'
            | '\u{5be}'
            | '\u{1400}'
            | '\u{1806}'
            | '\u{2010}'..='\u{2015}'
            | '\u{2e17}'
            | '\u{2e1a}'
            | '\u{2e3a}'..='\u{2e3b}'
            | '\u{2e40}'
            | '\u{2e5d}'
            | '\u{30a0}'
            | '\u{fe31}'..='\u{fe32}'
            | '\u{fe58}'
            | '\u{fe63}'
            | '\u{ff0d}'
            | '\u{10d6e}'
            | '\u{10ead}'
    ) || looks_like_a_dash(c)
}

fn looks_like_a_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2d7}' | '\u{2043}' | '\u{207b}' | '\u{2212}' | '\u{2500}' | '\u{30fc}' | '\u{3161}'
    )
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '.' | '\u{b7}'
            | '\u{2022}'
            | '\u{2024}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{3002}'
            | '\u{30fb}'
            | '\u{318d}'
            | '\u{ff0e}'
            | '\u{ff61}'
    )
}

/// What else separates the groups of a number that begins with zero, as those of phones do, and prices do not.
fn is_mark_of_phones(c: char) -> bool {
    matches!(c, '/' | '_' | ',' | ')')
}

/// A space that is no line end, or what nobody sees.
fn is_gap(c: char) -> bool {
    !matches!(c, '\n' | '\r') && (c.is_whitespace() || is_invisible(c))
}

fn mask_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c| digit(c).is_some()) {
        let (before, number) = rest.split_at(start);
        shown.push_str(before);
        if let Some(end) = date_and_time(number).or_else(|| price(number)) {
            shown.push_str(&number[..end]);
            rest = &number[end..];
            continue;
        }
        let (end, digits) = number_at(number);
        shown.push_str(if digits >= FEWEST {
            MASKED
        } else {
            &number[..end]
        });
        rest = &number[end..];
    }
    shown.push_str(rest);
    shown
}

/// How many bytes the number has with which the text begins, and how many digits.
fn number_at(text: &str) -> (usize, usize) {
    let (mut end, mut digits) = group(text);
    let begins_with_zero = text.chars().next().and_then(digit) == Some(0);
    let first = digits;
    // Where the number ends if it is one of two amounts with a dash between them.
    let mut before_a_range = None;
    loop {
        let rest = &text[end..];
        let Some((mark, is_wide)) = separator(rest, begins_with_zero) else {
            break;
        };
        let next = &rest[mark..];
        let (bytes, count) = group(next);
        if count == 0 || date_and_time(next).is_some() {
            break;
        }
        before_a_range = match before_a_range {
            None if digits == first && is_wide && is_range(first, count) => Some((end, digits)),
            _ => None,
        };
        end += mark + bytes;
        digits += count;
    }
    before_a_range.unwrap_or((end, digits))
}

/// Whether two groups of so many digits are rather two amounts than parts of one number: longer than those of phones and
/// cards, and not those of a resident number.
fn is_range(first: usize, second: usize) -> bool {
    first > 4 && second > 4 && (first, second) != (6, 7)
}

/// How many bytes and digits there are before anything else.
fn group(text: &str) -> (usize, usize) {
    let end = text.find(|c| digit(c).is_none()).unwrap_or(text.len());
    (end, text[..end].chars().count())
}

/// How many bytes what separates two groups of a number has, and whether it is a mark with spaces around it.
fn separator(text: &str, begins_with_zero: bool) -> Option<(usize, bool)> {
    let without_gap = text.trim_start_matches(is_gap);
    let mut marks = without_gap
        .chars()
        .take_while(|c| is_dash(*c) || is_dot(*c));
    let Some(mark) = marks.next() else {
        let gap = text.len() - without_gap.len();
        if let Some(after) = text
            .strip_prefix(is_mark_of_phones)
            .filter(|_| begins_with_zero)
        {
            let after = match text.starts_with(')') {
                true => after.trim_start_matches(is_gap),
                false => after,
            };
            return Some((text.len() - after.len(), false));
        }
        // More spaces separate columns.
        let spaces = text[..gap].chars().filter(|c| c.is_whitespace()).count();
        return (gap > 0 && spaces <= 3).then_some((gap, false));
    };
    let is_one_kind = marks.all(|other| other == mark && is_dash(other));
    let after_marks = without_gap.trim_start_matches(mark);
    let after = after_marks.trim_start_matches(is_gap);
    let is_wide = without_gap.len() < text.len() || after.len() < after_marks.len();
    is_one_kind.then_some((text.len() - after.len(), is_wide))
}

/// A date, and the time behind it.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    const DAY: &str = "(?:0?[1-9]|[12][0-9]|3[01])";
    const MONTH: &str = "(?:0?[1-9]|1[0-2])";
    const TIME: &str =
        "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?";
    let date =
        format!("(?:19|20)[0-9]{{2}}(?:-{MONTH}-{DAY}|/{MONTH}/{DAY}|\\. ?{MONTH}\\. ?{DAY}\\.?)");
    Regex::new(&format!("^{date}(?:[T ] ?{TIME})?")).expect("a valid pattern")
});

/// How many bytes the date has with which the text begins, with the time behind it; `None` when there is
/// none, or it is the beginning of a longer number.
fn date_and_time(text: &str) -> Option<usize> {
    let end = DATE.find(beginning(text))?.end();
    (!continues(&text[end..])).then_some(end)
}

/// A price in groups of three digits, or two with a dash between them.
static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    const PRICE: &str = "[1-9][0-9]{0,2}(?:,[0-9]{3}){1,6}(?:\\.[0-9]{1,2})?";
    Regex::new(&format!("^{PRICE}(?: ?[-–~] ?{PRICE})?")).expect("a valid pattern")
});

/// How many bytes the price has with which the text begins; `None` when there is none, or it is the beginning of a
/// longer number.
fn price(text: &str) -> Option<usize> {
    let end = PRICE.find(beginning(text))?.end();
    let after = &text[end..];
    let has_further_group = after
        .strip_prefix(',')
        .is_some_and(|next| group(next).1 > 0);
    (!has_further_group && !continues(after)).then_some(end)
}

/// As much of a text as a date or a price may have, so that a long text is not searched again and again.
fn beginning(text: &str) -> &str {
    text.char_indices()
        .nth(64)
        .map_or(text, |(end, _)| &text[..end])
}

/// Whether a number goes on in the text behind it.
fn continues(after: &str) -> bool {
    let mut after = after.chars();
    match after.next() {
        Some(c) if digit(c).is_some() => true,
        Some(c) if is_dash(c) || is_dot(c) => after.next().and_then(digit).is_some(),
        _ => false,
    }
}

fn mask_keys(text: &str) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c| !belongs(c)).unwrap_or(rest.len()));
        let is_key = run.len() >= FEWEST_OF_A_KEY && run.bytes().any(|byte| byte.is_ascii_digit());
        shown.push_str(if is_key { MASKED } else { run });
        let (other, next) = after.split_at(after.find(belongs).unwrap_or(after.len()));
        shown.push_str(other);
        rest = next;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_whatever_separates_their_digits() {
        for number in [
            "01012345678",
            "010-1234-5678",
            "010 1234 5678",
            "010\u{a0}1234\u{a0}5678",
            "010\u{202f}1234\u{2007}5678",
            "010\u{3000}1234\u{3000}5678",
            "010.1234.5678",
            "010·1234·5678",
            "010．1234．5678",
            "010\u{2010}1234\u{2011}5678",
            "010–1234—5678",
            "010−1234－5678",
            "010 - 1234 - 5678",
            "010. 1234. 5678",
            "010-1234 5678",
            "010 1234-5678",
            "010\u{200b}1234\u{feff}5678",
            "０１０１２３４５６７８",
            "０１０-１２３４-５６７８",
            "９４１０　１２３４　５６７８　１２３４",
            "9410-1234-5678-1234",
            "9410 1234 5678 1234",
            "900101-1234567",
            "900101 1234567",
            "110-123-456789",
            "1--234567--89",
            "2024-01-02-1234",
            "1234-56-78901",
            "900101 - 1234567",
            "110 - 123 - 456789",
            "010  1234  5678",
            "010ㆍ1234ㆍ5678",
            "010∙1234⋅5678",
            "010⸺1234ㅡ5678",
            "010)1234-5678",
            "010/1234/5678",
            "010_1234_5678",
            "010,1234,5678",
            "02) 1234 5678",
            "010\u{2d7}1234\u{207b}5678",
            "010─1234ー5678",
            "010。1234｡5678",
            "010․1234․5678",
        ] {
            assert_eq!(mask(number), MASKED, "{number}");
            assert_eq!(mask(&format!("a{number}b")), format!("a{MASKED}b"));
            assert_eq!(
                mask(&format!("번호 {number}, 확인")),
                format!("번호 {MASKED}, 확인")
            );
        }
        assert_eq!(mask("9410.1234.5678.5678,"), "[masked],");
        assert_eq!(mask("2024-01-02 010-1234-5678"), "2024-01-02 [masked]");
        assert_eq!(mask("1,000-1234-5678"), "1,[masked]");
        assert_eq!(mask("3,010,1234,5678"), "3,[masked]");
        assert_eq!(mask("1,000,000 010,1234,5678"), "1,000,000 [masked]");
    }

    #[test]
    fn every_dash_of_unicode_separates_digits() {
        use icu_properties::{CodePointMapData, props::GeneralCategory};

        let categories = CodePointMapData::<GeneralCategory>::new();
        let dashes = ('\0'..=char::MAX)
            .filter(|c| categories.get(*c) == GeneralCategory::DashPunctuation)
            // Ranges are written with them, as with `~`.
            .filter(|c| !['〜', '〰'].contains(c));
        let mut seen = 0;
        for dash in dashes {
            let number = format!("010{dash}1234{dash}5678");
            assert_eq!(mask(&number), MASKED, "U+{:04X}", dash as u32);
            seen += 1;
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn dates_and_prices_stay_readable() {
        for text in [
            "2024-01-02",
            "2024.01.02",
            "2024. 1. 2.",
            "2024/01/02",
            "2024년 1월 2일",
            "20240102",
            "2024-01-02 12:30",
            "2024-01-02 12:30:45",
            "2024-01-02T12:30:45+09:00",
            "2024-01-02T12:30:45.123456789Z",
            "2024.01.02 12:30:45",
            "2024-01-02 ~ 2024-12-31",
            "2024-01-02 2024-12-31",
            "2024-01-02 - 2024-12-31",
            "2024-01-02 45000원",
            "45000",
            "45,000원",
            "1,234,567,890원",
            "₩1,234,567",
            "45000 - 50000",
            "10000000원 (12345678)",
            "12345678 - 87654321",
            "45000\n50000",
            "45,000 50,000 60,000",
            "1,000,000,000원",
            "1,000,000 2,000,000",
            "1,000,000 - 2,000,000",
            "1,000,000-2,000,000",
            "1,000,000.50",
            "₩1,000,000,000 (2024-01-02)",
        ] {
            assert_eq!(mask(text), text);
            assert_eq!(mask(&format!("{text}, {text}")), format!("{text}, {text}"));
        }
    }

    #[test]
    fn hashes_and_keys_are_masked() {
        let hash = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
        assert_eq!(mask(&format!("hash={hash}.")), "hash=[masked].");
        assert_eq!(mask(&"a".repeat(40)), "a".repeat(40));
    }
}
