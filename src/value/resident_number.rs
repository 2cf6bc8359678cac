//! Resident registration numbers of Korea.

use std::{fmt, str::FromStr};

use jiff::civil::Date;

use crate::{
    Error,
    business_number::{digits, text},
    mask::MASKED,
};

const FIELD: &str = "resident number";

/// A resident registration number of Korea (주민등록번호): the day of birth, a digit for century and sex,
/// and six more. Hyphens and spaces are taken out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentNumber(Box<str>);

impl ResidentNumber {
    /// Takes a number with or without a hyphen, and verifies its check digit where it has one.
    ///
    /// Numbers that were given out from October 2020 on have none, and neither has everybody
    /// who changed theirs since then: for these, there is
    /// [`without_check_digit`](ResidentNumber::without_check_digit). Nothing is verified of the numbers of
    /// foreigners (5 to 8 in the seventh place), whose rule is another.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] that says which rule is broken, and does not repeat the number.
    pub fn new(number: impl AsRef<str>) -> Result<Self, Error> {
        let number = number.as_ref();
        let (digits, born) = read(number)?;
        let is_foreign = matches!(digits[6], 5..=8);
        let has_check_digit = born < Date::constant(2020, 10, 1) && !is_foreign;
        if has_check_digit && check_digit(&digits) != digits[12] {
            return Err(Error::invalid_input(
                FIELD,
                "its last digit does not fit the others; is there a slip?",
            ));
        }
        Ok(ResidentNumber(text(&digits)))
    }

    /// Takes a number that was given out from October 2020 on.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when it is not 13 digits that begin with a day of birth.
    pub fn without_check_digit(number: impl AsRef<str>) -> Result<Self, Error> {
        let (digits, _) = read(number.as_ref())?;
        Ok(ResidentNumber(text(&digits)))
    }

    /// The digits. They are personal data: keep them out of logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The digits and the day of birth.
fn read(number: &str) -> Result<(Vec<u8>, Date), Error> {
    let digits = digits(FIELD, number, 13)?;
    let two = |place: usize| i16::from(digits[place] * 10 + digits[place + 1]);
    let century = match digits[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let (month, day) = (two(2) as i8, two(4) as i8);
    let born = Date::new(century + two(0), month, day)
        .map_err(|_| Error::invalid_input(FIELD, "it does not begin with a day of birth"))?;
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

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ResidentNumber({MASKED})")
    }
}

impl FromStr for ResidentNumber {
    type Err = Error;

    fn from_str(number: &str) -> Result<Self, Error> {
        ResidentNumber::new(number)
    }
}
