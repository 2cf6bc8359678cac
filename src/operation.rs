//! The operations of the API.

use std::fmt;

use serde::Serialize;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Operation {
    /// `POST /bill/read`.
    #[serde(rename = "bill read")]
    BillRead,
    /// `POST /bill/cancel`.
    #[serde(rename = "bill cancel")]
    BillCancel,
    /// `POST /bill`.
    #[serde(rename = "bill send")]
    BillSend,
    /// `POST /bill/resend`.
    #[serde(rename = "bill resend")]
    BillResend,
    /// `POST /bill/destroy`.
    #[serde(rename = "bill destroy")]
    BillDestroy,
    /// `POST /cash-receipt/issue`.
    #[serde(rename = "receipt issue")]
    ReceiptIssue,
    /// `POST /cash-receipt/cancel`.
    #[serde(rename = "receipt cancel")]
    ReceiptCancel,
    /// `POST /cash-receipt/read`.
    #[serde(rename = "receipt read")]
    ReceiptRead,
    /// `POST /read/remain_count`.
    #[serde(rename = "points partner")]
    PointsPartner,
    /// `POST /read/merchant/remain_count`.
    #[serde(rename = "points merchant")]
    PointsMerchant,
    /// `POST /auth/mapping`.
    #[serde(rename = "mapping open")]
    MappingOpen,
    /// A [raw call](crate::Client::call) to a path of the caller's choice.
    #[serde(rename = "raw call")]
    Raw,
}

impl Operation {
    /// Every operation that this version of the crate knows; raw calls are none of these.
    pub const ALL: &'static [Operation] = &[
        Operation::BillRead,
        Operation::BillCancel,
        Operation::BillSend,
        Operation::BillResend,
        Operation::BillDestroy,
        Operation::ReceiptIssue,
        Operation::ReceiptCancel,
        Operation::ReceiptRead,
        Operation::PointsPartner,
        Operation::PointsMerchant,
        Operation::MappingOpen,
    ];

    /// The name in messages, such as `bill cancel`.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::BillRead => "bill read",
            Operation::BillCancel => "bill cancel",
            Operation::BillSend => "bill send",
            Operation::BillResend => "bill resend",
            Operation::BillDestroy => "bill destroy",
            Operation::ReceiptIssue => "receipt issue",
            Operation::ReceiptCancel => "receipt cancel",
            Operation::ReceiptRead => "receipt read",
            Operation::PointsPartner => "points partner",
            Operation::PointsMerchant => "points merchant",
            Operation::MappingOpen => "mapping open",
            Operation::Raw => "raw call",
        }
    }

    /// The path behind the base URL, such as `/bill/cancel`; empty for a raw call, of which the
    /// [`Subject`](crate::Subject) tells it.
    pub fn path(self) -> &'static str {
        match self {
            Operation::BillRead => "/bill/read",
            Operation::BillCancel => "/bill/cancel",
            Operation::BillSend => "/bill",
            Operation::BillResend => "/bill/resend",
            Operation::BillDestroy => "/bill/destroy",
            Operation::ReceiptIssue => "/cash-receipt/issue",
            Operation::ReceiptCancel => "/cash-receipt/cancel",
            Operation::ReceiptRead => "/cash-receipt/read",
            Operation::PointsPartner => "/read/remain_count",
            Operation::PointsMerchant => "/read/merchant/remain_count",
            Operation::MappingOpen => "/auth/mapping",
            Operation::Raw => "",
        }
    }

    /// Whether it changes something at PaySsam; a raw call may.
    pub fn is_write(self) -> bool {
        !matches!(
            self,
            Operation::BillRead
                | Operation::ReceiptRead
                | Operation::PointsPartner
                | Operation::PointsMerchant
        )
    }

    /// What a bill is after it.
    pub(crate) fn done(self) -> &'static str {
        match self {
            Operation::BillCancel | Operation::ReceiptCancel => "cancelled",
            Operation::BillDestroy => "destroyed",
            _ => "changed",
        }
    }

    /// What one request of it is called.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Operation::BillCancel | Operation::ReceiptCancel => "cancellation",
            Operation::BillSend | Operation::BillResend => "sending",
            Operation::BillDestroy => "destruction",
            Operation::ReceiptIssue => "issue",
            Operation::MappingOpen | Operation::Raw => "call",
            Operation::BillRead
            | Operation::ReceiptRead
            | Operation::PointsPartner
            | Operation::PointsMerchant => "reading",
        }
    }

    /// What to do when nobody knows what became of it.
    pub(crate) fn after_doubt(self) -> &'static str {
        match self {
            Operation::BillRead
            | Operation::ReceiptRead
            | Operation::PointsPartner
            | Operation::PointsMerchant => "nothing changed, read again",
            Operation::BillCancel => {
                "it may have been carried out: read the bill before you repeat it or return money \
                 by hand"
            }
            Operation::BillSend => {
                "it may have been sent: read the bill before you send it again, and never under \
                 another id"
            }
            Operation::BillResend => "the message may have been sent, and no reading tells",
            Operation::BillDestroy => {
                "it may have been carried out: read the bill before you repeat it"
            }
            Operation::ReceiptIssue => {
                "it may have been issued: read its history before you issue it again, and never \
                 under another id"
            }
            Operation::ReceiptCancel => {
                "it may have been carried out: read its history before you repeat it"
            }
            Operation::MappingOpen | Operation::Raw => {
                "it may have been carried out: find out by reading before you repeat it"
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
