//! Which item of the library stands for which property of the specification.

use crate::finding::Direction::{self, Request, Response};

/// An operation that the library serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Such as `POST /bill/read`.
    pub operation: &'static str,
    /// The public method.
    pub item: &'static str,
    /// Its source file.
    pub file: &'static str,
}

/// A property and the public item that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Such as `POST /bill/read`.
    pub operation: &'static str,
    /// Request or response.
    pub direction: Direction,
    /// The names of the property, joined by `/`.
    pub path: &'static str,
    /// Such as `payssam::Approval::price`.
    pub item: &'static str,
    /// The source file of the item.
    pub file: &'static str,
    /// How the library treats the property.
    pub role: Role,
}

/// How the library treats a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Request: the caller has to give it.
    Given,
    /// Request: the caller may give it.
    Choice,
    /// Request: the library makes it.
    Made,
    /// Response: text or a number, converted when asked for.
    Text,
    /// Response: text out of an open set, whose unknown values have a place of their own.
    Open {
        /// Where unknown values are found.
        unknown: &'static str,
    },
    /// Response: any JSON.
    Json,
    /// Response: only compared with the request.
    Checked,
    /// Response: holds the others.
    Frame,
}

/// A property that has no public item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// Such as `POST /bill/read`.
    pub operation: &'static str,
    /// Request or response.
    pub direction: Direction,
    /// The names of the property, joined by `/`.
    pub path: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// What a change of the whole document can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The server's address.
    Server,
    /// Credentials.
    Security,
    /// The table of result codes.
    ResultCodes,
}

/// An item that stands for something else than an operation or a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// What the rules are about that are about it, if there are any.
    pub rules: Option<Subject>,
    /// Such as `payssam::KoreanTime`.
    pub item: &'static str,
    /// Its source file.
    pub file: &'static str,
}

const READ: &str = "POST /bill/read";
const CANCEL: &str = "POST /bill/cancel";
const SEND: &str = "POST /bill";
const RESEND: &str = "POST /bill/resend";
const DESTROY: &str = "POST /bill/destroy";
const ISSUE: &str = "POST /cash-receipt/issue";
const CANCEL_RECEIPT: &str = "POST /cash-receipt/cancel";
const READ_RECEIPT: &str = "POST /cash-receipt/read";
const PARTNER_POINTS: &str = "POST /read/remain_count";
const MERCHANT_POINTS: &str = "POST /read/merchant/remain_count";
const MAPPING: &str = "POST /auth/mapping";

/// The operations that the library serves.
pub const OPERATIONS: &[Served] = &[
    Served {
        operation: READ,
        item: "payssam::Bills::read",
        file: "src/bill/read.rs",
    },
    Served {
        operation: CANCEL,
        item: "payssam::Bills::cancel",
        file: "src/bill/cancel.rs",
    },
    Served {
        operation: SEND,
        item: "payssam::Bills::send",
        file: SENDING,
    },
    Served {
        operation: RESEND,
        item: "payssam::Bills::resend",
        file: RESENDING,
    },
    Served {
        operation: DESTROY,
        item: "payssam::Bills::destroy",
        file: DESTROYING,
    },
    Served {
        operation: ISSUE,
        item: "payssam::Receipts::issue",
        file: ISSUING,
    },
    Served {
        operation: CANCEL_RECEIPT,
        item: "payssam::Receipts::cancel",
        file: RECEIPT_CANCELLING,
    },
    Served {
        operation: READ_RECEIPT,
        item: "payssam::Receipts::read",
        file: HISTORY,
    },
    Served {
        operation: PARTNER_POINTS,
        item: "payssam::PointsOf::partner",
        file: POINTS,
    },
    Served {
        operation: MERCHANT_POINTS,
        item: "payssam::PointsOf::merchant",
        file: POINTS,
    },
    Served {
        operation: MAPPING,
        item: "payssam::Mapping::open",
        file: MAPPINGS,
    },
];

/// What stands beside the operations: for changes of the whole document, and for pinned prose, which
/// names the file that it is about.
pub const BESIDE: &[Beside] = &[
    Beside {
        rules: Some(Subject::Server),
        item: "payssam::ClientBuilder::base_url",
        file: "src/client.rs",
    },
    Beside {
        rules: Some(Subject::Security),
        item: "payssam::Credentials",
        file: CREDENTIALS,
    },
    Beside {
        rules: Some(Subject::ResultCodes),
        item: "payssam::ResultCode",
        file: "src/code.rs",
    },
    Beside {
        rules: None,
        item: "payssam::BillState",
        file: "src/bill/state.rs",
    },
    Beside {
        rules: None,
        item: "payssam::KoreanTime",
        file: "src/time.rs",
    },
    Beside {
        rules: None,
        item: "payssam::Error",
        file: "src/error.rs",
    },
];

/// What is left behind, and why.
pub const LEFT_BEHIND: &[LeftBehind] = &[
    key_echo(READ),
    key_echo(CANCEL),
    key_echo(SEND),
    key_echo(RESEND),
    key_echo(DESTROY),
    key_echo(ISSUE),
    key_echo(CANCEL_RECEIPT),
    key_echo(READ_RECEIPT),
];

const fn key_echo(operation: &'static str) -> LeftBehind {
    LeftBehind {
        operation,
        direction: Response,
        path: "data/apiKey",
        reason: KEY_ECHO,
    }
}

const KEY_ECHO: &str = "the caller's own key, echoed: nobody needs it, and it must not be kept";

const APPROVAL: &str = "src/bill/approval.rs";
const CANCELLING: &str = "src/bill/cancel.rs";
const READING: &str = "src/bill/read.rs";
const SENDING: &str = "src/bill/send.rs";
const RESENDING: &str = "src/bill/resend.rs";
const DESTROYING: &str = "src/bill/destroy.rs";
const WORDS: &str = "src/bill/words.rs";
const ISSUING: &str = "src/receipt/issue.rs";
const RECEIPT_CANCELLING: &str = "src/receipt/cancel.rs";
const HISTORY: &str = "src/receipt/history.rs";
const HOLDER: &str = "src/receipt/holder.rs";
const VAT: &str = "src/vat.rs";
const POINTS: &str = "src/points.rs";
const MAPPINGS: &str = "src/mapping.rs";
const CALLBACK_URL: &str = "src/callback/url.rs";
const CREDENTIALS: &str = "src/credentials.rs";

const RESULT_CODE: Role = Role::Open {
    unknown: "payssam::CodeKind::Unknown",
};
const STATE: Role = Role::Open {
    unknown: "payssam::BillState::Unknown",
};
const RECEIPT_STATE: Role = Role::Open {
    unknown: "payssam::ReceiptState::Unknown",
};
const PAY_TYPE: Role = Role::Open {
    unknown: "payssam::PayType::Other",
};

/// The properties of all operations and what stands for them.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    sent(READ, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ, "bill", "payssam::Bills::read", READING, Role::Made),
    sent(READ, "bill/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),

    sent(CANCEL, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL, "bill", "payssam::Cancel", CANCELLING, Role::Made),
    sent(CANCEL, "bill/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(CANCEL, "bill/price", "payssam::Won::new", "src/money.rs", Role::Given),
    sent(CANCEL, "bill/cancelReason", "payssam::CancelReason::new", CANCELLING, Role::Choice),
    sent(CANCEL, "bill/hash", "payssam::signature::sign", "src/signature.rs", Role::Made),

    sent(SEND, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(SEND, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(SEND, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(SEND, "bill", "payssam::Send", SENDING, Role::Made),
    sent(SEND, "bill/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(SEND, "bill/sendType", "payssam::Send::talk", SENDING, Role::Given),
    sent(SEND, "bill/productName", "payssam::ProductName::new", WORDS, Role::Given),
    sent(SEND, "bill/price", "payssam::Won::new", "src/money.rs", Role::Given),
    sent(SEND, "bill/memberName", "payssam::PayerName::new", WORDS, Role::Given),
    sent(SEND, "bill/phone", "payssam::PhoneNumber::new", "src/phone.rs", Role::Given),
    sent(SEND, "bill/hash", "payssam::signature::sign_with_phone", "src/signature.rs", Role::Made),
    sent(SEND, "bill/callbackUrl", "payssam::callback::CallbackUrl::new", CALLBACK_URL, Role::Given),
    sent(SEND, "bill/billIssuer", "payssam::IssuerName::new", WORDS, Role::Choice),
    sent(SEND, "bill/supplyPrice", "payssam::Vat::new", VAT, Role::Choice),
    sent(SEND, "bill/tax", "payssam::Vat::new", VAT, Role::Choice),
    sent(SEND, "bill/message", "payssam::BillMessage::new", WORDS, Role::Choice),
    sent(SEND, "bill/expireDt", "payssam::ExpiryDate::new", "src/bill/expiry.rs", Role::Choice),
    sent(SEND, "bill/pageRedirectUrl", "payssam::Send::redirect", SENDING, Role::Choice),

    sent(RESEND, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(RESEND, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(RESEND, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(RESEND, "bill", "payssam::Bills::resend", RESENDING, Role::Made),
    sent(RESEND, "bill/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),

    sent(DESTROY, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(DESTROY, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(DESTROY, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(DESTROY, "bill", "payssam::Destroy", DESTROYING, Role::Made),
    sent(DESTROY, "bill/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(DESTROY, "bill/price", "payssam::Won::new", "src/money.rs", Role::Given),
    sent(DESTROY, "bill/hash", "payssam::signature::sign", "src/signature.rs", Role::Made),

    sent(ISSUE, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(ISSUE, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(ISSUE, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(ISSUE, "cashReceipt", "payssam::IssueReceipt", ISSUING, Role::Made),
    sent(ISSUE, "cashReceipt/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(ISSUE, "cashReceipt/hash", "payssam::signature::sign", "src/signature.rs", Role::Made),
    sent(ISSUE, "cashReceipt/price", "payssam::Won::new", "src/money.rs", Role::Given),
    sent(ISSUE, "cashReceipt/supplyPrice", "payssam::Vat::new", VAT, Role::Given),
    sent(ISSUE, "cashReceipt/tax", "payssam::Vat::new", VAT, Role::Given),
    sent(ISSUE, "cashReceipt/issuanceNumber", "payssam::ReceiptHolder", HOLDER, Role::Given),
    sent(ISSUE, "cashReceipt/trader", "payssam::Trader", HOLDER, Role::Given),

    sent(CANCEL_RECEIPT, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt", "payssam::CancelReceipt", RECEIPT_CANCELLING, Role::Made),
    sent(CANCEL_RECEIPT, "cashReceipt/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt/hash", "payssam::signature::sign", "src/signature.rs", Role::Made),
    sent(CANCEL_RECEIPT, "cashReceipt/price", "payssam::Won::new", "src/money.rs", Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt/trader", "payssam::Trader", HOLDER, Role::Given),

    sent(READ_RECEIPT, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "cashReceipt", "payssam::Receipts::read", HISTORY, Role::Made),
    sent(READ_RECEIPT, "cashReceipt/billId", "payssam::BillId::new", "src/bill/id.rs", Role::Given),
    sent(READ_RECEIPT, "cashReceipt/hash", "payssam::signature::sign", "src/signature.rs", Role::Made),
    sent(READ_RECEIPT, "cashReceipt/price", "payssam::Won::new", "src/money.rs", Role::Given),

    sent(PARTNER_POINTS, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "member", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "merchant", "payssam::Credentials::new", CREDENTIALS, Role::Given),

    sent(MAPPING, "apiKey", "payssam::Credentials::new", CREDENTIALS, Role::Given),
    sent(MAPPING, "memberId", "payssam::NewShop", MAPPINGS, Role::Given),
    sent(MAPPING, "merchantId", "payssam::NewShop", MAPPINGS, Role::Given),
    sent(MAPPING, "businessNumber", "payssam::BusinessNumber::new", "src/business_number.rs", Role::Given),
    sent(MAPPING, "callbackUrl", "payssam::callback::CallbackUrl::new", CALLBACK_URL, Role::Given),
    sent(MAPPING, "redirectUrl", "payssam::callback::CallbackUrl::new", CALLBACK_URL, Role::Given),

    got(READ, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(READ, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(READ, "data", "payssam::Approval", APPROVAL, Role::Frame),
    got(READ, "data/billId", "payssam::Bills::read", READING, Role::Checked),
    got(READ, "data/apprPayType", "payssam::Approval::pay_type", APPROVAL, PAY_TYPE),
    got(READ, "data/apprCardType", "payssam::Approval::card_type", APPROVAL, Role::Text),
    got(READ, "data/apprDt", "payssam::Approval::approved_at", APPROVAL, Role::Text),
    got(READ, "data/apprOriginDt", "payssam::Approval::original_approved_at", APPROVAL, Role::Text),
    got(READ, "data/apprPrice", "payssam::Approval::price", APPROVAL, Role::Text),
    got(READ, "data/apprIssuer", "payssam::Approval::issuer_name", APPROVAL, Role::Text),
    got(READ, "data/apprIssuerCd", "payssam::Approval::issuer_code", APPROVAL, Role::Text),
    got(READ, "data/apprIssuerNum", "payssam::Approval::issuer_number", APPROVAL, Role::Text),
    got(READ, "data/apprAcquirerCd", "payssam::Approval::acquirer_code", APPROVAL, Role::Text),
    got(READ, "data/apprAcquirerNm", "payssam::Approval::acquirer_name", APPROVAL, Role::Text),
    got(READ, "data/apprNum", "payssam::Approval::approval_number", APPROVAL, Role::Text),
    got(READ, "data/apprOriginNum", "payssam::Approval::original_approval_number", APPROVAL, Role::Text),
    got(READ, "data/apprResCd", "payssam::Approval::response_code", APPROVAL, Role::Text),
    got(READ, "data/apprMonthly", "payssam::Approval::installment_months", APPROVAL, Role::Text),
    got(READ, "data/apprState", "payssam::Bill::state", READING, STATE),
    got(READ, "data/apprCashNum", "payssam::CashReceipt::approval_number", APPROVAL, Role::Text),
    got(READ, "data/apprCashTrader", "payssam::CashReceipt::trader", APPROVAL, Role::Text),
    got(READ, "data/apprCashIssuanceNumber", "payssam::CashReceipt::issuance_number", APPROVAL, Role::Text),
    got(READ, "data/apprCardMerchantNum", "payssam::Healthcare::card_merchant_number", APPROVAL, Role::Text),
    got(READ, "data/catId", "payssam::Healthcare::terminal_id", APPROVAL, Role::Text),
    got(READ, "data/dscTxNum", "payssam::Healthcare::transaction_number", APPROVAL, Role::Text),
    got(READ, "data/cardType", "payssam::Approval::common_card_type", APPROVAL, Role::Text),
    got(READ, "data/apprSign", "payssam::Healthcare::sign", APPROVAL, Role::Text),
    got(READ, "data/udItem", "payssam::Approval::user_item", APPROVAL, Role::Json),

    got(CANCEL, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(CANCEL, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(CANCEL, "data", "payssam::Cancellation", CANCELLING, Role::Frame),
    got(CANCEL, "data/member", "payssam::Cancellation::member", CANCELLING, Role::Text),
    got(CANCEL, "data/merchant", "payssam::Cancellation::merchant", CANCELLING, Role::Text),
    got(CANCEL, "data/billId", "payssam::Bills::cancel", CANCELLING, Role::Checked),
    got(CANCEL, "data/hash", "payssam::Bills::cancel", CANCELLING, Role::Checked),
    got(CANCEL, "data/apprNum", "payssam::Cancellation::approval_number", CANCELLING, Role::Text),
    got(CANCEL, "data/apprOriginNum", "payssam::Cancellation::original_approval_number", CANCELLING, Role::Text),
    got(CANCEL, "data/apprCancelDt", "payssam::Cancellation::cancelled_at", CANCELLING, Role::Text),

    got(SEND, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(SEND, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(SEND, "data", "payssam::SentBill", SENDING, Role::Frame),
    got(SEND, "data/member", "payssam::SentBill::member", SENDING, Role::Text),
    got(SEND, "data/merchant", "payssam::SentBill::merchant", SENDING, Role::Text),
    got(SEND, "data/shortUrl", "payssam::SentBill::short_url", SENDING, Role::Text),
    got(SEND, "data/billId", "payssam::Bills::send", SENDING, Role::Checked),
    got(SEND, "data/hash", "payssam::Bills::send", SENDING, Role::Checked),

    got(RESEND, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(RESEND, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(RESEND, "data", "payssam::Bills::resend", RESENDING, Role::Frame),
    got(RESEND, "data/billId", "payssam::Bills::resend", RESENDING, Role::Checked),

    got(DESTROY, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(DESTROY, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(DESTROY, "data", "payssam::Bills::destroy", DESTROYING, Role::Frame),
    got(DESTROY, "data/billId", "payssam::Bills::destroy", DESTROYING, Role::Checked),

    got(ISSUE, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(ISSUE, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(ISSUE, "data", "payssam::IssuedReceipt", ISSUING, Role::Frame),
    got(ISSUE, "data/billId", "payssam::Receipts::issue", ISSUING, Role::Checked),
    got(ISSUE, "data/hash", "payssam::Receipts::issue", ISSUING, Role::Checked),
    got(ISSUE, "data/trader", "payssam::IssuedReceipt::trader", ISSUING, Role::Text),
    got(ISSUE, "data/apprCashNum", "payssam::IssuedReceipt::approval_number", ISSUING, Role::Text),
    got(ISSUE, "data/issuanceNumber", "payssam::IssuedReceipt::issuance_number", ISSUING, Role::Text),

    got(CANCEL_RECEIPT, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(CANCEL_RECEIPT, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(CANCEL_RECEIPT, "data", "payssam::CancelledReceipt", RECEIPT_CANCELLING, Role::Frame),
    got(CANCEL_RECEIPT, "data/billId", "payssam::Receipts::cancel", RECEIPT_CANCELLING, Role::Checked),
    got(CANCEL_RECEIPT, "data/hash", "payssam::Receipts::cancel", RECEIPT_CANCELLING, Role::Checked),
    got(CANCEL_RECEIPT, "data/apprCashNum", "payssam::CancelledReceipt::approval_number", RECEIPT_CANCELLING, Role::Text),

    got(READ_RECEIPT, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(READ_RECEIPT, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(READ_RECEIPT, "data", "payssam::ReceiptHistory", HISTORY, Role::Frame),
    got(READ_RECEIPT, "data/billId", "payssam::Receipts::read", HISTORY, Role::Checked),
    got(READ_RECEIPT, "data/info", "payssam::ReceiptHistory::entries", HISTORY, Role::Frame),
    got(READ_RECEIPT, "data/info/items/apprPrice", "payssam::ReceiptEntry::price", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/apprSupplyPrice", "payssam::ReceiptEntry::supply_price", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/apprTax", "payssam::ReceiptEntry::tax", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/trader", "payssam::ReceiptEntry::trader", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/apprNum", "payssam::ReceiptEntry::approval_number", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/apprState", "payssam::ReceiptEntry::state", HISTORY, RECEIPT_STATE),
    got(READ_RECEIPT, "data/info/items/apprDt", "payssam::ReceiptEntry::at", HISTORY, Role::Text),
    got(READ_RECEIPT, "data/info/items/issuanceNumber", "payssam::ReceiptEntry::issuance_number", HISTORY, Role::Text),

    got(PARTNER_POINTS, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(PARTNER_POINTS, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(PARTNER_POINTS, "data", "payssam::Points", POINTS, Role::Frame),
    got(PARTNER_POINTS, "data/balance", "payssam::Points::balance", POINTS, Role::Text),
    got(PARTNER_POINTS, "data/chargeUrl", "payssam::Points::charge_url", POINTS, Role::Text),

    got(MERCHANT_POINTS, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(MERCHANT_POINTS, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(MERCHANT_POINTS, "data", "payssam::Points", POINTS, Role::Frame),
    got(MERCHANT_POINTS, "data/balance", "payssam::Points::balance", POINTS, Role::Text),
    got(MERCHANT_POINTS, "data/chargeUrl", "payssam::Points::charge_url", POINTS, Role::Text),

    got(MAPPING, "code", "payssam::ResultCode", "src/code.rs", RESULT_CODE),
    got(MAPPING, "message", "payssam::Message", "src/error.rs", Role::Text),
    got(MAPPING, "data", "payssam::Registration", MAPPINGS, Role::Frame),
    got(MAPPING, "data/url", "payssam::Registration::url", MAPPINGS, Role::Text),
];

const fn sent(
    operation: &'static str,
    path: &'static str,
    item: &'static str,
    file: &'static str,
    role: Role,
) -> Row {
    Row {
        operation,
        direction: Request,
        path,
        item,
        file,
        role,
    }
}

const fn got(
    operation: &'static str,
    path: &'static str,
    item: &'static str,
    file: &'static str,
    role: Role,
) -> Row {
    Row {
        operation,
        direction: Response,
        path,
        item,
        file,
        role,
    }
}
