//! Mobile phone numbers of Korea.

use super::{digits::without_separators, invalid_value::InvalidValue, text::text_type};

text_type! {
    /// A mobile phone number of Korea, digits only: the digits that are sent are the digits that are hashed.
    ///
    /// Hyphens and spaces are removed, because PaySsam rejects them. A number begins with 010 and has 11
    /// digits, or begins with 011, 016, 017, 018 or 019 and has 10 or 11.
    ///
    /// `Debug` masks it, and there is no `Display`; [`reveal`](PhoneNumber::reveal) returns the digits. serde
    /// writes them whole.
    ///
    /// ```
    /// use payssam::PhoneNumber;
    ///
    /// let phone = PhoneNumber::new("010-1234-5678")?;
    /// assert_eq!(phone.reveal(), "01012345678");
    /// assert!(PhoneNumber::new("+82 10-1234-5678").is_err());
    /// assert!(PhoneNumber::new("02-123-4567").is_err());
    /// # Ok::<(), payssam::Error>(())
    /// ```
    #[doc(alias = "휴대폰")]
    pub struct PhoneNumber: secret, checked by check;
}

fn check(number: &str) -> Result<Box<str>, InvalidValue> {
    let invalid = |problem| Err(InvalidValue::new("phone", problem));
    let digits = without_separators(number);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return invalid("only digits, hyphens and spaces are allowed");
    }
    let lengths = match digits.get(..3) {
        Some("010") => 11..=11,
        Some("011" | "016" | "017" | "018" | "019") => 10..=11,
        _ => return invalid("it must begin with 010, 011, 016, 017, 018 or 019"),
    };
    if !lengths.contains(&digits.len()) {
        return invalid("it must have 11 digits (or 10, if it does not begin with 010)");
    }
    Ok(digits.into())
}
