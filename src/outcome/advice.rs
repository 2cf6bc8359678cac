//! What to do next after an error: the advice for the user.

use crate::operation::Operation;

/// What one request of an operation is called.
pub(crate) fn noun(operation: Operation) -> &'static str {
    match operation {
        Operation::BillCancel | Operation::ReceiptCancel => "cancellation",
        Operation::BillSend => "send",
        Operation::BillResend => "resend",
        Operation::BillDestroy => "destroy",
        Operation::ReceiptIssue => "issue",
        Operation::MerchantRegister | Operation::Raw => "call",
        Operation::BillRead
        | Operation::ReceiptRead
        | Operation::PointsPartner
        | Operation::PointsMerchant => "read",
    }
}

/// What to do when the outcome is unknown.
pub(crate) fn when_unknown(operation: Operation) -> &'static str {
    match operation {
        Operation::BillRead
        | Operation::ReceiptRead
        | Operation::PointsPartner
        | Operation::PointsMerchant => "nothing changed, read again",
        Operation::BillCancel => {
            "it may have been carried out: read the bill before you repeat it or return money by hand"
        }
        Operation::BillSend => {
            "it may have been sent: read the bill before you send it again, and never send it under another id"
        }
        Operation::BillResend => {
            "the message may have been sent, and no read can tell: ask the payer before you repeat it"
        }
        Operation::BillDestroy => {
            "it may have been carried out: read the bill before you repeat it"
        }
        Operation::ReceiptIssue => {
            "it may have been issued: read its history before you issue it again, and never issue it under \
             another id"
        }
        Operation::ReceiptCancel => {
            "it may have been carried out: read its history before you repeat it"
        }
        Operation::MerchantRegister | Operation::Raw => {
            "it may have been carried out: find out by a read before you repeat it"
        }
    }
}
