//! The one macro that declares a text which is checked when it is made.

use super::{invalid_value::InvalidValue, nfc::composed};

/// Declares a type for a text, whose clones share it.
///
/// `shown` texts have `as_str` and `Display`; `secret` texts have `reveal`, and `Debug` masks them. serde
/// writes and reads both whole; what it reads is checked in the same way, unless `stored as` says otherwise.
macro_rules! text_type {
    (
        $(#[$attribute:meta])*
        pub struct $Name:ident: $visibility:ident, checked by $check:expr;
    ) => {
        $crate::value::text::text_type! {
            $(#[$attribute])*
            pub struct $Name: $visibility, checked by $check, stored as $check;
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $Name:ident: $visibility:ident, checked by $check:expr, stored as $stored:expr;
    ) => {
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
        #[serde(into = "String")]
        $(#[$attribute])*
        pub struct $Name(::std::sync::Arc<str>);

        impl<'de> ::serde::Deserialize<'de> for $Name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let check: fn(&str) -> Result<Box<str>, $crate::value::InvalidValue> = $stored;
                let text = <String as ::serde::Deserialize>::deserialize(from)?;
                let text = check(&text).map_err(::serde::de::Error::custom)?;
                Ok($Name(text.into()))
            }
        }

        impl $Name {
            /// Checks a text and keeps it.
            ///
            /// # Errors
            ///
            /// [`InvalidValue`](crate::InvalidValue) that says which rule is broken.
            pub fn new(text: impl AsRef<str>) -> Result<Self, $crate::value::InvalidValue> {
                let check: fn(&str) -> Result<Box<str>, $crate::value::InvalidValue> = $check;
                check(text.as_ref()).map(|text| $Name(text.into()))
            }
        }

        $crate::value::text::text_type! { @ $visibility $Name }

        impl AsRef<str> for $Name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::str::FromStr for $Name {
            type Err = $crate::value::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $Name::new(text)
            }
        }

        impl TryFrom<&str> for $Name {
            type Error = $crate::value::InvalidValue;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                $Name::new(text)
            }
        }

        impl TryFrom<&String> for $Name {
            type Error = $crate::value::InvalidValue;

            fn try_from(text: &String) -> Result<Self, Self::Error> {
                $Name::new(text)
            }
        }

        impl TryFrom<String> for $Name {
            type Error = $crate::value::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                $Name::new(text)
            }
        }

        impl From<$Name> for String {
            fn from(text: $Name) -> String {
                text.0.to_string()
            }
        }
    };
    (@ shown $Name:ident) => {
        impl $Name {
            /// The text as it is sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl ::std::fmt::Debug for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(formatter, concat!(stringify!($Name), "({:?})"), self.0)
            }
        }
    };
    // A text of this kind has its own methods and `Debug`.
    (@ address $Name:ident) => {};
    (@ secret $Name:ident) => {
        impl $Name {
            /// The text as it is sent. It is personal data: keep it out of logs.
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Debug for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let masked = $crate::redact::MASKED;
                write!(formatter, concat!(stringify!($Name), "({})"), masked)
            }
        }
    };
}
pub(crate) use text_type;

/// Refuses a text that is empty, and control characters, which nobody can see on a phone.
#[cfg(feature = "preview")]
pub(crate) fn visible(
    field: &'static str,
    text: &str,
    allowed: &[char],
) -> Result<Box<str>, InvalidValue> {
    if text.trim().is_empty() {
        return Err(InvalidValue::new(field, "it is empty"));
    }
    without_control(field, text, allowed)
}

/// Refuses control characters. The text is for people, so it is kept in composed form.
pub(crate) fn without_control(
    field: &'static str,
    text: &str,
    allowed: &[char],
) -> Result<Box<str>, InvalidValue> {
    let is_refused = |c: &char| c.is_control() && !allowed.contains(c);
    match text.chars().find(is_refused) {
        None => Ok(composed(text).into()),
        Some(control) => Err(InvalidValue::new(
            field,
            format!(
                "the control character U+{:04X} is not allowed",
                control as u32
            ),
        )),
    }
}
