//! The one parser of the amounts that PaySsam writes.
//!
//! An amount is read if it can mean one whole number only. `45000`, `45000.00`, `45,000` and `4.5e4` are
//! 45,000, as texts and as JSON numbers, with or without white space around them. `45.000` may be 45 or 45,000 and
//! is refused, and so are a sign, leading zeros, commas anywhere but between groups of three digits, and
//! digits of other scripts.

/// The whole number, zero included; `None` if there is not exactly one.
pub(super) fn amount(text: &str) -> Option<u64> {
    // As it is documented.
    if let Some(digits) = natural(text) {
        return digits.parse().ok();
    }
    let text = text.trim();
    match text.split_once(['e', 'E']) {
        Some((number, exponent)) => with_exponent(number, exponent),
        None => without_exponent(text),
    }
}

fn without_exponent(text: &str) -> Option<u64> {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    if !decimals.is_none_or(are_nothing) {
        return None;
    }
    let digits = match whole.contains(',') {
        true => &without_commas(whole)?,
        false => whole,
    };
    natural(digits)?.parse().ok()
}

/// Whether decimals are zeros. Three of them may be a group of thousands.
fn are_nothing(decimals: &str) -> bool {
    !matches!(decimals.len(), 0 | 3) && decimals.bytes().all(|byte| byte == b'0')
}

fn without_commas(grouped: &str) -> Option<String> {
    let mut groups = grouped.split(',').map(str::len);
    let is_grouped = matches!(groups.next(), Some(1..=3)) && groups.all(|length| length == 3);
    is_grouped.then(|| grouped.replace(',', ""))
}

/// Digits without leading zeros.
fn natural(digits: &str) -> Option<&str> {
    let is_written = match digits.as_bytes() {
        [] => false,
        [b'0', _, ..] => false,
        digits => digits.iter().all(u8::is_ascii_digit),
    };
    is_written.then_some(digits)
}

/// The digits with the point moved, if only zeros are behind it.
fn with_exponent(number: &str, exponent: &str) -> Option<u64> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits {
        return None;
    }
    let exponent = i64::from(exponent.parse::<i32>().ok()?) - i64::try_from(decimals.len()).ok()?;
    let digits = format!("{}{decimals}", natural(whole)?);
    let significant = digits.trim_end_matches('0');
    let zeros = exponent + i64::try_from(digits.len() - significant.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    match usize::try_from(zeros) {
        _ if significant.is_empty() => Some(0),
        // No longer number fits.
        Ok(zeros @ ..20) => format!("{significant}{}", "0".repeat(zeros)).parse().ok(),
        _ => None,
    }
}
