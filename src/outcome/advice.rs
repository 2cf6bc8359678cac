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

/// What to do when something that is not certainly this has the id.
pub(crate) const WHEN_THE_ID_IS_TAKEN: &str = "the id is taken: read what has it, and use a new id if that is not what you \
    wanted to make";

/// What to do after a rejection that proves little.
pub(crate) fn when_unsettled(operation: Operation) -> &'static str {
    match operation {
        Operation::BillCancel => "read the bill before you return money by hand",
        Operation::BillSend => "read the bill before you send another",
        Operation::BillDestroy => "read the bill before you send a corrected one",
        Operation::BillResend => "the message may have been sent",
        Operation::ReceiptIssue => "read its history before you issue another",
        Operation::ReceiptCancel => "read its history before you issue a corrected one",
        Operation::MerchantRegister | Operation::Raw => "find out by a read what became of it",
        Operation::BillRead
        | Operation::ReceiptRead
        | Operation::PointsPartner
        | Operation::PointsMerchant => "read again",
    }
}

/// What to do when an earlier write may still be carried out, but the price was wrong all along.
pub(crate) fn when_the_price_was_wrong(operation: Operation) -> &'static str {
    match operation {
        Operation::BillCancel => {
            "; if it stays paid and the price was wrong, cancel it with the price that the read shows"
        }
        Operation::BillDestroy => {
            "; if it stays unpaid and the price was wrong, destroy it with the price that it was sent with"
        }
        Operation::ReceiptCancel => {
            "; if it stays issued and the price was wrong, cancel it with the price that it was issued with"
        }
        _ => "",
    }
}
