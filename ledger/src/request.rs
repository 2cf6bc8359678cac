//! A request as it is recorded, before it is sent.

use payssam::{
    BillId, CancelBill, CancelReceipt, Client, DestroyBill, Error, IssueReceipt, ResendBill,
    SendBill, Won,
};
use serde_json::{Map, Value};

use crate::act::Act;

/// A request, and the merchant's own reference for it.
#[derive(Clone, Debug)]
pub struct Referenced<R> {
    pub(crate) request: R,
    pub(crate) reference: Option<Box<str>>,
}

/// Gives a request a reference.
pub trait Reference: Sized {
    /// Sets your own reference, such as the number of an order, at most 200 characters. It travels into every
    /// event of the bill, and stays until it is [purged](crate::Ledger::purge): put no person's data in it.
    fn reference(self, reference: impl Into<String>) -> Referenced<Self>;
}

/// A request that was asked for, of any kind.
#[derive(Clone)]
pub(crate) enum Request {
    Send(SendBill),
    Resend(ResendBill),
    Cancel(CancelBill),
    Destroy(DestroyBill),
    IssueReceipt(IssueReceipt),
    CancelReceipt(CancelReceipt),
}

/// What became of a request that took effect.
#[derive(Debug, Default)]
pub(crate) struct Effect {
    /// It had certainly taken effect before, by somebody else.
    pub(crate) was_already: bool,
    pub(crate) short_url: Option<Box<str>>,
}

macro_rules! requests {
    ($($Variant:ident($Request:ident),)+) => {
        $(impl Reference for $Request {
            fn reference(self, reference: impl Into<String>) -> Referenced<Self> {
                Referenced { request: self, reference: Some(reference.into().into()) }
            }
        }

        impl From<&$Request> for Referenced<$Request> {
            fn from(request: &$Request) -> Self {
                Referenced { request: request.clone(), reference: None }
            }
        }

        impl From<&Referenced<$Request>> for Referenced<$Request> {
            fn from(referenced: &Referenced<$Request>) -> Self {
                referenced.clone()
            }
        }

        impl From<$Request> for Request {
            fn from(request: $Request) -> Self {
                Request::$Variant(request)
            }
        })+

        impl Request {
            pub(crate) fn act(&self) -> Act {
                match self { $(Request::$Variant(_) => Act::$Variant,)+ }
            }

            pub(crate) fn bill_id(&self) -> &BillId {
                match self { $(Request::$Variant(request) => request.bill_id(),)+ }
            }

            /// The whole request, as it is stored while its outcome is not certain.
            pub(crate) fn to_json(&self) -> serde_json::Result<Value> {
                match self { $(Request::$Variant(request) => serde_json::to_value(request),)+ }
            }

            pub(crate) fn from_json(act: Act, json: &str) -> serde_json::Result<Self> {
                match act {
                    $(Act::$Variant => serde_json::from_str(json).map(Request::$Variant),)+
                }
            }
        }
    };
}

requests! {
    Send(SendBill),
    Resend(ResendBill),
    Cancel(CancelBill),
    Destroy(DestroyBill),
    IssueReceipt(IssueReceipt),
    CancelReceipt(CancelReceipt),
}

impl Request {
    pub(crate) fn price(&self) -> Option<Won> {
        match self {
            Request::Send(request) => Some(request.price()),
            Request::Cancel(request) => Some(request.price()),
            Request::Destroy(request) => Some(request.price()),
            Request::IssueReceipt(request) => Some(request.price()),
            Request::CancelReceipt(request) => Some(request.price()),
            Request::Resend(_) => None,
        }
    }

    /// Makes it, and settles its outcome. When resuming, it may have left before.
    pub(crate) async fn make(&self, client: &Client, resuming: bool) -> Result<Effect, Error> {
        macro_rules! settled {
            ($call:expr) => {{
                let call = $call;
                match resuming {
                    true => call.resuming().await?,
                    false => call.await?,
                }
            }};
        }
        Ok(match self {
            Request::Send(request) => {
                let sent = settled!(client.bills().send_and_confirm(request));
                Effect {
                    // When resuming, what is there was sent by this very intent.
                    was_already: !resuming && sent.was_already_there(),
                    short_url: sent.short_url().map(Into::into),
                }
            }
            Request::Resend(request) => {
                client.bills().resend(request).await?;
                Effect::default()
            }
            Request::Cancel(request) => Effect {
                was_already: settled!(client.bills().cancel_and_confirm(request))
                    .was_already_cancelled(),
                short_url: None,
            },
            Request::Destroy(request) => Effect {
                was_already: settled!(client.bills().destroy_and_confirm(request))
                    .was_already_destroyed(),
                short_url: None,
            },
            Request::IssueReceipt(request) => {
                let issued = settled!(client.receipts().issue_and_confirm(request));
                Effect {
                    was_already: !resuming && issued.was_already_there(),
                    short_url: None,
                }
            }
            Request::CancelReceipt(request) => Effect {
                was_already: settled!(client.receipts().cancel_and_confirm(request))
                    .was_already_cancelled(),
                short_url: None,
            },
        })
    }
}

/// What a request asks for, in one form whatever the order of its fields. A later version may have further
/// fields, so those without a value do not count, and neither does how a cancellation is checked.
pub(crate) fn content(request: &Value) -> String {
    fn write(value: &Value, into: &mut String) {
        match value {
            Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().filter(|(_, value)| counts(value)).collect();
                fields.sort_by_key(|(name, _)| *name);
                into.push('{');
                for (name, value) in fields {
                    into.push_str(&Value::from(name.as_str()).to_string());
                    into.push(':');
                    write(value, into);
                    into.push(',');
                }
                into.push('}');
            }
            other => into.push_str(&other.to_string()),
        }
    }
    fn counts(value: &Value) -> bool {
        !matches!(value, Value::Null | Value::Bool(false))
    }
    let mut fields: Map<String, Value> = request.as_object().cloned().unwrap_or_default();
    fields.remove("check_first");
    let mut content = String::new();
    write(&Value::Object(fields), &mut content);
    content
}
