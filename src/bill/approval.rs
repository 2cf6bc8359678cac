//! What PaySsam knows of the payment of a bill.

use std::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::de::DeserializeOwned;

use crate::{
    endpoint::{Account, Field, Fields, Malformed, Masked, Months, Text, response_type},
    redact,
    value::{KoreanTime, Personal, Won, open_enum::open_enum},
};

response_type! {
    /// The payment of a bill, as the response to a read has it. The fields are published.
    ///
    /// Getters of texts return them as received, and `None` when the field is missing, `null` or `""`, holds
    /// another kind of JSON, or is given twice with different values. Getters that convert return `Ok(None)`
    /// when there is no value, and [`Malformed`] when the value is not as documented;
    /// [`raw`](Approval::raw) returns it as received. Before a payment most fields are empty.
    ///
    /// `Debug` and serde show card and account numbers as PaySsam masked them, and never the number of a cash
    /// receipt. serde omits empty fields.
    pub struct Approval, "Approval", sparse {
        /// The approved amount in won (`apprPrice`).
        ///
        /// If PaySsam sends `0` for a bill that is not paid, it is [`Malformed`]: no amount was approved.
        price: Won = "apprPrice",
        /// How it was paid (`apprPayType`).
        pay_type: PayType = "apprPayType",
        /// The kind of card: credit, debit, unknown (`apprCardType`).
        card_type: Text = "apprCardType",
        /// When it was approved or cancelled (`apprDt`). May be missing even when the bill is paid.
        approved_at: KoreanTime = "apprDt",
        /// When the original transaction was approved (`apprOriginDt`).
        original_approved_at: KoreanTime = "apprOriginDt",
        /// The name of the card or the bank (`apprIssuer`).
        issuer_name: Text = "apprIssuer",
        /// The code of the card's issuer or of the bank (`apprIssuerCd`).
        issuer_code: Text = "apprIssuerCd",
        /// The number of the card or the account (`apprIssuerNum`).
        issuer_number: Account = "apprIssuerNum",
        /// The code of the acquirer (`apprAcquirerCd`).
        acquirer_code: Text = "apprAcquirerCd",
        /// The name of the acquirer (`apprAcquirerNm`).
        acquirer_name: Text = "apprAcquirerNm",
        /// The number of the approval or the cancellation (`apprNum`).
        approval_number: Text = "apprNum",
        /// The approval number of the original transaction (`apprOriginNum`).
        original_approval_number: Text = "apprOriginNum",
        /// The response code of the payment (`apprResCd`).
        response_code: Text = "apprResCd",
        /// The number of monthly instalments (`apprMonthly`); 0 is a single payment.
        installment_months: Months = "apprMonthly",
        /// PaySsam's common card type (`cardType`), for Yeungnam University and KOCES only.
        common_card_type: Text = "cardType",
    }
    nested {
        cash_receipt_approval_number: Masked = "apprCashNum",
        cash_receipt_trader: Text = "apprCashTrader",
        cash_receipt_issuance_number: Masked = "apprCashIssuanceNumber",
        card_merchant_number: Text = "apprCardMerchantNum",
        terminal_id: Text = "catId",
        transaction_number: Text = "dscTxNum",
        sign_length: Length = "apprSign",
        user_item_length: Length = "udItem",
    }
    echoed { "billId", "apprState", }
    json "udItem"
}

/// Shows only the length of a value, in bytes.
enum Length {}

impl Field for Length {
    type Value<'f> = ();
    type Shown<'f> = usize;

    fn value(_: &Fields, _: &'static str) {}

    fn shown(fields: &Fields, name: &'static str) -> Option<usize> {
        fields.raw(name).map(str::len)
    }
}

impl Approval {
    pub(crate) fn new(fields: Fields) -> Self {
        Approval { fields }
    }

    /// The cash receipt (현금영수증).
    pub fn cash_receipt(&self) -> CashReceipt<'_> {
        CashReceipt(&self.fields)
    }

    /// The fields that only healthcare partners get.
    pub fn healthcare(&self) -> Healthcare<'_> {
        Healthcare(&self.fields)
    }

    /// The item that the partner stored with the bill (`udItem`), read as `T`.
    ///
    /// It may be any JSON: read it as `serde_json::Value` if its shape is not known.
    pub fn user_item<T: DeserializeOwned>(&self) -> Result<Option<T>, Malformed> {
        self.fields
            .json("udItem")?
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| Malformed::new("udItem", "it does not have the requested shape"))
    }
}

/// The cash receipt (현금영수증) of a payment.
#[doc(alias = "현금영수증")]
#[derive(Clone, Copy)]
pub struct CashReceipt<'a>(&'a Fields);

impl fmt::Debug for CashReceipt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CashReceipt")
            .field("approval_number", &self.approval_number())
            .field("trader", &Text::shown(self.0, "apprCashTrader"))
            .field("issuance_number", &self.issuance_number())
            .finish()
    }
}

impl<'a> CashReceipt<'a> {
    /// The approval number of the receipt (`apprCashNum`).
    pub fn approval_number(self) -> Option<Personal<'a>> {
        Masked::value(self.0, "apprCashNum")
    }

    /// Whom it was issued for (`apprCashTrader`).
    pub fn trader(self) -> Option<&'a str> {
        self.0.text("apprCashTrader")
    }

    /// The number that it was issued for: of a phone, a person or a business (`apprCashIssuanceNumber`).
    pub fn issuance_number(self) -> Option<Personal<'a>> {
        Masked::value(self.0, "apprCashIssuanceNumber")
    }
}

/// The fields that only healthcare partners get (헬스케어 스펙).
#[derive(Clone, Copy)]
pub struct Healthcare<'a>(&'a Fields);

impl fmt::Debug for Healthcare<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Healthcare")
            .field(
                "card_merchant_number",
                &Text::shown(self.0, "apprCardMerchantNum"),
            )
            .field("terminal_id", &Text::shown(self.0, "catId"))
            .field("transaction_number", &Text::shown(self.0, "dscTxNum"))
            .field("sign_length", &self.0.raw("apprSign").map(str::len))
            .finish()
    }
}

impl<'a> Healthcare<'a> {
    /// The merchant of the card (`apprCardMerchantNum`).
    pub fn card_merchant_number(self) -> Option<&'a str> {
        self.0.text("apprCardMerchantNum")
    }

    /// The number of the terminal (`catId`).
    pub fn terminal_id(self) -> Option<&'a str> {
        self.0.text("catId")
    }

    /// The unique number of the transaction (`dscTxNum`).
    pub fn transaction_number(self) -> Option<&'a str> {
        self.0.text("dscTxNum")
    }

    /// The payer's handwritten signature (`apprSign`), decoded from Base64. It is never shown.
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

open_enum! {
    /// How a bill was paid.
    ///
    /// The set is open. The named ones were observed with version 1 of the API; the page of version 2 says
    /// only "간편결제 0 등" (published).
    pub enum PayType: as_str, from_code {
        /// `CARD_VAN`
        CardVan = "CARD_VAN", "CARD_VAN";
        /// `CARD_RP`
        CardRp = "CARD_RP", "CARD_RP";
        /// `KEYIN`
        KeyIn = "KEYIN", "KEYIN";
        /// `OFFLINE_CARD`
        OfflineCard = "OFFLINE_CARD", "OFFLINE_CARD";
        /// `OFFLINE_CASH`
        OfflineCash = "OFFLINE_CASH", "OFFLINE_CASH";
    }
    other {
        /// Any other code, as received.
        Other = "";
    }
}

impl Field for PayType {
    type Value<'f> = Option<PayType>;
    type Shown<'f> = String;

    fn value(fields: &Fields, name: &'static str) -> Option<PayType> {
        fields.text(name).map(PayType::from)
    }

    fn shown(fields: &Fields, name: &'static str) -> Option<String> {
        fields.raw(name).map(redact::shown)
    }
}
