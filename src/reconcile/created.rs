//! What became of a write that creates something under an id that is taken once.

/// Declares the enum of what became of such a write: whether it was there before. The file that uses it
/// imports `Confirmed`.
macro_rules! created {
    (
        $(#[$attribute:meta])*
        pub enum $Name:ident { $(#[$doc:meta])* $New:ident($Response:ty, $Read:ty), }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema), schemars(untagged))]
        #[derive(::serde::Serialize)]
        #[serde(untagged)]
        pub enum $Name {
            $(#[$doc])*
            $New(Confirmed<$Response, $Read>),
            /// It was there before this call, with the same amount.
            AlreadyThere(Confirmed<$Response, $Read>),
        }

        impl $Name {
            pub(crate) fn of(confirmed: Confirmed<$Response, $Read>) -> Self {
                match confirmed.was_already {
                    true => $Name::AlreadyThere(confirmed),
                    false => $Name::$New(confirmed),
                }
            }

            fn confirmed(&self) -> &Confirmed<$Response, $Read> {
                match self {
                    $Name::$New(confirmed) | $Name::AlreadyThere(confirmed) => confirmed,
                }
            }

            /// Whether it was there before this call.
            pub fn was_already_there(&self) -> bool {
                matches!(self, $Name::AlreadyThere(_))
            }

            /// Its id.
            pub fn bill_id(&self) -> &$crate::value::BillId {
                self.confirmed().bill_id()
            }

            /// The response of the write, unless it was lost or something was there before.
            pub fn response(&self) -> Option<&$Response> {
                self.confirmed().response()
            }

            /// What was read, if that was the proof.
            pub fn read(&self) -> Option<&$Read> {
                self.confirmed().read()
            }

            /// Whether a read was the proof, instead of the response of the write.
            pub fn confirmed_by_read(&self) -> bool {
                self.confirmed().confirmed_by_read()
            }

            /// The requests that were made, the first one first.
            pub fn attempts(&self) -> &[$crate::outcome::Attempt] {
                self.confirmed().attempts()
            }
        }
    };
}
pub(crate) use created;
