//! What PaySsam knows of the payment of a bill.

use std::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    AccountNumber, KoreanTime, Malformed, Personal, Won,
    answer::{Fields, Names},
    mask::MASKED,
    written,
};

/// The fields of the answer to a read. The key, which PaySsam echoes, is left behind.
pub(crate) const FIELDS: &Names<25> = &Names::new([
    "billId",
    "apprPayType",
    "apprCardType",
    "apprDt",
    "apprOriginDt",
    "apprPrice",
    "apprIssuer",
    "apprIssuerCd",
    "apprIssuerNum",
    "apprAcquirerCd",
    "apprAcquirerNm",
    "apprNum",
    "apprOriginNum",
    "apprResCd",
    "apprMonthly",
    "apprState",
    "apprCashNum",
    "apprCashTrader",
    "apprCashIssuanceNumber",
    "apprCardMerchantNum",
    "catId",
    "dscTxNum",
    "cardType",
    "apprSign",
    "udItem",
])
.with_json("udItem");

/// The payment of a bill, as the answer to a read tells it.
///
/// Values are converted when they are asked for. `Ok(None)` means that PaySsam sent no value
/// (nothing, `null` or `""`); [`Malformed`] that it sent one which is not what the documentation
/// says, and which [`raw`](Approval::raw) gives as it came. Before a payment most fields are
/// empty.
///
/// `Debug` and serde show card and account numbers as PaySsam masked them, and no number of a
/// cash receipt.
#[derive(Clone)]
pub struct Approval(Fields<25>);

impl Approval {
    pub(crate) fn new(fields: Fields<25>) -> Self {
        Approval(fields)
    }

    /// Any field as it came, by the name that PaySsam gives it, such as `apprDt`: the text of a
    /// string, the digits of a number, else JSON.
    ///
    /// It may be personal data: keep it out of logs.
    pub fn raw(&self, field: &str) -> Option<&str> {
        self.0.raw(field)
    }

    /// The approved amount (`apprPrice`).
    ///
    /// `0`, should PaySsam send it for a bill that is not paid, is [`Malformed`]: it is no amount
    /// that anybody approved.
    pub fn price(&self) -> Result<Option<Won>, Malformed> {
        self.0.parsed("apprPrice", |text| {
            text.parse::<Won>()
                .map_err(|_| "it is not an amount of 1 to 9,999,999,999 won in digits")
        })
    }

    /// How it was paid (`apprPayType`).
    pub fn pay_type(&self) -> Result<Option<PayType>, Malformed> {
        Ok(self.0.text("apprPayType")?.map(PayType::from))
    }

    /// The kind of card: credit, debit, unknown (`apprCardType`).
    pub fn card_type(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprCardType")
    }

    /// When it was approved or cancelled (`apprDt`). May be missing even when the bill is paid.
    pub fn approved_at(&self) -> Result<Option<KoreanTime>, Malformed> {
        self.0.parsed("apprDt", str::parse)
    }

    /// When the original transaction was approved (`apprOriginDt`).
    pub fn original_approved_at(&self) -> Result<Option<KoreanTime>, Malformed> {
        self.0.parsed("apprOriginDt", str::parse)
    }

    /// The name of the card or the bank (`apprIssuer`).
    pub fn issuer_name(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprIssuer")
    }

    /// The code of the card's issuer or of the bank (`apprIssuerCd`).
    pub fn issuer_code(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprIssuerCd")
    }

    /// The number of the card or the account (`apprIssuerNum`).
    pub fn issuer_number(&self) -> Result<Option<AccountNumber<'_>>, Malformed> {
        Ok(self.0.text("apprIssuerNum")?.map(AccountNumber::new))
    }

    /// The code of the acquirer (`apprAcquirerCd`).
    pub fn acquirer_code(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprAcquirerCd")
    }

    /// The name of the acquirer (`apprAcquirerNm`).
    pub fn acquirer_name(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprAcquirerNm")
    }

    /// The number of the approval or the cancellation (`apprNum`).
    pub fn approval_number(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprNum")
    }

    /// The approval number of the original transaction (`apprOriginNum`).
    pub fn original_approval_number(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprOriginNum")
    }

    /// The response code of the payment (`apprResCd`).
    pub fn response_code(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("apprResCd")
    }

    /// Over how many months it is paid (`apprMonthly`); 0 is a single payment.
    pub fn installment_months(&self) -> Result<Option<u16>, Malformed> {
        self.0.parsed("apprMonthly", |text| {
            text.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| text.parse().ok())
                .flatten()
                .ok_or("it is not a number of months in digits")
        })
    }

    /// PaySsam's common card type (`cardType`), for Yeungnam University and KOCES only.
    pub fn common_card_type(&self) -> Result<Option<&str>, Malformed> {
        self.0.text("cardType")
    }

    /// The cash receipt (현금영수증).
    pub fn cash_receipt(&self) -> CashReceipt<'_> {
        CashReceipt(&self.0)
    }

    /// What healthcare partners get besides.
    pub fn healthcare(&self) -> Healthcare<'_> {
        Healthcare(&self.0)
    }

    /// The item that the partner stored with the bill (`udItem`), read as `T`.
    ///
    /// Any JSON: take `serde_json::Value` if you do not know its shape.
    pub fn user_item<T: DeserializeOwned>(&self) -> Result<Option<T>, Malformed> {
        self.0
            .json("udItem")?
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| Malformed::new("udItem", "it does not have the shape that was asked for"))
    }
}

/// The cash receipt (현금영수증) of a payment.
#[derive(Clone, Copy)]
pub struct CashReceipt<'a>(&'a Fields<25>);

impl fmt::Debug for CashReceipt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CashReceipt")
            .field("approval_number", &self.approval_number())
            .field("trader", &self.trader())
            .field("issuance_number", &self.issuance_number())
            .finish()
    }
}

impl<'a> CashReceipt<'a> {
    /// The approval number of the receipt (`apprCashNum`).
    pub fn approval_number(self) -> Result<Option<Personal<'a>>, Malformed> {
        Ok(self.0.text("apprCashNum")?.map(Personal::new))
    }

    /// For whom it was issued (`apprCashTrader`).
    pub fn trader(self) -> Result<Option<&'a str>, Malformed> {
        self.0.text("apprCashTrader")
    }

    /// The number that it was asked for: of a phone, a person or a business
    /// (`apprCashIssuanceNumber`).
    pub fn issuance_number(self) -> Result<Option<Personal<'a>>, Malformed> {
        Ok(self.0.text("apprCashIssuanceNumber")?.map(Personal::new))
    }
}

/// The fields that only healthcare partners get (헬스케어 스펙).
#[derive(Clone, Copy)]
pub struct Healthcare<'a>(&'a Fields<25>);

impl fmt::Debug for Healthcare<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Healthcare")
            .field("card_merchant_number", &self.card_merchant_number())
            .field("terminal_id", &self.terminal_id())
            .field("transaction_number", &self.transaction_number())
            .field("sign_length", &self.0.raw("apprSign").map(str::len))
            .finish()
    }
}

impl<'a> Healthcare<'a> {
    /// The merchant of the card (`apprCardMerchantNum`).
    pub fn card_merchant_number(self) -> Result<Option<&'a str>, Malformed> {
        self.0.text("apprCardMerchantNum")
    }

    /// The number of the terminal (`catId`).
    pub fn terminal_id(self) -> Result<Option<&'a str>, Malformed> {
        self.0.text("catId")
    }

    /// The unique number of the transaction (`dscTxNum`).
    pub fn transaction_number(self) -> Result<Option<&'a str>, Malformed> {
        self.0.text("dscTxNum")
    }

    /// The payer's written signature (`apprSign`), decoded from Base64. It is never printed.
    pub fn sign(self) -> Result<Option<Vec<u8>>, Malformed> {
        const BASE64: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        self.0.parsed("apprSign", |text| {
            BASE64.decode(text).map_err(|_| "it is not Base64")
        })
    }
}

/// How a bill was paid.
///
/// The set is open. The named ones were seen with version 1 of the API; the page for version 2
/// says only "간편결제 0 등".
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(with = "String"))]
#[serde(from = "String")]
#[non_exhaustive]
pub enum PayType {
    /// `CARD_VAN`
    CardVan,
    /// `CARD_RP`
    CardRp,
    /// `KEYIN`
    KeyIn,
    /// `OFFLINE_CARD`
    OfflineCard,
    /// `OFFLINE_CASH`
    OfflineCash,
    /// Any other code, as it came.
    Other(String),
}

impl PayType {
    /// The code as PaySsam writes it.
    pub fn as_str(&self) -> &str {
        match self {
            PayType::CardVan => "CARD_VAN",
            PayType::CardRp => "CARD_RP",
            PayType::KeyIn => "KEYIN",
            PayType::OfflineCard => "OFFLINE_CARD",
            PayType::OfflineCash => "OFFLINE_CASH",
            PayType::Other(code) => code,
        }
    }
}

impl From<&str> for PayType {
    fn from(code: &str) -> Self {
        match code {
            "CARD_VAN" => PayType::CardVan,
            "CARD_RP" => PayType::CardRp,
            "KEYIN" => PayType::KeyIn,
            "OFFLINE_CARD" => PayType::OfflineCard,
            "OFFLINE_CASH" => PayType::OfflineCash,
            other => PayType::Other(other.to_owned()),
        }
    }
}

impl From<String> for PayType {
    fn from(code: String) -> Self {
        code.as_str().into()
    }
}

impl fmt::Display for PayType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for PayType {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// An approval as it is logged and stored: empty fields left out, secrets masked.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Value<'a, Won>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_at: Option<Value<'a, KoreanTime>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_approved_at: Option<Value<'a, KoreanTime>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_number: Option<AccountNumber<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquirer_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquirer_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approval_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_approval_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installment_months: Option<Value<'a, u16>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_card_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_approval_number: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_trader: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt_issuance_number: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_merchant_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_number: Option<&'a str>,
    /// The length of the signature as it came, in bytes of Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_length: Option<usize>,
    /// The length of the partner's own item, in bytes of JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_item_length: Option<usize>,
}

/// A value in its own type, or as it came when it is malformed.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Value<'a, T> {
    Typed(T),
    Raw(&'a str),
}

impl Approval {
    fn written(&self) -> Written<'_> {
        let raw = |name| self.0.raw(name);
        Written {
            price: self.value("apprPrice", self.price()),
            pay_type: raw("apprPayType"),
            card_type: raw("apprCardType"),
            approved_at: self.value("apprDt", self.approved_at()),
            original_approved_at: self.value("apprOriginDt", self.original_approved_at()),
            issuer_name: raw("apprIssuer"),
            issuer_code: raw("apprIssuerCd"),
            issuer_number: raw("apprIssuerNum").map(AccountNumber::new),
            acquirer_code: raw("apprAcquirerCd"),
            acquirer_name: raw("apprAcquirerNm"),
            approval_number: raw("apprNum"),
            original_approval_number: raw("apprOriginNum"),
            response_code: raw("apprResCd"),
            installment_months: self.value("apprMonthly", self.installment_months()),
            common_card_type: raw("cardType"),
            cash_receipt_approval_number: raw("apprCashNum").map(|_| MASKED),
            cash_receipt_trader: raw("apprCashTrader"),
            cash_receipt_issuance_number: raw("apprCashIssuanceNumber").map(|_| MASKED),
            card_merchant_number: raw("apprCardMerchantNum"),
            terminal_id: raw("catId"),
            transaction_number: raw("dscTxNum"),
            sign_length: raw("apprSign").map(str::len),
            user_item_length: raw("udItem").map(str::len),
        }
    }

    fn value<T>(&self, name: &str, read: Result<Option<T>, Malformed>) -> Option<Value<'_, T>> {
        match read {
            Ok(value) => value.map(Value::Typed),
            Err(_) => self.0.raw(name).map(Value::Raw),
        }
    }
}

impl fmt::Debug for Approval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::debug("Approval", self, formatter)
    }
}

impl Serialize for Approval {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(to)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Approval {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Approval".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}
