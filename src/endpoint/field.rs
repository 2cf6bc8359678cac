//! The kinds of fields of a response: what a getter returns, and what the redacted view shows.

use serde::Serialize;

use super::{amount::amount, malformed::Malformed, response::Fields};
use crate::{
    redact::{self, view::Shown},
    value::{AccountNumber, KoreanTime, Personal, Won},
};

/// A kind of field.
pub(crate) trait Field {
    /// What the getter returns.
    type Value<'f>;
    /// What the view shows.
    type Shown<'f>: Serialize;

    fn value<'f>(fields: &'f Fields, name: &'static str) -> Self::Value<'f>;
    fn shown<'f>(fields: &'f Fields, name: &'static str) -> Option<Self::Shown<'f>>;
}

/// A text.
pub(crate) enum Text {}

impl Field for Text {
    type Value<'f> = Option<&'f str>;
    type Shown<'f> = String;

    fn value<'f>(fields: &'f Fields, name: &'static str) -> Self::Value<'f> {
        fields.text(name)
    }

    fn shown(fields: &Fields, name: &'static str) -> Option<String> {
        fields.raw(name).map(redact::shown)
    }
}

/// The address of a page, which is shown whole.
#[cfg(feature = "preview")]
pub(crate) enum Link {}

#[cfg(feature = "preview")]
impl Field for Link {
    type Value<'f> = Option<&'f str>;
    type Shown<'f> = String;

    fn value<'f>(fields: &'f Fields, name: &'static str) -> Self::Value<'f> {
        fields.text(name)
    }

    fn shown(fields: &Fields, name: &'static str) -> Option<String> {
        fields.raw(name).map(redact::shown_link)
    }
}

/// A number of months in digits.
pub(crate) enum Months {}

fn months(text: &str) -> Result<u16, &'static str> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let months = text.parse().ok().filter(|_| is_digits);
    months.ok_or("it is not a number of months in digits")
}

/// Fields that are masked: a wrapper around the text shows what may be shown.
macro_rules! masked {
    ($($(#[$doc:meta])* $Kind:ident => $Name:ident;)+) => {$(
        $(#[$doc])*
        pub(crate) enum $Kind {}

        impl Field for $Kind {
            type Value<'f> = Option<$Name<'f>>;
            type Shown<'f> = $Name<'f>;

            fn value<'f>(fields: &'f Fields, name: &'static str) -> Self::Value<'f> {
                fields.text(name).map($Name::new)
            }

            fn shown<'f>(fields: &'f Fields, name: &'static str) -> Option<$Name<'f>> {
                fields.raw(name).map($Name::new)
            }
        }
    )+};
}

masked! {
    /// The number of a card or an account.
    Account => AccountNumber;
    /// A text that is personal as a whole.
    Masked => Personal;
}

/// Fields that are converted: malformed ones are shown as text.
macro_rules! converted {
    ($($Kind:ty => $Value:ty, $parse:expr;)+) => {$(
        impl Field for $Kind {
            type Value<'f> = Result<Option<$Value>, Malformed>;
            type Shown<'f> = Shown<$Value>;

            fn value<'f>(fields: &'f Fields, name: &'static str) -> Self::Value<'f> {
                fields.parsed(name, $parse)
            }

            fn shown(fields: &Fields, name: &'static str) -> Option<Shown<$Value>> {
                match Self::value(fields, name) {
                    Ok(value) => value.map(Shown::Typed),
                    Err(_) => fields.raw(name).map(|raw| Shown::Raw(redact::shown(raw))),
                }
            }
        }
    )+};
}

converted! {
    Won => Won, won;
    KoreanTime => KoreanTime, str::parse::<KoreanTime>;
    Months => u16, months;
    u64 => u64, part;
    i64 => i64, balance;
}

fn won(text: &str) -> Result<Won, &'static str> {
    amount(text)
        .and_then(|won| Won::new(won).ok())
        .ok_or("it is not an amount of 1 to 9,999,999,999 won in digits")
}

/// A part of an amount, which may be zero.
fn part(text: &str) -> Result<u64, &'static str> {
    amount(text).ok_or("it is not an amount in digits")
}

/// A number of points, which may be below zero.
fn balance(text: &str) -> Result<i64, &'static str> {
    let points = match text.trim().strip_prefix('-') {
        Some(owed) if owed.starts_with(|c: char| c.is_ascii_digit()) => {
            amount(owed).and_then(|points| 0_i64.checked_sub_unsigned(points))
        }
        Some(_) => None,
        None => amount(text).and_then(|points| i64::try_from(points).ok()),
    };
    points.ok_or("it is not a whole number in digits")
}
