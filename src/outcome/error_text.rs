//! The words of an error: what happened, what it means for the money, and what to do next.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    advice::{WHEN_THE_ID_IS_TAKEN, when_the_price_was_wrong, when_unknown, when_unsettled},
    attempt::Summary,
    error::Error,
    message::LONGEST,
    outcome::{Outcome, UnknownReason},
    rejection::{ErrorResponse, Rejection},
    result_code::ResultCode,
};
use crate::{operation::Operation, redact::shown_within, value::BillId};

impl fmt::Display for Error {
    /// At most 500 characters: a long message of PaySsam's is cut, so that what to do next is not.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.within(LONGEST)?)
    }
}

impl Error {
    /// The text, with so much of PaySsam's own words that it has at most `longest` characters.
    pub(crate) fn within(&self, longest: usize) -> Result<String, fmt::Error> {
        let shown = match (self, self.response()) {
            (
                Error::Rejected {
                    rejection: Rejection::State { problem, .. },
                    ..
                },
                _,
            ) => shown_within(problem, LONGEST),
            (_, Some(response)) => response.message.within(LONGEST),
            (_, None) => String::new(),
        };
        let write = |text: &mut String, limit| self.write(text, limit);
        at_most(longest, shown.chars().count(), write)
    }

    /// Writes the text with at most `limit` characters of what PaySsam wrote, or of the state that it reads.
    fn write(&self, formatter: &mut impl fmt::Write, limit: usize) -> fmt::Result {
        let tried = Summary(self.attempts());
        match self {
            Error::InvalidInput { field, problem } => {
                write!(formatter, "invalid {field}: {problem}; nothing was sent")
            }
            Error::Config { setting, problem } => write!(
                formatter,
                "configuration: {setting}: {problem}; nothing was sent"
            ),
            Error::Unsupported {
                operation,
                subject,
                demand,
            } => write!(
                formatter,
                "{operation} not sent: {demand} ({subject}); nothing changed; this version of payssam \
                 cannot make the call as PaySsam describes it now, a later version may"
            ),
            Error::NotSent {
                operation,
                subject,
                reason,
                read,
                ..
            } => {
                write!(formatter, "{operation} not sent{tried}: {reason}")?;
                if let Some(cause) = read.as_deref().and_then(Error::reason) {
                    write!(formatter, ": {cause}")?;
                }
                write!(
                    formatter,
                    " ({subject}); nothing changed, it is safe to retry"
                )
            }
            Error::Rejected {
                operation,
                subject,
                rejection,
                is_settled,
                ..
            } => {
                write!(formatter, "{operation} rejected{tried}: ")?;
                match rejection {
                    Rejection::State { problem, .. } => {
                        formatter.write_str(&shown_within(problem, limit))?
                    }
                    Rejection::Response(response) if response.code.is_none() => {
                        let status = response.http_status;
                        write!(formatter, "HTTP {status} without a result code")?;
                        response.write_message(formatter, limit)?;
                    }
                    Rejection::Response(response) => {
                        if let Some(code) = &response.code {
                            write!(formatter, "{code}")?;
                        }
                        response.write_message(formatter, limit)?;
                    }
                }
                write!(formatter, " ({subject})")?;
                match is_settled {
                    true => formatter.write_str("; nothing changed"),
                    false => {
                        let advice = when_unsettled(*operation);
                        write!(formatter, "; this proves little: {advice}")
                    }
                }
            }
            Error::OutcomeUnknown {
                operation,
                subject,
                reason,
                response,
                ..
            } => {
                write!(formatter, "{operation} outcome unknown{tried}: {reason}")?;
                if let Some(response) = response {
                    formatter.write_str(", ")?;
                    response.write(formatter, limit)?;
                }
                // A read showed what has the id.
                let was_read = self.attempts().iter().any(|it| !it.operation().is_write());
                let is_taken = self.code() == Some(&ResultCode::BILL_ID_USED)
                    && operation.is_write()
                    && was_read
                    && matches!(
                        reason,
                        UnknownReason::Contradiction | UnknownReason::NoAmount
                    );
                let advice = match is_taken {
                    true => WHEN_THE_ID_IS_TAKEN,
                    false => when_unknown(*operation),
                };
                write!(formatter, " ({subject}); {advice}")?;
                match reason {
                    UnknownReason::EarlierWrite => {
                        formatter.write_str(when_the_price_was_wrong(*operation))
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

impl ErrorResponse {
    fn write(&self, formatter: &mut impl fmt::Write, limit: usize) -> fmt::Result {
        write!(formatter, "HTTP {}", self.http_status)?;
        if let Some(code) = &self.code {
            write!(formatter, ", {code}")?;
        }
        self.write_message(formatter, limit)
    }

    fn write_message(&self, formatter: &mut impl fmt::Write, limit: usize) -> fmt::Result {
        match self.message.raw().is_empty() {
            true => Ok(()),
            false => write!(formatter, " {}", self.message.within(limit)),
        }
    }
}

impl fmt::Display for ErrorResponse {
    /// Such as `HTTP 200, ERROR 처리 중 오류가 발생하였습니다.`, with at most 500 characters.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.message.within(LONGEST).chars().count();
        let write = |text: &mut String, limit| self.write(text, limit);
        formatter.write_str(&at_most(LONGEST, shown, write)?)
    }
}

/// What `write` writes, with so much of the `shown` characters of others that it has at most `longest`.
fn at_most(
    longest: usize,
    shown: usize,
    write: impl Fn(&mut String, usize) -> fmt::Result,
) -> Result<String, fmt::Error> {
    let mut text = String::new();
    write(&mut text, LONGEST)?;
    let surplus = text.chars().count().saturating_sub(longest);
    if surplus > 0 {
        text.clear();
        write(&mut text, shown.saturating_sub(surplus))?;
    }
    Ok(text)
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct(match self {
            Error::InvalidInput { .. } => "InvalidInput",
            Error::Config { .. } => "Config",
            Error::Unsupported { .. } => "Unsupported",
            Error::NotSent { .. } => "NotSent",
            Error::Rejected { .. } => "Rejected",
            Error::OutcomeUnknown { .. } => "OutcomeUnknown",
        });
        shown.field("outcome", &self.outcome());
        if let Some(reason) = self.not_sent_reason() {
            shown.field("reason", &format_args!("{}", reason.as_str()));
        }
        if let Some(reason) = self.unknown_reason() {
            shown.field("reason", &format_args!("{}", reason.as_str()));
        }
        shown.field("message", &format_args!("\"{self}\""));
        shown.finish()
    }
}

impl Serialize for Error {
    /// `{"kind","outcome","operation","code","message","bill_id"}`, where `message` is what `Display` says.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        View {
            kind: self.kind(),
            outcome: self.outcome(),
            operation: self.operation(),
            code: self.code().map(ResultCode::to_string),
            message: self.to_string(),
            bill_id: self.bill_id().map(BillId::as_str),
        }
        .serialize(to)
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct View<'a> {
    kind: &'static str,
    outcome: Outcome,
    operation: Option<Operation>,
    code: Option<String>,
    message: String,
    bill_id: Option<&'a str>,
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Error {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Error".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        View::json_schema(generator)
    }
}
