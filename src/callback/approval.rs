//! The callback of a payment that succeeded (승인 동기화).

use std::{error, fmt};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    bill::Approval,
    client::Credentials,
    endpoint::{Fields, Names, Spelling, text},
    raw::RESPONSE_LIMIT,
    redact::escape,
    value::{BillId, BillState},
};

/// Version 1 of the API writes it in small letters (observed).
const KEY: &Names = &Names::new(&["apiKey", "apikey"]);

/// What a sender claims about a payment. The sender may not be PaySsam: book nothing before the callback is
/// [verified](ApprovalCallback::verify).
///
/// The fields are those of a read. `Debug` shows them masked, and not the key.
#[doc(alias = "webhook")]
#[doc(alias = "콜백")]
#[derive(Clone)]
pub struct ApprovalCallback {
    bill_id: BillId,
    state: Option<BillState>,
    approval: Approval,
    api_key: Option<Zeroizing<String>>,
}

impl ApprovalCallback {
    /// Parses the body of a callback: names in camel case or in snake case, values as text or as numbers,
    /// everything but the bill id optional.
    ///
    /// # Errors
    ///
    /// [`InvalidCallback`] when the body is larger than 1 MiB, is not a JSON object, or has no bill id.
    pub fn parse(body: &[u8]) -> Result<Self, InvalidCallback> {
        if body.len() > RESPONSE_LIMIT {
            return Err(InvalidCallback("it is larger than 1 MiB".into()));
        }
        let text = text(body);
        let mut fields = Fields::decode(&text, Approval::NAMES, Spelling::CamelOrSnake)
            .ok_or_else(|| InvalidCallback("it is not a JSON object".into()))?;
        let key = Fields::decode(&text, KEY, Spelling::CamelOrSnake);
        let key = key.and_then(|key| {
            let key = key.raw("apiKey").or_else(|| key.raw("apikey"));
            key.map(|key| Zeroizing::new(key.to_owned()))
        });
        if let Some(key) = key.as_ref().filter(|key| !key.is_empty()) {
            fields.drop_key(key);
        }
        let bill_id = fields
            .parsed("billId", str::parse)
            .map_err(|malformed| InvalidCallback(malformed.to_string().into()))?
            .ok_or_else(|| InvalidCallback("it has no bill id".into()))?;
        let state = match fields.read("apprState") {
            Ok(letter) => letter.map(BillState::from_letter),
            Err(_) => fields
                .raw("apprState")
                .map(|raw| BillState::Unknown(raw.to_owned())),
        };
        Ok(ApprovalCallback {
            bill_id,
            state,
            approval: Approval::new(fields),
            api_key: key,
        })
    }

    /// The bill that it is about.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The state that it claims; `None` when it has none.
    pub fn state(&self) -> Option<&BillState> {
        self.state.as_ref()
    }

    /// The payment that it claims.
    pub fn approval(&self) -> &Approval {
        &self.approval
    }

    /// Whether it has the key of these credentials; `None` when it has no key, which does not prove a
    /// forgery. The comparison takes constant time.
    pub fn matches_key(&self, credentials: &Credentials) -> Option<bool> {
        let key = self.api_key.as_ref()?.as_bytes();
        Some(key.ct_eq(credentials.reveal_api_key().as_bytes()).into())
    }
}

impl fmt::Debug for ApprovalCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApprovalCallback")
            .field("bill_id", &self.bill_id)
            .field("state", &self.state)
            .field("approval", &self.approval)
            .finish_non_exhaustive()
    }
}

/// Says why a body is not a callback. It does not repeat the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCallback(Box<str>);

impl fmt::Display for InvalidCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = escape(&self.0);
        write!(
            formatter,
            "not a callback of PaySsam: {problem}; book nothing"
        )
    }
}

impl error::Error for InvalidCallback {}
