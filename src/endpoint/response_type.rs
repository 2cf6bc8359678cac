//! The macro that declares a response: its fields, their getters, and the one redacted view.

/// Declares a response.
///
/// `shown` fields have a getter and are in the view, `hidden` ones only have a getter, `nested` ones are only
/// in the view because another type has their getters, and `echoed` ones are only decoded.
macro_rules! response_type {
    (
        $(#[$attribute:meta])*
        pub struct $Name:ident, $name:literal $(of $Id:ident)?, $($sparse:ident)? {
            $($(#[$shown_doc:meta])* $shown:ident: $Shown:tt = $shown_field:literal,)*
        }
        $(hidden { $($(#[$hidden_doc:meta])* $hidden:ident: $Hidden:tt = $hidden_field:literal,)* })?
        $(nested { $($nested:ident: $Nested:tt = $nested_field:literal,)* })?
        $(echoed { $($echoed_field:literal,)* })?
        $(json $json:literal)?
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        pub struct $Name {
            $(bill_id: $Id,)?
            fields: $crate::endpoint::response::Fields,
        }

        impl $Name {
            /// The fields that are kept, more or less in the order of the page. The key, which PaySsam echoes, is
            /// not.
            pub(crate) const NAMES: &'static $crate::endpoint::response::Names =
                &$crate::endpoint::response::Names::new(&[
                    $($($hidden_field,)*)?
                    $($($echoed_field,)*)?
                    $($shown_field,)*
                    $($($nested_field,)*)?
                ])$(.with_json($json))?;

            $(
                pub(crate) fn new(bill_id: &$Id, fields: $crate::endpoint::response::Fields) -> Self {
                    $Name {
                        bill_id: bill_id.clone(),
                        fields,
                    }
                }

                /// The id that the request was about.
                pub fn bill_id(&self) -> &$Id {
                    &self.bill_id
                }
            )?

            $(
                $(#[$shown_doc])*
                pub fn $shown(&self) -> $crate::endpoint::response_type::getter_type!($Shown) {
                    <$Shown as $crate::endpoint::field::Field>::value(&self.fields, $shown_field)
                }
            )*

            $($(
                $(#[$hidden_doc])*
                pub fn $hidden(&self) -> $crate::endpoint::response_type::getter_type!($Hidden) {
                    <$Hidden as $crate::endpoint::field::Field>::value(&self.fields, $hidden_field)
                }
            )*)?

            /// Any field as received, by PaySsam's name, such as `apprDt`: the text of a string, the digits
            /// of a number, else JSON.
            ///
            /// It may be personal or secret: keep it out of logs.
            pub fn raw(&self, field: &str) -> Option<&str> {
                self.fields.raw(field)
            }
        }

        $crate::redact::view::view! {
            $Name, $name, it, $($sparse)? {
                $(bill_id: &'a $Id = &it.bill_id,)?
                $(
                    $shown: Option<<$Shown as $crate::endpoint::field::Field>::Shown<'a>> =
                        <$Shown as $crate::endpoint::field::Field>::shown(&it.fields, $shown_field),
                )*
                $($(
                    $nested: Option<<$Nested as $crate::endpoint::field::Field>::Shown<'a>> =
                        <$Nested as $crate::endpoint::field::Field>::shown(&it.fields, $nested_field),
                )*)?
            }
        }
    };
}
pub(crate) use response_type;

/// The type that the getter of a field has.
macro_rules! getter_type {
    (Text) => { Option<&str> };
    (Link) => { Option<&str> };
    (Account) => { Option<$crate::value::AccountNumber<'_>> };
    (Masked) => { Option<$crate::value::Personal<'_>> };
    (PayType) => { Option<PayType> };
    (ReceiptState) => { ReceiptState };
    (Months) => { Result<Option<u16>, $crate::endpoint::malformed::Malformed> };
    ($Value:tt) => { Result<Option<$Value>, $crate::endpoint::malformed::Malformed> };
}
pub(crate) use getter_type;
