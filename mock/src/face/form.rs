//! What somebody filled in.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::{Request as HttpRequest, StatusCode, header::CONTENT_TYPE, http::request::Parts};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::form_urlencoded;

use super::{token::Token, words::Words};
use crate::{key::Key, state::State};

/// The most bytes of a form, and how long it may take.
const LIMIT: usize = 64 * 1024;
const TIME_LIMIT: Duration = Duration::from_secs(40);

/// The fields of a form that a page of this process has.
pub(super) struct Form(Vec<(String, String)>);

/// Why a form is not taken: HTTP status, and what to do.
pub(super) type NotTaken = (StatusCode, fn(&Words) -> &'static str);

impl Form {
    /// Reads a form, and checks its token.
    pub(super) async fn read(request: HttpRequest<Body>, token: &Token) -> Result<Self, NotTaken> {
        let (head, body) = request.into_parts();
        if !is_form(&head) {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, |words| words.no_form));
        }
        let body = match timeout(TIME_LIMIT, Limited::new(body, LIMIT).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return Err((StatusCode::PAYLOAD_TOO_LARGE, |words| words.too_large)),
            Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, |words| words.too_slow)),
        };
        let form = Form(form_urlencoded::parse(&body).into_owned().collect());
        match token.is(form.get("token")) {
            true => Ok(form),
            false => Err((StatusCode::FORBIDDEN, |words| words.wrong_token)),
        }
    }

    /// A field without white space at its ends; empty if there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// A field that may be a number. The control API says what is wrong with one that is none.
    pub(super) fn number(&self, name: &str) -> Value {
        let text = self.get(name);
        let digits = text.replace(',', "");
        let whole = digits.parse::<u64>().map(Value::from);
        let other = || digits.parse::<f64>().ok().map(Value::from);
        whole.ok().or_else(other).unwrap_or_else(|| text.into())
    }

    /// An object of those texts that are given.
    pub(super) fn texts(&self, names: &[&str]) -> Map<String, Value> {
        let given = names.iter().filter(|name| !self.get(name).is_empty());
        given
            .map(|name| ((*name).to_owned(), self.get(name).into()))
            .collect()
    }

    /// Adds whose it is, as one field of the form says it.
    pub(super) fn add_whose(&self, object: &mut Map<String, Value>) {
        let parts: Result<[String; 3], _> = serde_json::from_str(self.get("whose"));
        if let Ok(parts) = parts {
            let names = ["partner", "member", "merchant"];
            object.extend(
                names
                    .into_iter()
                    .zip(parts)
                    .map(|(name, part)| (name.to_owned(), part.into())),
            );
        }
    }

    /// The bill that it is about, whether there is such a bill or not.
    pub(super) fn key(&self, state: &State) -> Key {
        let field = |name| {
            let found = self.0.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| &**value)
        };
        let name = field("partner");
        let known = state.service.partners.by_name(name);
        let partner = known.map_or_else(|| Arc::from(name), |partner| partner.name.clone());
        Key::new(
            &partner,
            field("member"),
            field("merchant"),
            field("bill_id"),
        )
    }
}

/// Whether a request says that its body is a form, and nothing else.
fn is_form(head: &Parts) -> bool {
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok());
    let media_type = first.and_then(|value| value.split(';').next());
    types.next().is_none()
        && media_type.is_some_and(|media_type| {
            media_type
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
