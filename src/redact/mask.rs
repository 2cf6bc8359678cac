//! Masks numbers and keys in texts.

/// Replaces what is masked.
pub const MASKED: &str = "[masked]";

/// Masks, in a text from outside, what may be a phone, card, account or receipt number (nine or more
/// digits, not counting hyphens, dots or single spaces between them if they are all the same) and what may
/// be a hash or a key (32 or more letters and digits in a row, with a digit among them).
///
/// ```
/// assert_eq!(payssam::redact::mask("call 010-1234-5678"), "call [masked]");
/// ```
pub fn mask(text: &str) -> String {
    let without_keys = mask_runs(
        text,
        |c| c.is_ascii_alphanumeric(),
        |word| word.len() >= 32 && word.bytes().any(|byte| byte.is_ascii_digit()),
    );
    mask_numbers(&without_keys)
}

/// Whether it is a digit, also in the full width that Korean keyboards have.
fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn mask_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        let (before, number) = rest.split_at(start);
        shown.push_str(before);
        let (end, digits) = number_at(number);
        shown.push_str(if digits >= 9 { MASKED } else { &number[..end] });
        rest = &number[end..];
    }
    shown.push_str(rest);
    shown
}

/// How many bytes the number has with which the text begins, and how many digits. Its groups of digits are
/// separated by one kind of mark.
fn number_at(text: &str) -> (usize, usize) {
    let (mut end, mut digits) = (0, 0);
    let mut mark = None;
    let mut marks = 0;
    for (place, c) in text.char_indices() {
        if is_digit(c) {
            digits += 1;
            marks = 0;
            end = place + c.len_utf8();
        } else if matches!(c, '-' | '.' | ' ') && mark.is_none_or(|mark| mark == c) {
            mark = Some(c);
            marks += 1;
            if c != '-' && marks > 1 {
                break;
            }
        } else {
            break;
        }
    }
    (end, digits)
}

fn mask_runs(text: &str, belongs: fn(char) -> bool, is_secret: fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (run, after) = rest.split_at(rest.find(|c| !belongs(c)).unwrap_or(rest.len()));
        shown.push_str(if is_secret(run) { MASKED } else { run });
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
    fn nine_digits_are_masked_with_hyphens_or_without() {
        assert_eq!(mask("번호 010-1234-5678 확인"), "번호 [masked] 확인");
        assert_eq!(mask("a123456789b"), "a[masked]b");
        assert_eq!(mask("9410 1234 5678 5678"), MASKED);
        assert_eq!(mask("9410.1234.5678.5678,"), "[masked],");
        assert_eq!(mask("０１０-１２３４-５６７８"), MASKED);
        assert_eq!(mask("1--234567--89"), MASKED);
        assert_eq!(mask("2024.01.02 12:30:45"), "2024.01.02 12:30:45");
        assert_eq!(mask("12345678 - 87654321"), "12345678 - 87654321");
        assert_eq!(
            mask("2024-01-02 45000원 (12345678)"),
            "2024-01-02 45000원 (12345678)"
        );
    }

    #[test]
    fn hashes_and_keys_are_masked() {
        let hash = "c33145c60c4dff199c5320f45db1fee5af0eb245d2645b70334ead1549ea90d0";
        assert_eq!(mask(&format!("hash={hash}.")), "hash=[masked].");
        assert_eq!(mask(&"a".repeat(40)), "a".repeat(40));
    }
}
