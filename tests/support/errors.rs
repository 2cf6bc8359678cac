//! What an error about a call must say.

use payssam::{Error, Operation, Outcome};

use super::caller::bill_id;

pub fn is_about_no_bill(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::PointsPartner | Operation::PointsMerchant | Operation::MerchantRegister
    )
}

/// The subject in the text of an error.
pub fn about(operation: Operation) -> String {
    match operation {
        Operation::ReceiptIssue | Operation::ReceiptCancel | Operation::ReceiptRead => {
            "(receipt 2024-0001)".into()
        }
        operation if is_about_no_bill(operation) => format!("({})", operation.path()),
        _ => "(bill 2024-0001)".into(),
    }
}

/// Checks everything of an error about the bill 2024-0001 but its text.
pub fn check(error: &Error, operation: Operation, outcome: Outcome, code: Option<&str>) {
    let kind = match outcome {
        Outcome::NotSent => "not_sent",
        Outcome::Rejected => "rejected",
        Outcome::Unknown => "outcome_unknown",
    };
    assert_eq!(error.outcome(), outcome, "{error}");
    assert_eq!(error.kind(), kind, "{error}");
    assert_eq!(error.code().map(|code| code.as_str()), code, "{error}");
    assert_eq!(error.operation(), Some(operation), "{error}");
    let id = bill_id();
    let expected = (!is_about_no_bill(operation)).then_some(&id);
    assert_eq!(error.bill_id(), expected, "{error}");
}
