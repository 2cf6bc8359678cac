//! What can be asked of PaySsam through a ledger.

/// Declares an enum whose variants have a name in the database, in JSON and in output.
macro_rules! names {
    ($(#[$attribute:meta])* pub enum $Name:ident { $($(#[$doc:meta])* $Variant:ident = $name:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $Name { $($(#[$doc])* $Variant,)+ }

        impl $Name {
            /// Its name in JSON and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $($Name::$Variant => $name,)+ }
            }

            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some($Name::$Variant),)+ _ => None }
            }
        }

        impl ::std::fmt::Display for $Name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $Name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use names;

names! {
    /// What an intent asks for.
    pub enum Act {
        /// Send a bill.
        Send = "send",
        /// Send the message for a bill again.
        Resend = "resend",
        /// Cancel a paid bill.
        Cancel = "cancel",
        /// Destroy an unpaid bill.
        Destroy = "destroy",
        /// Issue a cash receipt.
        IssueReceipt = "issue_receipt",
        /// Cancel a cash receipt.
        CancelReceipt = "cancel_receipt",
    }
}

impl Act {
    /// Whether it makes something under an id that is taken once.
    pub(crate) fn creates(self) -> bool {
        matches!(self, Act::Send | Act::IssueReceipt)
    }
}
