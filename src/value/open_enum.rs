//! The one macro that declares an enum of PaySsam's which may grow: unknown codes are kept as received.

/// Declares an open enum: each variant with PaySsam's code and with the word that `Display` and serde write.
/// They write a prefix before the code of the variant for every other code, which is masked, escaped and cut
/// like any text from outside.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $Name:ident: $code:ident, $from_code:ident {
            $($(#[$doc:meta])* $Variant:ident = $text:literal, $word:literal;)+
        }
        other { $(#[$other_doc:meta])* $Other:ident = $prefix:literal; }
    ) => {
        #[derive(Clone, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema), schemars(with = "String"))]
        #[serde(from = "String", into = "String")]
        $(#[$attribute])*
        #[non_exhaustive]
        pub enum $Name {
            $($(#[$doc])* $Variant,)+
            $(#[$other_doc])* $Other(String),
        }

        impl $Name {
            /// Reads PaySsam's code. Nothing is trimmed or folded: `f` is not `F`.
            pub fn $from_code(code: &str) -> Self {
                match code {
                    $($text => $Name::$Variant,)+
                    other => $Name::$Other(other.to_owned()),
                }
            }

            /// PaySsam's code.
            pub fn $code(&self) -> &str {
                match self {
                    $($Name::$Variant => $text,)+
                    $Name::$Other(code) => code,
                }
            }
        }

        impl ::std::fmt::Display for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $($Name::$Variant => formatter.write_str($word),)+
                    $Name::$Other(code) => {
                        write!(formatter, concat!($prefix, "{}"), $crate::value::open_enum::code(code))
                    }
                }
            }
        }

        impl ::std::fmt::Debug for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $($Name::$Variant => formatter.write_str(stringify!($Variant)),)+
                    $Name::$Other(code) => write!(
                        formatter,
                        concat!(stringify!($Other), "(\"{}\")"),
                        $crate::value::open_enum::code(code),
                    ),
                }
            }
        }

        impl From<&str> for $Name {
            /// Reads what `Display` writes, and PaySsam's codes; any other text is unknown.
            fn from(text: &str) -> Self {
                let unknown = text.strip_prefix($prefix).filter(|_| !$prefix.is_empty());
                match (text, unknown) {
                    $(($word, _) => $Name::$Variant,)+
                    (_, Some(code)) => $Name::$Other(code.to_owned()),
                    (code, None) => $Name::$from_code(code),
                }
            }
        }

        impl ::std::str::FromStr for $Name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl From<String> for $Name {
            fn from(text: String) -> Self {
                text.as_str().into()
            }
        }

        impl From<$Name> for String {
            fn from(value: $Name) -> String {
                value.to_string()
            }
        }
    };
}
pub(crate) use open_enum;

/// The most characters of an unknown code that are shown. Known ones have fewer than 20.
const LONGEST_CODE: usize = 60;

/// A code that is not known, as it may be shown.
pub(crate) fn code(code: &str) -> String {
    crate::redact::shown_within(code, LONGEST_CODE)
}
