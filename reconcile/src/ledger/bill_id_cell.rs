//! Bill ids as spreadsheets leave them.

use payssam::{BillId, redact};

/// What begins a formula; a spreadsheet takes it for text behind an apostrophe.
pub(crate) const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Reads the cell of an id, or says what is wrong with it.
pub(super) fn read(cell: &str) -> Result<BillId, String> {
    let text = plain(cell.trim());
    if text.is_empty() {
        return Err("the bill id is empty".to_owned());
    }
    if is_scientific(text) {
        return Err(format!(
            "{text} is how a spreadsheet shows a long number, and its digits are lost; format the column as text \
             and export it again from where the ids are whole"
        ));
    }
    BillId::new(text).map_err(|error| {
        let problem = redact::escape(error.problem());
        format!("it is no bill id: {problem}")
    })
}

/// What a spreadsheet may have done to an id of digits that PaySsam does not find.
pub(crate) fn suspicion(id: &BillId) -> Option<&'static str> {
    let digits = id.as_str();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits.len() > 15 && digits.ends_with("000") {
        true => "a spreadsheet may have replaced its last digits by zeros",
        false if !digits.starts_with('0') => {
            "a spreadsheet may have removed zeros at its beginning"
        }
        false => return None,
    })
}

/// Without what makes a spreadsheet take it as text: `="00012"`, and the apostrophe before a sign.
fn plain(text: &str) -> &str {
    let formula = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let quoted = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(SIGNS));
    formula.or(quoted).unwrap_or(text)
}

/// Such as `2.02E+19`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let exponent = match exponent.strip_prefix('+') {
        Some(exponent) => exponent,
        // Without a sign, digits around an E are an id such as 2024E05.
        None if mantissa.contains('.') => exponent,
        None => return false,
    };
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    whole.len() == 1 && are_digits(whole) && are_digits(fraction) && are_digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_makes_of_a_long_number_is_no_id() {
        for text in ["2.02E+19", "2.02e+19", "2E+19", "2.02411E19"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in [
            "2024E05",
            "2024-0001",
            "E",
            "1E",
            "A1E+5",
            "22.0E+1",
            "1.E+5",
        ] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
