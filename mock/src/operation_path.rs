//! The path of each operation.
//!
//! The mock server has its own table instead of calling [`Operation::path`], so that a request that the
//! library sends to the wrong path is not accepted.

use payssam::Operation;

const PATHS: [(&str, Operation); 11] = [
    ("/bill/read", Operation::BillRead),
    ("/bill/cancel", Operation::BillCancel),
    ("/bill", Operation::BillSend),
    ("/bill/resend", Operation::BillResend),
    ("/bill/destroy", Operation::BillDestroy),
    ("/cash-receipt/issue", Operation::ReceiptIssue),
    ("/cash-receipt/cancel", Operation::ReceiptCancel),
    ("/cash-receipt/read", Operation::ReceiptRead),
    ("/read/remain_count", Operation::PointsPartner),
    ("/read/merchant/remain_count", Operation::PointsMerchant),
    ("/auth/mapping", Operation::MerchantRegister),
];

/// The operation at a path behind the base URL.
pub(crate) fn operation(path: &str) -> Option<Operation> {
    let found = PATHS.iter().find(|(known, _)| *known == path);
    found.map(|(_, operation)| *operation)
}

/// The path of an operation; empty for one that the mock server does not serve.
pub(crate) fn path(operation: Operation) -> &'static str {
    let found = PATHS.iter().find(|(_, known)| *known == operation);
    found.map_or("", |(path, _)| path)
}

/// The operation with this name, such as `bill cancel`.
pub(crate) fn named(name: &str) -> Option<Operation> {
    let mut known = PATHS.iter().map(|(_, operation)| *operation);
    known.find(|operation| operation.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_library_has_a_path() {
        for operation in Operation::ALL {
            assert_ne!(path(*operation), "", "{operation}");
        }
        assert_eq!(PATHS.len(), Operation::ALL.len());
    }

    #[test]
    fn every_path_is_in_the_specification() {
        let specification: serde_json::Value = serde_json::from_str(payssam::OPENAPI).unwrap();
        for (path, operation) in PATHS {
            assert!(specification["paths"][path]["post"].is_object(), "{path}");
            assert_eq!(super::operation(path), Some(operation));
        }
    }
}
