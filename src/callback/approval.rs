//! The callback of a payment that succeeded (승인 동기화).

use std::{error, fmt};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    Approval, BillId, BillState, Credentials,
    answer::{self, Fields, Names, Spelling},
    bill,
    raw::ANSWER_CAP,
    redact,
};

const KEY: &Names<1> = &Names::new(["apiKey"]);

/// What somebody who may be PaySsam says of a payment. Nothing in it may be booked: it has to be
/// [verified](ApprovalCallback::verify) first.
///
/// The fields are those of a reading. `Debug` shows them masked, and not the key.
#[derive(Clone)]
pub struct ApprovalCallback {
    bill_id: BillId,
    state: Option<BillState>,
    approval: Approval,
    api_key: Option<Zeroizing<String>>,
}

impl ApprovalCallback {
    /// Reads the body of a callback: names in camel case or in snake case, values as text or as
    /// numbers, everything but the bill id optional.
    ///
    /// # Errors
    ///
    /// [`NotACallback`] when the body is larger than 1 MiB, no JSON object, or names no bill.
    pub fn parse(body: &[u8]) -> Result<Self, NotACallback> {
        if body.len() > ANSWER_CAP {
            return Err(NotACallback("it is larger than 1 MiB".into()));
        }
        let text = answer::text(body);
        let fields = Fields::decode(&text, bill::FIELDS, Spelling::CamelOrSnake)
            .ok_or_else(|| NotACallback("it is no JSON object".into()))?;
        let key = Fields::decode(&text, KEY, Spelling::CamelOrSnake);
        let bill_id = fields
            .parsed("billId", str::parse)
            .map_err(|malformed| NotACallback(malformed.to_string().into()))?
            .ok_or_else(|| NotACallback("it names no bill".into()))?;
        let state = match fields.text("apprState") {
            Ok(letter) => letter.map(BillState::from_letter),
            Err(_) => fields
                .raw("apprState")
                .map(|raw| BillState::Unknown(raw.to_owned())),
        };
        Ok(ApprovalCallback {
            bill_id,
            state,
            approval: Approval::new(fields),
            api_key: key
                .and_then(|key| key.raw("apiKey").map(str::to_owned))
                .map(Zeroizing::new),
        })
    }

    /// The bill that it speaks of.
    pub fn bill_id(&self) -> &BillId {
        &self.bill_id
    }

    /// The state that it claims; `None` when it claims none.
    pub fn state(&self) -> Option<&BillState> {
        self.state.as_ref()
    }

    /// The payment that it claims.
    pub fn approval(&self) -> &Approval {
        &self.approval
    }

    /// Whether the key in it is that of these credentials; `None` when there is none in it, which is
    /// no sign of a forgery. It takes the same time whatever differs.
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

/// Says why a body is no callback. It does not repeat the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotACallback(Box<str>);

impl fmt::Display for NotACallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = redact::escape(&self.0);
        write!(
            formatter,
            "not a callback of PaySsam: {problem}; book nothing"
        )
    }
}

impl error::Error for NotACallback {}
