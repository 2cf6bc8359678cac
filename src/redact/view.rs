//! The one redacted view of a response, which `Debug`, serde and JSON Schema share.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A value in its own type, or as a text that may be shown when it is malformed.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(crate) enum Shown<T> {
    Typed(T),
    Raw(String),
}

/// Gives a type the fields of its view as `Debug`, `Serialize` and `JsonSchema`.
///
/// `sparse` leaves fields without a value out of what serde writes; `Debug` always does.
macro_rules! view {
    ($Type:ty, $name:literal, $of:ident, sparse { $($field:ident: $Shown:ty = $value:expr,)* }) => {
        $crate::redact::view::view! {
            @ $Type, $name, $of,
            { $(#[serde(skip_serializing_if = "Option::is_none")] $field: $Shown = $value,)* }
        }
    };
    ($Type:ty, $name:literal, $of:ident, { $($field:ident: $Shown:ty = $value:expr,)* }) => {
        $crate::redact::view::view! { @ $Type, $name, $of, { $($field: $Shown = $value,)* } }
    };
    (@ $Type:ty, $name:literal, $of:ident, { $($(#[$attribute:meta])* $field:ident: $Shown:ty = $value:expr,)* }) => {
        const _: () = {
            #[derive(::serde::Serialize)]
            #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
            struct View<'a> {
                $($(#[$attribute])* $field: $Shown,)*
                #[serde(skip)]
                of: ::std::marker::PhantomData<&'a ()>,
            }

            impl ::serde::Serialize for $Type {
                fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    #[allow(unused_variables, reason = "a view may have no field")]
                    let $of = self;
                    let view = View { $($field: $value,)* of: ::std::marker::PhantomData };
                    ::serde::Serialize::serialize(&view, to)
                }
            }

            impl ::std::fmt::Debug for $Type {
                fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::redact::view::debug($name, self, formatter)
                }
            }

            #[cfg(feature = "schemars")]
            impl ::schemars::JsonSchema for $Type {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    $name.into()
                }

                fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    View::json_schema(generator)
                }
            }
        };
    };
}
pub(crate) use view;

/// Writes a struct with the fields that serde gives it, without those that have no value.
pub(crate) fn debug(
    name: &str,
    value: &impl Serialize,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    if let Ok(Value::Object(fields)) = serde_json::to_value(value) {
        for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            shown.field(field, &format_args!("{value}"));
        }
    }
    shown.finish()
}
