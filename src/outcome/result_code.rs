//! The result codes of PaySsam's responses.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize, Serializer};

use crate::value::open_enum;

/// The `code` of a response.
///
/// The set is open: the published table has more rows than are known here, and it grows. A code
/// without a constant is a rejection of [`CodeKind::Unknown`].
///
/// `Display`, `Debug` and serde mask, escape and cut a code like any text from outside, which changes no code
/// of the documentation; [`as_str`](ResultCode::as_str) returns it as received.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ResultCode(Cow<'static, str>);

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $kind:ident;)+) => {
        impl ResultCode {
            $($(#[doc = $doc])+ pub const $name: ResultCode = ResultCode(Cow::Borrowed($code));)+

            /// The codes that are known, in the order of the documentation.
            pub const KNOWN: &'static [ResultCode] = &[$(Self::$name),+];

            /// What the code is about.
            pub fn kind(&self) -> CodeKind {
                CodeKind::of(self.as_str())
            }
        }

        impl CodeKind {
            /// The one place where a code is classified.
            pub(crate) fn of(code: &str) -> Self {
                match code {
                    $($code => CodeKind::$kind,)+
                    _ => CodeKind::Unknown,
                }
            }
        }
    };
}

codes! {
    /// Success (성공하였습니다.).
    SUCCESS = "0000", Success;
    /// An error in PaySsam's server (처리 중 오류가 발생하였습니다.). After a write the outcome is unknown.
    ERROR = "ERROR", Unclear;
    /// The partner of the key has no V2.
    PARTNER_WITHOUT_V2 = "PARTNER_001", Contract;
    /// The key is missing or malformed.
    API_KEY_MISSING = "PARTNER_002", Credentials;
    /// No partner, merchant or payment method belongs to the key.
    PARTNER_INVALID = "PARTNER_003", Credentials;
    /// The merchant is not mapped to the partner.
    MAPPING_NOT_FOUND = "PARTNER_004", Contract;
    /// The partner does not exist.
    PARTNER_NOT_FOUND = "PARTNER_005", Contract;
    /// The partner has no contract in force.
    CONTRACT_INACTIVE = "PARTNER_006", Contract;
    /// The bill id was used before; it is rejected permanently (observed).
    BILL_ID_USED = "BILL_001", BillIdUsed;
    /// No such bill for this member and merchant (observed).
    BILL_NOT_FOUND = "BILL_003", BillNotFound;
    /// The bill is not in a state that allows sending (reported).
    BILL_NOT_SENDABLE = "BILL_006", BillState;
    /// A wrong hash or a missing field; the message says which (observed).
    VALIDATION = "VALIDATION_002", Request;
    /// Not enough points, or a contract without a charging rule (observed).
    INSUFFICIENT_POINTS = "POINT_001", Points;
    /// The card network or the bank did not respond (reported). After a write the outcome is unknown.
    PAYMENT_NO_RESPONSE_1 = "PAYMENT_001", Unclear;
    /// The card network or the bank did not respond (reported). After a write the outcome is unknown.
    PAYMENT_NO_RESPONSE_2 = "PAYMENT_002", Unclear;
}

impl ResultCode {
    /// Any code, kept as received.
    pub fn new(code: impl Into<String>) -> Self {
        ResultCode(Cow::Owned(code.into()))
    }

    /// The code as PaySsam writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResultCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&open_enum::code(&self.0))
    }
}

impl fmt::Debug for ResultCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ResultCode(\"{self}\")")
    }
}

impl Serialize for ResultCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl CodeKind {
    /// Whether the table of codes lists it.
    pub(crate) fn is_listed(self) -> bool {
        self != CodeKind::Unknown
    }

    /// Whether it rejects a write for what the request itself says or lacks, so that no other write is the
    /// reason.
    pub(crate) fn is_about_the_request(self) -> bool {
        match self {
            CodeKind::Credentials
            | CodeKind::Contract
            | CodeKind::BillNotFound
            | CodeKind::Request
            | CodeKind::Points => true,
            CodeKind::Success
            | CodeKind::Unclear
            | CodeKind::BillIdUsed
            | CodeKind::BillState
            | CodeKind::Unknown => false,
        }
    }
}

/// What a [`ResultCode`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeKind {
    /// Success.
    Success,
    /// PaySsam does not know what happened. Read the bill.
    Unclear,
    /// The API key is missing or wrong.
    Credentials,
    /// The contract or the mapping between partner and merchant does not allow the call.
    Contract,
    /// The bill id is taken: use a new one.
    BillIdUsed,
    /// There is no such bill for this member and merchant.
    BillNotFound,
    /// The state of the bill does not allow the call.
    BillState,
    /// The request is wrong: its hash or one of its fields.
    Request,
    /// There are not enough points.
    Points,
    /// A code that this version of the crate does not know.
    Unknown,
}
