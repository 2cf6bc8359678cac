//! The operations of the API.

use std::fmt;

use serde::{Serialize, Serializer};

/// Declares the operations: name of the variant, name in messages, path, and whether it is a read or a write.
macro_rules! operations {
    ($($Name:ident, $name:literal, $path:literal, $act:ident;)+) => {
        /// An operation of the API.
        ///
        /// serde writes its name, such as `bill cancel`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(with = "String"))]
        #[non_exhaustive]
        pub enum Operation {
            $(#[doc = concat!("`POST ", $path, "`.")] $Name,)+
            /// A [raw call](crate::Client::call) to a path that the caller chose.
            Raw,
        }

        impl Operation {
            /// Every operation that this version of the crate knows, without raw calls.
            pub const ALL: &'static [Operation] = &[$(Operation::$Name),+];

            /// The name in messages, such as `bill cancel`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Operation::$Name => $name,)+
                    Operation::Raw => "raw call",
                }
            }

            /// The path behind the base URL, such as `/bill/cancel`; empty for a raw call, whose path is in
            /// its [`Subject`](crate::Subject).
            pub fn path(self) -> &'static str {
                match self {
                    $(Operation::$Name => $path,)+
                    Operation::Raw => "",
                }
            }

            /// Whether it changes something at PaySsam. A raw call may, so it counts as a write.
            pub fn is_write(self) -> bool {
                match self {
                    $(Operation::$Name => operations!(@ $act),)+
                    Operation::Raw => true,
                }
            }
        }
    };
    (@ read) => { false };
    (@ write) => { true };
}

operations! {
    BillRead, "bill read", "/bill/read", read;
    BillCancel, "bill cancel", "/bill/cancel", write;
    BillSend, "bill send", "/bill", write;
    BillResend, "bill resend", "/bill/resend", write;
    BillDestroy, "bill destroy", "/bill/destroy", write;
    ReceiptIssue, "receipt issue", "/cash-receipt/issue", write;
    ReceiptCancel, "receipt cancel", "/cash-receipt/cancel", write;
    ReceiptRead, "receipt read", "/cash-receipt/read", read;
    PointsPartner, "points partner", "/read/remain_count", read;
    PointsMerchant, "points merchant", "/read/merchant/remain_count", read;
    MerchantRegister, "merchant register", "/auth/mapping", write;
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}
