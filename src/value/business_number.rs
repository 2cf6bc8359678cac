//! Business registration numbers of Korea.

use super::{
    digits::{digits, text, wrong_check_digit},
    invalid_value::InvalidValue,
    text::text_type,
};

text_type! {
    /// A business registration number of Korea (사업자등록번호): ten digits, of which the last is a check
    /// digit. Hyphens and spaces are removed.
    ///
    /// `Debug` masks it: the number of one person's business is personal data.
    ///
    /// ```
    /// use payssam::BusinessNumber;
    ///
    /// assert_eq!(BusinessNumber::new("220-81-62517")?.reveal(), "2208162517");
    /// assert!(BusinessNumber::new("220-81-62518").is_err());
    /// # Ok::<(), payssam::Error>(())
    /// ```
    #[doc(alias = "사업자등록번호")]
    pub struct BusinessNumber: secret, checked by check;
}

fn check(number: &str) -> Result<Box<str>, InvalidValue> {
    let field = "business number";
    let digits = digits(field, number, 10)?;
    if check_digit(&digits) != digits[9] {
        return Err(wrong_check_digit(field));
    }
    Ok(text(&digits))
}

fn check_digit(digits: &[u8]) -> u8 {
    const WEIGHTS: [u8; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];
    let weighted = digits.iter().zip(WEIGHTS);
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(digit * weight))
        .sum();
    // The tens of the ninth product are added once more.
    let sum = sum + u32::from(digits[8] * 5 / 10);
    ((10 - sum % 10) % 10) as u8
}
