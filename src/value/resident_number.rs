//! Resident registration numbers of Korea.

use jiff::civil::Date;

use super::{
    digits::{digits, text, wrong_check_digit},
    invalid_value::InvalidValue,
    text::text_type,
};

const FIELD: &str = "resident number";

text_type! {
    /// A resident registration number of Korea (주민등록번호): the day of birth, a digit for century and sex,
    /// and six more. Hyphens and spaces are removed. `Debug` masks it.
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
    /// [`InvalidValue`] when it is not 13 digits that begin with a day of birth.
    pub fn without_check_digit(number: impl AsRef<str>) -> Result<Self, InvalidValue> {
        without_check_digit(number.as_ref()).map(|digits| ResidentNumber(digits.into()))
    }
}

fn without_check_digit(number: &str) -> Result<Box<str>, InvalidValue> {
    let (digits, _) = read(number)?;
    Ok(text(&digits))
}

fn check(number: &str) -> Result<Box<str>, InvalidValue> {
    let (digits, born) = read(number)?;
    let is_foreign = matches!(digits[6], 5..=8);
    let has_check_digit = born < Date::constant(2020, 10, 1) && !is_foreign;
    if has_check_digit && check_digit(&digits) != digits[12] {
        return Err(wrong_check_digit(FIELD));
    }
    Ok(text(&digits))
}

/// The digits and the day of birth.
fn read(number: &str) -> Result<(Vec<u8>, Date), InvalidValue> {
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
