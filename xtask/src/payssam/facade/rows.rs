//! Which item of the library represents which property of the specification.

use openapi_compare::finding::Direction::{self, Request, Response};

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

/// A property and the public item that represents it.
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
    /// Request: the library computes it.
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

/// An item that represents something other than an operation or a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The subject of the rules that concern it, if there are any.
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
        file: BILL_SEND,
    },
    Served {
        operation: RESEND,
        item: "payssam::Bills::resend",
        file: BILL_RESEND,
    },
    Served {
        operation: DESTROY,
        item: "payssam::Bills::destroy",
        file: BILL_DESTROY,
    },
    Served {
        operation: ISSUE,
        item: "payssam::Receipts::issue",
        file: RECEIPT_ISSUE,
    },
    Served {
        operation: CANCEL_RECEIPT,
        item: "payssam::Receipts::cancel",
        file: RECEIPT_CANCEL,
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
        item: "payssam::Onboarding::register",
        file: ONBOARDING,
    },
];

/// The items that belong to no operation: for changes of the whole document, and for pinned prose, which
/// names the file that implements it.
pub const BESIDE: &[Beside] = &[
    Beside {
        rules: Some(Subject::Server),
        item: "payssam::ClientBuilder::base_url",
        file: "src/client/builder.rs",
    },
    Beside {
        rules: Some(Subject::Security),
        item: "payssam::Credentials",
        file: CREDENTIALS,
    },
    Beside {
        rules: Some(Subject::ResultCodes),
        item: "payssam::ResultCode",
        file: "src/outcome/result_code.rs",
    },
    Beside {
        rules: None,
        item: "payssam::BillState",
        file: "src/value/bill_state.rs",
    },
    Beside {
        rules: None,
        item: "payssam::KoreanTime",
        file: "src/value/korean_time.rs",
    },
    Beside {
        rules: None,
        item: "payssam::Error",
        file: "src/outcome/error.rs",
    },
];

/// The properties that have no public item, and why.
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
const BILL_CANCEL: &str = "src/bill/cancel.rs";
const BILL_READ: &str = "src/bill/read.rs";
const BILL_SEND: &str = "src/bill/send.rs";
const BILL_RESEND: &str = "src/bill/resend.rs";
const BILL_DESTROY: &str = "src/bill/destroy.rs";
const BILL_TEXT: &str = "src/value/bill_text.rs";
const RECEIPT_ISSUE: &str = "src/receipt/issue.rs";
const RECEIPT_CANCEL: &str = "src/receipt/cancel.rs";
const HISTORY: &str = "src/receipt/history.rs";
const HOLDER: &str = "src/receipt/holder.rs";
const TAX: &str = "src/value/tax.rs";
const POINTS: &str = "src/points.rs";
const ONBOARDING: &str = "src/onboarding.rs";
const CALLBACK_URL: &str = "src/value/callback_url.rs";
const CREDENTIALS: &str = "src/client/credentials.rs";

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

/// The properties of all operations and the items that represent them.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    sent(READ, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(READ, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(READ, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(READ, "bill", "payssam::Bills::read", BILL_READ, Role::Made),
    sent(READ, "bill/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),

    sent(CANCEL, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(CANCEL, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(CANCEL, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(CANCEL, "bill", "payssam::CancelBill", BILL_CANCEL, Role::Made),
    sent(CANCEL, "bill/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(CANCEL, "bill/price", "payssam::Won::new", "src/value/won.rs", Role::Given),
    sent(CANCEL, "bill/cancelReason", "payssam::CancelReason", "src/value/cancel_reason.rs", Role::Choice),
    sent(CANCEL, "bill/hash", "payssam::signature::sign", "src/endpoint/signature.rs", Role::Made),

    sent(SEND, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(SEND, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(SEND, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(SEND, "bill", "payssam::SendBill", BILL_SEND, Role::Made),
    sent(SEND, "bill/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(SEND, "bill/sendType", "payssam::SendBill::kakaotalk", BILL_SEND, Role::Given),
    sent(SEND, "bill/productName", "payssam::ProductName", BILL_TEXT, Role::Given),
    sent(SEND, "bill/price", "payssam::Won::new", "src/value/won.rs", Role::Given),
    sent(SEND, "bill/memberName", "payssam::PayerName", BILL_TEXT, Role::Given),
    sent(SEND, "bill/phone", "payssam::PhoneNumber", "src/value/phone_number.rs", Role::Given),
    sent(SEND, "bill/hash", "payssam::signature::sign_with_phone", "src/endpoint/signature.rs", Role::Made),
    sent(SEND, "bill/callbackUrl", "payssam::callback::CallbackUrl", CALLBACK_URL, Role::Given),
    sent(SEND, "bill/billIssuer", "payssam::IssuerName", BILL_TEXT, Role::Choice),
    sent(SEND, "bill/supplyPrice", "payssam::Tax::new", TAX, Role::Choice),
    sent(SEND, "bill/tax", "payssam::Tax::new", TAX, Role::Choice),
    sent(SEND, "bill/message", "payssam::BillMessage", BILL_TEXT, Role::Choice),
    sent(SEND, "bill/expireDt", "payssam::ExpiryDate", "src/value/expiry_date.rs", Role::Choice),
    sent(SEND, "bill/pageRedirectUrl", "payssam::callback::CallbackUrl", CALLBACK_URL, Role::Choice),

    sent(RESEND, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(RESEND, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(RESEND, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(RESEND, "bill", "payssam::Bills::resend", BILL_RESEND, Role::Made),
    sent(RESEND, "bill/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),

    sent(DESTROY, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(DESTROY, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(DESTROY, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(DESTROY, "bill", "payssam::DestroyBill", BILL_DESTROY, Role::Made),
    sent(DESTROY, "bill/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(DESTROY, "bill/price", "payssam::Won::new", "src/value/won.rs", Role::Given),
    sent(DESTROY, "bill/hash", "payssam::signature::sign", "src/endpoint/signature.rs", Role::Made),

    sent(ISSUE, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(ISSUE, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(ISSUE, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(ISSUE, "cashReceipt", "payssam::IssueReceipt", RECEIPT_ISSUE, Role::Made),
    sent(ISSUE, "cashReceipt/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(ISSUE, "cashReceipt/hash", "payssam::signature::sign", "src/endpoint/signature.rs", Role::Made),
    sent(ISSUE, "cashReceipt/price", "payssam::Won::new", "src/value/won.rs", Role::Given),
    sent(ISSUE, "cashReceipt/supplyPrice", "payssam::Tax::new", TAX, Role::Given),
    sent(ISSUE, "cashReceipt/tax", "payssam::Tax::new", TAX, Role::Given),
    sent(ISSUE, "cashReceipt/issuanceNumber", "payssam::ReceiptHolder", HOLDER, Role::Given),
    sent(ISSUE, "cashReceipt/trader", "payssam::Trader", HOLDER, Role::Given),

    sent(CANCEL_RECEIPT, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt", "payssam::CancelReceipt", RECEIPT_CANCEL, Role::Made),
    sent(CANCEL_RECEIPT, "cashReceipt/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt/hash", "payssam::signature::sign", "src/endpoint/signature.rs", Role::Made),
    sent(CANCEL_RECEIPT, "cashReceipt/price", "payssam::Won::new", "src/value/won.rs", Role::Given),
    sent(CANCEL_RECEIPT, "cashReceipt/trader", "payssam::Trader", HOLDER, Role::Given),

    sent(READ_RECEIPT, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),
    sent(READ_RECEIPT, "cashReceipt", "payssam::Receipts::read", HISTORY, Role::Made),
    sent(READ_RECEIPT, "cashReceipt/billId", "payssam::BillId", "src/value/bill_id.rs", Role::Given),
    sent(READ_RECEIPT, "cashReceipt/hash", "payssam::signature::sign", "src/endpoint/signature.rs", Role::Made),
    sent(READ_RECEIPT, "cashReceipt/price", "payssam::Won::new", "src/value/won.rs", Role::Given),

    sent(PARTNER_POINTS, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "member", "payssam::CredentialsBuilder::member", CREDENTIALS, Role::Given),
    sent(MERCHANT_POINTS, "merchant", "payssam::CredentialsBuilder::merchant", CREDENTIALS, Role::Given),

    sent(MAPPING, "apiKey", "payssam::CredentialsBuilder::api_key", CREDENTIALS, Role::Given),
    sent(MAPPING, "memberId", "payssam::RegisterMerchant", ONBOARDING, Role::Given),
    sent(MAPPING, "merchantId", "payssam::RegisterMerchant", ONBOARDING, Role::Given),
    sent(MAPPING, "businessNumber", "payssam::BusinessNumber", "src/value/business_number.rs", Role::Given),
    sent(MAPPING, "callbackUrl", "payssam::callback::CallbackUrl", CALLBACK_URL, Role::Given),
    sent(MAPPING, "redirectUrl", "payssam::callback::CallbackUrl", CALLBACK_URL, Role::Given),

    got(READ, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(READ, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(READ, "data", "payssam::Approval", APPROVAL, Role::Frame),
    got(READ, "data/billId", "payssam::Bills::read", BILL_READ, Role::Checked),
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
    got(READ, "data/apprState", "payssam::Bill::state", BILL_READ, STATE),
    got(READ, "data/apprCashNum", "payssam::CashReceipt::approval_number", APPROVAL, Role::Text),
    got(READ, "data/apprCashTrader", "payssam::CashReceipt::trader", APPROVAL, Role::Text),
    got(READ, "data/apprCashIssuanceNumber", "payssam::CashReceipt::issuance_number", APPROVAL, Role::Text),
    got(READ, "data/apprCardMerchantNum", "payssam::Healthcare::card_merchant_number", APPROVAL, Role::Text),
    got(READ, "data/catId", "payssam::Healthcare::terminal_id", APPROVAL, Role::Text),
    got(READ, "data/dscTxNum", "payssam::Healthcare::transaction_number", APPROVAL, Role::Text),
    got(READ, "data/cardType", "payssam::Approval::common_card_type", APPROVAL, Role::Text),
    got(READ, "data/apprSign", "payssam::Healthcare::sign", APPROVAL, Role::Text),
    got(READ, "data/udItem", "payssam::Approval::user_item", APPROVAL, Role::Json),

    got(CANCEL, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(CANCEL, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(CANCEL, "data", "payssam::Cancellation", BILL_CANCEL, Role::Frame),
    got(CANCEL, "data/member", "payssam::Cancellation::member", BILL_CANCEL, Role::Text),
    got(CANCEL, "data/merchant", "payssam::Cancellation::merchant", BILL_CANCEL, Role::Text),
    got(CANCEL, "data/billId", "payssam::Bills::cancel", BILL_CANCEL, Role::Checked),
    got(CANCEL, "data/hash", "payssam::Bills::cancel", BILL_CANCEL, Role::Checked),
    got(CANCEL, "data/apprNum", "payssam::Cancellation::approval_number", BILL_CANCEL, Role::Text),
    got(CANCEL, "data/apprOriginNum", "payssam::Cancellation::original_approval_number", BILL_CANCEL, Role::Text),
    got(CANCEL, "data/apprCancelDt", "payssam::Cancellation::cancelled_at", BILL_CANCEL, Role::Text),

    got(SEND, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(SEND, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(SEND, "data", "payssam::SentBill", BILL_SEND, Role::Frame),
    got(SEND, "data/member", "payssam::SentBill::member", BILL_SEND, Role::Text),
    got(SEND, "data/merchant", "payssam::SentBill::merchant", BILL_SEND, Role::Text),
    got(SEND, "data/shortUrl", "payssam::SentBill::short_url", BILL_SEND, Role::Text),
    got(SEND, "data/billId", "payssam::Bills::send", BILL_SEND, Role::Checked),
    got(SEND, "data/hash", "payssam::Bills::send", BILL_SEND, Role::Checked),

    got(RESEND, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(RESEND, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(RESEND, "data", "payssam::ResentBill", BILL_RESEND, Role::Frame),
    got(RESEND, "data/billId", "payssam::Bills::resend", BILL_RESEND, Role::Checked),

    got(DESTROY, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(DESTROY, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(DESTROY, "data", "payssam::DestroyedBill", BILL_DESTROY, Role::Frame),
    got(DESTROY, "data/billId", "payssam::Bills::destroy", BILL_DESTROY, Role::Checked),

    got(ISSUE, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(ISSUE, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(ISSUE, "data", "payssam::IssuedReceipt", RECEIPT_ISSUE, Role::Frame),
    got(ISSUE, "data/billId", "payssam::Receipts::issue", RECEIPT_ISSUE, Role::Checked),
    got(ISSUE, "data/hash", "payssam::Receipts::issue", RECEIPT_ISSUE, Role::Checked),
    got(ISSUE, "data/trader", "payssam::IssuedReceipt::trader", RECEIPT_ISSUE, Role::Text),
    got(ISSUE, "data/apprCashNum", "payssam::IssuedReceipt::approval_number", RECEIPT_ISSUE, Role::Text),
    got(ISSUE, "data/issuanceNumber", "payssam::IssuedReceipt::issuance_number", RECEIPT_ISSUE, Role::Text),

    got(CANCEL_RECEIPT, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(CANCEL_RECEIPT, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(CANCEL_RECEIPT, "data", "payssam::CancelledReceipt", RECEIPT_CANCEL, Role::Frame),
    got(CANCEL_RECEIPT, "data/billId", "payssam::Receipts::cancel", RECEIPT_CANCEL, Role::Checked),
    got(CANCEL_RECEIPT, "data/hash", "payssam::Receipts::cancel", RECEIPT_CANCEL, Role::Checked),
    got(CANCEL_RECEIPT, "data/apprCashNum", "payssam::CancelledReceipt::approval_number", RECEIPT_CANCEL, Role::Text),

    got(READ_RECEIPT, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(READ_RECEIPT, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
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

    got(PARTNER_POINTS, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(PARTNER_POINTS, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(PARTNER_POINTS, "data", "payssam::Points", POINTS, Role::Frame),
    got(PARTNER_POINTS, "data/balance", "payssam::Points::balance", POINTS, Role::Text),
    got(PARTNER_POINTS, "data/chargeUrl", "payssam::Points::charge_url", POINTS, Role::Text),

    got(MERCHANT_POINTS, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(MERCHANT_POINTS, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(MERCHANT_POINTS, "data", "payssam::Points", POINTS, Role::Frame),
    got(MERCHANT_POINTS, "data/balance", "payssam::Points::balance", POINTS, Role::Text),
    got(MERCHANT_POINTS, "data/chargeUrl", "payssam::Points::charge_url", POINTS, Role::Text),

    got(MAPPING, "code", "payssam::ResultCode", "src/outcome/result_code.rs", RESULT_CODE),
    got(MAPPING, "message", "payssam::Message", "src/outcome/message.rs", Role::Text),
    got(MAPPING, "data", "payssam::Registration", ONBOARDING, Role::Frame),
    got(MAPPING, "data/url", "payssam::Registration::url", ONBOARDING, Role::Text),
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
