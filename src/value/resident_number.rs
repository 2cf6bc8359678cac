//! Resident registration numbers of Korea.

use std::time::UNIX_EPOCH;

use jiff::{Timestamp, civil::Date};

use super::{
    digits::{digits, text, wrong_check_digit},
    invalid_value::InvalidValue,
    korean_time::KoreanTime,
    text::text_type,
};

const FIELD: &str = "resident number";

text_type! {
    /// A resident registration number of Korea (주민등록번호): the day of birth, a digit for century and sex,
    /// and six more. Hyphens and spaces are removed. `Debug` masks it.
    ///
    /// A day of birth in the future is refused: the digit for the century decides, and the clock of the machine
    /// says which day it is in Korea.
    ///
    /// [`new`](ResidentNumber::new) verifies the check digit where there is one. Numbers that were assigned
    /// from October 2020 on have none, and neither have the numbers of people who changed theirs since:
    /// for these, use [`without_check_digit`](ResidentNumber::without_check_digit). The numbers of
    /// foreigners (5 to 8 in the seventh place) follow another rule, which is not verified.
    #[doc(alias = "주민등록번호")]
    pub struct ResidentNumber: secret, checked by check, stored as without_check_digit;
}

impl ResidentNumber {
    /// Takes a number that was assigned from October 2020 on.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] when it is not 13 digits that begin with a day of birth, or the day is in the future.
    pub fn without_check_digit(number: impl AsRef<str>) -> Result<Self, InvalidValue> {
        without_check_digit(number.as_ref()).map(|digits| ResidentNumber(digits.into()))
    }
}

fn without_check_digit(number: &str) -> Result<Box<str>, InvalidValue> {
    let (digits, _) = read(number, today())?;
    Ok(text(&digits))
}

fn check(number: &str) -> Result<Box<str>, InvalidValue> {
    let (digits, born) = read(number, today())?;
    let is_foreign = matches!(digits[6], 5..=8);
    let has_check_digit = born < Date::constant(2020, 10, 1) && !is_foreign;
    if has_check_digit && check_digit(&digits) != digits[12] {
        return Err(wrong_check_digit(FIELD));
    }
    Ok(text(&digits))
}

/// The day in Korea.
fn today() -> Date {
    let since_1970 = UNIX_EPOCH.elapsed().unwrap_or_default();
    let now = Timestamp::UNIX_EPOCH + since_1970;
    KoreanTime::from_timestamp(now).civil().date()
}

/// The digits and the day of birth.
fn read(number: &str, today: Date) -> Result<(Vec<u8>, Date), InvalidValue> {
    let digits = digits(FIELD, number, 13)?;
    let two = |place: usize| i16::from(digits[place] * 10 + digits[place + 1]);
    let century = match digits[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let (month, day) = (two(2) as i8, two(4) as i8);
    let born = Date::new(century + two(0), month, day)
        .map_err(|_| InvalidValue::new(FIELD, "it does not begin with a day of birth"))?;
    if born > today {
        return Err(InvalidValue::new(
            FIELD,
            "its day of birth is in the future; check it and the digit for the century, the seventh",
        ));
    }
    Ok((digits, born))
}

fn check_digit(digits: &[u8]) -> u8 {
    const WEIGHTS: [u8; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let weighted = digits.iter().zip(WEIGHTS);
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(digit * weight))
        .sum();
    ((11 - sum % 11) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_was_born_tomorrow() {
        let today = Date::constant(2026, 2, 28);
        for born in [
            "260228-3000000",
            "260228-8000000",
            "270101-1000000",
            "991231-9000000",
        ] {
            assert!(read(born, today).is_ok(), "{born}");
        }
        for born in ["260301-3000000", "260301-7000000", "991231-4000000"] {
            let error = read(born, today).unwrap_err().to_string();
            assert!(error.contains("in the future"), "{error}");
        }
    }
}
