//! What a request to the control API brings.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Path, Query},
    http::{Request, header::CONTENT_TYPE, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use payssam::{BillState, redact};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::answer::Refusal;
use crate::{
    key::Key, nearest::explained, object::Object, rejection::Rejection, schedule::Scope,
    state::State, wish,
};

/// How long a body may take.
const TIME_LIMIT: Duration = Duration::from_secs(40);

/// The most bytes of a body.
pub(super) const SMALL: usize = 64 * 1024;

/// The most bytes of a snapshot.
pub(super) const LARGE: usize = 64 * 1024 * 1024;

/// A JSON body of at most so many bytes.
pub(super) struct Input<T, const LIMIT: usize = SMALL>(pub(super) T);

impl<T: DeserializeOwned, S: Sync, const LIMIT: usize> FromRequest<S> for Input<T, LIMIT> {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        if !is_json(&head) {
            return Err(Rejection::not_json().into());
        }
        let refuse = |status, code, problem: String| {
            Err(Rejection::with_http_status(status, code, problem).into())
        };
        let body = match timeout(TIME_LIMIT, Limited::new(body, LIMIT).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => {
                let problem = format!("the body is incomplete, or larger than {LIMIT} bytes");
                return refuse(413, "MOCK_TOO_LARGE", problem);
            }
            Err(_) => {
                let problem = "the body was not complete within 40 seconds".to_owned();
                return refuse(408, "MOCK_TOO_SLOW", problem);
            }
        };
        // `curl --json ''` and its like mean what `{}` means.
        let body = match body.trim_ascii().is_empty() {
            true => b"{}",
            false => &body[..],
        };
        match parsed(body) {
            Ok(value) => Ok(Input(value)),
            Err(problem) => {
                let problem = redact::shown(&explained(&problem));
                refuse(
                    400,
                    "MOCK_INVALID",
                    format!("the body is not what it must be: {problem}"),
                )
            }
        }
    }
}

/// A JSON object, or what is wrong with it and in which field.
fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let Object(value) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (field, problem) = (error.path().to_string(), error.inner().to_string());
        let is_named = |c: char| c.is_ascii_lowercase() || c == '_';
        match field.chars().all(is_named) && !problem.starts_with("unknown field") {
            true => format!("{field}: {problem}"),
            false => problem,
        }
    })?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Whether a request says that its body is JSON, and nothing else.
fn is_json(head: &Parts) -> bool {
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok());
    let media_type = first.and_then(|value| value.split(';').next());
    types.next().is_none()
        && media_type
            .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

/// The query of a request.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Refusal> {
        match Query::try_from_uri(&head.uri) {
            Ok(Query(value)) => Ok(Asked(value)),
            Err(error) => {
                let problem = redact::shown(&explained(&error.body_text()));
                Err(invalid(&format!(
                    "the query is not what it must be: {problem}"
                )))
            }
        }
    }
}

pub(super) fn invalid(problem: &str) -> Refusal {
    Rejection::with_http_status(400, "MOCK_INVALID", problem).into()
}

/// A body that says nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A part of a path.
pub(super) struct Named(pub(super) String);

impl<S: Sync + Send> FromRequestParts<S> for Named {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::from_request_parts(head, state).await {
            Ok(Path(name)) => Ok(Named(name)),
            Err(_) => Err(invalid(
                "the path is not what it must be: a part of it must be UTF-8, percent-encoded",
            )),
        }
    }
}

/// A query with nothing in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// A state by its name or its letter.
pub(super) fn state_of(text: &str) -> Result<BillState, Refusal> {
    wish::known_state(text).ok_or_else(|| {
        invalid("state must be unpaid, paid, cancelled or destroyed, or W, F, C or D")
    })
}

/// Whose bill is meant. What is not given may be any, as long as there is one such bill.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    pub(super) partner: Option<String>,
    pub(super) member: Option<String>,
    pub(super) merchant: Option<String>,
}

impl Whose {
    pub(super) fn scope(&self) -> Scope {
        Scope {
            partner: self.partner.clone(),
            member: self.member.clone(),
            merchant: self.merchant.clone(),
        }
    }

    /// The scope, if there is somebody of it.
    pub(super) fn known_scope(&self, state: &State) -> Result<Scope, Refusal> {
        let scope = self.scope();
        let known = state.service.partners.check(&scope);
        known.map_err(|(_, problem)| invalid(&redact::escape(&problem)))?;
        Ok(scope)
    }

    /// The key of the bill with this id.
    pub(super) fn find(&self, bill_id: &str, state: &State) -> Result<Key, Refusal> {
        let (keys, scope) = (state.service.store.keys(bill_id), self.scope());
        let found: Vec<&Key> = keys.iter().filter(|key| scope.has(key)).collect();
        match found[..] {
            [key] => Ok(key.clone()),
            [] => Err(Rejection::with_http_status(
                404,
                "MOCK_NO_BILL",
                "there is no such bill: GET /_mock/bills lists those that there are",
            )
            .into()),
            _ => {
                let one = |key: &&Key| {
                    let [partner, member, merchant] =
                        [key.partner(), key.member(), key.merchant()].map(redact::escape);
                    format!("{partner} {member} {merchant}")
                };
                let all = found.iter().take(10).map(one).collect::<Vec<_>>();
                Err(Rejection::with_http_status(
                    409,
                    "MOCK_SEVERAL_BILLS",
                    format!(
                        "several merchants have a bill with this id: add partner, member and merchant to the \
                         query, such as those of {}",
                        all.join(", ")
                    ),
                )
                .into())
            }
        }
    }
}
