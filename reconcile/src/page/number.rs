//! Numbers as accounting reads them.

use payssam::Won;

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `₩45,000`.
pub(crate) fn won(amount: Won) -> String {
    format!("₩{}", grouped(amount.get()))
}

/// `+₩5,000` or `−₩5,000`.
pub(crate) fn signed(won: i64) -> String {
    let sign = if won < 0 { '−' } else { '+' };
    format!("{sign}₩{}", grouped(won.unsigned_abs()))
}
